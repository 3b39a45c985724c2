/**
 * What an account is told to book and what it answers: parts of fills, liquidations, moves of margin and cash. Types only.
 */

import type { Contract } from '../contract/contract.js';
import type { PositionEffect, PositionSide, Side } from '../contract/sides.js';
import type { Fraction } from '../money/decimal.js';
import type { MarginMode, OrderId } from './bills.js';
import type { Slot } from './position.js';
import type { MarkOf } from './riskGroup.js';

/** A part of a fill that only opens or only closes, ready to be booked. On spot a buy opens and a sell closes. */
export interface FillPart {
  readonly timeMs: number;
  readonly contract: Contract;
  /** The net position where absent. */
  readonly slot?: Slot;
  readonly side: Side;
  readonly effect: PositionEffect;
  /** Unsigned; a closing part is at most the position. */
  readonly qty: bigint;
  readonly price: Fraction;
  readonly feeRate: Fraction;
  /** The fee as booked elsewhere, plus when paid; by `feeRate` where absent. */
  readonly fee?: bigint;
  /** No insurance pays for what a close takes below zero of the wallet. */
  readonly isUninsured?: boolean;
  readonly orderId: OrderId | null;
}

export interface FillResult {
  /** Rounded value of the part. */
  readonly value: bigint;
  readonly fee: bigint;
  /** Gross; 0 for an opening part. On spot what the holding's average cost makes of a sell, for information. */
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

/** The prices of the moment at which a group is liquidated. */
export interface LiquidationPrices {
  readonly markOf: MarkOf;
  readonly lastOf: MarkOf;
}

/** One position that a liquidation has closed: what its trade shows. */
export interface LiquidatedPosition {
  readonly contract: Contract;
  readonly slot: Slot;
  readonly mode: MarginMode;
  readonly positionId: number;
  /** Side of the closing fill. */
  readonly side: Side;
  readonly positionSide: PositionSide;
  readonly qty: bigint;
  /** Exact; a price between ticks is shown on the nearest one by whoever shows it. */
  readonly price: Fraction;
  readonly value: bigint;
  /** Gross, before the commission and an insurance bill. */
  readonly realizedPnl: bigint;
  /** Taker fee and liquidation fee, or the commission reserve; plus when paid. */
  readonly commission: bigint;
  /** Of the insurance bill, plus when received; a share of what cross positions leave may be a charge. */
  readonly insurance: bigint;
}

/** Bills of moves between a position's margin and its wallet. */
export type MoveBill = 'margin_add' | 'margin_remove' | 'leverage_change';
/** Bills of money that comes in or goes out. */
export type CashBill = 'deposit' | 'withdraw' | 'transfer_in' | 'transfer_out';
