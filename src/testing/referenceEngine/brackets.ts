/**
 * Bracket stops after a fill: they are armed for what their order opened, shrink with a sibling's fill, and die with the position
 * (settlement text §6.4). How they are admitted is submit.ts, how they fire is pathWalk.ts.
 */

import type { Book, Moment, Quotes, RefAccount, RefPosition } from './account.js';
import { lastOf, markOf } from './margin.js';
import { type Num, type Ratio, ZERO } from './numbers.js';
import { goesByMark, isLive, type RefOrder } from './orders.js';
import { bracketLevel, initialRateNow, isBetter, isTrailing, trailingLevel } from './styles.js';

/** Arms the stops of an order that has filled, for what it opened; a closing order's guard what is left. */
export function armBrackets(book: Book, order: RefOrder, opened: Num, moment: Moment): void {
  const { account } = book;
  for (const child of book.orders.filter((other) => other.parentId === order.id && !other.armed)) {
    const position = book.at(-child.side as 1 | -1);
    if (position === null) continue;
    child.qty = order.effect === 'close' ? position.qty : opened;
    if (child.qty.eq(ZERO)) continue;
    arm(book, child, { position, entry: order.fillPrice!, quotes: moment.quotes });
    if (child.level!.lte(ZERO)) account.end(child, moment.timeMs, 'cancelled', 400, 'stop_price_not_positive');
  }
}

/** What a stop is armed with: the position that it guards, what its order was filled at, and the prices of the moment. */
interface Arming {
  readonly position: RefPosition;
  readonly entry: Ratio;
  readonly quotes: Quotes;
}

/** Arms a stop that has its quantity; its level is 0 where none has the result that is asked for. */
export function arm(book: Book, stop: RefOrder, { position, entry, quotes }: Arming): void {
  const guarded = position.side;
  const style = stop.style!;
  stop.armed = true;
  if (isTrailing(style.name)) {
    trail(book, stop, seriesOf(book, stop, quotes));
    return;
  }
  const initialRate = initialRateNow(book, position);
  stop.level = bracketLevel(book.terms, style, guarded, { entry, initialRate }) ?? ZERO;
}

/** The price that sets an order off. */
export const seriesOf = (book: Book, order: RefOrder, quotes: Quotes): Ratio =>
  goesByMark(order) ? markOf(book, quotes) : lastOf(book, quotes);

/** Takes a price into the best price of a trailing stop. */
function trail(book: Book, stop: RefOrder, price: Ratio): void {
  const guarded = -stop.side as 1 | -1;
  if (stop.best === null || isBetter(price, stop.best, guarded)) stop.best = price;
  stop.level = trailingLevel(book.terms, stop.style!, guarded, stop.best);
}

/** Lets the armed trailing stops follow the prices of a moment, as far as they are concerned. */
export function followPrices(account: RefAccount, quotes: Quotes, concerns: (stop: RefOrder) => boolean): void {
  const stops = account.orders.filter((each) => each.type === 'trailing_stop' && each.armed && isLive(each));
  for (const stop of stops.filter(concerns)) {
    const book = account.bookOf(stop.series)!;
    trail(book, stop, seriesOf(book, stop, quotes));
  }
}

/** Shrinks the siblings of a stop by what it filled, and ends every armed stop whose position is gone. */
export function endBrackets(book: Book, order: RefOrder, moment: Moment): void {
  const { account } = book;
  if (order.parentId !== null && order.filled.gt(ZERO)) {
    for (const sibling of book.orders.filter((other) => other.parentId === order.parentId && other.armed)) {
      const rest = sibling.qty!.minus(order.filled);
      if (rest.gt(ZERO)) sibling.qty = rest;
      else account.end(sibling, moment.timeMs, 'cancelled', null, 'other_stop_filled');
    }
  }
  for (const stop of book.orders.filter((other) => other.style !== null && other.armed)) {
    if (book.at(-stop.side as 1 | -1) !== null) continue;
    account.end(stop, moment.timeMs, 'cancelled', null, 'position_closed');
  }
}
