/**
 * One file of candles, from its path to checked bars in ascending time. Opening looks at the header and the first rows and
 * settles dialect, order, interval and carried-over opens; reading then judges row after row, those between neighbors
 * included. Several files of a symbol are joined in joinFiles.ts.
 */

import { EXIT, UserError } from '../errors.js';
import { BadRowLog, type RowProblem } from './badRows.js';
import { BarColumns, CHUNK_BARS, type LocatedChunk } from './barColumns.js';
import { BarRow } from './barRow.js';
import { requireDialect } from './dialects/dialects.js';
import type { BarLayout, BarTime } from './dialects/layout.js';
import { parseFileName } from './fileNames.js';
import { formatInterval } from './intervals.js';
import { type FileTraits, inspectFirstRows, PEEKED_ROWS } from './quality.js';
import { type RowBatch, readRows } from './reader.js';
import { ByteSource } from './source.js';
import { SymbolCheck } from './symbolCell.js';

export interface BarFileSettings {
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
  readonly assumptions: readonly string[];
  readonly bad: BadRowLog;
  /** May be changed before reading where it was only assumed. */
  intervalMs: number;
  /** Data rows read, the bad and the dropped ones included. */
  rows = 0;
  droppedDuplicates = 0;
  repairedOpens = 0;
  roundedPrices = 0;

  readonly #source: ByteSource;
  readonly #peeked: RowBatch[];
  readonly #rest: AsyncGenerator<RowBatch>;
  readonly #layout: BarLayout;
  readonly #row: BarRow;
  readonly #symbolCheck: SymbolCheck;
  #lastCells: readonly string[] | null = null;
  #lastStampMs = Number.NaN;
  #lastLine = 0;

  private constructor(
    source: ByteSource,
    peeked: RowBatch[],
    rest: AsyncGenerator<RowBatch>,
    settings: BarFileSettings,
  ) {
    const header = requireHeader(source, peeked);
    const { dialect, layout } = requireDialect(header.cells, source.name, header.line);
    const nameMs = source.path === '-' ? undefined : parseFileName(source.path).intervalMs;
    this.path = source.path;
    this.name = source.name;
    this.dialect = dialect.name;
    this.barTime = settings.barTime ?? dialect.barTime;
    this.traits = inspectFirstRows(firstRows(peeked), new BarRow(layout, false), nameMs);
    this.intervalMs = this.traits.intervalMs;
    this.assumptions = [`times name the bar's ${this.barTime} (${dialect.name})`, ...this.traits.assumptions];
    this.bad = new BadRowLog(source.name, settings.skipBadRows);
    this.#source = source;
    this.#peeked = peeked;
    this.#rest = rest;
    this.#layout = layout;
    this.#row = new BarRow(layout, settings.strict);
    this.#symbolCheck = new SymbolCheck(settings.symbol, source.name, settings.symbolFromName);
  }

  /**
   * Opens a file, or stdin for `-`, and settles what its first rows tell.
   *
   * @throws UserError data: those of the source and the reader; `empty_file`, `no_rows`, `unknown_header`
   */
  static async open(path: string, settings: BarFileSettings): Promise<BarFile> {
    const source = new ByteSource(path);
    const rows = readRows(source);
    try {
      const peeked: RowBatch[] = [];
      let count = 0;
      while (count <= PEEKED_ROWS) {
        const next = await rows.next();
        if (next.done) break;
        peeked.push(next.value);
        count += next.value.cells.length;
      }
      return new BarFile(source, peeked, rows, settings);
    } catch (error) {
      await rows.return(undefined);
      throw error;
    }
  }

  /**
   * The bars, ascending, by open time; once. The chunk is used again for the next one.
   *
   * @throws UserError data: `bad_row`, `symbol_mismatch`, `no_rows`
   */
  async *chunks(): AsyncGenerator<LocatedChunk> {
    const out = new BarColumns();
    const { descending } = this.traits;
    let isFirst = true;
    let bars = 0;
    try {
      for await (const batch of this.#batches()) {
        for (let i = isFirst ? 1 : 0; i < batch.cells.length; i++) {
          if (!this.#accept(batch.cells[i]!, batch.lines[i]!)) continue;
          this.#write(out, batch.lines[i]!);
          bars++;
          if (out.length === CHUNK_BARS && !descending) {
            yield out;
            out.clear();
          }
        }
        isFirst = false;
      }
    } finally {
      await this.close();
    }
    if (bars === 0) throw noRows(this.name, 'every row of the file was rejected');
    if (descending) out.reverse();
    if (out.length > 0) yield out;
  }

  /** Lets go of the file; reading again is not possible. */
  async close(): Promise<void> {
    await this.#rest.return(undefined);
  }

  /** Open time of the file's first row, for a newest-first file that of its newest; null where no first row can be read. */
  get firstOpenMs(): number | null {
    const { firstStampMs } = this.traits;
    if (firstStampMs === null) return null;
    return this.barTime === 'close' ? firstStampMs - this.intervalMs : firstStampMs;
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

  async *#batches(): AsyncGenerator<RowBatch> {
    for (let batch = this.#peeked.shift(); batch; batch = this.#peeked.shift()) yield batch;
    yield* this.#rest;
  }

  /** Judges a row and its place after the one before; leaves its numbers in the row object. */
  #accept(cells: readonly string[], line: number): boolean {
    this.rows++;
    const row = this.#row;
    const problem = row.read(cells);
    if (problem) return this.#reject(line, problem);
    const { symbol, header } = this.#layout;
    if (symbol >= 0) this.#symbolCheck.require(cells[symbol]!, line, header[symbol]);
    if (this.#lastCells) {
      if (row.stampMs === this.#lastStampMs && hasSameCells(cells, this.#lastCells)) {
        this.droppedDuplicates++;
        return false;
      }
      const stepMs = (row.stampMs - this.#lastStampMs) * (this.traits.descending ? -1 : 1);
      if (stepMs < this.intervalMs) return this.#reject(line, this.#stepProblem(cells, stepMs));
    }
    if (row.open > row.high || row.open < row.low) {
      if (!this.traits.carriedOpens) {
        return this.#reject(
          line,
          row.problem(cells, this.#layout.open, 'open lies outside high–low', row.rangeText(cells)),
        );
      }
      row.open = row.open > row.high ? row.high : row.low;
      this.repairedOpens++;
    }
    this.roundedPrices += row.roundedPrices;
    this.#lastCells = cells;
    this.#lastStampMs = row.stampMs;
    this.#lastLine = line;
    return true;
  }

  #reject(line: number, problem: RowProblem): false {
    this.bad.reject(line, problem);
    return false;
  }

  /** @param stepMs from the row before to this one, in the file's direction; shorter than the interval */
  #stepProblem(cells: readonly string[], stepMs: number): RowProblem {
    const at = this.#layout.time;
    const last = `line ${this.#lastLine}`;
    if (stepMs === 0) {
      return this.#row.problem(
        cells,
        at,
        `this row and ${last} have one time, but differ`,
        `one row a time, ${last} has it`,
      );
    }
    const lastText = `${last}, ${this.#lastCells![at]!}`;
    if (stepMs < 0) {
      const order = this.traits.descending ? 'newest first, an earlier' : 'a later';
      return this.#row.problem(cells, at, 'the time is out of order', `${order} time than that of ${lastText}`);
    }
    const interval = formatInterval(this.intervalMs);
    return this.#row.problem(cells, at, 'the bar overlaps the one before', `${interval} or more from ${lastText}`);
  }

  #write(out: BarColumns, line: number): void {
    const row = this.#row;
    const i = out.add();
    out.openTimeMs[i] = this.barTime === 'close' ? row.stampMs - this.intervalMs : row.stampMs;
    out.open[i] = row.open;
    out.high[i] = row.high;
    out.low[i] = row.low;
    out.close[i] = row.close;
    out.volume[i] = row.volume;
    out.line[i] = line;
  }
}

function hasSameCells(a: readonly string[], b: readonly string[]): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return a.length === b.length;
}

function* firstRows(batches: readonly RowBatch[]): Generator<readonly string[]> {
  let count = -1; // the header is not a row of data
  for (const batch of batches) {
    for (const cells of batch.cells) {
      if (count >= 0) yield cells;
      if (++count >= PEEKED_ROWS) return;
    }
  }
}

/** The first row, when there are rows below it. */
function requireHeader(source: ByteSource, batches: readonly RowBatch[]): { cells: readonly string[]; line: number } {
  const cells = batches[0]?.cells[0];
  if (!cells) {
    throw new UserError({
      code: 'empty_file',
      exitCode: EXIT.data,
      message: 'the file is empty',
      place: { file: source.name },
      expected: 'a header and rows',
    });
  }
  const line = batches[0]!.lines[0]!;
  if (batches.length === 1 && batches[0]!.cells.length === 1) {
    requireDialect(cells, source.name, line);
    throw noRows(source.name, 'the file has a header, but no rows');
  }
  return { cells, line };
}

function noRows(file: string, message: string): UserError {
  return new UserError({
    code: 'no_rows',
    exitCode: EXIT.data,
    message,
    place: { file },
    expected: 'at least one row that is a bar',
  });
}
