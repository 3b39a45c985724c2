/**
 * Makes orders of calls that have been read, the stops of their brackets, and what a strategy sees of them. Whether an order may
 * be given is orderAdmission.ts.
 */

import { absolute } from '../account/position.js';
import { type Fraction, fractionToF64 } from '../money/decimal.js';
import type { Order } from '../orders/order.js';
import { isTrailing } from '../orders/stopPrice.js';
import type { OrderRequest } from '../strategy/broker.js';
import type { Order as OrderView } from '../strategy/strategy.js';
import type { AccountRuntime } from './accountRuntime.js';
import type { ReadLeg } from './bracketRequest.js';
import { type ReadRequest, toQty, triggerSourceOf, typeOf } from './orderRequest.js';
import { readDecimal, readPositive } from './readDecimal.js';
import type { SymbolBook } from './symbolBook.js';

/** The order that a call asks for; nothing of it has happened. */
export function createOrder(
  runtime: AccountRuntime,
  book: SymbolBook,
  request: OrderRequest,
  read: ReadRequest,
  { id, timeMs }: { readonly id: number; readonly timeMs: number },
): Order {
  const { contract, index } = book;
  const { account } = runtime;
  const { options } = request;
  const toF64 = (price: Fraction | null): number | null => (price === null ? null : fractionToF64(price));
  const isLimit = read.type === 'limit';
  const isBuy = request.side === 'buy';
  let { qty } = read;
  const held = absolute(runtime.target(book, request.side, request.effect).qty);
  // A request for the whole position closes the dust with it.
  if (request.effect === 'close' && qty !== null && read.askedQty >= held && qty < held) qty = held;
  const { hasMark } = runtime.market.symbols[index]!.input;
  return {
    id,
    timeMs,
    symbol: book.contract.symbol,
    contract,
    side: request.side,
    effect: request.effect,
    type: read.type,
    price: toF64(read.price),
    trigger: toF64(read.trigger),
    triggerBy: triggerSourceOf(options.triggerBy, account.rules.triggerDefault, hasMark),
    firesOn: isLimit === isBuy ? 'fall' : 'rise',
    timeInForce: read.timeInForce,
    isTriggered: false,
    qty,
    pct: read.pct,
    pob: read.pob,
    reduceOnly: options.reduceOnly === true,
    postOnly: options.postOnly === true,
    tag: options.tag === undefined ? null : String(options.tag),
    parentId: null,
    leg: null,
    best: null,
    isArmed: true,
    isFresh: true,
    filledQty: 0n,
    openedQty: 0n,
    positionId: 0,
    fills: [],
    status: 'open',
    code: null,
    reason: null,
    endTimeMs: timeMs,
  };
}

/** A stop of an order's bracket, not armed yet. */
export function createStop(order: Order, { leg, side, firesOn, stop }: ReadLeg, id: number): Order {
  return {
    ...order,
    id,
    side,
    effect: 'close',
    type: isTrailing(leg.style) ? 'trailing_stop' : 'stop',
    timeInForce: 'gtc',
    isTriggered: false,
    price: null,
    trigger: stop === null ? null : fractionToF64(stop),
    firesOn,
    pct: null,
    pob: null,
    qty: order.qty,
    reduceOnly: true,
    postOnly: false,
    parentId: order.id,
    leg,
    isArmed: false,
    isFresh: true,
    filledQty: 0n,
    openedQty: 0n,
    positionId: 0,
    fills: [],
    status: 'open',
    code: null,
    reason: null,
  };
}

/** What can be shown of a call that could not be read. */
export function unreadRequest(request: OrderRequest, { contract }: SymbolBook): ReadRequest {
  const price = readDecimal(request.price);
  const isPlain = price !== undefined && price.num > 0n;
  const qty = request.sizing === 'qty' ? readPositive(request.amount) : undefined;
  return {
    type: typeOf(request.price !== null, request.options.trigger !== undefined),
    price: isPlain ? price : null,
    trigger: null,
    timeInForce: 'gtc',
    qty: qty === undefined ? null : toQty(qty, contract),
    askedQty: 0n,
    pct: null,
    pob: null,
  };
}

export function viewOf(order: Order): OrderView {
  return {
    id: order.id,
    symbol: order.symbol,
    side: order.side,
    positionEffect: order.effect,
    type: order.type,
    status: order.status,
    ...(order.code === null ? {} : { code: order.code }),
    ...(order.reason === null ? {} : { reason: order.reason }),
  };
}

/** The answer to a call that leaves no row. */
export function rejectedView(request: OrderRequest, reason: string): OrderView {
  return {
    id: 0,
    symbol: request.symbol,
    side: request.side,
    positionEffect: request.effect,
    type: typeOf(request.price !== null, request.options.trigger !== undefined),
    status: 'rejected',
    reason,
    code: 400,
  };
}
