/**
 * The state of one account: wallet, position, working orders, and what it has written since it was last drained. Copyable as a
 * whole, so that a bar can be settled twice. The changes themselves are made by execute.ts, funding.ts and liquidation.ts.
 */

import type {
  BalanceRecord,
  BillRecord,
  ClosedTradeRecord,
  FillReason,
  MarginMode,
  PathLeg,
  PositionRecord,
  StopTradeRecord,
  TradeRecord,
} from '../../engine/records.js';
import type { AccountInput } from '../../engine/runInput.js';
import type { Num, Ratio } from './numbers.js';
import { num, toBigint, ZERO } from './numbers.js';
import { isLive, type RefOrder } from './orders.js';
import type { Terms } from './terms.js';

/** A point of the run at which something happens to an account. */
export interface Moment {
  readonly timeMs: number;
  readonly barIndex: number;
  readonly last: Ratio;
  readonly mark: Ratio;
  readonly leg: PathLeg;
}

/** An open position, with what its closed trade will need. */
export interface RefPosition {
  readonly serial: number;
  readonly side: 1 | -1;
  qty: Num;
  cost: Num;
  /** Assigned margin; 0 in cross mode. */
  margin: Num;
  /** The part of the margin that was added by hand, less what was taken out. */
  added: Num;
  mode: MarginMode;
  readonly entryTimeMs: number;
  readonly entryBar: number;
  openedQty: Num;
  openedValue: Num;
  /** Σ q·φ of the entries, and of the exits: q·p, or q/p for inverse. */
  openedSum: Ratio;
  closedQty: Num;
  closedSum: Ratio;
  gross: Num;
  fees: Num;
  funding: Num;
  /** Extremes of last since the position last changed. */
  lowest: Ratio;
  highest: Ratio;
  mae: Num;
  mfe: Num;
}

/** Something written by an account; ids are given when the accounts' writings are put in order. */
export type Writing =
  | {
      readonly kind: 'trade';
      readonly timeMs: number;
      readonly record: Omit<TradeRecord, 'id'>;
      readonly stop: Omit<StopTradeRecord, 'trade'> | null;
    }
  | {
      readonly kind: 'bill';
      readonly timeMs: number;
      readonly record: Omit<BillRecord, 'id' | 'positionId'>;
      readonly serial: number | null;
    }
  | {
      readonly kind: 'closed';
      readonly timeMs: number;
      readonly record: Omit<ClosedTradeRecord, 'id'>;
      readonly serial: number;
    };

/** What stands at a time: a balance row, a position row (null when flat), or both. */
export interface StateRow {
  readonly timeMs: number;
  readonly withBalance: boolean;
  readonly withPosition: boolean;
  readonly balance: BalanceRecord;
  readonly position: PositionRecord | null;
}

export interface Counters {
  fees: Num;
  funding: Num;
  insurance: Num;
  closedTrades: number;
  wins: number;
  breakEven: number;
  liquidations: number;
  rejectedOrders: number;
  missingFunding: number;
  ambiguousBars: number;
}

export class RefAccount {
  readonly input: AccountInput;
  readonly terms: Terms;
  wallet: Num = ZERO;
  mode: MarginMode;
  leverage: Ratio;
  position: RefPosition | null = null;
  serial = 0;
  orders: RefOrder[] = [];
  ended: RefOrder[] = [];
  writings: Writing[] = [];
  /** Rows of states by time, the newest of each. */
  rows = new Map<number, StateRow>();
  bankruptAtMs: number | null = null;
  counters: Counters = {
    fees: ZERO,
    funding: ZERO,
    insurance: ZERO,
    closedTrades: 0,
    wins: 0,
    breakEven: 0,
    liquidations: 0,
    rejectedOrders: 0,
    missingFunding: 0,
    ambiguousBars: 0,
  };
  /** When the account last booked something; what ends at that very moment belongs to its row. */
  bookedAtMs: number | null = null;
  /** Lowest margin balance on the walk under way. */
  lowestBalance: Num | null = null;

  constructor(input: AccountInput, terms: Terms) {
    this.input = input;
    this.terms = terms;
    this.leverage = { n: num(input.leverage.num), d: num(input.leverage.den) };
    this.mode = input.mode;
  }

  /** A copy that shares nothing that changes. */
  copy(): RefAccount {
    const twin = new RefAccount(this.input, this.terms);
    twin.become(this);
    return twin;
  }

  /** Takes over the state of a copy. */
  become(other: RefAccount): void {
    this.wallet = other.wallet;
    this.mode = other.mode;
    this.leverage = other.leverage;
    this.position = other.position === null ? null : { ...other.position };
    this.serial = other.serial;
    this.orders = other.orders.map((order) => ({ ...order }));
    this.ended = [...other.ended];
    this.writings = [...other.writings];
    this.rows = new Map(other.rows);
    this.bankruptAtMs = other.bankruptAtMs;
    this.counters = { ...other.counters };
    this.bookedAtMs = other.bookedAtMs;
    this.lowestBalance = other.lowestBalance;
  }

  /** Changes the wallet by one bill; bills that change nothing are not written. */
  book(bill: {
    readonly timeMs: number;
    readonly type: BillRecord['type'];
    readonly amount: Num;
    readonly isolatedDelta?: Num;
    readonly fee?: Num;
    readonly orderId?: number | null;
    readonly info?: string;
  }): void {
    const delta = bill.isolatedDelta ?? ZERO;
    if (bill.amount.eq(ZERO) && delta.eq(ZERO)) return;
    this.wallet = this.wallet.plus(bill.amount);
    if (bill.type === 'insurance') this.counters.insurance = this.counters.insurance.plus(bill.amount);
    const { contract } = this.terms;
    this.writings.push({
      kind: 'bill',
      timeMs: bill.timeMs,
      serial: bill.type === 'deposit' ? null : this.serial,
      record: {
        timeMs: bill.timeMs,
        account: this.input.name,
        currency: contract.settle,
        symbol: bill.type === 'deposit' ? null : contract.symbol,
        type: bill.type,
        amount: toBigint(bill.amount),
        fee: toBigint(bill.fee ?? ZERO),
        balanceAfter: toBigint(this.wallet),
        isolatedDelta: toBigint(delta),
        orderId: bill.orderId ?? null,
        info: bill.info ?? '',
      },
    });
  }

  /** Ends a working order. */
  end(order: RefOrder, timeMs: number, status: RefOrder['status'], code: number | null, reason: string | null): void {
    order.status = status;
    order.code = code;
    order.reason = reason;
    order.endTimeMs = timeMs;
    if (status === 'rejected') this.counters.rejectedOrders += 1;
    this.orders = this.orders.filter((other) => other.id !== order.id);
    this.ended.push(order);
    for (const child of this.orders.filter((other) => other.parentId === order.id && !other.armed && isLive(other))) {
      this.end(child, timeMs, 'cancelled', null, 'parent_ended');
    }
  }
}

/** Why a part was traded, with the stop that asked for it. */
export interface FillCause {
  readonly reason: FillReason;
  readonly orderId: number | null;
  readonly stop: Omit<StopTradeRecord, 'trade'> | null;
}
