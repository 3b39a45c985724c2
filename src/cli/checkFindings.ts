/**
 * What `backtest check` found, in words: the rows of its table, and an error for each finding with the author's line, what was called
 * and what should have been. Nothing is decided here but the wording.
 */

import { EXIT, type Place, UserError } from '../errors.js';
import { formatTime } from '../market/timestamps.js';
import type { StrategyCall } from '../strategy/lookAheadCalls.js';
import type { OpenedFile } from '../strategy/lookAheadFiles.js';
import { formatPath, type UserFrame } from '../strategy/userFrames.js';
import type { Comparison, LookAheadResult, RunDifference } from './checkRuns.js';
import type { TypeProblem } from './checkTypes.js';

export interface CheckRow {
  readonly check: 'types' | 'determinism' | 'look_ahead' | 'carry_over' | 'data_files';
  readonly result: 'pass' | 'fail' | 'skipped';
  /** Files of the author, of `data_files` files of the run, else calls. */
  readonly compared: number;
  readonly findings: number;
}

export function typesRow(files: number, errors: readonly TypeProblem[] | null): CheckRow {
  if (errors === null) return { check: 'types', result: 'skipped', compared: 0, findings: 0 };
  return { check: 'types', result: errors.length === 0 ? 'pass' : 'fail', compared: files, findings: errors.length };
}

/** @param result null when there were no data; `files` are those of the run. */
export function lookAheadRows(result: LookAheadResult | null, files: number): CheckRow[] {
  const opened = result === null ? 0 : result.opened.filter(({ watched }) => watched !== null).length;
  return [
    rowOf('determinism', result?.determinism ?? null),
    rowOf('look_ahead', result?.lookAhead ?? null),
    rowOf('carry_over', result?.carryOver ?? null),
    result === null
      ? { check: 'data_files', result: 'skipped', compared: 0, findings: 0 }
      : { check: 'data_files', result: opened === 0 ? 'pass' : 'fail', compared: files, findings: opened },
  ];
}

function rowOf(check: CheckRow['check'], comparison: Comparison | null): CheckRow {
  if (comparison === null) return { check, result: 'skipped', compared: 0, findings: 0 };
  const { compared, difference } = comparison;
  return { check, result: difference === null ? 'pass' : 'fail', compared, findings: difference === null ? 0 : 1 };
}

/** One error a finding, in the order of the table. */
export function describeFindings(result: LookAheadResult, strategyPath: string, cwd: string): UserError[] {
  const placeOf = (frame: UserFrame | null): Place =>
    frame === null
      ? { file: strategyPath }
      : { file: formatPath(frame.file, cwd), line: frame.line, column: frame.column };
  const { determinism, lookAhead, carryOver } = result;
  const findings: UserError[] = [];
  if (determinism.difference !== null) findings.push(notDeterministic(determinism.difference, placeOf));
  if (lookAhead !== null && lookAhead.difference !== null) findings.push(looksAhead(lookAhead.difference, placeOf));
  if (carryOver !== null && carryOver.difference !== null) findings.push(carriesOver(carryOver.difference, placeOf));
  const opened = result.opened.filter(({ watched }) => watched !== null);
  return [...findings, ...opened.map((file) => opensData(file, placeOf(file.frame), cwd))];
}

type PlaceOf = (frame: UserFrame | null) => Place;

function notDeterministic(difference: RunDifference, placeOf: PlaceOf): UserError {
  return new UserError({
    code: 'not_deterministic',
    exitCode: EXIT.strategy,
    message: `the strategy is not deterministic: two equal runs part at ${formatTime(difference.timeMs)}`,
    place: placeOf(difference.frame),
    found: formatCall(difference.second, 'in the second run'),
    expected: formatCall(difference.first, 'in the first'),
    hint:
      'Math.random and Date are those of the run inside the callbacks only, not at the top of the module and not in timers; ' +
      'nor may one run find what another has left in globalThis or in a file',
  });
}

function looksAhead(difference: RunDifference, placeOf: PlaceOf): UserError {
  const cut = formatTime(difference.cutMs ?? 0);
  return new UserError({
    code: 'look_ahead',
    exitCode: EXIT.strategy,
    message: `the strategy looks ahead: with other prices after ${cut} it orders otherwise at ${formatTime(difference.timeMs)}`,
    place: placeOf(difference.frame),
    found: formatCall(difference.second, 'with another future'),
    expected: formatCall(difference.first, 'with the true one'),
    hint: 'decide by what the context tells: it holds what has closed, and nothing else was known',
  });
}

function carriesOver(difference: RunDifference, placeOf: PlaceOf): UserError {
  return new UserError({
    code: 'carry_over',
    exitCode: EXIT.strategy,
    message: `the strategy keeps something from one run to the next: run again, it orders otherwise at ${formatTime(difference.timeMs)}`,
    place: placeOf(difference.frame),
    found: formatCall(difference.second, 'after a run that saw the whole data'),
    expected: formatCall(difference.first, 'in the first run'),
    hint: 'keep what changes in the state that initialize returns, not in variables of the module',
  });
}

function opensData(file: OpenedFile, place: Place, cwd: string): UserError {
  return new UserError({
    code: 'reads_data',
    exitCode: EXIT.strategy,
    message: 'the strategy opens a data file of the run, and the future is in it',
    place,
    found: formatPath(file.path, cwd),
    hint: 'take bars, marks and funding from the context',
  });
}

function formatCall(call: StrategyCall | null, when: string): string {
  return call === null ? `no such call, ${when}` : `${formatTime(call.timeMs)} ${call.text}, ${when}`;
}
