/**
 * Which log the user wants: level, format and color from the options of diagnostics. A guess from the raw arguments serves
 * the errors that come before the options have been read, so that these have the right form too.
 */

import { type CliIo, isColorWanted } from './cliStreams.js';
import { badOption, type GivenOptions, requireChoice } from './givenOptions.js';
import { LOG_FORMATS, LOG_LEVELS, type LogSettings } from './log.js';
import { environmentName } from './runOptionTable.js';

/** @throws UserError exit 2 */
export function requireLogSettings(given: GivenOptions, io: CliIo): LogSettings {
  const isQuiet = given.isOn('quiet');
  const isVerbose = given.isOn('verbose');
  if (isQuiet && isVerbose)
    throw badOption({ text: '--quiet --verbose', label: '--quiet' }, 'is the opposite of --verbose');
  return {
    level: requireChoice(given.find('log-level'), LOG_LEVELS, isQuiet ? 'error' : isVerbose ? 'debug' : 'info'),
    format: requireChoice(given.find('log-format'), LOG_FORMATS, 'pretty'),
    color: isColorWanted(io.stderr, io.env, given.isOn('no-color')),
  };
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
