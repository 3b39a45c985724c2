/**
 * The walk to the first due point, by small worlds whose answers are worked out beside them: one settlement unit is one of the
 * currency, so a linear contract's unit value is its price. Each table says what is added up: D is what stands at value 0
 * before requirements (frozen collateral less the cost of what gains with value, plus that of what loses).
 */

import { describe, expect, it, test } from '@jest/globals';
import type { Contract, RiskTierTable } from '../contract/contract.js';
import { compareFractions, type Fraction } from '../money/decimal.js';
import { over, ZERO } from '../money/fractions.js';
import { contractWith, d, rulesOf } from '../testing/laws/contracts.js';
import type { VenueRules } from '../venue/rules.js';
import { type Direction, type DuePoint, ExcessWalk } from './excessWalk.js';
import { createPosition, profitSign } from './position.js';
import type { RiskMember } from './riskGroup.js';

const INCLUSIVE: VenueRules = rulesOf('generic');
const STRICT: VenueRules = { ...INCLUSIVE, liquidationInclusive: false };
const ENTRY: VenueRules = { ...INCLUSIVE, maintenanceBasis: 'entry' };
const LARGER: VenueRules = { ...INCLUSIVE, hedgeMaintenance: 'larger' };
const BOTH_KINDS: [string, VenueRules][] = [
  ['that includes equality', INCLUSIVE],
  ['that excludes it', STRICT],
];

/** Flat, 10 % of the value. */
const FLAT = contractWith(
  { settle_decimals: 0, min_qty: '1', tick_size: '1', maintenance_margin: '0.1', initial_margin: '0.2' },
  'AAA',
);
/** 10 %, from a value of 1,000 on 20 %, from 3,000 on 50 %. */
const TABLE: RiskTierTable = {
  by: 'value',
  limit: null,
  tiers: [
    { floor: 0n, initial: d('0.2'), maintenance: d('0.1'), deduction: ZERO },
    { floor: 1_000n, initial: d('0.4'), maintenance: d('0.2'), deduction: d('100') },
    { floor: 3_000n, initial: d('1'), maintenance: d('0.5'), deduction: d('1000') },
  ],
};
const TIERED: Contract = { ...FLAT, tiers: TABLE };
/** 10 % up to and with 1,000, 20 % up to and with 2,000, and so on without end. */
const STEPPED: Contract = { ...FLAT, riskSteps: { base: 1_000n, step: 1_000n } };

const UP: Direction = 1;
const DOWN: Direction = -1;

const ratio = (text: string): Fraction => {
  const [num, den] = text.split('/').map((part) => d(part));
  return den === undefined ? num! : over(num!, den);
};

interface World {
  readonly contract?: Contract;
  readonly rules?: VenueRules;
  /** Signed quantities, long before short. */
  readonly held: readonly bigint[];
  /** What stands at value 0 before requirements. */
  readonly d: string;
  /** Open costs; 1,000 each unless they count. */
  readonly costs?: readonly bigint[];
  /** Wallet, where closing fees ask for it; the rest up to D is what other symbols have made. */
  readonly collateral?: bigint;
  /** Taker fee of each member. */
  readonly fees?: readonly string[];
}

function walkOf({
  contract = FLAT,
  rules = INCLUSIVE,
  held,
  costs,
  collateral = 0n,
  fees,
  ...rest
}: World): ExcessWalk {
  const members = held.map((qty, i): RiskMember => {
    const slot = held.length === 1 ? 'net' : qty > 0n ? 'long' : 'short';
    const position = { ...createPosition(contract, 'cross', d('1'), slot), id: i + 1, qty, cost: costs?.[i] ?? 1_000n };
    return { position, takerFee: d(fees?.[i] ?? '0') };
  });
  const lost = members.reduce((sum, { position }) => sum + profitSign(position) * position.cost, 0n);
  const { num, den } = ratio(rest.d);
  const frozen = { num: num + lost * den, den };
  return new ExcessWalk({ rules, mode: 'cross', currency: contract.settle, collateral, members }, frozen);
}

/** −1, 0 or 1 against the value expected; a fraction without a denominator would be equal to everything. */
function orderOf(found: Fraction, value: string): number {
  expect(found.den).toBeGreaterThan(0n);
  return compareFractions(found, ratio(value));
}

function expectPoint(found: DuePoint | null, value: string | null, isDueAt = true): void {
  if (found === null || value === null) expect([found, value]).toEqual([null, null]);
  else expect([orderOf(found.unitValue, value), found.isDueAt]).toEqual([0, isDueAt]);
}

function expectFirst(world: World, start: string, direction: Direction, value: string | null, isDueAt = true): void {
  expectPoint(walkOf(world).findFirst(ratio(start), direction), value, isDueAt);
}

function expectEnd(world: World, start: string, direction: Direction, value: string | null): void {
  const found = walkOf(world).findEnd(ratio(start), direction);
  if (found === null || value === null) expect([found, value]).toEqual([null, null]);
  else expect(orderOf(found, value)).toBe(0);
}

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

  it('when a long that is due rises then it ends by the piece on which it is 0', () => {
    // D + 10v below 100, D + 9v + 100 above
    expectEnd({ contract, rules, held: [10n], d: '-800' }, '20', UP, '80');
    expectEnd({ contract, rules, held: [10n], d: '-1000' }, '20', UP, '100');
    expectEnd({ contract, rules, held: [10n], d: '-1900' }, '20', UP, '200');
  });
});

describe('where a group that is due would not be any more', () => {
  test.each<[string, Contract, bigint, string, string, Direction, string | null]>([
    ['a long rises to its root', FLAT, 10n, '-810', '50', UP, '90'],
    ['a long stands on its root', FLAT, 10n, '-810', '90', UP, '90'],
    ['a short falls to its root', FLAT, -10n, '1100', '150', DOWN, '100'],
    ['a short has nothing even at 0', FLAT, -10n, '-10', '150', DOWN, null],
    ['a short has exactly nothing at 0', FLAT, -10n, '0', '150', DOWN, null],
    ['a long rises to the root before a floor', TIERED, 10n, '-850', '50', UP, '850/9'],
    ['a long rises past a floor', TIERED, 10n, '-950', '50', UP, '475/4'],
    ['a long comes to 0 at a floor that takes it back', TIERED, 10n, '-900', '50', UP, '225/2'],
    ['a long rises past two floors', TIERED, 10n, '-2500', '50', UP, '500'],
    ['a short falls below a floor, where less is required', TIERED, -10n, '3700', '350', DOWN, '300'],
    ['a short stands on that floor', TIERED, -10n, '3700', '300', DOWN, '300'],
    ['a short comes to 0 below a floor and rises', TIERED, -10n, '3600', '350', DOWN, '300'],
    ['a short falls past two floors', TIERED, -10n, '1000', '350', DOWN, '1000/11'],
    ['a short has nothing even in the first tier', TIERED, -10n, '-1', '350', DOWN, null],
    ['a long rises through risk steps', STEPPED, 10n, '-1700', '50', UP, '1700/7'],
    ['a long is due in every risk step', STEPPED, 10n, '-2600', '50', UP, null],
    ['a long comes to 0 at the end of a step alone', STEPPED, 10n, '-2500', '50', UP, null],
    ['a long in steps of high rates falls to lower ones', STEPPED, 10n, '-2000', '800', DOWN, '700'],
    ['a short falls through risk steps', STEPPED, -10n, '2450', '350', DOWN, '200'],
    ['a short falls into the middle of one', STEPPED, -10n, '1500', '350', DOWN, '125'],
  ])('when %s then so', (_, contract, qty, base, start, direction, value) => {
    expectEnd({ contract, held: [qty], d: base }, start, direction, value);
  });

  it('when the rate is 100 % or more then a rise helps nothing, not even from 0', () => {
    const at = (rate: string): Contract => ({ ...FLAT, maintenanceMargin: d(rate) });
    expectEnd({ contract: at('1'), held: [10n], d: '-1' }, '50', UP, null);
    expectEnd({ contract: at('1.5'), held: [10n], d: '-1' }, '50', UP, null);
    expectEnd({ contract: at('1.5'), held: [10n], d: '50' }, '10', UP, null);
  });

  it('when equality is excluded then the end is the same point', () => {
    expectEnd({ rules: STRICT, held: [10n], d: '-810' }, '50', UP, '90');
    expectEnd({ contract: TIERED, rules: STRICT, held: [-10n], d: '3700' }, '350', DOWN, '300');
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
