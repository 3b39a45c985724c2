/**
 * `backtest audit RUN`: the table of what was checked on stdout, the first figure that is off on stderr. What is checked, and
 * how, is report/audit.
 */

import { resolve } from 'node:path';
import { EXIT, type ExitCode, UserError } from '../errors.js';
import { type AuditResult, auditRun } from '../report/audit/audit.js';
import { formatCsvLine } from '../report/csv.js';
import { formatJsonArray, formatJsonObject } from '../report/json.js';
import { OUTPUT_FORMATS } from '../report/output.js';
import type { TextTable } from '../report/tableLayout.js';
import { drawTable } from '../report/terminal.js';
import { isColorWanted } from './cliStreams.js';
import type { CommandContext } from './commandContext.js';
import { requireChoice } from './givenOptions.js';

const COLUMNS = ['check', 'compared', 'differences'] as const;

/** @throws UserError exit 2, 3; exit 4 names the first figure that is off, after the table has been written */
export async function audit(name: string, context: CommandContext): Promise<ExitCode> {
  const { given, io, stdout, log } = context;
  const format = requireChoice(given.find('format'), OUTPUT_FORMATS, 'table');
  const result = await auditRun(resolve(io.cwd, name), name);
  const style = { columns: stdout.columns, color: isColorWanted(io.stdout, io.env, given.isOn('no-color')) };
  const pieces =
    format === 'table'
      ? drawTable(checksAsText(result), style)
      : format === 'csv'
        ? formatCsv(result)
        : formatJson(result);
  for (const piece of pieces) await stdout.write(piece);
  if (result.isPartial) log.warn('the run was interrupted: what it finished was audited');
  if (result.first === null) return EXIT.done;
  const { file, line, column, found, expected, why, check } = result.first;
  throw new UserError({
    code: 'audit_failed',
    exitCode: EXIT.assertion,
    message: `the run does not add up (${check}): ${why}`,
    place: { file, column, ...(line === null ? {} : { line }) },
    found,
    expected,
    hint: 'the files were changed after the run, or this is a bug in backtest: run again and compare',
  });
}

function checksAsText(result: AuditResult): TextTable {
  const rows = result.checks.map((one) => [one.check, String(one.compared), String(one.differences)]);
  return {
    title: 'audit',
    columns: COLUMNS.map((name, i) => ({
      name,
      heading: [name],
      align: i === 0 ? ('left' as const) : ('right' as const),
      priority: i,
      canShrink: false,
    })),
    rowCount: rows.length,
    row: (index) => rows[index] ?? [],
    isToned: () => false,
    notes: [result.first === null ? 'all agree, to the last unit' : 'not all agree'],
    gap: null,
    elsewhere: '',
  };
}

function* formatCsv(result: AuditResult): Generator<string> {
  yield formatCsvLine(COLUMNS);
  for (const { check, compared, differences } of result.checks) {
    yield formatCsvLine([check, String(compared), String(differences)]);
  }
}

function* formatJson(result: AuditResult): Generator<string> {
  const rows = result.checks.map((one) =>
    formatJsonObject([
      ['check', JSON.stringify(one.check)],
      ['compared', String(one.compared)],
      ['differences', String(one.differences)],
    ]),
  );
  yield* formatJsonArray(rows, '');
  yield '\n';
}
