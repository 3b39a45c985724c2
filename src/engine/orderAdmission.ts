/**
 * Whether an account may give an order on a contract now: the ladder of refusals that need its position, its other orders and its margin.
 * It sizes limit orders by percent on the way. Reading the call is orderRequest.ts, spot
 * pairs are spotAdmission.ts; a refusal changes nothing.
 */

import { computeAddedInitialMargin, computeFee, isLeverageAboveTier } from '../account/margin.js';
import { computeOrderCost, type OrderCostInput } from '../account/orderCost.js';
import { absolute, exposureOf, type Position } from '../account/position.js';
import { isGroupDue, isLiquidatable } from '../account/riskGroup.js';
import { computeValue } from '../contract/payoff.js';
import { isBeyondLimit } from '../contract/riskTiers.js';
import { sideSign } from '../contract/sides.js';
import { compareFractions, type Fraction, fractionToF64 } from '../money/decimal.js';
import { isLimit, isStop, type Order } from '../orders/order.js';
import { frozenQty } from './accountRows.js';
import type { AccountRuntime } from './accountRuntime.js';
import { fillPrice, takerPrice } from './fillModel.js';
import type { Moment } from './moment.js';
import { orderCostInput, sizeByPercent } from './orderCosting.js';
import { computeOpeningExposure } from './orderMargin.js';
import { type Refusal, refusal } from './refusal.js';
import type { Slippage } from './runInput.js';
import type { SymbolBook } from './symbolBook.js';

/** An order that is asked for, with what it is judged by. */
interface Asked {
  readonly book: SymbolBook;
  readonly order: Order;
  readonly target: Position;
  readonly cost: OrderCostInput;
  readonly moment: Moment;
}

/**
 * Refuses an order, or returns null. A limit order by percent has its quantity afterwards; in hedged mode a closing order is cut
 * to what no other has spoken for.
 */
export function refusalOf(
  runtime: AccountRuntime,
  book: SymbolBook,
  order: Order,
  limit: Fraction | null,
  moment: Moment,
  slippage: Slippage,
): Refusal | null {
  const { contract } = book;
  const target = runtime.target(book, order.side, order.effect);
  const opposite = target.qty * sideSign(order.side) < 0n ? absolute(target.qty) : 0n;
  const isExit = order.effect === 'close' || order.reduceOnly;
  if (isExit && opposite === 0n) {
    return refusal(400, order.effect === 'close' ? 'no_position' : 'reduce_only_without_position');
  }
  const closable = isExit && target.slot !== 'net' ? opposite - frozenQty(runtime, target) : opposite;
  if (isExit && closable === 0n) return refusal(400, 'position_frozen');
  const taking = refusalOfTaking(order, limit, moment.last(book.index));
  if (taking !== null) return taking;
  const expected = expectedPrice(runtime, book, order, moment, slippage);
  const mark = moment.mark(book.index);
  const cost = orderCostInput(runtime, target, order.side, expected, mark, exposureOf(target));
  if (order.pct !== null && isLimit(order)) {
    order.qty = sizeByPercent(order, closable, cost, runtime.usable(target, moment));
  }
  if (isExit && target.slot !== 'net' && order.qty !== null && order.qty > closable) order.qty = closable;
  const { qty } = order;
  if (qty !== null && (isExit ? qty === 0n : qty < contract.minQty)) {
    return refusal(400, 'qty_below_min', { min_qty: contract.minQty, qty });
  }
  if (isExit || qty === null) return null;
  const small = refusalOfNotional(runtime, book, qty, expected);
  if (small !== null || isStop(order)) return small;
  const opening = qty > opposite ? qty - opposite : 0n;
  const asked = { book, order, target, cost, moment };
  const refused = opening > 0n ? refusalOfOpening(runtime, asked, opening, opposite > 0n) : null;
  if (refused !== null || order.type === 'market') return refused;
  return refusalOfRest(runtime, book, order, moment);
}

/**
 * Whether the account covers an order that is to rest. It may displace others from the closing part of the book, so it is judged
 * by what the whole book costs.
 */
export function refusalOfRest(runtime: AccountRuntime, book: SymbolBook, order: Order, moment: Moment): Refusal | null {
  const need = orderMarginGrowth(runtime, book, order, moment.mark(book.index));
  const usable = runtime.usable(runtime.target(book, order.side, order.effect), moment);
  return need <= usable ? null : refusal(70004, 'insufficient_margin', { need, available: usable });
}

/** Whether an order that is to take no liquidity would take some at the last price. */
export function refusalOfTaking({ postOnly, side }: Order, limit: Fraction | null, last: Fraction): Refusal | null {
  if (!postOnly || limit === null) return null;
  const order = compareFractions(limit, last);
  return (side === 'buy' ? order >= 0 : order <= 0) ? refusal(400, 'post_only_would_take') : null;
}

/** The price at which an order is expected to fill. */
export function expectedPrice(
  { market }: AccountRuntime,
  book: SymbolBook,
  order: Order,
  moment: Moment,
  slippage: Slippage,
): Fraction {
  const own = order.price ?? order.trigger;
  if (own !== null) return fillPrice(market.exact(book.index, own)).exact;
  return takerPrice(book.contract, order.side, moment.last(book.index), slippage).exact;
}

/** Whether an order is too small in value: one that may open, or of a spot pair. */
export function refusalOfNotional(
  { account }: AccountRuntime,
  { contract }: SymbolBook,
  qty: bigint,
  price: Fraction,
): Refusal | null {
  if (contract.minNotional === null) return null;
  const value = computeValue(contract, account.rules.valueRounding, qty, price);
  if (value >= contract.minNotional) return null;
  return refusal(400, 'notional_below_min', { value, min_notional: contract.minNotional });
}

/** Tier and margin of the part that would open. A flip's margin is judged at its fill, when its closing part has freed some. */
function refusalOfOpening(runtime: AccountRuntime, asked: Asked, qty: bigint, isFlip: boolean): Refusal | null {
  const { book, order, target, cost, moment } = asked;
  const { contract } = book;
  const { account } = runtime;
  const { rules } = account;
  const mark = moment.mark(book.index);
  const value = computeValue(contract, rules.valueRounding, qty, cost.price);
  const held = isFlip ? { value: 0n, qty: 0n } : { value: target.cost, qty: absolute(target.qty) };
  const exposure = { value: held.value + value, qty: held.qty + qty };
  if (rules.tierExposure === 'position_plus_orders') {
    const positions = account.positionsOf(contract);
    const { takerFee } = cost;
    const input = { rules, positions, takerFee, mark, orders: book.orders.all };
    const resting = computeOpeningExposure(input, order.side);
    exposure.value += resting.value;
    exposure.qty += resting.qty;
  }
  if (isBeyondLimit(contract, exposure)) return refusal(70003, 'risk_limit_exceeded', { exposure: exposure.value });
  if (isLeverageAboveTier(contract, target.leverage, exposure)) {
    const leverage = fractionToF64(target.leverage);
    return refusal(70003, 'leverage_above_tier', { exposure: exposure.value, leverage });
  }
  if (order.type !== 'market' || isFlip) return null;
  const usable = runtime.usable(target, moment);
  const whole = { value: target.cost + value, qty: absolute(target.qty) + qty };
  const need = computeOrderCost({ ...cost, exposure: whole }, qty);
  if (need > usable) return refusal(70004, 'insufficient_margin', { need, available: usable });
  return wouldLiquidate(runtime, asked, qty, value)
    ? refusal(70004, 'would_liquidate', { mark: fractionToF64(mark) })
    : null;
}

/** Whether the position that a fill at the expected price makes would be liquidated on the spot. */
function wouldLiquidate(
  runtime: AccountRuntime,
  { book, order, target, moment }: Asked,
  qty: bigint,
  value: bigint,
): boolean {
  const { contract } = book;
  const { account } = runtime;
  const { rules } = account;
  const added = target.mode === 'isolated' ? computeAddedInitialMargin(rules, target, value, qty) : 0n;
  const margin = target.margin + added;
  const after = { ...target, qty: target.qty + sideSign(order.side) * qty, cost: target.cost + value, margin };
  const takerFee = account.takerFee(contract);
  if (target.mode === 'isolated') {
    return isLiquidatable(rules, after, margin, moment.mark(book.index), takerFee);
  }
  const fee = computeFee(value, takerFee);
  const cross = account.riskGroups(contract.settle.code).find(({ mode }) => mode === 'cross');
  const others = (cross?.members ?? []).filter(({ position }) => position !== target);
  const collateral = account.crossWallet(contract.settle.code) - fee;
  const group = {
    rules,
    mode: 'cross' as const,
    currency: contract.settle,
    collateral,
    members: [...others, { position: after, takerFee }],
  };
  return isGroupDue(group, runtime.markOf(moment));
}

/** By how much the order margin grows with a resting order, netting included. */
function orderMarginGrowth(runtime: AccountRuntime, book: SymbolBook, order: Order, mark: Fraction): bigint {
  const before = runtime.orderMarginOf(book, mark);
  book.orders.add(order);
  const after = runtime.orderMarginOf(book, mark);
  book.orders.withdraw(order);
  return after - before;
}
