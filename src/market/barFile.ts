/**
 * One file of candles, from its path to checked bars in ascending time. Opening looks at the first rows and settles dialect, order,
 * interval and carried-over opens; reading then judges row after row. Several files of a symbol are joined in
 * joinFiles.ts.
 */

import { EXIT, UserError } from '../errors.js';
import type { BadRowLog } from './badRows.js';
import { BarColumns, type LocatedChunk } from './barColumns.js';
import type { BarTime } from './dialects/layout.js';
import { parseFileName } from './fileNames.js';
import { type FileTraits, settleTraits } from './fileTraits.js';
import { openParquetFeed } from './parquetFeed.js';
import type { RowFeed } from './rowFeed.js';
import { isUnconfirmed, RowJudge } from './rowJudge.js';
import { ByteSource } from './source.js';
import { SymbolCheck } from './symbolCell.js';
import { openTextFeed } from './textFeed.js';
import type { LayoutWish } from './textLayout.js';
import { TimeColumn, type TimeForm } from './timestamps.js';

/** `layout` and `timeForm` say what is else recognized. */
export interface BarFileSettings {
  readonly layout?: LayoutWish;
  readonly timeForm?: TimeForm;
  readonly symbol: string;
  /** Whether the symbol was taken from the file's name; only changes the hint of an error. */
  readonly symbolFromName: boolean;
  /** Overrides which end of the bar the dialect's time names. */
  readonly barTime?: BarTime;
  readonly skipBadRows: boolean;
  readonly strict: boolean;
}

export class BarFile {
  readonly path: string;
  readonly name: string;
  readonly dialect: string;
  readonly barTime: BarTime;
  readonly traits: FileTraits;
  readonly assumptions: string[];
  readonly bad: BadRowLog;
  /** May be changed before reading where it was only assumed. */
  intervalMs: number;

  readonly #source: ByteSource;
  readonly #feed: RowFeed;
  readonly #judge: RowJudge;
  readonly #times: TimeColumn;
  readonly #settings: BarFileSettings;
  readonly #symbolCheck: SymbolCheck;

  private constructor(source: ByteSource, feed: RowFeed, settings: BarFileSettings) {
    const nameMs = source.path === '-' ? undefined : parseFileName(source.path).intervalMs;
    this.path = source.path;
    this.name = source.name;
    this.traits = settleTraits(feed, source.name, { nameMs, barTime: settings.barTime, timeForm: settings.timeForm });
    this.dialect = feed.recognized.dialect.name;
    this.barTime = this.traits.barTime;
    this.intervalMs = this.traits.intervalMs;
    this.assumptions = [...this.traits.assumptions];
    this.#source = source;
    this.#feed = feed;
    this.#settings = settings;
    this.#times = new TimeColumn(this.traits.timeForm, feed.midnightMs);
    this.#symbolCheck = new SymbolCheck(settings.symbol, source.name, settings.symbolFromName);
    const { strict, skipBadRows } = settings;
    this.#judge = new RowJudge(source.name, this.traits, this.#times, strict, skipBadRows, this.#symbolCheck);
    this.bad = this.#judge.bad;
  }

  /**
   * Opens a file, or stdin for `-`, and settles what its first rows tell.
   *
   * @throws UserError data: those of the source and the reader; `empty_file`, `no_rows`, `unknown_header`, `ambiguous_time`
   */
  static async open(path: string, settings: BarFileSettings): Promise<BarFile> {
    const source = new ByteSource(path);
    try {
      const feed =
        (await source.packing()) === 'parquet'
          ? await openParquetFeed(source)
          : await openTextFeed(source, settings.layout);
      return new BarFile(source, feed, settings);
    } catch (error) {
      await source.close();
      throw error;
    }
  }

  /**
   * The bars, ascending, by open time; once. The chunk is used again for the next one.
   *
   * @throws UserError data: `bad_row`, `symbol_mismatch`, `several_series`, `no_rows`
   */
  async *chunks(): AsyncGenerator<LocatedChunk> {
    const { layout, numbers, descending } = this.traits;
    const { strict } = this.#settings;
    const settings = { layout, numbers, times: this.#times, strict, constants: this.#constants() };
    const turned = new BarColumns();
    let bars = 0;
    try {
      for await (const batch of this.#feed.batches(settings)) {
        this.#judge.judge(batch, this.intervalMs);
        bars += batch.length;
        if (descending) for (let i = 0; i < batch.length; i++) turned.addFrom(batch, i, batch.line[i]!);
        else if (batch.length > 0) yield batch;
      }
    } finally {
      await this.close();
    }
    if (bars === 0) throw noBars(this.name);
    this.#noteLeftOut();
    if (descending) {
      turned.reverse();
      yield turned;
    }
  }

  /** Lets go of the file; reading again is not possible. */
  async close(): Promise<void> {
    await this.#feed.close();
    await this.#source.close();
  }

  /** Open time of the file's first row, for a newest-first file that of its newest; null where no first row can be read. */
  get firstOpenMs(): number | null {
    const { firstStampMs } = this.traits;
    if (firstStampMs === null) return null;
    return this.barTime === 'close' ? firstStampMs - this.intervalMs : firstStampMs;
  }

  /** Data rows read, the bad and the dropped ones included. */
  get rows(): number {
    return this.#judge.rows;
  }

  get droppedDuplicates(): number {
    return this.#judge.droppedDuplicates;
  }

  get repairedOpens(): number {
    return this.#judge.repairedOpens;
  }

  get roundedPrices(): number {
    return this.#judge.roundedPrices;
  }

  get bytes(): number {
    return this.#source.byteCount;
  }

  /** SHA-256 of the raw bytes, complete after reading to the end or after `finish`. */
  sha256(): string {
    return this.#source.hash();
  }

  /** Completes the hash when reading was cut short. */
  async finish(): Promise<void> {
    await this.#source.finish();
  }

  /** What plain rows have in the columns that are alike throughout a file; a cell that would need a look is none. */
  #constants(): (string | null | undefined)[] {
    const { layout } = this.traits;
    const constants: (string | null | undefined)[] = layout.header.map(() => undefined);
    const [first] = this.#feed.sample;
    const usual = this.#feed.sample[this.#feed.sample.length >> 1];
    for (const at of layout.keys) constants[at] = first?.[at] ?? null;
    if (layout.confirm >= 0) {
      const cell = usual?.[layout.confirm];
      constants[layout.confirm] = cell === undefined || isUnconfirmed(cell) ? null : cell;
    }
    if (layout.symbol >= 0) {
      const cell = usual?.[layout.symbol];
      constants[layout.symbol] = cell !== undefined && this.#symbolCheck.isWanted(cell) ? cell : null;
    }
    return constants;
  }

  #noteLeftOut(): void {
    const { emptyRows, unconfirmedRows } = this.#judge;
    if (emptyRows > 0) this.assumptions.push(`${emptyRows} rows without prices are no bars: nothing was traded`);
    if (unconfirmedRows > 0)
      this.assumptions.push(`${unconfirmedRows} rows of bars that were not complete are left out`);
  }
}

function noBars(file: string): UserError {
  return new UserError({
    code: 'no_rows',
    exitCode: EXIT.data,
    message: 'every row of the file was rejected',
    place: { file },
    expected: 'at least one row that is a bar',
  });
}
