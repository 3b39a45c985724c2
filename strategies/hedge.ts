/**
 * Keeps a long for good and insures it in bad times. The account is in hedged mode, where a long and a short of one symbol
 * stand beside each other: while the price is below its average by `band` a short of the same size takes what the long loses,
 * and when it is above by `band` the short is closed. The long itself is never sold, so it is one trade with one entry price.
 *
 * `period`: bars of the average; `band`: how far the price must be from it, so that noise does not open and close the short all
 * day; `qty`: contracts of each side, sized for a balance of about 1 XBT; `leverage`: what both sides tie up is their value
 * over it.
 *
 *     backtest run --strategy strategies/hedge.ts --data data/XBTUSD.csv --funding data/XBTUSD-funding.csv --mark data/XBTUSD-mark.csv
 *
 * On the real crash of March 2020:
 *
 *     backtest run --strategy strategies/hedge.ts --data bitmex_XBTUSD_1m_2020-03.csv.gz \
 *       --funding bitmex_XBTUSD_funding_2016-05_2020-06.csv --from 2020-03-09 --to 2020-03-16
 */

import { defineStrategy, ema } from 'backtest';

export default defineStrategy({
  params: { period: 1440, band: 0.02, qty: 5_000, leverage: 3 },
  warmup: 1440,

  initialize(context) {
    context.account.setPositionMode('hedged');
    context.account.setMode('cross');
    context.account.setMaxLeverage(context.params.leverage);
    return ema(context.params.period);
  },

  handleData(context, bar, average) {
    const { account, params, symbol } = context;
    const mean = average.update(bar.close);
    if (context.warmingUp) return;
    const { long, short } = account.position(symbol);

    if (long.qty === 0) account.longOpen(symbol, null, params.qty, { tag: 'core' });
    const isInsured = short.qty !== 0;
    if (!isInsured && bar.close < mean * (1 - params.band)) {
      account.shortOpen(symbol, null, params.qty, { tag: 'insurance' });
    } else if (isInsured && bar.close > mean * (1 + params.band)) {
      account.shortClosePct(symbol, null, 1, { tag: 'insurance' });
    }
  },
});
