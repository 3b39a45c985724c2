/**
 * Tables of records and the summary as text tables for people: one row a record, and for the summary one column an account.
 * On a terminal a long table shows its beginning and its end and says where the rest is; in a pipe it is whole.
 */

import type { RunOutcome } from '../engine/records.js';
import { formatCount, formatTime } from './cells.js';
import type { Table } from './column.js';
import { type Figure, METRICS, type Metric } from './metrics.js';
import type { KeptRows, RowLimit } from './sinks.js';
import { computeSummary, formatFigure, type Summary, type SummaryEntry } from './summary.js';
import { escapeControls, nameSome, type TextColumn, type TextTable } from './tableLayout.js';

/** Rows of each table on a terminal. */
export const TERMINAL_ROWS: RowLimit = { first: 500, last: 500 };

/** A table of records. `elsewhere` is where all rows and columns can be read. */
export function recordsAsText<R>(table: Table<R>, rows: KeptRows<R>, elsewhere: string): TextTable {
  const shown = rows.first.length + rows.last.length;
  const missing = rows.count - shown;
  const isText = table.columns.map((column) => column.kind === 'text');
  return {
    title: `${table.name} (${rows.count === 1 ? '1 row' : `${rows.count === 0 ? 'no' : formatCount(rows.count)} rows`})`,
    columns: table.columns.map((column) => ({
      name: column.name,
      heading: column.name.split('_'),
      align: column.kind === 'decimal' || column.kind === 'integer' ? 'right' : 'left',
      priority: column.priority,
      canShrink: column.kind === 'text',
    })),
    rowCount: shown,
    row: (index) => {
      const record = index < rows.first.length ? rows.first[index] : rows.last[index - rows.first.length];
      if (record === undefined) return [];
      return table.columns.map((column, i) => {
        const text = column.cell(record) ?? '';
        return isText[i] ? escapeControls(text) : text;
      });
    },
    isToned: (_, column) => table.columns[column]?.isToned === true,
    notes: [],
    gap:
      missing > 0 ? { beforeRow: rows.first.length, text: `… ${formatCount(missing)} rows more: ${elsewhere}` } : null,
    elsewhere,
  };
}

/** A metric that has a row, and its place among all. */
interface ShownMetric {
  readonly metric: Metric;
  readonly i: number;
}

/** The summary: one row a figure, one column an account, and the total where there are several accounts. */
export function summaryAsText(run: RunOutcome, elsewhere: string): TextTable {
  const summary = computeSummary(run);
  const entries = [...summary.accounts, ...(summary.accounts.length === 1 ? [] : [summary.total])];
  const facts: string[][] = [
    ['exchange', ...entries.map((e) => escapeControls(e.exchange ?? ''))],
    ['currency', ...entries.map((e) => escapeControls(e.currency ?? ''))],
  ];
  const shown: readonly ShownMetric[] = METRICS.map((metric, i) => ({ metric, i })).filter(
    ({ metric, i }) => metric.isRare !== true || summary.accounts.some((e) => isSomething(e.figures[i]!.figure)),
  );
  const figures = shown.map(({ metric, i }) => [
    metric.name,
    ...entries.map((e) => formatFigure(e.figures[i]!.figure) ?? 'n/a'),
  ]);
  const rows = [...facts, ...figures];
  return {
    title: 'summary',
    columns: [
      { name: 'metric', heading: ['metric'], align: 'left', priority: 0, canShrink: false },
      ...entries.map((entry, i): TextColumn => {
        const name = escapeControls(entry.account);
        // The total stays longest, then the accounts in their order.
        const priority = entry === summary.total ? 1 : 2 + i;
        return { name, heading: [name], align: 'right', priority, canShrink: false };
      }),
    ],
    rowCount: rows.length,
    row: (index) => rows[index] ?? [],
    isToned: (row) => shown[row - facts.length]?.metric.isToned === true,
    notes: summaryNotes(run, summary, entries, shown),
    gap: null,
    elsewhere,
  };
}

function isSomething(figure: Figure): boolean {
  return figure.kind === 'money' ? figure.value !== 0n : figure.kind !== 'none';
}

function summaryNotes(
  run: RunOutcome,
  summary: Summary,
  entries: readonly SummaryEntry[],
  shown: readonly ShownMetric[],
): string[] {
  const notes: string[] = [];
  if (run.interrupted) {
    const until = run.lastCloseTimeMs === null ? 'before the first bar' : `at ${formatTime(run.lastCloseTimeMs)}`;
    notes.push(`partial: the run was interrupted ${until}`);
  }
  for (const entry of summary.accounts) {
    if (entry.bankruptAtMs === null) continue;
    notes.push(`${escapeControls(entry.account)} went bankrupt at ${formatTime(entry.bankruptAtMs)}`);
  }
  return [...notes, ...reasonNotes(entries, shown)];
}

/** Why figures are n/a: one line a reason, with the figures and, where only some lack them, the accounts. */
function reasonNotes(entries: readonly SummaryEntry[], shown: readonly ShownMetric[]): string[] {
  const metricsOf = new Map<string, string[]>();
  for (const { metric, i } of shown) {
    for (const [reason, accounts] of accountsByReason(entries, i)) {
      const whose = accounts.length === entries.length ? '' : ` of ${nameSome(accounts)}`;
      const line = `${whose}: ${reason}`;
      metricsOf.set(line, [...(metricsOf.get(line) ?? []), metric.name]);
    }
  }
  return [...metricsOf].map(([line, metrics]) => `n/a: ${metrics.join(', ')}${line}`);
}

function accountsByReason(entries: readonly SummaryEntry[], metricIndex: number): Map<string, string[]> {
  const accountsOf = new Map<string, string[]>();
  for (const entry of entries) {
    const figure = entry.figures[metricIndex]!.figure;
    if (figure.kind !== 'none') continue;
    const accounts = accountsOf.get(figure.reason) ?? [];
    accounts.push(escapeControls(entry.account));
    accountsOf.set(figure.reason, accounts);
  }
  return accountsOf;
}
