/**
 * The open of a bar: funding due at it, then prices jump there from the previous close. Liquidation is tested first, then
 * market orders fill in the order given, stops already passed, limits already passed; liquidation is tested after each.
 * ASSUMPTION: at an open, liquidation comes before queued market orders.
 */

import { isReached, type Order, seriesOf, tieRank } from '../orders/order.js';
import { applyFundingDue, liquidateIfDue, renewRows } from './accountEvents.js';
import type { AccountRuntime } from './accountRuntime.js';
import { executeOrder } from './executeOrder.js';
import { type FillPrice, fillPrice, takerPrice, takerPriceWithin } from './fillModel.js';
import type { BarContext, Moment } from './moment.js';
import type { BarPrices } from './path.js';
import type { Liquidity } from './records.js';

export function settleOpen(runtime: AccountRuntime, bar: BarPrices, context: BarContext): void {
  const moment = runtime.momentOf(bar.openTimeMs, bar.last.open, bar.mark.open, context.bar);
  runtime.see({ low: bar.last.open, high: bar.last.open });
  for (const due of context.dueAtOpen) applyFundingDue(runtime, due, moment, context);
  liquidateIfDue(runtime, moment, context);
  fillMarketOrders(runtime, moment, context);
  fillReached(runtime, bar, moment, context);
  if (runtime.position.qty === 0n) endExits(runtime, moment);
  for (const order of runtime.orders.all) {
    if (!order.isFresh) continue;
    order.isFresh = false;
    runtime.hasChanged = true;
  }
}

/** Exits that reach the market at this open and find nothing to close. */
function endExits(runtime: AccountRuntime, moment: Moment): void {
  for (const side of ['buy', 'sell'] as const) runtime.orders.fitExits(0n, side, moment.timeMs, () => true);
  renewRows(runtime, moment);
}

function fillMarketOrders(runtime: AccountRuntime, moment: Moment, context: BarContext): void {
  for (const order of [...runtime.orders.all]) {
    if (order.type !== 'market' || order.status !== 'open') continue;
    const price = takerPrice(runtime.contract, order.side, moment.last, context.slippage);
    executeOrder(runtime, order, price, 'taker', moment, context);
    liquidateIfDue(runtime, moment, context);
  }
}

/** Fills what the open has passed: stops, then limits; a fill may arm stops that are passed at once. */
function fillReached(runtime: AccountRuntime, bar: BarPrices, moment: Moment, context: BarContext): void {
  for (;;) {
    let next: Order | null = null;
    for (const order of runtime.orders.all) {
      const price = seriesOf(order) === 'mark' ? bar.mark.open : bar.last.open;
      if (isReached(order, price) && (next === null || goesBefore(order, next))) next = order;
    }
    if (next === null) return;
    fillAtOpen(runtime, next, moment, context);
    liquidateIfDue(runtime, moment, context);
  }
}

function goesBefore(a: Order, b: Order): boolean {
  const isStop = (order: Order): boolean => order.type === 'stop';
  if (isStop(a) !== isStop(b)) return isStop(a);
  return tieRank(a) - tieRank(b) < 0 || (tieRank(a) === tieRank(b) && a.id < b.id);
}

function fillAtOpen(runtime: AccountRuntime, order: Order, moment: Moment, context: BarContext): void {
  const { contract } = runtime;
  let liquidity: Liquidity = 'taker';
  let price: FillPrice;
  if (order.type === 'stop') {
    price = takerPrice(contract, order.side, moment.last, context.slippage);
  } else if (!order.isFresh) {
    // It rested through an earlier bar: whoever jumped over it traded at its price.
    price = fillPrice(runtime.exact(order.price!));
    liquidity = 'maker';
  } else if (order.postOnly) {
    runtime.orders.end(order, {
      status: 'cancelled',
      timeMs: moment.timeMs,
      code: 400,
      reason: 'post_only_would_take',
    });
    runtime.hasChanged = true;
    renewRows(runtime, moment);
    return;
  } else {
    price = takerPriceWithin(contract, order.side, moment.last, runtime.exact(order.price!), context.slippage);
  }
  executeOrder(runtime, order, price, liquidity, moment, context);
}
