/**
 * The bookings of one traded part: a row of trades, realised result, fee, margin taken or released, and what the insurance fund
 * adds (settlement text §1.2, §2.4). Why the part is traded is decided by the callers.
 */

import type { Liquidity } from '../../engine/records.js';
import type { Book, Holding, Moment, RefPosition } from './account.js';
import { closeTrade, openPosition, settleExtremes, weightOf } from './closedTrades.js';
import { crossWallet, initialMargin, lastOf } from './margin.js';
import {
  add,
  ceil,
  floor,
  multiply,
  type Num,
  negate,
  type Ratio,
  ratio,
  round,
  scale,
  signed,
  toBigint,
  toFloat,
  truncate,
  ZERO,
} from './numbers.js';
import { value } from './terms.js';
import { fillTiding } from './tidings.js';
import { exposureOf, initialRate } from './tiers.js';
import type { FillCause } from './writings.js';

/** What is traded, at which price. */
export interface Trade {
  readonly book: Book;
  readonly side: 1 | -1;
  /** Price that values are computed from. */
  readonly price: Ratio;
  /** Price in the table. */
  readonly shown: Num;
  readonly liquidity: Liquidity;
  readonly moment: Moment;
  readonly cause: FillCause;
  /** As somebody booked it; by the rate of the liquidity where there is none. */
  readonly fee?: Num | null;
}

/** Share of a value by a rate, rounded as booked. */
export const shareOf = (rate: Ratio, worth: Num): Num => round(multiply(rate, ratio(worth)));

export const feeOf = (book: Book, worth: Num, liquidity: Liquidity): Num =>
  shareOf(liquidity === 'taker' ? book.terms.takerFee : book.terms.makerFee, worth);

/** Margin that an opening part adds to its position: assigned in isolated mode, reserved in cross mode. */
export function addedMargin(book: Book, side: 1 | -1, worth: Num, qty: Num, mark: Ratio): Num {
  const { terms, leverage } = book;
  const held = book.at(side) ?? { cost: ZERO, qty: ZERO };
  const [grown, whole] = [held.cost.plus(worth), held.qty.plus(qty)];
  if (book.mode === 'cross' && terms.rules.crossInitialBasis === 'mark') {
    const after = initialMargin(terms, leverage, value(terms, whole, mark), whole);
    const before = held.qty.eq(ZERO) ? ZERO : initialMargin(terms, leverage, value(terms, held.qty, mark), held.qty);
    return after.minus(before);
  }
  if (book.mode === 'cross') {
    const before = held.cost.eq(ZERO) ? ZERO : initialMargin(terms, leverage, held.cost, held.qty);
    return initialMargin(terms, leverage, grown, whole).minus(before);
  }
  const rate = initialRate(terms, leverage, exposureOf(grown, whole));
  if (terms.rules.feeReserve !== 'ledger') return ceil(scale(rate, worth));
  // The whole position moves to its step: each total at the rate of its own.
  const own = initialRate(terms, leverage, exposureOf(held.cost, held.qty));
  const before = held.cost.eq(ZERO) ? ZERO : ceil(scale(own, held.cost));
  return ceil(scale(rate, grown)).minus(before);
}

/** One row of trades; its commission counts in the ledger. */
export function writeTrade(
  { book, side, shown, liquidity, moment, cause }: Omit<Trade, 'price'>,
  part: {
    readonly effect: 'open' | 'close';
    readonly qty: Num;
    readonly worth: Num;
    readonly fee: Num;
    readonly pnl: Num;
  },
): void {
  const { account, ledger } = book;
  ledger.counters.fees = ledger.counters.fees.plus(part.fee);
  ledger.written += 1;
  // Coins bought with the last money are no bankruptcy.
  if (!book.isSpot) ledger.isTouched = true;
  const record = {
    timeMs: moment.timeMs,
    account: account.input.name,
    contract: book.terms.contract,
    orderId: cause.orderId,
    side: side === 1 ? 'buy' : 'sell',
    positionEffect: part.effect,
    price: toFloat(shown),
    qty: toBigint(part.qty),
    amount: toBigint(part.worth),
    commission: toBigint(part.fee),
    realizedPnl: toBigint(part.pnl),
    liquidity,
    reason: cause.reason,
  } as const;
  account.writings.push({ kind: 'trade', timeMs: moment.timeMs, stop: cause.stop, place: cause.place ?? null, record });
  // A given fill comes from no strategy and is told to none.
  if (cause.place === undefined) account.tidings.push(fillTiding(record));
}

/** Closes a quantity of a position; what of the loss the cross wallet cannot bear is insurance. Returns result less fee. */
export function tradeClosingPart(trade: Trade, position: RefPosition, qty: Num): Num {
  const { book, moment, price, cause } = trade;
  const { terms, account } = book;
  const at: Holding = { book, position };
  settleExtremes(at, lastOf(book, moment.quotes));
  const worth = value(terms, qty, price);
  const isAll = qty.eq(position.qty);
  const cost = isAll ? position.cost : round(ratio(position.cost.times(qty), position.qty));
  const released = isAll ? position.margin : floor(ratio(position.margin.times(qty), position.qty));
  const pnl = signed(position.side * terms.sigma, worth.minus(cost));
  const fee = trade.fee ?? feeOf(book, worth, trade.liquidity);
  writeTrade(trade, { effect: 'close', qty, worth, fee, pnl });
  const bill = { timeMs: moment.timeMs, orderId: cause.orderId };
  const held = position.qty;
  position.qty = position.qty.minus(qty);
  position.cost = position.cost.minus(cost);
  position.margin = position.margin.minus(released);
  position.added = position.added.minus(isAll ? position.added : truncate(ratio(position.added.times(qty), held)));
  account.bookOn(at, { ...bill, type: 'realized_pnl', amount: pnl, fee, isolatedDelta: negate(released) });
  account.bookOn(at, { ...bill, type: 'fee', amount: negate(fee) });
  noteClosing(at, qty, price, pnl);
  position.fees = position.fees.plus(fee);
  // A cross wallet may be negative only while a cross position backs it.
  const isBacked = account
    .holdings(book.ledger)
    .some((other) => other.position.mode === 'cross' && other.position.qty.gt(ZERO));
  const wallet = crossWallet(account, book.ledger);
  if (account.hasRisk && !isBacked && wallet.lt(ZERO)) {
    position.gross = position.gross.minus(wallet);
    account.bookOn(at, { ...bill, type: 'insurance', amount: negate(wallet) });
  }
  if (isAll) closeTrade(at, moment, cause.reason);
  return pnl.minus(fee);
}

/** A part of a position has ended at a price, with a result. */
export function noteClosing({ book, position }: Holding, qty: Num, price: Ratio, pnl: Num): void {
  position.closedQty = position.closedQty.plus(qty);
  position.closedSum = add(position.closedSum, weightOf(book.terms, qty, price));
  position.gross = position.gross.plus(pnl);
}

export function tradeOpeningPart(trade: Trade, qty: Num): void {
  const { book, side, price, moment } = trade;
  const worth = value(book.terms, qty, price);
  const mode = book.mode;
  const added = mode === 'isolated' ? addedMargin(book, side, worth, qty, price) : ZERO;
  const fee = trade.fee ?? feeOf(book, worth, trade.liquidity);
  writeTrade(trade, { effect: 'open', qty, worth, fee, pnl: ZERO });
  const found = book.at(side);
  if (found !== null) settleExtremes({ book, position: found }, lastOf(book, moment.quotes));
  const position = found ?? openPosition(book, side, moment);
  position.qty = position.qty.plus(qty);
  position.cost = position.cost.plus(worth);
  position.margin = position.margin.plus(added);
  position.openedQty = position.openedQty.plus(qty);
  position.openedValue = position.openedValue.plus(worth);
  position.openedSum = add(position.openedSum, weightOf(book.terms, qty, price));
  position.fees = position.fees.plus(fee);
  const bill = { timeMs: moment.timeMs, orderId: trade.cause.orderId };
  book.account.bookOn({ book, position }, { ...bill, type: 'fee', amount: negate(fee), isolatedDelta: added });
}
