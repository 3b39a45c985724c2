/**
 * The automatic margin call of an isolated position that is due: margin comes from what is transferable, an initial margin at a
 * time, never beyond the cost of the position (settlement text §7.4).
 */

import type { Moment } from './account.js';
import { commissionReserve, initialMargin, transferable } from './margin.js';
import { minNum, type Num, ZERO } from './numbers.js';
import { collateralOf, type Group, isDue } from './requirement.js';
import { largestThatFits } from './sizing.js';

/** Adds margin until the position is not due, or nothing more comes; true where something was added. */
export function callForMargin(group: Group, moment: Moment): boolean {
  const { book } = group.members[0]!;
  if (group.kind !== 'isolated' || !book.autoMargin) return false;
  let hasAdded = false;
  do {
    const amount = nextCall(group, moment);
    if (!amount.gt(ZERO)) return hasAdded;
    addTo(group, amount, moment);
    hasAdded = true;
  } while (isDue(group, moment.quotes));
  return true;
}

function nextCall(group: Group, { quotes }: Moment): Num {
  const { account, ledger } = group;
  const { book, position } = group.members[0]!;
  const room = position.cost.minus(collateralOf(group));
  const initial = initialMargin(book.terms, book.leverage, position.cost, position.qty);
  const most = minNum(initial, room);
  const usable = transferable(account, ledger, quotes);
  if (!most.gt(ZERO) || !usable.gt(ZERO)) return ZERO;
  const before = commissionReserve(book, position);
  const fits = (amount: Num): boolean => {
    const grown = { ...position, margin: position.margin.plus(amount), added: position.added.plus(amount) };
    return amount.plus(commissionReserve(book, grown)).minus(before).lte(usable);
  };
  return fits(most) ? most : largestThatFits((amount) => amount.lte(most) && fits(amount));
}

function addTo(group: Group, amount: Num, moment: Moment): void {
  const at = group.members[0]!;
  at.position.margin = at.position.margin.plus(amount);
  at.position.added = at.position.added.plus(amount);
  group.account.bookOn(at, { timeMs: moment.timeMs, type: 'auto_margin', amount: ZERO, isolatedDelta: amount });
}
