/**
 * Laws of the price of liquidation over every preset that solves the inequality, flat or marginal tiers, every payoff and both
 * modes: equality at the price, one tick either way, and bankruptcy beyond it. Invariants 6 and 7 of the settlement rules.
 */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { computeDisplayPrice } from '../../account/dueMarks.js';
import { computeBankruptcyPrice, roundToTickTowardEntry } from '../../account/liquidation.js';
import { computeGroupEquity, computeGroupRequirement, isGroupDue } from '../../account/riskGroup.js';
import type { Contract, RiskTier } from '../../contract/contract.js';
import { compareFractions, type Fraction } from '../../money/decimal.js';
import { integer, minus, plus, times, ZERO } from '../../money/fractions.js';
import { findPreset, PRESET_NAMES } from '../../venue/presets.js';
import { payoffs } from './holdings.js';
import { near, openedAccounts } from './worlds.js';

const RUNS = { numRuns: 1200 };
const isExact = (name: string): boolean => findPreset(name)!.liquidationRule === 'exact';
const isMarginal = (name: string): boolean => findPreset(name)!.tierModel === 'marginal';

/** Two or three tiers from half a unit to some coins of value, charged by slices. */
const tiered: fc.Arbitrary<Contract> = fc
  .tuple(payoffs('AAA'), fc.array(fc.bigInt({ min: 10n ** 4n, max: 10n ** 9n }), { minLength: 1, maxLength: 2 }))
  .map(([contract, gaps]) => {
    let floor = 0n;
    let [maintenance, deduction] = [contract.maintenanceMargin, ZERO];
    const tiers: RiskTier[] = [{ floor, initial: contract.initialMargin, maintenance, deduction }];
    for (const gap of gaps) {
      floor += gap;
      const next = times(maintenance, integer(2n));
      deduction = plus(deduction, times(integer(floor), minus(next, maintenance)));
      maintenance = next;
      tiers.push({ floor, initial: plus(next, contract.initialMargin), maintenance, deduction });
    }
    return { ...contract, tiers: { by: 'value', tiers, limit: null } };
  });

const flat = openedAccounts(fc.constantFrom(...PRESET_NAMES.filter(isExact)), payoffs('AAA'));
const sliced = openedAccounts(fc.constantFrom(...PRESET_NAMES.filter(isMarginal)), tiered);

const plusTicks = (price: Fraction, { tick }: Contract, ticks: bigint): Fraction =>
  plus(price, { num: ticks * tick.num, den: tick.den });

describe('invariant 6: at the price of liquidation', () => {
  it.each([
    ['flat rates', flat],
    ['marginal tiers', sliced],
  ])('when %s hold then equity is the requirement exactly; a tick better is not due, a tick worse is', (_, worlds) => {
    const met = new Map<string, number>();
    fc.assert(
      fc.property(worlds, ({ account, contract, base }) => {
        const position = account.position(contract);
        const group = account.riskGroupOf(position);
        const price = computeDisplayPrice(group, position, () => near(contract, base, 0));
        if (price === null || price.num <= 0n) return;
        const { name } = account.rules;
        met.set(name, (met.get(name) ?? 0) + 1);
        const at = (mark: Fraction) => () => mark;
        const [equity, required] = [computeGroupEquity(group, at(price)), computeGroupRequirement(group, at(price))];
        expect(compareFractions(equity, required)).toBe(0);
        expect(isGroupDue(group, at(price))).toBe(account.rules.liquidationInclusive);
        const away = position.qty > 0n ? 1n : -1n;
        const [better, worse] = [plusTicks(price, contract, away), plusTicks(price, contract, -away)];
        if (better.num > 0n) expect(isGroupDue(group, at(better))).toBe(false);
        if (worse.num > 0n) expect(isGroupDue(group, at(worse))).toBe(true);
      }),
      RUNS,
    );
    expect(Math.min(...met.values())).toBeGreaterThan(20);
    expect(met.size).toBe(PRESET_NAMES.filter(worlds === flat ? isExact : isMarginal).length);
  });
});

describe('invariant 7: bankruptcy', () => {
  it('when a position is not due yet then its bankruptcy lies at or beyond its liquidation, under every preset', () => {
    let met = 0;
    fc.assert(
      fc.property(openedAccounts(fc.constantFrom(...PRESET_NAMES), payoffs('AAA')), ({ account, contract, base }) => {
        const position = account.position(contract);
        const group = account.riskGroupOf(position);
        const markOf = () => near(contract, base, 0);
        fc.pre(!isGroupDue(group, markOf));
        const shown = roundToTickTowardEntry(position, computeDisplayPrice(group, position, markOf));
        const bankruptcy = computeBankruptcyPrice(account.rules, position, account.collateral(position));
        if (shown === null || bankruptcy === null) return;
        met += 1;
        expect(compareFractions(bankruptcy, shown) * (position.qty > 0n ? 1 : -1)).toBeLessThanOrEqual(0);
      }),
      RUNS,
    );
    expect(met).toBeGreaterThan(500);
  });
});
