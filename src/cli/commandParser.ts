/**
 * Reads the words of a command line: which command, its arguments and flags, or a text to print (help). The only file that knows
 * commander. Options are texts here; what they mean is the business of the files that parse them.
 */

import { Command as CommanderCommand, CommanderError, Option } from 'commander';
import { EXIT, type ExitCode, invariant, UserError } from '../errors.js';
import { type Call, COMMANDS, type Command, type CommandWords, GROUPS } from './commands.js';
import type { FlagValues } from './givenOptions.js';
import type { OptionSpec } from './runOptionTable.js';
import { loadVersion } from './version.js';

/** What is to be done: a command, or a text to be printed and the exit code that goes with it. */
export type Request = Call | { readonly text: string; readonly exitCode: ExitCode };

const EXAMPLES = `Examples:
  backtest run --strategy strategies/ema-cross.ts --data data/XBTUSD.csv
  backtest run --strategy x.ts --data XBTUSD.csv --table stop_trades --format csv > stops.csv
  backtest calc liquidation_price --side long --contract-type inverse --qty 10000 --entry-price 8000 --leverage 10
  backtest audit reports/ema-cross-XBTUSD-20260131T101500Z
  backtest check strategies/ema-cross.ts --data data/XBTUSD.csv
  backtest replay --orders orders.csv --data XBTUSD.csv
  backtest init my-strategies
  backtest help run
`;

/** Width of help that goes into a pipe. */
const HELP_COLUMNS = 100;

/** A command that is not called has a name and nothing else. */
const NO_WORDS: CommandWords = { options: [], examples: '', notes: '' };

/** @param columns of the terminal, null without one. @throws UserError exit 2 */
export async function parseRequest(argv: readonly string[], columns: number | null): Promise<Request> {
  let text = '';
  let call: Call | undefined;
  const program = createProgram(columns, (part) => {
    text += part;
  });
  const groups = new Map<string, CommanderCommand>();
  for (const command of COMMANDS) {
    const words = command.name.split(' ').every((word) => argv.includes(word)) ? await command.words() : NO_WORDS;
    addCommand(findGroup(program, groups, command.name), command, words, (args, flags) => {
      call = { command, words, args, flags };
    });
  }
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const isHelp = error.code === 'commander.help' || error.code === 'commander.helpDisplayed';
    if (!isHelp && error.code !== 'commander.version') throw usageError(error, argv);
    return { text, exitCode: error.exitCode === 0 ? EXIT.done : EXIT.usage };
  }
  invariant(call !== undefined, 'the parser neither stopped nor called a command');
  return call;
}

/** The program without its commands; everything the parser prints goes to `write`. */
function createProgram(columns: number | null, write: (part: string) => void): CommanderCommand {
  const program = new CommanderCommand('backtest')
    .description('Backtests of trading strategies on crypto perpetual futures: exact money, venue-true margin.')
    .version(loadVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('before', EXAMPLES)
    .exitOverride()
    .configureOutput({
      writeOut: write,
      writeErr: write,
      outputError: () => {},
      getOutHelpWidth: () => columns ?? HELP_COLUMNS,
      getErrHelpWidth: () => columns ?? HELP_COLUMNS,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  return program.helpCommand('help [command]', 'print the help of a command');
}

/** The program, or the command of which this one is a part. */
function findGroup(program: CommanderCommand, groups: Map<string, CommanderCommand>, name: string): CommanderCommand {
  const [first, second] = name.split(' ');
  if (second === undefined) return program;
  const known = groups.get(first!);
  if (known !== undefined) return known;
  const group = program
    .command(first!)
    .description(GROUPS.get(first!)!)
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false);
  groups.set(first!, group);
  return group;
}

function addCommand(
  program: CommanderCommand,
  { name, about, takes }: Command,
  { options, examples, notes }: CommandWords,
  onCall: (args: readonly (string | undefined)[], flags: FlagValues) => void,
): void {
  const command = program
    .command(name.split(' ').at(-1)!)
    .description(about)
    .helpOption('-h, --help', 'print this help')
    .addHelpText('before', examples)
    .addHelpText('after', notes)
    .action(() => onCall(command.processedArgs, collectFlags(command)));
  for (const one of takes) command.argument(one.form, one.about, one.default);
  for (const spec of options) command.addOption(toOption(spec));
}

function toOption(spec: OptionSpec): Option {
  if (spec.value === null) return new Option(`--${spec.name}`, spec.description).helpGroup(spec.group);
  return new Option(`--${spec.name} <${spec.value}>`, spec.description)
    .helpGroup(spec.group)
    .argParser((value: string, before: readonly string[] | undefined) => {
      if (value.startsWith('--')) {
        throw new CommanderError(
          EXIT.usage,
          'backtest.noValue',
          `error: option --${spec.name} has no value, but ${value}`,
        );
      }
      return [...(before ?? []), value];
    });
}

function collectFlags(command: CommanderCommand): FlagValues {
  const flags = new Map<string, readonly string[]>();
  for (const option of command.options) {
    const key = option.attributeName();
    if (command.getOptionValueSource(key) !== 'cli') continue;
    const name = option.long!.slice(2);
    const value: unknown = command.getOptionValue(key);
    flags.set(name, Array.isArray(value) ? value : []);
  }
  return flags;
}

/** The parser's own words, its `(Did you mean …?)` as what to do. */
function usageError(error: CommanderError, argv: readonly string[]): UserError {
  const [message = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const isOfCommand = !error.code.includes('unknownCommand') || GROUPS.has(argv[0] ?? '');
  const called = COMMANDS.find(({ name }) => name.split(' ').every((word, i) => word === argv[i]));
  const command = called?.name ?? (GROUPS.has(argv[0] ?? '') ? argv[0] : 'run');
  return new UserError({
    code: 'usage',
    exitCode: EXIT.usage,
    message,
    hint: suggestion?.replace(/^\(D(.*)\)$/, 'd$1') ?? `see backtest ${isOfCommand ? `${command} ` : ''}--help`,
  });
}
