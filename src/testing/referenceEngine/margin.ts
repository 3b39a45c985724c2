/**
 * What a ledger's figures are at the marks: unrealised result, margins, order margin, available and usable balance. Written from
 * settlement text §2 and §3; everything is computed anew each time it is asked for.
 */

import type { Book, Holding, Quotes, RefAccount, RefPosition } from './account.js';
import type { RefLedger } from './ledger.js';
import {
  ceil,
  maxNum,
  minNum,
  type Num,
  type Ratio,
  ratio,
  scale,
  signed,
  subtract,
  ZERO,
  ZERO_RATIO,
} from './numbers.js';
import { bookOrderMargin } from './orderCost.js';
import { lockedIn } from './spotLocks.js';
import { exactValue, type Terms, value } from './terms.js';
import { exposureOf, initialRate } from './tiers.js';

/** U = s·σ·(V(P) − C), in the venue's rounding. */
export function unrealized(terms: Terms, position: RefPosition, mark: Ratio): Num {
  return signed(position.side * terms.sigma, value(terms, position.qty, mark).minus(position.cost));
}

/** U with the value at the mark not rounded. */
export function exactUnrealized(terms: Terms, position: RefPosition, mark: Ratio): Ratio {
  const gain = subtract(exactValue(terms, position.qty, mark), ratio(position.cost));
  return position.side * terms.sigma < 0 ? subtract(ZERO_RATIO, gain) : gain;
}

export const sum = (items: readonly Num[]): Num => items.reduce((total, item) => total.plus(item), ZERO);

/** Mark of a symbol; only asked where it has had a bar. */
export const markOf = (book: Book, quotes: Quotes): Ratio => quotes.get(book.series)!.mark;
export const lastOf = (book: Book, quotes: Quotes): Ratio => quotes.get(book.series)!.last;
export const gainOf = ({ book, position }: Holding, quotes: Quotes): Num =>
  unrealized(book.terms, position, markOf(book, quotes));

/** Σ A of the isolated positions. */
export const assignedMargin = (account: RefAccount, ledger: RefLedger): Num =>
  sum(account.holdings(ledger).map(({ position }) => position.margin));
export const crossWallet = (account: RefAccount, ledger: RefLedger): Num =>
  ledger.wallet.minus(assignedMargin(account, ledger));

/** Initial margin of a position of this worth, rounded up. */
export const initialMargin = (terms: Terms, leverage: Ratio, worth: Num, qty: Num): Num =>
  ceil(scale(initialRate(terms, leverage, exposureOf(worth, qty)), worth));

/** What the BitMEX commission reserve is computed from. */
export interface ReserveBasis {
  readonly side: 1 | -1;
  readonly cost: Num;
  readonly qty: Num;
  readonly margin: Num;
  /** The part of the margin that was added by hand. */
  readonly added: Num;
}

/** The commission reserve of a position; 0 where the venue has none. */
export function commissionReserve(book: Book, { side, cost, qty, margin, added }: ReserveBasis): Num {
  const { terms, leverage } = book;
  if (terms.rules.feeReserve !== 'ledger' || !terms.takerFee.n.gt(ZERO) || cost.eq(ZERO)) return ZERO;
  const initial = initialMargin(terms, leverage, cost, qty);
  const collateral = book.mode === 'isolated' ? margin : initial;
  if (terms.isInverse && side === -1 && collateral.gte(cost)) return ZERO;
  return ceil(scale(terms.takerFee, cost.plus(initial).plus(added)));
}

export const reserveOf = ({ book, position }: Holding): Num => commissionReserve(book, position);

/** Margin set aside for a position, without unrealised result and without the reserve. */
export function heldMargin({ book, position }: Holding, quotes: Quotes): Num {
  const { terms, leverage } = book;
  if (position.mode === 'isolated') return position.margin;
  const isAtMark = terms.rules.crossInitialBasis === 'mark';
  const worth = isAtMark ? value(terms, position.qty, markOf(book, quotes)) : position.cost;
  return initialMargin(terms, leverage, worth, position.qty);
}

export interface Figures {
  readonly wallet: Num;
  readonly unrealized: Num;
  readonly marginBalance: Num;
  readonly positionMargin: Num;
  readonly orderMargin: Num;
  /** May be negative. */
  readonly available: Num;
}

/** The row of figures of a ledger; the order margin of `except` can be left out. */
export function figuresAt(
  account: RefAccount,
  ledger: RefLedger,
  quotes: Quotes,
  except: number | null = null,
): Figures {
  const holdings = account.holdings(ledger);
  const gain = sum(holdings.map((each) => gainOf(each, quotes)));
  const inPosition = holdings.map((each) => {
    const own = heldMargin(each, quotes).plus(reserveOf(each));
    if (each.position.mode === 'isolated') return own.plus(gainOf(each, quotes));
    if (each.book.terms.rules.crossProfitUse === 'losses_only') return own.plus(maxNum(ZERO, gainOf(each, quotes)));
    return own;
  });
  const held = contractOrderMargin(account, ledger, quotes, except).plus(lockedIn(account, ledger, except));
  const marginBalance = ledger.wallet.plus(gain);
  const positionMargin = sum(inPosition);
  return {
    wallet: ledger.wallet,
    unrealized: gain,
    marginBalance,
    positionMargin,
    orderMargin: held,
    available: marginBalance.minus(positionMargin).minus(held),
  };
}

/** What resting orders of a ledger's contracts take; that of one order can be left out. */
export function contractOrderMargin(
  account: RefAccount,
  ledger: RefLedger,
  quotes: Quotes,
  except: number | null = null,
): Num {
  const books = account.books.filter(
    (book) => !book.isSpot && book.terms.contract.settle.code === ledger.currency.code,
  );
  return sum(
    books.map((book) =>
      bookOrderMargin(
        book,
        book.orders.filter((order) => order.id !== except),
        quotes,
      ),
    ),
  );
}

/** Wallet and unrealised result of a ledger. */
export const equityAt = (account: RefAccount, ledger: RefLedger, quotes: Quotes): Num =>
  ledger.wallet.plus(sum(account.holdings(ledger).map((each) => gainOf(each, quotes))));

/**
 * What the cross wallet has beyond the reserves of isolated positions and the locks of spot orders; the reserves of cross
 * positions are held back like their margin.
 */
export const pocketOf = (account: RefAccount, ledger: RefLedger, except: number | null = null): Num =>
  crossWallet(account, ledger)
    .minus(lockedIn(account, ledger, except))
    .minus(
      sum(
        account
          .holdings(ledger)
          .filter(({ position }) => position.mode === 'isolated')
          .map(reserveOf),
      ),
    );

/** What may become isolated margin, be spent on coins, or leave the ledger. */
export function transferable(
  account: RefAccount,
  ledger: RefLedger,
  quotes: Quotes,
  except: number | null = null,
): Num {
  const { available } = figuresAt(account, ledger, quotes, except);
  return maxNum(ZERO, minNum(available, pocketOf(account, ledger, except)));
}

/** What new trades may use: transferable in isolated mode, available in cross mode. */
export function usableAt(book: Book, quotes: Quotes, except: number | null = null): Num {
  const { account, ledger } = book;
  if (book.mode === 'isolated') return transferable(account, ledger, quotes, except);
  return maxNum(ZERO, figuresAt(account, ledger, quotes, except).available);
}
