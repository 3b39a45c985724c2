/**
 * A market for tests that look at one step: contracts with given bars, loaded from chunks of a single row, without a series that
 * could be read on. Not shipped.
 */

import type { Contract } from '../../contract/contract.js';
import { Market } from '../../engine/market.js';
import { type Moment, QuotedMoment } from '../../engine/moment.js';
import type { BarSpan, Ohlc } from '../../engine/path.js';
import type { SymbolInput } from '../../engine/runInput.js';
import type { BarChunk, BarSeries } from '../../market/bars.js';
import { emptyStats } from '../../market/quality.js';

/** The prices of one symbol at a step. */
export interface StepBar {
  readonly contract: Contract;
  readonly last: Ohlc;
  /** Without it the last price stands in. */
  readonly mark?: Ohlc;
}

const MINUTE: BarSpan = { openTimeMs: 0, closeTimeMs: 60_000 };

/** A bar that stands still at a price. */
export const standing = (price: number): Ohlc => ({ open: price, high: price, low: price, close: price });

/** A market that stands at a step at which every symbol has its bar. */
export function marketAt(bars: readonly StepBar[], span: BarSpan = MINUTE): Market {
  const intervalMs = span.closeTimeMs - span.openTimeMs;
  const contracts = new Map(bars.map(({ contract }) => [contract.symbol, contract]));
  const market = new Market(
    bars.map((bar) => inputOf(bar, intervalMs)),
    [{ contracts }],
  );
  move(market, bars, span.openTimeMs);
  return market;
}

/** Moves a market on to a step with these bars. */
export function move(market: Market, bars: readonly StepBar[], openTimeMs = market.openTimeMs): void {
  market.openTimeMs = openTimeMs;
  market.closeTimeMs = openTimeMs + market.intervalMs;
  for (const bar of bars) {
    const { bar: current } = market.symbols[market.placeOf(bar.contract.symbol)]!;
    current.load(chunkOf(bar, openTimeMs), 0);
  }
}

/** The moment of the step's close. */
export function closeOf(market: Market): Moment {
  return new QuotedMoment(market, 'close', market.closeTimeMs, 0);
}

function inputOf({ contract, mark }: StepBar, intervalMs: number): SymbolInput {
  return {
    ...{ name: contract.symbol, symbol: contract.symbol, venue: null },
    bars: noBars(contract.symbol, intervalMs),
    hasMark: mark !== undefined,
    fineIntervalMs: null,
    funding: { kind: 'missing' },
  };
}

function noBars(symbol: string, intervalMs: number): BarSeries {
  return { symbol, intervalMs, dialect: 'plain', assumptions: [], stats: emptyStats(), chunks: nothing() };
}

async function* nothing(): AsyncGenerator<BarChunk> {}

function chunkOf({ last, mark }: StepBar, openTimeMs: number): BarChunk {
  const chunk = { length: 1, openTimeMs: Float64Array.of(openTimeMs), ...columnsOf(last), volume: Float64Array.of(1) };
  return mark === undefined ? chunk : { ...chunk, mark: { ...columnsOf(mark), closedAtClose: Uint8Array.of(1) } };
}

function columnsOf({ open, high, low, close }: Ohlc) {
  const one = (price: number): Float64Array => Float64Array.of(price);
  return { open: one(open), high: one(high), low: one(low), close: one(close) };
}
