/**
 * An order and everything that is known of it: what was asked, what it waits for, what has been filled and how it ended.
 * Data and the questions that need nothing else; the list of working orders is workingOrders.ts, and what happens when an
 * order fires is decided by the engine.
 */

import type { Contract } from '../contract/contract.js';
import type { PositionEffect, Side } from '../contract/sides.js';
import { compareFractions, type Fraction } from '../money/decimal.js';
import type { Currency } from '../money/units.js';

export type OrderType = 'market' | 'limit' | 'stop' | 'stop_limit' | 'trailing_stop';
export type OrderStatus = 'open' | 'partially_filled' | 'filled' | 'cancelled' | 'rejected' | 'expired';
export type TriggerSource = 'last' | 'mark';
export type TimeInForce = 'gtc' | 'ioc' | 'fok';
export type StopStyle =
  | 'stop_loss'
  | 'stop_profit'
  | 'stop_loss_pct'
  | 'stop_profit_pct'
  | 'trailing_stop'
  | 'trailing_stop_pct';
/** What the fraction of a percent stop is of: the price, the result over entry value, or the result over initial margin. */
export type PctBase = 'price' | 'pnl' | 'roe';

/** The bracket leg that a child stop stands for. */
export interface BracketLeg {
  readonly style: StopStyle;
  /** True for trailing stops too. */
  readonly isLoss: boolean;
  /** A trigger price, a distance for `trailing_stop`, or for `_pct` a fraction. */
  readonly value: Fraction;
  /** Of a percent stop that does not trail; `price` of all others. */
  readonly base: PctBase;
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
  price: number | null;
  /** Stop price; null until a percent or trailing stop is armed. */
  trigger: number | null;
  readonly triggerBy: TriggerSource;
  /** Whether it fires when its price falls to the level or rises to it; a stop-limit turns round at its trigger. */
  firesOn: 'fall' | 'rise';
  readonly timeInForce: TimeInForce;
  /** True for a stop-limit whose trigger has been reached: from then on it is a limit order. */
  isTriggered: boolean;
  /** Null until an order by percent has been sized. */
  qty: bigint | null;
  /** Share of the available balance (open) or of the position (close); null for a fixed quantity. */
  readonly pct: Fraction | null;
  /** Value over wallet, of an order that is sized so at its fill. */
  readonly pob: Fraction | null;
  readonly reduceOnly: boolean;
  readonly postOnly: boolean;
  readonly tag: string | null;
  readonly parentId: number | null;
  /** Set on the stops of a bracket. */
  leg: BracketLeg | null;
  /** The best price since a trailing stop was armed; null for all others, and before. */
  best: Fraction | null;
  /** False for a bracket stop until its parent has filled. */
  isArmed: boolean;
  /** True until the first open at which it can act has passed. */
  isFresh: boolean;
  filledQty: bigint;
  /** The part of what has filled that opened. */
  openedQty: bigint;
  /** Number of the position that its last fill left, within the account; 0 for none. */
  positionId: number;
  fills: readonly OrderFill[];
  status: OrderStatus;
  code: number | null;
  reason: string | null;
  endTimeMs: number;
  /** The ledger that a rejected order counts in: which ones there were when it was refused. */
  refusedIn?: Currency;
}

/** Whether it rests, or will rest, at a limit price: a limit order, or a stop-limit that has been triggered. */
export function isLimit({ type, isTriggered }: Pick<Order, 'type' | 'isTriggered'>): boolean {
  return type === 'limit' || (type === 'stop_limit' && isTriggered);
}

/** Whether it waits for a trigger: a stop of any kind, or a stop-limit that has not been triggered. */
export function isStop(order: Pick<Order, 'type' | 'isTriggered'>): boolean {
  return order.type !== 'market' && !isLimit(order);
}

/** The level an order waits for: its limit price or its trigger. Null for market orders and stops not armed. */
export function levelOf(order: Order): number | null {
  return isLimit(order) ? order.price : order.isArmed ? order.trigger : null;
}

/** Which price series reaches the level. Limits fill on the last price. */
export function seriesOf(order: Order): TriggerSource {
  return isLimit(order) ? 'last' : order.triggerBy;
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

/** Rank at equal moments: loss and trailing stop, profit stop, limit exit, entry; lower goes first. */
export function tieRank(order: Order): number {
  const isExit = order.reduceOnly || order.effect === 'close';
  if (!isExit) return 4;
  if (!isStop(order)) return 3;
  return order.leg === null || order.leg.isLoss ? 1 : 2;
}
