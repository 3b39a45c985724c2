/**
 * Bills: the only way a wallet changes. The ledger appends a bill and keeps the balance beside it, so that the balance is
 * the sum of the bills at every moment. What a bill means is decided by its caller, account.ts.
 */

import { invariant } from '../errors.js';
import type { Currency } from '../money/units.js';

export type MarginMode = 'cross' | 'isolated';
export type BillType =
  | 'deposit'
  | 'withdraw'
  | 'transfer_in'
  | 'transfer_out'
  | 'realized_pnl'
  | 'fee'
  | 'funding'
  | 'liquidation'
  | 'liquidation_fee'
  | 'insurance'
  | 'margin_add'
  | 'margin_remove'
  | 'auto_margin'
  | 'leverage_change'
  | 'spot_buy'
  | 'spot_sell';
/** `one_way`: one signed position a symbol; `hedged`: a long and a short beside each other. */
export type PositionMode = 'one_way' | 'hedged';

/** The number of an order of the run; text where a fill was given with the exchange's own. */
export type OrderId = number | string;

/** One change of a wallet, in settlement units. */
export interface Bill {
  readonly timeMs: number;
  /** Of the ledger that the bill is booked in. */
  readonly currency: Currency;
  readonly symbol: string | null;
  readonly type: BillType;
  /** From the trader's view: plus is received. */
  readonly amount: bigint;
  /** Informational: the fee of the same fill. */
  readonly fee: bigint;
  readonly balanceAfter: bigint;
  /** Change of the margin assigned to the isolated position. */
  readonly isolatedDelta: bigint;
  readonly orderId: OrderId | null;
  /** Counts from 1 within the account; null outside a position. */
  readonly positionId: number | null;
  readonly info: string;
}

export type BillDraft = Omit<Bill, 'balanceAfter' | 'currency'>;

/** A wallet in one settlement currency with the bills that made it. */
export class Ledger {
  readonly currency: Currency;
  #balance: bigint;
  #sum: bigint;
  /** Bills not yet taken by the run. */
  #fresh: Bill[] = [];

  constructor(currency: Currency, balance = 0n) {
    this.currency = currency;
    this.#balance = balance;
    this.#sum = balance;
  }

  /** Wallet balance W in settlement units. */
  get balance(): bigint {
    return this.#balance;
  }

  /** Books a bill. One that moves neither the wallet nor an isolated margin is not written, and null comes back. */
  post(draft: BillDraft): Bill | null {
    if (draft.amount === 0n && draft.isolatedDelta === 0n) return null;
    this.#balance += draft.amount;
    // Field by field: a spread of so many costs several times as much.
    const bill: Bill = {
      timeMs: draft.timeMs,
      currency: this.currency,
      symbol: draft.symbol,
      type: draft.type,
      amount: draft.amount,
      fee: draft.fee,
      balanceAfter: this.#balance,
      isolatedDelta: draft.isolatedDelta,
      orderId: draft.orderId,
      positionId: draft.positionId,
      info: draft.info,
    };
    this.#fresh.push(bill);
    return bill;
  }

  /** Hands over the bills booked since the last call, after checking that they re-add to the balance. */
  takeBills(): Bill[] {
    const bills = this.#fresh;
    for (const bill of bills) this.#sum += bill.amount;
    invariant(this.#sum === this.#balance, () => `sum of bills ${this.#sum} is not the balance ${this.#balance}`);
    this.#fresh = [];
    return bills;
  }

  /** A ledger that starts from this balance with no bills of its own. Bills must have been taken. */
  clone(): Ledger {
    invariant(this.#fresh.length === 0, 'a ledger is copied only when its bills have been taken');
    return new Ledger(this.currency, this.#balance);
  }
}
