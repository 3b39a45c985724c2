/**
 * Follows a price out of its range. When a minute closes above the highest high of the day before it, the strategy buys; below
 * the lowest low it sells. The range is that of the bars before, so the bar that breaks it is not part of it.
 *
 * Each trade carries a bracket: a stop 1.5 % and a target 4.5 % from its entry, of which one cancels the other. Isolated at 5×,
 * so that no trade can cost more than its own margin.
 *
 * `range`: bars of the range; `qty`: contracts; `leverage`; `stop`, `target`: as shares of the entry price. Sized for a balance
 * of about 1 XBT: 10,000 contracts at 9,000 lock 0.22 XBT, and a stop costs about 0.017 XBT and two fees.
 *
 *     backtest run --strategy strategies/breakout.ts --data data/XBTUSD.csv
 *
 * On real candles, named as they were downloaded:
 *
 *     backtest run --strategy strategies/breakout.ts --data bitmex_XBTUSD_1m_2019-06.csv.gz --to 2019-06-09
 */

import { defineStrategy, donchian } from 'backtest';

export default defineStrategy({
  params: { range: 1440, qty: 10_000, leverage: 5, stop: 0.015, target: 0.045 },
  warmup: 1440,

  initialize(context) {
    context.account.setMode('isolated');
    context.account.setMaxLeverage(context.params.leverage);
    return donchian(context.params.range);
  },

  handleData(context, bar, channel) {
    const { account, params, symbol } = context;
    // Read the range before this bar becomes part of it; the numbers are NaN, and compare false, until it is full.
    const { lower, upper } = channel.value;
    const brokeUp = bar.close > upper;
    const brokeDown = bar.close < lower;
    channel.update(bar);
    if (account.position(symbol).qty !== 0 || account.orders(symbol).length > 0) return;

    const bracket = {
      orderStyle: [
        { name: 'stop_loss_pct', value: params.stop },
        { name: 'stop_profit_pct', value: params.target },
      ],
    } as const;
    if (brokeUp) account.longOpen(symbol, null, params.qty, bracket);
    else if (brokeDown) account.shortOpen(symbol, null, params.qty, bracket);
  },
});
