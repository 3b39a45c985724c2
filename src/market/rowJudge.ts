/**
 * Rows of one file → bars: what a row must be by itself and after the one before it. Rows that the feed read into columns are accepted
 * where nothing at all is unusual; every other row is judged by its cells, so that there is one account of what is wrong.
 */

import { BadRowLog, type RowProblem } from './badRows.js';
import { BarRow } from './barRow.js';
import type { FileTraits } from './fileTraits.js';
import { formatInterval } from './intervals.js';
import type { RowBatch } from './rowBatch.js';
import { requireOneSeries, type SymbolCheck } from './symbolCell.js';
import type { TimeColumn } from './timestamps.js';

export class RowJudge {
  /** Data rows judged, the bad and the dropped ones included. */
  rows = 0;
  droppedDuplicates = 0;
  repairedOpens = 0;
  roundedPrices = 0;
  /** Rows left out because the file says that their bar is not complete, or that nothing was traded. */
  unconfirmedRows = 0;
  emptyRows = 0;
  readonly bad: BadRowLog;

  readonly #file: string;
  readonly #traits: FileTraits;
  readonly #row: BarRow;
  readonly #symbolCheck: SymbolCheck;
  readonly #direction: number;
  #intervalMs = 0;
  #keys: readonly string[] | null = null;
  // The row accepted last: its place in the batch at hand, or its cells when that batch is gone.
  #lastStampMs = Number.NaN;
  #lastLine = 0;
  #lastIndex = -1;
  #lastCells: readonly string[] | null = null;

  constructor(
    file: string,
    traits: FileTraits,
    times: TimeColumn,
    strict: boolean,
    skip: boolean,
    symbols: SymbolCheck,
  ) {
    this.#file = file;
    this.#traits = traits;
    this.#row = new BarRow(traits.layout, strict, times, traits.numbers);
    this.#symbolCheck = symbols;
    this.#direction = traits.descending ? -1 : 1;
    this.bad = new BadRowLog(file, skip);
  }

  /**
   * Makes the rows of a batch bars, in place: those that are none are taken out, times become open times.
   *
   * @throws UserError data: `bad_row`, `symbol_mismatch`, `several_series`
   */
  judge(batch: RowBatch, intervalMs: number): void {
    const { openTimeMs, open, high, low, close, line, odd, rounded, length } = batch;
    this.#intervalMs = intervalMs;
    this.rows += length;
    this.#lastIndex = -1;
    const direction = this.#direction;
    const { shiftMs, barTime } = this.#traits;
    const toOpenMs = shiftMs - (barTime === 'close' ? intervalMs : 0);
    let kept = 0;
    // Locals for the usual row; the fields are brought up to date before an unusual one is looked at.
    let lastStampMs = this.#lastStampMs;
    let lastIndex = -1;
    for (let i = 0; i < length; i++) {
      const o = open[i]!;
      const h = high[i]!;
      const l = low[i]!;
      const c = close[i]!;
      const stampMs = openTimeMs[i]!;
      const stepMs = (stampMs - lastStampMs) * direction;
      if (odd[i] === 0 && stampMs >= 0 && stepMs >= intervalMs && l > 0 && l <= o && l <= c && o <= h && c <= h) {
        if (rounded[i] !== 0) this.roundedPrices += rounded[i]!;
        lastStampMs = stampMs;
        lastIndex = i;
        if (kept !== i) batch.move(i, kept);
        openTimeMs[kept++] = stampMs + toOpenMs;
        continue;
      }
      if (lastIndex >= 0) this.#noteLast(batch, lastStampMs, lastIndex);
      if (this.#accept(batch.cellsOf(i), line[i]!, i, batch)) {
        this.#write(batch, kept);
        openTimeMs[kept] = this.#row.stampMs + toOpenMs;
        line[kept++] = line[i]!;
      }
      lastStampMs = this.#lastStampMs;
      lastIndex = -1;
    }
    if (lastIndex >= 0) this.#noteLast(batch, lastStampMs, lastIndex);
    if (this.#lastIndex >= 0) this.#lastCells = batch.cellsOf(this.#lastIndex);
    this.#lastIndex = -1;
    batch.length = kept;
  }

  /** Row `index` of the batch at hand is the one accepted last. */
  #noteLast(batch: RowBatch, stampMs: number, index: number): void {
    this.#lastStampMs = stampMs;
    this.#lastIndex = index;
    this.#lastLine = batch.line[index]!;
  }

  #write(batch: RowBatch, at: number): void {
    const { open, high, low, close, volume } = this.#row;
    batch.open[at] = open;
    batch.high[at] = high;
    batch.low[at] = low;
    batch.close[at] = close;
    batch.volume[at] = volume;
  }

  /** Judges a row by its cells and its place after the one before; leaves its numbers in the row object. */
  #accept(cells: readonly string[], line: number, index: number, batch: RowBatch): boolean {
    const row = this.#row;
    const { layout, carriedOpens } = this.#traits;
    if (row.isEmpty(cells)) {
      this.emptyRows++;
      return false;
    }
    if (layout.confirm >= 0 && isUnconfirmed(cells[layout.confirm])) {
      this.unconfirmedRows++;
      return false;
    }
    const problem = row.read(cells);
    if (problem) return this.#reject(line, problem);
    this.#requireSeries(cells, line);
    const lastCells = this.#lastIndex >= 0 ? batch.cellsOf(this.#lastIndex) : this.#lastCells;
    if (lastCells) {
      if (row.stampMs === this.#lastStampMs && hasSameCells(cells, lastCells)) {
        this.droppedDuplicates++;
        return false;
      }
      const stepMs = (row.stampMs - this.#lastStampMs) * this.#direction;
      if (stepMs < this.#intervalMs) return this.#reject(line, this.#stepProblem(cells, lastCells, stepMs));
    }
    if (row.open > row.high || row.open < row.low) {
      if (!carriedOpens) {
        return this.#reject(line, row.problem(cells, layout.open, 'open lies outside high–low', row.rangeText(cells)));
      }
      row.open = row.open > row.high ? row.high : row.low;
      this.repairedOpens++;
    }
    this.roundedPrices += row.roundedPrices;
    this.#lastCells = cells;
    this.#lastIndex = index;
    this.#lastStampMs = row.stampMs;
    this.#lastLine = line;
    return true;
  }

  #requireSeries(cells: readonly string[], line: number): void {
    const { header, symbol, keys } = this.#traits.layout;
    if (keys.length > 0) {
      this.#keys ??= keys.map((at) => cells[at]!);
      requireOneSeries(this.#keys, keys, cells, { file: this.#file, line, header });
    }
    if (symbol >= 0) this.#symbolCheck.require(cells[symbol]!, line, header[symbol]);
  }

  #reject(line: number, problem: RowProblem): false {
    this.bad.reject(line, problem);
    return false;
  }

  /** @param stepMs from the row before to this one, in the file's direction; shorter than the interval */
  #stepProblem(cells: readonly string[], lastCells: readonly string[], stepMs: number): RowProblem {
    const at = this.#traits.layout.time;
    const last = `line ${this.#lastLine}`;
    if (stepMs === 0) {
      return this.#row.problem(
        cells,
        at,
        `this row and ${last} have one time, but differ`,
        `one row a time, ${last} has it`,
      );
    }
    const lastText = `${last}, ${lastCells[at]!}`;
    if (stepMs < 0) {
      const order = this.#traits.descending ? 'newest first, an earlier' : 'a later';
      return this.#row.problem(cells, at, 'the time is out of order', `${order} time than that of ${lastText}`);
    }
    const interval = formatInterval(this.#intervalMs);
    return this.#row.problem(cells, at, 'the bar overlaps the one before', `${interval} or more from ${lastText}`);
  }
}

/** Whether a cell says that its bar is not complete yet. */
export function isUnconfirmed(cell: string | undefined): boolean {
  return cell !== undefined && /^\s*(0|false|no|n)\s*$/i.test(cell);
}

function hasSameCells(a: readonly string[], b: readonly string[]): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return a.length === b.length;
}
