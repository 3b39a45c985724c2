/**
 * An order and everything that is known of it: what was asked, what it waits for, what has been filled and how it ended.
 * Data and the questions that need nothing else; the list of working orders is workingOrders.ts, and what happens when an
 * order fires is decided by the engine.
 */

import type { Contract } from '../contract/contract.js';
import type { PositionEffect, Side } from '../contract/sides.js';
import { compareFractions, type Fraction } from '../money/decimal.js';
import type { Currency } from '../money/units.js';

export type OrderType = 'market' | 'limit' | 'stop';
export type OrderStatus = 'open' | 'partially_filled' | 'filled' | 'cancelled' | 'rejected' | 'expired';
export type TriggerSource = 'last' | 'mark';
export type StopStyle = 'stop_loss' | 'stop_profit' | 'stop_loss_pct' | 'stop_profit_pct';

/** The bracket leg that a child stop stands for. */
export interface BracketLeg {
  readonly style: StopStyle;
  readonly isLoss: boolean;
  /** A trigger price, or for `_pct` a fraction of the parent's average fill price. */
  readonly value: Fraction;
  /** For `_pct`: whether the fraction is of the result of an inverse contract, E/(1 ± x), instead of the price, E·(1 ∓ x). */
  readonly isOfInverseResult: boolean;
}

export interface OrderFill {
  readonly qty: bigint;
  readonly price: Fraction;
}

export interface Order {
  readonly id: number;
  /** Close of the bar on which it was given. */
  readonly timeMs: number;
  readonly symbol: string;
  /** Null for an unknown symbol. */
  readonly contract: Contract | null;
  readonly side: Side;
  readonly effect: PositionEffect;
  readonly type: OrderType;
  /** Limit price; null otherwise. */
  readonly price: number | null;
  /** Stop price; null until a percent stop is armed. */
  trigger: number | null;
  readonly triggerBy: TriggerSource;
  /** Whether it fires when its price falls to the level or rises to it. */
  readonly firesOn: 'fall' | 'rise';
  /** Null until an order by percent has been sized. */
  qty: bigint | null;
  /** Share of the available balance (open) or of the position (close); null for a fixed quantity. */
  readonly pct: Fraction | null;
  readonly reduceOnly: boolean;
  readonly postOnly: boolean;
  readonly tag: string | null;
  readonly parentId: number | null;
  /** Set on the stops of a bracket. */
  readonly leg: BracketLeg | null;
  /** False for a bracket stop until its parent has filled. */
  isArmed: boolean;
  /** True until the first open at which it can act has passed. */
  isFresh: boolean;
  filledQty: bigint;
  fills: readonly OrderFill[];
  status: OrderStatus;
  code: number | null;
  reason: string | null;
  endTimeMs: number;
  /** The ledger that a rejected order counts in: which ones there were when it was refused. */
  refusedIn?: Currency;
}

/** The level an order waits for: its limit price or its trigger. Null for market orders and stops not armed. */
export function levelOf(order: Order): number | null {
  return order.type === 'limit' ? order.price : order.isArmed ? order.trigger : null;
}

/** Which price series reaches the level. Limits fill on the last price. */
export function seriesOf(order: Order): TriggerSource {
  return order.type === 'limit' ? 'last' : order.triggerBy;
}

/** Whether a price has reached the order's level; inclusive. */
export function isReached(order: Order, price: number): boolean {
  const level = levelOf(order);
  if (level === null) return false;
  return order.firesOn === 'fall' ? price <= level : price >= level;
}

/** As isReached, for an exact price inside a leg. */
export function isReachedExactly(order: Order, level: Fraction, price: Fraction): boolean {
  const side = compareFractions(price, level);
  return order.firesOn === 'fall' ? side <= 0 : side >= 0;
}

/** Average fill price: arithmetic for linear and quanto, harmonic for inverse. Null without a fill. */
export function computeAveragePrice(order: Order): Fraction | null {
  const { fills, contract } = order;
  const first = fills[0];
  if (first === undefined || contract === null) return null;
  if (fills.every((fill) => compareFractions(fill.price, first.price) === 0)) return first.price;
  let qty = 0n;
  let num = 0n;
  let den = 1n;
  for (const { qty: q, price } of fills) {
    const p = contract.type === 'inverse' ? { num: price.den, den: price.num } : price;
    num = num * p.den + q * p.num * den;
    den *= p.den;
    qty += q;
  }
  return contract.type === 'inverse' ? { num: qty * den, den: num } : { num, den: den * qty };
}

/** Rank at equal moments: loss stop, profit stop, limit exit, entry; lower goes first. */
export function tieRank(order: Order): number {
  const isExit = order.reduceOnly || order.effect === 'close';
  if (!isExit) return 4;
  if (order.type !== 'stop') return 3;
  return order.leg === null || order.leg.isLoss ? 1 : 2;
}
