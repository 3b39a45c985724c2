/**
 * The liquidation price and the bankruptcy price that tables and strategies see: of one position, with everything else of its
 * group standing still at the marks. Settlement never goes by them, except for the ledger price of a single position.
 */

import type { Holding, Quotes } from './account.js';
import { firstDueMark, firstSoundMark, movingPart, withMark } from './firstDue.js';
import { gainOf, markOf } from './margin.js';
import { compare, multiply, type Num, num, type Ratio, ratio, signed, subtract, ZERO, ZERO_RATIO } from './numbers.js';
import {
  collateralOf,
  type Group,
  goesByLedgerPrice,
  groupOf,
  isDue,
  ledgerLiquidationPrice,
  ledgerPrice,
  usesLedger,
} from './requirement.js';
import { priceAtValue, toTick } from './terms.js';

const HALF = ratio(num('1'), num('2'));
const TWO = ratio(num('2'));
/** Stretches of a factor of two in which a price is looked for. */
const STRETCHES = 64;

/** Price of the take-over, on the tick toward the entry; null where there is none. */
export function bankruptcyPrice(at: Holding, quotes: Quotes): Num | null {
  const group = groupOf(at.book.account, at.position);
  let collateral = collateralOf(group);
  for (const other of group.members) {
    if (other.position !== at.position) collateral = collateral.plus(gainOf(other, quotes));
  }
  return priceOfLoss(at, collateral);
}

/** Price at which a position has lost all that stands behind it. */
export function priceOfLoss(at: Holding, collateral: Num): Num | null {
  const { book, position } = at;
  if (usesLedger(book)) return ledgerPrice(at, collateral, collateral);
  const worth = position.cost.minus(signed(position.side * book.terms.sigma, collateral));
  const price = priceAtValue(book.terms, position.qty, ratio(worth));
  return price === null ? null : toTick(book.terms, price, position.side === 1 ? 'up' : 'down');
}

/** Liquidation price on the tick on the safe side; null where there is none. */
export function shownLiquidationPrice(at: Holding, quotes: Quotes): Num | null {
  const group = groupOf(at.book.account, at.position);
  if (goesByLedgerPrice(group)) return ledgerLiquidationPrice(group);
  const pair = group.members.filter(({ book }) => book === at.book);
  if (pair.length === 2) return priceOfPair(group, pair, quotes);
  const price = exactPrice(group, at, quotes);
  return price === null ? null : toTick(at.book.terms, price, at.position.side === 1 ? 'up' : 'down');
}

/** Looked for in one direction from a mark on; null where there is none. */
function search(group: Group, series: string, quotes: Quotes, start: Ratio, factor: Ratio): Ratio | null {
  let from = start;
  for (let stretch = 0; stretch < STRETCHES; stretch += 1) {
    const to = multiply(factor, from);
    const found = firstDueMark(group, series, quotes, from, to);
    if (found !== null) return found;
    from = to;
  }
  return null;
}

/** A hedged pair has one price: against the larger side first, then the other way. */
function priceOfPair(group: Group, pair: readonly Holding[], quotes: Quotes): Num | null {
  const { book } = pair[0]!;
  // Already due, which only a position can be that nothing liquidates.
  if (isDue(group, quotes)) return toTick(book.terms, markOf(book, quotes), 'up');
  const isFall = pair[0]!.position.qty.gte(pair[1]!.position.qty);
  for (const isDown of [isFall, !isFall]) {
    const price = search(group, book.series, quotes, markOf(book, quotes), isDown ? HALF : TWO);
    if (price !== null) return toTick(book.terms, price, isDown ? 'up' : 'down');
  }
  return null;
}

/**
 * First mark from the entry on, in the adverse direction, at which the position is liquidated; where it is already at the entry,
 * the first mark in the other direction at which it no longer is.
 */
function exactPrice(group: Group, { book, position }: Holding, quotes: Quotes): Ratio | null {
  const { terms, series } = book;
  const entry = priceAtValue(terms, position.qty, ratio(position.cost))!;
  const isOnlyLostAtZero = !terms.isInverse && position.side === 1 && isZeroReached(group, { book, position }, quotes);
  if (isOnlyLostAtZero) return ZERO_RATIO;
  const isDueAt = (mark: Ratio): boolean => isDue(group, withMark(quotes, series, mark));
  if (!isDueAt(entry)) return search(group, series, quotes, entry, position.side === 1 ? HALF : TWO);
  const factor = position.side === 1 ? TWO : HALF;
  let from = entry;
  for (let stretch = 0; stretch < STRETCHES; stretch += 1) {
    const to = multiply(factor, from);
    const sound = firstSoundMark(group, series, quotes, from, to);
    if (sound !== null) return sound;
    from = to;
  }
  return null;
}

/** True where exactly all of a long's cost is covered on the mark basis: only a price of zero reaches the condition. */
function isZeroReached(group: Group, { book, position }: Holding, quotes: Quotes): boolean {
  const { rules } = book.terms;
  const fee = group.kind === 'isolated' ? rules.isolatedFee : rules.crossFee;
  if (rules.maintenanceBasis === 'entry' || fee === 'bankruptcy' || !rules.liquidationInclusive) return false;
  const { rest } = movingPart(group, book.series, quotes);
  return compare(subtract(rest, ratio(position.cost)), ratio(ZERO)) === 0;
}
