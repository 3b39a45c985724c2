/**
 * What happened to one account within one bar, in order, before it becomes rows: drafts without ids, because a bar may be
 * settled twice and only one way counts, and because ids follow time over all accounts. Data only.
 */

import type { Bill } from '../account/bills.js';
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
}

/** What the strategy is told after the bar has closed. */
export type Notice =
  | { readonly kind: 'fill'; readonly trade: TradeDraft }
  | { readonly kind: 'rejected'; readonly order: Order }
  | {
      readonly kind: 'liquidation';
      readonly timeMs: number;
      readonly symbol: string;
      readonly side: PositionSide;
      readonly qty: bigint;
      readonly price: number;
      readonly loss: bigint;
    }
  | {
      readonly kind: 'funding';
      readonly timeMs: number;
      readonly symbol: string;
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
  /** The position as it is at the time of a standing balance row, when an event fell on that very time. */
  rowPosition: { readonly timeMs: number; readonly record: PositionRecord | null } | null = null;
  liquidations = 0;
  missingFunding = 0;
  unreachableStops = 0;

  get isEmpty(): boolean {
    return (
      this.trades.length === 0 &&
      this.bills.length === 0 &&
      this.balances.length === 0 &&
      this.notices.length === 0 &&
      this.missingFunding === 0
    );
  }

  /** Keeps at most one balance row a moment: the state after everything at it. */
  setBalance(record: BalanceRecord): void {
    const last = this.balances.at(-1);
    if (last !== undefined && last.timeMs === record.timeMs) this.balances.pop();
    this.balances.push(record);
  }

  /** Takes back the row of a moment. */
  dropBalanceAt(timeMs: number): void {
    if (this.balances.at(-1)?.timeMs === timeMs) this.balances.pop();
  }

  append(other: Journal): void {
    this.trades.push(...other.trades);
    this.bills.push(...other.bills);
    this.closedTrades.push(...other.closedTrades);
    for (const record of other.balances) this.setBalance(record);
    this.positions.push(...other.positions);
    this.notices.push(...other.notices);
    this.rowPosition = other.rowPosition ?? this.rowPosition;
    this.liquidations += other.liquidations;
    this.missingFunding += other.missingFunding;
    this.unreachableStops += other.unreachableStops;
  }
}

/** Name of a leg in tables. */
export function pathLegName(leg: number | null): PathLeg {
  return leg === null ? 'open' : (`leg${leg + 1}` as PathLeg);
}
