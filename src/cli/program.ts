/**
 * The command line as a function: arguments and streams in, exit code out. It has the words parsed, collects options from flags,
 * environment and config file, starts the command, and prints what was thrown. What a command does is in a file of its own,
 * imported when it is called.
 */

import { EXIT, type ExitCode } from '../errors.js';
import { type CliIo, createDiagnosticStream, createTableStream } from './cliStreams.js';
import type { CommandContext } from './commandContext.js';
import { parseRequest } from './commandParser.js';
import type { CommandWords } from './commands.js';
import { createGivenOptions, type FlagValues } from './givenOptions.js';
import { createLog } from './log.js';
import { guessLogSettings, requireLogSettings } from './logOptions.js';
import { printError } from './printError.js';

/**
 * Runs the command line.
 *
 * @param argv without node and the script.
 * @returns the exit code; everything written has been handed to the streams.
 */
export async function runCommandLine(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  const stderr = createDiagnosticStream(io.stderr);
  const stdout = createTableStream(io.stdout, io.env);
  let log = createLog(guessLogSettings(argv, io), stderr, io.now);
  const strategyFiles = new Set<string>();
  try {
    const request = await parseRequest(argv, stdout.columns);
    if ('text' in request) {
      if (request.exitCode === EXIT.done) await stdout.write(request.text);
      else stderr.write(request.text);
      return request.exitCode;
    }
    const { command, words, args, flags } = request;
    if ('answer' in command) return await command.answer(args, flags, io, stdout);
    const { given, config } = await collectOptions(words, flags, io);
    log = createLog(requireLogSettings(given, io), stderr, io.now);
    const context = { given, config, argv, io, stdout, stderr, log, strategyFiles };
    if (given.isOn('print-config')) {
      const { printConfig } = await import('./printConfig.js');
      return await printConfig(words.settings ?? words.options, context);
    }
    return await command.start(args, context);
  } catch (error) {
    return printError(error, { log, stderr, cwd: io.cwd, strategyFiles });
  }
}

/** The options of a command with those of its config file, if it may have one. @throws UserError exit 2 */
async function collectOptions(
  { options, settings = options, inConfig = settings }: CommandWords,
  flags: FlagValues,
  io: CliIo,
): Promise<Pick<CommandContext, 'given' | 'config'>> {
  const given = createGivenOptions(settings, flags, io.env);
  if (!settings.some(({ name }) => name === 'config')) return { given, config: null };
  const { loadConfig } = await import('./configFile.js');
  const config = await loadConfig(given, inConfig, io.cwd);
  if (config === null) return { given, config };
  return { given: createGivenOptions(settings, flags, io.env, config.options), config };
}
