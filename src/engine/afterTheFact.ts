/**
 * Stops that a strategy gives an order after it was given: in the place of the one of their kind, or beside the others. The stop of
 * an order that has filled is armed at once, for as long as the position that the order left has not been closed.
 */

import { absolute, exposureOf, type Position } from '../account/position.js';
import { computeAveragePrice, type Order } from '../orders/order.js';
import { isTrailing, kindOf } from '../orders/stopPrice.js';
import type { StopRequest } from '../strategy/broker.js';
import type { AccountRuntime } from './accountRuntime.js';
import { armStop, type Booked, countIfUnreachable, marginRateOf } from './arming.js';
import { type BracketTerms, type ReadLeg, readLeg, stopSideOf } from './bracketRequest.js';
import type { Moment } from './moment.js';
import { createOrder, createStop, unreadRequest } from './orderCreation.js';
import { bracketTerms } from './orderEntry.js';
import { type NamedOrder, namedOrder } from './pastOrders.js';
import { isAnyLedgerDead, ledgerOfRefusal, type Refusal, refusal } from './refusal.js';
import type { SymbolBook } from './symbolBook.js';

/** The order that a call names. */
interface Parent extends Booked {
  /** The position that it left, where it has filled; null while it works. */
  readonly target: Position | null;
}

/** An order that a call names, with the book that it is or was in. */
interface Named {
  readonly book: SymbolBook;
  readonly order: NamedOrder;
}

/** Gives an order a stop. @returns the stop, in the book; or why not. */
export function attachStop(runtime: AccountRuntime, request: StopRequest, id: number, moment: Moment): Order | Refusal {
  const named = findOrder(runtime, request.orderId);
  if (named === null) return refusal(400, 'unknown_order', { order: request.orderId });
  const parent = guardable(runtime, named);
  if (!('order' in parent)) return parent;
  if (isAnyLedgerDead(runtime.account, parent.book.contract)) return refusal(70005, 'account_bankrupt');
  const { book, order } = parent;
  const leg = readLeg(request, stopSideOf(order), termsOf(runtime, parent, moment));
  if ('code' in leg) return leg;
  const { timeMs } = moment;
  const stop: Order = { ...createStop(order, leg, id), timeMs, endTimeMs: timeMs };
  const kept = replace(parent, leg, timeMs);
  book.orders.add(stop);
  if (parent.target !== null) arm(runtime, { ...parent, target: parent.target }, stop, kept, moment);
  runtime.hasChanged = true;
  return stop;
}

/** A working order, or one that has ended; no stop of a bracket. */
function findOrder(runtime: AccountRuntime, id: number): Named | null {
  for (const book of runtime.books) {
    const order = book.orders.find(id) ?? book.orders.findEnded(id);
    if (order !== undefined) return order.leg === null ? { book, order: namedOrder(order) } : null;
  }
  const past = runtime.past.find(id);
  if (past === undefined || past.isStop || past.contract === null) return null;
  return { book: runtime.bookOf(past.contract), order: past };
}

/** Whether a stop can be hung on an order: it works, or it left a position that has not been closed since. */
function guardable(runtime: AccountRuntime, { book, order: named }: Named): Parent | Refusal {
  const { whole: order } = named;
  if (named.status === 'open') return { book, order: order!, target: null };
  if (!named.hasFilled) return refusal(400, 'order_ended', { status: named.status });
  if (order === null) return refusal(400, 'position_closed');
  const target = runtime.target(book, order.side, order.effect);
  const isHeld = target.qty !== 0n && target.id === order.positionId;
  const isGuarded = order.effect === 'close' || order.openedQty > 0n;
  return isHeld && isGuarded ? { book, order, target } : refusal(400, 'position_closed');
}

function termsOf(runtime: AccountRuntime, { book, order, target }: Parent, moment: Moment): BracketTerms {
  if (target !== null) {
    const terms = bracketTerms(runtime, book, order, null, moment);
    return { ...terms, entry: computeAveragePrice(order)!, marginRate: marginRateOf(target, exposureOf(target)) };
  }
  const own = order.price ?? order.trigger;
  const price = own === null ? null : runtime.market.exact(book.index, own);
  return bracketTerms(runtime, book, order, price, moment);
}

/** Ends the stops whose place the new one takes. @returns those that stay. */
function replace({ book, order }: Booked, { leg }: ReadLeg, timeMs: number): readonly Order[] {
  const stops = book.orders.childrenOf(order.id);
  const isReplaced = (stop: Order): boolean => kindOf(stop.leg!) === kindOf(leg);
  for (const stop of stops.filter(isReplaced)) {
    book.orders.end(stop, { status: 'cancelled', timeMs, reason: 'replaced' });
  }
  return stops.filter((stop) => !isReplaced(stop));
}

/** Arms a stop for what the others still guard, else for what the order opened, or a closing one left. */
function arm(
  runtime: AccountRuntime,
  { book, order, target }: Parent & { readonly target: Position },
  stop: Order,
  kept: readonly Order[],
  moment: Moment,
): void {
  const held = absolute(target.qty);
  const opened = order.effect === 'close' || order.openedQty > held ? held : order.openedQty;
  const qty = kept.find(({ isArmed }) => isArmed)?.qty ?? opened;
  armStop({ book, order: stop }, { qty, average: computeAveragePrice(order)!, target }, moment);
  countIfUnreachable(runtime, { book, order: stop }, target, moment);
}

/** The row of a stop that was refused; without an order to guard it is of no symbol. */
export function refusedStop(
  runtime: AccountRuntime,
  request: StopRequest,
  why: Refusal,
  at: { readonly id: number; readonly timeMs: number },
): Order {
  const parent = findOrder(runtime, request.orderId);
  const book = parent?.book ?? runtime.books[0]!;
  const side = parent === null ? 'sell' : stopSideOf(parent.order);
  const symbol = parent === null ? '' : book.contract.symbol;
  const call = { kind: 'contract', symbol, side, effect: 'close', price: null } as const;
  const unread = { ...call, amount: undefined, sizing: 'qty', options: {} } as const;
  return {
    ...createOrder(runtime, book, unread, unreadRequest(unread, book), at),
    symbol,
    contract: parent === null ? null : book.contract,
    type: isTrailing(request.name) ? 'trailing_stop' : 'stop',
    reduceOnly: true,
    parentId: parent?.order.id ?? null,
    status: 'rejected',
    code: why.code,
    reason: why.reason,
    refusedIn: ledgerOfRefusal(runtime.account, parent === null ? null : book.contract),
  };
}
