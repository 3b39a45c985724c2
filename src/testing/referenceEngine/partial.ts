/**
 * Partial liquidation: a position above the first tier is reduced by just enough to enter a lower one, at the worse of mark and
 * last (settlement text §4.6 step 2, §11).
 */

import type { Holding, Moment } from './account.js';
import { lastOf, markOf } from './margin.js';
import { compare, divide, floor, type Num, num, type Ratio, ratio, round, ZERO, ZERO_RATIO } from './numbers.js';
import { exactEquity, type Group, ownRequirement, testedCollateral, usesLedger } from './requirement.js';
import { followPosition } from './restingExits.js';
import { shownPrice } from './shownPrice.js';
import { largestThatFits } from './sizing.js';
import { exactValue } from './terms.js';
import { liquidationTiding } from './tidings.js';
import { tierAt } from './tiers.js';
import { tradeClosingPart } from './trades.js';

/** The worse of mark and last for who closes the position. */
export function worsePrice({ book, position }: Holding, { quotes }: Moment): Ratio {
  const [mark, last] = [markOf(book, quotes), lastOf(book, quotes)];
  return compare(mark, last) * position.side < 0 ? mark : last;
}

/** Number of the tier that a position would be in after selling some of it. */
function tierAfter({ book, position }: Holding, sold: Num, mark: Ratio): number {
  const { terms } = book;
  const left = position.qty.minus(sold);
  const isAtMark = !usesLedger(book) && terms.rules.maintenanceBasis === 'mark';
  const released = round(ratio(position.cost.times(sold), position.qty));
  const worth = isAtMark ? exactValue(terms, left, mark) : ratio(position.cost.minus(released));
  return tierAt(terms, { worth, qty: left }).number;
}

/** The tier to enter, or null where the venue does not reduce such a position. */
function targetTier(at: Holding, tier: number): number | null {
  const rule = at.book.terms.rules.partialLiquidation;
  if (rule === 'one_tier') return tier >= 2 ? tier - 1 : null;
  if (rule === 'two_tiers_from_third') return tier >= 3 ? tier - 2 : null;
  if (rule === 'two_tiers_in_cross' && at.position.mode === 'cross') return tier >= 2 ? Math.max(1, tier - 2) : null;
  return null;
}

/** Least quantity on the step that brings a position into the lower tier; null where there is none but all of it. */
function quantityToSell(at: Holding, mark: Ratio): Num | null {
  const { position, book } = at;
  const target = targetTier(at, tierAfter(at, ZERO, mark));
  if (target === null) return null;
  const step = num(book.terms.contract.qtyStep);
  const steps = floor(divide(ratio(position.qty), ratio(step)));
  const isAbove = (n: Num): boolean => n.times(step).lt(position.qty) && tierAfter(at, n.times(step), mark) > target;
  const qty = largestThatFits((n) => n.lte(steps) && isAbove(n))
    .plus('1')
    .times(step);
  return qty.lt(position.qty) ? qty : null;
}

/** Reduces one position of a group that is due; false where none can be. */
export function reduceOnce(group: Group, moment: Moment): boolean {
  const { quotes } = moment;
  const rule = group.members[0]!.book.terms.rules.partialLiquidation;
  if (rule === 'none') return false;
  if (compare(exactEquity(group, quotes, testedCollateral(group)), ZERO_RATIO) <= 0) return false;
  const ranked = group.members
    .map((at) => ({
      at,
      required: ownRequirement(group, at, quotes),
      qty: quantityToSell(at, markOf(at.book, quotes)),
    }))
    .sort((a, b) => compare(b.required, a.required));
  const chosen = ranked.find(({ qty }) => qty !== null);
  if (chosen === undefined) return false;
  reduce(chosen.at, chosen.qty!, moment);
  return true;
}

function reduce(at: Holding, qty: Num, moment: Moment): void {
  const { book, position } = at;
  const price = worsePrice(at, moment);
  const shown = shownPrice(book.terms, price);
  const before = book.ledger.wallet;
  tradeClosingPart(
    {
      book,
      side: -position.side as 1 | -1,
      price,
      shown,
      liquidity: 'taker',
      moment,
      cause: { reason: 'partial_liquidation', orderId: null, stop: null },
    },
    position,
    qty,
  );
  const loss = before.minus(book.ledger.wallet);
  const { timeMs } = moment;
  book.account.tidings.push(liquidationTiding(book, { timeMs, side: position.side, qty, price: shown, loss }));
  book.ledger.counters.liquidations += 1;
  followPosition(book, moment, position.side, (order) => !order.fresh);
}
