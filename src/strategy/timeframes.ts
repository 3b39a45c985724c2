/**
 * Longer bars made of the bars of a run: which stretch of time a bar belongs to, one bar of it as it grows, and the bars on which a
 * strategy is called with `--timeframe`. Stretches ("buckets") begin at multiples of their length since 1970 UTC, weeks on Mondays.
 * A bar that has not ended stays in here. Arithmetic only; when a strategy is called is the driver's.
 */

import { History } from './history.js';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** 1970 began on a Thursday: the first Monday is the fifth of January. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

/** Start of the bucket in which a bar closes: start < close ≤ start + length. Milliseconds UTC. */
export function bucketStartOf(closeTimeMs: number, lengthMs: number): number {
  const shift = lengthMs === WEEK_MS ? FIRST_MONDAY_MS : 0;
  return (Math.ceil((closeTimeMs - shift) / lengthMs) - 1) * lengthMs + shift;
}

/** The bar of one bucket while its base bars come in. */
export class GrowingBar {
  #isEmpty = true;
  #open = 0;
  #high = 0;
  #low = 0;
  #close = 0;
  #volume = 0;

  add(open: number, high: number, low: number, close: number, volume: number): void {
    if (this.#isEmpty) {
      this.#isEmpty = false;
      this.#open = open;
      this.#high = high;
      this.#low = low;
      this.#volume = volume;
    } else {
      if (high > this.#high) this.#high = high;
      if (low < this.#low) this.#low = low;
      this.#volume += volume;
    }
    this.#close = close;
  }

  /** Adds the bar to a history, unless nothing has come in, and begins the next one. */
  complete(history: History, startMs: number, endMs: number): void {
    if (this.#isEmpty) return;
    this.#isEmpty = true;
    history.push(startMs, endMs, this.#open, this.#high, this.#low, this.#close, this.#volume);
  }
}

/**
 * The bars of a longer timeframe of all symbols, fed with the base bars of each step. A bucket is complete at the step that closes
 * at its end, or, when base bars at its end are missing, at the first later step. Symbols are numbers.
 */
export class TimeframeBars {
  readonly histories: readonly History[];
  readonly #lengthMs: number;
  readonly #growing: readonly GrowingBar[];
  /** Start of the bucket at hand; NaN when there is none. */
  #startMs = Number.NaN;
  /** End of the bucket that a later step has completed and nobody has taken yet. */
  #lateEndMs: number | null = null;

  /** @param keep how many of the newest bars are kept. */
  constructor(symbols: readonly string[], lengthMs: number, keep = Number.POSITIVE_INFINITY) {
    this.#lengthMs = lengthMs;
    this.histories = symbols.map((symbol) => new History(symbol, keep));
    this.#growing = symbols.map(() => new GrowingBar());
  }

  /** Takes a base bar of the step that closes at this time. */
  add(
    symbol: number,
    closeTimeMs: number,
    open: number,
    high: number,
    low: number,
    close: number,
    volume: number,
  ): void {
    const startMs = bucketStartOf(closeTimeMs, this.#lengthMs);
    if (startMs !== this.#startMs) {
      if (!Number.isNaN(this.#startMs)) this.#lateEndMs = this.#complete();
      this.#startMs = startMs;
    }
    this.#growing[symbol]!.add(open, high, low, close, volume);
  }

  /** End of the bucket that the newest step has completed late, once; null when there is none. */
  takeLate(): number | null {
    const late = this.#lateEndMs;
    this.#lateEndMs = null;
    return late;
  }

  /** Whether the bucket of the step that closes at this time ends with it. */
  endsAt(closeTimeMs: number): boolean {
    return this.#startMs + this.#lengthMs === closeTimeMs;
  }

  /** Completes the bucket at hand. */
  complete(): void {
    this.#complete();
    this.#startMs = Number.NaN;
  }

  #complete(): number {
    const endMs = this.#startMs + this.#lengthMs;
    this.#growing.forEach((bar, symbol) => {
      bar.complete(this.histories[symbol]!, this.#startMs, endMs);
    });
    return endMs;
  }
}
