/**
 * Compares the rows of two runs of one input, byte for byte as the tables would print them: the first run is kept as text, the
 * second is compared row by row. Left out is what no rule of settlement decides: `info` of bills, written for people, and how
 * far the price and quantity of a rejected order could be read.
 */

import type { RecordSink, RunOutcome } from '../engine/records.js';
import type { Table } from './column.js';
import { formatCsvRow } from './csv.js';
import { sinkOf } from './sinks.js';
import { computeSummary, formatFigure } from './summary.js';
import { TABLE_NAMES, TABLES, type TableName, type TableRecords } from './tables.js';

/** Two rows that should be one; null where a run has no such row. */
export interface RowDifference {
  readonly table: TableName | 'summary';
  /** From 1. */
  readonly row: number;
  readonly first: string | null;
  readonly second: string | null;
}

export interface RowComparison {
  /** Takes the records of the first run. */
  readonly first: RecordSink;
  /** Takes the records of the second run, after the first has ended. */
  readonly second: RecordSink;
  /** Rows that agree. */
  readonly agreed: number;
  /** The first difference, null when all agree; to be asked for when both runs have ended. */
  conclude(first: RunOutcome, second: RunOutcome): RowDifference | null;
}

/** A ratio of float64s may differ in its last printed digit. */
const RATIO_TOLERANCE = 1.5e-8;

export function createRowComparison(): RowComparison {
  return new Comparison();
}

class Comparison implements RowComparison {
  readonly first: RecordSink;
  readonly second: RecordSink;
  agreed = 0;
  readonly #rows = new Map<TableName, string[]>(TABLE_NAMES.map((name) => [name, []]));
  readonly #seen = new Map<TableName, number>();
  #difference: RowDifference | null = null;

  constructor() {
    this.first = sinkOf((table, record) => this.#rows.get(table)!.push(rowText(table, record)));
    this.second = sinkOf((table, record) => this.#compare(table, rowText(table, record)));
  }

  #compare(table: TableName, second: string): void {
    const at = this.#seen.get(table) ?? 0;
    this.#seen.set(table, at + 1);
    const first = this.#rows.get(table)![at] ?? null;
    if (first === second) this.agreed++;
    else this.#difference ??= { table, row: at + 1, first, second };
  }

  conclude(first: RunOutcome, second: RunOutcome): RowDifference | null {
    for (const table of TABLE_NAMES) {
      const seen = this.#seen.get(table) ?? 0;
      const missing = this.#rows.get(table)![seen];
      if (missing !== undefined) this.#difference ??= { table, row: seen + 1, first: missing, second: null };
    }
    this.#difference ??= compareSummaries(first, second);
    return this.#difference;
  }
}

function rowText<N extends TableName>(name: N, record: TableRecords[N]): string {
  const table: Table<TableRecords[N]> = TABLES[name];
  const columns = table.columns.filter((column) => !isLeftOut(name, column.name, record));
  return formatCsvRow({ name: table.name, columns }, record).trimEnd();
}

function isLeftOut(table: TableName, column: string, record: object): boolean {
  if (table === 'bills') return column === 'info';
  const isRejected = table === 'orders' && 'status' in record && record.status === 'rejected';
  return isRejected && (column === 'price' || column === 'qty');
}

function compareSummaries(a: RunOutcome, b: RunOutcome): RowDifference | null {
  const [first, second] = [computeSummary(a).accounts, computeSummary(b).accounts];
  for (const [i, entry] of first.entries()) {
    for (const [j, { metric, figure }] of entry.figures.entries()) {
      const other = second[i]?.figures[j]?.figure;
      const [one, two] = [formatFigure(figure), other === undefined ? null : formatFigure(other)];
      const isNear = figure.kind === 'ratio' && Math.abs(Number(one) - Number(two ?? 'NaN')) <= RATIO_TOLERANCE;
      if (one === two || isNear) continue;
      const label = `${entry.account} ${metric.name} `;
      return { table: 'summary', row: i + 1, first: `${label}${one}`, second: `${label}${two}` };
    }
  }
  return null;
}
