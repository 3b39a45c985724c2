/**
 * The tables of a run by name, and what can be asked for on stdout. The columns themselves stand in tradeTables.ts and
 * accountTables.ts; the summary, which is no table of records, in summary.ts.
 */

import type {
  BalanceRecord,
  BillRecord,
  ClosedTradeRecord,
  OrderRecord,
  PositionRecord,
  StopTradeRecord,
  TradeRecord,
} from '../engine/records.js';
import { BALANCE, BILLS, POSITIONS } from './accountTables.js';
import type { Table } from './column.js';
import { CLOSED_TRADES, ORDERS, STOP_TRADES, TRADES } from './tradeTables.js';

/** The record that makes a row of each table. */
export interface TableRecords {
  stop_trades: StopTradeRecord;
  trades: TradeRecord;
  closed_trades: ClosedTradeRecord;
  orders: OrderRecord;
  balance: BalanceRecord;
  positions: PositionRecord;
  bills: BillRecord;
}

export type TableName = keyof TableRecords;

export const TABLES: { readonly [N in TableName]: Table<TableRecords[N]> } = {
  stop_trades: STOP_TRADES,
  trades: TRADES,
  closed_trades: CLOSED_TRADES,
  orders: ORDERS,
  balance: BALANCE,
  positions: POSITIONS,
  bills: BILLS,
};

export const TABLE_NAMES = Object.keys(TABLES) as readonly TableName[];

/** What `--table` takes. */
export type OutputName = 'summary' | TableName;

export const OUTPUT_NAMES: readonly OutputName[] = ['summary', ...TABLE_NAMES];

export function isOutputName(name: string): name is OutputName {
  return OUTPUT_NAMES.some((known) => known === name);
}
