/**
 * Changes a working order: its limit price, its trigger, its quantity. The order is judged as a new one would be, on a copy of which
 * it was taken out, and changed whole or not at all; it keeps its id, its place and its stops.
 */

import { absolute } from '../account/position.js';
import { type Fraction, fractionToF64 } from '../money/decimal.js';
import { isStop, type Order } from '../orders/order.js';
import { isPercent, isTrailing } from '../orders/stopPrice.js';
import type { OrderChanges, Order as OrderView } from '../strategy/strategy.js';
import type { AccountRuntime } from './accountRuntime.js';
import type { Booked } from './arming.js';
import { placeLeg, readLeg } from './bracketRequest.js';
import type { Moment } from './moment.js';
import { refusalOf } from './orderAdmission.js';
import { viewOf } from './orderCreation.js';
import { bracketTerms } from './orderEntry.js';
import { readPrice, toQty } from './orderRequest.js';
import { readPositive } from './readDecimal.js';
import { type Refusal, refusal } from './refusal.js';
import type { Slippage } from './runInput.js';
import { refusalOfSpot } from './spotAdmission.js';

const FIELDS = ['price', 'qty', 'trigger'] as const;
type Field = (typeof FIELDS)[number];

/** What a modification is judged by. */
export interface ModifyContext {
  readonly moment: Moment;
  readonly slippage: Slippage;
}

/** Changes an order, or answers why not; nothing has changed then. */
export function modifyOrder(
  runtime: AccountRuntime,
  orderId: number,
  changes: OrderChanges,
  context: ModifyContext,
): OrderView {
  const found = findWorking(runtime, orderId);
  if (found === null) return refusedView(refusal(400, 'unknown_order', { order: orderId }));
  const { order } = found;
  const draft = draftOf(runtime, found, changes, context);
  if ('status' in draft) {
    Object.assign(order, draft);
    for (const stop of found.book.orders.childrenOf(order.id)) if (!stop.isArmed) stop.qty = order.qty;
    runtime.hasChanged = true;
    return viewOf(order);
  }
  return { ...viewOf(order), status: 'rejected', ...draft };
}

/** The answer to a call that names no working order. */
export function refusedView(why: Refusal): OrderView {
  const nothing = { id: 0, symbol: '', side: 'buy', positionEffect: 'open', type: 'market' } as const;
  return { ...nothing, status: 'rejected', ...why };
}

function findWorking({ books }: AccountRuntime, id: number): Booked | null {
  for (const book of books) {
    const order = book.orders.find(id);
    if (order !== undefined) return { book, order };
  }
  return null;
}

/** The order as it would be, or why it cannot. */
function draftOf(
  runtime: AccountRuntime,
  { book, order }: Booked,
  changes: OrderChanges,
  context: ModifyContext,
): Order | Refusal {
  const asked = Object.keys(changes ?? {});
  const unknown = asked.find((name) => !FIELDS.some((known) => known === name));
  if (unknown !== undefined) return refusal(400, 'unknown_option', { option: unknown, known: FIELDS.join(' ') });
  const given = FIELDS.filter((field) => changes?.[field] !== undefined);
  if (given.length === 0) return refusal(400, 'nothing_to_modify', { known: FIELDS.join(' ') });
  const fixed = given.find((field) => !isModifiable(order, field));
  if (fixed !== undefined) return refusal(400, 'not_modifiable', { field: fixed, type: order.type });
  if (order.leg !== null) return movedStop(runtime, { book, order }, changes, context.moment);
  const read = readChanges(runtime, { book, order }, changes);
  if ('reason' in read) return read;
  const draft: Order = { ...order, ...read, isFresh: true };
  return (
    refusalOfStops(runtime, { book, order }, draft, context.moment) ?? judged(runtime, { book, order: draft }, context)
  );
}

/** Whether an order has a field that may be changed. */
function isModifiable(order: Order, field: Field): boolean {
  const { type, leg, pct, pob } = order;
  if (leg !== null) return field === 'trigger' && !isPercent(leg.style) && !isTrailing(leg.style);
  if (field === 'price') return type === 'limit' || type === 'stop_limit';
  return field === 'trigger' ? isStop(order) : pct === null && pob === null;
}

/** The new values, rounded as those of a new order. */
function readChanges(
  runtime: AccountRuntime,
  { book, order }: Booked,
  changes: OrderChanges,
): Partial<Pick<Order, Field>> | Refusal {
  const { contract } = book;
  const read: Partial<Pick<Order, Field>> = {};
  if (changes.price !== undefined) {
    const price = readPrice(changes.price, contract, order.side === 'buy' ? 'floor' : 'ceil') ?? null;
    if (price === null) return refusal(400, 'price_not_positive', { price: changes.price });
    read.price = fractionToF64(price);
  }
  if (changes.trigger !== undefined) {
    const trigger = readPrice(changes.trigger, contract, 'nearest') ?? null;
    if (trigger === null) return refusal(400, 'trigger_not_positive', { trigger: changes.trigger });
    read.trigger = fractionToF64(trigger);
  }
  if (changes.qty !== undefined) {
    const qty = readPositive(changes.qty);
    if (qty === undefined) return refusal(400, 'qty_not_positive', { qty: changes.qty });
    const askedQty = toQty(qty, contract);
    const onStep = askedQty - (askedQty % contract.qtyStep);
    const held = absolute(runtime.target(book, order.side, order.effect).qty);
    // As at the call: a request for the whole position takes the dust along.
    read.qty = order.effect === 'close' && askedQty >= held && onStep < held ? held : onStep;
  }
  return read;
}

/** A stop of a bracket at another price, on the right side: of its order's price, or, once armed, of the last close. */
function movedStop(
  runtime: AccountRuntime,
  { book, order }: Booked,
  { trigger }: OrderChanges,
  moment: Moment,
): Order | Refusal {
  const asked = readPrice(trigger, book.contract, 'nearest') ?? null;
  if (asked === null) return refusal(400, 'trigger_not_positive', { trigger });
  const parent = order.isArmed ? undefined : book.orders.find(order.parentId!);
  const own = parent === undefined ? null : priceOf(runtime, { book, order: parent });
  const terms = bracketTerms(runtime, book, parent ?? order, own, moment);
  // What an author calls a loss stop stays one: no venue corrects the label of a stop that stands.
  const rules = { ...terms.rules, bracketSide: 'reject' } as const;
  const read = readLeg({ name: order.leg!.style, value: trigger }, order.side, { ...terms, rules });
  if ('reason' in read) return read;
  return { ...order, leg: read.leg, trigger: fractionToF64(asked), isFresh: true };
}

/** Limit price or trigger of an order; null for a market order. */
function priceOf({ market }: AccountRuntime, { book, order }: Booked): Fraction | null {
  const own = order.price ?? order.trigger;
  return own === null ? null : market.exact(book.index, own);
}

/** Whether a stop that is not armed yet could not stand at the order's new price, as it could not at a new order. */
function refusalOfStops(
  runtime: AccountRuntime,
  { book, order }: Booked,
  draft: Order,
  moment: Moment,
): Refusal | null {
  const terms = bracketTerms(runtime, book, draft, priceOf(runtime, { book, order: draft }), moment);
  const rules = { ...terms.rules, bracketSide: 'reject' } as const;
  for (const { leg, side, isArmed } of book.orders.childrenOf(order.id)) {
    if (leg === null || isArmed) continue;
    const placed = placeLeg(leg, side, { ...terms, rules }, fractionToF64(leg.value));
    if ('reason' in placed) return placed;
  }
  return null;
}

/** Judges the changed order as a new one, on a copy without the old one. */
function judged(
  runtime: AccountRuntime,
  { book, order: draft }: Booked,
  { moment, slippage }: ModifyContext,
): Order | Refusal {
  const copy = runtime.copy();
  const copied = copy.bookOf(book.contract);
  copied.orders.withdraw(copied.orders.find(draft.id)!);
  const judge = book.contract.type === 'spot' ? refusalOfSpot : refusalOf;
  const limit = draft.price === null ? null : runtime.market.exact(book.index, draft.price);
  return judge(copy, copied, draft, limit, moment, slippage) ?? draft;
}
