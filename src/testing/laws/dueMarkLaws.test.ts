/**
 * Laws of the marks at which a group becomes due, over all contract types, tiers of every kind, both bases, closing fees, hedges
 * and other symbols beside: nothing before the mark found is due, the mark itself and what lies just beyond it are as said.
 */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { computeDisplayPrice, type DueMark, findDueMarks } from '../../account/dueMarks.js';
import { absolute } from '../../account/position.js';
import { isGroupDue, type MarkOf, type RiskGroup } from '../../account/riskGroup.js';
import { computeExactValue, priceOfValue } from '../../contract/payoff.js';
import { boundsOf, tierCountOf } from '../../contract/riskTiers.js';
import { compareFractions, type Fraction } from '../../money/decimal.js';
import { groups, type RiskWorld } from './riskWorlds.js';

const RUNS = { numRuns: 1500 };
const scaledBy = (price: Fraction, num: bigint, den: bigint): Fraction => ({
  num: price.num * num,
  den: price.den * den,
});

function dueAt({ group, contract, markOf }: RiskWorld, price: Fraction): boolean {
  const at: MarkOf = (asked) => (asked.symbol === contract.symbol ? price : markOf(asked));
  return isGroupDue(group, at);
}

/** Marks worth a look: far and near the mark, and at, just under and just over where a member changes its tier. */
function probesOf({ group, contract, mark }: RiskWorld): Fraction[] {
  const probes: Fraction[] = [
    1n,
    100n,
    400n,
    700n,
    900n,
    980n,
    995n,
    1005n,
    1020n,
    1100n,
    1300n,
    1700n,
    3000n,
    20_000n,
  ].map((share) => scaledBy(mark, share, 1000n));
  for (const { position } of group.members) {
    if (position.contract.symbol !== contract.symbol) continue;
    const count = tierCountOf(contract) ?? 12;
    for (let tier = 0; tier < count; tier++) {
      const { by, upper } = boundsOf(contract, tier);
      if (by === 'qty' || upper === null || upper === 0n) continue;
      const price = priceOfValue(contract, absolute(position.qty), { num: upper, den: 1n })!;
      for (const hair of [-1n, 0n, 1n]) probes.push(scaledBy(price, 10n ** 9n + hair, 10n ** 9n));
    }
  }
  return probes;
}

/** What is wrong about a mark found on one side; empty when nothing is. */
function faultsOf(world: RiskWorld, found: DueMark | null, side: -1 | 1): string[] {
  const faults: string[] = [];
  const isBefore = (price: Fraction): boolean =>
    compareFractions(price, world.mark) * side >= 0 &&
    (found === null || compareFractions(price, found.price) * side < 0);
  for (const probe of probesOf(world)) {
    if (isBefore(probe) && dueAt(world, probe)) faults.push(`due before at ${Number(probe.num) / Number(probe.den)}`);
  }
  if (found === null || found.price.num === 0n) return faults;
  if (compareFractions(found.price, world.mark) * side < 0) faults.push('on the wrong side');
  if (dueAt(world, found.price) !== found.isDueAt) faults.push('not as said at the mark');
  const hair = 10n ** 15n;
  if (!found.isDueAt && !dueAt(world, scaledBy(found.price, hair + BigInt(side), hair))) faults.push('not due beyond');
  const before = scaledBy(found.price, hair - BigInt(side), hair);
  if (isBefore(before) && dueAt(world, before)) faults.push('due a hair before');
  return faults;
}

describe('the first marks at which a group is due', () => {
  it('when a group of any kind is asked then no mark before them is due, and they are as they say', () => {
    let [below, above, onlyBeyond, due] = [0, 0, 0, 0];
    fc.assert(
      fc.property(groups(), (world) => {
        const { group, contract, markOf, mark } = world;
        const found = findDueMarks(group, contract.symbol, markOf);
        if (isGroupDue(group, markOf)) {
          due += 1;
          for (const side of [found.below, found.above]) {
            expect(side?.isDueAt).toBe(true);
            expect(compareFractions(side!.price, mark)).toBe(0);
          }
          return;
        }
        if (found.below !== null) below += 1;
        if (found.above !== null) above += 1;
        if (found.below?.isDueAt === false || found.above?.isDueAt === false) onlyBeyond += 1;
        expect([faultsOf(world, found.below, -1), faultsOf(world, found.above, 1)]).toEqual([[], []]);
      }),
      { ...RUNS, numRuns: 4000 },
    );
    expect(Math.min(below, above, onlyBeyond, due)).toBeGreaterThan(60);
  });
});

describe('the price that a position shows', () => {
  it('when its group is not due then it is one of the two marks', () => {
    fc.assert(
      fc.property(groups(), ({ group, contract, markOf }) => {
        fc.pre(!isGroupDue(group, markOf));
        const { below, above } = findDueMarks(group, contract.symbol, markOf);
        for (const { position } of group.members) {
          if (position.contract.symbol !== contract.symbol) continue;
          const shown = computeDisplayPrice(group, position, markOf);
          if (shown === null) continue;
          const isOne = [below, above].some((each) => each !== null && compareFractions(each.price, shown) === 0);
          expect(isOne).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it('when it is due then every mark up to that price is, and beyond it none is at once', () => {
    let met = 0;
    fc.assert(
      fc.property(groups(), (world) => {
        const { group, contract, markOf, mark } = world;
        const [{ position }] = group.members as [RiskGroup['members'][number]];
        fc.pre(group.members.length === 1 && group.rules.liquidationRule === 'exact' && isGroupDue(group, markOf));
        const shown = computeDisplayPrice(group, position, markOf);
        if (shown === null || shown.num === 0n) return;
        expect(computeExactValue(contract, 1n, shown).num > 0n).toBe(true);
        const away = position.qty > 0n ? 1 : -1;
        expect(compareFractions(shown, mark) * away).toBeGreaterThanOrEqual(0);
        expect(dueAt(world, scaledBy(shown, 10n ** 15n + BigInt(away), 10n ** 15n))).toBe(false);
        for (const probe of probesOf(world)) {
          const isBetween = compareFractions(probe, mark) * away > 0 && compareFractions(shown, probe) * away > 0;
          if (isBetween) expect(dueAt(world, probe)).toBe(true);
          if (isBetween) met += 1;
        }
      }),
      { ...RUNS, numRuns: 1000 },
    );
    expect(met).toBeGreaterThan(100);
  });
});
