/**
 * Bets that a stretched price comes back. When a minute closes outside bands of 2.5 standard deviations around the mean of the
 * last four hours, the strategy trades against the move: it buys below the lower band and sells above the upper one.
 *
 * Each trade has a target 0.8 % away and a stop 1.6 % away; whichever is reached first cancels the other. While a position is
 * open nothing else is done. Cross margin: the whole balance stands behind the position.
 *
 * `period`, `deviations`: of the bands; `stop`, `target`: as shares of the entry price; `qty`: contracts.
 *
 * Sized for a balance of about 1 XBT: 5,000 contracts are about half the balance, so one stop costs less than 1 % of it. Such a
 * strategy wins small and often, and a crash is what it is paid to fear: see what the sample data do to it in the last week.
 *
 *     backtest run --strategy strategies/mean-reversion.ts --data data/XBTUSD.csv
 *
 * On real candles, named as they were downloaded:
 *
 *     backtest run --strategy strategies/mean-reversion.ts --data bitmex_XBTUSD_1m_2020-05.csv.gz --to 2020-05-09
 */

import { bollinger, defineStrategy } from 'backtest';

export default defineStrategy({
  params: { period: 240, deviations: 2.5, qty: 5_000, stop: 0.016, target: 0.008 },
  warmup: 240,

  initialize(context) {
    return bollinger(context.params.period, context.params.deviations);
  },

  handleData(context, bar, bands) {
    const { account, params, symbol } = context;
    const { lower, upper } = bands.update(bar.close);
    if (account.position(symbol).qty !== 0 || account.orders(symbol).length > 0) return;

    const bracket = {
      orderStyle: [
        { name: 'stop_loss_pct', value: params.stop },
        { name: 'stop_profit_pct', value: params.target },
      ],
    } as const;
    if (bar.close < lower) account.longOpen(symbol, null, params.qty, bracket);
    else if (bar.close > upper) account.shortOpen(symbol, null, params.qty, bracket);
  },
});
