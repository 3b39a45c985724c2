/**
 * Automatic margin calls: what an isolated position that is due takes from the wallet behind it before it is liquidated. Pure;
 * each round that is planned is booked by the account as a bill of its own.
 */

import type { Fraction } from '../money/decimal.js';
import { computeCommissionReserve, computePositionInitial } from './margin.js';
import type { Position } from './position.js';
import { isGroupDue, type MarkOf, type RiskGroup } from './riskGroup.js';

/**
 * The amounts of the rounds: each time its initial margin, at most what is left and never past the entry value, until the
 * position is not due any more or nothing is left. Empty where nothing can be taken. What the rounds add counts as added.
 *
 * @param group an isolated position that is due, at this mark or just beyond it, so a first round is made in any case.
 * @param transferable what may become isolated margin, settlement units.
 * @example Bybit, 5 BTC at 8,000 and 10×, 6,000 left: 4,000 and 2,000
 */
export function planAutoMargin(group: RiskGroup, markOf: MarkOf, transferable: bigint): readonly bigint[] {
  if (group.mode !== 'isolated') return [];
  const [{ position: held, takerFee }] = group.members as [RiskGroup['members'][number]];
  const position = { ...held };
  const rounds: bigint[] = [];
  let left = transferable;
  const isDue = (): boolean =>
    isGroupDue({ ...group, collateral: position.margin, members: [{ position, takerFee }] }, markOf);
  do {
    const [init, room] = [computePositionInitial(position), position.cost - position.margin];
    const amount = left <= 0n ? 0n : coveredAmount(group, position, takerFee, init < room ? init : room, left);
    if (amount <= 0n) break;
    const was = computeCommissionReserve(group.rules, position, takerFee);
    position.margin += amount;
    position.added += amount;
    left -= amount + computeCommissionReserve(group.rules, position, takerFee) - was;
    rounds.push(amount);
  } while (isDue());
  return rounds;
}

/** The most of an amount that what is left covers, with the growth of the commission reserve. */
function coveredAmount(
  { rules }: RiskGroup,
  position: Position,
  takerFee: Fraction,
  wanted: bigint,
  left: bigint,
): bigint {
  const was = computeCommissionReserve(rules, position, takerFee);
  const isCovered = (amount: bigint): boolean => {
    const after = { ...position, margin: position.margin + amount, added: position.added + amount };
    return amount + computeCommissionReserve(rules, after, takerFee) - was <= left;
  };
  if (wanted <= 0n || isCovered(wanted)) return wanted;
  let [least, most] = [0n, wanted];
  while (most - least > 1n) {
    const middle = (least + most) / 2n;
    if (isCovered(middle)) least = middle;
    else most = middle;
  }
  return least;
}
