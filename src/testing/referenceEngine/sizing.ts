/**
 * Sizes of orders: a share of a position, a share of what is usable, and both on the contract's step (settlement text §6.4).
 */

import type { Book, Quotes } from './account.js';
import { markOf, usableAt } from './margin.js';
import { add, divide, floor, maxNum, type Num, num, type Ratio, ratio, scale, ZERO } from './numbers.js';
import { exactOrderCost, isCovered, unreservedFee } from './orderCost.js';
import { exactValue } from './terms.js';

export function floorToStep(book: Book, qty: Num): Num {
  const step = num(book.terms.contract.qtyStep);
  return floor(ratio(qty, step)).times(step);
}

/** A share of a held quantity, on the step; the whole is the whole. */
export const shareOfPosition = (book: Book, share: Num, held: Num): Num =>
  share.gte(num('1')) ? held : floorToStep(book, held.times(share));

/** A wish to open with a share of what is usable at a price. */
export interface ShareOrder {
  readonly side: 1 | -1;
  readonly share: Num;
  readonly price: Ratio;
  /** Order whose own reserve counts as usable. */
  readonly except: number | null;
}

/**
 * Largest quantity on the step whose unrounded cost is at most the share of what is usable, and with a fee that was not reserved
 * at most all of it; found by halving.
 */
export function sizeByShare(book: Book, { side, share, price, except }: ShareOrder, quotes: Quotes): Num {
  const step = num(book.terms.contract.qtyStep);
  const usable = usableAt(book, quotes, except);
  const limit = usable.times(share);
  const mark = markOf(book, quotes);
  const fits = (steps: Num): boolean => {
    const opening = { side, qty: steps.times(step), price };
    const cost = exactOrderCost(book, opening, mark);
    return isCovered(cost, limit) && isCovered(add(cost, unreservedFee(book, opening)), usable);
  };
  return largestThatFits(fits).times(step);
}

/** What of the wallet there is to size by. */
export const walletOf = ({ ledger }: Book): Num => maxNum(ZERO, ledger.wallet);

/** Largest quantity on the step whose unrounded value at a price is at most so many wallets. */
export const sizeByWallet = (book: Book, pob: Num, price: Ratio): Num =>
  largestWorth(book, ratio(walletOf(book).times(pob)), exactValue(book.terms, num('1'), price));

/** Largest quantity on the step of which each unit counts so much and all together at most a limit. */
export function largestWorth(book: Book, limit: Ratio, perUnit: Ratio): Num {
  const step = num(book.terms.contract.qtyStep);
  return floor(divide(limit, scale(perUnit, step))).times(step);
}

/** The largest whole number that fits, found by doubling and halving; 0 where 1 does not. */
export function largestThatFits(fits: (whole: Num) => boolean): Num {
  let least = ZERO;
  let most = num('1');
  while (fits(most)) {
    least = most;
    most = most.times(num('2'));
  }
  while (most.minus(least).gt(num('1'))) {
    const middle = floor(ratio(least.plus(most), num('2')));
    if (fits(middle)) least = middle;
    else most = middle;
  }
  return least;
}
