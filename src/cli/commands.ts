/**
 * The commands of the program: what they are called, what they take, where they are. The words of a command's help and its code are
 * each in a file of its own, which is loaded when that command is called, so that none pays for another.
 */

import type { ExitCode } from '../errors.js';
import type { CliIo, TableStream } from './cliStreams.js';
import type { CommandContext } from './commandContext.js';
import type { FlagValues } from './givenOptions.js';
import type { OptionSpec } from './runOptionTable.js';

/** What the parser and the help of a command need. */
export interface CommandWords {
  /** Its flags. */
  readonly options: readonly OptionSpec[];
  /** What may be said of it by flags, the environment and a config file together; the flags when absent. */
  readonly settings?: readonly OptionSpec[];
  /** What its config file may hold; the settings when absent. */
  readonly inConfig?: readonly OptionSpec[];
  readonly examples: string;
  readonly notes: string;
}

export interface CommandArgument {
  /** As help shows it: `<required>` or `[optional]`. */
  readonly form: string;
  readonly about: string;
  readonly default?: string;
}

/** One for each that the command takes; undefined for an optional one that was not given. */
export type Arguments = readonly (string | undefined)[];

interface Named {
  /** One word, or two of which the first is one of GROUPS. */
  readonly name: string;
  readonly about: string;
  readonly takes: readonly CommandArgument[];
  readonly words: () => Promise<CommandWords>;
}

/** A command whose options may also stand in the environment and in a config file. */
interface SettingsCommand extends Named {
  readonly start: (args: Arguments, context: CommandContext) => Promise<ExitCode>;
}

/** A command whose flags are the inputs of a request. */
interface RequestCommand extends Named {
  readonly answer: (args: Arguments, flags: FlagValues, io: CliIo, stdout: TableStream) => Promise<ExitCode>;
}

export type Command = SettingsCommand | RequestCommand;

/** A command as it was called. */
export interface Call {
  readonly command: Command;
  readonly words: CommandWords;
  readonly args: Arguments;
  readonly flags: FlagValues;
}

export const COMMANDS: readonly Command[] = [
  {
    name: 'run',
    about: 'Run one strategy over candles: tables to stdout, files to a run folder.',
    takes: [],
    words: async () => (await import('./runOptionTable.js')).RUN_WORDS,
    start: async (_, context) => (await import('./run.js')).run(context),
  },
  {
    name: 'replay',
    about: 'No strategy: a table of orders or of fills through the same settlement, with the same tables and files.',
    takes: [],
    words: async () => (await import('./replayOptionTable.js')).REPLAY_WORDS,
    start: async (_, context) => (await import('./replay.js')).replay(context),
  },
  {
    name: 'calc',
    about: 'Margin calculator: JSON lines in, JSON lines out; or one request as flags, and a table.',
    takes: [{ form: '[kind]', about: 'what to compute; without it requests come on stdin' }],
    words: async () => (await import('./calcOptionTable.js')).CALC_WORDS,
    answer: async ([kind], flags, io, stdout) =>
      (await import('./calc.js')).calc({ kind: kind ?? null, flags }, io, stdout),
  },
  {
    name: 'audit',
    about: 'Add up the tables of an earlier run again: bills, balances, fills, summary.',
    takes: [{ form: '<run>', about: 'its run folder' }],
    words: async () => (await import('./auditOptionTable.js')).AUDIT_WORDS,
    start: async ([folder], context) => (await import('./audit.js')).audit(folder!, context),
  },
  {
    name: 'check',
    about: 'Check the types of a strategy, and that it does not look ahead: another future, the same calls.',
    takes: [{ form: '<strategy>', about: 'TypeScript or JavaScript module' }],
    words: async () => (await import('./checkOptionTable.js')).CHECK_WORDS,
    start: async ([strategy], context) => (await import('./check.js')).check(strategy!, context),
  },
  {
    name: 'init',
    about: 'Begin a folder of your own: a strategy, a config file, a tsconfig for the editor, sample candles.',
    takes: [{ form: '[dir]', about: 'the folder; made when it is not there', default: '.' }],
    words: async () => (await import('./initOptionTable.js')).INIT_WORDS,
    start: async ([folder], context) => (await import('./init.js')).init(folder!, context),
  },
  {
    name: 'data check',
    about: 'Read a file of candles and say what is in it: kind, interval, gaps, and rows that cannot be used.',
    takes: [{ form: '<file>', about: '[SYMBOL=]FILE; - is stdin' }],
    words: async () => (await import('./dataOptionTable.js')).DATA_CHECK_WORDS,
    start: async ([file], context) => (await import('./dataCheck.js')).dataCheck(file!, context),
  },
  {
    name: 'data convert',
    about: 'Write a file of candles as plain CSV, with its own bars or longer ones.',
    takes: [
      { form: '<in>', about: '[SYMBOL=]FILE; - is stdin' },
      { form: '<out>', about: 'a .csv file; - is stdout' },
    ],
    words: async () => (await import('./dataOptionTable.js')).DATA_CONVERT_WORDS,
    start: async ([from, to], context) => (await import('./dataConvert.js')).dataConvert(from!, to!, context),
  },
  {
    name: 'data store',
    about: 'Say what the store of parsed candles holds, or empty it.',
    takes: [],
    words: async () => (await import('./dataOptionTable.js')).DATA_STORE_WORDS,
    start: async (_, context) => (await import('./dataStore.js')).dataStore(context),
  },
];

/** What the first word of commands with two words is about. */
export const GROUPS: ReadonlyMap<string, string> = new Map([['data', 'Files of candles: check, convert, store.']]);
