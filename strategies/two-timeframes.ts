/**
 * Trades short swings in the direction of a long trend. The strategy is called on the bars of the run; `context.timeframe`
 * gives it longer bars of the same candles beside them. It buys when the fast average crosses above the slow one while the last
 * bar of `trend` length closed above the one `back` bars before, and leaves when the averages cross back.
 *
 * `fast`, `slow`: lengths of the averages in bars of the run; `stop`: loss stop, as a share of the entry price; `risk`: the
 * share of the wallet that a stop may cost, which sets the size.
 *
 *     backtest run --strategy strategies/two-timeframes.ts --data data/XBTUSD.csv --timeframe 15m --leverage 5
 *
 * On real candles, named as they were downloaded:
 *
 *     backtest run --strategy strategies/two-timeframes.ts --data bitmex_XBTUSD_1m_2017-12.csv.gz --timeframe 15m --leverage 5 \
 *       --to 2017-12-15
 */

import { defineStrategy, ema } from 'backtest';

export default defineStrategy({
  params: { fast: 8, slow: 32, trend: '4h', back: 6, stop: 0.02, risk: 0.01 },
  warmup: 200,

  initialize(context) {
    return { fast: ema(context.params.fast), slow: ema(context.params.slow) };
  },

  handleData(context, bar, state) {
    const { account, params, symbol } = context;
    const crossed = context.cross(state.fast.update(bar.close), state.slow.update(bar.close));
    const long = context.timeframe(params.trend).close;
    const isRising = long.at(-1) > long.at(-1 - params.back);
    const isHeld = account.position(symbol).qty > 0;

    if (crossed > 0 && isRising && !isHeld) {
      const qty = account.riskSize(symbol, bar.close, bar.close * (1 - params.stop), params.risk);
      if (qty > 0) account.longOpen(symbol, null, qty, { orderStyle: { name: 'stop_loss_pct', value: params.stop } });
    }
    if (crossed < 0 && isHeld) account.longClosePct(symbol, null, 1);
  },
});
