/**
 * What a stop-limit does at its trigger: it takes where the price has not passed its limit, else it comes to rest there, or ends
 * where it may not wait (settlement text §6.3, §10.5). From then on it is a limit like any other.
 */

import type { Book, Moment } from './account.js';
import { execute, giveSize } from './execute.js';
import { usableAt } from './margin.js';
import { maxNum, minNum, type Num, ratio } from './numbers.js';
import { marginGrowth } from './orderCost.js';
import type { RefOrder } from './orders.js';
import { lockOf } from './spotLocks.js';
import { freeBase, freeMoney, giveSpotSize } from './spotOrders.js';

/** Last where the trigger was met, and what taking there gives. */
export interface TriggerPrices {
  readonly last: Num;
  readonly slipped: Num;
}

export function triggerStopLimit(book: Book, order: RefOrder, prices: TriggerPrices, moment: Moment): void {
  const { account } = book;
  const limit = order.limit!;
  const takes = order.side === 1 ? prices.last.lte(limit) : prices.last.gte(limit);
  const isSized = book.isSpot
    ? giveSpotSize({ book, order, price: limit, moment })
    : giveSize({ book, order, price: limit, moment });
  if (!isSized) return;
  if (!takes && order.isImmediate) {
    account.end(order, moment.timeMs, 'cancelled', null, 'not_filled_at_once');
    return;
  }
  order.triggered = true;
  order.level = limit;
  if (takes) {
    const price = order.side === 1 ? minNum(prices.slipped, limit) : maxNum(prices.slipped, limit);
    execute(book, order, price, 'taker', moment);
    return;
  }
  account.noteEnding(order);
  if (!isCovered(book, order, moment)) {
    account.end(order, moment.timeMs, 'cancelled', 70004, book.isSpot ? 'insufficient_balance' : 'insufficient_margin');
  }
}

/** Whether what it locks from now on is there; a contract's exit locks nothing. */
function isCovered(book: Book, order: RefOrder, { quotes }: Moment): boolean {
  if (book.isSpot) {
    return order.side === 1
      ? lockOf(book.terms, order.qty!, ratio(order.limit!)).lte(freeMoney(book, quotes, order.id))
      : order.qty!.times(book.terms.coinUnit!).lte(freeBase(book, quotes, order.id));
  }
  if (order.closing) return true;
  return marginGrowth(book, order, quotes).lte(usableAt(book, quotes, order.id));
}
