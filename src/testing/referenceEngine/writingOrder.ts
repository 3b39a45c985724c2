/**
 * Puts what the accounts wrote into the order of the tables, by time and then by account, and gives the ids that count within a
 * run. Balance rows of a bar's close are held back until the next bar has shown whether more happens at that time.
 */

import type { OrderRecord, RecordSink } from '../../engine/records.js';
import type { RefAccount } from './account.js';
import { fractionOf, type Num, toBigint, toFloat } from './numbers.js';
import type { RefOrder } from './orders.js';
import type { Writing } from './writings.js';

/** Stable merge by a time. */
function byTime<T>(lists: readonly (readonly T[])[], timeOf: (item: T) => number): { item: T; list: number }[] {
  const all = lists.flatMap((list, index) => list.map((item) => ({ item, list: index })));
  return all.sort((a, b) => timeOf(a.item) - timeOf(b.item));
}

type Trade = Extract<Writing, { readonly kind: 'trade' }>;

/**
 * Trades of all accounts by time, then by account; but of two given fills that stand first in what is left of their accounts the one
 * that comes first in their table.
 */
function mergeTrades(accounts: readonly RefAccount[]): { readonly item: Trade; readonly list: number }[] {
  const left = accounts.map(({ writings }) => writings.filter((each): each is Trade => each.kind === 'trade'));
  const isBefore = (a: Trade, b: Trade): boolean => {
    if (a.timeMs !== b.timeMs) return a.timeMs < b.timeMs;
    return a.place !== null && b.place !== null && a.place < b.place;
  };
  const merged: { item: Trade; list: number }[] = [];
  while (left.some((trades) => trades.length > 0)) {
    let list = left.findIndex((trades) => trades.length > 0);
    left.forEach(([head], i) => {
      if (head !== undefined && isBefore(head, left[list]![0]!)) list = i;
    });
    merged.push({ item: left[list]!.shift()!, list });
  }
  return merged;
}

export class WritingOrder {
  private readonly sink: RecordSink;
  private trades = 0;
  private bills = 0;
  private closed = 0;
  private readonly positions = new Map<string, number>();

  constructor(sink: RecordSink) {
    this.sink = sink;
  }

  /** Writes what has happened; balance rows only below a time. */
  drain(accounts: readonly RefAccount[], rowsBelowMs: number): void {
    const writings = byTime(
      accounts.map((account) => account.writings),
      (writing) => writing.timeMs,
    );
    for (const { item, list } of mergeTrades(accounts)) this.write(item, list);
    for (const { item, list } of writings.filter((each) => each.item.kind !== 'trade')) this.write(item, list);
    for (const account of accounts) account.writings = [];
    this.drainRows(accounts, rowsBelowMs);
    for (const { ledgers } of accounts) {
      for (const ledger of ledgers) {
        ledger.written = 0;
        ledger.rows = new Map([...ledger.rows].filter(([timeMs]) => timeMs >= rowsBelowMs));
      }
    }
  }

  /** Balance rows by time, account and ledger; rows of positions by time, account and symbol. */
  private drainRows(accounts: readonly RefAccount[], rowsBelowMs: number): void {
    const rows = accounts.map(({ ledgers }) =>
      ledgers
        .flatMap((ledger) => [...ledger.rows.values()].filter((row) => row.timeMs < rowsBelowMs))
        .sort((a, b) => a.timeMs - b.timeMs),
    );
    const standing = byTime(rows, (row) => row.timeMs);
    for (const { item } of standing) {
      if (item.withBalance) this.sink.balance(item.balance);
    }
    const positions = standing
      .filter(({ item }) => item.withPosition)
      .flatMap(({ item, list }) => item.positions.map((position) => ({ position, list })));
    const placeOf = ({ position, list }: (typeof positions)[number]): number =>
      accounts[list]!.books.findIndex(({ terms }) => terms.contract === position.contract);
    positions.sort((a, b) => a.position.timeMs - b.position.timeMs || a.list - b.list || placeOf(a) - placeOf(b));
    for (const { position } of positions) this.sink.position(position);
  }

  private write(writing: Writing, list: number): void {
    if (writing.kind === 'trade') {
      this.trades += 1;
      const trade = { ...writing.record, id: this.trades };
      this.sink.trade(trade);
      if (writing.stop !== null) this.sink.stopTrade({ ...writing.stop, trade });
    } else if (writing.kind === 'bill') {
      this.bills += 1;
      const positionId = writing.serial === null ? null : this.positionId(`${list}:${writing.serial}`);
      this.sink.bill({ ...writing.record, id: this.bills, positionId });
    } else {
      this.closed += 1;
      this.sink.closedTrade({ ...writing.record, id: this.closed });
    }
  }

  private positionId(key: string): number {
    const id = this.positions.get(key) ?? this.positions.size + 1;
    this.positions.set(key, id);
    return id;
  }
}

const orNull = (x: Num | null): bigint | null => (x === null ? null : toBigint(x));

/** The row of an order that has ended. */
export function orderRecord(account: RefAccount, order: RefOrder): OrderRecord {
  const price = order.limit ?? order.level;
  return {
    id: order.id,
    timeMs: order.timeMs,
    account: account.input.name,
    symbol: order.symbol,
    contract: account.bookOf(order.series)?.terms.contract ?? null,
    side: order.side === 1 ? 'buy' : 'sell',
    positionEffect: order.effect,
    type: order.type,
    price: price === null ? null : toFloat(price),
    qty: order.qty === null || !order.qty.eq(order.qty.round(0)) ? null : orNull(order.qty),
    filledQty: toBigint(order.filled),
    avgPrice: order.fillPrice === null ? null : fractionOf(order.fillPrice),
    status: order.status,
    code: order.code,
    reason: order.reason,
    parentId: order.parentId,
    tag: order.tag,
    endTimeMs: order.endTimeMs,
  };
}
