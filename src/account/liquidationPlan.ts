/**
 * What is decided before a liquidation is booked: by how much a position is reduced first where the venue reduces, at which
 * price, and at what fee. Pure; the reduction itself is an ordinary closing part of a fill.
 */

import { computeExactValue } from '../contract/payoff.js';
import { boundsOf } from '../contract/riskTiers.js';
import { compareFractions, type Fraction } from '../money/decimal.js';
import { divCeil } from '../money/rounding.js';
import type { VenueRules } from '../venue/rules.js';
import { computeMaintenanceRate } from './margin.js';
import { absolute, computeReleasedCost, type Position } from './position.js';
import { isOnMark } from './requirement.js';
import {
  computeGroupEquity,
  computeMemberRequirement,
  type MarkOf,
  type RiskGroup,
  type RiskMember,
  tierOf,
} from './riskGroup.js';

/** A reduction: this many contracts of a position are closed at the market. */
export interface PartialLiquidation {
  readonly position: Position;
  readonly qty: bigint;
}

/**
 * The reduction that comes before a take-over: the least quantity on the step after which a position is in the tier that the
 * venue aims at, of the member that requires the most and can be reduced. Null where the venue has none, the equity is gone,
 * every member is too low in its tiers, or only the whole position would do.
 *
 * @example 230 XBT of XBTUSD, tiers of 100 XBT above 200: about 30 XBT are sold
 */
export function planPartialLiquidation(group: RiskGroup, markOf: MarkOf): PartialLiquidation | null {
  if (group.rules.partialLiquidation === 'none' || computeGroupEquity(group, markOf).num <= 0n) return null;
  const ranked = group.members.map((member) => ({
    member,
    requirement: computeMemberRequirement(group, member, markOf(member.position.contract)),
  }));
  // A stable sort keeps the order of symbols among equals.
  ranked.sort((a, b) => compareFractions(b.requirement, a.requirement));
  for (const { member } of ranked) {
    const mark = markOf(member.position.contract);
    const qty = computeReduction(group, member, mark);
    if (qty !== null) return { position: member.position, qty };
  }
  return null;
}

/** The tier, counted from 0, that a position in a tier is brought down to; null where the venue does not reduce it. */
function targetTier({ rules, mode }: RiskGroup, tier: number): number | null {
  switch (rules.partialLiquidation) {
    case 'none':
      return null;
    case 'one_tier':
      return tier >= 1 ? tier - 1 : null;
    case 'two_tiers_from_third':
      return tier >= 2 ? tier - 2 : null;
    case 'two_tiers_in_cross':
      return mode === 'cross' && tier >= 1 ? Math.max(0, tier - 2) : null;
  }
}

/** The least quantity on the step that brings a member down to its target tier; null where none short of all does. */
function computeReduction(group: RiskGroup, member: RiskMember, mark: Fraction): bigint | null {
  const { position } = member;
  const { contract } = position;
  const target = targetTier(group, tierOf(group, member, mark).index);
  if (target === null) return null;
  const { by, upper, upperIncluded } = boundsOf(contract, target);
  if (upper === null) return null;
  const held = absolute(position.qty);
  const isLowEnough = (closed: bigint): boolean => {
    const { num, den } = exposureAfter(group.rules, by, position, closed, mark);
    return upperIncluded ? num <= upper * den : num < upper * den;
  };
  // The exposure falls with every contract closed, so the least count of steps is found by halving.
  let [least, most] = [1n, divCeil(held, contract.qtyStep)];
  while (least < most) {
    const middle = (least + most) / 2n;
    if (isLowEnough(middle * contract.qtyStep)) most = middle;
    else least = middle + 1n;
  }
  const qty = least * contract.qtyStep;
  return qty < held ? qty : null;
}

/** What decides the tier once part of a position is closed: contracts, value at the mark, or cost that stays. */
function exposureAfter(
  rules: VenueRules,
  by: 'value' | 'qty',
  position: Position,
  closed: bigint,
  mark: Fraction,
): Fraction {
  const held = absolute(position.qty);
  const left = closed < held ? held - closed : 0n;
  if (by === 'qty') return { num: left, den: 1n };
  if (isOnMark(rules)) return computeExactValue(position.contract, left, mark);
  return { num: left === 0n ? 0n : position.cost - computeReleasedCost(position, closed), den: 1n };
}

/** The price at which a position is liquidated at the market: the worse for it of mark and last. */
export function worsePrice(position: Position, mark: Fraction, last: Fraction): Fraction {
  const markIsLower = compareFractions(mark, last) <= 0;
  return position.qty > 0n === markIsLower ? mark : last;
}

const PACIFICA_LEAST: Fraction = { num: 75n, den: 10_000n };

/** Rate of the liquidation fee: the contract's own, or by Pacifica's rule max(0.75 %, 0.4 × the tier's maintenance rate). */
export function computeLiquidationFeeRate(rules: VenueRules, position: Position, mark: Fraction): Fraction {
  const { liquidationFee } = position.contract;
  if (liquidationFee !== null) return liquidationFee;
  if (rules.liquidationFeeRule !== 'pacifica') return { num: 0n, den: 1n };
  const { num, den } = computeMaintenanceRate(rules, position, mark);
  const share = { num: num * 4n, den: den * 10n };
  return compareFractions(share, PACIFICA_LEAST) > 0 ? share : PACIFICA_LEAST;
}
