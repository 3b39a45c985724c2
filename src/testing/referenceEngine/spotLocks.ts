/**
 * What resting limit orders of spot pairs lock: money of the currency they pay in, or the coins they sell. Amounts are integers
 * of the ledger's unit. Stops and market orders lock nothing.
 */

import type { RefAccount } from './account.js';
import type { RefLedger } from './ledger.js';
import { ceil, maxRatio, type Num, type Ratio, ratio, scale, ZERO, ZERO_RATIO } from './numbers.js';
import { isLive, type RefOrder, remainingOf, restsAtLimit } from './orders.js';
import { type Terms, value } from './terms.js';

/** Value and taker fee of a buy, the fee rounded up; a rebate is not counted. */
export function lockOf(terms: Terms, qty: Num, price: Ratio): Num {
  const worth = value(terms, qty, price);
  return worth.plus(ceil(scale(maxRatio(ZERO_RATIO, terms.takerFee), worth)));
}

/** Locked in a ledger: Σ locks of the buys paid from it and Σ coins of the sells, without one order. */
export function lockedIn(account: RefAccount, ledger: RefLedger, except: number | null): Num {
  const { code } = ledger.currency;
  let locked = ZERO;
  for (const { terms, orders } of account.books.filter((book) => book.isSpot)) {
    const { settle, base } = terms.contract;
    for (const order of orders.filter((each) => isLocking(each) && each.id !== except)) {
      const rest = remainingOf(order);
      if (order.side === 1 && settle.code === code) locked = locked.plus(lockOf(terms, rest, ratio(order.level!)));
      if (order.side === -1 && base!.code === code) locked = locked.plus(rest.times(terms.coinUnit!));
    }
  }
  return locked;
}

const isLocking = (order: RefOrder): boolean => isLive(order) && restsAtLimit(order) && order.qty !== null;
