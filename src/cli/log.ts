/**
 * The log on stderr: JSON lines and, on a terminal, colored lines by pino, plain lines without it (so that a cron job does
 * not pay for loading it). Levels below the one asked for are dropped. It decides nothing about exit codes.
 */

import type { DiagnosticStream } from './cliStreams.js';

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
export async function createLog(settings: LogSettings, stream: DiagnosticStream, now: () => Date): Promise<Log> {
  const usesPino = settings.format === 'json' || stream.isTerminal;
  const writeLine = usesPino ? await createPinoWriter(settings, stream, now) : createPlainWriter(stream);
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

async function createPinoWriter(settings: LogSettings, stream: DiagnosticStream, now: () => Date): Promise<WriteLine> {
  const { pino } = await import('pino');
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
    const { prettyFactory } = await import('pino-pretty');
    const format = prettyFactory({
      colorize: settings.color,
      messageKey: 'message',
      ignore: 'time',
      hideObject: true,
    });
    render = (line) => format(line) ?? line;
  }
  const logger = pino(options, { write: (line: string) => stream.write(render(line)) });
  return (level, message, fields) => logger[level](fields, message);
}
