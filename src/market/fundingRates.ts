/**
 * Funding history of one symbol from a file: when, at which rate, and at which mark price if the file says so. Rates stay
 * the decimal text of the file and are never rescaled. Files are small and are held whole. Which times are scheduled,
 * and what a missing rate means, is for the engine.
 */

import { EXIT, UserError } from '../errors.js';
import { isDecimalText } from '../money/decimal.js';
import { type BadRow, BadRowLog, type RowProblem } from './badRows.js';
import type { FundingRate } from './bars.js';
import { parsePrice } from './cells.js';
import { type FundingLayout, FundingStarts } from './fundingLayout.js';
import { readRows } from './reader.js';
import { ByteSource } from './source.js';
import { SymbolCheck } from './symbolCell.js';
import { TimeColumn } from './timestamps.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** A stamp less late than this means the scheduled time or the hour before it. */
const LATE_MS = 60_000;

export interface FundingOptions {
  readonly symbol: string;
  readonly skipBadRows: boolean;
  /** Funding times of the contract in ms after midnight UTC; only those off the whole hour make a difference. */
  readonly scheduleMs?: readonly number[];
  /** Whether the symbol was taken from the file name; only changes the hint when the rows name another. */
  readonly fromName?: boolean;
}

export interface FundingFile {
  readonly path: string;
  /** Ascending, one a time. */
  readonly rates: readonly FundingRate[];
  /** Data rows read, the bad and the dropped ones included. */
  readonly rows: number;
  readonly droppedDuplicates: number;
  /** Stamps that were moved back onto a scheduled time or the hour. */
  readonly movedStamps: number;
  readonly reversed: boolean;
  /** The first hundred skipped rows, and how many there are in all. */
  readonly badRows: readonly BadRow[];
  readonly badRowCount: number;
  readonly assumptions: readonly string[];
  /** Raw bytes, packed when the file is, and their SHA-256 in hex. */
  readonly bytes: number;
  readonly sha256: string;
}

interface FundingRow {
  readonly stampMs: number;
  readonly rate: FundingRate;
  readonly cells: readonly string[];
  readonly line: number;
}

function problem(
  layout: FundingLayout,
  cells: readonly string[],
  at: number,
  why: string,
  expected: string,
): RowProblem {
  return { column: layout.header[at] || at + 1, found: cells[at] ?? '', why, expected };
}

/** The first thing wrong with a row by itself, or null. */
function findProblem(layout: FundingLayout, cells: readonly string[], times: TimeColumn): RowProblem | null {
  const { header, time, rate, price } = layout;
  if (cells.length !== header.length) {
    const at = Math.min(cells.length, header.length);
    const why = cells.length > header.length ? 'the row has more cells than the header' : 'the row is cut short';
    return { column: header[at] || at + 1, found: `${cells.length} cells`, why, expected: `${header.length} cells` };
  }
  if (Number.isNaN(times.parse(cells[time]!)))
    return problem(layout, cells, time, 'this is not a time', times.expected);
  if (!isDecimalText(cells[rate]!.trim())) {
    return problem(layout, cells, rate, 'this is not a funding rate', 'a decimal such as 0.0001 or -1e-4');
  }
  const priceText = price < 0 ? '' : cells[price]!.trim();
  if (priceText !== '' && (Number.isNaN(parsePrice(priceText)) || !isDecimalText(priceText))) {
    return problem(layout, cells, price, 'this is not a price', 'a number above zero, or an empty cell');
  }
  return null;
}

/** The time a late stamp means: the scheduled time or whole hour less than a minute before it, else itself. */
function computeFundingTime(stampMs: number, scheduleMs: readonly number[]): number {
  for (const timeOfDayMs of scheduleMs) {
    const late = (stampMs - timeOfDayMs + DAY_MS) % DAY_MS;
    if (late < LATE_MS) return stampMs - late;
  }
  const late = stampMs % HOUR_MS;
  return late < LATE_MS ? stampMs - late : stampMs;
}

function readFundingRow(
  layout: FundingLayout,
  cells: readonly string[],
  line: number,
  stampMs: number,
  timeMs: number,
): FundingRow {
  const price = layout.price < 0 ? '' : cells[layout.price]!.trim();
  const rate = cells[layout.rate]!.trim();
  return { stampMs, rate: price === '' ? { timeMs, rate } : { timeMs, rate, price }, cells, line };
}

function isNewestFirst(rows: readonly FundingRow[]): boolean {
  let balance = 0;
  for (let i = 1; i < rows.length; i++) balance += Math.sign(rows[i]!.rate.timeMs - rows[i - 1]!.rate.timeMs);
  return balance < 0;
}

/** Collects the rows of one file and judges them against each other. */
class FundingTable {
  readonly times = new TimeColumn();
  readonly bad: BadRowLog;
  rows = 0;
  droppedDuplicates = 0;
  reversed = false;
  readonly #layout: FundingLayout;
  readonly #scheduleMs: readonly number[];
  readonly #symbolCheck: SymbolCheck;
  readonly #usable: FundingRow[] = [];

  constructor(layout: FundingLayout, file: string, options: FundingOptions) {
    this.#layout = layout;
    this.#scheduleMs = options.scheduleMs ?? [];
    this.bad = new BadRowLog(file, options.skipBadRows);
    this.#symbolCheck = new SymbolCheck(options.symbol, file, options.fromName ?? false);
  }

  add(cells: readonly string[], line: number): void {
    const layout = this.#layout;
    this.rows++;
    const wrong = findProblem(layout, cells, this.times);
    if (wrong) {
      this.bad.reject(line, wrong);
      return;
    }
    if (layout.symbol >= 0) this.#symbolCheck.require(cells[layout.symbol]!, line, layout.header[layout.symbol]);
    const stampMs = this.times.parse(cells[layout.time]!);
    this.#usable.push(readFundingRow(layout, cells, line, stampMs, computeFundingTime(stampMs, this.#scheduleMs)));
  }

  /** The rows in ascending time, one a time. */
  settle(): FundingRow[] {
    this.reversed = isNewestFirst(this.#usable);
    const kept: FundingRow[] = [];
    // In file order, so that of two rows it is the later line that is the wrong one.
    for (const row of this.#usable) {
      const last = kept.at(-1);
      if (last && this.#isDuplicate(row, last)) this.droppedDuplicates++;
      else if (!last || this.#isInOrder(row, last)) kept.push(row);
    }
    return this.reversed ? kept.reverse() : kept;
  }

  #isDuplicate(row: FundingRow, last: FundingRow): boolean {
    return row.rate.timeMs === last.rate.timeMs && row.cells.every((cell, i) => cell === last.cells[i]);
  }

  #isInOrder(row: FundingRow, last: FundingRow): boolean {
    const stepMs = (row.rate.timeMs - last.rate.timeMs) * (this.reversed ? -1 : 1);
    if (stepMs > 0) return true;
    const at = this.#layout.time;
    const lastText = `line ${last.line}, ${last.cells[at]!}`;
    const wrong =
      stepMs === 0
        ? problem(
            this.#layout,
            row.cells,
            at,
            `this row and line ${last.line} have one time, but differ`,
            'one row a time',
          )
        : problem(this.#layout, row.cells, at, 'the time is out of order', `the order of the rows up to ${lastText}`);
    this.bad.reject(row.line, wrong);
    return false;
  }
}

async function readTable(source: ByteSource, options: FundingOptions): Promise<FundingTable> {
  let table: FundingTable | undefined;
  const starts = new FundingStarts(source.name);
  for await (const batch of readRows(source)) {
    for (let i = 0; i < batch.cells.length; i++) {
      const [cells, line] = [batch.cells[i]!, batch.lines[i]!];
      if (table) {
        table.add(starts.split(cells), line);
        continue;
      }
      const start = starts.find(cells, line);
      if (start) table = new FundingTable(start.layout, source.name, options);
      if (start?.isData) table?.add(starts.split(cells), line);
    }
  }
  if (table && table.rows > 0) return table;
  if (!table) starts.requireNothing();
  throw new UserError({
    code: table ? 'no_rows' : 'empty_file',
    exitCode: EXIT.data,
    message: table ? 'the file has a header, but no rows' : 'the file is empty',
    place: { file: source.name },
    expected: 'at least one funding rate',
  });
}

/**
 * Reads a funding history, from stdin for `-`.
 *
 * @throws UserError data: `file_not_found`, `file_unreadable`, `bad_gzip`, `empty_file`, `no_rows`, `unknown_header`,
 *   `bad_row`, `symbol_mismatch`
 */
export async function loadFundingRates(path: string, options: FundingOptions): Promise<FundingFile> {
  const source = new ByteSource(path);
  const table = await readTable(source, options);
  const rows = table.settle();
  const movedStamps = rows.filter((row) => row.stampMs !== row.rate.timeMs).length;
  const assumptions: string[] = [];
  if (table.reversed) assumptions.push('the funding file is newest first: its rows were turned round');
  if (table.times.zoneless) assumptions.push('funding times without a zone are read as UTC');
  if (movedStamps > 0)
    assumptions.push(`${movedStamps} funding times less than 60 s late count as the scheduled time or whole hour`);
  return {
    path,
    rates: rows.map((row) => row.rate),
    rows: table.rows,
    droppedDuplicates: table.droppedDuplicates,
    movedStamps,
    reversed: table.reversed,
    badRows: table.bad.rows,
    badRowCount: table.bad.count,
    assumptions,
    bytes: source.byteCount,
    sha256: source.hash(),
  };
}
