/**
 * At which marks of a symbol a group is liquidated: the first one on the way down and on the way up, for the walk through a
 * bar, and the one liquidation price that a position's row shows. Other symbols stand still at the marks given. The walk
 * itself is excessWalk.ts; a single position of the BitMEX ledger has the ledger's price instead.
 */

import type { Contract } from '../contract/contract.js';
import { computeExactValue, priceOfValue } from '../contract/payoff.js';
import type { Fraction } from '../money/decimal.js';
import { minus, plus, reduce, sumOf, ZERO } from '../money/fractions.js';
import type { VenueRules } from '../venue/rules.js';
import { type Direction, type DuePoint, ExcessWalk } from './excessWalk.js';
import { computeLedgerPrice } from './liquidation.js';
import { absolute, computeExactProfit, type Position, profitSign } from './position.js';
import {
  collateralOf,
  countedRequirements,
  groupOfOne,
  isGroupDue,
  isLedgerSingle,
  type MarkOf,
  type RiskGroup,
} from './riskGroup.js';

/** A mark at which a group becomes due. */
export interface DueMark {
  readonly price: Fraction;
  /** False where the group is not due at the price itself, only just beyond it. */
  readonly isDueAt: boolean;
}

/** The first marks at which a group becomes due, going down and going up from the mark; null where none is met. */
export interface DueMarks {
  readonly below: DueMark | null;
  readonly above: DueMark | null;
}

/**
 * The first marks of a symbol, going down and going up from its mark, at which the group becomes due; both are the mark itself
 * where it is due already. Beyond the first point the condition may lapse again (steps of tiers): the first counts.
 */
export function findDueMarks(group: RiskGroup, symbol: string, markOf: MarkOf): DueMarks {
  const { contract } = moversIn(group, symbol)[0]!.position;
  const mark = markOf(contract);
  if (isGroupDue(group, markOf)) {
    const here = { price: mark, isDueAt: true };
    return { below: here, above: here };
  }
  if (isLedgerSingle(group)) {
    const { position } = group.members[0]!;
    const price = computeLedgerPrice(group.rules, position, group.collateral);
    const due = price === null || price.num <= 0n ? null : { price, isDueAt: true };
    return position.qty > 0n ? { below: due, above: null } : { below: null, above: due };
  }
  const walk = walkIn(group, symbol, markOf);
  return { below: firstMark(walk, contract, mark, 'below'), above: firstMark(walk, contract, mark, 'above') };
}

/** The first due mark on one side of a mark at which the group is not due. */
function firstMark(walk: ExcessWalk, contract: Contract, mark: Fraction, side: 'below' | 'above'): DueMark | null {
  // On the way down of an inverse contract's price its value rises.
  const direction: Direction = (side === 'below') === (contract.type === 'inverse') ? 1 : -1;
  const point: DuePoint | null = walk.findFirst(computeExactValue(contract, 1n, mark), direction);
  const price = point === null ? null : priceOfValue(contract, 1n, point.unitValue);
  return price === null ? null : { price: reduce(price), isDueAt: point!.isDueAt };
}

/**
 * The liquidation price to show for a position of the group, unrounded, others standing still: in its adverse direction; for a
 * hedge in cross one price, against the larger side (of equals the long), or if there is none the other way. Null where there
 * is none. Of a position that is due already, the point beyond which it is not any more; of a hedge, the mark.
 */
export function computeDisplayPrice(group: RiskGroup, position: Position, markOf: MarkOf): Fraction | null {
  const { contract } = position;
  if (isLedgerSingle(group)) return computeLedgerPrice(group.rules, position, group.collateral);
  const movers = moversIn(group, contract.symbol);
  const isHedge = movers.length > 1;
  if (!isHedge) {
    if (isGroupDue(group, markOf)) return findEndOfDue(group, position, markOf);
    const walk = walkIn(group, contract.symbol, markOf);
    return firstMark(walk, contract, markOf(contract), position.qty > 0n ? 'below' : 'above')?.price ?? null;
  }
  const { below, above } = findDueMarks(group, contract.symbol, markOf);
  const larger = absolute(movers[1]!.position.qty) > absolute(movers[0]!.position.qty) ? 1 : 0;
  const [first, second] = movers[larger]!.position.qty > 0n ? [below, above] : [above, below];
  return (first ?? second)?.price ?? null;
}

/** Where a position that is due would not be any more if the mark moved for it. */
function findEndOfDue(group: RiskGroup, position: Position, markOf: MarkOf): Fraction | null {
  const { contract } = position;
  const start = computeExactValue(contract, 1n, markOf(contract));
  const end = walkIn(group, contract.symbol, markOf).findEnd(start, profitSign(position) > 0n ? 1 : -1);
  const price = end === null ? null : priceOfValue(contract, 1n, end);
  return price === null ? null : reduce(price);
}

/**
 * The liquidation price of one position with its collateral, as computeDisplayPrice has it.
 *
 * @example inverse long 10,000 at 10,000, B = 0.1 XBT, m = 0.5 %, mark basis: 100500/11
 */
export function computeLiquidationPrice(
  rules: VenueRules,
  position: Position,
  collateral: bigint,
  mark: Fraction,
  takerFee: Fraction = ZERO,
): Fraction | null {
  if (position.qty === 0n) return null;
  return computeDisplayPrice(groupOfOne(rules, position, collateral, takerFee), position, () => mark);
}

function moversIn(group: RiskGroup, symbol: string): RiskGroup['members'] {
  return group.members.filter(({ position }) => position.contract.symbol === symbol);
}

/** The walk of a symbol's members; what the others have made and require stands still in the collateral. */
function walkIn(group: RiskGroup, symbol: string, markOf: MarkOf): ExcessWalk {
  const required = countedRequirements(group, markOf);
  const others = group.members.map(({ position }, i) =>
    position.contract.symbol === symbol
      ? ZERO
      : minus(computeExactProfit(position, markOf(position.contract)), required[i]!),
  );
  return new ExcessWalk({ ...group, members: moversIn(group, symbol) }, plus(collateralOf(group), sumOf(others)));
}
