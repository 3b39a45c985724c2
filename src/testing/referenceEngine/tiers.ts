/**
 * Which margin rates hold at an exposure: flat, BitMEX risk steps whose upper bound still belongs to the step, or a table whose
 * floors belong to the tier above (settlement text §3.3).
 */

import {
  add,
  ceil,
  compare,
  maxNum,
  multiply,
  type Num,
  num,
  ONE,
  type Ratio,
  ratio,
  ratioOf,
  scale,
  ZERO,
  ZERO_RATIO,
} from './numbers.js';
import type { Terms } from './terms.js';

/** How much is held: its value, not rounded or rounded as the rule asks, and its quantity. */
export interface Exposure {
  readonly worth: Ratio;
  readonly qty: Num;
}

export interface Tier {
  /** Counts from 1. */
  readonly number: number;
  readonly initial: Ratio;
  readonly maintenance: Ratio;
  /** c; 0 unless the table is read slice by slice. */
  readonly deduction: Ratio;
}

export const exposureOf = (worth: Num, qty: Num): Exposure => ({ worth: ratio(worth), qty });

export function tierAt(terms: Terms, { worth, qty }: Exposure): Tier {
  const { contract, rules } = terms;
  const flat = { initial: ratioOf(contract.initialMargin), maintenance: ratioOf(contract.maintenanceMargin) };
  if (contract.riskSteps !== null) {
    const { base, step } = contract.riskSteps;
    const above = maxNum(ZERO, ceil(ratio(worth.n.minus(num(base).times(worth.d)), worth.d.times(num(step)))));
    return {
      number: Number(above.toFixed()) + 1,
      initial: add(flat.initial, scale(flat.maintenance, above)),
      maintenance: scale(flat.maintenance, above.plus(ONE)),
      deduction: ZERO_RATIO,
    };
  }
  if (contract.tiers === null) return { number: 1, ...flat, deduction: ZERO_RATIO };
  const measure = contract.tiers.by === 'qty' ? ratio(qty) : worth;
  let reached = 0;
  contract.tiers.tiers.forEach((tier, i) => {
    if (compare(ratio(num(tier.floor)), measure) <= 0) reached = i;
  });
  const tier = contract.tiers.tiers[reached]!;
  return {
    number: reached + 1,
    initial: ratioOf(tier.initial),
    maintenance: ratioOf(tier.maintenance),
    deduction: rules.tierModel === 'marginal' ? ratioOf(tier.deduction) : ZERO_RATIO,
  };
}

/** Values at which a tier begins or ends, between two values; none in tables of quantities. */
export function tierBounds(terms: Terms, least: Ratio, most: Ratio): Num[] {
  const { riskSteps, tiers } = terms.contract;
  const bounds: Num[] = [];
  const isBetween = (bound: Num): boolean => compare(ratio(bound), least) > 0 && compare(ratio(bound), most) < 0;
  if (riskSteps !== null) {
    for (let bound = num(riskSteps.base); compare(ratio(bound), most) < 0; bound = bound.plus(num(riskSteps.step))) {
      if (isBetween(bound)) bounds.push(bound);
    }
  }
  if (tiers?.by === 'value') bounds.push(...tiers.tiers.map((tier) => num(tier.floor)).filter(isBetween));
  return bounds;
}

/** Initial rate in force: 1/leverage, at least the tier's; leverage 0 is the tier's. */
export function initialRate(terms: Terms, leverage: Ratio, exposure: Exposure): Ratio {
  const tier = tierAt(terms, exposure).initial;
  if (leverage.n.eq(ZERO)) return tier;
  const chosen = ratio(leverage.d, leverage.n);
  return compare(chosen, tier) < 0 ? tier : chosen;
}

/** True where a leverage is more than a position of this exposure may have. */
export function isAboveTier(terms: Terms, leverage: Ratio, exposure: Exposure): boolean {
  if (leverage.n.eq(ZERO)) return false;
  return compare(multiply(leverage, tierAt(terms, exposure).initial), ratio(ONE)) > 0;
}

/** True beyond the last tier of a table. */
export function isBeyondLimit(terms: Terms, { worth, qty }: Exposure): boolean {
  const { tiers } = terms.contract;
  if (tiers === null || tiers.limit === null) return false;
  return compare(tiers.by === 'qty' ? ratio(qty) : worth, ratio(num(tiers.limit))) > 0;
}
