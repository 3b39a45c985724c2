/**
 * Two moving averages of the close, over six hours and over a day of minutes. When the fast one crosses above the slow one the
 * strategy is long, when it crosses below it is short, always with the same number of contracts.
 *
 * Every position carries a stop 2 % away from its entry, and is isolated at 10×: on an inverse contract a long at 10× is
 * liquidated about 9 % below its entry, so the stop comes long before. After a stop it waits for the next cross.
 *
 * `fast`, `slow`: lengths of the averages in bars; `qty`: contracts; `leverage`; `stop`: as a share of the entry price. Sized
 * for a balance of about 1 XBT: 10,000 contracts are worth 1.1 XBT at 9,000 and lock 0.11 XBT, and one stop costs about 0.022
 * XBT and two fees.
 *
 *     backtest run --strategy strategies/ema-cross.ts --data data/XBTUSD.csv --mark data/XBTUSD-mark.csv --funding data/XBTUSD-funding.csv
 *
 * On the real crash of March 2020:
 *
 *     backtest run --strategy strategies/ema-cross.ts --data bitmex_XBTUSD_1m_2020-03.csv.gz \
 *       --funding bitmex_XBTUSD_funding_2016-05_2020-06.csv --from 2020-03-07 --to 2020-03-15
 */

import { defineStrategy, ema } from 'backtest';

export default defineStrategy({
  params: { fast: 360, slow: 1440, qty: 10_000, leverage: 10, stop: 0.02 },
  warmup: 1440,

  initialize(context) {
    context.account.setMode('isolated');
    context.account.setMaxLeverage(context.params.leverage);
    return { fast: ema(context.params.fast), slow: ema(context.params.slow), trend: 0 };
  },

  handleData(context, bar, state) {
    const { account, params, symbol } = context;
    const distance = state.fast.update(bar.close) - state.slow.update(bar.close);
    const trend = Math.sign(distance);
    const crossed = state.trend !== 0 && trend === -state.trend;
    if (trend === 1 || trend === -1) state.trend = trend;
    if (!crossed) return;

    const stop = { orderStyle: { name: 'stop_loss_pct', value: params.stop } } as const;
    const held = account.position(symbol).qty;
    if (trend > 0) {
      if (held < 0) account.shortClose(symbol, null, -held, { tag: 'cross' });
      account.longOpen(symbol, null, params.qty, stop);
    } else {
      if (held > 0) account.longClose(symbol, null, held, { tag: 'cross' });
      account.shortOpen(symbol, null, params.qty, stop);
    }
  },
});
