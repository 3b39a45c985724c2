/**
 * Whether an account may give an order now: the ladder of refusals that need its position, its other orders and its margin.
 * It sizes limit orders by percent on the way. Reading the call is orderRequest.ts; a refusal changes nothing.
 */

import { isLiquidatable } from '../account/liquidation.js';
import { computeAddedInitialMargin, computeFee, isLeverageAboveTier } from '../account/margin.js';
import { computeAffordableQty, computeOrderCost, type OrderCostInput } from '../account/orderCost.js';
import { absolute } from '../account/position.js';
import { computeValue } from '../contract/payoff.js';
import { sideSign } from '../contract/sides.js';
import { compareFractions, type Fraction, fractionToF64 } from '../money/decimal.js';
import type { Order } from '../orders/order.js';
import type { AccountRuntime } from './accountRuntime.js';
import { fillPrice, takerPrice } from './fillModel.js';
import { computeOpeningExposure } from './orderMargin.js';
import { type Refusal, refusal } from './refusal.js';
import type { Slippage } from './runInput.js';

/** What may be known of prices when an order is given: the close, and the mark if its candle has closed. */
export interface KnownPrices {
  readonly last: Fraction;
  readonly mark: Fraction;
  readonly timeMs: number;
}

/** Refuses an order, or returns null. A limit order by percent has its quantity afterwards. */
export function refusalOf(
  runtime: AccountRuntime,
  order: Order,
  limit: Fraction | null,
  prices: KnownPrices,
  slippage: Slippage,
): Refusal | null {
  const { contract, position } = runtime;
  const opposite = position.qty * sideSign(order.side) < 0n ? absolute(position.qty) : 0n;
  const isExit = order.effect === 'close' || order.reduceOnly;
  if (isExit && opposite === 0n) {
    return refusal(400, order.effect === 'close' ? 'no_position' : 'reduce_only_without_position');
  }
  if (order.postOnly && limit !== null) {
    const side = compareFractions(limit, prices.last);
    if (order.side === 'buy' ? side >= 0 : side <= 0) return refusal(400, 'post_only_would_take');
  }
  const cost = costInput(runtime, order, prices, slippage);
  if (order.pct !== null && order.type === 'limit') {
    order.qty = sizeByPercent(order, opposite, cost, runtime.usable(prices.mark));
  }
  const { qty } = order;
  if (qty !== null && (isExit ? qty === 0n : qty < contract.minQty)) {
    return refusal(400, 'qty_below_min', { min_qty: contract.minQty, qty });
  }
  if (isExit || qty === null || order.type === 'stop') return null;
  const opening = qty > opposite ? qty - opposite : 0n;
  const refused = opening > 0n ? refusalOfOpening(runtime, order, opening, opposite > 0n, cost, prices) : null;
  if (refused !== null || order.type === 'market') return refused;
  // A resting order may displace others from the closing part of the book, so it is judged by what the whole book costs.
  const need = orderMarginGrowth(runtime, order, prices.mark);
  const usable = runtime.usable(prices.mark);
  return need <= usable ? null : refusal(70004, 'insufficient_margin', { need, available: usable });
}

/**
 * Quantity of an order by percent: the share of the closable position, all of it at 1; or what the share of `usable` buys.
 */
export function sizeByPercent(order: Order, closable: bigint, cost: OrderCostInput, usable: bigint): bigint {
  const pct = order.pct!;
  if (order.effect === 'open') return computeAffordableQty(cost, usable, pct);
  if (pct.num >= pct.den) return closable;
  const qty = (closable * pct.num) / pct.den;
  return qty - (qty % cost.contract.qtyStep);
}

function costInput(runtime: AccountRuntime, order: Order, prices: KnownPrices, slippage: Slippage): OrderCostInput {
  const { contract, account, position } = runtime;
  const price =
    order.price !== null
      ? fillPrice(runtime.exact(order.price))
      : takerPrice(contract, order.side, prices.last, slippage);
  return {
    rules: account.rules,
    contract,
    leverage: position.leverage,
    side: order.side,
    price: price.exact,
    mark: prices.mark,
    takerFee: account.takerFee(contract),
    exposure: position.cost,
  };
}

/** Tier and margin of the part that would open. A flip's margin is judged at its fill, when its closing part has freed some. */
function refusalOfOpening(
  runtime: AccountRuntime,
  order: Order,
  qty: bigint,
  isFlip: boolean,
  cost: OrderCostInput,
  { mark }: KnownPrices,
): Refusal | null {
  const { contract, account, position, orders } = runtime;
  const { rules } = account;
  const value = computeValue(contract, rules.valueRounding, qty, cost.price);
  let exposure = (isFlip ? 0n : position.cost) + value;
  if (rules.tierExposure === 'position_plus_orders') {
    exposure += computeOpeningExposure({ rules, position, takerFee: cost.takerFee, mark, orders: orders.all });
  }
  if (isLeverageAboveTier(contract, position.leverage, exposure)) {
    return refusal(70003, 'leverage_above_tier', { exposure, leverage: fractionToF64(position.leverage) });
  }
  if (order.type !== 'market' || isFlip) return null;
  const usable = runtime.usable(mark);
  const need = computeOrderCost({ ...cost, exposure: position.cost + value }, qty);
  if (need > usable) return refusal(70004, 'insufficient_margin', { need, available: usable });
  return wouldLiquidate(runtime, sideSign(order.side) * qty, value, mark)
    ? refusal(70004, 'would_liquidate', { mark: fractionToF64(mark) })
    : null;
}

/** Whether the position that a fill at the expected price makes would be liquidated on the spot. */
function wouldLiquidate(runtime: AccountRuntime, signedQty: bigint, value: bigint, mark: Fraction): boolean {
  const { contract, account, position } = runtime;
  const { rules } = account;
  const added = position.mode === 'isolated' ? computeAddedInitialMargin(rules, position, value) : 0n;
  const margin = position.margin + added;
  const after = { ...position, qty: position.qty + signedQty, cost: position.cost + value, margin };
  const fee = computeFee(value, account.takerFee(contract));
  return isLiquidatable(rules, after, position.mode === 'isolated' ? margin : account.crossWallet() - fee, mark);
}

/** By how much the order margin grows with a resting order, netting included. */
function orderMarginGrowth(runtime: AccountRuntime, order: Order, mark: Fraction): bigint {
  const before = runtime.orderMargin(mark);
  runtime.orders.add(order);
  const after = runtime.orderMargin(mark);
  runtime.orders.withdraw(order);
  return after - before;
}
