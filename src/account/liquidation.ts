/**
 * When a position is liquidated and at which price it is taken over. The liquidation price is where equity meets the
 * maintenance margin, solved in the position's value, which makes one formula of all contract types; the BitMEX ledger has
 * its own integer form. Pure: booking the take-over is account.ts, finding the moment on a path is the engine's.
 */

import type { Contract } from '../contract/contract.js';
import { computeExactValue, priceOfValue } from '../contract/payoff.js';
import { riskStepOf, tierRatesAt, tierRatesOfStep } from '../contract/riskTiers.js';
import { compareFractions, type Fraction } from '../money/decimal.js';
import { integer } from '../money/fractions.js';
import { divCeil, divFloor } from '../money/rounding.js';
import type { VenueRules } from '../venue/rules.js';
import { solveFixedRequirement, solveProportionalRequirement } from './liquidationValue.js';
import { cannotLoseAll, computeUnrealizedPnl } from './margin.js';
import { absolute, computeExactProfit, type Position, profitSign } from './position.js';

/**
 * The mark at which a position is liquidated, exact; null where no price reaches the condition. A long is liquidated at or
 * below it, a short at or above it.
 *
 * @param collateral B: the isolated margin, or the cross wallet; settlement units.
 * @param mark with risk steps at the mark, the walk through the steps begins at the step of this price.
 * @example inverse long 10,000 at 10,000, B = 0.1 XBT, m = 0.5 %, mark basis: 100500/11
 */
export function computeLiquidationPrice(
  rules: VenueRules,
  position: Position,
  collateral: bigint,
  mark: Fraction,
): Fraction | null {
  if (position.qty === 0n) return null;
  if (rules.liquidationRule === 'bitmex_ledger') return computeLedgerPrice(rules, position, collateral);
  const value =
    rules.maintenanceBasis === 'entry'
      ? entryThreshold(position, collateral)
      : markThreshold(position, collateral, mark);
  return value === null ? null : priceOfValue(position.contract, absolute(position.qty), value);
}

/**
 * The mark at which a position is liquidated although the price moves for it: with risk steps at the mark, a value that grows
 * into a higher step needs more maintenance at once. Null without such steps, or where growth means loss.
 */
export function computeStepLiquidationPrice(
  rules: VenueRules,
  position: Position,
  collateral: bigint,
  mark: Fraction,
): Fraction | null {
  const { contract, cost } = position;
  const { riskSteps } = contract;
  if (position.qty === 0n || riskSteps === null || rules.maintenanceBasis !== 'mark') return null;
  if (profitSign(position) < 0n) return null;
  const now = computeExactValue(contract, absolute(position.qty), mark);
  // The rates grow without end, so a step that no equity covers is met at last.
  for (let step = riskStepOf(contract, divCeil(now.num, now.den)); ; step += 1n) {
    const bound = riskSteps.base + step * riskSteps.step;
    const next = tierRatesOfStep(contract, step + 1n).maintenance;
    if ((collateral + bound - cost) * next.den <= bound * next.num) {
      return priceOfValue(contract, absolute(position.qty), { num: bound, den: 1n });
    }
  }
}

/** Whether the position is liquidated at this mark: equity ≤ maintenance margin, inclusive, without any rounding. */
export function isLiquidatable(rules: VenueRules, position: Position, collateral: bigint, mark: Fraction): boolean {
  if (position.qty === 0n) return false;
  const { contract, cost } = position;
  if (rules.liquidationRule === 'bitmex_ledger') {
    const price = computeLedgerPrice(rules, position, collateral);
    // Without a price the loss allowed is either out of reach, or exceeded at every price.
    if (price === null) return profitSign(position) < 0n && !cannotLoseAll(position, collateral);
    const side = compareFractions(mark, price);
    return position.qty > 0n ? side <= 0 : side >= 0;
  }
  const value = computeExactValue(contract, absolute(position.qty), mark);
  const equity = collateral * value.den + profitSign(position) * (value.num - cost * value.den);
  if (rules.maintenanceBasis === 'entry') {
    const m = tierRatesAt(contract, cost).maintenance;
    return equity * m.den <= cost * m.num * value.den;
  }
  const m = tierRatesAt(contract, divCeil(value.num, value.den)).maintenance;
  return equity * m.den <= value.num * m.num;
}

/** Value at which B + s·σ·(V − C) = m·C. */
function entryThreshold(position: Position, collateral: bigint): Fraction | null {
  const { contract, cost } = position;
  const m = tierRatesAt(contract, cost).maintenance;
  const terms = { sign: profitSign(position), cost: integer(cost), collateral: integer(collateral) };
  return solveFixedRequirement(terms, { num: cost * m.num, den: m.den });
}

/**
 * Value at which B + s·σ·(V − C) = m(V)·V, the first met in the adverse direction. With risk steps m jumps: where a root
 * lies beyond its step, the next step is tried, and where the condition already holds just beyond a boundary, the boundary is it.
 */
function markThreshold(position: Position, collateral: bigint, mark: Fraction): Fraction | null {
  const { contract, cost } = position;
  const sign = profitSign(position);
  const terms = { sign, cost: integer(cost), collateral: integer(collateral) };
  const now = computeExactValue(contract, absolute(position.qty), mark);
  let step = riskStepOf(contract, divCeil(now.num, now.den));
  for (;;) {
    const m = tierRatesOfStep(contract, step).maintenance;
    if (sign > 0n && m.num >= m.den) return null;
    const value = solveProportionalRequirement(terms, m);
    if (contract.riskSteps === null) return value;
    const { base, step: width } = contract.riskSteps;
    if (sign > 0n) {
      const floor = base + (step - 1n) * width;
      if (step === 0n || (value !== null && value.num > floor * value.den)) return value;
      step -= 1n;
    } else {
      const ceiling = base + step * width;
      // Where a rising value is a loss the requirement is met at the latest when the collateral is lost.
      if (value === null || value.num <= ceiling * value.den) return value;
      const next = tierRatesOfStep(contract, step + 1n).maintenance;
      if ((cost + collateral) * next.den <= ceiling * (next.den + next.num)) return { num: ceiling, den: 1n };
      step += 1n;
    }
  }
}

/**
 * Liquidation price of the BitMEX integer ledger: the loss allowed is collateral − ceil(m·cost), the commission cancels; the
 * value of one lot at that loss goes to a whole unit, the price to the tick, both toward the entry.
 *
 * @example 500 XBTUSD short at 6,725, 25×: 6,968.5
 */
function computeLedgerPrice(rules: VenueRules, position: Position, collateral: bigint): Fraction | null {
  if (cannotLoseAll(position, collateral)) return null;
  const m = tierRatesAt(position.contract, position.cost).maintenance;
  const allowed = collateral - divCeil(position.cost * m.num, m.den);
  return computePriceAtLoss(rules, position, allowed);
}

/**
 * The tick price at which the position has lost `loss` units, by the ledger's rounding toward the entry; null when there is none.
 */
function computePriceAtLoss(rules: VenueRules, position: Position, loss: bigint): Fraction | null {
  const { contract, cost } = position;
  const held = absolute(position.qty);
  const value = cost - profitSign(position) * loss;
  if (value < 0n || (value === 0n && contract.type === 'inverse')) return null;
  if (rules.liquidationRule !== 'bitmex_ledger' || contract.type !== 'inverse') {
    return roundToTickTowardEntry(position, priceOfValue(contract, held, { num: value, den: 1n }));
  }
  const lot = contract.minQty;
  const isLong = position.qty > 0n;
  const lotValue = isLong ? divFloor(value * lot, held) : divCeil(value * lot, held);
  if (lotValue <= 0n) return null;
  return roundToTickTowardEntry(position, priceOfValue(contract, lot, { num: lotValue, den: 1n }));
}

/**
 * Price at which the collateral is gone, without a closing fee, rounded to the tick toward the entry; null when no price is.
 */
export function computeBankruptcyPrice(rules: VenueRules, position: Position, collateral: bigint): Fraction | null {
  if (position.qty === 0n || cannotLoseAll(position, collateral)) return null;
  return computePriceAtLoss(rules, position, collateral);
}

/**
 * Whether the mark lies beyond the point at which the collateral is gone: collateral + U < 0, unrounded and as it would be
 * booked. Where only the rounding of values parts the two, nothing is beyond: an insurance bill is never a charge.
 */
export function isBeyondBankruptcy(rules: VenueRules, position: Position, collateral: bigint, mark: Fraction): boolean {
  const profit = computeExactProfit(position, mark);
  return collateral * profit.den + profit.num < 0n && collateral + computeUnrealizedPnl(rules, position, mark) <= 0n;
}

/** Rounds a price to the tick on the safe side: up for a long, down for a short. */
export function roundToTickTowardEntry(position: Position, price: Fraction | null): Fraction | null {
  if (price === null) return null;
  return roundToTick(position.contract, price, position.qty > 0n ? 'ceil' : 'floor');
}

/** A price as a whole number of ticks, rounded in the direction named. */
export function roundToTick(contract: Contract, price: Fraction, rounding: 'ceil' | 'floor' | 'nearest'): Fraction {
  const { tick } = contract;
  const num = price.num * tick.den;
  const den = price.den * tick.num;
  const ticks =
    rounding === 'ceil'
      ? divCeil(num, den)
      : rounding === 'floor'
        ? divFloor(num, den)
        : divFloor(2n * num + den, 2n * den);
  return { num: ticks * tick.num, den: tick.den };
}
