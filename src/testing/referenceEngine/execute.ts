/**
 * Fills of orders: which part closes and which opens, the margin test of the opening part, and what a fill does to bracket stops
 * (settlement text §1.2, §6.2, §6.4). Prices are decided before; the bookings of a part are trades.ts.
 */

import type { Liquidity } from '../../engine/records.js';
import type { Book, Moment, RefPosition } from './account.js';
import { armBrackets, endBrackets } from './brackets.js';
import { commissionReserve, markOf, reserveOf, usableAt } from './margin.js';
import { maxNum, minNum, type Num, num, ratio, ZERO } from './numbers.js';
import { isLive, type RefOrder, remainingOf, restsAtLimit } from './orders.js';
import { followPosition } from './restingExits.js';
import { shareOfPosition, sizeByShare, sizeByWallet } from './sizing.js';
import { executeSpot } from './spotFills.js';
import { kindOf } from './styles.js';
import { guardedSide } from './submit.js';
import { value } from './terms.js';
import { exposureOf, isAboveTier, isBeyondLimit } from './tiers.js';
import { addedMargin, feeOf, tradeClosingPart, tradeOpeningPart } from './trades.js';
import type { FillCause } from './writings.js';

/** A fill of an order about to be made. */
export interface Deal {
  readonly book: Book;
  readonly order: RefOrder;
  readonly price: Num;
  readonly liquidity: Liquidity;
  readonly moment: Moment;
  readonly cause: FillCause;
}

/** The position that an order reduces: the other side's, in hedged mode only for orders that close. */
export function reducedBy(book: Book, order: Pick<RefOrder, 'side' | 'effect'>): RefPosition | null {
  return book.isHedged && order.effect === 'open' ? null : book.at(-order.side as 1 | -1);
}

/** Executes a whole order at a price, or ends it with the reason why not. */
export function execute(book: Book, order: RefOrder, price: Num, liquidity: Liquidity, moment: Moment): void {
  const deal: Deal = { book, order, price, liquidity, moment, cause: causeOf(order, moment) };
  if (book.isSpot) {
    executeSpot(deal);
    return;
  }
  if (!giveSize(deal)) return;
  const { account } = book;
  const position = reducedBy(book, order);
  const closes = minNum(position?.qty ?? ZERO, remainingOf(order));
  const opens = order.closing ? ZERO : remainingOf(order).minus(closes);
  if (order.closing && closes.eq(ZERO)) {
    account.end(order, moment.timeMs, 'cancelled', 400, 'no_position');
    return;
  }
  order.fillPrice = ratio(price);
  if (position !== null && closes.gt(ZERO)) closePart(deal, position, closes);
  const refusal = opens.gt(ZERO) ? refusalOf(deal, opens) : null;
  if (refusal !== null) {
    const isWhole = closes.eq(ZERO) && order.type === 'market';
    if (closes.eq(ZERO)) order.fillPrice = null;
    account.end(order, moment.timeMs, isWhole ? 'rejected' : 'cancelled', refusal.code, refusal.reason);
  } else {
    if (opens.gt(ZERO)) openPart(deal, opens);
    order.opened = opens;
    order.guards = book.at(guardedSide(order))?.serial ?? null;
    if (isLive(order)) armBrackets(book, order, opens, moment);
    if (isLive(order)) account.end(order, moment.timeMs, 'filled', null, null);
  }
  endBrackets(book, order, moment);
}

function causeOf(order: RefOrder, moment: Moment): FillCause {
  if (order.style === null) return { reason: 'order', orderId: order.id, stop: null };
  const kind = kindOf(order.style.name);
  return {
    reason: ({ loss: 'stop_loss', profit: 'stop_profit', trailing: 'trailing_stop' } as const)[kind],
    orderId: order.id,
    stop: {
      stopPrice: Number(order.level!.toFixed()),
      lossProfit: kind === 'profit' ? 'profit' : 'loss',
      orderId: order.parentId,
      trigger: order.source,
      rule: order.style.name,
      path: moment.leg,
    },
  };
}

/** Gives an order by share its quantity at a price; false where it ended because that is too little. */
export function giveSize({ book, order, price, moment }: Pick<Deal, 'book' | 'order' | 'price' | 'moment'>): boolean {
  if (order.qty !== null) return true;
  const { account, terms } = book;
  const position = reducedBy(book, order);
  if (order.closing && position === null) {
    account.end(order, moment.timeMs, 'cancelled', 400, 'no_position');
    return false;
  }
  if (order.pob !== null) order.qty = sizeByWallet(book, order.pob, ratio(price));
  else if (order.effect === 'close') {
    order.qty = shareOfPosition(book, order.pct!, closable(book, order, position!));
  } else {
    const wish = { side: order.side, share: order.pct!, price: ratio(price), except: order.id };
    order.qty = sizeByShare(book, wish, moment.quotes);
  }
  const least = order.effect === 'close' ? num('1') : num(terms.contract.minQty);
  const { minNotional } = terms.contract;
  const isTooSmall = order.qty.lt(least);
  const isWorthless =
    !order.closing && minNotional !== null && value(terms, order.qty, ratio(price)).lt(num(minNotional));
  if (!isTooSmall && !isWorthless) return true;
  order.qty = ZERO;
  const reason = isTooSmall ? 'qty_below_min' : 'notional_below_min';
  account.end(order, moment.timeMs, order.type === 'market' ? 'rejected' : 'cancelled', 400, reason);
  return false;
}

/** What of a position an order may close: all, in hedged mode what no other resting limit closes. */
export function closable(book: Book, order: RefOrder, position: RefPosition): Num {
  if (!book.isHedged) return position.qty;
  const others = book.orders.filter(
    (o) => o.id !== order.id && isLive(o) && o.closing && restsAtLimit(o) && o.side === order.side && o.qty !== null,
  );
  const frozen = others.reduce((sum, other) => sum.plus(remainingOf(other)), ZERO);
  return maxNum(ZERO, position.qty.minus(frozen));
}

interface Refusal {
  readonly code: number;
  readonly reason: string;
}

/** Why an opening part may not be traded, or null: tier, then margin + reserve + fee against what is usable. */
function refusalOf({ book, order, price, liquidity, moment }: Deal, qty: Num): Refusal | null {
  const { terms, leverage } = book;
  const position = book.at(order.side);
  const worth = value(terms, qty, ratio(price));
  const cost = (position?.cost ?? ZERO).plus(worth);
  const held = (position?.qty ?? ZERO).plus(qty);
  const exposure = exposureOf(cost, held);
  if (isBeyondLimit(terms, exposure)) return { code: 70003, reason: 'risk_limit_exceeded' };
  if (isAboveTier(terms, leverage, exposure)) return { code: 70003, reason: 'leverage_above_tier' };
  if (order.pct !== null && order.limit === null) return null;
  const added = addedMargin(book, order.side, worth, qty, markOf(book, moment.quotes));
  const margin = book.mode === 'isolated' ? (position?.margin ?? ZERO).plus(added) : ZERO;
  const basis = { side: order.side, cost, qty: held, margin, added: position?.added ?? ZERO };
  const before = position === null ? ZERO : reserveOf({ book, position });
  const reserve = commissionReserve(book, basis).minus(before);
  const fee = maxNum(ZERO, feeOf(book, worth, liquidity));
  const usable = usableAt(book, moment.quotes, order.id);
  if (added.plus(reserve).plus(fee).lte(usable)) return null;
  return { code: 70004, reason: 'insufficient_margin' };
}

function closePart(deal: Deal, position: RefPosition, qty: Num): void {
  const { book, order, moment } = deal;
  const isAll = qty.eq(position.qty);
  tradeClosingPart({ ...deal, side: order.side, price: ratio(deal.price), shown: deal.price }, position, qty);
  order.filled = order.filled.plus(qty);
  const isArrived = (other: RefOrder): boolean => !other.fresh || other.id < order.id;
  const isConcerned = (other: RefOrder): boolean => isAll || other.side === order.side;
  followPosition(
    book,
    moment,
    position.side,
    (other) => isConcerned(other) && other.id !== order.id && isArrived(other),
  );
}

function openPart(deal: Deal, qty: Num): void {
  const { order } = deal;
  tradeOpeningPart({ ...deal, side: order.side, price: ratio(deal.price), shown: deal.price }, qty);
  order.filled = order.filled.plus(qty);
}
