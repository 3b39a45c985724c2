/**
 * What goes to stdout and where the run folder goes, from the options of output. No streams and no disk are touched.
 */

import { resolve } from 'node:path';
import { EXIT, UserError } from '../errors.js';
import { OUTPUT_FORMATS, type OutputFormat } from '../report/output.js';
import { type RunFolderTarget, runFolderName } from '../report/runFolderName.js';
import { OUTPUT_NAMES, type OutputName } from '../report/tables.js';
import type { CliIo } from './cliStreams.js';
import { badOption, compareSources, type GivenOptions, requireChoice } from './givenOptions.js';

export interface OutputOptions {
  readonly tables: readonly OutputName[];
  readonly format: OutputFormat;
}

const DEFAULT_TABLES: readonly OutputName[] = ['summary', 'stop_trades', 'balance'];
const DEFAULT_BASE = 'reports';

/** @throws UserError exit 2 */
export function parseOutputOptions(given: GivenOptions, isTerminal: boolean): OutputOptions {
  const named = given.list('table').map((one) => requireChoice(one, OUTPUT_NAMES, 'summary'));
  const tables = named.length === 0 ? DEFAULT_TABLES : [...new Set(named)];
  const format = given.find('format');
  const isOneInPipe = named.length > 0 && tables.length === 1 && !isTerminal;
  const chosen = requireChoice(format, OUTPUT_FORMATS, isOneInPipe ? 'csv' : 'table');
  if (chosen === 'csv' && (named.length === 0 || tables.length !== 1)) {
    throw new UserError({
      code: 'csv_needs_one_table',
      exitCode: EXIT.usage,
      message: 'csv on stdout is one table',
      found: named.length === 0 ? 'no --table' : tables.join(', '),
      expected: 'exactly one --table',
      hint: `name one with --table, of ${OUTPUT_NAMES.join(', ')}; the run folder has all of them as CSV`,
    });
  }
  return { tables, format: chosen };
}

/** Where the run folder goes; null with --no-save. @throws UserError exit 2 */
export function parseRunFolderTarget(
  given: GivenOptions,
  io: Pick<CliIo, 'cwd'>,
  run: { readonly strategy: string; readonly symbol: string; readonly startMs: number },
): RunFolderTarget | null {
  const out = given.find('out');
  // A flag --out says more than a no-save of the config file.
  const isOutStronger = out !== undefined && compareSources(given.sourceOf('out'), given.sourceOf('no-save')) > 0;
  if (given.isOn('no-save') && !isOutStronger) return null;
  if (out === undefined) {
    const name = runFolderName(run.strategy, run.symbol, run.startMs);
    return { kind: 'free', baseDir: resolve(io.cwd, DEFAULT_BASE), name };
  }
  if (out.text.trim() === '') throw badOption(out, 'names no folder');
  return { kind: 'exact', dir: resolve(io.cwd, out.text) };
}
