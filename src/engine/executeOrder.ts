/**
 * Fills an order at a price: the part against the opposite position first, the rest opens; in hedged mode the order says which it
 * is. The opening part must be covered at that moment. What a filled part leaves in the records is recordFill.ts; at which price
 * and when is decided by the walk through the bar; booking is the account's.
 */

import {
  computeAddedInitialMargin,
  computeCommissionReserve,
  computeCrossInitial,
  computeFee,
  isLeverageAboveTier,
} from '../account/margin.js';
import { absolute, exposureOf, type Position } from '../account/position.js';
import { computeValue } from '../contract/payoff.js';
import { isBeyondLimit } from '../contract/riskTiers.js';
import { sideSign } from '../contract/sides.js';
import type { Fraction } from '../money/decimal.js';
import type { Order } from '../orders/order.js';
import { frozenQty, renewRows } from './accountRows.js';
import type { AccountRuntime } from './accountRuntime.js';
import { armBracket, countIfUnreachable } from './arming.js';
import { concludeEvent } from './concludeEvent.js';
import type { FillPrice } from './fillModel.js';
import type { Moment, StepContext } from './moment.js';
import { refusalOfNotional } from './orderAdmission.js';
import { orderCostInput, sizeByPercent } from './orderCosting.js';
import { recordFill } from './recordFill.js';
import type { Liquidity } from './records.js';
import { type Refusal, refusal } from './refusal.js';
import { refuseAtFill } from './refuseAtFill.js';
import { sizeByWallet } from './sizing.js';
import { executeSpotOrder } from './spotFill.js';
import type { SymbolBook } from './symbolBook.js';

/** An order about to fill. */
export interface Deal {
  readonly book: SymbolBook;
  readonly order: Order;
  readonly price: FillPrice;
  readonly liquidity: Liquidity;
}

/** Fills the order of a deal whole, as far as the position and the margin, or on spot the money, allow, and ends it. */
export function executeOrder(runtime: AccountRuntime, deal: Deal, moment: Moment, context: StepContext): void {
  if (deal.book.contract.type === 'spot') executeSpotOrder(runtime, deal, moment, context);
  else executeContractOrder(runtime, deal, moment, context);
}

function executeContractOrder(runtime: AccountRuntime, deal: Deal, moment: Moment, context: StepContext): void {
  const { book, order } = deal;
  const { orders, contract } = book;
  const { timeMs } = moment;
  const target = runtime.target(book, order.side, order.effect);
  const closable = target.qty * sideSign(order.side) < 0n ? absolute(target.qty) : 0n;
  const isExit = order.reduceOnly || order.effect === 'close';
  if (isExit && closable === 0n) {
    orders.end(order, { status: 'cancelled', timeMs, code: 400, reason: 'no_position' });
    runtime.hasChanged = true;
    renewRows(runtime, moment, contract.settle);
    return;
  }
  const isSizedHere = order.qty === null;
  const wanted = order.qty ?? sizeAtFill(runtime, deal, target, closable, moment);
  order.qty ??= wanted;
  const closing = wanted < closable ? wanted : closable;
  const opening = isExit ? 0n : wanted - closing;
  if (closing + opening === 0n) {
    refuseAtFill(runtime, deal, refusal(400, 'qty_below_min'), moment, false);
    return;
  }
  const small = isSizedHere && !isExit ? refusalOfNotional(runtime, book, wanted, deal.price.exact) : null;
  if (small !== null) {
    order.qty = 0n;
    refuseAtFill(runtime, deal, small, moment, false);
    return;
  }
  if (closing > 0n) recordFill(runtime, deal, { effect: 'close', qty: closing, slot: target.slot }, moment);
  if (opening > 0n) {
    const why = refusalAtFill(runtime, deal, target, { qty: opening, isSizedHere }, moment);
    if (why !== null) {
      refuseAtFill(runtime, deal, why, moment, closing > 0n);
      if (closing > 0n) concludeEvent(runtime, moment, contract.settle, context);
      return;
    }
    recordFill(runtime, deal, { effect: 'open', qty: opening, slot: target.slot }, moment);
  }
  orders.shrinkSiblings(order, closing, timeMs);
  const guarded = order.effect === 'close' ? absolute(target.qty) : opening;
  armBracket(deal, guarded, target, moment);
  for (const stop of orders.childrenOf(order.id)) countIfUnreachable(runtime, { book, order: stop }, target, moment);
  orders.end(order, { status: 'filled', timeMs });
  concludeEvent(runtime, moment, contract.settle, context);
}

function sizeAtFill(
  runtime: AccountRuntime,
  { book, order, price }: Deal,
  target: Position,
  closable: bigint,
  moment: Moment,
): bigint {
  if (order.pob !== null) return sizeByWallet(runtime, book.contract, order.pob, price.exact);
  const cost = orderCostInput(runtime, target, order.side, price.exact, moment.mark(book.index), exposureOf(target));
  // In hedged mode a share is of what no resting order has spoken for.
  const free = target.slot === 'net' || order.effect === 'open' ? closable : closable - frozenQty(runtime, target);
  const qty = sizeByPercent(order, free, cost, runtime.usable(target, moment));
  return order.effect === 'open' && qty < book.contract.minQty ? 0n : qty;
}

/** Whether an opening part may be taken on at its fill: exposure and leverage within the tier, margin and fee covered. */
function refusalAtFill(
  runtime: AccountRuntime,
  { book, order, price, liquidity }: Deal,
  target: Position,
  { qty, isSizedHere }: { readonly qty: bigint; readonly isSizedHere: boolean },
  moment: Moment,
): Refusal | null {
  const { contract } = book;
  const { account } = runtime;
  const { rules } = account;
  const value = computeValue(contract, rules.valueRounding, qty, price.exact);
  const exposure = { value: target.cost + value, qty: absolute(target.qty) + qty };
  if (isBeyondLimit(contract, exposure)) return refusal(70003, 'risk_limit_exceeded', { exposure: exposure.value });
  if (isLeverageAboveTier(contract, target.leverage, exposure)) {
    return refusal(70003, 'leverage_above_tier', { exposure: exposure.value });
  }
  // A quantity that was sized by percent at this very price was made to fit.
  if (isSizedHere && order.pct !== null) return null;
  const fee = computeFee(value, liquidity === 'maker' ? account.makerFee(contract) : account.takerFee(contract));
  const growth = marginGrowth(runtime, target, sideSign(order.side) * qty, value, moment.mark(book.index));
  const need = growth + (fee > 0n ? fee : 0n);
  const usable = runtime.usable(target, moment, order);
  return need <= usable ? null : refusal(70004, 'insufficient_margin', { need, available: usable });
}

/** By how much position margin and commission reserve grow with an opening part. */
function marginGrowth(
  runtime: AccountRuntime,
  position: Position,
  signedQty: bigint,
  value: bigint,
  mark: Fraction,
): bigint {
  const { account } = runtime;
  const { rules } = account;
  const takerFee = account.takerFee(position.contract);
  const isIsolated = position.mode === 'isolated';
  const after = { ...position, qty: position.qty + signedQty, cost: position.cost + value };
  let added: bigint;
  if (isIsolated) {
    added = computeAddedInitialMargin(rules, position, value, absolute(signedQty));
    after.margin = position.margin + added;
  } else {
    const before = position.qty === 0n ? 0n : computeCrossInitial(rules, position, mark);
    added = computeCrossInitial(rules, after, mark) - before;
  }
  const reserve =
    computeCommissionReserve(rules, after, takerFee) - computeCommissionReserve(rules, position, takerFee);
  return added + reserve;
}
