/**
 * Harvests funding. Buys coins and sells the same number of contracts short: the price may go where it likes, what one leg
 * loses the other gains, and what is left is the funding that longs pay to shorts, less the fees. When the last `window`
 * payments together were paid instead of received, both legs are sold, and after `rest` hours it tries again.
 *
 * Needs two symbols: a contract first, then the spot pair of its coin. `share`: how much of the balance goes into the coins;
 * the rest is the margin of the short, so with 0.45 the price may double.
 *
 *     backtest run --strategy strategies/cash-and-carry.ts --contracts data/contracts.yaml \
 *       --data BTCUSDT.generic=data/BTCUSDT.csv --data BTC/USDT=data/BTCUSDT-spot.csv --funding BTCUSDT=data/BTCUSDT-funding.csv
 *
 * On real candles and rates of December 2024, with the made-up fees of data/contracts.yaml. The file of the pair names no
 * columns; they are put before it:
 *
 *     sed '1i timestamp,open,high,low,close,volume,end,quote,trades,taken,paid,none' binance_vision_spot_1h_noheader_ms_2024-12.csv |
 *     backtest run --strategy strategies/cash-and-carry.ts --contracts data/contracts.yaml \
 *       --data BTCUSDT.generic=binance_BTCUSDT_1h_2024-10_2025-02_with_gap.csv --data BTC/USDT=- \
 *       --funding BTCUSDT=binance_BTCUSDT_funding_2022_2025.csv --from 2024-12-03 --to 2025-01-01
 */

import { defineStrategy } from 'backtest';

const HOUR_MS = 3_600_000;

export default defineStrategy({
  params: { share: 0.45, window: 3, rest: 24 },

  initialize() {
    return { received: [] as number[], isHeld: false, waitUntilMs: 0 };
  },

  onFunding(context, funding, state) {
    state.received.push(funding.amount);
    if (state.received.length > context.params.window) state.received.shift();
  },

  handleData(context, bar, state) {
    const { account, params, timeMs } = context;
    const [contract, pair] = context.symbols;
    if (contract === undefined || pair === undefined) throw new Error('give a contract and a spot pair with --data');
    if (bar === undefined || context.bar(pair) === undefined) return;

    if (!state.isHeld && timeMs >= state.waitUntilMs) {
      const coins = (params.share * account.balance) / bar.close;
      account.buy(pair, null, coins);
      account.shortOpen(contract, null, coins);
      state.isHeld = true;
    } else if (state.isHeld && state.received.length === params.window) {
      const sum = state.received.reduce((total, amount) => total + amount, 0);
      if (sum >= 0) return;
      account.sellPct(pair, null, 1);
      account.shortClosePct(contract, null, 1);
      state.isHeld = false;
      state.received.length = 0;
      state.waitUntilMs = timeMs + params.rest * HOUR_MS;
    }
  },
});
