/**
 * The two kinds of error of the program. A UserError is something the user can mend: it carries a stable code, the place
 * and what was found and expected. An InvariantError is a promise of ours that did not hold. Printing them and choosing
 * the process's exit code from `exitCode` is the command line's business, not this file's.
 */

/** Exit codes of the command line (docs/cli.md). */
export const EXIT = {
  done: 0,
  strategy: 1,
  usage: 2,
  data: 3,
  assertion: 4,
  output: 5,
  internal: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Where something was found. Lines count physical lines from 1, the header included. */
export interface Place {
  file?: string;
  line?: number;
  column?: number | string;
}

export interface UserErrorDetails {
  /** Stable machine word, snake_case, for example `bad_row`. */
  code: string;
  exitCode: ExitCode;
  /** One sentence without the place. */
  message: string;
  place?: Place;
  /** The value found, as text. */
  found?: string;
  /** What was expected instead. */
  expected?: string;
  /** What to do. */
  hint?: string;
  cause?: unknown;
}

/** An error the user can mend. */
export class UserError extends Error {
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly place: Place | undefined;
  readonly found: string | undefined;
  readonly expected: string | undefined;
  readonly hint: string | undefined;

  constructor(details: UserErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'UserError';
    this.code = details.code;
    this.exitCode = details.exitCode;
    this.place = details.place;
    this.found = details.found;
    this.expected = details.expected;
    this.hint = details.hint;
  }
}

/** A promise of the program's own that did not hold: a bug, exit code 70. */
export class InvariantError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvariantError';
  }
}

/**
 * Crashes when a promise of ours does not hold.
 *
 * @param message both sides of the equation; a function is only called on failure.
 * @throws InvariantError
 */
export function invariant(condition: boolean, message: string | (() => string)): asserts condition {
  if (!condition) throw new InvariantError(typeof message === 'string' ? message : message());
}
