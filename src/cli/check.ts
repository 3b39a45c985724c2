/**
 * `backtest check STRATEGY`: the types of a strategy, and the look-ahead proof. The table of what was checked goes to stdout, every
 * finding to stderr with the author's line, and the exit code is 1 when there is one. How each half works is checkTypes.ts and
 * checkRuns.ts.
 */

import { realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { EXIT, type ExitCode, UserError } from '../errors.js';
import { formatCsvLine } from '../report/csv.js';
import { formatJsonArray, formatJsonObject } from '../report/json.js';
import { OUTPUT_FORMATS } from '../report/output.js';
import type { TextTable } from '../report/tableLayout.js';
import { drawTable } from '../report/terminal.js';
import { loadStrategy } from '../strategy/loader.js';
import { formatPath } from '../strategy/userFrames.js';
import { findStrategyStore } from './cacheFolder.js';
import { type CheckRow, describeFindings, lookAheadRows, typesRow } from './checkFindings.js';
import { CheckMarket } from './checkMarket.js';
import { CheckInterrupted, compareRuns, type LookAheadResult } from './checkRuns.js';
import { findTypeErrors, findTypeScript, type TypeProblem, typeScriptPlaces } from './checkTypes.js';
import { isColorWanted } from './cliStreams.js';
import type { CommandContext } from './commandContext.js';
import { formatCount } from './dataWarnings.js';
import { badOption, type GivenOptions, requireChoice } from './givenOptions.js';
import { printError } from './printError.js';
import { createProgressLine } from './progressLine.js';
import { prepareRun } from './runPlan.js';

const COLUMNS = ['check', 'result', 'compared', 'findings'] as const;
const DEFAULT_CUTS = 5;
const MOST_CUTS = 1000;

/**
 * @param strategyPath as the user wrote it.
 * @throws UserError exit 1 when the strategy cannot be run at all, 2, 3; findings are printed, and the exit code is 1
 */
export async function check(strategyPath: string, context: CommandContext): Promise<ExitCode> {
  const format = requireChoice(context.given.find('format'), OUTPUT_FORMATS, 'table');
  const cuts = parseCuts(context.given);
  const errors = await checkTypes(strategyPath, context);
  const proof = await proveCalls(strategyPath, cuts, context);
  if (proof === null) return EXIT.interrupted;
  const rows = [typesRow(proof.authorFiles, errors), ...lookAheadRows(proof.result, proof.dataFiles)];
  await printTable(rows, format, context);
  return rows.some(({ result }) => result === 'fail') ? EXIT.strategy : EXIT.done;
}

function parseCuts(given: GivenOptions): number {
  const cuts = given.find('cuts');
  if (cuts === undefined) return DEFAULT_CUTS;
  const count = Number(cuts.text);
  if (/^\d{1,4}$/.test(cuts.text.trim()) && count >= 1 && count <= MOST_CUTS) return count;
  throw badOption(cuts, 'is not a number of cuts', `a whole number from 1 to ${MOST_CUTS}`);
}

/** Checks the types and says what came of it. @returns null when there is no TypeScript. */
async function checkTypes(strategyPath: string, { io, log }: CommandContext): Promise<readonly TypeProblem[] | null> {
  const file = requireStrategyFile(strategyPath, io.cwd);
  const typeScript = findTypeScript(typeScriptPlaces(file, io.cwd));
  if (typeScript === null) {
    log.warn(
      'types: not checked, because there is no typescript: npm install typescript, beside backtest or the strategy',
    );
    return null;
  }
  const errors = await findTypeErrors(typeScript, file);
  for (const { file: where, line, column, code, message } of errors) {
    if (where === null) {
      log.error(`${message} (${code})`, { code: 'type_error', type_script: code });
      continue;
    }
    const path = formatPath(where, io.cwd);
    const fields = { code: 'type_error', type_script: code, file: path, line, column };
    log.error(`${path}:${line}:${column}: ${message} (${code})`, fields);
  }
  const found = errors.length === 0 ? 'no errors' : formatCount(errors.length, 'error');
  log.info(`types: ${found} (TypeScript ${typeScript.version})`);
  return errors;
}

function requireStrategyFile(path: string, cwd: string): string {
  const full = resolve(cwd, path);
  if (statSync(full, { throwIfNoEntry: false })?.isFile() === true) return realpathSync(full);
  throw new UserError({
    code: 'strategy_missing',
    exitCode: EXIT.strategy,
    message: 'the strategy file cannot be read',
    place: { file: path },
    expected: 'a file that exists and may be read',
  });
}

interface Proof {
  /** Null without data. */
  readonly result: LookAheadResult | null;
  /** Files of the strategy, and of the data. */
  readonly authorFiles: number;
  readonly dataFiles: number;
}

/** Runs the look-ahead half and prints what it found; null when it was interrupted. */
async function proveCalls(strategyPath: string, cuts: number, context: CommandContext): Promise<Proof | null> {
  const { given, io, log, strategyFiles } = context;
  if (given.list('data').length === 0) {
    const { inputs } = await loadStrategy(strategyPath, io.cwd, findStrategyStore(io));
    log.warn('look-ahead: not checked, because it needs candles: give --data FILE');
    return { result: null, authorFiles: inputs.length, dataFiles: 0 };
  }
  const { plan, data } = await prepareRun({ ...context, given: asGivenToRun(given, strategyPath) });
  const progress = createProgressLine(context.stderr, io, given.isOn('no-progress'));
  const signals = listenForTheEnd(context);
  try {
    const market = await CheckMarket.load(plan, data, io.cwd);
    requireBars(market);
    const { cwd, now } = io;
    const storeFolder = findStrategyStore(io);
    const { isInterrupted } = signals;
    const result = await compareRuns({
      plan,
      market,
      cuts,
      cwd,
      storeFolder,
      now,
      isInterrupted,
      onProgress: progress.show,
    });
    signals.throwUncaught();
    progress.end();
    for (const finding of describeFindings(result, strategyPath, io.cwd)) {
      printError(finding, { log, stderr: context.stderr, cwd: io.cwd, strategyFiles });
    }
    sayOutcome(result, context);
    return { result, authorFiles: plan.strategy.inputs.length, dataFiles: market.files.length };
  } catch (error) {
    signals.throwUncaught();
    if (!(error instanceof CheckInterrupted)) throw error;
    log.warn('interrupted: nothing was proved');
    return null;
  } finally {
    progress.end();
    signals.stop();
    await data.close();
  }
}

/** The options as `run` would have been given them: what is written to disk is written by nobody. */
function asGivenToRun(given: GivenOptions, strategyPath: string): GivenOptions {
  const strategy = { text: strategyPath, label: 'STRATEGY' };
  return {
    ...given,
    find: (name) => (name === 'strategy' ? strategy : name === 'format' ? undefined : given.find(name)),
    list: (name) => (name === 'strategy' ? [strategy] : given.list(name)),
    isOn: (name) => name === 'no-save' || given.isOn(name),
    sourceOf: (name) => (name === 'no-save' || name === 'strategy' ? 'flag' : given.sourceOf(name)),
  };
}

interface Signals {
  isInterrupted(): boolean;
  /** @throws what a timer or a promise of the strategy's has thrown. */
  throwUncaught(): void;
  stop(): void;
}

function listenForTheEnd({ io }: CommandContext): Signals {
  let isOver = false;
  const uncaught: unknown[] = [];
  const stops = [
    io.onInterrupt(() => {
      isOver = true;
    }),
    io.onUncaught?.((error) => {
      isOver = true;
      uncaught.push(error);
    }),
  ];
  return {
    isInterrupted: () => isOver,
    throwUncaught() {
      if (uncaught.length > 0) throw uncaught[0];
    },
    stop() {
      for (const stop of stops) stop?.();
    },
  };
}

function requireBars({ closesMs }: CheckMarket): void {
  if (closesMs.length >= 2) return;
  throw new UserError({
    code: 'no_bars_in_period',
    exitCode: EXIT.data,
    message: 'there is no future to scramble',
    found: formatCount(closesMs.length, 'bar'),
    expected: 'two bars or more in the period',
  });
}

/** One line on what was proved, and what the proof did not see. */
function sayOutcome(result: LookAheadResult, { io, log }: CommandContext): void {
  const { calls, cuts, determinism, lookAhead, carryOver, opened } = result;
  for (const { path, watched, frame } of opened) {
    if (watched !== null || frame === null) continue;
    const where = `${formatPath(frame.file, io.cwd)}:${frame.line}:${frame.column}`;
    log.warn(`look-ahead: ${where} opens ${formatPath(path, io.cwd)}: what is in it was not scrambled`);
  }
  if (determinism.difference !== null) {
    log.info('look-ahead: not proved, because two equal runs differ');
    return;
  }
  if (calls === 0) {
    log.warn('look-ahead: the strategy made no call in this run, so nothing was compared');
    return;
  }
  if (lookAhead?.difference !== null || carryOver?.difference !== null) return;
  log.info(
    `look-ahead: none seen: ${formatCount(cuts, 'cut')}, ` +
      `${formatCount(lookAhead.compared + carryOver.compared, 'call')} compared, all the same`,
  );
}

async function printTable(
  rows: readonly CheckRow[],
  format: (typeof OUTPUT_FORMATS)[number],
  { given, io, stdout }: CommandContext,
): Promise<void> {
  const style = { columns: stdout.columns, color: isColorWanted(io.stdout, io.env, given.isOn('no-color')) };
  const pieces =
    format === 'table' ? drawTable(asText(rows), style) : format === 'csv' ? formatCsv(rows) : formatJson(rows);
  for (const piece of pieces) await stdout.write(piece);
}

function cellsOf(row: CheckRow): string[] {
  return [row.check, row.result, String(row.compared), String(row.findings)];
}

function asText(rows: readonly CheckRow[]): TextTable {
  const hasFailed = rows.some(({ result }) => result === 'fail');
  const isWhole = rows.every(({ result }) => result === 'pass');
  return {
    title: 'check',
    columns: COLUMNS.map((name, i) => ({
      name,
      heading: [name],
      align: i < 2 ? ('left' as const) : ('right' as const),
      priority: i,
      canShrink: false,
    })),
    rowCount: rows.length,
    row: (index) => cellsOf(rows[index]!),
    isToned: () => false,
    notes: [hasFailed ? 'not all passed' : isWhole ? 'all passed' : 'what was checked passed'],
    gap: null,
    elsewhere: '',
  };
}

function* formatCsv(rows: readonly CheckRow[]): Generator<string> {
  yield formatCsvLine(COLUMNS);
  for (const row of rows) yield formatCsvLine(cellsOf(row));
}

function* formatJson(rows: readonly CheckRow[]): Generator<string> {
  const objects = rows.map((row) =>
    formatJsonObject([
      ['check', JSON.stringify(row.check)],
      ['result', JSON.stringify(row.result)],
      ['compared', String(row.compared)],
      ['findings', String(row.findings)],
    ]),
  );
  yield* formatJsonArray(objects, '');
  yield '\n';
}
