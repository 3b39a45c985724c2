/**
 * Sizes by value over wallet (settlement text §9.3): a size by two of PoB, leverage and MAP, of which the third follows, and the
 * two questions for a quantity that leave no order.
 */

import type { DecimalInput, FixedSize, Order, OrderOptions } from '../../strategy/strategy.js';
import type { Book, RefAccount } from './account.js';
import { judgePhase, judgeSymbol, type Refusal, refuse } from './admission.js';
import { usableAt } from './margin.js';
import { add, compare, divide, multiply, type Num, num, type Ratio, ratio, scale, subtract, ZERO } from './numbers.js';
import type { RefOrder } from './orders.js';
import { largestWorth, walletOf } from './sizing.js';
import { initialRateNow, positiveDecimal } from './styles.js';
import { type CallMoment, type OrderCall, submit } from './submit.js';
import { exactValue } from './terms.js';
import { inWhole } from './tidings.js';

/** A size that an order has had: value over wallet, and where it was fixed by two of three the leverage and the wallet's share. */
export interface Size {
  readonly pob: Num;
  readonly fixed: { readonly leverage: Ratio; readonly map: Ratio } | null;
}

/** A call of openFixed. */
export interface FixedCall {
  readonly symbol: string;
  readonly side: Order['side'] | 'long' | 'short';
  readonly size: FixedSize | undefined;
  readonly options: OrderOptions;
}

/** A market order of a fixed size with its leverage, or the refusal that it leaves. */
export function submitFixed(account: RefAccount, call: FixedCall, moment: CallMoment): RefOrder {
  const { symbol, options } = call;
  const order: OrderCall = {
    kind: 'contract',
    symbol,
    side: call.side === 'short' ? -1 : 1,
    effect: 'open',
    price: null,
    amount: undefined,
    sizing: 'pob',
    options,
  };
  const book = account.bookCalled(symbol);
  const early = judgePhase(account, book, moment) ?? judgeSymbol(book, 'contract', moment);
  const size = early ?? sizeOf(book!, call, moment);
  if ('reason' in size) return submit(account, order, moment, size);
  return submit(account, { ...order, size }, moment);
}

/** The whole size that is asked for, or that was accepted last; or why there is none. */
function sizeOf(book: Book, { size: asked, side, options }: FixedCall, { quotes }: CallMoment): Size | Refusal {
  if (side !== 'long' && side !== 'short') return refuse('unknown_side');
  if (options.leverage !== undefined) return refuse('unknown_option');
  if (book.mode !== 'isolated') return refuse('not_isolated', 70001);
  const size = asked === undefined ? book.size : readSize(asked);
  if (size === null || ('pob' in size && size.fixed === null)) return refuse('no_selection');
  if ('reason' in size) return size;
  const { map } = size.fixed!;
  const isWithin = compare(map, ratio(num('1'))) <= 0;
  const needed = scale(map, walletOf(book));
  if (!isWithin || compare(needed, ratio(usableAt(book, quotes))) > 0) return refuse('insufficient_margin', 70004);
  return size;
}

/** PoB = L·MAP gives the third of two. */
function readSize(asked: FixedSize): Size | Refusal {
  const given = [asked.pob, asked.leverage, asked.map].filter((each) => each !== undefined);
  if (given.length < 2) return refuse('two_of_three_needed');
  if (given.some((each) => positiveDecimal(each) === null)) return refuse('qty_not_positive');
  const [pob, leverage, map] = [asked.pob, asked.leverage, asked.map].map((each) =>
    each === undefined ? null : ratio(positiveDecimal(each)!),
  ) as [Ratio | null, Ratio | null, Ratio | null];
  if (pob === null) return { pob: multiply(leverage!, map!).n, fixed: { leverage: leverage!, map: map! } };
  if (leverage === null) return { pob: pob.n, fixed: { leverage: divide(pob, map!), map: map! } };
  if (map === null) return { pob: pob.n, fixed: { leverage, map: divide(pob, leverage) } };
  if (compare(multiply(leverage, map), pob) !== 0) return refuse('fixed_inconsistent');
  return { pob: pob.n, fixed: { leverage, map } };
}

/** A question that has no number for an answer. */
export class SizingError extends Error {
  readonly code = 'bad_sizing';
}

/** A symbol's book and the numbers that are asked with. */
function readQuestion(
  account: RefAccount,
  symbol: string,
  asked: readonly DecimalInput[],
): { book: Book; read: Num[] } {
  const book = account.bookCalled(symbol);
  if (book === undefined || book.isSpot) throw new SizingError(`${symbol} is no contract of the account`);
  const read = asked.map(positiveDecimal);
  if (read.some((each) => each === null)) throw new SizingError(`${asked.join(', ')}: not all above zero`);
  return { book, read: read as Num[] };
}

/** In contracts; 0 where it is below the least quantity. */
function answerOf({ terms: { contract } }: Book, qty: Num): number {
  return qty.lt(num(contract.minQty)) ? 0 : inWhole(contract.qtyDecimals, qty);
}

/** The largest quantity worth at most a share of what is usable times the leverage. */
export function safeSize(
  account: RefAccount,
  symbol: string,
  asked: readonly [price: DecimalInput, fraction: DecimalInput],
  quotes: CallMoment['quotes'],
): number {
  const { book, read } = readQuestion(account, symbol, asked);
  const [price, fraction] = read as [Num, Num];
  const limit = divide(ratio(usableAt(book, quotes).times(fraction)), initialRateNow(book, null));
  return answerOf(book, largestWorth(book, limit, exactValue(book.terms, num('1'), ratio(price))));
}

/** The largest quantity that loses at most a share of the wallet between a price and a stop, fees both ways included. */
export function riskSize(
  account: RefAccount,
  symbol: string,
  asked: readonly [price: DecimalInput, stop: DecimalInput, fraction: DecimalInput],
): number {
  const { book, read } = readQuestion(account, symbol, asked);
  const [price, stop, fraction] = read as [Num, Num, Num];
  if (price.eq(stop)) return 0;
  const worth = exactValue(book.terms, num('1'), ratio(price));
  const left = exactValue(book.terms, num('1'), ratio(stop));
  const change = subtract(left, worth);
  const loss = compare(change, ratio(ZERO)) < 0 ? subtract(ratio(ZERO), change) : change;
  const perUnit = add(loss, multiply(book.terms.takerFee, add(worth, left)));
  if (compare(perUnit, ratio(ZERO)) <= 0) return 0;
  return answerOf(book, largestWorth(book, ratio(walletOf(book).times(fraction)), perUnit));
}
