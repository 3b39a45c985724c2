/**
 * What orders cost: the margin of one opening order, with its open loss and fees, and the netting of the resting limits of a
 * symbol (settlement text §6.1, §6.2).
 */

import type { Book, Quotes } from './account.js';
import {
  add,
  ceil,
  compare,
  maxNum,
  maxRatio,
  minNum,
  multiply,
  type Num,
  ONE_RATIO,
  type Ratio,
  ratio,
  scale,
  signed,
  subtract,
  ZERO,
  ZERO_RATIO,
} from './numbers.js';
import { isLive, type RefOrder, remainingOf, restsAtLimit } from './orders.js';
import { type Terms, unitValue, value } from './terms.js';
import { exposureOf, initialRate } from './tiers.js';

/** A quantity to be opened at a price. */
export interface Opening {
  readonly side: 1 | -1;
  readonly qty: Num;
  readonly price: Ratio;
}

/** Cost and quantity that an opening of this side comes on top of. */
export interface Held {
  readonly cost: Num;
  readonly qty: Num;
}

/** What an opening of a side adds to: in hedged mode that side, else the position of either side. */
export function heldBeside(book: Book, side: 1 | -1): Held {
  const position = book.isHedged ? book.at(side) : (book.positions[0] ?? null);
  return position === null ? { cost: ZERO, qty: ZERO } : position;
}

const rateFor = (book: Book, worth: Num, qty: Num, held: Held): Ratio =>
  initialRate(book.terms, book.leverage, exposureOf(held.cost.plus(worth), held.qty.plus(qty)));

/** Cost of one opening order, its parts rounded up (§6.1). */
export function orderCost(book: Book, { side, qty, price }: Opening, mark: Ratio, held: Held): Num {
  const { terms } = book;
  const worth = value(terms, qty, price);
  const rate = rateFor(book, worth, qty, held);
  const initial = ceil(scale(rate, worth));
  const loss = terms.rules.openLossInOrderMargin
    ? maxNum(ZERO, signed(side * terms.sigma, worth.minus(value(terms, qty, mark))))
    : ZERO;
  return initial.plus(loss).plus(feeReserve(terms, side, worth, rate, initial));
}

function feeReserve(terms: Terms, side: 1 | -1, worth: Num, rate: Ratio, initial: Num): Num {
  const fee = terms.takerFee;
  if (terms.rules.feeReserve === 'none' || !fee.n.gt(ZERO)) return ZERO;
  const opening = ceil(scale(fee, worth));
  if (isSafeShort(terms, side, rate)) return opening;
  if (terms.rules.feeReserve === 'ledger') return opening.plus(ceil(scale(fee, worth.plus(initial))));
  return opening.plus(ceil(multiply(fee, scale(bankruptcyFactor(terms, side, rate), worth))));
}

/** An inverse short whose margin is at least its cost cannot be taken over: nothing is reserved for that. */
const isSafeShort = (terms: Terms, side: 1 | -1, rate: Ratio): boolean =>
  terms.isInverse && side === -1 && compare(rate, ONE_RATIO) >= 0;

/** Value at the bankruptcy price over value: linear 1 − s·rate, inverse 1 + s·rate, at least 0. */
function bankruptcyFactor(terms: Terms, side: 1 | -1, rate: Ratio): Ratio {
  const rises = side * terms.sigma === -1;
  return maxRatio(ZERO_RATIO, rises ? add(ONE_RATIO, rate) : subtract(ONE_RATIO, rate));
}

/** Cost of one order without any rounding of its parts, for sizing by percent. */
export function exactOrderCost(book: Book, { side, qty, price }: Opening, mark: Ratio): Ratio {
  const { terms } = book;
  const worth = scale(unitValue(terms, price), qty);
  const rate = rateFor(book, value(terms, qty, price), qty, heldBeside(book, side));
  const initial = multiply(worth, rate);
  let cost = initial;
  if (terms.rules.openLossInOrderMargin) {
    const change = subtract(scale(unitValue(terms, mark), qty), worth);
    const loss = side * terms.sigma === 1 ? subtract(ZERO_RATIO, change) : change;
    cost = add(cost, maxRatio(ZERO_RATIO, loss));
  }
  if (!terms.takerFee.n.gt(ZERO) || terms.rules.feeReserve === 'none') return cost;
  if (isSafeShort(terms, side, rate)) return add(cost, multiply(terms.takerFee, worth));
  const closing =
    terms.rules.feeReserve === 'ledger' ? add(worth, initial) : multiply(worth, bankruptcyFactor(terms, side, rate));
  return add(cost, multiply(terms.takerFee, add(worth, closing)));
}

/** The opening fee that a venue takes at the fill without having reserved it; 0 where it reserves fees. */
export function unreservedFee({ terms }: Book, { qty, price }: Opening): Ratio {
  if (terms.rules.feeReserve !== 'none' || !terms.takerFee.n.gt(ZERO)) return ZERO_RATIO;
  return multiply(terms.takerFee, scale(unitValue(terms, price), qty));
}

/** Part of a resting limit order that would open, after what reduces the position is dropped. */
interface OpeningPart {
  readonly order: RefOrder;
  readonly qty: Num;
}

/** Opening remainders of one side's limits, best price first (§6.2). In hedged mode nothing that opens reduces. */
function openingParts(book: Book, orders: readonly RefOrder[], side: 1 | -1): OpeningPart[] {
  const limits = orders.filter((o) => isLive(o) && restsAtLimit(o) && o.side === side && o.qty !== null);
  limits.sort((a, b) => a.level!.cmp(b.level!) * -side || a.id - b.id);
  let reducing = book.isHedged ? ZERO : (book.at(-side as 1 | -1)?.qty ?? ZERO);
  const parts: OpeningPart[] = [];
  for (const order of limits) {
    const closes = minNum(reducing, remainingOf(order));
    reducing = reducing.minus(closes);
    const opens = remainingOf(order).minus(closes);
    if (!order.closing && opens.gt(ZERO)) parts.push({ order, qty: opens });
  }
  return parts;
}

const total = (parts: readonly OpeningPart[]): Num => parts.reduce((sum, part) => sum.plus(part.qty), ZERO);

function costOf(book: Book, parts: readonly OpeningPart[], mark: Ratio): Num {
  return parts.reduce((sum, { order, qty }) => {
    const opening: Opening = { side: order.side, qty, price: ratio(order.level!) };
    return sum.plus(orderCost(book, opening, mark, heldBeside(book, order.side)));
  }, ZERO);
}

/** Margin locked by resting limits of a symbol, netted as the venue does; a symbol without a price yet has none. */
export function bookOrderMargin(book: Book, orders: readonly RefOrder[], quotes: Quotes): Num {
  const quote = quotes.get(book.series);
  if (quote === undefined) return ZERO;
  const { mark } = quote;
  const buys = openingParts(book, orders, 1);
  const sells = openingParts(book, orders, -1);
  const netting = book.isHedged ? 'sum' : book.terms.rules.orderNetting;
  if (netting === 'sum') return costOf(book, buys, mark).plus(costOf(book, sells, mark));
  if (netting === 'max_side') return maxNum(costOf(book, buys, mark), costOf(book, sells, mark));
  let beyond = maxNum(ZERO, total(buys).minus(total(sells)));
  const excess: OpeningPart[] = [];
  for (const part of buys.slice().reverse()) {
    const qty = minNum(beyond, part.qty);
    beyond = beyond.minus(qty);
    if (qty.gt(ZERO)) excess.push({ order: part.order, qty });
  }
  return costOf(book, sells, mark).plus(costOf(book, excess, mark));
}

/** By how much one order makes the margin of a symbol's resting limits grow; one without an id comes last among equals. */
export function marginGrowth(book: Book, order: RefOrder, quotes: Quotes): Num {
  const others = book.orders.filter(({ id }) => id !== order.id);
  const id = order.id === 0 ? Number.MAX_SAFE_INTEGER : order.id;
  return bookOrderMargin(book, [...others, { ...order, id }], quotes).minus(bookOrderMargin(book, others, quotes));
}

/** Value and quantity of resting limits that would open on some sides, at their prices. */
export function openingTotal(book: Book, sides: readonly (1 | -1)[]): Held {
  const parts = sides.flatMap((side) => openingParts(book, book.orders, side));
  return {
    cost: parts.reduce((sum, { order, qty }) => sum.plus(value(book.terms, qty, ratio(order.level!))), ZERO),
    qty: total(parts),
  };
}

export const isCovered = (cost: Ratio, usable: Num): boolean => compare(cost, ratio(usable)) <= 0;
