/**
 * A small margin with a wallet behind it. Buys when the price has fallen `dip` below its average, isolated at `leverage`, so
 * that the position itself ties up very little. Automatic margin is on: where the position would be liquidated it takes margin
 * from the wallet instead, once and again if it must, and is liquidated only when the wallet has nothing left. The rows of
 * bills.csv say when and how much.
 *
 * There is no loss stop, so the size is what protects: `qty` contracts are worth about half of a wallet of 1 XBT. `target`:
 * where the profit is taken, as a share of the entry price; `period`: bars of the average.
 *
 *     backtest run --strategy strategies/auto-margin.ts --data data/XBTUSD.csv --mark data/XBTUSD-mark.csv --table bills
 *
 * On the real crash of March 2020:
 *
 *     backtest run --strategy strategies/auto-margin.ts --data bitmex_XBTUSD_1m_2020-03.csv.gz \
 *       --funding bitmex_XBTUSD_funding_2016-05_2020-06.csv --from 2020-03-11 --to 2020-03-16
 */

import { defineStrategy, sma } from 'backtest';

export default defineStrategy({
  params: { period: 720, dip: 0.02, target: 0.02, qty: 4_000, leverage: 25 },
  warmup: 720,

  initialize(context) {
    context.account.setMode('isolated');
    context.account.setMaxLeverage(context.params.leverage);
    context.account.setAutoMargin(true);
    return sma(context.params.period);
  },

  handleData(context, bar, average) {
    const { account, params, symbol } = context;
    const mean = average.update(bar.close);
    if (account.position(symbol).qty !== 0 || !(bar.close < mean * (1 - params.dip))) return;
    account.longOpen(symbol, null, params.qty, { orderStyle: { name: 'stop_profit_pct', value: params.target } });
  },
});
