/**
 * Lets profits run. A stop order to buy waits at the highest high of the last `range` bars and follows it from bar to bar; once
 * it has bought, a stop trails `trail` below the best price since, up and never down. There is no target: the trend decides how
 * long.
 *
 * `qty`: contracts, sized for a balance of about 1 XBT; `leverage`: of the isolated position.
 *
 *     backtest run --strategy strategies/trailing-stop.ts --data data/XBTUSD.csv --mark data/XBTUSD-mark.csv
 *
 * On real candles, named as they were downloaded:
 *
 *     backtest run --strategy strategies/trailing-stop.ts --data bitmex_XBTUSD_1m_2019-06.csv.gz --to 2019-06-09
 */

import { defineStrategy, highest } from 'backtest';

export default defineStrategy({
  params: { range: 720, trail: 0.02, qty: 5_000, leverage: 5 },
  warmup: 720,

  initialize(context) {
    context.account.setMode('isolated');
    context.account.setMaxLeverage(context.params.leverage);
    return { high: highest(context.params.range), trigger: 0 };
  },

  handleData(context, bar, state) {
    const { account, params, symbol } = context;
    const top = state.high.update(bar.high);
    if (context.warmingUp || account.position(symbol).qty !== 0) return;

    // Without a position the only order that can be working is the entry.
    const entry = account.orders(symbol)[0];
    if (entry === undefined) {
      account.longOpen(symbol, null, params.qty, {
        trigger: top,
        orderStyle: { name: 'trailing_stop_pct', value: params.trail },
      });
    } else if (top !== state.trigger) {
      account.modify(entry.id, { trigger: top });
    }
    state.trigger = top;
  },
});
