/**
 * What the reading of candles asks of a container: what the file is, a sample of its first rows, and all rows in batches. Text, JSON and
 * Parquet each have a feed; whoever judges the rows does not know which.
 */

import type { NumberStyle } from './cells.js';
import type { RecognizedDialect } from './dialects/dialects.js';
import type { BarLayout } from './dialects/layout.js';
import type { RowBatch } from './rowBatch.js';
import type { TimeColumn } from './timestamps.js';

/** Rows that are looked at before the first bar is passed on. */
export const SAMPLE_ROWS = 1000;

/** What the sample settled about the rows. */
export interface RowSettings {
  readonly layout: BarLayout;
  readonly numbers: NumberStyle;
  readonly times: TimeColumn;
  /** A price of more than 15 digits makes the row odd instead of being rounded. */
  readonly strict: boolean;
  /**
   * By column: the cell that a row must have there to be read by columns; any other makes it odd, null makes every row odd.
   * Undefined for columns that do not matter.
   */
  readonly constants: readonly (string | null | undefined)[];
}

export interface RowFeed {
  readonly recognized: RecognizedDialect;
  /** What stands between cells; empty where the file is no text of cells. */
  readonly delimiter: string;
  /** Lines before the header that were passed over. */
  readonly notes: readonly string[];
  /** Cells of the first rows, without the header; at most SAMPLE_ROWS. */
  readonly sample: readonly (readonly string[])[];
  /** The day that the file's name gives; NaN without one. */
  readonly midnightMs: number;
  /** All rows, once. The batch is used again for the next ones. */
  batches(settings: RowSettings): AsyncGenerator<RowBatch>;
  close(): Promise<void>;
}
