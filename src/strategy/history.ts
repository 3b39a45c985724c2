/**
 * The closed bars of one symbol, as a strategy may read them: growing columns and one reused object for the newest bar. What
 * has not closed has not been added, so the future cannot be reached.
 */

import type { Bar, BarHistory, Column } from './strategy.js';

class GrowingColumn implements Column {
  #values = new Float64Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      const wider = new Float64Array(this.#values.length * 2);
      wider.set(this.#values);
      this.#values = wider;
    }
    this.#values[this.length] = value;
    this.length += 1;
  }

  at(index: number): number {
    const i = index < 0 ? this.length + index : index;
    return i >= 0 && i < this.length ? this.#values[i]! : Number.NaN;
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
  readonly openTimeMs = new GrowingColumn();
  readonly open = new GrowingColumn();
  readonly high = new GrowingColumn();
  readonly low = new GrowingColumn();
  readonly close = new GrowingColumn();
  readonly volume = new GrowingColumn();
  readonly #bar: MutableBar;

  constructor(symbol: string) {
    this.#bar = { symbol, openTimeMs: 0, closeTimeMs: 0, open: 0, high: 0, low: 0, close: 0, volume: 0 };
  }

  get length(): number {
    return this.close.length;
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
    const bar = this.#bar;
    bar.openTimeMs = openTimeMs;
    bar.closeTimeMs = closeTimeMs;
    bar.open = open;
    bar.high = high;
    bar.low = low;
    bar.close = close;
    bar.volume = volume;
    this.openTimeMs.push(openTimeMs);
    this.open.push(open);
    this.high.push(high);
    this.low.push(low);
    this.close.push(close);
    this.volume.push(volume);
  }
}
