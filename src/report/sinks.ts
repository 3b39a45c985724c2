/**
 * Sinks that take the records of a run: one made from a single function, one that hands every record to several, and one
 * that keeps the rows of chosen tables for stdout. None formats anything.
 */

import type { RecordSink } from '../engine/records.js';
import { TABLE_NAMES, type TableName, type TableRecords } from './tables.js';

/** Takes a record of any table. */
export type TakeRecord = <N extends TableName>(table: N, record: TableRecords[N]) => void;

/** The seven methods of a sink as one function that is told the table. */
export function sinkOf(take: TakeRecord): RecordSink {
  return {
    trade: (record) => take('trades', record),
    stopTrade: (record) => take('stop_trades', record),
    order: (record) => take('orders', record),
    balance: (record) => take('balance', record),
    position: (record) => take('positions', record),
    bill: (record) => take('bills', record),
    closedTrade: (record) => take('closed_trades', record),
  };
}

/** Hands every record to each of the sinks, in the order given. */
export function teeSink(sinks: readonly RecordSink[]): RecordSink {
  const [only] = sinks;
  if (sinks.length === 1 && only !== undefined) return only;
  // Written out: a closure a record would cost as much as some of the records.
  return {
    trade(record) {
      for (const sink of sinks) sink.trade(record);
    },
    stopTrade(record) {
      for (const sink of sinks) sink.stopTrade(record);
    },
    order(record) {
      for (const sink of sinks) sink.order(record);
    },
    balance(record) {
      for (const sink of sinks) sink.balance(record);
    },
    position(record) {
      for (const sink of sinks) sink.position(record);
    },
    bill(record) {
      for (const sink of sinks) sink.bill(record);
    },
    closedTrade(record) {
      for (const sink of sinks) sink.closedTrade(record);
    },
  };
}

/** Rows of one table. Where rows were left out, they are the ones between `first` and `last`. */
export interface KeptRows<R> {
  readonly count: number;
  readonly first: readonly R[];
  readonly last: readonly R[];
}

/** How many rows to keep at either end. */
export interface RowLimit {
  readonly first: number;
  readonly last: number;
}

export interface CollectingSink {
  readonly sink: RecordSink;
  /** The rows of a table; no rows for a table that was not asked for. */
  rows<N extends TableName>(table: N): KeptRows<TableRecords[N]>;
}

/**
 * Keeps the rows of the tables named and forgets all others at once.
 *
 * @param limit keeps only so many rows from the beginning and from the end of each table; null keeps all.
 */
export function collectingSink(tables: readonly TableName[], limit: RowLimit | null): CollectingSink {
  const keepers: { readonly [N in TableName]: RowKeeper<TableRecords[N]> } = {
    stop_trades: new RowKeeper(limit),
    trades: new RowKeeper(limit),
    closed_trades: new RowKeeper(limit),
    orders: new RowKeeper(limit),
    balance: new RowKeeper(limit),
    positions: new RowKeeper(limit),
    bills: new RowKeeper(limit),
  };
  const wanted = new Set(tables.filter((name) => TABLE_NAMES.includes(name)));
  return {
    sink: sinkOf((table, record) => {
      if (wanted.has(table)) keepers[table].add(record);
    }),
    rows: (table) => keepers[table].kept(),
  };
}

/** The first and the last rows of a table of any length, in bounded memory when there is a limit. */
class RowKeeper<R> {
  private readonly limit: RowLimit | null;
  private readonly first: R[] = [];
  private last: R[] = [];
  private count = 0;

  constructor(limit: RowLimit | null) {
    this.limit = limit;
  }

  add(row: R): void {
    this.count++;
    if (this.limit === null || this.first.length < this.limit.first) {
      this.first.push(row);
      return;
    }
    this.last.push(row);
    // Trimmed now and then, not at each row, so that a long table costs constant time a row.
    if (this.last.length > 2 * this.limit.last + 1000) this.last = this.newest();
  }

  kept(): KeptRows<R> {
    return { count: this.count, first: this.first, last: this.newest() };
  }

  private newest(): R[] {
    const keep = this.limit?.last ?? 0;
    return keep === 0 ? [] : this.last.slice(-keep);
  }
}
