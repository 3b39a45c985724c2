/**
 * What an opening order costs before it fills: initial margin, the loss it would start with, and the fees it reserves; and
 * how many contracts a share of the balance buys by that cost. Pure; which orders rest, and netting between them, is the
 * engine's orderMargin.ts.
 */

import type { Contract } from '../contract/contract.js';
import { computeUnitValue, computeValue, valueSign } from '../contract/payoff.js';
import { boundsOf, tierAt } from '../contract/riskTiers.js';
import { type Side, sideSign } from '../contract/sides.js';
import type { Fraction } from '../money/decimal.js';
import { atLeastZero, ONE, plus, sumOf, times, ZERO } from '../money/fractions.js';
import { divCeil, divFloor } from '../money/rounding.js';
import type { VenueRules } from '../venue/rules.js';
import { computeInitialRate, type TierExposure } from './margin.js';

/** The fields of a venue's rules that decide what an order costs. */
export type OrderCostRules = Pick<VenueRules, 'valueRounding' | 'feeReserve' | 'openLossInOrderMargin'>;

export interface OrderCostInput {
  readonly rules: OrderCostRules;
  readonly contract: Contract;
  readonly leverage: Fraction;
  readonly side: Side;
  /** The order's own price; for a market order the price it is expected at. */
  readonly price: Fraction;
  readonly mark: Fraction;
  readonly takerFee: Fraction;
  /** What decides the tier: the position's value and contracts, and the order's, where a quantity is known. */
  readonly exposure: TierExposure;
}

/** s·σ of the position the order would open: +1 where its profit rises with its value. */
function profitSignOf(input: OrderCostInput): bigint {
  return sideSign(input.side) * valueSign(input.contract);
}

/**
 * Share of the value at which a position opened at this rate has lost its margin, the base of the closing fee's reserve:
 * max(0, 1 − s·σ·rate); in the BitMEX ledger 1 + rate for both sides, and nothing for an inverse short at 1× or less.
 */
function closingShare(input: OrderCostInput, rate: Fraction): Fraction {
  const sign = profitSignOf(input);
  if (input.rules.feeReserve === 'ledger') {
    const cannotLose = input.contract.type === 'inverse' && input.side === 'sell' && rate.num >= rate.den;
    return cannotLose ? { num: 0n, den: 1n } : plus(ONE, rate);
  }
  const share = plus(ONE, times({ num: -sign, den: 1n }, rate));
  return share.num > 0n ? share : { num: 0n, den: 1n };
}

/**
 * Cost of an opening order of `qty`: ceil(V·rate) + open loss + ceil(f·V) + ceil(f·V at bankruptcy), settlement units.
 *
 * @example Bybit's form: 1 BTC at 50,000, 10×, 0.055 %: 5,000 + 27.5 + 24.75
 */
export function computeOrderCost(input: OrderCostInput, qty: bigint): bigint {
  if (qty === 0n) return 0n;
  const { rules, contract, takerFee } = input;
  const value = computeValue(contract, rules.valueRounding, qty, input.price);
  const rate = computeInitialRate(contract, input.leverage, input.exposure);
  const init = divCeil(value * rate.num, rate.den);
  let cost = init;
  if (rules.openLossInOrderMargin) {
    const loss = profitSignOf(input) * (value - computeValue(contract, rules.valueRounding, qty, input.mark));
    if (loss > 0n) cost += loss;
  }
  if (takerFee.num > 0n && rules.feeReserve !== 'none') {
    cost += divCeil(value * takerFee.num, takerFee.den);
    cost += closingReserve(input, value, init, rate);
  }
  return cost;
}

/** Reserve for the closing fee, rounded up: in the BitMEX ledger of value and whole initial margin, else of the value at bankruptcy. */
function closingReserve(input: OrderCostInput, value: bigint, init: bigint, rate: Fraction): bigint {
  const { takerFee } = input;
  const share = closingShare(input, rate);
  if (share.num === 0n) return 0n;
  if (input.rules.feeReserve === 'ledger') return divCeil((value + init) * takerFee.num, takerFee.den);
  const closing = times(times({ num: value, den: 1n }, share), takerFee);
  return divCeil(closing.num, closing.den);
}

/** What an opening order costs, part by part, without any rounding. */
export interface OrderCostParts {
  readonly initialMargin: Fraction;
  readonly openLoss: Fraction;
  readonly feeToOpen: Fraction;
  readonly feeToClose: Fraction;
}

/**
 * The parts of an order's cost for a value at its price and at the mark; the fees are 0 where the venue reserves none.
 *
 * @example Bybit's form: 1 BTC at 10,000, 50×, 0.075 %: 200, 0, 7.5, 7.35
 */
export function computeOrderCostParts(input: OrderCostInput, value: Fraction, markValue: Fraction): OrderCostParts {
  const { rules, contract, takerFee } = input;
  const rate = computeInitialRate(contract, input.leverage, input.exposure);
  const loss = times({ num: profitSignOf(input), den: 1n }, plus(value, { num: -markValue.num, den: markValue.den }));
  const hasFees = takerFee.num > 0n && rules.feeReserve !== 'none';
  const feeToOpen = hasFees ? times(value, takerFee) : ZERO;
  return {
    initialMargin: times(value, rate),
    openLoss: rules.openLossInOrderMargin ? atLeastZero(loss) : ZERO,
    feeToOpen,
    feeToClose: hasFees ? times(feeToOpen, closingShare(input, rate)) : ZERO,
  };
}

/** Cost of one quantity unit without rounding: what a percent order divides its share by. */
export function computeUnitOrderCost(input: OrderCostInput): Fraction {
  const { rules, contract } = input;
  const value = computeUnitValue(contract, rules.valueRounding, input.price);
  const markValue = computeUnitValue(contract, rules.valueRounding, input.mark);
  const parts = computeOrderCostParts(input, value, markValue);
  return sumOf([parts.initialMargin, parts.openLoss, parts.feeToOpen, parts.feeToClose]);
}

/**
 * The largest quantity on the step whose unrounded cost is at most `share` of `available`; where the venue reserves no fee, the
 * opening one, taken at the fill, must still fit into all of it. With tiers the initial rate rises with the exposure that the
 * order itself makes, so the tiers are walked upward: within one the cost is proportional.
 *
 * @param input `exposure` is what the position holds before the order.
 * @param available settlement units, at least 0.
 * @example 0.5 of 0.4 XBT at 9,980.5, 10×, generic rules: 19,651 contracts
 */
export function computeAffordableQty(input: OrderCostInput, available: bigint, share: Fraction): bigint {
  const budget = { num: available * share.num, den: share.den };
  const qty = mostWithinBudget(input, budget, ZERO);
  const { rules, takerFee } = input;
  if (rules.feeReserve !== 'none' || takerFee.num <= 0n) return qty;
  const covered = mostWithinBudget(input, { num: available, den: 1n }, takerFee);
  return covered < qty ? covered : qty;
}

/** @param fee rate of the value that comes on top of the cost. */
function mostWithinBudget(input: OrderCostInput, budget: Fraction, fee: Fraction): bigint {
  const { contract } = input;
  if (budget.num <= 0n) return 0n;
  const held = typeof input.exposure === 'bigint' ? { value: input.exposure, qty: 0n } : input.exposure;
  const unitValue = computeUnitValue(contract, input.rules.valueRounding, input.price);
  for (let index = tierAt(contract, 'step', held).index, least = 0n; ; index += 1) {
    const { by, lower, upper, upperIncluded } = boundsOf(contract, index);
    // A value and a number of contracts that the tier holds, whichever of the two the table counts.
    const inside = upperIncluded && upper !== null ? upper : lower;
    const cost = computeUnitOrderCost({ ...input, exposure: { value: inside, qty: inside } });
    const unit = fee.num === 0n ? cost : plus(cost, times(unitValue, fee));
    const affordable = onStep(contract, quotient(budget, unit));
    if (upper === null) return affordable > least ? affordable : least;
    const most = upperIncluded ? upper : upper - 1n;
    const within = onStep(contract, by === 'qty' ? most - held.qty : mostWithin(room(most, held.value), unitValue));
    if (affordable <= within) return affordable > least ? affordable : least;
    least = within;
  }
}

/** Whole units between an exposure and a bound. */
function room(bound: bigint, value: bigint | Fraction): bigint {
  return typeof value === 'bigint' ? bound - value : divFloor(bound * value.den - value.num, value.den);
}

/** The largest quantity whose value, rounded to whole units, is at most `value`: q·v < value + ½. */
function mostWithin(value: bigint, unitValue: Fraction): bigint {
  return value < 0n ? 0n : ((2n * value + 1n) * unitValue.den - 1n) / (2n * unitValue.num);
}

function quotient(a: Fraction, b: Fraction): bigint {
  return b.num <= 0n ? 0n : (a.num * b.den) / (a.den * b.num);
}

function onStep(contract: Contract, qty: bigint): bigint {
  return qty - (qty % contract.qtyStep);
}
