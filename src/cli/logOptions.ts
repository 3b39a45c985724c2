/**
 * Which log the user wants: level, format and color from the options of diagnostics. A guess from the raw arguments serves
 * the errors that come before the options have been read, so that these have the right form too.
 */

import { type CliIo, isColorWanted } from './cliStreams.js';
import { badOption, compareSources, type GivenOptions, requireChoice } from './givenOptions.js';
import { LOG_FORMATS, LOG_LEVELS, type LogLevel, type LogSettings } from './log.js';
import { environmentName } from './runOptionTable.js';

/** @throws UserError exit 2 */
export function requireLogSettings(given: GivenOptions, io: CliIo): LogSettings {
  return {
    level: requireLogLevel(given),
    format: requireChoice(given.find('log-format'), LOG_FORMATS, 'pretty'),
    color: isColorWanted(io.stderr, io.env, given.isOn('no-color')),
  };
}

/** --log-level says more than --quiet and --verbose; what comes from a stronger source counts before all of them. */
function requireLogLevel(given: GivenOptions): LogLevel {
  const compared = compareSources(given.sourceOf('quiet'), given.sourceOf('verbose'));
  const isQuiet = given.isOn('quiet') && (compared >= 0 || !given.isOn('verbose'));
  const isVerbose = given.isOn('verbose') && (compared <= 0 || !given.isOn('quiet'));
  if (isQuiet && isVerbose)
    throw badOption({ text: '--quiet --verbose', label: '--quiet' }, 'is the opposite of --verbose');
  const level = requireChoice(given.find('log-level'), LOG_LEVELS, 'info');
  if (!isQuiet && !isVerbose) return level;
  const isWeaker = compareSources(given.sourceOf('log-level'), given.sourceOf(isQuiet ? 'quiet' : 'verbose')) < 0;
  return isWeaker ? (isQuiet ? 'error' : 'debug') : level;
}

/** As well as can be told without parsing; never throws. */
export function guessLogSettings(argv: readonly string[], io: CliIo): LogSettings {
  const at = argv.indexOf('--log-format');
  const format = at >= 0 ? argv[at + 1] : argv.find((arg) => arg.startsWith('--log-format='))?.split('=')[1];
  return {
    level: argv.includes('--verbose') ? 'debug' : 'info',
    format: (format ?? io.env[environmentName('log-format')]) === 'json' ? 'json' : 'pretty',
    color: isColorWanted(io.stderr, io.env, argv.includes('--no-color')),
  };
}
