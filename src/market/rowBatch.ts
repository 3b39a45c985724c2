/**
 * Rows on their way from bytes to bars: what a feed (text, JSON, Parquet) could read of each row by itself stands in columns, and a
 * row that it could not read is marked odd and taken from its cells. The arrays are filled anew for every batch; nothing is
 * judged here.
 */

import { BarColumns, CHUNK_BARS } from './barColumns.js';

/** Rows with their cells. `openTimeMs` holds the time as stamped; `line` the physical line on which the row begins. */
export class RowBatch extends BarColumns {
  /** 1 where the columns do not hold the row and its cells must be read. */
  readonly odd: Uint8Array;
  /** Prices of the rows that are not odd which were rounded to 15 digits. */
  readonly rounded: Uint8Array;
  /** Cells of row `i`, counted as the feed wrote them; valid until the next batch. */
  cellsOf: (i: number) => readonly string[] = () => [];

  constructor(capacity = CHUNK_BARS) {
    super(capacity);
    this.odd = new Uint8Array(capacity);
    this.rounded = new Uint8Array(capacity);
  }

  /** Copies what the columns hold of row `from` to place `to`. */
  move(from: number, to: number): void {
    this.open[to] = this.open[from]!;
    this.high[to] = this.high[from]!;
    this.low[to] = this.low[from]!;
    this.close[to] = this.close[from]!;
    this.volume[to] = this.volume[from]!;
    this.line[to] = this.line[from]!;
  }

  /** Makes the batch these rows, all odd; at most as many as there is room for. */
  fillOdd(cells: readonly (readonly string[])[], lines: readonly number[]): void {
    this.length = cells.length;
    this.odd.fill(1, 0, cells.length);
    this.line.set(lines);
    this.cellsOf = (i) => cells[i]!;
  }
}
