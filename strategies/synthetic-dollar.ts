/**
 * Turns a balance in coins into dollars. A short of an inverse contract at 1×, over the whole balance, gains in coins what the
 * coins lose in dollars: whatever the price does, wallet and position together are worth what they were worth at the start,
 * less the fee, plus or less the funding. Such a short has no liquidation price as long as it is worth no more than the margin.
 *
 * So read the result in dollars, not in coins: the summary's profit in XBT is the fall of the price, seen from the other side.
 * The line at the end of the run says what the account is worth. There are no parameters; funding is what such a short lives
 * on.
 *
 *     backtest run --strategy strategies/synthetic-dollar.ts --data data/XBTUSD.csv --funding data/XBTUSD-funding.csv
 *
 * On real candles and rates of the first half of 2018, in which the price halved:
 *
 *     backtest run --strategy strategies/synthetic-dollar.ts --data bitmex_XBTUSD_1h_2015-2019.csv \
 *       --funding bitmex_XBTUSD_funding_2016-05_2020-06.csv --from 2018-01-01 --to 2018-07-01
 */

import { defineStrategy } from 'backtest';

export default defineStrategy({
  initialize(context) {
    context.account.setMode('cross');
    context.account.setMaxLeverage(1);
    return { opened: false, price: Number.NaN };
  },

  handleData(context, bar, state) {
    state.price = bar.close;
    if (state.opened) return;
    state.opened = true;
    context.account.shortOpenPct(context.symbol, null, 1, { tag: 'synthetic dollar' });
    context.log(`worth about ${Math.round(context.account.marginBalance * bar.close)} dollars at ${bar.close}`);
  },

  finish(context, state) {
    const worth = Math.round(context.account.marginBalance * state.price);
    context.log(`worth about ${worth} dollars at ${state.price}`);
  },
});
