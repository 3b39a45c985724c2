/**
 * The open of a step: funding due at it, then prices jump there from the previous close. Liquidation is tested first, then
 * market orders fill in the order given, stops already passed, limits already passed; liquidation is tested after each.
 * ASSUMPTION: at an open, liquidation comes before queued market orders.
 */

import { isReached, type Order, seriesOf, tieRank } from '../orders/order.js';
import { applyFundingDues, liquidateDue } from './accountEvents.js';
import { renewRows, renewRowsOf } from './accountRows.js';
import type { AccountRuntime } from './accountRuntime.js';
import { executeOrder } from './executeOrder.js';
import { type FillPrice, fillPrice, takerPrice, takerPriceWithin } from './fillModel.js';
import { type Moment, QuotedMoment, type StepContext } from './moment.js';
import type { Liquidity } from './records.js';
import type { SymbolBook } from './symbolBook.js';

interface Reached {
  readonly book: SymbolBook;
  readonly order: Order;
}

export function settleOpen(runtime: AccountRuntime, context: StepContext): void {
  const { market } = runtime;
  const moment = new QuotedMoment(market, 'open', market.openTimeMs, context.bar);
  const present = runtime.books.filter(({ index }) => market.symbols[index]!.bar.isPresent);
  for (const book of present) {
    const { open } = market.symbols[book.index]!.bar.last;
    book.see(open, open);
  }
  applyFundingDues(runtime, context.dueAtOpen, moment, context);
  liquidateDue(runtime, moment, context);
  fillMarketOrders(runtime, present, moment, context);
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
    let next: Reached | null = null;
    for (const book of present) {
      const { bar } = runtime.market.symbols[book.index]!;
      for (const order of book.orders.all) {
        const price = seriesOf(order) === 'mark' ? bar.mark.open : bar.last.open;
        if (isReached(order, price) && (next === null || goesBefore(order, next.order))) next = { book, order };
      }
    }
    if (next === null) return;
    fillAtOpen(runtime, next, moment, context);
    liquidateDue(runtime, moment, context);
  }
}

function goesBefore(a: Order, b: Order): boolean {
  const isStop = (order: Order): boolean => order.type === 'stop';
  if (isStop(a) !== isStop(b)) return isStop(a);
  return tieRank(a) - tieRank(b) < 0 || (tieRank(a) === tieRank(b) && a.id < b.id);
}

function fillAtOpen(runtime: AccountRuntime, { book, order }: Reached, moment: Moment, context: StepContext): void {
  const { contract, orders } = book;
  const last = moment.last(book.index);
  let liquidity: Liquidity = 'taker';
  let price: FillPrice;
  if (order.type === 'stop') {
    price = takerPrice(contract, order.side, last, context.slippage);
  } else if (!order.isFresh) {
    // It rested through an earlier bar: whoever jumped over it traded at its price.
    price = fillPrice(runtime.market.exact(book.index, order.price!));
    liquidity = 'maker';
  } else if (order.postOnly) {
    orders.end(order, { status: 'cancelled', timeMs: moment.timeMs, code: 400, reason: 'post_only_would_take' });
    runtime.hasChanged = true;
    renewRowsOf(runtime, moment, contract);
    return;
  } else {
    const limit = runtime.market.exact(book.index, order.price!);
    price = takerPriceWithin(contract, order.side, last, limit, context.slippage);
  }
  executeOrder(runtime, { book, order, price, liquidity }, moment, context);
}
