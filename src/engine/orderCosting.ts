/**
 * What an order of an account costs: the input of account/orderCost.ts from the position it opens, and the quantity of an order
 * by percent.
 */

import { computeAffordableQty, type OrderCostInput } from '../account/orderCost.js';
import type { Position } from '../account/position.js';
import type { Exposure } from '../contract/riskTiers.js';
import type { Side } from '../contract/sides.js';
import type { Fraction } from '../money/decimal.js';
import type { Order } from '../orders/order.js';
import type { AccountRuntime } from './accountRuntime.js';

/** @param exposure the position's, with the order's where its quantity is known. */
export function orderCostInput(
  { account }: AccountRuntime,
  position: Position,
  side: Side,
  price: Fraction,
  mark: Fraction,
  exposure: Exposure,
): OrderCostInput {
  const { contract, leverage } = position;
  return {
    rules: account.rules,
    contract,
    leverage,
    side,
    price,
    mark,
    takerFee: account.takerFee(contract),
    exposure,
  };
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
