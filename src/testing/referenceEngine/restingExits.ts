/**
 * Resting orders that only close follow the position: when it shrinks they are cut, least aggressive first, and when it is gone
 * they are cancelled (settlement text §6.3). Bracket stops have their own rules in execute.ts.
 */

import type { Moment, RefAccount } from './account.js';
import { minNum, ZERO } from './numbers.js';
import { isLive, type RefOrder, remainingOf } from './orders.js';

const isRestingExit = (order: RefOrder): boolean =>
  isLive(order) && order.closing && order.style === null && order.type !== 'market';

/** Cuts or cancels the resting exits among some orders, those that close the position, to what is left of it. */
export function followPosition(account: RefAccount, moment: Moment, concerns: (order: RefOrder) => boolean): void {
  const exits = account.orders.filter((order) => isRestingExit(order) && concerns(order));
  const { position } = account;
  if (position === null) {
    for (const order of exits) account.end(order, moment.timeMs, 'cancelled', null, 'position_closed');
    return;
  }
  const closing = exits.filter((order) => order.side === -position.side && order.qty !== null);
  const limits = closing.filter((order) => order.type === 'limit');
  limits.sort((a, b) => a.level!.cmp(b.level!) * -a.side || a.id - b.id);
  let left = position.qty;
  for (const order of limits) {
    const kept = minNum(remainingOf(order), left);
    left = left.minus(kept);
    if (kept.eq(ZERO)) account.end(order, moment.timeMs, 'cancelled', null, 'position_reduced');
    else order.qty = order.filled.plus(kept);
  }
  for (const order of closing.filter((each) => each.type === 'stop')) {
    order.qty = order.filled.plus(minNum(remainingOf(order), position.qty));
  }
}
