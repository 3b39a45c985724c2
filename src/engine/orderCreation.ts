/**
 * Makes orders of calls that have been read, the stops of their brackets, and what a strategy sees of them. Whether an order may
 * be given is orderAdmission.ts.
 */

import { absolute } from '../account/position.js';
import { type Fraction, fractionToF64 } from '../money/decimal.js';
import { pow10 } from '../money/units.js';
import type { Order } from '../orders/order.js';
import type { OrderRequest } from '../strategy/broker.js';
import type { Order as OrderView } from '../strategy/strategy.js';
import type { AccountRuntime } from './accountRuntime.js';
import { type ReadLeg, type ReadRequest, readDecimal, triggerSourceOf } from './orderRequest.js';
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
    symbol: request.symbol,
    contract,
    side: request.side,
    effect: request.effect,
    type: read.type,
    price: toF64(read.price),
    trigger: toF64(read.trigger),
    triggerBy: triggerSourceOf(options.triggerBy, account.rules.triggerDefault, hasMark),
    firesOn: isLimit === isBuy ? 'fall' : 'rise',
    qty,
    pct: read.pct,
    reduceOnly: options.reduceOnly === true,
    postOnly: options.postOnly === true,
    tag: options.tag === undefined ? null : String(options.tag),
    parentId: null,
    leg: null,
    isArmed: true,
    isFresh: true,
    filledQty: 0n,
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
    type: 'stop',
    price: null,
    trigger: stop === null ? null : fractionToF64(stop),
    firesOn,
    pct: null,
    qty: order.qty,
    reduceOnly: true,
    postOnly: false,
    parentId: order.id,
    leg,
    isArmed: false,
    fills: [],
  };
}

/** What can be shown of a call that could not be read. */
export function unreadRequest(request: OrderRequest, { contract }: SymbolBook): ReadRequest {
  const price = readDecimal(request.price);
  const isPlain = price !== undefined && price.num > 0n;
  const qty = request.isPct ? undefined : readDecimal(request.amount);
  const units = qty === undefined || qty.num <= 0n ? null : (qty.num * pow10(contract.qtyDecimals)) / qty.den;
  const hasTrigger = request.options.trigger !== undefined;
  return {
    type: hasTrigger ? 'stop' : request.price === null ? 'market' : 'limit',
    price: isPlain ? price : null,
    trigger: null,
    qty: units,
    askedQty: 0n,
    pct: null,
    legs: [],
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

export function viewOfRequest(request: OrderRequest): Omit<OrderView, 'status'> {
  return {
    id: 0,
    symbol: request.symbol,
    side: request.side,
    positionEffect: request.effect,
    type: request.options.trigger !== undefined ? 'stop' : request.price === null ? 'market' : 'limit',
  };
}
