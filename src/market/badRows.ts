/**
 * What becomes of a row that cannot be used: an error that names file, line, column, value and what was expected, or,
 * when rows may be skipped, an entry in a list. Every skipped row is counted; the first hundred are listed.
 */

import { EXIT, UserError } from '../errors.js';

const LISTED = 100;
/** Longer texts are cut in messages: a file that is no text at all may be one endless cell. */
const SHOWN_CHARACTERS = 200;

/** Why a row cannot be used. `column` is the header's own name, or the number of a cell that has none. */
export interface RowProblem {
  readonly column: string | number;
  readonly found: string;
  /** A clause such as `open lies outside high–low`. */
  readonly why: string;
  readonly expected: string;
}

/** Text of a file as messages show it: on one line, without control characters, and not endless. */
export function clipText(text: string): string {
  const shown = text.replace(/[^\x20-\x7e\u00a0-\uffff]/g, '?');
  return shown.length > SHOWN_CHARACTERS ? `${shown.slice(0, SHOWN_CHARACTERS)}…` : shown;
}

/** A row that was skipped. */
export interface BadRow {
  readonly file: string;
  readonly line: number;
  readonly column: string | number;
  readonly value: string;
  readonly why: string;
}

/** The rejected rows of one file. */
export class BadRowLog {
  readonly rows: BadRow[] = [];
  count = 0;
  readonly #file: string;
  readonly #skip: boolean;

  constructor(file: string, skip: boolean) {
    this.#file = file;
    this.#skip = skip;
  }

  /** Lists the row when rows may be skipped. @throws UserError data, `bad_row`, otherwise */
  reject(line: number, problem: RowProblem): void {
    const { column, why, expected } = problem;
    const found = clipText(problem.found);
    if (!this.#skip) {
      throw new UserError({
        code: 'bad_row',
        exitCode: EXIT.data,
        message: why,
        place: { file: this.#file, line, column },
        found: found === '' ? 'an empty cell' : found,
        expected,
        hint: 'mend the row, or count and list such rows with --skip-bad-rows',
      });
    }
    this.count++;
    if (this.rows.length < LISTED) {
      this.rows.push({ file: this.#file, line, column, value: found, why: `${why}; expected ${expected}` });
    }
  }
}
