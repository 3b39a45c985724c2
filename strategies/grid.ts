/**
 * Earns on a market that goes nowhere. Limit orders to buy lie below the price, one every `spacing`; each that fills puts a
 * limit order to sell one spacing above its own price, and each sale puts the purchase back. All of them are makers, which is
 * why the smallest moves pay.
 *
 * What it fears is a market that goes somewhere: below the last purchase lies a stop for all of them, and when the price rises
 * without having bought, the grid moves up with it. `levels`: purchases below the price; `qty`: contracts of each, at
 * `leverage`, sized for about 1 XBT.
 *
 *     backtest run --strategy strategies/grid.ts --data data/XBTUSD.csv
 *
 * On real candles, named as they were downloaded:
 *
 *     backtest run --strategy strategies/grid.ts --data bitmex_XBTUSD_1m_2020-05.csv.gz --from 2020-05-11 --to 2020-05-18
 */

import { defineStrategy } from 'backtest';

export default defineStrategy({
  params: { levels: 6, spacing: 0.004, qty: 1_000, leverage: 3 },

  initialize(context) {
    context.account.setMaxLeverage(context.params.leverage);
    /** Above this price the grid moves up, below the other its purchases are given up. */
    return { top: 0, floor: 0 };
  },

  onFill(context, fill, state) {
    const { account, params } = context;
    const step = 1 + params.spacing;
    if (fill.reason !== 'order') return; // a stop, or a liquidation
    const isHeld = account.position(fill.symbol).qty > 0;
    if (fill.positionEffect === 'close')
      account.longOpen(fill.symbol, fill.price / step, fill.qty, stopAt(state.floor));
    else if (isHeld) account.longClose(fill.symbol, fill.price * step, fill.qty);
  },

  handleData(context, bar, state) {
    const { account, params, symbol } = context;
    const isIdle = account.position(symbol).qty === 0;
    if (!isIdle || (account.orders(symbol).length > 0 && bar.close < state.top)) return;

    account.cancelAll(symbol);
    state.top = bar.close * (1 + 2 * params.spacing);
    state.floor = bar.close * (1 - (params.levels + 2) * params.spacing);
    for (let level = 1; level <= params.levels; level++) {
      account.longOpen(symbol, bar.close * (1 - level * params.spacing), params.qty, stopAt(state.floor));
    }
  },
});

function stopAt(price: number) {
  return { orderStyle: { name: 'stop_loss', value: price } } as const;
}
