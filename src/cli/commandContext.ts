/**
 * What the program lends to a command: the options given, the config file, the streams, the log. Types only.
 */

import type { CliIo, DiagnosticStream, TableStream } from './cliStreams.js';
import type { ConfigFile } from './configFile.js';
import type { GivenOptions } from './givenOptions.js';
import type { Log } from './log.js';

export interface CommandContext {
  readonly given: GivenOptions;
  /** The config file, whose values are among those given; null without one. */
  readonly config: ConfigFile | null;
  /** As typed, the command's name included. */
  readonly argv: readonly string[];
  readonly io: CliIo;
  readonly stdout: TableStream;
  readonly stderr: DiagnosticStream;
  readonly log: Log;
  /** Filled once the strategy has been loaded, for the printing of its errors. */
  readonly strategyFiles: Set<string>;
}
