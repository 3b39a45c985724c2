/**
 * What a run prints on stdout: the tables asked for, as tables for people, as CSV or as JSON. It keeps the rows of those
 * tables during the run and renders them afterwards in pieces; writing them to a stream is the command line's business.
 */

import type { RecordSink, RunOutcome } from '../engine/records.js';
import { invariant } from '../errors.js';
import { formatCsvHeader, formatCsvRow } from './csv.js';
import { formatJsonArray, formatJsonRow, type JsonText } from './json.js';
import { type CollectingSink, collectingSink } from './sinks.js';
import { formatSummaryCsv, formatSummaryRows } from './summary.js';
import type { TextTable } from './tableLayout.js';
import { type OutputName, TABLES, type TableName } from './tables.js';
import { drawTable, type TerminalStyle } from './terminal.js';
import { recordsAsText, summaryAsText, TERMINAL_ROWS } from './terminalTables.js';

export type OutputFormat = 'table' | 'csv' | 'json';
export const OUTPUT_FORMATS: readonly OutputFormat[] = ['table', 'csv', 'json'];

export interface OutputRequest {
  /** In the order of printing; a name given twice counts once. Exactly one for csv. */
  readonly tables: readonly OutputName[];
  readonly format: OutputFormat;
  /** Used by format `table` only. */
  readonly style: TerminalStyle;
  /** Whether a run folder is written, where all rows can be read. */
  readonly isSaved: boolean;
}

export interface RunOutput {
  /** Takes the records of the run; keeps those that will be printed. */
  readonly sink: RecordSink;
  /** The text for stdout in pieces, each ending a line or continuing one; the whole ends with a line feed. */
  render(run: RunOutcome): Generator<string>;
}

/** Prepares the output of a run. @throws InvariantError for csv with other than one table: options are checked before. */
export function createRunOutput(request: OutputRequest): RunOutput {
  const names = [...new Set(request.tables)];
  invariant(request.format !== 'csv' || names.length === 1, () => `csv of ${names.length} tables`);
  // Only on a terminal is a long table shortened: a pipe gets all rows.
  const limit = request.format === 'table' && request.style.columns !== null ? TERMINAL_ROWS : null;
  const collected = collectingSink(
    names.filter((name) => name !== 'summary'),
    limit,
  );
  return {
    sink: collected.sink,
    render: (run) => {
      if (request.format === 'csv') return renderCsv(names[0]!, collected, run);
      if (request.format === 'json') return renderJson(names, collected, run);
      return renderTables(names, collected, run, request);
    },
  };
}

function renderCsv(name: OutputName, collected: CollectingSink, run: RunOutcome): Generator<string> {
  return name === 'summary' ? formatSummaryCsv(run) : csvRecords(name, collected);
}

/** One table is an array; several are an object with the tables' names as keys. */
function* renderJson(names: readonly OutputName[], collected: CollectingSink, run: RunOutcome): Generator<string> {
  if (names.length === 1) {
    yield* formatJsonArray(jsonRows(names[0]!, collected, run), '');
    yield '\n';
    return;
  }
  yield '{';
  for (const [i, name] of names.entries()) {
    yield `${i === 0 ? '' : ','}\n  ${JSON.stringify(name)}: `;
    yield* formatJsonArray(jsonRows(name, collected, run), '  ');
  }
  yield names.length === 0 ? '}\n' : '\n}\n';
}

function* renderTables(
  names: readonly OutputName[],
  collected: CollectingSink,
  run: RunOutcome,
  request: OutputRequest,
): Generator<string> {
  for (const [i, name] of names.entries()) {
    if (i > 0) yield '\n';
    if (name === 'summary') {
      yield* drawTable(
        summaryAsText(
          run,
          request.isSaved ? 'all in summary.json' : 'all with --format json',
          request.style.columns === null ? null : TERMINAL_ROWS,
        ),
        request.style,
      );
    } else {
      yield* drawTable(recordsTable(name, collected, request.isSaved), request.style);
    }
  }
}

function recordsTable<N extends TableName>(name: N, collected: CollectingSink, isSaved: boolean): TextTable {
  return recordsAsText(TABLES[name], collected.rows(name), isSaved ? `all in ${name}.csv` : 'all with --format csv');
}

function jsonRows(name: OutputName, collected: CollectingSink, run: RunOutcome): Iterable<JsonText> {
  return name === 'summary' ? formatSummaryRows(run) : jsonRecords(name, collected);
}

function* jsonRecords<N extends TableName>(name: N, collected: CollectingSink): Generator<JsonText> {
  for (const record of collected.rows(name).first) yield formatJsonRow(TABLES[name], record);
}

function* csvRecords<N extends TableName>(name: N, collected: CollectingSink): Generator<string> {
  yield formatCsvHeader(TABLES[name]);
  for (const record of collected.rows(name).first) yield formatCsvRow(TABLES[name], record);
}
