/**
 * The maintenance that a position requires, exact: rate and deduction of its tier on the basis of the venue, and the closing
 * fee where the venue counts one. While the exposure stays within a tier it is a line in the position's value, which is what
 * the walk to a liquidation price needs. Rounding is the caller's; in the BitMEX ledger alone the amount is a whole number.
 */

import { computeExactValue } from '../contract/payoff.js';
import { type Tier, tierAt } from '../contract/riskTiers.js';
import type { Fraction } from '../money/decimal.js';
import { atLeastZero, integer, minus, negate, ONE, over, plus, times, ZERO } from '../money/fractions.js';
import { divCeil } from '../money/rounding.js';
import type { VenueRules } from '../venue/rules.js';
import { absolute, cannotLoseAll, exposureOf, type Position, profitSign } from './position.js';

/** A position with what its requirement depends on besides itself. */
export interface RequirementInput {
  readonly rules: VenueRules;
  readonly position: Position;
  /** B: isolated margin A, or the cross wallet, in settlement units. */
  readonly collateral: bigint;
  /** A rebate, below 0, does not lower what is required. */
  readonly takerFee: Fraction;
}

/** Requirement within one tier: max(0, rate·V + constant), V the unrounded value at the mark. */
export interface RequirementLine {
  readonly rate: Fraction;
  readonly constant: Fraction;
}

/** Whether the requirement moves with the mark: on the mark's value, and not in the BitMEX ledger. */
export function isOnMark(rules: VenueRules): boolean {
  return rules.maintenanceBasis === 'mark' && rules.liquidationRule !== 'bitmex_ledger';
}

/** The tier that a position's requirement is read from: by its value at the mark, unrounded, or by its entry. */
export function computeRequirementTier(rules: VenueRules, position: Position, mark: Fraction): Tier {
  const entry = exposureOf(position);
  const value = isOnMark(rules) ? computeExactValue(position.contract, entry.qty, mark) : entry.value;
  return tierAt(position.contract, rules.tierModel, { value, qty: entry.qty });
}

/** The requirement while the position is in a tier. */
export function computeRequirementLine(input: RequirementInput, tier: Tier): RequirementLine {
  const { rules, position, collateral } = input;
  if (rules.liquidationRule === 'bitmex_ledger') {
    const { num, den } = tier.maintenance;
    const amount = cannotLoseAll(position, collateral) ? 0n : divCeil(position.cost * num, den);
    return { rate: ZERO, constant: integer(amount) };
  }
  const fee = position.mode === 'isolated' ? rules.isolatedFee : rules.crossFee;
  const rate = fee === 'basis' ? plus(tier.maintenance, atLeastZero(input.takerFee)) : tier.maintenance;
  const fixed = minus(fee === 'bankruptcy' ? computeBankruptcyFee(input) : ZERO, tier.deduction);
  return isOnMark(rules)
    ? { rate, constant: fixed }
    : { rate: ZERO, constant: plus(times(rate, integer(position.cost)), fixed) };
}

/** Closing fee at the price that leaves nothing of the collateral once it is paid: f·V, V = (C − s·σ·B) / (1 − s·σ·f). */
function computeBankruptcyFee({ position, collateral, takerFee }: RequirementInput): Fraction {
  const fee = atLeastZero(takerFee);
  const sign = integer(profitSign(position));
  const share = minus(ONE, times(sign, fee));
  if (share.num <= 0n) return ZERO;
  const value = over(plus(integer(position.cost), times(negate(sign), integer(collateral))), share);
  return times(atLeastZero(value), fee);
}

/** What a line requires at a value; never below 0. */
export function computeLineRequirement(line: RequirementLine, value: Fraction): Fraction {
  return atLeastZero(plus(times(line.rate, value), line.constant));
}

/** Maintenance margin of a position at a mark, without any rounding. */
export function computeExactRequirement(input: RequirementInput, mark: Fraction): Fraction {
  const { rules, position } = input;
  if (position.qty === 0n) return ZERO;
  const line = computeRequirementLine(input, computeRequirementTier(rules, position, mark));
  return computeLineRequirement(line, computeExactValue(position.contract, absolute(position.qty), mark));
}
