/**
 * What groups require and when they are due: tiers of every kind, closing fees, hedges, several positions, and equality.
 */

import { describe, expect, it, test } from '@jest/globals';
import type { Contract, RiskTierTable } from '../contract/contract.js';
import { compareFractions, type Fraction } from '../money/decimal.js';
import { formatSignificant } from '../money/fractions.js';
import { BTCUSDT, d, FLAT_INVERSE, rulesOf, XBTUSD } from '../testing/laws/contracts.js';
import type { VenueRules } from '../venue/rules.js';
import { createPosition, type Position } from './position.js';
import {
  computeGroupEquity,
  computeGroupRequirement,
  computeMemberRequirement,
  countedRequirements,
  isGroupDue,
  isOneSymbol,
  type RiskGroup,
  tierOf,
} from './riskGroup.js';

const UNIT = 100_000_000n;
const GENERIC: VenueRules = rulesOf('generic');

function held(contract: Contract, qty: bigint, cost: bigint, more: Partial<Position> = {}): Position {
  return { ...createPosition(contract, 'cross', d('10')), id: 1, qty, cost, ...more };
}

function groupOf(rules: VenueRules, positions: readonly Position[], collateral = 0n, takerFee = '0'): RiskGroup {
  const [{ mode, contract }] = positions as [Position];
  const members = positions.map((position) => ({ position, takerFee: d(takerFee) }));
  return { rules, mode, currency: contract.settle, collateral, members };
}

const inUnits = (amount: Fraction): string => formatSignificant({ num: amount.num, den: amount.den * UNIT }, 12);

function tableOf(by: 'value' | 'qty', rows: readonly [bigint, string, string][]): RiskTierTable {
  const tiers = rows.map(([floor, rate, cum]) => ({
    floor,
    initial: d(rate),
    maintenance: d(rate),
    deduction: { num: d(cum).num * UNIT, den: d(cum).den },
  }));
  return { by, tiers, limit: null };
}

describe('requirement', () => {
  test.each([
    ['199.99999999', '0.99999999995'],
    ['200', '1'],
    ['200.00000001', '2.0000000001'],
    ['230', '2.3'],
    ['300', '3'],
    ['300.00000001', '4.50000000015'],
  ])('when XBTUSD has an entry value of %s XBT then its steps require %s', (value, requirement) => {
    const cost = (d(value).num * UNIT) / d(value).den;
    const rules: VenueRules = { ...GENERIC, maintenanceBasis: 'entry' };
    const group = groupOf(rules, [held(XBTUSD, 1_000_000n, cost)]);
    expect(inUnits(computeGroupRequirement(group, () => d('10000')))).toBe(requirement);
    // the ledger's are whole units, upward
    const ledger = groupOf(rulesOf('bitmex'), [held(XBTUSD, 1_000_000n, cost)]);
    const exact = computeGroupRequirement(group, () => d('10000'));
    const whole = computeGroupRequirement(ledger, () => d('10000'));
    expect(whole).toEqual({ num: (exact.num + exact.den - 1n) / exact.den, den: 1n });
  });

  const rows: [bigint, string, string][] = [
    [0n, '0.004', '0'],
    [50_000n * UNIT, '0.005', '50'],
    [250_000n * UNIT, '0.01', '1300'],
  ];
  test.each<[string, VenueRules['tierModel'], string]>([
    ['300000', 'marginal', '1700'],
    ['300000', 'step', '3000'],
    ['249999.9', 'marginal', '1199.9995'],
    ['250000', 'marginal', '1200'],
    ['250000.1', 'marginal', '1200.001'],
    ['249999.9', 'step', '1249.9995'],
    ['250000', 'step', '2500'],
    ['250000.1', 'flat', '2500.001'],
  ])('when one BTC is at %s and tiers are read as %s then %s', (mark, tierModel, requirement) => {
    const contract: Contract = { ...BTCUSDT, tiers: tableOf('value', rows) };
    const group = groupOf({ ...GENERIC, tierModel }, [held(contract, 1_000n, UNIT)]);
    expect(inUnits(computeGroupRequirement(group, () => d(mark)))).toBe(requirement);
  });

  test.each([
    [1_999n, '0.005', 0],
    [2_000n, '0.02', 1],
    [2_001n, '0.02', 1],
  ])('when tiers count contracts and %s thousandths are held then the rate is %s at any mark', (qty, rate, index) => {
    const contract: Contract = {
      ...BTCUSDT,
      tiers: tableOf('qty', [
        [0n, '0.005', '0'],
        [2_000n, '0.02', '0'],
      ]),
    };
    const group = groupOf({ ...GENERIC, tierModel: 'step' }, [held(contract, qty, UNIT)]);
    for (const mark of ['1', '1000000']) {
      expect(tierOf(group, group.members[0]!, d(mark)).index).toBe(index);
      const wanted = { num: qty * d(mark).num * d(rate).num * UNIT, den: 1000n * d(rate).den };
      expect(
        compareFractions(
          computeGroupRequirement(group, () => d(mark)),
          wanted,
        ),
      ).toBe(0);
    }
  });

  test.each<[string, Partial<VenueRules>, string]>([
    ['counts no fee', { crossFee: 'none' }, '0.00625'],
    ['keeps the fee in the margin too', { crossFee: 'cancels' }, '0.00625'],
    ['counts it on the basis', { crossFee: 'basis' }, '0.0071875'],
    // V at 40030/7 is 70000/40030, less 0.075 % of it is lost with the balance
    ['counts it at bankruptcy', { crossFee: 'bankruptcy' }, '0.00756151636273'],
  ])('when Bybit’s inverse long of 10,000 at 8,000 has 0.5 behind and the venue %s then', (_, fee, requirement) => {
    const rules: VenueRules = { ...GENERIC, maintenanceBasis: 'entry', ...fee };
    const group = groupOf(rules, [held(FLAT_INVERSE, 10_000n, 125_000_000n)], UNIT / 2n, '0.00075');
    expect(inUnits(computeGroupRequirement(group, () => d('9000')))).toBe(requirement);
  });

  it('when a deduction is beyond the rate then nothing is required, not less', () => {
    const contract: Contract = { ...BTCUSDT, tiers: tableOf('value', [[0n, '0.004', '50']]) };
    const group = groupOf({ ...GENERIC, tierModel: 'marginal' }, [held(contract, 1_000n, UNIT)]);
    const at = (mark: string): string => inUnits(computeGroupRequirement(group, () => d(mark)));
    expect([at('12499'), at('12500'), at('12501')]).toEqual(['0', '0', '0.004']);
  });
});

describe('a hedge in cross', () => {
  const long = held(BTCUSDT, 2_000n, 20_000n * UNIT, { slot: 'long' });
  const short = (qty: bigint): Position => held(BTCUSDT, -qty, 9_000n * UNIT, { slot: 'short' });
  const larger: VenueRules = { ...GENERIC, hedgeMaintenance: 'larger' };

  test.each([
    [1_999n, ['100', '0']],
    [2_000n, ['100', '0']],
    [2_001n, ['0', '100.05']],
  ])('when the short has %s of 2,000 then the larger counts, of equals the long', (qty, counted) => {
    const found = countedRequirements(groupOf(larger, [long, short(qty)]), () => d('10000'));
    expect(found.map(inUnits)).toEqual(counted);
  });

  it('when the venue charges both, or the sides are isolated, then both count', () => {
    expect(inUnits(computeGroupRequirement(groupOf(GENERIC, [long, short(1_000n)]), () => d('10000')))).toBe('150');
    const isolated = groupOf(larger, [{ ...long, mode: 'isolated' }]);
    expect(inUnits(computeMemberRequirement(isolated, isolated.members[0]!, d('10000')))).toBe('100');
  });
});

describe('the test of a group', () => {
  const xbt = held(FLAT_INVERSE, 20_000n, 2n * UNIT);
  const pair = [
    xbt,
    { ...held(BTCUSDT, -1_000n, 3n * UNIT), contract: { ...BTCUSDT, valueScale: { num: 10n, den: 1n } } },
  ];

  it('when several positions are in a group then equity and requirement add up', () => {
    const group = groupOf(GENERIC, pair, UNIT);
    const markOf = ({ symbol }: Contract): Fraction => d(symbol === 'BTCUSD' ? '8000' : '20000');
    // 1 + (2 − 2.5) + (3 − 2)
    expect(inUnits(computeGroupEquity(group, markOf))).toBe('1.5');
    expect(inUnits(computeGroupRequirement(group, markOf))).toBe('0.0225');
    expect([isOneSymbol(group), isOneSymbol(groupOf(GENERIC, [xbt]))]).toEqual([false, true]);
  });

  test.each([
    [49_999_999n, [true, true]],
    [50_000_000n, [true, false]],
    [50_000_001n, [false, false]],
  ])(
    'when %s stand behind a loss and requirement of half a coin then inclusive and strict venues say',
    (collateral, due) => {
      // 10,000 long at 10,000, mark 6,700: U = −33/67, requirement 0.5/67
      const position = held(FLAT_INVERSE, 10_000n, UNIT);
      const groups = [true, false].map((liquidationInclusive) =>
        groupOf({ ...GENERIC, liquidationInclusive }, [position], collateral),
      );
      expect(groups.map((group) => isGroupDue(group, () => d('6700')))).toEqual(due);
    },
  );
});
