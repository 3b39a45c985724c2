/** Reductions before a take-over: the tiers that venues aim at, the least quantity that gets there, and which member goes. */

import { describe, expect, it, test } from '@jest/globals';
import type { Contract, RiskTierTable } from '../contract/contract.js';
import { accountWith, BTCUSDT, d, fill, rulesOf, XBTUSD } from '../testing/laws/contracts.js';
import type { VenueRules } from '../venue/rules.js';
import { planPartialLiquidation } from './liquidationPlan.js';
import { createPosition, type Position } from './position.js';
import { computeGroupEquity, computeGroupRequirement, isGroupDue, type RiskGroup } from './riskGroup.js';

const UNIT = 100_000_000n;
const GENERIC = rulesOf('generic');
const RICH = 10n ** 18n;

function held(contract: Contract, qty: bigint, cost: bigint, more: Partial<Position> = {}): Position {
  return { ...createPosition(contract, 'cross', d('10')), id: 1, qty, cost, ...more };
}

function groupOf(rules: VenueRules, positions: readonly Position[], collateral = RICH): RiskGroup {
  const [{ mode, contract }] = positions as [Position];
  const members = positions.map((position) => ({ position, takerFee: d('0') }));
  return { rules, mode, currency: contract.settle, collateral, members };
}

const table = (by: 'value' | 'qty', floors: readonly bigint[]): RiskTierTable => ({
  by,
  limit: null,
  tiers: floors.map((floor, i) => ({
    floor,
    initial: d('0.1'),
    maintenance: { num: BigInt(i + 1), den: 100n },
    deduction: { num: 0n, den: 1n },
  })),
});

const rulesWith = (
  partialLiquidation: VenueRules['partialLiquidation'],
  more: Partial<VenueRules> = {},
): VenueRules => ({
  ...GENERIC,
  tierModel: 'step',
  partialLiquidation,
  ...more,
});

describe('the worked reduction', () => {
  it('when 230 XBT in the second tier have 2.0 left then 30 XBT are sold, 0.0225 is paid and 1.9775 suffices', () => {
    const rules = rulesWith('one_tier', { maintenanceBasis: 'entry' });
    const account = accountWith('generic', 'isolated', '100', 10n * UNIT, undefined, { rules });
    fill(account, XBTUSD, 'buy', 'open', 2_300_000n, '10000');
    const position = account.position(XBTUSD);
    const at = () => d('10000');
    const group = (): RiskGroup => ({ ...account.riskGroups()[0]!, collateral: 2n * UNIT });
    expect(isGroupDue(group(), at)).toBe(true);
    const plan = planPartialLiquidation(group(), at)!;
    expect(plan).toEqual({ position, qty: 300_000n });
    const { fee } = fill(account, XBTUSD, 'sell', 'close', plan.qty, '10000', '0.00075');
    expect(fee).toBe(2_250_000n);
    expect(position.cost).toBe(200n * UNIT);
    const after = { ...group(), collateral: 2n * UNIT - fee };
    expect(computeGroupEquity(after, at)).toEqual({ num: 197_750_000n, den: 1n });
    expect(computeGroupRequirement(after, at)).toEqual({ num: 1n * UNIT, den: 1n });
    expect(isGroupDue(after, at)).toBe(false);
    expect(planPartialLiquidation(after, at)).toBeNull();
  });
});

describe('tiers aimed at', () => {
  const floors = [0n, 100n, 200n, 300n, 400n];
  // contracts held, kind, mode, contracts sold; tiers count contracts and a floor belongs to its tier
  test.each<[bigint, VenueRules['partialLiquidation'], Position['mode'], bigint | null]>([
    [99n, 'one_tier', 'cross', null],
    [100n, 'one_tier', 'cross', 1n],
    [199n, 'one_tier', 'isolated', 100n],
    [200n, 'one_tier', 'isolated', 1n],
    [199n, 'two_tiers_from_third', 'cross', null],
    [200n, 'two_tiers_from_third', 'cross', 101n],
    [299n, 'two_tiers_from_third', 'isolated', 200n],
    [300n, 'two_tiers_from_third', 'cross', 101n],
    [99n, 'two_tiers_in_cross', 'cross', null],
    [100n, 'two_tiers_in_cross', 'cross', 1n],
    [250n, 'two_tiers_in_cross', 'cross', 151n],
    [350n, 'two_tiers_in_cross', 'cross', 151n],
    [350n, 'two_tiers_in_cross', 'isolated', null],
    [350n, 'none', 'cross', null],
  ])('when %s are held under %s, %s, then %s are sold', (qty, kind, mode, sold) => {
    const contract: Contract = { ...BTCUSDT, tiers: table('qty', floors) };
    const plan = planPartialLiquidation(groupOf(rulesWith(kind), [held(contract, qty, UNIT, { mode })]), () =>
      d('100'),
    );
    expect(plan?.qty ?? null).toBe(sold);
  });

  test.each([
    ['99.9', null],
    ['100', 1n],
    ['100.1', 1n],
    ['101', 10n],
    ['102', 20n],
  ])('when tiers count value and one coin in thousandths stands at %s then %s are sold', (mark, sold) => {
    const contract: Contract = { ...BTCUSDT, tiers: table('value', [0n, 100n * UNIT]) };
    const plan = planPartialLiquidation(groupOf(rulesWith('one_tier'), [held(contract, 1_000n, UNIT)]), () => d(mark));
    expect(plan?.qty ?? null).toBe(sold);
  });

  it('when contracts go by a step then the quantity stands on it', () => {
    const contract: Contract = { ...BTCUSDT, qtyStep: 7n, tiers: table('qty', [0n, 100n]) };
    const plan = planPartialLiquidation(groupOf(rulesWith('one_tier'), [held(contract, 105n, UNIT)]), () => d('100'));
    expect(plan?.qty).toBe(7n);
  });

  it('when only the whole position would do then it is no reduction', () => {
    const contract: Contract = { ...BTCUSDT, qtyStep: 100n, tiers: table('qty', [0n, 100n]) };
    expect(
      planPartialLiquidation(groupOf(rulesWith('one_tier'), [held(contract, 100n, UNIT)]), () => d('1')),
    ).toBeNull();
  });

  it.each([
    [-1n, null],
    [0n, null],
    [1n, 1n],
  ])('when the equity of the group is %s then %s', (collateral, sold) => {
    const contract: Contract = { ...BTCUSDT, tiers: table('qty', [0n, 100n]) };
    const position = held(contract, 100n, 100_000_000n);
    const plan = planPartialLiquidation(groupOf(rulesWith('one_tier'), [position], collateral), () => d('10'));
    expect(plan?.qty ?? null).toBe(sold);
  });
});

describe('which member is reduced', () => {
  const contract: Contract = { ...BTCUSDT, tiers: table('qty', [0n, 100n, 1_000n]) };
  const [a, b] = ['AAA', 'BBB'].map((symbol): Contract => ({ ...contract, symbol })) as [Contract, Contract];
  const pick = (qtyA: bigint, qtyB: bigint): [string, bigint] | null => {
    const group = groupOf(rulesWith('one_tier'), [held(a, qtyA, UNIT), held(b, qtyB, UNIT)]);
    const plan = planPartialLiquidation(group, () => d('1'));
    return plan === null ? null : [plan.position.contract.symbol, plan.qty];
  };

  test.each<[bigint, bigint, [string, bigint] | null]>([
    [149n, 150n, ['BBB', 51n]],
    [150n, 150n, ['AAA', 51n]],
    [151n, 150n, ['AAA', 52n]],
    [99n, 100n, ['BBB', 1n]],
    [99n, 99n, null],
  ])('when %s and %s are held then the one that requires the most and can be reduced', (qtyA, qtyB, picked) => {
    expect(pick(qtyA, qtyB)).toEqual(picked);
  });

  it('when the one that requires the most is in the first tier then the next goes', () => {
    const dear: Contract = {
      ...a,
      tiers: {
        ...table('qty', [0n, 100n]),
        tiers: table('qty', [0n, 100n]).tiers.map((tier) => ({ ...tier, maintenance: d('0.9') })),
      },
    };
    const group = groupOf(rulesWith('one_tier'), [held(dear, 99n, UNIT), held(b, 100n, UNIT)]);
    expect(planPartialLiquidation(group, () => d('1'))?.position.contract.symbol).toBe('BBB');
  });
});
