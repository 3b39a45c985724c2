/**
 * What a dialect is: a way to write candles, known by its header. A layout says which cell of a row means what. No dialect
 * reads a row itself; rows are read in one way, by their layout.
 */

/** Which end of a bar the file's time names. */
export type BarTime = 'open' | 'close';

/** Places of the columns in a row, from 0; −1 where the file has no such column. The prices and the time are always there. */
export interface BarLayout {
  /** Names of the columns, for messages; as many as a row has cells. */
  readonly header: readonly string[];
  readonly time: number;
  /** The time of day, where it stands beside the day in a column of its own. */
  readonly clock: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly symbol: number;
  /** Says of a bar whether it is complete. */
  readonly confirm: number;
  /** Columns that tell one series of candles from another: a file has one series. */
  readonly keys: readonly number[];
  /** Whether a row without a single price is a stretch without trades, and not a bad row. */
  readonly skipsEmpty: boolean;
}

export interface Dialect {
  readonly name: string;
  readonly barTime: BarTime;
  /** The layout of a file with this header, or undefined when it is another dialect's. */
  recognize(header: readonly string[]): BarLayout | undefined;
}

/** Place of the first of `names` that the header has exactly once; −1 when there is none. */
export function findColumn(normalized: readonly string[], names: readonly string[]): number {
  for (const name of names) {
    const at = normalized.indexOf(name);
    if (at >= 0 && normalized.indexOf(name, at + 1) < 0) return at;
  }
  return -1;
}
