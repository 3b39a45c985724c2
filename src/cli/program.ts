/**
 * The command line as a function: arguments and streams in, exit code out. It names the commands, prints help and versions,
 * turns a wrong word into a usage error, and starts a command. The only file that knows commander; what a command does is in
 * a file of its own, imported when it is called.
 */

import { Command, CommanderError, Option } from 'commander';
import { EXIT, type ExitCode, UserError } from '../errors.js';
import { type CliIo, createDiagnosticStream, createTableStream } from './cliStreams.js';
import { createGivenOptions, type FlagValues } from './givenOptions.js';
import { createLog } from './log.js';
import { guessLogSettings, requireLogSettings } from './logOptions.js';
import { printError } from './printError.js';
import { type OptionSpec, RUN_OPTIONS } from './runOptionTable.js';
import { loadVersion } from './version.js';

const EXAMPLES = `Examples:
  backtest run --strategy strategies/ema-cross.ts --data data/XBTUSD.csv
  backtest run --strategy x.ts --data XBTUSD.csv --table stop_trades --format csv > stops.csv
  backtest help run
`;

const RUN_EXAMPLES = `Examples:
  backtest run --strategy strategies/ema-cross.ts --data data/XBTUSD.csv
  backtest run --strategy x.ts --data XBTUSD.bitmex=2020.csv.gz --mark mark.csv --funding funding.csv --leverage 10
  gunzip -c XBTUSD.csv.gz | backtest run --strategy x.ts --data XBTUSD=- --param fast=12 --param slow=26
  backtest run --strategy x.ts --data XBTUSD.csv --assert 'max_drawdown<0.3' --assert liquidations==0 --quiet
`;

const RUN_NOTES = `
Each option can also be given in the environment as BACKTEST_<NAME>, for example BACKTEST_BAR_TIME=close; a flag wins.
Several values of a repeatable option are separated there by semicolons.

Exit codes: 0 done, 1 strategy failed, 2 usage, 3 data, 4 an --assert is false, 5 output, 70 a bug, 130 interrupted.`;

/** Width of help that goes into a pipe. */
const HELP_COLUMNS = 100;

/** What the parser found to do. */
type Request =
  | { readonly kind: 'text'; readonly text: string; readonly exitCode: ExitCode }
  | { readonly kind: 'run'; readonly flags: FlagValues };

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
    const given = createGivenOptions(RUN_OPTIONS, request.flags, io.env);
    log = await createLog(requireLogSettings(given, io), stderr, io.now);
    const { run } = await import('./run.js');
    return await run({ given, argv, io, stdout, stderr, log, strategyFiles });
  } catch (error) {
    return printError(error, { log, stderr, cwd: io.cwd, strategyFiles });
  }
}

/** @param columns of the terminal, null without one. @throws UserError exit 2 */
function parseRequest(argv: readonly string[], columns: number | null): Request {
  let text = '';
  let flags: FlagValues = new Map();
  const program = new Command('backtest')
    .description('Backtests of trading strategies on crypto perpetual futures: exact money, venue-true margin.')
    .version(loadVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('before', EXAMPLES)
    .exitOverride()
    .configureOutput({
      writeOut: (part) => {
        text += part;
      },
      writeErr: (part) => {
        text += part;
      },
      outputError: () => {},
      getOutHelpWidth: () => columns ?? HELP_COLUMNS,
      getErrHelpWidth: () => columns ?? HELP_COLUMNS,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  program.helpCommand('help [command]', 'print the help of a command');
  const command = program
    .command('run')
    .description('Run one strategy over candles: tables to stdout, files to a run folder.')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('before', RUN_EXAMPLES)
    .addHelpText('after', RUN_NOTES)
    .action(() => {
      flags = collectFlags(command);
    });
  for (const spec of RUN_OPTIONS) command.addOption(toOption(spec));
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const isHelp = error.code === 'commander.help' || error.code === 'commander.helpDisplayed';
    if (!isHelp && error.code !== 'commander.version') throw usageError(error);
    return { kind: 'text', text, exitCode: error.exitCode === 0 ? EXIT.done : EXIT.usage };
  }
  return { kind: 'run', flags };
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
function usageError(error: CommanderError): UserError {
  const [message = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const isOfRun = !error.code.includes('unknownCommand');
  return new UserError({
    code: 'usage',
    exitCode: EXIT.usage,
    message,
    hint: suggestion?.replace(/^\(D(.*)\)$/, 'd$1') ?? `see backtest ${isOfRun ? 'run ' : ''}--help`,
  });
}
