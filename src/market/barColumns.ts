/**
 * Bars in typed arrays that grow and are used again: what the reading of a file, the joining of files and the aligning of
 * marks write into. Beside the bar it keeps the physical line each came from, for messages.
 */

import type { BarChunk } from './bars.js';

/** Bars in a chunk, unless something needs more. */
export const CHUNK_BARS = 4096;

/** A chunk whose bars know their lines. Of joined files the line is that of the file the bar was taken from. */
export interface LocatedChunk extends BarChunk {
  readonly line: Float64Array;
}

const COLUMNS = ['openTimeMs', 'open', 'high', 'low', 'close', 'volume', 'line'] as const;

export class BarColumns implements LocatedChunk {
  length = 0;
  openTimeMs: Float64Array;
  open: Float64Array;
  high: Float64Array;
  low: Float64Array;
  close: Float64Array;
  volume: Float64Array;
  line: Float64Array;

  constructor(capacity = CHUNK_BARS) {
    this.openTimeMs = new Float64Array(capacity);
    this.open = new Float64Array(capacity);
    this.high = new Float64Array(capacity);
    this.low = new Float64Array(capacity);
    this.close = new Float64Array(capacity);
    this.volume = new Float64Array(capacity);
    this.line = new Float64Array(capacity);
  }

  /** Makes room for one more bar and returns its index; the caller fills the columns. */
  add(): number {
    if (this.length === this.open.length) this.#grow();
    return this.length++;
  }

  /** Appends bar `i` of another chunk. */
  addFrom(chunk: BarChunk, i: number, line: number): void {
    const at = this.add();
    this.openTimeMs[at] = chunk.openTimeMs[i]!;
    this.open[at] = chunk.open[i]!;
    this.high[at] = chunk.high[i]!;
    this.low[at] = chunk.low[i]!;
    this.close[at] = chunk.close[i]!;
    this.volume[at] = chunk.volume[i]!;
    this.line[at] = line;
  }

  /** Turns the order of the bars round. */
  reverse(): void {
    for (const name of COLUMNS) this[name].subarray(0, this.length).reverse();
  }

  clear(): void {
    this.length = 0;
  }

  #grow(): void {
    for (const name of COLUMNS) {
      const larger = new Float64Array(this[name].length * 2);
      larger.set(this[name]);
      this[name] = larger;
    }
  }
}
