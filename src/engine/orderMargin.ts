/**
 * The margin that resting orders lock: their opening parts after netting against the position and against each other, at the
 * cost that account/orderCost.ts gives. Stops lock nothing until they trigger, market orders nothing until they fill.
 */

import { computeOrderCost, type OrderCostInput } from '../account/orderCost.js';
import { absolute, type Position } from '../account/position.js';
import { computeValue } from '../contract/payoff.js';
import type { Side } from '../contract/sides.js';
import { type Fraction, fractionOfF64 } from '../money/decimal.js';
import { isLimit, type Order } from '../orders/order.js';
import type { VenueRules } from '../venue/rules.js';

export interface OrderMarginInput {
  readonly rules: VenueRules;
  /** The positions of the symbol: one, or the long and the short of a hedge. */
  readonly positions: readonly Position[];
  readonly takerFee: Fraction;
  readonly mark: Fraction;
  /** Working orders of the position's symbol. */
  readonly orders: readonly Order[];
}

interface OpeningPart {
  readonly order: Order;
  readonly qty: bigint;
}

/** Order margin of one symbol in settlement units. */
export function computeOrderMargin(input: OrderMarginInput): bigint {
  const buys = openingParts(input, 'buy');
  const sells = openingParts(input, 'sell');
  if (buys.length === 0 && sells.length === 0) return 0n;
  if (isHedge(input) || input.rules.orderNetting === 'sum') return costOf(input, buys) + costOf(input, sells);
  if (input.rules.orderNetting === 'bitmex') {
    // Sells in full, buys only for what exceeds them: the excess is what would fill last.
    const offset = sells.reduce((sum, part) => sum + part.qty, 0n);
    return costOf(input, sells) + costOf(input, beyond(buys, offset));
  }
  const b = costOf(input, buys);
  const s = costOf(input, sells);
  return b > s ? b : s;
}

/** In a hedge each side is a book of its own, and no order there closes what it does not say. */
function isHedge({ positions }: OrderMarginInput): boolean {
  return positions.length > 1;
}

/** The position that an opening order of a side makes or grows. */
function positionOf({ positions }: OrderMarginInput, side: Side): Position {
  const slot = side === 'buy' ? 'long' : 'short';
  return positions.find((position) => position.slot === slot) ?? positions[0]!;
}

/**
 * Exposure of opening orders, which admission counts on some venues: of all of them, in a hedge of those on one side.
 *
 * @param side of the order to be admitted.
 */
export function computeOpeningExposure(input: OrderMarginInput, side: Side): { value: bigint; qty: bigint } {
  const exposure = { value: 0n, qty: 0n };
  const sides: readonly Side[] = isHedge(input) ? [side] : ['buy', 'sell'];
  for (const part of sides.flatMap((each) => openingParts(input, each))) {
    exposure.value += computeOrderValue(input, part);
    exposure.qty += part.qty;
  }
  return exposure;
}

function computeOrderValue(input: OrderMarginInput, part: OpeningPart): bigint {
  const { contract } = input.positions[0]!;
  const price = fractionOfF64(part.order.price!, contract.priceDecimals);
  return computeValue(contract, input.rules.valueRounding, part.qty, price);
}

/** Resting limit orders of a side, best price first, less what would only close the position. */
function openingParts(input: OrderMarginInput, side: Side): OpeningPart[] {
  const { orders } = input;
  const resting = orders.filter((order) => isLimit(order) && order.side === side && order.qty !== null);
  if (resting.length === 0) return [];
  resting.sort((a, b) => (side === 'buy' ? b.price! - a.price! : a.price! - b.price!) || a.id - b.id);
  const held = isHedge(input) ? 0n : input.positions[0]!.qty;
  let closable = side === 'sell' ? held : -held;
  if (closable < 0n) closable = 0n;
  const parts: OpeningPart[] = [];
  for (const order of resting) {
    const rest = order.qty! - order.filledQty;
    const closing = rest < closable ? rest : closable;
    closable -= closing;
    const isExit = order.effect === 'close' || order.reduceOnly;
    if (!isExit && rest > closing) parts.push({ order, qty: rest - closing });
  }
  return parts;
}

/** What is left of the parts after the first `qty` contracts. */
function beyond(parts: readonly OpeningPart[], qty: bigint): OpeningPart[] {
  const rest: OpeningPart[] = [];
  let offset = qty;
  for (const part of parts) {
    const taken = part.qty < offset ? part.qty : offset;
    offset -= taken;
    if (part.qty > taken) rest.push({ order: part.order, qty: part.qty - taken });
  }
  return rest;
}

function costOf(input: OrderMarginInput, parts: readonly OpeningPart[]): bigint {
  return parts.reduce((sum, part) => sum + computeOrderCost(costInput(input, part), part.qty), 0n);
}

function costInput(input: OrderMarginInput, part: OpeningPart): OrderCostInput {
  const { rules, takerFee, mark } = input;
  const position = positionOf(input, part.order.side);
  const { contract } = position;
  const price = fractionOfF64(part.order.price!, contract.priceDecimals);
  return {
    rules,
    contract,
    leverage: position.leverage,
    side: part.order.side,
    price,
    mark,
    takerFee,
    exposure: {
      value: position.cost + computeValue(contract, rules.valueRounding, part.qty, price),
      qty: absolute(position.qty) + part.qty,
    },
  };
}
