/**
 * What happened to one account within one bar, in order, before it becomes rows: drafts without ids, because a bar may be
 * settled twice and only one way counts, and because ids follow time over all accounts. Data only.
 */

import type { Bill } from '../account/bills.js';
import type { Contract } from '../contract/contract.js';
import type { Order } from '../orders/order.js';
import type {
  BalanceRecord,
  ClosedTradeRecord,
  PathLeg,
  PositionRecord,
  PositionSide,
  StopTradeRecord,
  TradeRecord,
} from './records.js';

export type TradeDraft = Omit<TradeRecord, 'id' | 'account'>;
export type StopDraft = Omit<StopTradeRecord, 'trade'>;
export type ClosedTradeDraft = Omit<ClosedTradeRecord, 'id' | 'account'>;

/** A fill with the stop that made it, if one did. */
export interface JournalTrade {
  readonly trade: TradeDraft;
  readonly stop: StopDraft | null;
  /** Of a given fill: its place in the table, which decides the order of the rows of one time. */
  readonly place?: number;
}

/** What a journal counts for one ledger. */
export interface JournalCounts {
  liquidations: number;
  /** Funding times without a rate at which a position was held. */
  missingFunding: number;
  /** Loss stops that were armed beyond the liquidation price. */
  unreachableStops: number;
  /** Given fills that were to close more than was held. */
  cutFills: number;
}

/** What the strategy is told after the bar has closed. */
export type Notice =
  | { readonly kind: 'fill'; readonly trade: TradeDraft }
  | { readonly kind: 'rejected'; readonly order: Order }
  | {
      readonly kind: 'liquidation';
      readonly timeMs: number;
      readonly contract: Contract;
      readonly side: PositionSide;
      readonly qty: bigint;
      readonly price: number;
      readonly loss: bigint;
    }
  | {
      readonly kind: 'funding';
      readonly timeMs: number;
      readonly contract: Contract;
      readonly rate: number;
      readonly amount: bigint;
    }
  | { readonly kind: 'bankrupt'; readonly timeMs: number };

export class Journal {
  readonly trades: JournalTrade[] = [];
  readonly bills: Bill[] = [];
  readonly closedTrades: ClosedTradeDraft[] = [];
  readonly balances: BalanceRecord[] = [];
  readonly positions: PositionRecord[] = [];
  readonly notices: Notice[] = [];
  /** The positions of the ledgers in which an event fell on the very time of a standing row, by currency, as they are then. */
  rowPositions: { readonly timeMs: number; readonly ofLedger: Map<string, readonly PositionRecord[]> } | null = null;
  /** Counts by settlement currency, of the ledger that they belong to. */
  readonly counts = new Map<string, JournalCounts>();

  /** Begins anew. */
  clear(): void {
    this.trades.length = 0;
    this.bills.length = 0;
    this.closedTrades.length = 0;
    this.balances.length = 0;
    this.positions.length = 0;
    this.notices.length = 0;
    this.rowPositions = null;
    this.counts.clear();
  }

  get isEmpty(): boolean {
    return (
      this.trades.length === 0 &&
      this.bills.length === 0 &&
      this.balances.length === 0 &&
      this.notices.length === 0 &&
      this.counts.size === 0
    );
  }

  /** The counts of a ledger. */
  countsOf(code: string): JournalCounts {
    let counts = this.counts.get(code);
    if (counts === undefined) {
      counts = { liquidations: 0, missingFunding: 0, unreachableStops: 0, cutFills: 0 };
      this.counts.set(code, counts);
    }
    return counts;
  }

  /** Keeps at most one balance row a moment and ledger: the state after everything at it. */
  setBalance(record: BalanceRecord): void {
    const i = this.#placeOf(record.timeMs, record.currency.code);
    if (i === null) this.balances.push(record);
    else this.balances[i] = record;
  }

  /** Whether a ledger has a row at a moment. */
  hasBalance(timeMs: number, code: string): boolean {
    return this.#placeOf(timeMs, code) !== null;
  }

  #placeOf(timeMs: number, code: string): number | null {
    for (let i = this.balances.length - 1; i >= 0; i--) {
      const { timeMs: at, currency } = this.balances[i]!;
      if (at !== timeMs) return null;
      if (currency.code === code) return i;
    }
    return null;
  }

  /** Keeps the positions of a ledger at the time of a standing row. */
  setRowPositions(timeMs: number, code: string, records: readonly PositionRecord[]): void {
    if (this.rowPositions?.timeMs !== timeMs) this.rowPositions = { timeMs, ofLedger: new Map() };
    this.rowPositions.ofLedger.set(code, records);
  }

  /** Takes back the rows of a moment. */
  dropBalancesAt(timeMs: number): void {
    while (this.balances.at(-1)?.timeMs === timeMs) this.balances.pop();
  }

  append(other: Journal): void {
    this.trades.push(...other.trades);
    this.bills.push(...other.bills);
    this.closedTrades.push(...other.closedTrades);
    for (const record of other.balances) this.setBalance(record);
    this.positions.push(...other.positions);
    this.notices.push(...other.notices);
    const { rowPositions } = other;
    if (rowPositions !== null) {
      for (const [code, records] of rowPositions.ofLedger) this.setRowPositions(rowPositions.timeMs, code, records);
    }
    for (const [code, more] of other.counts) {
      const counts = this.countsOf(code);
      counts.liquidations += more.liquidations;
      counts.missingFunding += more.missingFunding;
      counts.unreachableStops += more.unreachableStops;
      counts.cutFills += more.cutFills;
    }
  }
}

/** Name of a leg in tables. */
export function pathLegName(leg: number | null): PathLeg {
  return leg === null ? 'open' : (`leg${leg + 1}` as PathLeg);
}
