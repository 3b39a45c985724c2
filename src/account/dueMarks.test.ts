/**
 * Liquidation prices of groups by published numbers: Binance's brackets, a hedge, two cross symbols, closing fees; and what a
 * strict venue, a step of tiers and a group that is due already make of the marks found.
 */

import { describe, expect, it, test } from '@jest/globals';
import type { Contract, RiskTierTable } from '../contract/contract.js';
import { compareFractions, type Fraction } from '../money/decimal.js';
import { over } from '../money/fractions.js';
import { BTCUSDT, contractWith, d, FLAT_INVERSE, QUANTO, rulesOf, XBTUSD } from '../testing/laws/contracts.js';
import type { VenueRules } from '../venue/rules.js';
import { computeDisplayPrice, type DueMark, findDueMarks } from './dueMarks.js';
import { createPosition, type Position } from './position.js';
import type { MarkOf, RiskGroup } from './riskGroup.js';

const UNIT = 100_000_000n;
const GENERIC: VenueRules = rulesOf('generic');
const STRICT: VenueRules = { ...GENERIC, liquidationInclusive: false };

const ratio = (text: string): Fraction => {
  const [num, den] = text.split('/').map((part) => d(part));
  return den === undefined ? num! : over(num!, den);
};

function held(contract: Contract, qty: bigint, cost: bigint, more: Partial<Position> = {}): Position {
  return { ...createPosition(contract, 'cross', d('10')), id: 1, qty, cost, ...more };
}

function groupOf(rules: VenueRules, positions: readonly Position[], collateral: bigint, takerFee = '0'): RiskGroup {
  const [{ mode, contract }] = positions as [Position];
  const members = positions.map((position) => ({ position, takerFee: d(takerFee) }));
  return { rules, mode, currency: contract.settle, collateral, members };
}

const at =
  (price: string): MarkOf =>
  () =>
    d(price);

function expectMark(found: DueMark | null, price: string | null, isDueAt = true): void {
  if (price === null) expect(found).toBeNull();
  else expect([compareFractions(found!.price, ratio(price)), found!.isDueAt]).toEqual([0, isDueAt]);
}

/** Binance's BTCUSDT of 18 March 2021, in units of 10^-8 USDT. */
const TIERS: RiskTierTable = {
  by: 'value',
  limit: null,
  tiers: [
    ['0', '0.004', '0'],
    ['50000', '0.005', '50'],
    ['250000', '0.01', '1300'],
    ['1000000', '0.025', '16300'],
    ['10000000', '0.05', '266300'],
  ].map(([floor, rate, cum]) => ({
    floor: BigInt(floor!) * UNIT,
    initial: d(rate!),
    maintenance: d(rate!),
    deduction: { num: BigInt(cum!) * UNIT, den: 1n },
  })),
};
const BRACKETED: Contract = { ...BTCUSDT, tiers: TIERS };
const MARGINAL: VenueRules = { ...GENERIC, tierModel: 'marginal' };

describe('brackets', () => {
  test.each([
    ['30 BTC, root in bracket 4', 30_000n, '4334800/117'],
    ['26 BTC, root in bracket 3', 26_000n, '5215000/143'],
  ])('when %s are bought at 40,000 with 100,000 behind then by the bracket of the price', (_, qty, price) => {
    const position = held(BRACKETED, qty, qty * 40n * UNIT);
    const group = groupOf(MARGINAL, [position], 100_000n * UNIT);
    const { below, above } = findDueMarks(group, 'BTCUSDT', at('40000'));
    expectMark(below, price);
    expect(above).toBeNull();
    expect(compareFractions(computeDisplayPrice(group, position, at('40000'))!, ratio(price))).toBe(0);
  });

  it('when whole positions are charged then a short is due just beyond the floor at which the rate jumps', () => {
    // 24 at 10,000: value 240,000; from 250,000 on 1 % of it, 2,500, meets equity 12,400 − 10,000.
    const steps: VenueRules = { ...GENERIC, tierModel: 'step' };
    const short = held(BRACKETED, -24_000n, 240_000n * UNIT);
    const { above } = findDueMarks(groupOf(steps, [short], 12_400n * UNIT), 'BTCUSDT', at('10000'));
    expectMark(above, '250000/24');
  });

  it('when a long grows into a step that its equity does not cover then a rise makes it due', () => {
    const steps: VenueRules = { ...GENERIC, tierModel: 'step' };
    const long = held(BRACKETED, 24_000n, 240_000n * UNIT);
    // at 250,000: equity −7,600 + 10,000 = 2,400 below 2,500; short of it 0.5 %, 1,250
    const { below, above } = findDueMarks(groupOf(steps, [long], -7_600n * UNIT), 'BTCUSDT', at('10400'));
    expectMark(above, '250000/24');
    expectMark(below, '247600/23.88');
    // BitMEX's steps hold at their bound: due just beyond it
    const stepped: Contract = { ...BTCUSDT, riskSteps: { base: 250_000n * UNIT, step: 10n ** 15n } };
    const other = held(stepped, 24_000n, 240_000n * UNIT);
    const { above: beyond } = findDueMarks(groupOf(GENERIC, [other], -7_600n * UNIT), 'BTCUSDT', at('10400'));
    expectMark(beyond, '250000/24', false);
  });
});

describe('a hedge', () => {
  const long = held(BTCUSDT, 2_000n, 20_000n * UNIT, { slot: 'long' });
  const short = held(BTCUSDT, -1_000n, 9_000n * UNIT, { slot: 'short' });

  it('when long 2 at 10,000 and short 1 at 9,000 have 3,000 behind then both rows show the common price', () => {
    const group = groupOf(GENERIC, [long, short], 3_000n * UNIT);
    const { below, above } = findDueMarks(group, 'BTCUSDT', at('9500'));
    expectMark(below, '1600000/197');
    expect(above).toBeNull();
    for (const position of [long, short]) {
      expect(compareFractions(computeDisplayPrice(group, position, at('9500'))!, ratio('1600000/197'))).toBe(0);
    }
  });

  it('when only the larger side is charged then the short costs nothing', () => {
    // 3,000 − 20,000 + 9,000 + P = 0.005·2·P
    const group = groupOf({ ...GENERIC, hedgeMaintenance: 'larger' }, [long, short], 3_000n * UNIT);
    expectMark(findDueMarks(group, 'BTCUSDT', at('9500')).below, '8000/0.99');
  });

  it('when the short is the larger then a rise makes it due, and equal sides only by what they require', () => {
    const large = held(BTCUSDT, -3_000n, 27_000n * UNIT, { slot: 'short' });
    // 3,000 + 2(P − 10,000) − 3(P − 9,000) = 0.005·5·P
    expectMark(
      findDueMarks(groupOf(GENERIC, [long, large], 3_000n * UNIT), 'BTCUSDT', at('9500')).above,
      '10000/1.025',
    );
    const equal = held(BTCUSDT, -2_000n, 20_000n * UNIT, { slot: 'short' });
    // 100 = 0.005·4·P: the price matters by the requirement alone
    const { below, above } = findDueMarks(groupOf(GENERIC, [long, equal], 100n * UNIT), 'BTCUSDT', at('4000'));
    expect(below).toBeNull();
    expectMark(above, '5000');
  });
});

describe('two cross symbols', () => {
  const xbt = held(FLAT_INVERSE, 20_000n, 2n * UNIT);
  const contract: Contract = { ...QUANTO, maintenanceMargin: d('0.01') };
  const quanto = held(contract, 10_000n, 2n * UNIT);
  const group = groupOf(GENERIC, [xbt, quanto], UNIT);
  const markOf: MarkOf = ({ symbol }) => d(symbol === 'BTCUSD' ? '10000' : '180');

  it('when the other stands still then each has a price of its own', () => {
    expectMark(findDueMarks(group, 'BTCUSD', markOf).below, '10050000/1391');
    expectMark(findDueMarks(group, 'ETHUSD', markOf).below, '10100/99');
    expect(compareFractions(computeDisplayPrice(group, quanto, markOf)!, ratio('10100/99'))).toBe(0);
  });
});

describe('closing fees', () => {
  const long = held(FLAT_INVERSE, 10_000n, UNIT, { mode: 'isolated', margin: UNIT / 10n });

  it('when the fee counts on the basis then the inverse long at 10× is due at 100575/11', () => {
    const rules: VenueRules = { ...GENERIC, isolatedFee: 'basis' };
    expectMark(findDueMarks(groupOf(rules, [long], UNIT / 10n, '0.00075'), 'BTCUSD', at('10000')).below, '100575/11');
  });

  it('when added margin is discounted then it counts less its own closing fee, more for a short', () => {
    const rules: VenueRules = { ...GENERIC, discountsAddedMargin: true };
    const added = { ...long, margin: 20_150_000n, added: 10_150_000n };
    // 0.1 + 0.1015 / 1.015 = 0.2: 10,000·1.005 / 1.2
    expectMark(findDueMarks(groupOf(rules, [added], 20_150_000n, '0.015'), 'BTCUSD', at('10000')).below, '8375');
    const short = { ...added, qty: -10_000n, margin: 19_850_000n, added: 9_850_000n };
    // 0.1 + 0.0985 / 0.985 = 0.2: 10,000·0.995 / 0.8
    expectMark(findDueMarks(groupOf(rules, [short], 19_850_000n, '0.015'), 'BTCUSD', at('10000')).above, '12437.5');
  });
});

describe('how a mark is met', () => {
  const long = held(FLAT_INVERSE, 10_000n, UNIT, { mode: 'isolated' });

  it('when the venue excludes equality then the group is due only beyond the price', () => {
    expectMark(findDueMarks(groupOf(GENERIC, [long], UNIT / 2n), 'BTCUSD', at('10000')).below, '6700', true);
    expectMark(findDueMarks(groupOf(STRICT, [long], UNIT / 2n), 'BTCUSD', at('10000')).below, '6700', false);
    // standing on the point: due at it, or beyond it
    expectMark(findDueMarks(groupOf(GENERIC, [long], UNIT / 2n), 'BTCUSD', at('6700')).above, '6700', true);
    expectMark(findDueMarks(groupOf(STRICT, [long], UNIT / 2n), 'BTCUSD', at('6700')).below, '6700', false);
    expectMark(findDueMarks(groupOf(STRICT, [long], UNIT / 2n), 'BTCUSD', at('6700')).above, null);
  });

  it('when the group is due already then both are the mark, and the row shows where it would end', () => {
    const group = groupOf(GENERIC, [long], UNIT / 2n);
    const { below, above } = findDueMarks(group, 'BTCUSD', at('6000'));
    expectMark(below, '6000');
    expectMark(above, '6000');
    expect(compareFractions(computeDisplayPrice(group, long, at('6000'))!, d('6700'))).toBe(0);
  });

  it('when the BitMEX ledger has one position then its price counts on one side, of a hedge the inequality', () => {
    const rules = rulesOf('bitmex');
    const xbt = held(XBTUSD, 10_000n, UNIT, { mode: 'isolated' });
    const single = findDueMarks(groupOf(rules, [xbt], UNIT / 10n), 'XBTUSD', at('10000'));
    expectMark(single.below, '9132.5');
    expect(single.above).toBeNull();
    const long = held(XBTUSD, 10_000n, UNIT, { slot: 'long' });
    const short = held(XBTUSD, -5_000n, UNIT / 2n, { slot: 'short' });
    // 0.1 + (1 − 10,000/P) − (0.5 − 5,000/P) = 0.005 + 0.0025
    const pair = findDueMarks(groupOf(rules, [long, short], UNIT / 10n), 'XBTUSD', at('10000'));
    expectMark(pair.below, '5000/0.5925');
  });

  it('when no price reaches the condition then there is none', () => {
    const short = held(FLAT_INVERSE, -10_000n, UNIT, { mode: 'isolated' });
    expect(findDueMarks(groupOf(GENERIC, [short], UNIT), 'BTCUSD', at('10000'))).toEqual({ below: null, above: null });
    const paid = contractWith({ maintenance_margin: '0.005' });
    const long = held(paid, 1_000n, 20_000n * UNIT);
    expectMark(findDueMarks(groupOf(GENERIC, [long], 20_000n * UNIT), 'BTCUSDT', at('20000')).below, '0');
    expect(findDueMarks(groupOf(GENERIC, [long], 20_001n * UNIT), 'BTCUSDT', at('20000')).below).toBeNull();
  });
});
