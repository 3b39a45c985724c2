/**
 * Turns whatever was thrown into one block on stderr and an exit code: what happened, where, what was found and expected,
 * what to do. A strategy's own error leads to its line; anything unknown is a bug of ours and shows its stack. With the JSON
 * log the same facts are one object.
 */

import { EXIT, type ExitCode, InvariantError, type Place, UserError } from '../errors.js';
import { findUserFrames, formatPath, type UserFrame } from '../strategy/userFrames.js';
import type { DiagnosticStream } from './cliStreams.js';
import { escapeControls, type Log, type LogFields } from './log.js';

export interface ErrorContext {
  readonly log: Log;
  readonly stderr: DiagnosticStream;
  readonly cwd: string;
  /** Absolute paths of the strategy's files, once it has been loaded. */
  readonly strategyFiles: ReadonlySet<string>;
}

/** Frames of the author's shown without --verbose: where it was thrown and who called that. */
const FRAMES_SHOWN = 3;

interface ErrorBlock {
  readonly exitCode: ExitCode;
  readonly code: string;
  readonly message: string;
  readonly place: Place | undefined;
  readonly found?: string | undefined;
  readonly expected?: string | undefined;
  readonly hint?: string | undefined;
  /** Further lines of the author's, innermost first. */
  readonly frames: readonly UserFrame[];
  /** Whole stack; shown when `alwaysStack` or with --verbose. */
  readonly stack: string | undefined;
  readonly alwaysStack: boolean;
}

/** Prints the error and returns the exit code it stands for. */
export function printError(error: unknown, context: ErrorContext): ExitCode {
  const block = describeError(error, context);
  const showsStack = block.alwaysStack || context.log.settings.level === 'debug';
  if (context.log.settings.format === 'json') {
    context.log.error(block.message, fieldsOf(block, showsStack));
  } else {
    context.stderr.write(formatBlock(block, showsStack, context.cwd));
  }
  return block.exitCode;
}

function describeError(error: unknown, context: ErrorContext): ErrorBlock {
  const strategyError = findStrategyError(error, context.strategyFiles);
  if (strategyError !== undefined) return describeStrategyError(error, strategyError.thrown, context);
  if (error instanceof UserError) {
    const { exitCode, code, message, place, found, expected, hint } = error;
    const stack = stackOf(error);
    return { exitCode, code, message, place, found, expected, hint, frames: [], stack, alwaysStack: false };
  }
  return {
    exitCode: EXIT.internal,
    code: error instanceof InvariantError ? 'invariant' : 'internal',
    message: `this is a bug in backtest, not in your files: ${messageOf(error)}`,
    place: undefined,
    hint: 'please report it with the command line and the lines below; no run folder was written',
    frames: [],
    stack: stackOf(error),
    alwaysStack: true,
  };
}

/** What the strategy threw while it ran: the cause of the engine's `strategy_threw`, or an error from the author's lines. */
function findStrategyError(error: unknown, files: ReadonlySet<string>): { thrown: unknown } | undefined {
  if (error instanceof UserError) return error.code === 'strategy_threw' ? { thrown: error.cause } : undefined;
  if (error instanceof InvariantError) return undefined;
  return findUserFrames(error, files).length > 0 ? { thrown: error } : undefined;
}

function describeStrategyError(error: unknown, thrown: unknown, context: ErrorContext): ErrorBlock {
  if (thrown instanceof InvariantError) return describeError(thrown, { ...context, strategyFiles: new Set() });
  const frames = findUserFrames(thrown, context.strategyFiles);
  const top = frames[0];
  const place = error instanceof UserError ? error.place : undefined;
  return {
    exitCode: EXIT.strategy,
    code: 'strategy_threw',
    message: nameThrown(error instanceof UserError ? error.message : 'the strategy threw', thrown),
    place: top === undefined ? place : { file: formatPath(top.file, context.cwd), line: top.line, column: top.column },
    hint: error instanceof UserError ? error.hint : undefined,
    frames: frames.slice(1, FRAMES_SHOWN),
    stack: stackOf(thrown),
    alwaysStack: false,
  };
}

/** `told` with the error's class before its message, which `told` may already end in. */
function nameThrown(told: string, thrown: unknown): string {
  const text = thrown instanceof Object && 'message' in thrown ? String(thrown.message) : String(thrown);
  const stem = text !== '' && told.endsWith(text) ? told.slice(0, -text.length).replace(/:? *$/, '') : told;
  return `${stem}: ${messageOf(thrown)}`;
}

function messageOf(error: unknown): string {
  if (error instanceof Object && 'message' in error && 'name' in error) return `${error.name}: ${error.message}`;
  return typeof error === 'string' ? error : String(error);
}

function stackOf(error: unknown): string | undefined {
  if (!(error instanceof Object) || !('stack' in error) || typeof error.stack !== 'string') return undefined;
  const cause = 'cause' in error && error.cause !== undefined ? stackOf(error.cause) : undefined;
  return cause === undefined ? error.stack : `${error.stack}\ncaused by ${cause}`;
}

/** `strategies/x.ts:12:9`, as editors and terminals make it a link; a column that has a name is written out. */
function formatPlace(place: Place): string {
  const parts = [place.file ?? '', place.line === undefined ? '' : String(place.line)];
  if (typeof place.column === 'number') parts.push(String(place.column));
  const joined = parts.filter((part) => part !== '').join(':');
  return typeof place.column === 'string' ? `${joined}, column ${place.column}` : joined;
}

function formatBlock(block: ErrorBlock, showsStack: boolean, cwd: string): string {
  const lines = [`error: ${block.message}`];
  const add = (name: string, text: string | undefined): void => {
    if (text !== undefined && text !== '')
      lines.push(`  ${`${name}:`.padEnd(10)}${text.replaceAll('\n', `\n${' '.repeat(12)}`)}`);
  };
  add('at', block.place === undefined ? undefined : formatPlace(block.place));
  for (const { file, line, column, functionName } of block.frames) {
    const from = formatPlace({ file: formatPath(file, cwd), line, column });
    add('from', functionName === null ? from : `${from} (${functionName})`);
  }
  add('found', block.found);
  add('expected', block.expected);
  add('do', block.hint);
  if (showsStack && block.stack !== undefined) lines.push(block.stack);
  return `${escapeControls(lines.join('\n'))}\n`;
}

function fieldsOf(block: ErrorBlock, showsStack: boolean): LogFields {
  const all: Record<string, string | number | undefined> = {
    code: block.code,
    exit_code: block.exitCode,
    file: block.place?.file,
    line: block.place?.line,
    column: block.place?.column,
    found: block.found,
    expected: block.expected,
    hint: block.hint,
    stack: showsStack ? block.stack : undefined,
  };
  const fields: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(all)) if (value !== undefined) fields[name] = value;
  return fields;
}
