/**
 * Rounds of fills: a side of a symbol from flat to flat, as closed_trades.csv shows it. What the fills are is auditTrades.ts, for
 * spot auditSpot.ts.
 */

import type { AuditRow } from './runTables.js';

export interface AuditFill {
  readonly row: AuditRow;
  readonly timeMs: number;
  readonly isOpening: boolean;
  /** What it opened or closed; of a spot sell that part which came from the holding. */
  readonly qty: bigint;
  /** Contracts held after it, on its side. */
  readonly held: bigint;
  /** Its commission, of a spot sell in the share of that part. */
  readonly commission: bigint;
}

/** Fills of one position from flat to flat; the last one of a symbol may still be open. */
export interface Round {
  readonly fills: AuditFill[];
  /** As the bills name it; empty where no bill does. */
  readonly positionIds: Set<string>;
  isClosed: boolean;
}

/** Key of a side of a symbol of an account. */
export const sideKey = (account: string, symbol: string, side: string): string =>
  JSON.stringify([account, symbol, side]);

/** The rounds of every side, in the order of their fills. */
export type Rounds = ReadonlyMap<string, readonly Round[]>;

/** `long` for what buys to open or sells to close. */
export function positionSideOf(row: AuditRow): 'long' | 'short' {
  return (row.text('side') === 'buy') === (row.text('position_effect') === 'open') ? 'long' : 'short';
}

/** Where a cell stands that is not as expected. */
export function placeOf(row: AuditRow, column: string, expected: string, why: string) {
  return { file: row.file, line: row.line, column, found: row.text(column), expected, why };
}
