/**
 * Reads the `bar` lines of a scenario and checks how they follow each other. A bar names its symbol where it is not of the first
 * contract; bars of one open time are one step.
 */

import { type Line, ScenarioError, type Words } from './words.js';

export type Ohlc = readonly [open: number, high: number, low: number, close: number];

export interface ScriptBar {
  readonly line: Line;
  /** Null for the first contract's. */
  readonly symbol: string | null;
  readonly openTimeMs: number;
  readonly last: Ohlc;
  readonly mark: Ohlc | null;
  /** False where the mark comes from a longer candle that has not closed yet. */
  readonly isMarkKnown: boolean;
}

/** @param symbols that may be named. */
export function readBar(words: Words, symbols: readonly string[]): ScriptBar {
  const { line } = words;
  const openTimeMs = words.takeTime('the open time');
  const symbol = symbols.find((known) => known === words.rest[0]) ?? null;
  if (symbol !== null) words.take('the symbol');
  const last = readPrices(words);
  if (!line.words.includes('|')) return { line, symbol, openTimeMs, last, mark: null, isMarkKnown: true };
  words.takeOneOf('the mark', ['|'] as const);
  const mark = readPrices(words);
  const isMarkKnown = words.rest[0] !== 'unfinished';
  if (!isMarkKnown) words.take('unfinished');
  return { line, symbol, openTimeMs, last, mark, isMarkKnown };
}

/** One price for a bar that stands still, or open, high, low, close. */
function readPrices(words: Words): Ohlc {
  const open = words.takePrice('a price');
  const [next] = words.rest;
  if (next === undefined || next === '|' || next === 'unfinished') return [open, open, open, open];
  const high = words.takePrice('the high');
  const low = words.takePrice('the low');
  const close = words.takePrice('the close');
  if (low > Math.min(open, close) || high < Math.max(open, close))
    throw words.error('low ≤ open, close ≤ high does not hold');
  return [open, high, low, close];
}

/** The bars of one symbol follow each other without overlap, with a mark on all or on none. @throws ScenarioError */
export function checkBars(bars: readonly ScriptBar[], intervalMs: number): void {
  const hasMark = bars[0]!.mark !== null;
  bars.forEach((bar, i) => {
    const previous = bars[i - 1];
    if (previous !== undefined && bar.openTimeMs < previous.openTimeMs + intervalMs) {
      throw new ScenarioError(bar.line, 'this bar opens before the one above has closed');
    }
    if ((bar.mark !== null) !== hasMark) throw new ScenarioError(bar.line, 'a mark on every bar, or on none');
  });
}
