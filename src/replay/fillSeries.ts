/**
 * Prices for fills that come without candles: every millisecond with fills of a symbol is a bar of it, at the price of the last of
 * them, which is its mark until the next one. They stand where the files of candles would, with nothing to be read or hashed.
 */

import type { BarChunk } from '../market/bars.js';
import type { OpenedSeries } from '../market/openSeries.js';
import { emptyStats } from '../market/quality.js';
import { type Fraction, fractionToF64 } from '../money/decimal.js';
import { withoutExchange } from './namedContracts.js';

/** Times are no finer. */
const MILLISECOND = 1;

/** What of a fill makes a price. */
export interface PricedFill {
  readonly timeMs: number;
  readonly symbol: string;
  readonly price: Fraction;
}

/** The series of one symbol, on whichever exchange it was traded. @param fills of all symbols, ascending in time. */
export function createFillSeries(symbol: string, fills: readonly PricedFill[]): OpenedSeries {
  const prices = new Map<number, number>();
  for (const fill of fills) {
    if (withoutExchange(fill.symbol) === symbol) prices.set(fill.timeMs, fractionToF64(fill.price));
  }
  const times = Float64Array.from(prices.keys());
  const price = Float64Array.from(prices.values());
  const chunk: BarChunk = {
    length: times.length,
    openTimeMs: times,
    ...{ open: price, high: price, low: price, close: price },
    volume: new Float64Array(times.length),
  };
  return {
    symbol,
    intervalMs: MILLISECOND,
    dialect: 'fills',
    assumptions: ['without candles the last fill is the price and the mark, and nothing is liquidated'],
    stats: {
      ...emptyStats(),
      bars: times.length,
      firstOpenTimeMs: times[0] ?? null,
      lastCloseTimeMs: times.length === 0 ? null : times.at(-1)! + MILLISECOND,
    },
    chunks: oneChunk(chunk),
    files: [],
    firstOpenMs: times[0] ?? null,
    badRows: [],
    badRowCount: 0,
    finish: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

async function* oneChunk(chunk: BarChunk): AsyncGenerator<BarChunk> {
  yield chunk;
}
