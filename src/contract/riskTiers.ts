/**
 * Which margin rates hold at an exposure. Flat contracts have one pair of rates; risk steps raise both by the base
 * maintenance rate per step, for the whole position (BitMEX). The upper bound of a step still belongs to it.
 */

import type { Fraction } from '../money/decimal.js';
import { divCeil } from '../money/rounding.js';
import type { Contract } from './contract.js';

export interface TierRates {
  /** Steps above the base, 0 at or below it. */
  readonly step: bigint;
  readonly initial: Fraction;
  readonly maintenance: Fraction;
}

/** Steps above the base: k = max(0, ceil((X − base) / step)). */
export function riskStepOf(contract: Contract, exposure: bigint): bigint {
  const steps = contract.riskSteps;
  if (steps === null || exposure <= steps.base) return 0n;
  return divCeil(exposure - steps.base, steps.step);
}

/**
 * Rates at an exposure in settlement units: m = m0·(1 + k), im = im0 + k·m0.
 *
 * @example XBTUSD, base 200, step 100: 230 XBT has maintenance 1.0 %, initial 1.5 %
 */
export function tierRatesAt(contract: Contract, exposure: bigint): TierRates {
  return tierRatesOfStep(contract, riskStepOf(contract, exposure));
}

/** Rates of a step counted from the base. */
export function tierRatesOfStep(contract: Contract, step: bigint): TierRates {
  const { initialMargin: im, maintenanceMargin: mm } = contract;
  if (step === 0n) return { step, initial: im, maintenance: mm };
  return {
    step,
    initial: { num: im.num * mm.den + step * mm.num * im.den, den: im.den * mm.den },
    maintenance: { num: mm.num * (step + 1n), den: mm.den },
  };
}
