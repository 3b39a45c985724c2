/**
 * Orders as the reference engine keeps them, brackets included: plain records that a copy of an account copies one by one, and the
 * questions that need nothing else. How an order is admitted is submit.ts, how it fills is execute.ts, what a bracket stop's price
 * is styles.ts.
 */

import type { OrderStatus, OrderType, PositionEffect, TriggerSource } from '../../engine/records.js';
import { compare, type Num, type Ratio, ratio } from './numbers.js';
import { isLossStyle, isTrailing, type Style } from './styles.js';

export interface RefOrder {
  id: number;
  timeMs: number;
  /** Name of the candles; what was asked for where the account knows none by it. */
  series: string;
  /** As rows show it. */
  symbol: string;
  /** +1 buy, −1 sell. */
  side: 1 | -1;
  effect: PositionEffect;
  type: OrderType;
  /** Price of a limit or a stop-limit. */
  limit: Num | null;
  /** What it waits for now, limit or trigger; null for a market order and for a percent or trailing stop that is not armed. */
  level: Num | null;
  /** True for a stop-limit that has come to its limit. */
  triggered: boolean;
  /** Immediate or cancel, fill or kill: it does not wait at its limit. */
  isImmediate: boolean;
  qty: Num | null;
  /** Share to open or close with, until the order has been sized. */
  pct: Num | null;
  /** Value over wallet to open with, where it is sized by that. */
  pob: Num | null;
  filled: Num;
  fillPrice: Ratio | null;
  /** What of it has opened, and the serial of the position that its stops guard since it filled. */
  opened: Num;
  guards: number | null;
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
  style: Style | null;
  /** False for a bracket stop whose parent has not filled. */
  armed: boolean;
  /** Best price since a trailing stop was armed. */
  best: Ratio | null;
}

export const isLive = (order: RefOrder): boolean => order.status === 'open' || order.status === 'partially_filled';
/** True for what waits at a limit: limits, and stop-limits after their trigger. */
export const restsAtLimit = (order: RefOrder): boolean => order.type === 'limit' || order.triggered;
/** True where the mark sets it off. */
export const goesByMark = (order: RefOrder): boolean =>
  order.source === 'mark' && order.type !== 'market' && !restsAtLimit(order);
export const remainingOf = (order: RefOrder): Num => order.qty!.minus(order.filled);

/** +1 where the order is set off by a price at or above its level, −1 by one at or below it. */
export function triggerDirection(order: RefOrder): 1 | -1 {
  const isTurned = restsAtLimit(order) || (order.style !== null && !isLossLike(order.style));
  return isTurned ? (-order.side as 1 | -1) : order.side;
}

/** Stops that are set off by a move against the position. */
export const isLossLike = ({ name }: Style): boolean => isLossStyle(name) || isTrailing(name);

export const isReached = (order: RefOrder, price: Ratio): boolean =>
  compare(price, ratio(order.level!)) * triggerDirection(order) >= 0;

/** Order of things reached at one point: 1 loss stop, 2 profit stop, 3 limit that closes, 4 entry. */
export function rankOf(order: RefOrder): number {
  if (restsAtLimit(order)) return order.closing ? 3 : 4;
  if (order.style !== null) return isLossLike(order.style) ? 1 : 2;
  return order.closing ? 1 : 4;
}
