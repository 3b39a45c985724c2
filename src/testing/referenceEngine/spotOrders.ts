/**
 * Orders of spot pairs before they fill: what they may spend, the sizes of percent orders, and the tests at submission that
 * contracts do not have. There is no leverage, so an order is covered by money or coins that nothing else has locked.
 */

import type { Book, Quotes } from './account.js';
import type { Refusal } from './admission.js';
import type { Deal } from './execute.js';
import { transferable } from './margin.js';
import { floor, type Num, num, type Ratio, ratio, ZERO } from './numbers.js';
import { type RefOrder, restsAtLimit } from './orders.js';
import { floorToStep, largestThatFits } from './sizing.js';
import { lockOf } from './spotLocks.js';
import { value } from './terms.js';

/** What a buy may spend; the lock of `except` counts as free. */
export const freeMoney = ({ account, ledger }: Book, quotes: Quotes, except: number | null): Num =>
  transferable(account, ledger, quotes, except);

/** What a sell may bring in, in units of the base ledger. */
export const freeBase = ({ account, terms }: Book, quotes: Quotes, except: number | null): Num =>
  transferable(account, account.ledgerOf(terms.contract.base!), quotes, except);

/** The same in whole quantity units. */
export const freeCoins = (book: Book, quotes: Quotes, except: number | null): Num =>
  floor(ratio(freeBase(book, quotes, except), book.terms.coinUnit!));

/** Quantity of a percent order at a price: what a share of the free money pays with its fee, or a share of the free coins. */
export function spotSize(book: Book, order: RefOrder, price: Ratio, quotes: Quotes): Num {
  const except = order.id;
  if (order.side === -1) return floorToStep(book, freeCoins(book, quotes, except).times(order.pct!));
  const limit = floor(ratio(freeMoney(book, quotes, except).times(order.pct!)));
  const step = num(book.terms.contract.qtyStep);
  return largestThatFits((steps) => lockOf(book.terms, steps.times(step), price).lte(limit)).times(step);
}

/** Too little for the pair, by quantity or by value; null where it is enough. */
export function refusalOfSize({ terms }: Book, qty: Num, price: Ratio): Refusal | null {
  const { minQty, minNotional } = terms.contract;
  if (qty.lt(num(minQty))) return { code: 400, reason: 'qty_below_min' };
  const isWorthless = minNotional !== null && value(terms, qty, price).lt(num(minNotional));
  return isWorthless ? { code: 400, reason: 'notional_below_min' } : null;
}

/** Gives an order by percent its quantity at a price; false where it ended because that is too little. */
export function giveSpotSize({
  book,
  order,
  price,
  moment,
}: Pick<Deal, 'book' | 'order' | 'price' | 'moment'>): boolean {
  if (order.qty !== null) return true;
  order.qty = spotSize(book, order, ratio(price), moment.quotes);
  const refusal = refusalOfSize(book, order.qty, ratio(price));
  if (refusal === null) return true;
  order.qty = ZERO;
  const status = order.type === 'market' ? 'rejected' : 'cancelled';
  book.account.end(order, moment.timeMs, status, refusal.code, refusal.reason);
  return false;
}

export const NOT_COVERED: Refusal = { code: 70004, reason: 'insufficient_balance' };

/** The tests at submission after reading: size, least quantity and value, cover. Gives limit orders by percent their quantity. */
export function judgeSpot(book: Book, order: RefOrder, expected: Ratio, quotes: Quotes): Refusal | null {
  if (order.pct !== null && restsAtLimit(order)) order.qty = spotSize(book, order, expected, quotes);
  else if (order.qty !== null) order.qty = floorToStep(book, order.qty);
  if (order.qty === null) return null;
  const refusal = refusalOfSize(book, order.qty, expected);
  if (refusal !== null || (order.type !== 'market' && !restsAtLimit(order))) return refusal;
  const isCovered =
    order.side === 1
      ? lockOf(book.terms, order.qty, expected).lte(freeMoney(book, quotes, order.id))
      : order.qty.times(book.terms.coinUnit!).lte(freeBase(book, quotes, order.id));
  return isCovered ? null : NOT_COVERED;
}
