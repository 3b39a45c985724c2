/**
 * The benchmark's strategy: two moving averages of the close, long or short one contract by turns. Not an example to trade.
 */

import { defineStrategy, sma } from 'backtest';

export default defineStrategy({
  params: { fast: 20, slow: 50 },

  initialize: (context) => ({ fast: sma(context.params.fast), slow: sma(context.params.slow), trend: 0 }),

  handleData(context, bar, state) {
    const fast = state.fast.update(bar.close);
    const slow = state.slow.update(bar.close);
    const trend = fast > slow ? 1 : fast < slow ? -1 : state.trend;
    if (trend === state.trend) return;
    state.trend = trend;
    const { account, symbol } = context;
    const qty = account.position(symbol).qty === 0 ? 1 : 2;
    if (trend > 0) account.longOpen(symbol, null, qty);
    else account.shortOpen(symbol, null, qty);
  },
});
