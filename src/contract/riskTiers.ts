/**
 * Which margin rates hold at an exposure. Flat contracts have one pair of rates; risk steps raise both by the base
 * maintenance rate per step (BitMEX), and the upper bound of a step still belongs to it; in a venue's table a tier begins at
 * its floor. Whether a table is read by slices or whole is the venue's choice, and is passed in; nothing here rounds.
 */

import { compareFractions, type Fraction } from '../money/decimal.js';
import { ZERO } from '../money/fractions.js';
import { divCeil } from '../money/rounding.js';
import type { Contract } from './contract.js';

/** `marginal` charges each slice at its own rate; `step` and `flat` charge the whole position at the rate it reaches. */
export type TierModel = 'flat' | 'step' | 'marginal';

/** What a tier is looked up by: the contract's table decides which of the two counts. */
export interface Exposure {
  /** Settlement units, not negative, not rounded. */
  readonly value: Fraction | bigint;
  /** Quantity units, unsigned. */
  readonly qty: bigint;
}

export interface Tier {
  /** 0 for the first tier, or for exposures up to the base of risk steps. */
  readonly index: number;
  readonly initial: Fraction;
  readonly maintenance: Fraction;
  /** c in maintenance margin = rate·value − c, in settlement units; 0 unless slices are charged at their own rates. */
  readonly deduction: Fraction;
}

/** From where to where a tier holds. */
export interface TierBounds {
  /** What the bounds count: settlement units of value, or quantity units. */
  readonly by: 'value' | 'qty';
  readonly lower: bigint;
  /** Null where nothing lies above. */
  readonly upper: bigint | null;
  /** True in risk steps: `upper` belongs to this tier, `lower` to the one below. In tables it is the other way round. */
  readonly upperIncluded: boolean;
}

/**
 * The tier of an exposure; an exposure above the last tier's end is in the last tier.
 *
 * @example XBTUSD, base 200, step 100: 230 XBT is in tier 1, maintenance 1.0 %, initial 1.5 %
 */
export function tierAt(contract: Contract, model: TierModel, exposure: Exposure): Tier {
  return tierOfIndex(contract, model, tierIndexAt(contract, exposure));
}

/** The tier of a number counted from 0; beyond the last of a table, the last. */
export function tierOfIndex(contract: Contract, model: TierModel, index: number): Tier {
  const table = contract.tiers;
  if (table === null) {
    const { initial, maintenance } = tierRatesOfStep(contract, contract.riskSteps === null ? 0n : BigInt(index));
    return { index: contract.riskSteps === null ? 0 : index, initial, maintenance, deduction: ZERO };
  }
  const last = Math.min(index, table.tiers.length - 1);
  const { initial, maintenance, deduction } = table.tiers[last]!;
  return { index: last, initial, maintenance, deduction: model === 'marginal' ? deduction : ZERO };
}

/** Number of tiers: 1 for a flat contract, null for risk steps, which have no end. */
export function tierCountOf(contract: Contract): number | null {
  if (contract.tiers !== null) return contract.tiers.tiers.length;
  return contract.riskSteps === null ? 1 : null;
}

/** Where the tier of a number begins and ends. The last one of a table has no upper bound: its end refuses orders only. */
export function boundsOf(contract: Contract, index: number): TierBounds {
  const { tiers: table, riskSteps: steps } = contract;
  if (table !== null) {
    const last = Math.min(index, table.tiers.length - 1);
    const upper = table.tiers[last + 1]?.floor ?? null;
    return { by: table.by, lower: table.tiers[last]!.floor, upper, upperIncluded: false };
  }
  if (steps === null) return { by: 'value', lower: 0n, upper: null, upperIncluded: true };
  const upper = steps.base + BigInt(index) * steps.step;
  return { by: 'value', lower: index === 0 ? 0n : upper - steps.step, upper, upperIncluded: true };
}

/** Whether an exposure is beyond the table's end, where orders are refused; flat contracts and risk steps have none. */
export function isBeyondLimit(contract: Contract, exposure: Exposure): boolean {
  const table = contract.tiers;
  if (table === null || table.limit === null) return false;
  return compareFractions(amountOf(table.by, exposure), { num: table.limit, den: 1n }) > 0;
}

function tierIndexAt(contract: Contract, exposure: Exposure): number {
  const table = contract.tiers;
  if (table === null) {
    if (contract.riskSteps === null) return 0;
    const { num, den } = amountOf('value', exposure);
    return Number(riskStepOf(contract, divCeil(num, den)));
  }
  const amount = amountOf(table.by, exposure);
  const index = table.tiers.findLastIndex(({ floor }) => amount.num >= floor * amount.den);
  return Math.max(0, index);
}

function amountOf(by: 'value' | 'qty', { value, qty }: Exposure): Fraction {
  const amount = by === 'qty' ? qty : value;
  return typeof amount === 'bigint' ? { num: amount, den: 1n } : amount;
}

export interface TierRates {
  /** Steps above the base, 0 at or below it. */
  readonly step: bigint;
  readonly initial: Fraction;
  readonly maintenance: Fraction;
}

/** Steps above the base: k = max(0, ceil((X − base) / step)). Tables of tiers are not steps; see tierAt. */
export function riskStepOf(contract: Contract, exposure: bigint): bigint {
  const steps = contract.riskSteps;
  if (steps === null || exposure <= steps.base) return 0n;
  return divCeil(exposure - steps.base, steps.step);
}

/**
 * Rates of risk steps at an exposure in settlement units: m = m0·(1 + k), im = im0 + k·m0.
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
