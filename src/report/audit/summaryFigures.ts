/**
 * Comparing the figures of one entry of the summary with what the tables make of them. What the tables make of them is
 * auditSummary.ts and auditTotals.ts.
 */

import { formatRatio } from '../cells.js';
import { formatLike, parseExact } from './exactText.js';
import type { Findings } from './findings.js';
import type { JsonObject } from './runTables.js';

export const CHECK = 'summary';

/** The figures of an entry by the tables. Amounts in 10^-18. */
export interface Recount {
  readonly money: ReadonlyMap<string, bigint>;
  readonly counts: ReadonlyMap<string, number>;
}

/** Compares every sum of money with the entry's text. */
export function compareMoney(
  file: string,
  path: string,
  entry: JsonObject,
  { money }: Pick<Recount, 'money'>,
  findings: Findings,
  why = 'the rows of the tables add up to it',
): void {
  for (const [name, value] of money) {
    const found = entry[name];
    // Folders written before there was spot have no such figure.
    if (name === 'spot_flow' && found === undefined && value === 0n) continue;
    const text = typeof found === 'string' ? found : '';
    const place = placeInSummary(file, path, name, found, formatLike(value, text), why);
    findings.expect(CHECK, parseExact(text) === value, place);
  }
}

/** Compares the counts, and the win rate that follows from two of them. */
export function compareCounts(
  file: string,
  path: string,
  entry: JsonObject,
  { counts }: Pick<Recount, 'counts'>,
  findings: Findings,
): void {
  for (const [name, value] of counts) {
    if (name === 'wins') continue;
    const found = entry[name];
    const why = 'the rows of the tables add up to it';
    findings.expect(CHECK, found === value, placeInSummary(file, path, name, found, String(value), why));
  }
  const closed = counts.get('closed_trades')!;
  const rate = closed === 0 ? null : Number(formatRatio(counts.get('wins')! / closed));
  const why = 'rows of closed_trades.csv with a net_pnl above 0, of all';
  const found = entry['win_rate'];
  findings.expect(CHECK, found === rate, placeInSummary(file, path, 'win_rate', found, String(rate), why));
}

/** Where a figure of a JSON file stands. */
export function placeInSummary(
  file: string,
  path: string,
  name: string,
  found: unknown,
  expected: string,
  why: string,
) {
  return { file, line: null, column: `${path}.${name}`, found: String(found), expected, why };
}
