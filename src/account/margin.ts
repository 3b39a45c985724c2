/**
 * The one place that computes margin of a position: initial margin, commission reserve, maintenance margin, unrealised profit.
 * Pure functions of an account's numbers and a mark; nothing is booked here. The rules are those of docs/settlement.md.
 * Reserves and requirements round up; fees round half away from zero. What follows for a wallet is balances.ts.
 */

import type { Contract } from '../contract/contract.js';
import { computeValue } from '../contract/payoff.js';
import { type Exposure, tierAt } from '../contract/riskTiers.js';
import { invariant } from '../errors.js';
import { compareFractions, type Fraction } from '../money/decimal.js';
import { integer, ONE, over, times, ZERO } from '../money/fractions.js';
import { divCeil, divFloor, divHalfAway } from '../money/rounding.js';
import type { VenueRules } from '../venue/rules.js';
import { absolute, cannotLoseAll, exposureOf, type Position, profitSign } from './position.js';
import { computeExactRequirement, computeRequirementTier } from './requirement.js';

/** A tier's exposure; a plain number is one of value, which is enough where no table counts contracts. */
export type TierExposure = bigint | Exposure;

function tierInitialRate(contract: Contract, exposure: TierExposure): Fraction {
  if (typeof exposure !== 'bigint') return tierAt(contract, 'step', exposure).initial;
  invariant(contract.tiers?.by !== 'qty', () => `${contract.symbol} has tiers by contracts`);
  return tierAt(contract, 'step', { value: exposure, qty: 0n }).initial;
}

/**
 * Initial margin rate at a leverage: 1/L, at least the tier's own rate; the tier's rate where L is 0.
 */
export function computeInitialRate(contract: Contract, leverage: Fraction, exposure: TierExposure): Fraction {
  const tier = tierInitialRate(contract, exposure);
  if (leverage.num === 0n) return tier;
  const own = { num: leverage.den, den: leverage.num };
  return compareFractions(own, tier) >= 0 ? own : tier;
}

/** Whether the leverage is above what the tier of the exposure allows. */
export function isLeverageAboveTier(contract: Contract, leverage: Fraction, exposure: TierExposure): boolean {
  if (leverage.num === 0n) return false;
  return compareFractions({ num: leverage.den, den: leverage.num }, tierInitialRate(contract, exposure)) < 0;
}

/** Initial margin of a value, rounded up: ceil(V·rate). */
export function computeInitialMargin(
  contract: Contract,
  leverage: Fraction,
  value: bigint,
  exposure: TierExposure = value,
): bigint {
  const rate = computeInitialRate(contract, leverage, exposure);
  return divCeil(value * rate.num, rate.den);
}

/** Initial margin of a position at its entry value, rounded up: ceil(C·rate). */
export function computePositionInitial(position: Position): bigint {
  return computeInitialMargin(position.contract, position.leverage, position.cost, exposureOf(position));
}

/** Initial margin that a cross position withholds: at entry, or of its rounded value at the mark, as the venue has it. */
export function computeCrossInitial(rules: VenueRules, position: Position, mark: Fraction): bigint {
  return rules.crossInitialBasis === 'entry' ? computePositionInitial(position) : initialAtMark(rules, position, mark);
}

/** Initial margin that must stay when margin is taken out of an isolated position, on the venue's basis. */
export function computeIsolatedInitial(rules: VenueRules, position: Position, mark: Fraction): bigint {
  return rules.isolatedInitialBasis === 'entry'
    ? computePositionInitial(position)
    : initialAtMark(rules, position, mark);
}

function initialAtMark(rules: VenueRules, position: Position, mark: Fraction): bigint {
  const { contract, leverage } = position;
  const qty = absolute(position.qty);
  const value = computeValue(contract, rules.valueRounding, qty, mark);
  return computeInitialMargin(contract, leverage, value, { value, qty });
}

/** Initial margin of a value without rounding: V·rate/L. Venues with a rate beside the leverage charge the product. */
export function computeExactInitialMargin(value: Fraction, leverage: Fraction, rate: Fraction = ONE): Fraction {
  return over(times(value, rate), leverage);
}

/**
 * Margin an opening fill adds to an isolated position: ceil(V/L) of the fill; in the BitMEX ledger the growth of ceil(C/L).
 *
 * @param value rounded value of the fill.
 * @param qty its contracts, unsigned.
 */
export function computeAddedInitialMargin(rules: VenueRules, position: Position, value: bigint, qty: bigint): bigint {
  const { contract, leverage, cost } = position;
  const after = { value: cost + value, qty: absolute(position.qty) + qty };
  if (rules.liquidationRule !== 'bitmex_ledger') return computeInitialMargin(contract, leverage, value, after);
  const was = cost === 0n ? 0n : computePositionInitial(position);
  return computeInitialMargin(contract, leverage, after.value, after) - was;
}

/** Margin that closing `qty` of an isolated position releases: floor(A·k/q), all of it for the whole. */
export function computeReleasedMargin(position: Position, qty: bigint): bigint {
  const held = absolute(position.qty);
  return qty === held ? position.margin : divFloor(position.margin * qty, held);
}

/**
 * Commission reserve of the BitMEX ledger, part of the position margin and not available: ceil(f·(cost + init + added)); 0
 * elsewhere. An inverse short whose margin covers its whole cost cannot lose it all, and reserves nothing.
 */
export function computeCommissionReserve(rules: VenueRules, position: Position, takerFee: Fraction): bigint {
  if (rules.liquidationRule !== 'bitmex_ledger' || position.qty === 0n) return 0n;
  const init = computePositionInitial(position);
  if (cannotLoseAll(position, position.mode === 'isolated' ? position.margin : init)) return 0n;
  return computeReserve(position.cost, init + position.added, takerFee);
}

/**
 * Estimated fee of closing at the price at which the initial margin is lost, rounded up: f·V·(1 − s·σ/L).
 *
 * @example V_E = 1 long inverse at 10×, 0.075 %: 0.000825
 */
export function computeClosingFee(position: Position, takerFee: Fraction, init: bigint): bigint {
  const value = position.cost - profitSign(position) * init;
  return value > 0n && takerFee.num > 0n ? divCeil(value * takerFee.num, takerFee.den) : 0n;
}

function computeReserve(cost: bigint, margin: bigint, takerFee: Fraction): bigint {
  if (takerFee.num <= 0n) return 0n;
  return divCeil((cost + margin) * takerFee.num, takerFee.den);
}

/** Fee of a fill, plus when paid: rate·V to the nearest unit. */
export function computeFee(value: bigint, rate: Fraction): bigint {
  const fee = computeExactFee(integer(value), rate);
  return divHalfAway(fee.num, fee.den);
}

/** Fee of a value without rounding, plus when paid. */
export function computeExactFee(value: Fraction, rate: Fraction): Fraction {
  return times(value, rate);
}

/** Unrealised profit in whole units as tables show it: s·σ·(V(P) − C), V rounded as the venue rounds values. */
export function computeUnrealizedPnl(rules: VenueRules, position: Position, mark: Fraction): bigint {
  if (position.qty === 0n) return 0n;
  const value = computeValue(position.contract, rules.valueRounding, absolute(position.qty), mark);
  return profitSign(position) * (value - position.cost);
}

/** Maintenance margin rate of a position: of its tier by entry or at the mark, as the venue's basis is; without any fee. */
export function computeMaintenanceRate(rules: VenueRules, position: Position, mark: Fraction): Fraction {
  return computeRequirementTier(rules, position, mark).maintenance;
}

/** Maintenance margin in whole units, rounded up; in the BitMEX ledger 0 for an inverse short that cannot lose all. */
export function computeMaintenanceMargin(
  rules: VenueRules,
  position: Position,
  collateral: bigint,
  mark: Fraction,
  takerFee: Fraction = ZERO,
): bigint {
  const { num, den } = computeExactRequirement({ rules, position, collateral, takerFee }, mark);
  return divCeil(num, den);
}
