/**
 * The positions table against the fills: what a row holds is what the fills up to its time have opened and not closed, and
 * no position that the fills hold at such a time lacks its row.
 */

import type { Findings } from './findings.js';
import { type Rounds, sideKey } from './rounds.js';
import type { AuditRow } from './runTables.js';

const CHECK = 'positions and trades';

/** @param lastClose as written in the summary: open positions have a row then. */
export function auditPositions(
  rows: readonly AuditRow[],
  rounds: Rounds,
  lastClose: string | null,
  file: string,
  findings: Findings,
): void {
  findings.begin(CHECK);
  const times = new Map<string, Set<string>>();
  if (lastClose !== null) times.set(lastClose, new Set());
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    const timeMs = row.timeMs('time');
    const isOrdered = timeMs >= lastMs;
    const why = 'rows stand in time order';
    findings.expect(CHECK, isOrdered, { ...placeOf(row, 'time'), expected: 'not before the row above', why });
    lastMs = Math.max(lastMs, timeMs);
    const key = sideKey(row.text('account'), row.text('symbol'), row.text('side'));
    const held = heldAt(rounds, key, timeMs);
    findings.expectAmount(CHECK, row, 'total', held, 'the fills up to this time hold it');
    const parts = row.amount('available') + row.amount('frozen');
    findings.expectAmount(CHECK, row, 'total', parts, 'available + frozen');
    findings.expectText(CHECK, row, 'value', row.text('mark_price'), 'a position is valued at mark_price');
    const keys = times.get(row.text('time')) ?? new Set<string>();
    times.set(row.text('time'), keys.add(key));
  }
  for (const [time, keys] of times) {
    for (const key of rounds.keys()) {
      const held = keys.has(key) ? 0n : heldAt(rounds, key, Date.parse(time));
      const why = 'each open position has a row at this time';
      const expected = `a row of ${(JSON.parse(key) as string[]).join(' ')} at ${time}`;
      findings.expect(CHECK, held === 0n, { file, line: null, column: 'time', found: 'none', expected, why });
    }
  }
}

function placeOf(row: AuditRow, column: string) {
  return { file: row.file, line: row.line, column, found: row.text(column) };
}

/** Contracts that the fills up to a time hold. */
function heldAt(rounds: Rounds, key: string, timeMs: number): bigint {
  let held = 0n;
  for (const round of rounds.get(key) ?? []) {
    if (round.fills[0]!.timeMs > timeMs) break;
    const last = round.fills.at(-1)!;
    if (last.timeMs <= timeMs) held = last.held;
    else held = round.fills.findLast((fill) => fill.timeMs <= timeMs)!.held;
  }
  return held;
}
