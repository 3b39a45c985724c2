/**
 * `backtest calc`: requests as JSON lines on stdin, one answer a line on stdout, in order; or one request as flags, with a
 * table for people. What a request means is calc/calculate.ts. A wrong request is an answer that says so, and exit 2 at the end.
 */

import { createInterface } from 'node:readline';
import { calculate, KINDS } from '../calc/calculate.js';
import { INPUTS } from '../calc/dictionary.js';
import type { Outputs, OutputValue } from '../calc/outputs.js';
import { EXIT, type ExitCode, UserError } from '../errors.js';
import { escapeControls, type TextTable } from '../report/tableLayout.js';
import { drawTable } from '../report/terminal.js';
import { type CliIo, isColorWanted, type TableStream } from './cliStreams.js';
import { type FlagValues, nearest } from './givenOptions.js';

/** What a call of the command asks for. */
export interface CalcCall {
  /** Null when requests come on stdin. */
  readonly kind: string | null;
  /** Given flags by option name. */
  readonly flags: FlagValues;
}

/** @throws UserError exit 2 for a wrong request in flags; exit 5 where stdout cannot be written */
export async function calc(call: CalcCall, io: CliIo, stdout: TableStream): Promise<ExitCode> {
  if (call.kind !== null) return await answerFlags(call.kind, call.flags, io, stdout);
  const [flag] = call.flags.keys();
  if (flag !== undefined) throw usage(`--${flag} needs a kind of request`, `backtest calc KIND --${flag} …`);
  return await answerLines(io, stdout);
}

async function answerLines(io: CliIo, stdout: TableStream): Promise<ExitCode> {
  if (io.stdin === undefined) throw usage('stdin is closed', 'send requests as JSON lines, or name a kind');
  let worst: ExitCode = EXIT.done;
  for await (const line of createInterface({ input: io.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue;
    const { text, code } = answerLine(line);
    if (code === EXIT.internal || worst === EXIT.done) worst = code;
    await stdout.write(`${text}\n`);
  }
  return worst;
}

/** One line of answer, and the exit code that it alone would have. */
function answerLine(line: string): { text: string; code: ExitCode } {
  try {
    return { text: JSON.stringify(calculate(parseLine(line))), code: EXIT.done };
  } catch (error) {
    const isUsers = error instanceof UserError;
    const message = error instanceof Error ? error.message : String(error);
    const text = JSON.stringify({ error: { code: isUsers ? error.code : 'internal', message } });
    return { text, code: isUsers ? EXIT.usage : EXIT.internal };
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError({ code: 'bad_json', exitCode: EXIT.usage, message: `not JSON: ${reason}`, cause: error });
  }
}

async function answerFlags(kind: string, flags: FlagValues, io: CliIo, stdout: TableStream): Promise<ExitCode> {
  if (!KINDS.includes(kind)) {
    throw new UserError({
      code: 'unknown_kind',
      exitCode: EXIT.usage,
      message: `unknown kind: ${kind}`,
      expected: `one of ${KINDS.join(', ')}`,
      hint: nearest(kind, KINDS) ?? 'see backtest calc --help',
    });
  }
  const inputs: Record<string, unknown> = {};
  for (const [option, values] of flags) {
    if (option === 'venue') continue;
    const name = option.replaceAll('-', '_');
    inputs[name] = INPUTS.get(name)?.type === 'flag' ? true : values.at(-1);
  }
  const venue = flags.get('venue')?.at(-1);
  const { outputs } = calculate({ kind, ...(venue === undefined ? {} : { venue }), inputs });
  const style = { columns: stdout.columns, color: isColorWanted(io.stdout, io.env, false) };
  const title = venue === undefined ? kind : `${kind} (${escapeControls(venue)})`;
  for (const part of drawTable(outputsAsText(title, outputs), style)) await stdout.write(part);
  return EXIT.done;
}

function usage(message: string, hint: string): UserError {
  return new UserError({ code: 'usage', exitCode: EXIT.usage, message, hint });
}

/** One row an output; lists and steps are rows by their place, `steps[0].qty`. */
function outputsAsText(title: string, outputs: Outputs): TextTable {
  const rows = Object.entries(outputs).flatMap(([name, value]) => flatten(name, value));
  return {
    title,
    columns: [
      { name: 'output', heading: ['output'], align: 'left', priority: 0, canShrink: false },
      { name: 'value', heading: ['value'], align: 'right', priority: 1, canShrink: false },
    ],
    rowCount: rows.length,
    row: (index) => rows[index] ?? [],
    isToned: () => false,
    notes: [],
    gap: null,
    elsewhere: '',
  };
}

function flatten(name: string, value: OutputValue): [string, string][] {
  if (value === null) return [[name, 'none']];
  if (typeof value === 'string') return [[name, value]];
  if (Array.isArray(value)) return value.flatMap((item: OutputValue, i) => flatten(`${name}[${i}]`, item));
  return Object.entries(value).flatMap(([key, item]) => flatten(`${name}.${key}`, item));
}
