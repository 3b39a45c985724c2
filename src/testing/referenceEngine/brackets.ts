/**
 * Bracket stops after a fill: they are armed for what their order opened, shrink with a sibling's fill, and die with the position
 * (settlement text §6.4). How they are admitted is submit.ts, how they fire is pathWalk.ts.
 */

import type { Moment, RefAccount } from './account.js';
import { type Num, ZERO } from './numbers.js';
import { bracketLevel, type RefOrder } from './orders.js';

/** Arms the stops of an order that has filled, for what it opened; a closing order's guard what is left. */
export function armBrackets(account: RefAccount, order: RefOrder, opened: Num, moment: Moment): void {
  const { position, terms } = account;
  for (const child of account.orders.filter((other) => other.parentId === order.id && !other.armed)) {
    const guarded = -child.side as 1 | -1;
    if (position === null || position.side !== guarded) continue;
    child.qty = order.effect === 'close' ? position.qty : opened;
    if (child.qty.eq(ZERO)) continue;
    child.level = bracketLevel(terms, child.style!, guarded, order.fillPrice!);
    child.armed = true;
    if (child.level.lte(ZERO)) account.end(child, moment.timeMs, 'cancelled', 400, 'stop_price_not_positive');
  }
}

/** Shrinks the siblings of a stop by what it filled, and ends every armed stop when the position is gone. */
export function endBrackets(account: RefAccount, order: RefOrder, moment: Moment): void {
  if (order.parentId !== null && order.filled.gt(ZERO)) {
    for (const sibling of account.orders.filter((other) => other.parentId === order.parentId && other.armed)) {
      const rest = sibling.qty!.minus(order.filled);
      if (rest.gt(ZERO)) sibling.qty = rest;
      else account.end(sibling, moment.timeMs, 'cancelled', null, 'other_stop_filled');
    }
  }
  const side = account.position?.side ?? null;
  for (const stop of account.orders.filter((other) => other.style !== null && other.armed && -other.side !== side)) {
    account.end(stop, moment.timeMs, 'cancelled', null, 'position_closed');
  }
}
