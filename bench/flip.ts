/**
 * The benchmark's main strategy, written as a trader would: two moving averages of the close, one unit long or short by turns. It trades
 * on a change of the trend only, not on the first one that is known. Not an example to trade.
 */

import { defineStrategy, sma } from 'backtest';

export default defineStrategy({
  params: { fast: 20, slow: 50 },

  initialize: (context) => ({ fast: sma(context.params.fast), slow: sma(context.params.slow), trend: 0 }),

  handleData(context, bar, state) {
    const fast = state.fast.update(bar.close);
    const slow = state.slow.update(bar.close);
    // Before the averages are full they are NaN, and compare false.
    const trend = fast > slow ? 1 : fast < slow ? -1 : state.trend;
    const isChange = trend !== state.trend && state.trend !== 0;
    state.trend = trend;
    if (!isChange) return;
    const { account, symbol } = context;
    const qty = account.position(symbol).qty === 0 ? 1 : 2;
    if (trend > 0) account.longOpen(symbol, null, qty);
    else account.shortOpen(symbol, null, qty);
  },
});
