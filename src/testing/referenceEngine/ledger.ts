/**
 * A wallet in one settlement currency with what is counted of it and the rows that stand. Plain state; bills are booked by
 * account.ts, rows are made by rows.ts.
 */

import type { BalanceRecord, PositionRecord } from '../../engine/records.js';
import type { Currency } from '../../money/units.js';
import type { Num } from './numbers.js';
import { ZERO } from './numbers.js';

/** What stands at a time: a balance row, the rows of the ledger's positions, or both. */
export interface StateRow {
  readonly timeMs: number;
  readonly withBalance: boolean;
  readonly withPosition: boolean;
  readonly balance: BalanceRecord;
  readonly positions: readonly PositionRecord[];
}

export interface Counters {
  fees: Num;
  funding: Num;
  insurance: Num;
  netDeposits: Num;
  /** What spot trades brought in less what they took out. */
  spot: Num;
  closedTrades: number;
  wins: number;
  breakEven: number;
  liquidations: number;
  rejectedOrders: number;
  missingFunding: number;
  ambiguousBars: number;
}

/** Bitcoin is one coin, however an exchange writes it. */
export const coinOf = (code: string): string => (code === 'XBT' ? 'BTC' : code);

export class RefLedger {
  readonly currency: Currency;
  wallet: Num = ZERO;
  bankruptAtMs: number | null = null;
  counters: Counters = {
    fees: ZERO,
    funding: ZERO,
    insurance: ZERO,
    netDeposits: ZERO,
    spot: ZERO,
    closedTrades: 0,
    wins: 0,
    breakEven: 0,
    liquidations: 0,
    rejectedOrders: 0,
    missingFunding: 0,
    ambiguousBars: 0,
  };
  /** Rows of states by time, the newest of each. */
  rows = new Map<number, StateRow>();
  /** When the ledger last booked something; what ends at that very moment belongs to its row. */
  bookedAtMs: number | null = null;
  /** Lowest margin balance on the walk under way. */
  lowestBalance: Num | null = null;
  /** Bills and trades written, and orders ended, so far: by these a change is seen. */
  written = 0;
  endings = 0;
  /** Something was traded or paid since the ledger was last tested for bankruptcy. */
  isTouched = false;
  /** Equity less net deposits and spot trades at the closes. */
  samples: number[] = [];
  hasBills = false;
  /** No row has been asked for yet. */
  isNew = true;

  constructor(currency: Currency) {
    this.currency = currency;
  }

  copy(): RefLedger {
    const twin = new RefLedger(this.currency);
    Object.assign(twin, this, { counters: { ...this.counters }, rows: new Map(this.rows), samples: [...this.samples] });
    return twin;
  }
}
