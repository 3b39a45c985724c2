/**
 * What a run of the fast engine writes, as text by table, for laws that compare one run with another. Runs are those of the
 * simulator's worlds. Not shipped.
 */

import { runBacktest } from '../../engine/engine.js';
import type { RecordSink } from '../../engine/records.js';
import type { RunInput } from '../../engine/runInput.js';
import type { World } from '../simulator/world.js';
import { inputOf } from '../simulator/worldInput.js';

export const TABLES = [
  'trades',
  'stop_trades',
  'orders',
  'balance',
  'positions',
  'bills',
  'closed_trades',
  'calls',
  'outcome',
] as const;
type Table = (typeof TABLES)[number];

/** A row as the engine gave it, contracts by their symbols. */
export type Row = Readonly<Record<string, unknown>>;
export type RunTables = Readonly<Record<Table, Row[]>>;

/** Runs a world, its input changed on the way; every row is kept. */
export async function runWorld(
  world: World,
  change: (input: RunInput) => RunInput = (same) => same,
): Promise<RunTables> {
  const tables = Object.fromEntries(TABLES.map((table) => [table, [] as Row[]])) as RunTables;
  const into =
    (table: Table) =>
    (record: object): void =>
      void tables[table].push({ ...record });
  const sink: RecordSink = {
    trade: into('trades'),
    stopTrade: into('stop_trades'),
    order: into('orders'),
    balance: into('balance'),
    position: into('positions'),
    bill: into('bills'),
    closedTrade: into('closed_trades'),
  };
  const input = change(inputOf(world, sink, (text) => tables.calls.push({ text })));
  const { accounts, ...outcome } = await runBacktest(input);
  tables.outcome.push(...accounts.map((account) => ({ ...account })), outcome);
  return tables;
}

/** A row as text: bigints as digits, contracts by symbol. */
export function textOf(row: Row): string {
  return JSON.stringify(row, (_, item: unknown) => {
    if (typeof item === 'bigint') return `${item}n`;
    if (typeof item === 'object' && item !== null && 'valueScale' in item && 'symbol' in item) return item.symbol;
    return item;
  });
}

/** The first table in which two runs differ, with both rows; null where none does. */
export function firstDifference(a: RunTables, b: RunTables): string | null {
  for (const table of TABLES) {
    for (let i = 0; i < Math.max(a[table].length, b[table].length); i += 1) {
      const [one, other] = [a[table][i], b[table][i]].map((row) => (row === undefined ? 'none' : textOf(row)));
      if (one !== other) return `${table} row ${i}\n  ${one}\n  ${other}`;
    }
  }
  return null;
}
