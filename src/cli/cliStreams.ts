/**
 * The streams of the command line: what stdout carries (tables, only), what stderr carries (everything else, with one status
 * line that is erased before anything is written), and what a reader that went away means: nothing. No formatting here.
 */

import { EXIT, UserError } from '../errors.js';

/** A stream to write to, as process.stdout is, or a test's. */
export interface OutputStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What the process lends to the command line, so that tests can lend something else. */
export interface CliIo {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** For commands that read requests; taken only by them. */
  readonly stdin?: NodeJS.ReadableStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder that relative paths start from. */
  readonly cwd: string;
  /** The file that was started, as typed or found; for naming the program to the user. */
  readonly script?: string;
  /** For the manifest. */
  readonly nodeVersion: string;
  /** Wall clock, for the manifest and the run folder's name, never for results. */
  now(): Date;
  /** Calls `listener` at the first SIGINT or SIGTERM; the next one ends the process. Returns how to stop listening. */
  onInterrupt(listener: () => void): () => void;
  /** Calls `listener` with what nobody caught: a timer or a promise of the strategy's. Returns how to stop listening. */
  onUncaught?(listener: (error: unknown) => void): () => void;
}

/** Where tables go. */
export interface TableStream {
  readonly isTerminal: boolean;
  /** Width of the terminal; null for a pipe or a file. */
  readonly columns: number | null;
  /** Resolves when the text has been taken, or when the reader has gone away. @throws UserError exit 5 for a full disk and the like */
  write(text: string): Promise<void>;
}

/** For terminals that do not know their width. */
const DEFAULT_COLUMNS = 80;

/** Codes of a reader that stopped reading, which is its right. */
const READER_GONE = new Set(['EPIPE', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END']);

export function createTableStream(stream: OutputStream, env: CliIo['env']): TableStream {
  let failure: NodeJS.ErrnoException | undefined;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    failure ??= error;
  });
  return {
    isTerminal: stream.isTTY === true,
    columns: widthOf(stream, env),
    async write(text) {
      if (text !== '' && failure === undefined) {
        const error = await new Promise<NodeJS.ErrnoException | null | undefined>((resolve) => {
          stream.write(text, resolve);
        });
        failure ??= error ?? undefined;
      }
      if (failure === undefined || READER_GONE.has(failure.code ?? '')) return;
      throw new UserError({
        code: 'stdout_failed',
        exitCode: EXIT.output,
        message: `stdout could not be written: ${failure.message}`,
        cause: failure,
      });
    },
  };
}

/** Only a terminal has a width, whatever COLUMNS says: what goes through a pipe is never cut. */
function widthOf(stream: OutputStream, env: CliIo['env']): number | null {
  if (stream.isTTY !== true) return null;
  const told = Number(env['COLUMNS']);
  return Number.isInteger(told) && told > 0 ? told : stream.columns || DEFAULT_COLUMNS;
}

/** Where diagnostics go. */
export interface DiagnosticStream {
  readonly isTerminal: boolean;
  /** Writes whole lines, after erasing the status line. */
  write(text: string): void;
  /** Shows a line that the next write or status replaces; null erases it. Only for terminals. */
  setStatus(text: string | null): void;
}

const ERASE_LINE = '\r\x1b[2K';

export function createDiagnosticStream(stream: OutputStream): DiagnosticStream {
  let hasStatus = false;
  // A log nobody reads any more is no failure of the run.
  stream.on('error', () => {});
  const erase = (): void => {
    if (hasStatus) stream.write(ERASE_LINE);
    hasStatus = false;
  };
  return {
    isTerminal: stream.isTTY === true,
    write(text) {
      erase();
      stream.write(text);
    },
    setStatus(text) {
      erase();
      if (text === null) return;
      const width = stream.columns || DEFAULT_COLUMNS;
      stream.write(text.slice(0, width - 1));
      hasStatus = true;
    },
  };
}

/** Whether to color what goes to `stream`: never with --no-color or NO_COLOR, always with FORCE_COLOR, else on terminals. */
export function isColorWanted(stream: { isTTY?: boolean }, env: CliIo['env'], noColor: boolean): boolean {
  if (noColor || env['NO_COLOR']) return false;
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}
