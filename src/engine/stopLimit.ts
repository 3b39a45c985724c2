/**
 * A stop-limit order at its trigger: it takes at once what its limit lets it, or comes to rest at the limit, or ends. From then on
 * it is a limit order. What fills it is executeOrder.ts.
 */

import { absolute, exposureOf } from '../account/position.js';
import { sideSign } from '../contract/sides.js';
import { compareFractions, type Fraction } from '../money/decimal.js';
import type { Order } from '../orders/order.js';
import { frozenQty, renewRowsOf } from './accountRows.js';
import type { AccountRuntime } from './accountRuntime.js';
import type { Booked } from './arming.js';
import { executeOrder } from './executeOrder.js';
import { takerPriceWithin } from './fillModel.js';
import type { Moment, StepContext } from './moment.js';
import { refusalOfNotional, refusalOfRest } from './orderAdmission.js';
import { orderCostInput, sizeByPercent } from './orderCosting.js';
import { type Refusal, refusal } from './refusal.js';
import { refuseAtFill } from './refuseAtFill.js';
import { refusalOfSize, refusalOfSpotRest, sizeSpotOrder } from './spotAdmission.js';

/** What a stop-limit meets at its trigger. */
export interface Trigger {
  /** Last price then. */
  readonly last: Fraction;
  readonly kind: 'quoted' | 'interpolated';
}

export function triggerStopLimit(
  runtime: AccountRuntime,
  { book, order }: Booked,
  { last, kind }: Trigger,
  moment: Moment,
  context: StepContext,
): void {
  const { contract, orders } = book;
  const limit = runtime.market.exact(book.index, order.price!);
  const tooSmall = order.qty === null ? size(runtime, { book, order }, limit, moment) : null;
  if (tooSmall !== null) {
    order.qty = 0n;
    refuseAtFill(runtime, { book, order }, tooSmall, moment, false);
    return;
  }
  if (compareFractions(last, limit) * Number(sideSign(order.side)) <= 0) {
    const price = takerPriceWithin(contract, order.side, last, limit, context.slippage, kind);
    executeOrder(runtime, { book, order, price, liquidity: 'taker' }, moment, context);
    return;
  }
  if (order.timeInForce !== 'gtc') {
    orders.end(order, { status: 'cancelled', timeMs: moment.timeMs, reason: 'not_filled_at_once' });
    runtime.hasChanged = true;
    renewRowsOf(runtime, moment, contract);
    return;
  }
  const why = refusalOfComingToRest(runtime, { book, order }, moment);
  if (why !== null) {
    refuseAtFill(runtime, { book, order }, why, moment, false);
    return;
  }
  rest(order);
  runtime.hasChanged = true;
  renewRowsOf(runtime, moment, contract);
}

/** Turns a stop-limit into the limit order that it is from its trigger on. */
export function rest(order: Order): void {
  order.isTriggered = true;
  order.isFresh = false;
  order.firesOn = order.side === 'buy' ? 'fall' : 'rise';
}

/** Gives an order by percent its quantity, as a limit order at this price would have now. @returns why there is none. */
function size(runtime: AccountRuntime, { book, order }: Booked, limit: Fraction, moment: Moment): Refusal | null {
  if (book.contract.type === 'spot') {
    order.qty = sizeSpotOrder(runtime, book, order, limit, moment);
    return refusalOfSize(runtime, book, order.qty, limit);
  }
  const target = runtime.target(book, order.side, order.effect);
  const opposite = target.qty * sideSign(order.side) < 0n ? absolute(target.qty) : 0n;
  const isExit = order.effect === 'close' || order.reduceOnly;
  const closable = isExit && target.slot !== 'net' ? opposite - frozenQty(runtime, target) : opposite;
  const cost = orderCostInput(runtime, target, order.side, limit, moment.mark(book.index), exposureOf(target));
  order.qty = sizeByPercent(order, closable, cost, runtime.usable(target, moment));
  const { minQty } = book.contract;
  if (isExit ? order.qty === 0n : order.qty < minQty) {
    return refusal(400, 'qty_below_min', { min_qty: minQty, qty: order.qty });
  }
  return isExit ? null : refusalOfNotional(runtime, book, order.qty, limit);
}

/** Whether the account covers it as a resting limit order; exits need nothing. */
function refusalOfComingToRest(runtime: AccountRuntime, { book, order }: Booked, moment: Moment): Refusal | null {
  const limitOrder: Order = { ...order };
  rest(limitOrder);
  if (book.contract.type === 'spot') return refusalOfSpotRest(runtime, book, limitOrder, moment);
  if (order.effect === 'close' || order.reduceOnly) return null;
  return refusalOfRest(runtime, book, limitOrder, moment);
}
