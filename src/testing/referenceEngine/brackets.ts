/**
 * Bracket stops after a fill: they are armed for what their order opened, shrink with a sibling's fill, and die with the position
 * (settlement text §6.4). How they are admitted is submit.ts, how they fire is pathWalk.ts.
 */

import type { Book, Moment } from './account.js';
import { type Num, ZERO } from './numbers.js';
import { bracketLevel, type RefOrder } from './orders.js';

/** Arms the stops of an order that has filled, for what it opened; a closing order's guard what is left. */
export function armBrackets(book: Book, order: RefOrder, opened: Num, moment: Moment): void {
  const { account, terms } = book;
  for (const child of book.orders.filter((other) => other.parentId === order.id && !other.armed)) {
    const guarded = -child.side as 1 | -1;
    const position = book.at(guarded);
    if (position === null) continue;
    child.qty = order.effect === 'close' ? position.qty : opened;
    if (child.qty.eq(ZERO)) continue;
    child.level = bracketLevel(terms, child.style!, guarded, order.fillPrice!) ?? ZERO;
    child.armed = true;
    if (child.level.lte(ZERO)) account.end(child, moment.timeMs, 'cancelled', 400, 'stop_price_not_positive');
  }
}

/** Shrinks the siblings of a stop by what it filled, and ends every armed stop whose position is gone. */
export function endBrackets(book: Book, order: RefOrder, moment: Moment): void {
  const { account } = book;
  if (order.parentId !== null && order.filled.gt(ZERO)) {
    for (const sibling of book.orders.filter((other) => other.parentId === order.parentId && other.armed)) {
      const rest = sibling.qty!.minus(order.filled);
      if (rest.gt(ZERO)) sibling.qty = rest;
      else account.end(sibling, moment.timeMs, 'cancelled', null, 'other_stop_filled');
    }
  }
  for (const stop of book.orders.filter((other) => other.style !== null && other.armed)) {
    if (book.at(-stop.side as 1 | -1) !== null) continue;
    account.end(stop, moment.timeMs, 'cancelled', null, 'position_closed');
  }
}
