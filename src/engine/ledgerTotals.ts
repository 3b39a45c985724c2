/**
 * What the bills of one ledger add up to, by what they are, and what else is counted of it. Sums of exact amounts; what becomes of
 * them in a summary is the report's.
 */

import type { Bill } from '../account/bills.js';
import type { Currency } from '../money/units.js';

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

export function emptyTotals(currency: Currency): LedgerTotals {
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

/** Adds a bill. @param isStart whether it is one of the starting deposits. */
export function addBill(totals: LedgerTotals, { type, amount }: Bill, isStart: boolean): void {
  totals.bills += amount;
  totals.billCount += 1;
  if (isStart) totals.starting += amount;
  else if (CASH_BILLS.has(type)) totals.netDeposits += amount;
  if (type === 'spot_buy' || type === 'spot_sell') totals.spot += amount;
  if (type === 'fee' || type === 'liquidation_fee') totals.fees -= amount;
  if (type === 'funding') totals.funding += amount;
  if (type === 'insurance') totals.insurance += amount;
}
