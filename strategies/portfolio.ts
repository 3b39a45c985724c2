/**
 * Holds the strongest of several symbols. Every `every` bars it ranks all symbols of the run by how much they have risen over
 * `lookback` bars, holds the first `hold` of them where they have risen at all, and closes the rest. Each position is begun
 * with an equal share of the wallet, `exposure` in all (1: positions worth the wallet), in one cross account at `leverage` that
 * all share.
 *
 *     backtest run --strategy strategies/portfolio.ts --contracts data/contracts.yaml \
 *       --data BTCUSDT.generic=data/BTCUSDT.csv --data data/ETHUSDT.csv --data data/SOLUSDT.csv --funding 0.0001
 *
 * On real candles with mark prices and funding, called on hours, by the made-up contracts of data/contracts.yaml:
 *
 *     backtest run --strategy strategies/portfolio.ts --contracts data/contracts.yaml --timeframe 1h \
 *       --data BTCUSDT.generic=bybit_BTCUSDT_5m_2025-09.csv.gz --data bybit_ETHUSDT_5m_2025-09.csv \
 *       --data bybit_SOLUSDT_5m_2025-09.csv \
 *       --mark bybit_BTCUSDT_mark_1h_2025-09_2026-07.csv --mark bybit_ETHUSDT_mark_1h_2025-09_2026-07.csv \
 *       --mark bybit_SOLUSDT_mark_1h_2025-09_2026-07.csv \
 *       --funding bybit_BTCUSDT_funding_2025-09_2026-07.csv --funding bybit_ETHUSDT_funding_2025-09_2026-07.csv \
 *       --funding bybit_SOLUSDT_funding_2025-09_2026-07.csv --from 2025-09-26 --to 2025-10-14
 */

import { defineStrategy } from 'backtest';

export default defineStrategy({
  params: { lookback: 72, every: 24, hold: 2, exposure: 1.5, leverage: 3 },
  warmup: 73,

  initialize(context) {
    context.account.setMode('cross');
    context.account.setMaxLeverage(context.params.leverage);
    return { bars: 0 };
  },

  handleData(context, _bar, state) {
    const { account, params, symbols } = context;
    if (context.warmingUp || state.bars++ % params.every !== 0) return;

    const rises = symbols.map((symbol) => {
      const { close } = context.bars(symbol);
      return { symbol, rise: close.at(-1) / close.at(-1 - params.lookback) - 1 };
    });
    const risen = rises.filter(({ rise }) => rise > 0).sort((a, b) => b.rise - a.rise);
    const chosen = risen.slice(0, params.hold).map(({ symbol }) => symbol);

    for (const symbol of symbols) {
      const isHeld = account.position(symbol).qty > 0;
      if (isHeld && !chosen.includes(symbol)) account.longClosePct(symbol, null, 1);
      if (!isHeld && chosen.includes(symbol)) account.longOpenPob(symbol, params.exposure / params.hold);
    }
  },
});
