/**
 * Resting orders that only close follow the position: when it shrinks they are cut, least aggressive first, and when it is gone
 * they are cancelled (settlement text §6.3). Bracket stops have their own rules in execute.ts.
 */

import type { Book, Moment } from './account.js';
import { minNum, ZERO } from './numbers.js';
import { isLive, type RefOrder, remainingOf, restsAtLimit } from './orders.js';

const isRestingExit = (order: RefOrder): boolean =>
  isLive(order) && order.closing && order.style === null && order.type !== 'market';

/**
 * Cuts or cancels the resting exits among some orders to what is left of the position. In hedged mode only those of a side are
 * asked for; in one-way mode a flat book has none at all.
 */
export function followPosition(
  book: Book,
  moment: Pick<Moment, 'timeMs'>,
  side: 1 | -1,
  concerns: (order: RefOrder) => boolean,
): void {
  const { account } = book;
  const position = book.at(side);
  const isOfSide = (order: RefOrder): boolean => order.side === -side;
  const exits = book.orders.filter((order) => isRestingExit(order) && concerns(order));
  if (position === null) {
    const gone = exits.filter((order) => isOfSide(order) || (!book.isHedged && book.positions.length === 0));
    for (const order of gone) account.end(order, moment.timeMs, 'cancelled', null, 'position_closed');
    return;
  }
  const closing = exits.filter((order) => isOfSide(order) && order.qty !== null);
  const limits = closing.filter(restsAtLimit);
  limits.sort((a, b) => a.limit!.cmp(b.limit!) * -a.side || a.id - b.id);
  let left = position.qty;
  for (const order of limits) {
    const kept = minNum(remainingOf(order), left);
    left = left.minus(kept);
    if (kept.eq(ZERO)) account.end(order, moment.timeMs, 'cancelled', null, 'position_reduced');
    else order.qty = order.filled.plus(kept);
  }
  for (const order of closing.filter((each) => !restsAtLimit(each))) {
    order.qty = order.filled.plus(minNum(remainingOf(order), position.qty));
  }
}
