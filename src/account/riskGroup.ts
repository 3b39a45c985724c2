/**
 * What is liquidated together: an isolated position by itself, all cross positions of one ledger. A group knows its equity, its
 * requirement and whether it is due, exactly and at given marks. It is a snapshot of an account's numbers; booking is
 * account.ts, the marks at which it becomes due are dueMarks.ts.
 */

import type { Contract } from '../contract/contract.js';
import type { Tier } from '../contract/riskTiers.js';
import { compareFractions, type Fraction } from '../money/decimal.js';
import { integer, over, plus, sumOf, times, ZERO } from '../money/fractions.js';
import type { Currency } from '../money/units.js';
import type { VenueRules } from '../venue/rules.js';
import type { MarginMode } from './bills.js';
import { isPastLedgerPrice } from './liquidation.js';
import { computeExactProfit, type Position } from './position.js';
import { computeExactRequirement, computeRequirementTier, type RequirementInput } from './requirement.js';

/** The mark that is known for a contract. */
export type MarkOf = (contract: Contract) => Fraction;

export interface RiskMember {
  readonly position: Position;
  readonly takerFee: Fraction;
}

export interface RiskGroup {
  readonly rules: VenueRules;
  readonly mode: MarginMode;
  readonly currency: Currency;
  /** Isolated margin A, or the cross wallet W − ΣA, in settlement units. */
  readonly collateral: bigint;
  /** Not flat, by symbol, long before short; never empty. */
  readonly members: readonly RiskMember[];
}

/** A position as a group of its own, for questions about one position. */
export function groupOfOne(
  rules: VenueRules,
  position: Position,
  collateral: bigint,
  takerFee: Fraction = ZERO,
): RiskGroup {
  const { mode, contract } = position;
  return { rules, mode, currency: contract.settle, collateral, members: [{ position, takerFee }] };
}

/** Whether all members are in one symbol, so that one mark decides. */
export function isOneSymbol({ members }: RiskGroup): boolean {
  return members.every(({ position }) => position.contract.symbol === members[0]!.position.contract.symbol);
}

/** Whether the BitMEX ledger's price decides instead of the inequality: it does for a single position. */
export function isLedgerSingle({ rules, members }: RiskGroup): boolean {
  return rules.liquidationRule === 'bitmex_ledger' && members.length === 1;
}

/**
 * What stands behind the group. Where the venue discounts it, margin added to an isolated inverse position counts less its own
 * closing fee: A − added + added / (1 + s·f).
 */
export function collateralOf({ rules, mode, collateral, members }: RiskGroup): Fraction {
  const { position, takerFee } = members[0]!;
  const isDiscounted = rules.discountsAddedMargin && mode === 'isolated' && position.contract.type === 'inverse';
  if (!isDiscounted || position.added === 0n) return integer(collateral);
  const sign = position.qty < 0n ? -1n : 1n;
  const share = plus(integer(1n), times(integer(sign), takerFee));
  return plus(integer(collateral - position.added), over(integer(position.added), share));
}

export function requirementInputOf(group: RiskGroup, member: RiskMember): RequirementInput {
  return { rules: group.rules, collateral: group.collateral, ...member };
}

/** Collateral and unrealised profit of all members, unrounded. */
export function computeGroupEquity(group: RiskGroup, markOf: MarkOf): Fraction {
  const profits = group.members.map(({ position }) => computeExactProfit(position, markOf(position.contract)));
  return plus(collateralOf(group), sumOf(profits));
}

/** What one member requires by itself, unrounded. */
export function computeMemberRequirement(group: RiskGroup, member: RiskMember, mark: Fraction): Fraction {
  return computeExactRequirement(requirementInputOf(group, member), mark);
}

/** The tier that a member's requirement is read from. */
export function tierOf(group: RiskGroup, { position }: RiskMember, mark: Fraction): Tier {
  return computeRequirementTier(group.rules, position, mark);
}

/** What each member counts with in the group's sum: of a hedge the smaller side counts nothing where the venue says so. */
export function countedRequirements(group: RiskGroup, markOf: MarkOf): readonly Fraction[] {
  const own = group.members.map((member) => computeMemberRequirement(group, member, markOf(member.position.contract)));
  return own.map((requirement, i) => (isOutweighed(group, own, i) ? ZERO : requirement));
}

/** Whether the other side of the symbol requires more and is charged alone; of equals the long is charged. */
export function isOutweighed(group: RiskGroup, requirements: readonly Fraction[], i: number): boolean {
  const other = findOtherSide(group, i);
  if (other === null) return false;
  const order = compareFractions(requirements[i]!, requirements[other]!);
  return order < 0 || (order === 0 && other < i);
}

/** Where the other side of a hedge is among the members, if only the larger of both is charged; null as a rule. */
export function findOtherSide({ rules, mode, members }: RiskGroup, i: number): number | null {
  if (rules.hedgeMaintenance !== 'larger' || mode !== 'cross') return null;
  const { symbol } = members[i]!.position.contract;
  const other = members.findIndex(({ position }, j) => j !== i && position.contract.symbol === symbol);
  return other < 0 ? null : other;
}

/** Requirement of the group, unrounded. */
export function computeGroupRequirement(group: RiskGroup, markOf: MarkOf): Fraction {
  return sumOf(countedRequirements(group, markOf));
}

/**
 * Whether the group is liquidated at these marks: equity ≤ requirement, or < where the venue excludes equality; a single
 * position of the BitMEX ledger where the mark has reached the ledger's price.
 */
export function isGroupDue(group: RiskGroup, markOf: MarkOf): boolean {
  const { rules, collateral, members } = group;
  if (isLedgerSingle(group)) {
    const { position } = members[0]!;
    return isPastLedgerPrice(rules, position, collateral, markOf(position.contract));
  }
  const order = compareFractions(computeGroupEquity(group, markOf), computeGroupRequirement(group, markOf));
  return rules.liquidationInclusive ? order <= 0 : order < 0;
}

/** As isGroupDue, for one position with its collateral. */
export function isLiquidatable(
  rules: VenueRules,
  position: Position,
  collateral: bigint,
  mark: Fraction,
  takerFee: Fraction = ZERO,
): boolean {
  return position.qty !== 0n && isGroupDue(groupOfOne(rules, position, collateral, takerFee), () => mark);
}
