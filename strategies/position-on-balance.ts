/**
 * One decision, several accounts. A position of `pob` times the balance (PoB: position value over wallet) gains and loses the
 * same share of every account, however large it is: at a price of 4,000 and PoB 1 a wallet of 10 XBT buys 40,000 contracts, one
 * of 1 XBT 4,000, one of 0.1 XBT 400. `accounts.all` places the order on each of them, sized by its own wallet.
 *
 * The decision itself is simple: long while the fast average is above the slow one. `fast`, `slow`: their lengths in bars;
 * `stop`: loss stop, as a share of the entry price; `leverage`: of the isolated positions, whose margin is pob / leverage of
 * the wallet.
 *
 *     backtest run --strategy strategies/position-on-balance.ts --data data/XBTUSD.csv \
 *       --account large:balance=10 --account middle:balance=1 --account small:balance=0.1
 *
 * On real candles, named as they were downloaded:
 *
 *     backtest run --strategy strategies/position-on-balance.ts --data bitmex_XBTUSD_1h_2015-2019.csv \
 *       --from 2019-01-01 --to 2019-05-01 --param fast=24 --param slow=120 \
 *       --account large:balance=10 --account middle:balance=1 --account small:balance=0.1
 */

import { defineStrategy, ema } from 'backtest';

export default defineStrategy({
  params: { fast: 360, slow: 1440, pob: 1, leverage: 10, stop: 0.03 },
  warmup: 1440,

  initialize(context) {
    context.accounts.all.setMode('isolated');
    return { fast: ema(context.params.fast), slow: ema(context.params.slow) };
  },

  handleData(context, bar, state) {
    const { accounts, params, symbol } = context;
    const crossed = context.cross(state.fast.update(bar.close), state.slow.update(bar.close));
    if (crossed > 0) {
      accounts.all.longOpenPob(symbol, params.pob, {
        leverage: params.leverage,
        orderStyle: { name: 'stop_loss_pct', value: params.stop },
      });
    }
    if (crossed < 0) {
      for (const account of accounts) {
        if (account.position(symbol).qty > 0) account.longClosePct(symbol, null, 1);
      }
    }
  },
});
