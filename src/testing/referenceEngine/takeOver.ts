/**
 * What a due group goes through: it calls for margin, its orders end, it is reduced, and what is left is taken over (settlement
 * text §4.6, §7.4). Also the test of all groups and the end of a blown-up ledger.
 */

import type { Moment, RefAccount } from './account.js';
import { callForMargin } from './autoMargin.js';
import type { RefLedger } from './ledger.js';
import { compare, num, scale, ZERO } from './numbers.js';
import type { RefOrder } from './orders.js';
import { reduceOnce } from './partial.js';
import { exactEquity, type Group, groupRequirement, groupsAtRisk, isDue, testedCollateral } from './requirement.js';
import { takeAtBankruptcy } from './takeAtBankruptcy.js';
import { takeAtMark } from './takeAtMark.js';

/** Liquidates what the marks ask for, and ends ledgers where nothing is left. True where something was liquidated. */
export function settleRisk(account: RefAccount, moment: Moment): boolean {
  let isTaken = false;
  for (let group = firstDue(account, moment); group !== undefined; group = firstDue(account, moment)) {
    liquidate(group, moment);
    isTaken = true;
  }
  endBankrupt(account, moment);
  return isTaken;
}

/** Ends ledgers where nothing is left. */
export function endBankrupt(account: RefAccount, moment: Moment): void {
  if (!account.hasRisk) return;
  for (const ledger of account.ledgers) endIfBankrupt(account, ledger, moment);
}

const firstDue = (account: RefAccount, moment: Moment): Group | undefined =>
  groupsAtRisk(account).find((group) => isDue(group, moment.quotes));

/** Liquidates a group that is due here, or just beyond. */
export function liquidate(group: Group, moment: Moment): void {
  const { account } = group;
  if (callForMargin(group, moment) && !isDue(group, moment.quotes)) return;
  for (const order of stopsFirst(account).filter((each) => !each.fresh && isCancelled(group, each))) {
    account.end(order, moment.timeMs, 'cancelled', null, 'liquidation');
  }
  for (const order of account.orders.filter((each) => each.style !== null && each.armed && guards(group, each))) {
    account.end(order, moment.timeMs, 'cancelled', null, 'liquidation');
  }
  for (let isReduced = reduceOnce(group, moment); isReduced; isReduced = reduceOnce(group, moment)) {
    if (!isDue(group, moment.quotes)) return;
  }
  if (isFilledAtMark(group, moment)) takeAtMark(group, moment);
  else takeAtBankruptcy(group, moment);
}

/** Whether the rest fills at the market: by the rule, or as long as enough equity is left. */
function isFilledAtMark(group: Group, { quotes }: Moment): boolean {
  const { rules } = group.members[0]!.book.terms;
  if (rules.liquidationFill !== 'backstop') return rules.liquidationFill === 'mark';
  const equity = exactEquity(group, quotes, testedCollateral(group));
  return compare(scale(equity, num('3')), scale(groupRequirement(group, quotes), num('2'))) > 0;
}

/** Working orders, newest first: stops before the orders they hang on, so that each ends for the same reason. */
export const stopsFirst = (account: RefAccount): RefOrder[] => account.orders.slice().reverse();

/** Side of the position that an order of a hedged book is about. */
const sideOf = (order: RefOrder): number => (order.effect === 'close' ? -order.side : order.side);

/** Whether an order ends with the group: those of its side or symbol, of its symbols, or all of the account. */
function isCancelled(group: Group, order: RefOrder): boolean {
  const { book, position } = group.members[0]!;
  if (group.kind === 'isolated') {
    return order.series === book.series && (!book.isHedged || sideOf(order) === position.side);
  }
  if (book.terms.rules.cancelScope === 'account') return true;
  return group.members.some((each) => each.book.series === order.series);
}

const guards = (group: Group, stop: RefOrder): boolean =>
  group.members.some(({ book, position }) => book.series === stop.series && position.side === -stop.side);

/** Ends a ledger that something happened to, where it is flat with nothing in its wallet; what works in it ends with it. */
function endIfBankrupt(account: RefAccount, ledger: RefLedger, moment: Moment): void {
  const isTouched = ledger.isTouched;
  ledger.isTouched = false;
  if (!isTouched || ledger.bankruptAtMs !== null || ledger.wallet.gt(ZERO)) return;
  if (account.holdings(ledger).length > 0) return;
  ledger.bankruptAtMs = moment.timeMs;
  for (const order of stopsFirst(account)) {
    const isItsOwn = account.bookOf(order.series)?.currencies.includes(ledger.currency.code) === true;
    if (isItsOwn) account.end(order, moment.timeMs, 'cancelled', 70005, 'bankrupt');
  }
}
