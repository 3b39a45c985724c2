/**
 * Fills that a run is given: booked with their own price, quantity and fee, whatever margin there is (product text on `replay`). A
 * fill that turns a position round closes it and opens the rest. When they are due, and the test for liquidation after them, is the
 * walk's. No orders beside them are expected: stops and resting exits do not follow.
 */

import type { GivenFill } from '../../engine/givenFills.js';
import type { Book, Moment, RefAccount, RefPosition } from './account.js';
import { minNum, type Num, num, ratio, ratioOf, round, ZERO } from './numbers.js';
import { tradeSpot } from './spotFills.js';
import { tradeClosingPart, tradeOpeningPart } from './trades.js';

/** Of these, those of an account at one time, in their order. */
export const fillsAt = (account: RefAccount, fills: readonly GivenFill[], timeMs: number): GivenFill[] =>
  fillsOf(account, fills).filter((fill) => fill.timeMs === timeMs);

/** Of these, those of an account. */
export const fillsOf = (account: RefAccount, fills: readonly GivenFill[]): GivenFill[] =>
  fills.filter((fill) => fill.account === account.input.name);

/** The book that a fill is of. */
export function bookOfFill(account: RefAccount, { symbol }: GivenFill): Book {
  const book = account.bookCalled(symbol);
  if (book === undefined) throw new Error(`${account.input.name} does not trade ${symbol}`);
  return book;
}

/** What a position that a fill is against gives up to it, and what is opened beside. */
interface Parts {
  readonly position: RefPosition | null;
  readonly closes: Num;
  readonly opens: Num;
}

/** Books one fill. @throws where it closes what cannot have been there */
export function bookFill(account: RefAccount, fill: GivenFill, moment: Moment): void {
  const book = bookOfFill(account, fill);
  const price = ratioOf(fill.price);
  const trade = {
    book,
    price,
    moment,
    side: fill.side === 'buy' ? 1 : -1,
    shown: price.n.div(price.d),
    liquidity: fill.liquidity,
    cause: { reason: 'replay', orderId: fill.orderId, stop: null, place: fill.place },
  } as const;
  const whole = fill.fee === null ? null : num(fill.fee);
  if (book.isSpot) {
    tradeSpot({ ...trade, fee: whole }, num(fill.qty));
    return;
  }
  // It has been traded, whether or not there is anything to back it.
  account.openLedger(book.terms.contract.settle);
  const { position, closes, opens } = partsOf(book, fill, trade.side);
  // The fee goes by quantity, the rounding with what is opened.
  const fee = whole === null ? null : round(ratio(whole.times(closes), num(fill.qty)));
  if (position !== null && closes.gt(ZERO)) tradeClosingPart({ ...trade, fee }, position, closes);
  if (opens.gt(ZERO)) tradeOpeningPart({ ...trade, fee: whole === null ? null : whole.minus(fee!) }, opens);
}

function partsOf(book: Book, fill: GivenFill, side: 1 | -1): Parts {
  const qty = num(fill.qty);
  if (book.isHedged && fill.effect === null) throw new Error(`${fill.file}:${fill.line}: a hedge needs an effect`);
  if (book.isHedged && fill.effect === 'open') return { position: null, closes: ZERO, opens: qty };
  const position = book.at(-side as 1 | -1);
  const closes = minNum(position?.qty ?? ZERO, qty);
  const rest = qty.minus(closes);
  if (fill.effect !== 'close') return { position, closes, opens: rest };
  if (rest.gt(ZERO) && !book.account.hasRisk) throw new Error(`${fill.file}:${fill.line}: closes more than is held`);
  return { position, closes, opens: ZERO };
}
