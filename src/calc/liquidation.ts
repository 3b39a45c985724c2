/**
 * Liquidation and bankruptcy prices of a request, exact. Chooses the model (which basis, which closing fee) by the request's
 * own words, then by what stands behind the position, then by the venue; the equations are account/liquidationValue.ts.
 */

import {
  computeRequirement,
  type EquityTerms,
  type HedgeLeg,
  solveBrackets,
  solveFixedRequirement,
  solveHedge,
  solveProportionalRequirement,
} from '../account/liquidationValue.js';
import { bracketOf, computeBracketMaintenance, type MarginBracket } from '../contract/marginBrackets.js';
import type { Fraction } from '../money/decimal.js';
import { minus, ONE, over, plus, times, ZERO } from '../money/fractions.js';
import { divCeil, divFloor, divHalfAway } from '../money/rounding.js';
import { type Collateral, isHedgeOf, readOther, requireCollateral } from './collateral.js';
import type { Inputs } from './inputs.js';
import type { ResultRecord } from './outputs.js';
import { type CalcPosition, findBrackets } from './position.js';

/** How a request is solved. */
interface Model {
  readonly basis: 'entry' | 'mark';
  /** Closing fee rate that is charged on the basis. */
  readonly fee: Fraction;
  /** Closing fee at the bankruptcy price, as a rate; 0 where the venue does not count it so. */
  readonly bankruptcyFee: Fraction;
}

/** The basis of maintenance: the request's word, then what stands behind the position, then the venue. */
export function basisOf(position: CalcPosition, collateral: Collateral | null): 'entry' | 'mark' {
  const { inputs, rules } = position;
  const word = inputs.word('liq_model') ?? inputs.word('maintenance_base') ?? inputs.word('mm_base');
  if (word !== null) return word === 'entry' ? 'entry' : 'mark';
  if (collateral === null || collateral.source === 'wallet') return rules.maintenanceBasis;
  return collateral.source === 'margin' ? 'entry' : 'mark';
}

function modelOf(position: CalcPosition, collateral: Collateral): Model {
  const { inputs, rules, mode } = position;
  const basis = basisOf(position, collateral);
  const given = inputs.find('close_fee_rate');
  const taker = inputs.find('taker_fee_rate') ?? ZERO;
  const rule = mode === 'cross' ? rules.crossFee : rules.isolatedFee;
  const isOwnEntry = collateral.source === 'margin' && basis === 'entry';
  const counts = given === null && !isOwnEntry;
  return {
    basis,
    fee: given ?? (counts && rule === 'basis' ? taker : ZERO),
    bankruptcyFee: counts && rule === 'bankruptcy' ? taker : ZERO,
  };
}

/** `liquidation_price` and `bankruptcy_price`, and both on the tick where the request has one. */
export function computeLiquidation(position: CalcPosition, needsRate = true): ResultRecord {
  const { inputs } = position;
  const collateral = requireCollateral(position);
  const brackets = findBrackets(inputs, position.rules);
  if (brackets === null && needsRate && !inputs.has('pos_maint')) inputs.miss('maintenance_margin_rate');
  const bankruptcy = computeBankruptcy(position, collateral);
  const prices: Record<string, Fraction | null> = {};
  if (brackets !== null || inputs.has('pos_maint')) {
    prices['liquidation_price'] = solve(position, collateral, brackets ?? [], bankruptcy);
  }
  prices['bankruptcy_price'] = bankruptcy;
  if (!inputs.has('tick_size')) return prices;
  const rounded: [string, Fraction | null][] = Object.entries(prices).map(([name, price]) => [
    `${name}_rounded`,
    price === null ? null : roundPrice(position, price),
  ]);
  return { ...prices, ...Object.fromEntries(rounded) };
}

function termsOf(position: CalcPosition, collateral: Fraction): EquityTerms {
  return { sign: position.sign, cost: position.cost, collateral };
}

function computeBankruptcy(position: CalcPosition, collateral: Collateral): Fraction | null {
  const { bankruptcyFee } = modelOf(position, collateral);
  if (hedgesOf(position).length > 0) {
    const legs = legsOf(position, null, bankruptcyFee).map((leg) => ({ ...leg, deduction: ZERO, rate: bankruptcyFee }));
    return priceOfOne(position, solveHedge(legs, collateral.amount));
  }
  const terms = termsOf(position, collateral.amount);
  const value =
    bankruptcyFee.num > 0n ? solveProportionalRequirement(terms, bankruptcyFee) : solveFixedRequirement(terms, ZERO);
  return value === null ? null : position.instrument.priceOf(position.qty, value);
}

function solve(
  position: CalcPosition,
  collateral: Collateral,
  brackets: readonly MarginBracket[],
  bankruptcy: Fraction | null,
): Fraction | null {
  const { inputs, instrument, qty, cost } = position;
  const { basis, fee, bankruptcyFee } = modelOf(position, collateral);
  const closePrice = inputs.find('bankruptcy_price_used') ?? bankruptcy;
  const closeFee = closePrice === null ? ZERO : times(bankruptcyFee, instrument.value(qty, closePrice));
  const fixed = inputs.find('pos_maint');
  if (basis === 'entry') {
    // The commission reserve is in the margin and in the requirement; only a requirement that was given may differ.
    const whole = fixed === null ? collateral.amount : plus(collateral.amount, collateral.commission);
    const charged = fixed ?? plus(computeBracketMaintenance(brackets, cost), plus(times(fee, cost), closeFee));
    const value = solveFixedRequirement(termsOf(position, whole), charged);
    return value === null ? null : instrument.priceOf(qty, value);
  }
  const whole = minus(plus(collateral.amount, collateral.commission), closeFee);
  if (hedgesOf(position).length > 0) {
    const legs = legsOf(position, bracketOf(brackets, position.markValue ?? cost), fee);
    const charged =
      position.rules.hedgeMaintenance === 'larger' && position.mode === 'cross' ? chargeLarger(legs) : legs;
    return priceOfOne(position, solveHedge(charged, whole));
  }
  const value = solveBrackets(termsOf(position, whole), brackets, fee, position.markValue ?? cost);
  return value === null ? null : instrument.priceOf(qty, value);
}

function hedgesOf(position: CalcPosition): readonly Inputs[] {
  return position.inputs.rows('other_positions').filter((other) => isHedgeOf(position, other));
}

/** Long and short of one symbol, which one price moves. `bracket` is the position's own; null where no rate is asked. */
function legsOf(position: CalcPosition, bracket: MarginBracket | null, fee: Fraction): HedgeLeg[] {
  const { sign, qty, cost } = position;
  const rate = plus(bracket?.maintenance ?? ZERO, fee);
  const own: HedgeLeg = { sign, qty, cost, rate, deduction: bracket?.deduction ?? ZERO };
  const others = hedgesOf(position).map((other): HedgeLeg => {
    const leg = readOther(position, other);
    const otherRate = bracket === null ? ZERO : other.require('maintenance_margin_rate');
    const deduction = other.find('maintenance_amount') ?? ZERO;
    return { sign: leg.sign, qty: other.require('qty'), cost: leg.cost, rate: plus(otherRate, fee), deduction };
  });
  return [own, ...others];
}

/** The price at which one contract has a value. */
function priceOfOne(position: CalcPosition, value: Fraction | null): Fraction | null {
  return value === null ? null : position.instrument.priceOf(ONE, value);
}

function chargeLarger(legs: readonly HedgeLeg[]): HedgeLeg[] {
  const isLarger = (a: HedgeLeg, b: HedgeLeg): boolean => minus(a.qty, b.qty).num > 0n;
  const largest = legs.reduce((best, leg) => (isLarger(leg, best) ? leg : best));
  return legs.map((leg) => (leg === largest ? leg : { ...leg, rate: ZERO, deduction: ZERO }));
}

/** A price on the tick: toward the entry, up for a long and down for a short, unless the request names a direction. */
export function roundPrice(position: CalcPosition, price: Fraction): Fraction {
  const tick = position.inputs.require('tick_size');
  const word = position.inputs.word('rounding');
  const ticks = over(price, tick);
  const isNearest = word === 'nearest';
  const isUp = word === 'ceil' || (word !== 'floor' && position.side > 0n);
  const round = isNearest ? divHalfAway : isUp ? divCeil : divFloor;
  return times({ num: round(ticks.num, ticks.den), den: 1n }, tick);
}

/** Maintenance margin on the basis of the request; null where no rate is known, or no mark for that basis. */
export function computeMaintenance(position: CalcPosition, basis: 'entry' | 'mark'): Fraction | null {
  const brackets = findBrackets(position.inputs, position.rules);
  const value = basis === 'entry' ? position.cost : position.markValue;
  if (brackets === null || value === null) return null;
  const { maintenance, deduction } = bracketOf(brackets, value);
  return computeRequirement(value, maintenance, deduction);
}
