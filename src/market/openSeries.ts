/**
 * Candle files of one symbol → a series of bars that streams. Opens every file at once, so that a missing file, an unknown
 * header or files of different intervals are known before the first bar; the rows are judged as they are read. Marks
 * are series of the same kind, see markAlign.ts.
 */

import { EXIT, UserError } from '../errors.js';
import type { BadRow } from './badRows.js';
import { BarFile, type BarFileSettings } from './barFile.js';
import type { BarChunk, BarSeries, SeriesStats } from './bars.js';
import type { BarTime } from './dialects/layout.js';
import { formatInterval } from './intervals.js';
import { joinFiles } from './joinFiles.js';
import { emptyStats, SeriesCounter } from './quality.js';
import type { LayoutWish } from './textLayout.js';
import type { TimeForm } from './timestamps.js';

export interface OpenSeriesOptions {
  readonly symbol: string;
  /** Files in any order; `-` is stdin. */
  readonly paths: readonly string[];
  /** Overrides which end of the bar the files' times name. */
  readonly barTime?: BarTime;
  /** What is else recognized: delimiter, columns, form of the times. */
  readonly layout?: LayoutWish;
  readonly timeForm?: TimeForm;
  /** Rows that cannot be used are counted and listed instead of being an error. */
  readonly skipBadRows: boolean;
  /** A price of more than 15 digits is an error. Gaps are only counted: what they mean is the caller's to say. */
  readonly strict: boolean;
  /** Whether the symbol was taken from the file name; only changes the hint when the rows name another. */
  readonly fromName?: boolean;
}

/** A file of a series; its figures are complete once the series has been read to the end. */
export interface SeriesFile {
  readonly path: string;
  readonly dialect: string;
  readonly barTime: BarTime;
  /** Data rows read, the bad and the dropped ones included. */
  readonly rows: number;
  /** Raw bytes, packed when the file is. */
  readonly bytes: number;
  /** SHA-256 of the raw bytes in hex. */
  sha256(): string;
}

export interface OpenedSeries extends BarSeries {
  readonly files: readonly SeriesFile[];
  /** Open of the first bar as far as the first rows of the files tell; a newest-first file tells its last. Null: unknown. */
  readonly firstOpenMs: number | null;
  /** The first hundred skipped rows, and how many there are in all. */
  readonly badRows: readonly BadRow[];
  readonly badRowCount: number;
  /** Completes the files' hashes when the chunks were not read to the end. */
  finish(): Promise<void>;
  /** Lets go of the files when the chunks are not read at all. */
  close(): Promise<void>;
}

const LISTED_ROWS = 100;

class FileSeries implements OpenedSeries {
  readonly symbol: string;
  readonly intervalMs: number;
  readonly dialect: string;
  readonly assumptions: string[];
  readonly stats: SeriesStats = emptyStats();
  readonly files: readonly BarFile[];
  readonly chunks: AsyncIterable<BarChunk>;
  #joinedDuplicates = 0;

  constructor(symbol: string, files: readonly BarFile[], intervalMs: number) {
    this.symbol = symbol;
    this.files = files;
    this.intervalMs = intervalMs;
    this.dialect = [...new Set(files.map((file) => file.dialect))].join('+');
    this.assumptions = joinAssumptions(files);
    this.stats.reversed = files.some((file) => file.traits.descending);
    this.chunks = this.#read();
  }

  get firstOpenMs(): number | null {
    const times = this.files.flatMap(({ firstOpenMs }) => (firstOpenMs === null ? [] : [firstOpenMs]));
    return times.length === 0 ? null : Math.min(...times);
  }

  get badRows(): readonly BadRow[] {
    return this.files.flatMap((file) => file.bad.rows).slice(0, LISTED_ROWS);
  }

  get badRowCount(): number {
    return sum(this.files, (file) => file.bad.count);
  }

  async finish(): Promise<void> {
    for (const file of this.files) await file.finish();
  }

  async close(): Promise<void> {
    for (const file of this.files) await file.close();
  }

  async *#read(): AsyncGenerator<BarChunk> {
    const counter = new SeriesCounter(
      this.stats,
      this.intervalMs,
      this.files.some((file) => file.traits.isMonthly),
    );
    const joined = joinFiles(this.files, this.intervalMs, (count) => {
      this.#joinedDuplicates += count;
    });
    for await (const chunk of joined) {
      counter.count(chunk);
      this.#addUp();
      yield chunk;
    }
    this.#addUp();
    // What was left out is known only now.
    for (const text of joinAssumptions(this.files)) if (!this.assumptions.includes(text)) this.assumptions.push(text);
    if (counter.unknownVolumes > 0) {
      const bars = counter.unknownVolumes === this.stats.bars ? 'the bars' : `${counter.unknownVolumes} bars`;
      this.assumptions.push(`${bars} come without a volume: it is taken as 0`);
    }
  }

  #addUp(): void {
    const { stats, files } = this;
    stats.rows = sum(files, (file) => file.rows);
    stats.droppedDuplicates = sum(files, (file) => file.droppedDuplicates) + this.#joinedDuplicates;
    stats.repairedOpens = sum(files, (file) => file.repairedOpens);
    stats.roundedPrices = sum(files, (file) => file.roundedPrices);
  }
}

function sum(files: readonly BarFile[], figure: (file: BarFile) => number): number {
  let total = 0;
  for (const file of files) total += figure(file);
  return total;
}

/** What all files have in common is said once, the rest with the names of the files. */
function joinAssumptions(files: readonly BarFile[]): string[] {
  const holders = new Map<string, string[]>();
  for (const file of files) {
    for (const text of file.assumptions) holders.set(text, [...(holders.get(text) ?? []), file.name]);
  }
  return [...holders].map(([text, names]) => (names.length === files.length ? text : `${names.join(', ')}: ${text}`));
}

/** The one interval of all files; a file that tells none takes that of the others. */
function requireOneInterval(files: readonly BarFile[]): number {
  const telling = files.filter((file) => !file.traits.intervalIsAssumed);
  const intervalMs = (telling[0] ?? files[0]!).intervalMs;
  const other = telling.find((file) => file.intervalMs !== intervalMs);
  if (other) {
    throw new UserError({
      code: 'interval_mismatch',
      exitCode: EXIT.data,
      message: `${telling[0]!.name} and ${other.name} have bars of different lengths`,
      place: { file: other.name },
      found: formatInterval(other.intervalMs),
      expected: formatInterval(intervalMs),
      hint: 'files of one symbol are joined; give files of one interval',
    });
  }
  for (const file of files) file.intervalMs = intervalMs;
  return intervalMs;
}

/**
 * Opens the files of one symbol as one series.
 *
 * @throws UserError data: `file_not_found`, `file_unreadable`, `bad_gzip` and its like, `empty_file`, `no_rows`, `unknown_header`,
 *   `ambiguous_time`, `interval_mismatch`; while the chunks are read also `bad_row`, `symbol_mismatch`, `several_series`,
 *   `overlapping_files`; usage: `bad_columns`
 */
export async function openBarSeries(options: OpenSeriesOptions): Promise<OpenedSeries> {
  const settings: BarFileSettings = {
    symbol: options.symbol,
    symbolFromName: options.fromName ?? false,
    skipBadRows: options.skipBadRows,
    strict: options.strict,
    ...(options.barTime === undefined ? {} : { barTime: options.barTime }),
    ...(options.layout === undefined ? {} : { layout: options.layout }),
    ...(options.timeForm === undefined ? {} : { timeForm: options.timeForm }),
  };
  const files: BarFile[] = [];
  try {
    for (const path of options.paths) files.push(await BarFile.open(path, settings));
    return new FileSeries(options.symbol, files, requireOneInterval(files));
  } catch (error) {
    for (const file of files) await file.close();
    throw error;
  }
}
