/**
 * The walk to the first due point of one position: along one line, through the tiers of a table and through risk steps, also
 * very many of them. The sum is written beside each point expected. Hedges are excessWalkHedges.test.ts, the way out of a due
 * state excessWalkEnds.test.ts.
 */

import { describe, expect, it, test } from '@jest/globals';
import type { Contract, RiskTierTable } from '../contract/contract.js';
import { ZERO } from '../money/fractions.js';
import { d, rulesOf } from '../testing/laws/contracts.js';
import {
  DOWN,
  expectEnd,
  expectFirst,
  FLAT,
  INCLUSIVE,
  ratio,
  STEPPED,
  STRICT,
  TABLE,
  TIERED,
  UP,
  type World,
  walkOf,
} from '../testing/laws/walkWorlds.js';
import type { VenueRules } from '../venue/rules.js';
import type { Direction } from './excessWalk.js';

const ENTRY: VenueRules = { ...INCLUSIVE, maintenanceBasis: 'entry' };
const BOTH_KINDS: [string, VenueRules][] = [
  ['that includes equality', INCLUSIVE],
  ['that excludes it', STRICT],
];

describe('whether a group is due at a value', () => {
  // D + 10v − v
  const world: World = { held: [10n], d: '-810' };

  test.each([
    ['short of the root', '89', true, true],
    ['at the root', '90', true, false],
    ['beyond it', '91', false, false],
  ])('when it stands %s then by the sign, at 0 by the venue', (_, value, inclusive, strict) => {
    expect(walkOf(world).isDueAt(ratio(value))).toBe(inclusive);
    expect(walkOf({ ...world, rules: STRICT }).isDueAt(ratio(value))).toBe(strict);
  });

  it('when a bound is met then a table has the far tier there, risk steps the near one', () => {
    // at 100, a value of 1,000: 20 % in the table, 10 % in steps
    for (const [contract, root] of [
      [TIERED, '-800'],
      [STEPPED, '-900'],
    ] as const) {
      expect(walkOf({ contract, held: [10n], d: root }).isDueAt(d('100'))).toBe(true);
      expect(walkOf({ contract, rules: STRICT, held: [10n], d: root }).isDueAt(d('100'))).toBe(false);
    }
  });
});

describe('one line', () => {
  test.each<[string, bigint, string, string, Direction, string | null]>([
    ['long falls: 9v = 810', 10n, '-810', '100', DOWN, '90'],
    ['long rises', 10n, '-810', '100', UP, null],
    ['short rises: 11v = 1,210', -10n, '1210', '100', UP, '110'],
    ['short falls', -10n, '1210', '100', DOWN, null],
    ['long falls with a third of a unit behind it: 9v = 2,429/3', 10n, '-2429/3', '100', DOWN, '2429/27'],
    ['long falls that loses all at 0: 9v = 1', 10n, '-1', '100', DOWN, '1/9'],
  ])('when a %s then it is due at the root, or never', (_, qty, base, start, direction, value) => {
    expectFirst({ held: [qty], d: base }, start, direction, value);
    expectFirst({ rules: STRICT, held: [qty], d: base }, start, direction, value, false);
  });

  it('when a long is paid for then value 0 is due only where equality counts, and not with a unit more', () => {
    expectFirst({ held: [10n], d: '0' }, '100', DOWN, '0');
    expectFirst({ rules: STRICT, held: [10n], d: '0' }, '100', DOWN, null);
    expectFirst({ held: [10n], d: '1' }, '100', DOWN, null);
  });

  it('when it stands at 0 already then nothing lies below', () => {
    for (const contract of [FLAT, TIERED, STEPPED]) expectFirst({ contract, held: [10n], d: '1' }, '0', DOWN, null);
  });

  it('when equal sides are charged by their entry then nothing moves: 100 each', () => {
    const pair = { held: [10n, -10n] };
    for (const direction of [UP, DOWN]) {
      expectFirst({ ...pair, rules: ENTRY, d: '201' }, '50', direction, null);
      // an excess of 0 all the way is not due where equality is excluded
      expectFirst({ ...pair, rules: { ...ENTRY, liquidationInclusive: false }, d: '200' }, '50', direction, null);
      expectEnd({ ...pair, rules: ENTRY, d: '200' }, '50', direction, null);
      expectEnd({ ...pair, rules: ENTRY, d: '199' }, '50', direction, null);
    }
  });
});

describe('tiers that a value moves through', () => {
  // long: D + 9v, from 100 on D + 8v, from 300 on D + 5v
  test.each<[string, string, string, Direction, string | null]>([
    ['just before a floor falls to its own root', '-850', '95', DOWN, '850/9'],
    ['rises into a rate that it cannot bear', '-850', '95', UP, '100'],
    ['rises into a rate that it can bear', '-799', '95', UP, null],
    ['rises through one floor to the next', '-1550', '250', UP, '300'],
    ['falls within the highest tier', '-1550', '350', DOWN, '310'],
    ['falls through a floor into the tier below', '-1400', '350', DOWN, '175'],
    ['falls from a floor, where the rate is still the higher', '-1400', '300', DOWN, '175'],
    ['falls through two floors', '-650', '350', DOWN, '650/9'],
  ])('when a long %s then there', (_, base, start, direction, value) => {
    expectFirst({ contract: TIERED, held: [10n], d: base }, start, direction, value);
  });

  it('when the excess is 0 at a floor and rises beyond then equality decides alone', () => {
    expectFirst({ contract: TIERED, held: [10n], d: '-800' }, '95', UP, '100');
    expectFirst({ contract: TIERED, rules: STRICT, held: [10n], d: '-800' }, '95', UP, null);
  });

  // short: D − 11v, from 100 on D − 12v, from 300 on D − 15v
  test.each<[string, string, string, string | null]>([
    ['within the first tier', '1089', '90', '99'],
    ['at the floor by the jump', '1101', '90', '100'],
    ['in the second tier', '1300', '90', '325/3'],
    ['at the second floor', '3601', '90', '300'],
    ['in the last tier', '6000', '90', '400'],
  ])('when a short rises then it is due %s', (_, base, start, value) => {
    expectFirst({ contract: TIERED, held: [-10n], d: base }, start, UP, value);
    expectFirst({ contract: TIERED, held: [-10n], d: base }, start, DOWN, null);
  });

  test.each(BOTH_KINDS)(
    'when a venue %s has a short whose excess falls to 0 as a floor comes, due at the floor',
    (_, rules) => {
      // short of 100 above 0; at 100 already 20 %: 1,100 − 1,200
      expectFirst({ contract: TIERED, rules, held: [-10n], d: '1100' }, '90', UP, '100');
      // by slices nothing jumps: 0 at 100, below 0 beyond
      const marginal: VenueRules = { ...rules, tierModel: 'marginal' };
      expectFirst({ contract: TIERED, rules: marginal, held: [-10n], d: '1100' }, '90', UP, '100', rules === INCLUSIVE);
    },
  );

  it('when only the tiers have rates then they count: 1,000 at 10 jumps to 20 %', () => {
    const bare: Contract = { ...TIERED, maintenanceMargin: ZERO };
    expectFirst({ contract: bare, held: [-10n], d: '1150' }, '90', UP, '100');
  });

  it('when the entry decides the tier then no mark changes it, also not one that is worth a floor', () => {
    // cost 1,000: 20 % of it, 200. Long 10v = 500, short 10v = 4,500
    const rules = ENTRY;
    expectFirst({ contract: TIERED, rules, held: [10n], d: '-300' }, '100', DOWN, '50');
    expectFirst({ contract: TIERED, rules, held: [10n], d: '-300' }, '100', UP, null);
    expectFirst({ contract: TIERED, rules, held: [-10n], d: '4700' }, '40', UP, '450');
    expectFirst({ contract: STEPPED, rules, held: [-10n], d: '4600' }, '40', UP, '450');
  });

  it('when the number of contracts decides the tier then no mark changes it', () => {
    const [low, high] = TABLE.tiers as [RiskTierTable['tiers'][0], RiskTierTable['tiers'][0]];
    const tiers: RiskTierTable = { by: 'qty', limit: null, tiers: [low, { ...high, floor: 10n, deduction: ZERO }] };
    const contract: Contract = { ...FLAT, tiers };
    // 9 contracts at 10 %, 10 at 20 %
    expectFirst({ contract, held: [-9n], d: '990' }, '1/2', UP, '100');
    expectFirst({ contract, held: [-10n], d: '1200' }, '1/2', UP, '100');
    expectFirst({ contract, held: [10n], d: '-8' }, '2', DOWN, '1');
  });
});

describe('risk steps', () => {
  // long: D + 10v·(1 − 0.1·n) up to v = 100n; D + 9v, 8v, 7v …; nothing left of it in n = 10
  test.each<[string, string, string, Direction, string | null, boolean]>([
    ['is due just beyond a bound, at which it is not: 2,100 and 1,400', '-1500', '350', UP, '700', false],
    ['is 0 just beyond a bound but rises from there: the next one', '-1400', '650', UP, '800', false],
    ['is 0 just beyond a bound and falls from there', '1000', '950', UP, '1000', false],
    ['falls to 0 as a bound comes, where the lower rate holds: the next root', '-1400', '350', DOWN, '175', true],
    ['stands on a bound and falls', '-1000', '200', DOWN, '125', true],
    ['stands on a bound and rises', '-1500', '700', UP, '700', false],
  ])('when the excess of a long %s then under both kinds of venue', (_, base, start, direction, value, isDueAt) => {
    expectFirst({ contract: STEPPED, held: [10n], d: base }, start, direction, value, isDueAt);
    expectFirst({ contract: STEPPED, rules: STRICT, held: [10n], d: base }, start, direction, value, false);
  });

  it('when a rate of 100 % leaves exactly 0 for a whole step then equality decides where it begins', () => {
    expectFirst({ contract: STEPPED, held: [10n], d: '0' }, '850', UP, '900', false);
    expectFirst({ contract: STEPPED, rules: STRICT, held: [10n], d: '0' }, '850', UP, '1000', false);
  });

  it('when a short meets its root at a bound two steps on then there, or just beyond it', () => {
    // D − 12v at 200
    expectFirst({ contract: STEPPED, held: [-10n], d: '2400' }, '50', UP, '200');
    expectFirst({ contract: STEPPED, rules: STRICT, held: [-10n], d: '2400' }, '50', UP, '200', false);
    expectFirst({ contract: STEPPED, held: [-10n], d: '2401' }, '50', UP, '200', false);
    expectFirst({ contract: STEPPED, held: [-10n], d: '2399' }, '50', UP, '2399/12');
  });

  it('when the base rate is 0 then no step adds to it', () => {
    const contract: Contract = { ...STEPPED, maintenanceMargin: ZERO };
    expectFirst({ contract, held: [10n], d: '-100' }, '50', UP, null);
    expectFirst({ contract, held: [10n], d: '-100' }, '50', DOWN, '10');
  });
});

describe('very many steps', () => {
  /** A step for each unit of value: at value v the rate is m·⌈v⌉. */
  const fine = (maintenance: string): Contract => ({
    ...FLAT,
    maintenanceMargin: d(maintenance),
    riskSteps: { base: 1n, step: 1n },
  });

  it('when the rate reaches 100 % after two thousand billion steps then the long that is paid for is due there', () => {
    const world: World = { contract: fine('0.0000000000005'), held: [1n], d: '0' };
    expectFirst(world, '3', UP, '1999999999999', false);
    expectFirst({ ...world, rules: STRICT }, '3', UP, '2000000000000', false);
    expectFirst({ ...world, d: '1' }, '1000000000000', DOWN, null);
  });

  it('when a short rises through a thousand billion of them then its root is met', () => {
    // D − v·(1 + m·v) at v = 10^12, m·v = 1/2
    const world: World = { contract: fine('0.0000000000005'), held: [-1n], d: '1500000000000' };
    expectFirst(world, '1/2', UP, '1000000000000');
    expectFirst(world, '1/2', DOWN, null);
  });

  it('when the way begins narrow then it is not walked step by step for ever after', () => {
    // m·v = 0.55 at 10^12. There the excess is 0.95; it falls by 0.45 within a step down and gains 0.55 where one ends.
    // The first root below: in the step n = 818,181,818,177 it is v = −D / (1 − m·n), which lies above n − 1.
    const world: World = { contract: fine('0.00000000000055'), held: [1n], d: '-449999999999.05' };
    expectFirst(world, '1000000000000', DOWN, '8999999999981000000000000/11000000000053');
  });
});

describe('inverse contracts, whose value falls as the price rises', () => {
  const INVERSE: Contract = { ...FLAT, type: 'inverse' };

  it('when the value rises then a long is due and a short is not', () => {
    expectFirst({ contract: INVERSE, held: [10n], d: '1210' }, '100', UP, '110');
    expectFirst({ contract: INVERSE, held: [-10n], d: '-810' }, '100', DOWN, '90');
    expectFirst({ contract: INVERSE, held: [-10n], d: '-810' }, '100', UP, null);
  });

  it('when a short of the ledger cannot lose all then only the long beside it requires anything', () => {
    const ledger = rulesOf('bitmex');
    // Long 10, cost 1,000, requires 100 at every mark; the short 5 has a cost of 400. D − 5v.
    const world: World = { contract: INVERSE, rules: ledger, held: [10n, -5n], d: '600', costs: [1_000n, 400n] };
    // a wallet of 399 does not cover the short: 40 more
    expectFirst({ ...world, collateral: 400n }, '50', UP, '100');
    expectFirst({ ...world, collateral: 399n }, '50', UP, '92');
  });
});
