/**
 * Fills an order at a price: the part against the opposite position first, the rest opens. The opening part must be covered at
 * that moment. Brackets are armed, siblings shrink, stops die with the position. At which price and when is decided by the
 * walk through the bar; booking is the account's.
 */

import { roundToTick } from '../account/liquidation.js';
import {
  computeAddedInitialMargin,
  computeCommissionReserve,
  computeFee,
  computeInitialMargin,
  isLeverageAboveTier,
} from '../account/margin.js';
import { absolute } from '../account/position.js';
import { computeValue } from '../contract/payoff.js';
import { oppositeSide, type PositionEffect, sideSign } from '../contract/sides.js';
import { compareFractions, type Fraction, fractionToF64 } from '../money/decimal.js';
import type { Order } from '../orders/order.js';
import { concludeEvent, renewRows } from './accountEvents.js';
import type { AccountRuntime } from './accountRuntime.js';
import type { FillPrice } from './fillModel.js';
import { pathLegName, type StopDraft } from './journal.js';
import type { BarContext, Moment } from './moment.js';
import { sizeByPercent } from './orderAdmission.js';
import type { FillReason, Liquidity } from './records.js';
import { type Refusal, refusal } from './refusal.js';

/** Fills `order` whole at `price`, as far as the position and the margin allow, and ends it. */
export function executeOrder(
  runtime: AccountRuntime,
  order: Order,
  price: FillPrice,
  liquidity: Liquidity,
  moment: Moment,
  context: BarContext,
): void {
  const { orders } = runtime;
  const { timeMs } = moment;
  const held = runtime.position.qty;
  const closable = held * sideSign(order.side) < 0n ? absolute(held) : 0n;
  const isExit = order.reduceOnly || order.effect === 'close';
  if (isExit && closable === 0n) {
    orders.end(order, { status: 'cancelled', timeMs, code: 400, reason: 'no_position' });
    runtime.hasChanged = true;
    renewRows(runtime, moment);
    return;
  }
  const isSizedHere = order.qty === null;
  const wanted = order.qty ?? sizeAtFill(runtime, order, price.exact, closable, moment);
  order.qty ??= wanted;
  const closing = wanted < closable ? wanted : closable;
  const opening = isExit ? 0n : wanted - closing;
  if (closing + opening === 0n) {
    refuse(runtime, order, refusal(400, 'qty_below_min'), moment, false);
    return;
  }
  if (closing > 0n) fillPart(runtime, order, 'close', closing, price, liquidity, moment);
  if (opening > 0n) {
    const why = refusalAtFill(runtime, order, { qty: opening, isSizedHere }, price.exact, liquidity, moment);
    if (why !== null) {
      refuse(runtime, order, why, moment, closing > 0n);
      if (closing > 0n) concludeEvent(runtime, moment, context);
      return;
    }
    fillPart(runtime, order, 'open', opening, price, liquidity, moment);
  }
  orders.shrinkSiblings(order, closing, timeMs);
  const guarded = order.effect === 'close' ? absolute(runtime.position.qty) : opening;
  orders.armBracket(order, guarded, (stop) => roundToTick(runtime.contract, stop, 'nearest'));
  countUnreachable(runtime, order, moment.mark);
  orders.end(order, { status: 'filled', timeMs });
  concludeEvent(runtime, moment, context);
}

/** Counts the loss stops of a bracket that the liquidation would always come before. */
function countUnreachable(runtime: AccountRuntime, parent: Order, mark: Fraction): void {
  for (const stop of runtime.orders.all) {
    if (stop.parentId !== parent.id || !stop.isArmed || stop.leg?.isLoss !== true || stop.trigger === null) continue;
    const price = runtime.liquidationPrice(mark);
    if (price === null) return;
    const side = compareFractions(runtime.exact(stop.trigger), price);
    if (stop.side === 'sell' ? side <= 0 : side >= 0) runtime.journal.unreachableStops += 1;
  }
}

function sizeAtFill(runtime: AccountRuntime, order: Order, price: Fraction, closable: bigint, moment: Moment): bigint {
  const { contract, account, position } = runtime;
  const cost = {
    rules: account.rules,
    contract,
    leverage: position.leverage,
    side: order.side,
    price,
    mark: moment.mark,
    takerFee: account.takerFee(contract),
    exposure: position.cost,
  };
  const qty = sizeByPercent(order, closable, cost, runtime.usable(moment.mark));
  return order.effect === 'open' && qty < contract.minQty ? 0n : qty;
}

/** A pure opening market order that is not covered is rejected whole; anything else ends with what has filled. */
function refuse(runtime: AccountRuntime, order: Order, why: Refusal, moment: Moment, hasFilled: boolean): void {
  const isRejected = order.type === 'market' && !hasFilled;
  const status = isRejected ? 'rejected' : 'cancelled';
  runtime.orders.end(order, { status, timeMs: moment.timeMs, code: why.code, reason: why.reason });
  runtime.hasChanged = true;
  renewRows(runtime, moment);
  if (isRejected) runtime.journal.notices.push({ kind: 'rejected', order });
}

/** Whether an opening part may be taken on at its fill: leverage within the tier, margin and fee covered. */
function refusalAtFill(
  runtime: AccountRuntime,
  order: Order,
  { qty, isSizedHere }: { readonly qty: bigint; readonly isSizedHere: boolean },
  price: Fraction,
  liquidity: Liquidity,
  moment: Moment,
): Refusal | null {
  const { contract, account, position } = runtime;
  const { rules } = account;
  const value = computeValue(contract, rules.valueRounding, qty, price);
  const cost = position.cost + value;
  if (isLeverageAboveTier(contract, position.leverage, cost)) {
    return refusal(70003, 'leverage_above_tier', { exposure: cost });
  }
  // A quantity that was sized by percent at this very price was made to fit.
  if (isSizedHere) return null;
  const fee = computeFee(value, liquidity === 'maker' ? account.makerFee(contract) : account.takerFee(contract));
  const need = marginGrowth(runtime, sideSign(order.side) * qty, value) + (fee > 0n ? fee : 0n);
  const usable = runtime.usable(moment.mark, order);
  if (need <= usable) return null;
  return refusal(70004, 'insufficient_margin', { need, available: usable });
}

/** By how much position margin and commission reserve grow with an opening part. */
function marginGrowth(runtime: AccountRuntime, signedQty: bigint, value: bigint): bigint {
  const { contract, account, position } = runtime;
  const { rules } = account;
  const takerFee = account.takerFee(contract);
  const added =
    position.mode === 'isolated'
      ? computeAddedInitialMargin(rules, position, value)
      : computeInitialMargin(contract, position.leverage, position.cost + value) -
        (position.cost === 0n ? 0n : computeInitialMargin(contract, position.leverage, position.cost));
  const after = {
    ...position,
    qty: position.qty + signedQty,
    cost: position.cost + value,
    margin: position.mode === 'isolated' ? position.margin + added : 0n,
  };
  const reserve =
    computeCommissionReserve(rules, after, takerFee) - computeCommissionReserve(rules, position, takerFee);
  return added + reserve;
}

function fillPart(
  runtime: AccountRuntime,
  order: Order,
  effect: PositionEffect,
  qty: bigint,
  price: FillPrice,
  liquidity: Liquidity,
  moment: Moment,
): void {
  const { account, contract, tracker, orders, journal } = runtime;
  tracker.settleExcursions(account.rules, runtime.position);
  const feeRate = liquidity === 'maker' ? account.makerFee(contract) : account.takerFee(contract);
  const { timeMs } = moment;
  const part = { timeMs, contract, side: order.side, effect, qty, price: price.exact, feeRate, orderId: order.id };
  const result = account.applyFillPart(part);
  order.filledQty += qty;
  order.fills = [...order.fills, { qty, price: price.exact }];
  const reason: FillReason = order.leg === null ? 'order' : order.leg.isLoss ? 'stop_loss' : 'stop_profit';
  const trade = {
    timeMs,
    contract,
    orderId: order.id,
    side: order.side,
    positionEffect: effect,
    price: price.f64,
    qty,
    amount: result.value,
    commission: result.fee,
    realizedPnl: result.realizedPnl,
    liquidity,
    reason,
  };
  journal.trades.push({ trade, stop: stopDraft(order, moment) });
  journal.notices.push({ kind: 'fill', trade });
  if (effect === 'open') {
    tracker.open(
      order.side === 'buy' ? 'long' : 'short',
      timeMs,
      moment.bar,
      qty,
      price.exact,
      result.value,
      result.fee,
    );
    const last = fractionToF64(moment.last);
    tracker.see(last, last);
    return;
  }
  tracker.close(qty, price.exact, result.realizedPnl + result.insurance, result.fee);
  if (runtime.position.qty === 0n) {
    const closed = tracker.finish(timeMs, moment.bar, reason);
    if (closed !== null) journal.closedTrades.push(closed);
    // The filling stop ends as filled, its siblings as overtaken by it; all others die with the position.
    orders.shrinkSiblings(order, qty, timeMs);
    orders.endArmedStops(timeMs, order);
  }
  const hasArrived = (exit: Order): boolean => !exit.isFresh || exit.id < order.id;
  const left = absolute(runtime.position.qty);
  orders.fitExits(left, order.side, timeMs, hasArrived, order);
  // Without a position no exit is left, on either side.
  if (left === 0n) orders.fitExits(0n, oppositeSide(order.side), timeMs, hasArrived, order);
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
