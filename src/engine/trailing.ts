/**
 * Trailing stops on their way: the best price since a stop was armed, the level that follows it, and what of a bar they may reach.
 * ASSUMPTION: on a leg that moves for the position the level follows without being reached; on one that moves against it the level
 * stands where the best price before the leg put it.
 */

import { roundToTick } from '../account/liquidation.js';
import type { Contract } from '../contract/contract.js';
import { type Fraction, fractionToF64 } from '../money/decimal.js';
import type { Order } from '../orders/order.js';
import { computeTrailingLevel, isBetter } from '../orders/stopPrice.js';
import type { AccountRuntime } from './accountRuntime.js';
import type { Moment } from './moment.js';
import type { Leg, Ohlc } from './path.js';
import type { SymbolBook } from './symbolBook.js';

/** A trailing stop with the book it stands in. */
export interface Trail {
  readonly book: SymbolBook;
  readonly order: Order;
}

/** All trailing stops of an account, those not armed too. */
export function findTrails(books: readonly SymbolBook[]): readonly Trail[] {
  return books.flatMap((book) =>
    book.orders.all.filter(({ type }) => type === 'trailing_stop').map((order) => ({ book, order })),
  );
}

/** The price that a stop goes by at a moment. */
export function seriesPrice({ triggerBy }: Order, { index }: SymbolBook, moment: Moment): Fraction {
  return triggerBy === 'mark' ? moment.mark(index) : moment.last(index);
}

/** Level under (over) a best price: on the nearest tick, at least one tick. */
export function trailingLevelOf(contract: Contract, { leg, side }: Order, best: Fraction): Fraction {
  const level = roundToTick(contract, computeTrailingLevel(leg!, side, best), 'nearest');
  return level.num > 0n ? level : contract.tick;
}

/** Lets a trailing stop see a price. @returns whether it is a new best, and the level has followed. */
export function trail(contract: Contract, order: Order, price: Fraction): boolean {
  if (order.best !== null && !isBetter(order.side, price, order.best)) return false;
  order.best = price;
  order.trigger = fractionToF64(trailingLevelOf(contract, order, price));
  return true;
}

/** Lets the armed ones of these stops see the prices of a moment. */
export function trailAt(runtime: AccountRuntime, trails: readonly Trail[], moment: Moment): void {
  for (const { book, order } of trails) {
    if (!order.isArmed || order.status !== 'open') continue;
    if (trail(book.contract, order, seriesPrice(order, book, moment))) runtime.hasChanged = true;
  }
}

/** Whether its series moves for the position on a leg, so that the stop follows and is not reached. */
export function isFollowing({ type, triggerBy, side }: Order, leg: Leg): boolean {
  if (type !== 'trailing_stop') return false;
  const way = triggerBy === 'mark' ? leg.markTo - leg.markFrom : leg.lastTo - leg.lastFrom;
  return side === 'sell' ? way > 0 : way < 0;
}

/**
 * Whether the rest of a bar may reach a trailing stop: the level that the better of its best price and the bar's extreme in favour
 * gives, by the extreme against it.
 *
 * @param best so far; of a stop not armed yet, the price of its order.
 */
export function isTrailInReach(runtime: AccountRuntime, { book, order }: Trail, best: Fraction, prices: Ohlc): boolean {
  const { market } = runtime;
  const isLong = order.side === 'sell';
  const extreme = market.exact(book.index, isLong ? prices.high : prices.low);
  const top = isBetter(order.side, extreme, best) ? extreme : best;
  const level = fractionToF64(trailingLevelOf(book.contract, order, top));
  return isLong ? prices.low <= level : prices.high >= level;
}
