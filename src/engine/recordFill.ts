/**
 * Books one part of a fill and leaves what it leaves: the trade row, the stop row, and of a contract the trade in progress and
 * the exits that follow the position; what a spot fill leaves besides rows is spotFill.ts. Whether it may fill has been decided.
 */

import type { FillResult } from '../account/bookings.js';
import { absolute, type Slot } from '../account/position.js';
import { oppositeSide, type PositionEffect } from '../contract/sides.js';
import { fractionToF64 } from '../money/decimal.js';
import type { Order } from '../orders/order.js';
import { isTrailing } from '../orders/stopPrice.js';
import type { AccountRuntime } from './accountRuntime.js';
import type { Deal } from './executeOrder.js';
import { pathLegName, type StopDraft } from './journal.js';
import type { Moment } from './moment.js';
import type { FillReason } from './records.js';

/** A part that only opens or only closes. */
export interface Part {
  readonly effect: PositionEffect;
  readonly qty: bigint;
  readonly slot: Slot;
}

/** Why an order fills, as the tables say it. */
export function reasonOf({ leg }: Order): FillReason {
  if (leg === null) return 'order';
  return isTrailing(leg.style) ? 'trailing_stop' : leg.isLoss ? 'stop_loss' : 'stop_profit';
}

/** Books a part and writes its trade and stop rows. */
export function bookPart(runtime: AccountRuntime, deal: Deal, part: Part, moment: Moment): FillResult {
  const { account, journal } = runtime;
  const { book, order, price, liquidity } = deal;
  const { contract } = book;
  const { effect, qty, slot } = part;
  const { timeMs } = moment;
  book.tracker(slot).settleExcursions(account.rules, account.position(contract, slot));
  const feeRate = liquidity === 'maker' ? account.makerFee(contract) : account.takerFee(contract);
  const { side } = order;
  const result = account.applyFillPart({
    timeMs,
    contract,
    slot,
    side,
    effect,
    qty,
    price: price.exact,
    feeRate,
    orderId: order.id,
  });
  order.filledQty += qty;
  if (effect === 'open') order.openedQty += qty;
  order.positionId = account.position(contract, slot).id;
  order.fills = [...order.fills, { qty, price: price.exact }];
  const trade = {
    timeMs,
    contract,
    orderId: order.id,
    side,
    positionEffect: effect,
    price: price.f64,
    qty,
    amount: result.value,
    commission: result.fee,
    realizedPnl: result.realizedPnl,
    liquidity,
    reason: reasonOf(order),
  };
  journal.trades.push({ trade, stop: stopDraft(order, moment) });
  journal.notices.push({ kind: 'fill', trade });
  return result;
}

/** Books a part of a contract's fill, and what follows from it. */
export function recordFill(runtime: AccountRuntime, deal: Deal, part: Part, moment: Moment): void {
  const { book, order, price } = deal;
  const { effect, qty, slot } = part;
  const { timeMs } = moment;
  const result = bookPart(runtime, deal, part, moment);
  const tracker = book.tracker(slot);
  const last = fractionToF64(moment.last(book.index));
  if (effect === 'open') {
    const positionSide = order.side === 'buy' ? 'long' : 'short';
    tracker.open(positionSide, timeMs, moment.bar, qty, price.exact, result.value, result.fee);
    tracker.see(last, last);
    return;
  }
  tracker.close(qty, price.exact, result.realizedPnl + result.insurance, result.fee);
  followPosition(runtime, deal, part, moment, reasonOf(order));
  // What is left is judged from here on.
  if (tracker.isOpen) tracker.see(last, last);
}

/** After a closing part: the trade that has ended, and the exits that the position no longer carries. */
function followPosition(
  runtime: AccountRuntime,
  { book, order }: Deal,
  { qty, slot }: Part,
  moment: Moment,
  reason: FillReason,
): void {
  const { orders, contract } = book;
  const { timeMs } = moment;
  const left = absolute(runtime.account.position(contract, slot).qty);
  if (left === 0n) {
    const closed = book.tracker(slot).finish(timeMs, moment.bar, reason);
    if (closed !== null) runtime.journal.closedTrades.push(closed);
    // The filling stop ends as filled, its siblings as overtaken by it; all others die with the position.
    orders.shrinkSiblings(order, qty, timeMs);
    orders.endArmedStops(timeMs, order, slot === 'net' ? null : order.side);
  }
  const hasArrived = (exit: Order): boolean => !exit.isFresh || exit.id < order.id;
  orders.fitExits(left, order.side, timeMs, hasArrived, order);
  // Without a one-way position no exit is left, on either side.
  if (left === 0n && slot === 'net') orders.fitExits(0n, oppositeSide(order.side), timeMs, hasArrived, order);
}

function stopDraft(order: Order, moment: Moment): StopDraft | null {
  if (order.leg === null || order.trigger === null) return null;
  return {
    stopPrice: order.trigger,
    lossProfit: order.leg.isLoss ? 'loss' : 'profit',
    orderId: order.parentId,
    trigger: order.triggerBy,
    rule: order.leg.style,
    path: pathLegName(moment.leg),
  };
}
