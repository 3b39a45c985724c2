/**
 * The walk to the first due point of a long and a short in one symbol: each with its tiers, both charged or only the larger,
 * and with requirements that bend on the way because they change sides or come to 0. The sum is written beside each point.
 */

import { describe, expect, it, test } from '@jest/globals';
import type { Contract, RiskTierTable } from '../contract/contract.js';
import { d } from '../testing/laws/contracts.js';
import {
  DOWN,
  expectEnd,
  expectFirst,
  FLAT,
  INCLUSIVE,
  ratio,
  TIERED,
  UP,
  type World,
  walkOf,
} from '../testing/laws/walkWorlds.js';
import type { VenueRules } from '../venue/rules.js';
import type { Direction } from './excessWalk.js';

const LARGER: VenueRules = { ...INCLUSIVE, hedgeMaintenance: 'larger' };

describe('two sides with tiers of their own', () => {
  // long 10 and short 5: D + 3.5v, from 100 (long) 2.5v, from 200 (short) 2v, from 300 (long) −v, from 600 (short) −2.5v
  const pair = (base: string, rules = INCLUSIVE): World => ({ contract: TIERED, rules, held: [10n, -5n], d: base });

  test.each<[string, string, string, Direction, string | null]>([
    ["at the long's floor, the nearer one", '-260', '90', UP, '100'],
    ['past both floors at the third', '-240', '90', UP, '300'],
    ['beyond the third, where rates weigh more than the profit', '400', '90', UP, '400'],
    ["at the short's second floor", '650', '350', UP, '600'],
    ['in the last tier, past that floor', '1550', '350', UP, '620'],
    ['between floors on the way down', '-420', '250', DOWN, '210'],
    ["below the short's floor", '-395', '250', DOWN, '158'],
    ["below the long's floor too", '-245', '250', DOWN, '70'],
    ['in the first tier', '-70', '250', DOWN, '20'],
    ['nowhere on the way down', '600', '500', DOWN, null],
  ])('when the pair moves then it is due %s', (_, base, start, direction, value) => {
    expectFirst(pair(base), start, direction, value);
  });

  it('when the short is the larger then its floors are the nearer ones', () => {
    // long 5 and short 10: D − 6.5v, from 100 (short) −7.5v, from 200 (long) −8v, from 300 (short) −11v
    const world = (base: string): World => ({ contract: TIERED, held: [5n, -10n], d: base });
    expectFirst(world('651'), '90', UP, '100');
    expectFirst(world('1200'), '90', UP, '160');
    expectFirst(world('2420'), '90', UP, '300');
    expectFirst(world('2420'), '250', DOWN, null);
  });
});

describe('a hedge of which only the larger requirement counts', () => {
  const hedge = (held: readonly bigint[], base: string): World => ({ rules: LARGER, held, d: base });

  test.each<[string, readonly bigint[], string, string, Direction, string]>([
    ['sides are equal, then one of them: v = 100', [10n, -10n], '100', '50', UP, '100'],
    ['the long is larger, then it: 4v = 400', [10n, -5n], '-400', '150', DOWN, '100'],
    ['the short is larger, then it: 6v = 600', [5n, -10n], '600', '50', UP, '100'],
  ])('when %s', (_, held, base, start, direction, value) => {
    expectFirst(hedge(held, base), start, direction, value);
  });

  it('when both are charged then both count: 2v = 100', () => {
    expectFirst({ held: [10n, -10n], d: '100' }, '40', UP, '50');
  });

  it('when the entry is charged then the larger cost: 150', () => {
    const world: World = {
      rules: { ...LARGER, maintenanceBasis: 'entry' },
      held: [10n, -5n],
      d: '-350',
      costs: [1_000n, 1_500n],
    };
    // 5v = 500
    expectFirst(world, '150', DOWN, '100');
  });

  // A closing fee at the bankruptcy price makes them cross. Long 20 without a fee: 2v. Short 10 at 25 %, with a cost of 400 and
  // a wallet of 100: v + 0.25·(400 + 100)/1.25 = v + 100. D + 10v less the larger: 8v above 100, 9v − 100 below.
  const crossing = (base: string, rules: VenueRules = LARGER): World => ({
    rules: { ...rules, crossFee: 'bankruptcy' },
    held: [20n, -10n],
    d: base,
    costs: [50n, 400n],
    collateral: 100n,
    fees: ['0', '0.25'],
  });

  test.each<[string, string, string]>([
    ['before the sides change', '-1200', '150'],
    ['where they change', '-800', '100'],
    ['after they have changed', '-440', '60'],
  ])('when a long falls then it is due %s', (_, base, value) => {
    expectFirst(crossing(base), '200', DOWN, value);
    expectFirst(crossing(base, { ...LARGER, liquidationInclusive: false }), '200', DOWN, value, false);
    expect(walkOf(crossing(base)).isDueAt(ratio(value))).toBe(true);
  });

  // The other way round: long 10 at 25 %, cost 400, wallet 100: v + 0.25·(400 − 100)/0.75 = v + 100; short 20: 2v.
  // D − 11v − 100 below 100, D − 12v above.
  const rising = (base: string, contract = FLAT, rules: VenueRules = LARGER): World => ({
    contract,
    rules: { ...rules, crossFee: 'bankruptcy' },
    held: [10n, -20n],
    d: base,
    costs: [400n, 400n],
    collateral: 100n,
    fees: ['0.25', '0'],
  });

  test.each<[string, string, string]>([
    ['before the sides change', '650', '50'],
    ['where they change', '1200', '100'],
    ['after they have changed', '1800', '150'],
  ])('when a short rises then it is due %s', (_, base, value) => {
    expectFirst(rising(base), '20', UP, value);
  });

  it('when a floor comes before the sides would change then they are those of the tier beyond it', () => {
    // the short's floor is at 50; its 20 % from there: D − 10v − 4v, and the excess before it falls to 0 as 50 comes
    for (const rules of [LARGER, { ...LARGER, liquidationInclusive: false }]) {
      expectFirst(rising('650', TIERED, rules), '40', UP, '50', true);
    }
    // at 50: 750 − 500 − 200 = 50, 14v = 750
    expectFirst(rising('750', TIERED), '40', UP, '375/7');
  });

  it('when the requirements are parallel lines then they never change sides', () => {
    // 10 each: long v + 0, short v + 100: D − v − 100
    const world: World = {
      rules: { ...LARGER, crossFee: 'bankruptcy' },
      held: [10n, -10n],
      d: '300',
      costs: [100n, 400n],
      collateral: 100n,
      fees: ['0', '0.25'],
    };
    expectFirst(world, '50', UP, '200');
    expectFirst(world, '50', DOWN, null);
  });

  it('when the sides meet on a bound just beyond which the excess is 0 and rises then it is not due there', () => {
    // 5 % for each 100 of value begun. Long 2: 0.1·n·v up to v = 50n; short 1: 0.05·n·v + 0.25·(40 + 60)/1.25 up to v = 100n.
    // At 100: −70 + 100 less 20 or 25; just beyond both are 30. From there the long's n counts, at its bounds v = 50n:
    // −70 + v·(1 − 0.1·n) is 0 again just beyond 350, and below 0 just beyond 400.
    const contract: Contract = { ...FLAT, maintenanceMargin: d('0.05'), riskSteps: { base: 100n, step: 100n } };
    const world: World = {
      contract,
      rules: { ...LARGER, crossFee: 'bankruptcy' },
      held: [2n, -1n],
      d: '-70',
      costs: [60n, 40n],
      collateral: 60n,
      fees: ['0', '0.25'],
    };
    expect(walkOf(world).isDueAt(d('100'))).toBe(false);
    expectFirst(world, '100', UP, '400', false);
  });
});

describe('requirements that a deduction takes to 0', () => {
  // By contracts, so that no mark changes the tier, with 100 deducted from 10 %: 10 contracts require v − 100, 20 require 2v − 100.
  const tiers: RiskTierTable = {
    by: 'qty',
    limit: null,
    tiers: [{ floor: 0n, initial: d('0.2'), maintenance: d('0.1'), deduction: d('100') }],
  };
  const rules: VenueRules = { ...INCLUSIVE, tierModel: 'marginal' };
  const contract: Contract = { ...FLAT, tiers };

  // D + 10v − 3v + 200 above 100, D + 10v − 2v + 100 above 50, D + 10v below
  test.each([
    ['above both walls', '-1250', '150'],
    ['between them', '-740', '80'],
    ['below both', '-200', '20'],
    ['on the upper', '-900', '100'],
    ['on the lower', '-500', '50'],
  ])('when a long 20 with a short 10 falls then it is due %s', (_, base, value) => {
    expectFirst({ contract, rules, held: [20n, -10n], d: base }, '200', DOWN, value);
  });

  // D − 10v below 50, D − 12v + 100 above, D − 13v + 200 above 100
  test.each([
    ['below both walls', '300', '30'],
    ['on the lower', '500', '50'],
    ['between them', '860', '80'],
    ['above both', '2400', '200'],
  ])('when a long 10 with a short 20 rises then it is due %s', (_, base, value) => {
    expectFirst({ contract, rules, held: [10n, -20n], d: base }, '10', UP, value);
  });

  it('when the deduction is more than the rate on the entry then nothing is required at any mark', () => {
    // 10 % of 500 less 100; D + 10v
    const world: World = {
      contract,
      rules: { ...rules, maintenanceBasis: 'entry' },
      held: [10n],
      d: '-500',
      costs: [500n],
    };
    expectFirst(world, '70', DOWN, '50');
    expectEnd(world, '20', UP, '50');
  });

  it('when a long that is due rises then it ends by the piece on which it is 0', () => {
    // D + 10v below 100, D + 9v + 100 above
    expectEnd({ contract, rules, held: [10n], d: '-800' }, '20', UP, '80');
    expectEnd({ contract, rules, held: [10n], d: '-1000' }, '20', UP, '100');
    expectEnd({ contract, rules, held: [10n], d: '-1900' }, '20', UP, '200');
  });
});
