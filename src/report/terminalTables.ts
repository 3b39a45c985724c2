/**
 * Tables of records and the summary as text tables for people: one row a record, and for the summary one column an account, or where there are many one line.
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

/** More accounts than this are compared line under line. */
const MOST_COLUMNS = 8;
/** Figures that stay longest where accounts are lines, the first to the last. */
const COMPARED = [
  'pnl',
  'end_equity',
  'max_drawdown',
  'liquidations',
  'fees',
  'closed_trades',
  'win_rate',
  'start_equity',
];

/**
 * The summary: one row a figure, one column an account, and the total where there are several accounts. Of many accounts each
 * has a line, the total the last.
 *
 * @param limit of the lines; null for all.
 */
export function summaryAsText(run: RunOutcome, elsewhere: string, limit: RowLimit | null = null): TextTable {
  const summary = computeSummary(run);
  const entries = [...summary.accounts, ...(summary.accounts.length === 1 ? [] : [summary.total])];
  const shown: readonly ShownMetric[] = METRICS.map((metric, i) => ({ metric, i })).filter(
    ({ metric, i }) => metric.isRare !== true || summary.accounts.some((e) => isSomething(e.figures[i]!.figure)),
  );
  const notes = summaryNotes(run, summary, entries, shown);
  const table =
    entries.length > MOST_COLUMNS ? accountsAsLines(entries, shown, limit) : accountsAsColumns(entries, shown);
  return { title: 'summary', notes, elsewhere, ...table };
}

/** A table but for what all forms of the summary share. */
type SummaryTable = Omit<TextTable, 'title' | 'notes' | 'elsewhere'>;

function figureText(entry: SummaryEntry, { i }: ShownMetric): string {
  return formatFigure(entry.figures[i]!.figure) ?? 'n/a';
}

function accountsAsColumns(entries: readonly SummaryEntry[], shown: readonly ShownMetric[]): SummaryTable {
  const facts: string[][] = [
    ['exchange', ...entries.map((e) => escapeControls(e.exchange ?? ''))],
    ['currency', ...entries.map((e) => escapeControls(e.currency ?? ''))],
  ];
  const figures = shown.map((one) => [one.metric.name, ...entries.map((entry) => figureText(entry, one))]);
  const rows = [...facts, ...figures];
  const last = entries.length - 1;
  return {
    columns: [
      { name: 'metric', heading: ['metric'], align: 'left', priority: 0, canShrink: false },
      ...entries.map((entry, i): TextColumn => {
        const name = escapeControls(entry.account);
        // The total stays longest, then the accounts in their order.
        const priority = i === last && last > 0 ? 1 : 2 + i;
        return { name, heading: [name], align: 'right', priority, canShrink: false };
      }),
    ],
    rowCount: rows.length,
    row: (index) => rows[index] ?? [],
    isToned: (row) => shown[row - facts.length]?.metric.isToned === true,
    gap: null,
  };
}

function accountsAsLines(
  entries: readonly SummaryEntry[],
  shown: readonly ShownMetric[],
  limit: RowLimit | null,
): SummaryTable {
  const isLong = limit !== null && entries.length > limit.first + limit.last;
  const drawn = isLong ? [...entries.slice(0, limit.first), ...entries.slice(-limit.last)] : entries;
  const missing = entries.length - drawn.length;
  const text = (name: string, priority: number): TextColumn => {
    return { name, heading: [name], align: 'left', priority, canShrink: true };
  };
  return {
    columns: [
      text('account', 0),
      text('exchange', COMPARED.length + 1),
      text('currency', 1),
      ...shown.map(({ metric: { name }, i }): TextColumn => {
        const place = COMPARED.indexOf(name);
        const priority = place < 0 ? COMPARED.length + 2 + i : 2 + place;
        return { name, heading: name.split('_'), align: 'right', priority, canShrink: false };
      }),
    ],
    rowCount: drawn.length,
    row(index) {
      const entry = drawn[index];
      if (entry === undefined) return [];
      const facts = [entry.account, entry.exchange ?? '', entry.currency ?? ''].map(escapeControls);
      return [...facts, ...shown.map((one) => figureText(entry, one))];
    },
    isToned: (_, column) => shown[column - 3]?.metric.isToned === true,
    gap: isLong ? { beforeRow: limit.first, text: `… ${formatCount(missing)} accounts more` } : null,
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
