/**
 * Where a single position becomes due, estimated in float64: never further away than the exact mark, so that a level made of it is
 * never missed, and a hair nearer at most. It says nothing where float64 cannot tell or the tiers change on the way; then dueMarks.ts
 * has the answer. Whether anything happens is always decided by exact arithmetic.
 */

import { boundsOf, type Tier, tierOfIndex } from '../contract/riskTiers.js';
import { type Fraction, fractionToF64 } from '../money/decimal.js';
import { absolute, profitSign } from './position.js';
import { computeRequirementLine, computeRequirementTier, isOnMark } from './requirement.js';
import { isLedgerSingle, type RiskGroup, requirementInputOf } from './riskGroup.js';

/** Float64 loses less than this of the sums below, relative to what is summed. */
const LOSS = 1e-13;
/** A level is moved outward by this, relative. */
const OUTWARD = 1e-12;
/** A share of a tier's bound that is too near to it. */
const NEAR = 1e-9;
/** An end of a tier is far at this multiple of the value, or this part of it. */
const FAR = 3;

/** Levels of the mark: due at or below `fall`, at or above `rise` at the earliest; infinite where never. */
export interface DueLevels {
  readonly fall: number;
  readonly rise: number;
}

/** Excess of equity over the requirement as a line in the position's value, while its tier holds. */
interface ExcessLine {
  readonly slope: number;
  readonly constant: number;
  /** What the constant may be off by. */
  readonly error: number;
  /** Value at the mark, and its scale: value at price 1. */
  readonly value: number;
  readonly scale: number;
  readonly tier: Tier;
}

/** Null where the requirement is no such line of one position. */
function excessLineOf(group: RiskGroup, mark: Fraction): ExcessLine | null {
  const { members, rules } = group;
  if (members.length > 1 || isLedgerSingle(group)) return null;
  const [member] = members as readonly [RiskGroup['members'][number]];
  const { position } = member;
  const { contract } = position;
  if (rules.discountsAddedMargin && position.added !== 0n) return null;
  const scale = Number(absolute(position.qty)) * fractionToF64(contract.valueScale);
  const price = fractionToF64(mark);
  const value = contract.type === 'inverse' ? scale / price : scale * price;
  const isFlat = contract.tiers === null && contract.riskSteps === null;
  const tier = isFlat ? tierOfIndex(contract, rules.tierModel, 0) : computeRequirementTier(rules, position, mark);
  const line = computeRequirementLine(requirementInputOf(group, member), tier);
  const sign = Number(profitSign(position));
  const [collateral, cost] = [Number(group.collateral), Number(position.cost)];
  const fixed = fractionToF64(line.constant);
  return {
    slope: sign - fractionToF64(line.rate),
    constant: collateral - sign * cost - fixed,
    error: LOSS * (Math.abs(collateral) + cost + Math.abs(fixed) + value),
    value,
    scale,
    tier,
  };
}

/** Whether a group is so far from being due at a mark that float64 can tell. False says nothing. */
export function isClearlySound(group: RiskGroup, mark: Fraction): boolean {
  const line = excessLineOf(group, mark);
  return line !== null && line.slope * line.value + line.constant > line.error;
}

/** Levels at which a group becomes due from a mark on; null where float64 cannot tell. */
export function estimateDueLevels(group: RiskGroup, mark: Fraction): DueLevels | null {
  const line = excessLineOf(group, mark);
  if (line === null || Math.abs(line.slope) < 1e-3) return null;
  const { slope, constant, error, value, scale } = line;
  if (slope * value + constant <= error) return null;
  // The value at which the excess is gone, moved toward where it stands.
  const due = (error - constant) / slope;
  const { lower, upper } = tierRange(group, line.tier);
  // Where the tier ends first, its end is a level only if it is far: beyond it everything has to be asked again.
  const [least, most] = slope > 0 ? [due, Number.POSITIVE_INFINITY] : [0, due];
  const from = Math.max(least, lower);
  const to = Math.min(most, upper);
  if ((from > least && from * FAR > value) || (to < most && to < value * FAR)) return null;
  const { contract } = group.members[0]!.position;
  return contract.type === 'inverse'
    ? { fall: (scale / to) * (1 + OUTWARD), rise: from > 0 ? (scale / from) * (1 - OUTWARD) : Number.POSITIVE_INFINITY }
    : {
        fall: from > 0 ? (from / scale) * (1 + OUTWARD) : Number.NEGATIVE_INFINITY,
        rise: (to / scale) * (1 - OUTWARD),
      };
}

/** Between which values, not including them, the tier is surely the same. */
function tierRange({ rules, members }: RiskGroup, tier: Tier): { lower: number; upper: number } {
  const everywhere = { lower: 0, upper: Number.POSITIVE_INFINITY };
  const { contract } = members[0]!.position;
  if (!isOnMark(rules) || (contract.tiers === null && contract.riskSteps === null)) return everywhere;
  const { by, lower, upper } = boundsOf(contract, tier.index);
  if (by === 'qty') return everywhere;
  return {
    lower: Number(lower) * (1 + NEAR),
    upper: upper === null ? Number.POSITIVE_INFINITY : Number(upper) * (1 - NEAR),
  };
}
