/**
 * Turns the journals of a bar into records: in time order over all accounts, with ids that count from 1 within the run, and
 * hands them to the sink. It keeps each account's totals from the very bills it passes on. What a record looks like as text
 * is the report's business.
 */

import { invariant } from '../errors.js';
import type { Currency } from '../money/units.js';
import { computeAveragePrice, type Order } from '../orders/order.js';
import type { AccountRuntime } from './accountRuntime.js';
import type { Journal, JournalTrade, Notice } from './journal.js';
import { mergeByTime, mergeTrades } from './mergeJournals.js';
import type { BillRecord, OrderRecord, RecordSink, TradeRecord } from './records.js';

/** Totals of one ledger, from its bills and journals. */
export interface LedgerTotals {
  readonly currency: Currency;
  /** Starting deposit; what came and went later is apart. */
  starting: bigint;
  /** Deposits and transfers after the start, less withdrawals. */
  netDeposits: bigint;
  /** What spot trades brought in less what they took out. */
  spot: bigint;
  fees: bigint;
  funding: bigint;
  insurance: bigint;
  /** Sum of all bills: the wallet. */
  bills: bigint;
  billCount: number;
  closedTrades: number;
  wins: number;
  breakEven: number;
  liquidations: number;
  rejectedOrders: number;
  missingFunding: number;
  /** Loss stops that were armed beyond the liquidation price. */
  unreachableStops: number;
  /** Given fills that were to close more than was held. */
  cutFills: number;
}

function emptyTotals(currency: Currency): LedgerTotals {
  return {
    currency,
    starting: 0n,
    netDeposits: 0n,
    spot: 0n,
    fees: 0n,
    funding: 0n,
    insurance: 0n,
    bills: 0n,
    billCount: 0,
    closedTrades: 0,
    wins: 0,
    breakEven: 0,
    liquidations: 0,
    rejectedOrders: 0,
    missingFunding: 0,
    unreachableStops: 0,
    cutFills: 0,
  };
}

/** Money from outside or to it: no result. */
export const CASH_BILLS: ReadonlySet<string> = new Set(['deposit', 'withdraw', 'transfer_in', 'transfer_out']);

export class RecordFlow {
  readonly #sink: RecordSink;
  readonly #runtimes: readonly AccountRuntime[];
  /** By account, then by settlement currency. */
  readonly totals: Map<string, LedgerTotals>[];
  /** By account, then by settlement currency. */
  readonly ambiguousBars: Map<string, number>[];
  /** Orders that have ended before one that was given earlier. */
  readonly #orders = new Map<number, OrderRecord>();
  /** The id whose row comes next. */
  #nextOrder = 1;
  readonly #positionIds = new Map<string, number>();
  /** Until the starting deposits have been passed on. */
  #isStart = true;
  #trades = 0;
  #bills = 0;
  #closedTrades = 0;

  constructor(sink: RecordSink, runtimes: readonly AccountRuntime[]) {
    this.#sink = sink;
    this.#runtimes = runtimes;
    this.totals = runtimes.map(() => new Map());
    this.ambiguousBars = runtimes.map(() => new Map());
  }

  /** Totals of a ledger; empty at the first request. */
  totalsOf(account: number, currency: Currency): LedgerTotals {
    const ledgers = this.totals[account]!;
    let totals = ledgers.get(currency.code);
    if (totals === undefined) {
      totals = emptyTotals(currency);
      ledgers.set(currency.code, totals);
    }
    return totals;
  }

  /** Whether a ledger has ever held a bill. */
  hasBills(account: number, { code }: Currency): boolean {
    return (this.totals[account]!.get(code)?.billCount ?? 0) > 0;
  }

  /**
   * Passes on everything the journals of these accounts hold, and returns what the strategy is told, in time order.
   *
   * @param standingMs a time at which a row will stand in any case and show what the journals' row of it shows.
   */
  flush(accounts: readonly number[], standingMs?: number): { account: number; notice: Notice }[] {
    const journals = accounts.map((account) => ({ account, journal: this.#takeJournal(account) }));
    for (const { journal } of journals) if (standingMs !== undefined) journal.dropBalancesAt(standingMs);
    for (const { account, item } of mergeTrades(journals)) this.#trade(account, item);
    for (const { account, item } of mergeByTime(
      journals,
      (j) => j.bills,
      (b) => b.timeMs,
    ))
      this.#bill(account, item);
    for (const { account, item } of mergeByTime(
      journals,
      (j) => j.closedTrades,
      (c) => c.exitTimeMs,
    )) {
      const totals = this.totalsOf(account, item.contract.settle);
      totals.closedTrades += 1;
      if (item.netPnl > 0n) totals.wins += 1;
      if (item.netPnl === 0n) totals.breakEven += 1;
      this.#closedTrades += 1;
      this.#sink.closedTrade({ ...item, id: this.#closedTrades, account: this.#runtimes[account]!.name });
    }
    for (const { account, journal } of journals) this.#sortBalances(account, journal);
    for (const { item } of mergeByTime(
      journals,
      (j) => j.balances,
      (b) => b.timeMs,
    ))
      this.#sink.balance(item);
    for (const { item } of mergeByTime(
      journals,
      (j) => j.positions,
      (p) => p.timeMs,
    ))
      this.#sink.position(item);
    for (const { account, journal } of journals) {
      this.#addCounts(account, journal);
    }
    this.#isStart = false;
    return mergeByTime(journals, (j) => j.notices, timeOfNotice).map(({ account, item }) => ({
      account,
      notice: item,
    }));
  }

  /** Rows of one moment stand in the order of the ledgers. */
  #sortBalances(account: number, { balances }: Journal): void {
    const { currencies } = this.#runtimes[account]!.account;
    if (currencies.length === 1) return;
    const placeOf = (code: string): number => currencies.findIndex((currency) => currency.code === code);
    balances.sort((a, b) => a.timeMs - b.timeMs || placeOf(a.currency.code) - placeOf(b.currency.code));
  }

  #addCounts(account: number, journal: Journal): void {
    for (const { contract } of this.#runtimes[account]!.books) {
      const counts = journal.counts.get(contract.settle.code);
      if (counts === undefined) continue;
      journal.counts.delete(contract.settle.code);
      const totals = this.totalsOf(account, contract.settle);
      totals.liquidations += counts.liquidations;
      totals.missingFunding += counts.missingFunding;
      totals.unreachableStops += counts.unreachableStops;
      totals.cutFills += counts.cutFills;
    }
  }

  #takeJournal(account: number): Journal {
    const runtime = this.#runtimes[account]!;
    runtime.collect();
    for (const { orders } of runtime.books) {
      for (const order of orders.takeEnded()) {
        runtime.noteEnded(order);
        this.order(account, order);
      }
    }
    return runtime.takeJournal();
  }

  #trade(account: number, { trade, stop }: JournalTrade): void {
    this.#trades += 1;
    const record: TradeRecord = { ...trade, id: this.#trades, account: this.#runtimes[account]!.name };
    this.#sink.trade(record);
    if (stop !== null) this.#sink.stopTrade({ ...stop, trade: record });
  }

  #bill(account: number, bill: Journal['bills'][number]): void {
    const runtime = this.#runtimes[account]!;
    const totals = this.totalsOf(account, bill.currency);
    totals.bills += bill.amount;
    totals.billCount += 1;
    if (this.#isStart) totals.starting += bill.amount;
    else if (CASH_BILLS.has(bill.type)) totals.netDeposits += bill.amount;
    if (bill.type === 'spot_buy' || bill.type === 'spot_sell') totals.spot += bill.amount;
    if (bill.type === 'fee' || bill.type === 'liquidation_fee') totals.fees -= bill.amount;
    if (bill.type === 'funding') totals.funding += bill.amount;
    if (bill.type === 'insurance') totals.insurance += bill.amount;
    invariant(
      totals.bills === bill.balanceAfter,
      () => `bills add to ${totals.bills}, balance is ${bill.balanceAfter}`,
    );
    this.#bills += 1;
    const record: BillRecord = {
      ...bill,
      id: this.#bills,
      account: runtime.name,
      positionId: bill.positionId === null ? null : this.#positionId(`${account}/${bill.symbol}/${bill.positionId}`),
    };
    this.#sink.bill(record);
  }

  #positionId(key: string): number {
    let id = this.#positionIds.get(key);
    if (id === undefined) {
      id = this.#positionIds.size + 1;
      this.#positionIds.set(key, id);
    }
    return id;
  }

  /** Passes on the row of an order that has ended, by id: it waits for those before it. */
  order(account: number, order: Order): void {
    if (order.status === 'rejected') {
      const { settings } = this.#runtimes[account]!.account;
      this.totalsOf(account, order.refusedIn ?? settings.currency).rejectedOrders += 1;
    }
    const record = orderRecord(this.#runtimes[account]!.name, order);
    if (order.id !== this.#nextOrder) {
      this.#orders.set(order.id, record);
      return;
    }
    this.#sink.order(record);
    this.#nextOrder += 1;
    for (;;) {
      const next = this.#orders.get(this.#nextOrder);
      if (next === undefined) return;
      this.#orders.delete(this.#nextOrder);
      this.#sink.order(next);
      this.#nextOrder += 1;
    }
  }

  /** Every order has its row: called at the end, when all have ended. */
  finishOrders(): void {
    invariant(this.#orders.size === 0, () => `order ${this.#nextOrder} has no row`);
  }
}

function orderRecord(account: string, order: Order): OrderRecord {
  return {
    id: order.id,
    timeMs: order.timeMs,
    account,
    symbol: order.symbol,
    contract: order.contract,
    side: order.side,
    positionEffect: order.effect,
    type: order.type,
    price: order.type === 'stop' || order.type === 'trailing_stop' ? order.trigger : order.price,
    qty: order.qty,
    filledQty: order.filledQty,
    avgPrice: computeAveragePrice(order),
    status: order.status,
    code: order.code,
    reason: order.reason,
    parentId: order.parentId,
    tag: order.tag,
    endTimeMs: order.endTimeMs,
  };
}

function timeOfNotice(notice: Notice): number {
  if (notice.kind === 'fill') return notice.trade.timeMs;
  return notice.kind === 'rejected' ? notice.order.endTimeMs : notice.timeMs;
}
