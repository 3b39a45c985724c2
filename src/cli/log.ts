/**
 * The log on stderr: JSON lines and, on a terminal, colored lines by pino, plain lines without it (so that a cron job does
 * not pay for loading it). Levels below the one asked for are dropped. It decides nothing about exit codes.
 */

import { createRequire } from 'node:module';
import type { Logger } from 'pino';
import type { DiagnosticStream } from './cliStreams.js';

/** Lines are written at once, so what writes them cannot be waited for. */
const require = createRequire(import.meta.url);

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export const LOG_FORMATS = ['json', 'pretty'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

export interface LogSettings {
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly color: boolean;
}

export interface Log {
  readonly settings: LogSettings;
  /** `fields` are shown in JSON lines only; the message must say it all. */
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
}

type WriteLine = (level: LogLevel, message: string, fields: LogFields) => void;

/** Text of files and strategies goes to terminals: what steers them is written out, line feeds apart. */
export function escapeControls(text: string): string {
  return text.replace(/(?!\n)\p{Cc}/gu, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** @param now wall clock, for the time of JSON lines. */
export function createLog(settings: LogSettings, stream: DiagnosticStream, now: () => Date): Log {
  const usesPino = settings.format === 'json' || stream.isTerminal;
  const writeLine = usesPino ? createPinoWriter(settings, stream, now) : createPlainWriter(stream);
  const threshold = LOG_LEVELS.indexOf(settings.level);
  const at = (level: LogLevel): ((message: string, fields?: LogFields) => void) =>
    LOG_LEVELS.indexOf(level) > threshold
      ? () => {}
      : (message, fields = {}) => writeLine(level, escapeControls(message), fields);
  return { settings, error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') };
}

const PLAIN_PREFIX: Record<LogLevel, string> = { error: 'error: ', warn: 'warning: ', info: '', debug: 'debug: ' };

function createPlainWriter(stream: DiagnosticStream): WriteLine {
  return (level, message) => stream.write(`${PLAIN_PREFIX[level]}${message}\n`);
}

/** The package is loaded at the first line: a run that says nothing does not wait for it. */
function createPinoWriter(settings: LogSettings, stream: DiagnosticStream, now: () => Date): WriteLine {
  let logger: Logger | undefined;
  return (level, message, fields) => {
    logger ??= createPino(settings, stream, now);
    logger[level](fields, message);
  };
}

function createPino(settings: LogSettings, stream: DiagnosticStream, now: () => Date): Logger {
  const { pino } = require('pino') as typeof import('pino');
  const options = {
    base: null,
    level: 'debug',
    messageKey: 'message',
    timestamp: (): string => `,"time":"${now().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  let render = (line: string): string => line;
  if (settings.format === 'pretty') {
    // The formatter alone, not pino-pretty's stream: that one writes later than it is told to.
    const { prettyFactory } = require('pino-pretty') as typeof import('pino-pretty');
    const format = prettyFactory({
      colorize: settings.color,
      messageKey: 'message',
      ignore: 'time',
      hideObject: true,
    });
    render = (line) => format(line) ?? line;
  }
  return pino(options, { write: (line: string) => stream.write(render(line)) });
}
