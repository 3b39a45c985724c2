/**
 * What an audit has looked at and what it found: counts for each check, and the first figure that is off. It compares texts
 * with what they should be and keeps no rows.
 */

import { formatLike } from './exactText.js';
import type { AuditRow } from './runTables.js';

/** A figure that is not what the others make it. */
export interface Difference {
  readonly check: string;
  readonly file: string;
  /** Null for a JSON file. */
  readonly line: number | null;
  readonly column: string;
  readonly found: string;
  readonly expected: string;
  /** Why it should be so, one sentence. */
  readonly why: string;
}

/** One line of the audit's table. */
export interface CheckCount {
  readonly check: string;
  readonly compared: number;
  readonly differences: number;
}

export class Findings {
  readonly #counts = new Map<string, { compared: number; differences: number }>();
  #first: Difference | null = null;

  /** The first difference in the order of the checks; null when all agree. */
  get first(): Difference | null {
    return this.#first;
  }

  get checks(): CheckCount[] {
    return [...this.#counts].map(([check, counts]) => ({ check, ...counts }));
  }

  /** Names a check, so that it stands in the table when it compared nothing too. */
  begin(check: string): void {
    this.#count(check);
  }

  /** Compares a cell with the text it should hold. */
  expectText(check: string, row: AuditRow, column: string, expected: string, why: string): void {
    const found = row.text(column);
    this.expect(check, found === expected, {
      file: row.file,
      line: row.line,
      column,
      found,
      expected,
      why,
    });
  }

  /** A cell holds one of a list of words. */
  expectWord(check: string, row: AuditRow, column: string, words: readonly string[]): void {
    const found = row.text(column);
    const { file, line } = row;
    const expected = `one of ${words.join(', ')}`;
    this.expect(check, words.includes(found), {
      file,
      line,
      column,
      found,
      expected,
      why: 'no other word stands there',
    });
  }

  /** Compares a cell with the amount it should hold. */
  expectAmount(check: string, row: AuditRow, column: string, expected: bigint, why: string): void {
    const found = row.amount(column);
    if (found === expected) this.#count(check).compared++;
    else this.expectText(check, row, column, formatLike(expected, row.text(column)), why);
  }

  /** Counts a comparison; keeps the first that does not hold. */
  expect(check: string, holds: boolean, difference: Omit<Difference, 'check'>): void {
    const counts = this.#count(check);
    counts.compared++;
    if (holds) return;
    counts.differences++;
    this.#first ??= { check, ...difference };
  }

  #count(check: string): { compared: number; differences: number } {
    let counts = this.#counts.get(check);
    if (counts === undefined) {
      counts = { compared: 0, differences: 0 };
      this.#counts.set(check, counts);
    }
    return counts;
  }
}
