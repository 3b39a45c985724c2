/**
 * What an account has to say: rows for the tables that wait for their ids, bills about to be booked, money that came and went,
 * and why a part was traded. Plain records.
 */

import type { OrderId } from '../../account/bills.js';
import type { BillRecord, ClosedTradeRecord, FillReason, StopTradeRecord, TradeRecord } from '../../engine/records.js';
import type { Num } from './numbers.js';

/** Something written by an account; ids are given when the accounts' writings are put in order. */
export type Writing =
  | {
      readonly kind: 'trade';
      readonly timeMs: number;
      readonly record: Omit<TradeRecord, 'id'>;
      readonly stop: Omit<StopTradeRecord, 'trade'> | null;
      /** Of a given fill, the place of its row among theirs. */
      readonly place: number | null;
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

/** A deposit, a withdrawal or one end of a transfer. */
export interface Flow {
  readonly timeMs: number;
  readonly code: string;
  readonly amount: Num;
}

/** A change of a wallet about to be booked. */
export interface BillDraft {
  readonly timeMs: number;
  readonly type: BillRecord['type'];
  readonly amount: Num;
  readonly isolatedDelta?: Num;
  readonly fee?: Num;
  readonly orderId?: OrderId | null;
  /** Where there is no position to name it. */
  readonly symbol?: string;
}

/** Why a part was traded, with the stop that asked for it. */
export interface FillCause {
  readonly reason: FillReason;
  readonly orderId: OrderId | null;
  readonly stop: Omit<StopTradeRecord, 'trade'> | null;
  /** Of a given fill, its place among them. */
  readonly place?: number;
}
