/**
 * Turns the journals of a bar into records: in time order over all accounts, with ids that count from 1 within the run, and
 * hands them to the sink. It keeps each account's totals from the very bills it passes on. What a record looks like as text
 * is the report's business.
 */

import { invariant } from '../errors.js';
import type { Currency } from '../money/units.js';
import type { Order } from '../orders/order.js';
import type { AccountRuntime } from './accountRuntime.js';
import type { ClosedTradeDraft, Journal, JournalTrade, Notice } from './journal.js';
import { addBill, emptyTotals, type LedgerTotals } from './ledgerTotals.js';
import { mergeByTime, mergeTrades, type OwnJournal } from './mergeJournals.js';
import { OrderRows } from './orderRows.js';
import type { BillRecord, RecordSink, TradeRecord } from './records.js';

export class RecordFlow {
  readonly #sink: RecordSink;
  readonly #runtimes: readonly AccountRuntime[];
  /** By account, then by settlement currency. */
  readonly totals: Map<string, LedgerTotals>[];
  /** By account, then by settlement currency. */
  readonly ambiguousBars: Map<string, number>[];
  readonly #orders: OrderRows;
  /** By account, then by the number within it. */
  readonly #positionIds: readonly Map<number, number>[];
  #positions = 0;
  /** Until the starting deposits have been passed on. */
  #isStart = true;
  #trades = 0;
  #bills = 0;
  #closedTrades = 0;

  constructor(sink: RecordSink, runtimes: readonly AccountRuntime[]) {
    this.#sink = sink;
    this.#orders = new OrderRows(sink);
    this.#runtimes = runtimes;
    this.totals = runtimes.map(() => new Map());
    this.#positionIds = runtimes.map(() => new Map());
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
    for (const { account, journal } of journals) this.#sortBalances(account, journal);
    const [only] = journals;
    if (only !== undefined && journals.length === 1) this.#passOn(only);
    else this.#passOnMerged(journals);
    for (const { account, journal } of journals) this.#addCounts(account, journal);
    this.#isStart = false;
    return mergeByTime(journals, (j) => j.notices, timeOfNotice).map(({ account, item }) => ({
      account,
      notice: item,
    }));
  }

  /** What one account has journaled is in time order as it stands. */
  #passOn({ account, journal }: OwnJournal): void {
    for (const trade of journal.trades) this.#trade(account, trade);
    for (const bill of journal.bills) this.#bill(account, bill);
    for (const closed of journal.closedTrades) this.#closedTrade(account, closed);
    for (const balance of journal.balances) this.#sink.balance(balance);
    for (const position of journal.positions) this.#sink.position(position);
  }

  #passOnMerged(journals: readonly OwnJournal[]): void {
    for (const { account, item } of mergeTrades(journals)) this.#trade(account, item);
    const bills = mergeByTime(
      journals,
      (j) => j.bills,
      (b) => b.timeMs,
    );
    for (const { account, item } of bills) this.#bill(account, item);
    const closed = mergeByTime(
      journals,
      (j) => j.closedTrades,
      (c) => c.exitTimeMs,
    );
    for (const { account, item } of closed) this.#closedTrade(account, item);
    const balances = mergeByTime(
      journals,
      (j) => j.balances,
      (b) => b.timeMs,
    );
    for (const { item } of balances) this.#sink.balance(item);
    const positions = mergeByTime(
      journals,
      (j) => j.positions,
      (p) => p.timeMs,
    );
    for (const { item } of positions) this.#sink.position(item);
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
    // Field by field: a spread of so many costs several times as much.
    const record: TradeRecord = {
      id: this.#trades,
      timeMs: trade.timeMs,
      account: this.#runtimes[account]!.name,
      contract: trade.contract,
      orderId: trade.orderId,
      side: trade.side,
      positionEffect: trade.positionEffect,
      price: trade.price,
      qty: trade.qty,
      amount: trade.amount,
      commission: trade.commission,
      realizedPnl: trade.realizedPnl,
      liquidity: trade.liquidity,
      reason: trade.reason,
    };
    this.#sink.trade(record);
    if (stop !== null) this.#sink.stopTrade({ ...stop, trade: record });
  }

  #closedTrade(account: number, draft: ClosedTradeDraft): void {
    const totals = this.totalsOf(account, draft.contract.settle);
    totals.closedTrades += 1;
    if (draft.netPnl > 0n) totals.wins += 1;
    if (draft.netPnl === 0n) totals.breakEven += 1;
    this.#closedTrades += 1;
    this.#sink.closedTrade({
      id: this.#closedTrades,
      account: this.#runtimes[account]!.name,
      contract: draft.contract,
      side: draft.side,
      entryTimeMs: draft.entryTimeMs,
      exitTimeMs: draft.exitTimeMs,
      bars: draft.bars,
      qty: draft.qty,
      entryPrice: draft.entryPrice,
      exitPrice: draft.exitPrice,
      entryValue: draft.entryValue,
      grossPnl: draft.grossPnl,
      fees: draft.fees,
      funding: draft.funding,
      netPnl: draft.netPnl,
      mae: draft.mae,
      mfe: draft.mfe,
      exitReason: draft.exitReason,
    });
  }

  #bill(account: number, bill: Journal['bills'][number]): void {
    const runtime = this.#runtimes[account]!;
    const totals = this.totalsOf(account, bill.currency);
    addBill(totals, bill, this.#isStart);
    invariant(
      totals.bills === bill.balanceAfter,
      () => `bills add to ${totals.bills}, balance is ${bill.balanceAfter}`,
    );
    this.#bills += 1;
    const record: BillRecord = {
      id: this.#bills,
      timeMs: bill.timeMs,
      account: runtime.name,
      currency: bill.currency,
      symbol: bill.symbol,
      type: bill.type,
      amount: bill.amount,
      fee: bill.fee,
      balanceAfter: bill.balanceAfter,
      isolatedDelta: bill.isolatedDelta,
      orderId: bill.orderId,
      positionId: bill.positionId === null ? null : this.#positionId(account, bill.positionId),
      info: bill.info,
    };
    this.#sink.bill(record);
  }

  /** Positions count within their account; rows count them within the run. */
  #positionId(account: number, own: number): number {
    const ids = this.#positionIds[account]!;
    let id = ids.get(own);
    if (id === undefined) {
      this.#positions += 1;
      id = this.#positions;
      ids.set(own, id);
    }
    return id;
  }

  /** Passes on the row of an order that has ended. */
  order(account: number, order: Order): void {
    if (order.status === 'rejected') {
      const { settings } = this.#runtimes[account]!.account;
      this.totalsOf(account, order.refusedIn ?? settings.currency).rejectedOrders += 1;
    }
    this.#orders.add(this.#runtimes[account]!.name, order);
  }

  /** Called at the end, when all orders have ended. */
  finishOrders(): void {
    this.#orders.finish();
  }
}

function timeOfNotice(notice: Notice): number {
  if (notice.kind === 'fill') return notice.trade.timeMs;
  return notice.kind === 'rejected' ? notice.order.endTimeMs : notice.timeMs;
}
