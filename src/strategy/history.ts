/**
 * The closed bars of one symbol, as a strategy may read them: growing columns and one reused object for the newest bar. What
 * has not closed has not been added, so the future cannot be reached. A strategy may ask for a number of bars only; then memory does
 * not grow with the run.
 */

import type { Bar, BarHistory, Column } from './strategy.js';

/** A column that keeps so many of its newest values, or all. Values that it no longer keeps are let go of in stretches. */
class GrowingColumn implements Column {
  readonly #keep: number;
  #values = new Float64Array(1024);
  /** Values in the array; the newest `length` of them are kept. */
  #held = 0;

  constructor(keep: number) {
    this.#keep = keep;
  }

  get length(): number {
    return this.#held < this.#keep ? this.#held : this.#keep;
  }

  push(value: number): void {
    if (this.#held === this.#values.length) this.#makeRoom();
    this.#values[this.#held] = value;
    this.#held += 1;
  }

  #makeRoom(): void {
    // One more than is kept: where the last that was let go of began is asked for.
    const needed = Math.min(this.#held, this.#keep + 1);
    if (needed * 2 <= this.#values.length) {
      this.#values.copyWithin(0, this.#held - needed, this.#held);
      this.#held = needed;
      return;
    }
    const wider = new Float64Array(this.#values.length * 2);
    wider.set(this.#values);
    this.#values = wider;
  }

  at(index: number): number {
    const { length } = this;
    const i = index < 0 ? length + index : index;
    return i >= 0 && i < length ? this.#values[this.#held - length + i]! : Number.NaN;
  }

  /** The newest value that is no longer kept; NaN where all are. */
  get lastDropped(): number {
    return this.#held > this.#keep ? this.#values[this.#held - this.#keep - 1]! : Number.NaN;
  }
}

interface MutableBar {
  symbol: string;
  openTimeMs: number;
  closeTimeMs: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

export class History implements BarHistory {
  readonly openTimeMs: Column;
  readonly open: Column;
  readonly high: Column;
  readonly low: Column;
  readonly close: Column;
  readonly volume: Column;
  readonly #bar: MutableBar;
  readonly #columns: readonly GrowingColumn[];
  readonly #keep: number;
  /** Told before a bar is let go of that somebody may not have read. */
  readonly #readers: (() => void)[] = [];
  /** Bars added so far, kept or not. */
  #added = 0;

  /** @param keep how many of the newest bars are kept. */
  constructor(symbol: string, keep = Number.POSITIVE_INFINITY) {
    this.#bar = { symbol, openTimeMs: 0, closeTimeMs: 0, open: 0, high: 0, low: 0, close: 0, volume: 0 };
    this.#keep = keep;
    this.#columns = Array.from({ length: 6 }, () => new GrowingColumn(keep));
    [this.openTimeMs, this.open, this.high, this.low, this.close, this.volume] = this.#columns as [
      GrowingColumn,
      GrowingColumn,
      GrowingColumn,
      GrowingColumn,
      GrowingColumn,
      GrowingColumn,
    ];
  }

  /** Number of the first bar that is kept, counted from 0 over all that were added. */
  get first(): number {
    return this.#added - this.length;
  }

  /** Open of the newest bar that is no longer kept; −Infinity where all are. */
  get droppedOpenMs(): number {
    const open = this.#columns[0]!.lastDropped;
    return Number.isNaN(open) ? Number.NEGATIVE_INFINITY : open;
  }

  /** Lets somebody read in time what is about to be let go of. */
  tellBeforeDrop(read: () => void): void {
    this.#readers.push(read);
  }

  get length(): number {
    return this.#columns[0]!.length;
  }

  /** The newest closed bar, one object for all bars. */
  get current(): Bar | undefined {
    return this.length === 0 ? undefined : this.#bar;
  }

  /** The newest bar if it closes at this time. */
  barAt(timeMs: number): Bar | undefined {
    return this.length > 0 && this.#bar.closeTimeMs === timeMs ? this.#bar : undefined;
  }

  push(
    openTimeMs: number,
    closeTimeMs: number,
    open: number,
    high: number,
    low: number,
    close: number,
    volume: number,
  ): void {
    if (this.#added >= this.#keep) for (const read of this.#readers) read();
    const bar = this.#bar;
    bar.openTimeMs = openTimeMs;
    bar.closeTimeMs = closeTimeMs;
    bar.open = open;
    bar.high = high;
    bar.low = low;
    bar.close = close;
    bar.volume = volume;
    const columns = this.#columns;
    columns[0]!.push(openTimeMs);
    columns[1]!.push(open);
    columns[2]!.push(high);
    columns[3]!.push(low);
    columns[4]!.push(close);
    columns[5]!.push(volume);
    this.#added += 1;
  }
}
