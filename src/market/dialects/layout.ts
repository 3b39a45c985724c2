/**
 * What a dialect is: a way to write candles, known by its header. A layout says which cell of a row means what. No dialect
 * reads a row itself; rows are read in one way, by their layout.
 */

/** Which end of a bar the file's time names. */
export type BarTime = 'open' | 'close';

/** Places of the columns in a row, from 0. `volume` and `symbol` are −1 where the file has no such column. */
export interface BarLayout {
  readonly header: readonly string[];
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly symbol: number;
}

export interface Dialect {
  readonly name: string;
  readonly barTime: BarTime;
  /** The columns it is known by, for messages. */
  readonly wanted: string;
  /** The layout of a file with this header, or undefined when it is another dialect's. */
  recognize(header: readonly string[]): BarLayout | undefined;
}

/** A header's names without case and outer blanks, as they are compared. */
export function normalizeHeader(header: readonly string[]): string[] {
  return header.map((name) => name.trim().toLowerCase());
}

/** Place of the first of `names` that the header has exactly once; −1 when there is none. */
export function findColumn(normalized: readonly string[], names: readonly string[]): number {
  for (const name of names) {
    const at = normalized.indexOf(name);
    if (at >= 0 && normalized.indexOf(name, at + 1) < 0) return at;
  }
  return -1;
}
