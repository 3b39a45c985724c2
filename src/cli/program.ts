/**
 * The command line as a function: arguments and streams in, exit code out. It names the commands, prints help and versions,
 * turns a wrong word into a usage error, and starts a command. The only file that knows commander; what a command does is in
 * a file of its own, imported when it is called.
 */

import { Command, CommanderError, Option } from 'commander';
import { EXIT, type ExitCode, invariant, UserError } from '../errors.js';
import { AUDIT_EXAMPLES, AUDIT_NOTES, AUDIT_OPTIONS } from './auditOptionTable.js';
import type { CalcCall } from './calc.js';
import { CALC_EXAMPLES, CALC_NOTES, CALC_OPTIONS } from './calcOptionTable.js';
import { CHECK_EXAMPLES, CHECK_NOTES, CHECK_OPTIONS, CHECK_SETTINGS } from './checkOptionTable.js';
import { type CliIo, createDiagnosticStream, createTableStream } from './cliStreams.js';
import type { CommandContext } from './commandContext.js';
import { createGivenOptions, type FlagValues } from './givenOptions.js';
import { INIT_EXAMPLES, INIT_NOTES, INIT_OPTIONS } from './initOptionTable.js';
import { createLog } from './log.js';
import { guessLogSettings, requireLogSettings } from './logOptions.js';
import { printError } from './printError.js';
import { REPLAY_CONFIG_OPTIONS, REPLAY_OPTIONS } from './replayOptionTable.js';
import { type OptionSpec, RUN_OPTIONS } from './runOptionTable.js';
import { loadVersion } from './version.js';

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

const RUN_EXAMPLES = `Examples:
  backtest run --strategy strategies/ema-cross.ts --data data/XBTUSD.csv
  backtest run --strategy x.ts --data XBTUSD.bitmex=2020.csv.gz --mark mark.csv --funding funding.csv --leverage 10
  gunzip -c XBTUSD.csv.gz | backtest run --strategy x.ts --data XBTUSD=- --param fast=12 --param slow=26
  backtest run --strategy x.ts --data XBTUSD.csv --assert 'max_drawdown<0.3' --assert liquidations==0 --quiet
`;

const RUN_NOTES = `
Each option can also be given in the environment as BACKTEST_<NAME>, for example BACKTEST_BAR_TIME=close, where several values of
a repeatable option are separated by semicolons, and in a config file, which may hold accounts and params too. A flag wins over
the environment, the environment over the file; --print-config shows what is in force.

Exit codes: 0 done, 1 strategy failed, 2 usage, 3 data, 4 an --assert is false, 5 output, 70 a bug, 130 interrupted.`;

const REPLAY_EXAMPLES = `Examples:
  backtest replay --orders orders.csv --data XBTUSD.csv --leverage 10
  backtest replay --fills fills.csv --account main:exchange=bitmex,balance=2 --table bills --format csv
  backtest replay --fills fills.csv --data XBTUSD.csv --mark mark.csv --funding funding.csv --assert liquidations==0
`;

const REPLAY_NOTES = `
--orders: time, symbol, side, position_effect, qty; if you like account, type, price, trigger, order_style, order_style_value,
order_style_base, reduce_only, leverage, tag. --fills: time, symbol, side, qty, price; if you like account, fee, liquidity, order_id,
position_effect. docs/formats.md says what a cell means.

Exit codes: 0 done, 1 --strict and orders refused, 2 usage, 3 data, 4 an --assert is false, 5 output, 70 a bug, 130 interrupted.`;

/** Width of help that goes into a pipe. */
const HELP_COLUMNS = 100;

/** What the parser found to do. */
type Request =
  | { readonly kind: 'text'; readonly text: string; readonly exitCode: ExitCode }
  | { readonly kind: 'run'; readonly flags: FlagValues }
  | { readonly kind: 'replay'; readonly flags: FlagValues }
  | { readonly kind: 'audit'; readonly folder: string; readonly flags: FlagValues }
  | { readonly kind: 'check'; readonly strategy: string; readonly flags: FlagValues }
  | { readonly kind: 'init'; readonly folder: string; readonly flags: FlagValues }
  | { readonly kind: 'calc'; readonly call: CalcCall };

const OPTIONS_OF: Readonly<Record<Exclude<Request['kind'], 'text' | 'calc'>, readonly OptionSpec[]>> = {
  run: RUN_OPTIONS,
  replay: REPLAY_OPTIONS,
  audit: AUDIT_OPTIONS,
  check: CHECK_SETTINGS,
  init: INIT_OPTIONS,
};

/**
 * Runs the command line.
 *
 * @param argv without node and the script.
 * @returns the exit code; everything written has been handed to the streams.
 */
export async function runCommandLine(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  const stderr = createDiagnosticStream(io.stderr);
  const stdout = createTableStream(io.stdout, io.env);
  let log = await createLog(guessLogSettings(argv, io), stderr, io.now);
  const strategyFiles = new Set<string>();
  try {
    const request = parseRequest(argv, stdout.columns);
    if (request.kind === 'text') {
      if (request.exitCode === EXIT.done) await stdout.write(request.text);
      else stderr.write(request.text);
      return request.exitCode;
    }
    if (request.kind === 'calc') {
      const { calc } = await import('./calc.js');
      return await calc(request.call, io, stdout);
    }
    const options = OPTIONS_OF[request.kind];
    const { given, config } = await collectOptions(options, request.flags, io);
    log = await createLog(requireLogSettings(given, io), stderr, io.now);
    const context = { given, config, argv, io, stdout, stderr, log, strategyFiles };
    if (given.isOn('print-config')) {
      const { printConfig } = await import('./printConfig.js');
      return await printConfig(options, context);
    }
    if (request.kind === 'init') {
      const { init } = await import('./init.js');
      return init(request.folder, context);
    }
    if (request.kind === 'check') {
      const { check } = await import('./check.js');
      return await check(request.strategy, context);
    }
    if (request.kind === 'audit') {
      const { audit } = await import('./audit.js');
      return await audit(request.folder, context);
    }
    if (request.kind === 'replay') {
      const { replay } = await import('./replay.js');
      return await replay(context);
    }
    const { run } = await import('./run.js');
    return await run(context);
  } catch (error) {
    return printError(error, { log, stderr, cwd: io.cwd, strategyFiles });
  }
}

/** The options of a command with those of its config file, if it may have one. @throws UserError exit 2 */
async function collectOptions(
  options: readonly OptionSpec[],
  flags: FlagValues,
  io: CliIo,
): Promise<Pick<CommandContext, 'given' | 'config'>> {
  const given = createGivenOptions(options, flags, io.env);
  if (!options.some(({ name }) => name === 'config')) return { given, config: null };
  const { loadConfig } = await import('./configFile.js');
  const config = await loadConfig(given, options === REPLAY_OPTIONS ? REPLAY_CONFIG_OPTIONS : options, io.cwd);
  if (config === null) return { given, config };
  return { given: createGivenOptions(options, flags, io.env, config.options), config };
}

/** @param columns of the terminal, null without one. @throws UserError exit 2 */
function parseRequest(argv: readonly string[], columns: number | null): Request {
  let text = '';
  let request: Request | undefined;
  const program = createProgram(columns, (part) => {
    text += part;
  });
  const run = addCommand(program, 'run', RUN_OPTIONS, RUN_EXAMPLES, RUN_NOTES)
    .description('Run one strategy over candles: tables to stdout, files to a run folder.')
    .action(() => {
      request = { kind: 'run', flags: collectFlags(run) };
    });
  const replay = addCommand(program, 'replay', REPLAY_OPTIONS, REPLAY_EXAMPLES, REPLAY_NOTES)
    .description(
      'No strategy: a table of orders or of fills through the same settlement, with the same tables and files.',
    )
    .action(() => {
      request = { kind: 'replay', flags: collectFlags(replay) };
    });
  const calc = addCommand(program, 'calc', CALC_OPTIONS, CALC_EXAMPLES, CALC_NOTES)
    .description('Margin calculator: JSON lines in, JSON lines out; or one request as flags, and a table.')
    .argument('[kind]', 'what to compute; without it requests come on stdin')
    .action((kind?: string) => {
      request = { kind: 'calc', call: { kind: kind ?? null, flags: collectFlags(calc) } };
    });
  const audit = addCommand(program, 'audit', AUDIT_OPTIONS, AUDIT_EXAMPLES, AUDIT_NOTES)
    .description('Add up the tables of an earlier run again: bills, balances, fills, summary.')
    .argument('<run>', 'its run folder')
    .action((folder: string) => {
      request = { kind: 'audit', folder, flags: collectFlags(audit) };
    });
  const check = addCommand(program, 'check', CHECK_OPTIONS, CHECK_EXAMPLES, CHECK_NOTES)
    .description('Check the types of a strategy, and that it does not look ahead: another future, the same calls.')
    .argument('<strategy>', 'TypeScript or JavaScript module')
    .action((strategy: string) => {
      request = { kind: 'check', strategy, flags: collectFlags(check) };
    });
  const init = addCommand(program, 'init', INIT_OPTIONS, INIT_EXAMPLES, INIT_NOTES)
    .description('Begin a folder of your own: a strategy, a config file, a tsconfig for the editor, sample candles.')
    .argument('[dir]', 'the folder; made when it is not there', '.')
    .action((folder: string) => {
      request = { kind: 'init', folder, flags: collectFlags(init) };
    });
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const isHelp = error.code === 'commander.help' || error.code === 'commander.helpDisplayed';
    if (!isHelp && error.code !== 'commander.version') throw usageError(error, argv[0] ?? '');
    return { kind: 'text', text, exitCode: error.exitCode === 0 ? EXIT.done : EXIT.usage };
  }
  invariant(request !== undefined, 'the parser neither stopped nor called a command');
  return request;
}

/** The program without its commands; everything the parser prints goes to `write`. */
function createProgram(columns: number | null, write: (part: string) => void): Command {
  const program = new Command('backtest')
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

function addCommand(
  program: Command,
  name: string,
  options: readonly OptionSpec[],
  examples: string,
  notes: string,
): Command {
  const command = program
    .command(name)
    .helpOption('-h, --help', 'print this help')
    .addHelpText('before', examples)
    .addHelpText('after', notes);
  for (const spec of options) command.addOption(toOption(spec));
  return command;
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

function collectFlags(command: Command): FlagValues {
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
function usageError(error: CommanderError, word: string): UserError {
  const [message = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const isOfCommand = !error.code.includes('unknownCommand');
  const command = ['replay', 'calc', 'audit', 'check', 'init'].includes(word) ? word : 'run';
  return new UserError({
    code: 'usage',
    exitCode: EXIT.usage,
    message,
    hint: suggestion?.replace(/^\(D(.*)\)$/, 'd$1') ?? `see backtest ${isOfCommand ? `${command} ` : ''}--help`,
  });
}
