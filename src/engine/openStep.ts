/**
 * The open of a step: funding due at it, then prices jump there from the previous close. Fills given at it are booked, liquidation
 * is tested, then market orders fill in the order given, stops already passed, limits already passed; liquidation is tested after
 * each.
 * ASSUMPTION: at an open, liquidation comes before queued market orders.
 */

import { isLimit, isReached, isReachedExactly, isStop, type Order, seriesOf, tieRank } from '../orders/order.js';
import { liquidateDue } from './accountEvents.js';
import { renewRows, renewRowsOf } from './accountRows.js';
import type { AccountRuntime } from './accountRuntime.js';
import type { Booked } from './arming.js';
import { executeOrder } from './executeOrder.js';
import { type FillPrice, fillPrice, takerPrice, takerPriceWithin } from './fillModel.js';
import { settleDues } from './givenFills.js';
import { type Moment, QuotedMoment, type StepContext } from './moment.js';
import type { Liquidity } from './records.js';
import { triggerStopLimit } from './stopLimit.js';
import type { SymbolBook } from './symbolBook.js';
import { findTrails, trailAt } from './trailing.js';

export function settleOpen(runtime: AccountRuntime, context: StepContext): void {
  const { market } = runtime;
  const moment = new QuotedMoment(market, 'open', market.openTimeMs, context.bar);
  const present = runtime.books.filter(({ index }) => market.symbols[index]!.bar.isPresent);
  for (const book of present) {
    const { open } = market.symbols[book.index]!.bar.last;
    book.see(open, open);
  }
  settleDues(runtime, { funding: context.dueAtOpen, fills: context.fillsAtOpen }, moment, context);
  liquidateDue(runtime, moment, context);
  fillMarketOrders(runtime, present, moment, context);
  // Those that the open has passed fire at the level that they had.
  trailAt(
    runtime,
    findTrails(present).filter(({ book, order }) => !isPassed(runtime, book, order)),
    moment,
  );
  fillReached(runtime, present, moment, context);
  for (const book of present) {
    endExits(runtime, book, moment);
    for (const order of book.orders.all) {
      if (!order.isFresh) continue;
      order.isFresh = false;
      runtime.hasChanged = true;
    }
  }
}

/** Exits that reach the market at this open and find nothing to close; a spot sell is for any coins there are. */
function endExits(runtime: AccountRuntime, book: SymbolBook, moment: Moment): void {
  if (book.contract.type === 'spot') return;
  const before = book.orders.all.length;
  for (const side of ['buy', 'sell'] as const) {
    if (runtime.target(book, side, 'close').qty !== 0n) continue;
    book.orders.fitExits(0n, side, moment.timeMs, () => true);
  }
  if (book.orders.all.length < before) renewRows(runtime, moment, book.contract.settle);
}

function fillMarketOrders(
  runtime: AccountRuntime,
  present: readonly SymbolBook[],
  moment: Moment,
  context: StepContext,
): void {
  const queued = present.flatMap((book) =>
    book.orders.all.filter((order) => order.type === 'market').map((order) => ({ book, order })),
  );
  if (present.length > 1) queued.sort((a, b) => a.order.id - b.order.id);
  for (const { book, order } of queued) {
    if (order.status !== 'open') continue;
    const price = takerPrice(book.contract, order.side, moment.last(book.index), context.slippage);
    executeOrder(runtime, { book, order, price, liquidity: 'taker' }, moment, context);
    liquidateDue(runtime, moment, context);
  }
}

/** Fills what the open has passed: stops, then limits; a fill may arm stops that are passed at once. */
function fillReached(
  runtime: AccountRuntime,
  present: readonly SymbolBook[],
  moment: Moment,
  context: StepContext,
): void {
  for (;;) {
    let next: Booked | null = null;
    for (const book of present) {
      for (const order of book.orders.all) {
        if ((isPassed(runtime, book, order) || isNowOrNever(order)) && (next === null || goesBefore(order, next.order)))
          next = { book, order };
      }
    }
    if (next === null) return;
    fillAtOpen(runtime, next, moment, context);
    liquidateDue(runtime, moment, context);
  }
}

/** Whether the open is at an order's level or beyond it. */
function isPassed({ market }: AccountRuntime, { index }: SymbolBook, order: Order): boolean {
  const { bar } = market.symbols[index]!;
  return isReached(order, seriesOf(order) === 'mark' ? bar.mark.open : bar.last.open);
}

/** A limit order that fills at the first open at which it can, or ends there. */
function isNowOrNever(order: Order): boolean {
  return order.type === 'limit' && order.isFresh && order.timeInForce !== 'gtc';
}

function goesBefore(a: Order, b: Order): boolean {
  if (isStop(a) !== isStop(b)) return isStop(a);
  return tieRank(a) - tieRank(b) < 0 || (tieRank(a) === tieRank(b) && a.id < b.id);
}

function fillAtOpen(runtime: AccountRuntime, { book, order }: Booked, moment: Moment, context: StepContext): void {
  const { contract } = book;
  const last = moment.last(book.index);
  let liquidity: Liquidity = 'taker';
  let price: FillPrice;
  if (order.type === 'stop_limit' && isStop(order)) {
    triggerStopLimit(runtime, { book, order }, { last, kind: 'quoted' }, moment, context);
    return;
  }
  if (isLimit(order) && !isReachedExactly(order, runtime.market.exact(book.index, order.price!), last)) {
    cancelAtOpen(runtime, { book, order }, { code: null, reason: 'not_filled_at_once' }, moment);
    return;
  }
  if (isStop(order)) {
    price = takerPrice(contract, order.side, last, context.slippage);
  } else if (!order.isFresh) {
    // It rested through an earlier bar: whoever jumped over it traded at its price.
    price = fillPrice(runtime.market.exact(book.index, order.price!));
    liquidity = 'maker';
  } else if (order.postOnly) {
    cancelAtOpen(runtime, { book, order }, { code: 400, reason: 'post_only_would_take' }, moment);
    return;
  } else {
    const limit = runtime.market.exact(book.index, order.price!);
    price = takerPriceWithin(contract, order.side, last, limit, context.slippage);
  }
  executeOrder(runtime, { book, order, price, liquidity }, moment, context);
}

function cancelAtOpen(
  runtime: AccountRuntime,
  { book, order }: Booked,
  why: { readonly code: number | null; readonly reason: string },
  moment: Moment,
): void {
  book.orders.end(order, { status: 'cancelled', timeMs: moment.timeMs, ...why });
  runtime.hasChanged = true;
  renewRowsOf(runtime, moment, book.contract);
}
