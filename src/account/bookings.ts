/**
 * What an account is told to book and what it answers: parts of fills, take-overs, moves of margin. Types only.
 */

import type { Contract } from '../contract/contract.js';
import type { PositionEffect, PositionSide, Side } from '../contract/sides.js';
import type { Fraction } from '../money/decimal.js';

/** A part of a fill that only opens or only closes, ready to be booked. */
export interface FillPart {
  readonly timeMs: number;
  readonly contract: Contract;
  readonly side: Side;
  readonly effect: PositionEffect;
  /** Unsigned; a closing part is at most the position. */
  readonly qty: bigint;
  readonly price: Fraction;
  readonly feeRate: Fraction;
  readonly orderId: number | null;
}

export interface FillResult {
  /** Rounded value of the part. */
  readonly value: bigint;
  readonly fee: bigint;
  /** Gross; 0 for an opening part. */
  readonly realizedPnl: bigint;
  /** Credit for a close that ate more than the wallet; 0 as a rule. */
  readonly insurance: bigint;
}

export interface TakeOver {
  readonly side: Side;
  readonly positionSide: PositionSide;
  readonly qty: bigint;
  /** Bankruptcy price on the tick, or the mark where it lies beyond. */
  readonly price: Fraction;
  readonly value: bigint;
  /** Gross result of the take-over, before an insurance credit. */
  readonly realizedPnl: bigint;
  /** The commission reserve that pays the take-over's fee. */
  readonly fee: bigint;
  readonly insurance: bigint;
}

/** Bills of moves between a position's margin and its wallet. */
export type MoveBill = 'margin_add' | 'margin_remove' | 'leverage_change';
