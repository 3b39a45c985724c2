/**
 * Orders as the reference engine keeps them, brackets included: plain records that a copy of an account copies one by one. How
 * an order is admitted is submit.ts, how it fills is execute.ts.
 */

import type { OrderStatus, OrderType, PositionEffect, TriggerSource } from '../../engine/records.js';
import type { OrderStyleName } from '../../strategy/strategy.js';
import { add, compare, divide, type Num, ONE_RATIO, type Ratio, ratio, subtract, ZERO_RATIO } from './numbers.js';
import { type Terms, toTick } from './terms.js';

export interface RefOrder {
  id: number;
  timeMs: number;
  symbol: string;
  /** +1 buy, −1 sell. */
  side: 1 | -1;
  effect: PositionEffect;
  type: OrderType;
  /** Limit or trigger; null for a market order and for a percent stop that is not armed. */
  level: Num | null;
  qty: Num | null;
  /** Share to open or close with, until the order has been sized. */
  pct: Num | null;
  filled: Num;
  fillPrice: Ratio | null;
  status: OrderStatus;
  code: number | null;
  reason: string | null;
  tag: string | null;
  endTimeMs: number;
  /** Only closes: a close call, a reduce-only order or a bracket stop. */
  closing: boolean;
  postOnly: boolean;
  source: TriggerSource;
  /** Given at the last close; its first open is still to come or under way. */
  fresh: boolean;
  parentId: number | null;
  style: { readonly name: OrderStyleName; readonly value: Num } | null;
  /** False for a bracket stop whose parent has not filled. */
  armed: boolean;
}

export const isLive = (order: RefOrder): boolean => order.status === 'open' || order.status === 'partially_filled';
export const isLossStyle = (name: OrderStyleName): boolean => name === 'stop_loss' || name === 'stop_loss_pct';
export const isPercentStyle = (name: OrderStyleName): boolean => name.endsWith('_pct');
export const remainingOf = (order: RefOrder): Num => order.qty!.minus(order.filled);

/** +1 where the order is set off by a price at or above its level, −1 by one at or below it. */
export function triggerDirection(order: RefOrder): 1 | -1 {
  if (order.type === 'limit') return order.side === 1 ? -1 : 1;
  if (order.style === null || isLossStyle(order.style.name)) return order.side;
  return order.side === 1 ? -1 : 1;
}

export const isReached = (order: RefOrder, price: Ratio): boolean =>
  compare(price, ratio(order.level!)) * triggerDirection(order) >= 0;

/** Order of things reached at one point: 1 loss stop, 2 profit stop, 3 limit that closes, 4 entry. */
export function rankOf(order: RefOrder): number {
  if (order.type === 'limit') return order.closing ? 3 : 4;
  if (order.style !== null) return isLossStyle(order.style.name) ? 1 : 2;
  return order.closing ? 1 : 4;
}

/** Price of a bracket stop that guards a position of `guarded` (+1 long) opened at `entry`; null where none has that result. */
export function bracketLevel(
  terms: Terms,
  style: { readonly name: OrderStyleName; readonly value: Num },
  guarded: 1 | -1,
  entry: Ratio,
): Num | null {
  if (!isPercentStyle(style.name)) return toTick(terms, ratio(style.value), 'nearest');
  const isBelow = isLossStyle(style.name) === (guarded === 1);
  const share = ratio(style.value);
  if (terms.rules.pctBase === 'pnl' && terms.isInverse) {
    const factor = isBelow ? add(ONE_RATIO, share) : subtract(ONE_RATIO, share);
    return compare(factor, ZERO_RATIO) <= 0 ? null : toTick(terms, divide(entry, factor), 'nearest');
  }
  const factor = isBelow ? subtract(ONE_RATIO, share) : add(ONE_RATIO, share);
  return toTick(terms, { n: entry.n.times(factor.n), d: entry.d.times(factor.d) }, 'nearest');
}
