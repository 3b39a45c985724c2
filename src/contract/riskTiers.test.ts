/** Margin rates at, below and above each bound: BitMEX's published risk steps, and tables of tiers by value and by contracts. */

import { describe, expect, it, test } from '@jest/globals';
import { compareFractions, type Fraction } from '../money/decimal.js';
import { BTCUSDT, contractWith, d, XBTUSD } from '../testing/laws/contracts.js';
import { computeExactValue } from './payoff.js';
import {
  boundsOf,
  isBeyondLimit,
  riskStepOf,
  type TierModel,
  tierAt,
  tierCountOf,
  tierOfIndex,
  tierRatesAt,
  tierRatesOfStep,
} from './riskTiers.js';

const XBT = 100_000_000n;

describe('risk steps of XBTUSD, base 200, step 100', () => {
  // exposure in units, step, maintenance, initial
  test.each([
    [0n, 0n, '0.005', '0.01'],
    [200n * XBT - 1n, 0n, '0.005', '0.01'],
    [200n * XBT, 0n, '0.005', '0.01'],
    [200n * XBT + 1n, 1n, '0.01', '0.015'],
    [230n * XBT, 1n, '0.01', '0.015'],
    [300n * XBT - 1n, 1n, '0.01', '0.015'],
    [300n * XBT, 1n, '0.01', '0.015'],
    [300n * XBT + 1n, 2n, '0.015', '0.02'],
    [500n * XBT, 3n, '0.02', '0.025'],
    [500n * XBT + 1n, 4n, '0.025', '0.03'],
  ])('when the exposure is %s units then step %s, maintenance %s, initial %s', (exposure, step, mm, im) => {
    const rates = tierRatesAt(XBTUSD, exposure);
    expect(riskStepOf(XBTUSD, exposure)).toBe(step);
    expect(rates.step).toBe(step);
    expect(compareFractions(rates.maintenance, d(mm))).toBe(0);
    expect(compareFractions(rates.initial, d(im))).toBe(0);
  });

  it('when 230 XBT are held then maintenance is 2.3 XBT and initial 3.45 XBT', () => {
    const { maintenance, initial } = tierRatesAt(XBTUSD, 230n * XBT);
    expect((230n * XBT * maintenance.num) / maintenance.den).toBe(230_000_000n);
    expect((230n * XBT * initial.num) / initial.den).toBe(345_000_000n);
  });
});

describe('other tables that BitMEX published', () => {
  const table = (base: string, step: string, im: string) =>
    contractWith({
      type: 'inverse',
      settle_currency: 'XBT',
      min_qty: '1',
      initial_margin: im,
      risk_limit: { base, step },
    });
  // base, step, base initial rate, limit, maintenance, initial: "Risk Limits Examples", three snapshots
  test.each([
    ['200', '150', '0.01', 200n, '0.005', '0.01'],
    ['200', '150', '0.01', 350n, '0.01', '0.015'],
    ['200', '150', '0.01', 500n, '0.015', '0.02'],
    ['200', '150', '0.01', 650n, '0.02', '0.025'],
    ['100', '50', '0.02', 100n, '0.005', '0.02'],
    ['100', '50', '0.02', 130n, '0.01', '0.025'],
    ['100', '50', '0.02', 150n, '0.01', '0.025'],
    ['100', '50', '0.02', 200n, '0.015', '0.03'],
    ['100', '50', '0.02', 250n, '0.02', '0.035'],
  ])('when base %s, step %s, initial %s and %s XBT then %s and %s', (base, step, im0, limit, mm, im) => {
    const rates = tierRatesAt(table(base, step, im0), limit * XBT);
    expect(compareFractions(rates.maintenance, d(mm))).toBe(0);
    expect(compareFractions(rates.initial, d(im))).toBe(0);
  });
});

describe('contracts without steps', () => {
  test.each([0n, 1n, 10n ** 20n])('when the exposure is %s then the rates are the contract’s own', (exposure) => {
    const rates = tierRatesAt(BTCUSDT, exposure);
    expect(rates).toEqual({ step: 0n, initial: BTCUSDT.initialMargin, maintenance: BTCUSDT.maintenanceMargin });
  });

  it('when a step is asked for by its number then both rates have risen by the base maintenance rate each', () => {
    const rates = tierRatesOfStep(BTCUSDT, 3n);
    expect(compareFractions(rates.maintenance, d('0.02'))).toBe(0);
    expect(compareFractions(rates.initial, d('0.025'))).toBe(0);
  });
});

const USDT = 100_000_000n;
const tiersOf = (...rows: readonly (readonly [upTo: string | null, im: string, mm: string])[]) =>
  rows.map(([upTo, im, mm]) => ({ upTo, im, mm }));

/** The table of Binance's BTCUSDT up to its fourth tier, as the guide's examples use it; no order beyond 10,000,000. */
const BY_VALUE = contractWith({
  initial_margin: '0.008',
  maintenance_margin: '0.004',
  tiers: tiersOf(
    ['50000', '0.008', '0.004'],
    ['250000', '0.01', '0.005'],
    ['1000000', '0.02', '0.01'],
    ['10000000', '0.05', '0.025'],
  ),
});

const BY_CONTRACTS = contractWith({
  initial_margin: '0.01',
  min_qty: '0.1',
  tiers_by: 'contracts',
  tiers: tiersOf(['1000', '0.01', '0.005'], ['2000', '0.015', '0.0075'], [null, '0.02', '0.01']),
});

const maintenanceOf = (model: TierModel, value: bigint): Fraction => {
  const { maintenance: m, deduction: c } = tierAt(BY_VALUE, model, { value, qty: 0n });
  return { num: value * m.num * c.den - c.num * m.den, den: m.den * c.den };
};

describe('a table by value', () => {
  // whole USDT, tier, maintenance rate, deduction in whole USDT
  test.each<[string, number, string, bigint]>([
    ['0', 0, '0.004', 0n],
    ['49999.99999999', 0, '0.004', 0n],
    ['50000', 1, '0.005', 50n],
    ['50000.00000001', 1, '0.005', 50n],
    ['249999.99999999', 1, '0.005', 50n],
    ['250000', 2, '0.01', 1_300n],
    ['1000000', 3, '0.025', 16_300n],
    ['10000000', 3, '0.025', 16_300n],
    ['90000000', 3, '0.025', 16_300n],
  ])('when the value is %s then tier %s, rate %s, deduction %s', (amount, index, rate, deduction) => {
    const { num, den } = d(amount);
    const exposure = { value: (num * USDT) / den, qty: 10n ** 30n };
    const tier = tierAt(BY_VALUE, 'marginal', exposure);
    expect(tier.index).toBe(index);
    expect(compareFractions(tier.maintenance, d(rate))).toBe(0);
    expect(compareFractions(tier.deduction, { num: deduction * USDT, den: 1n })).toBe(0);
    expect(tierOfIndex(BY_VALUE, 'marginal', index)).toEqual(tier);
    for (const model of ['step', 'flat'] as const) {
      expect(tierAt(BY_VALUE, model, exposure)).toEqual({ ...tier, deduction: { num: 0n, den: 1n } });
    }
  });

  it('when the value is a third of a unit below a floor then it is still in the tier below', () => {
    const floor = 50_000n * USDT;
    expect(tierAt(BY_VALUE, 'step', { value: { num: floor * 3n - 1n, den: 3n }, qty: 0n }).index).toBe(0);
    expect(tierAt(BY_VALUE, 'step', { value: { num: floor * 3n + 1n, den: 3n }, qty: 0n }).index).toBe(1);
  });

  it('when 300,000 is held then maintenance is 1,700 by slices and 3,000 whole', () => {
    expect(compareFractions(maintenanceOf('marginal', 300_000n * USDT), { num: 1_700n * USDT, den: 1n })).toBe(0);
    expect(compareFractions(maintenanceOf('step', 300_000n * USDT), { num: 3_000n * USDT, den: 1n })).toBe(0);
  });

  it('when a bound is passed then maintenance by slices does not jump', () => {
    for (const bound of [50_000n, 250_000n, 1_000_000n]) {
      const [below, at] = [maintenanceOf('marginal', bound * USDT - 1n), maintenanceOf('marginal', bound * USDT)];
      const rise = at.num * below.den - below.num * at.den;
      expect(rise > 0n && rise <= at.den * below.den).toBe(true);
    }
  });

  it('when the bounds are asked for then they meet, and the last has no upper one though orders end there', () => {
    expect(tierCountOf(BY_VALUE)).toBe(4);
    const bounds = [0, 1, 2, 3].map((index) => boundsOf(BY_VALUE, index));
    expect(bounds.map(({ lower }) => lower / USDT)).toEqual([0n, 50_000n, 250_000n, 1_000_000n]);
    expect(bounds.map(({ upper }) => upper)).toEqual([...bounds.slice(1).map(({ lower }) => lower), null]);
    expect(bounds.every(({ by, upperIncluded }) => by === 'value' && !upperIncluded)).toBe(true);
    const limit = 10_000_000n * USDT;
    const beyond = [limit - 1n, limit, limit + 1n].map((value) => isBeyondLimit(BY_VALUE, { value, qty: 0n }));
    expect(beyond).toEqual([false, false, true]);
  });

  it('when a tier beyond the last is asked for then it is the last', () => {
    expect(tierOfIndex(BY_VALUE, 'marginal', 9)).toEqual(tierOfIndex(BY_VALUE, 'marginal', 3));
    expect(boundsOf(BY_VALUE, 9)).toEqual(boundsOf(BY_VALUE, 3));
  });
});

describe('a table by contracts', () => {
  test.each<[bigint, number, string]>([
    [0n, 0, '0.005'],
    [9_999n, 0, '0.005'],
    [10_000n, 1, '0.0075'],
    [10_001n, 1, '0.0075'],
    [19_999n, 1, '0.0075'],
    [20_000n, 2, '0.01'],
    [10n ** 15n, 2, '0.01'],
  ])('when %s tenths of a contract are held then tier %s, rate %s, whatever the value', (qty, index, rate) => {
    for (const value of [0n, 10n ** 30n]) {
      const tier = tierAt(BY_CONTRACTS, 'marginal', { value, qty });
      expect(tier.index).toBe(index);
      expect(compareFractions(tier.maintenance, d(rate))).toBe(0);
      expect(tier.deduction.num).toBe(0n);
      expect(isBeyondLimit(BY_CONTRACTS, { value, qty })).toBe(false);
    }
    expect(boundsOf(BY_CONTRACTS, 1)).toEqual({ by: 'qty', lower: 10_000n, upper: 20_000n, upperIncluded: false });
  });
});

describe('tiers of steps and of flat contracts', () => {
  test.each<[bigint, number]>([
    [200n * XBT, 0],
    [200n * XBT + 1n, 1],
    [300n * XBT, 1],
    [300n * XBT + 1n, 2],
  ])('when XBTUSD worth %s units is held then it is tier %s with the rates of that step', (value, index) => {
    const { initial, maintenance } = tierRatesAt(XBTUSD, value);
    for (const model of ['flat', 'step', 'marginal'] as const) {
      const tier = tierAt(XBTUSD, model, { value, qty: 0n });
      expect(tier).toEqual({ index, initial, maintenance, deduction: { num: 0n, den: 1n } });
      expect(tierOfIndex(XBTUSD, model, index)).toEqual(tier);
    }
    const { lower, upper, upperIncluded } = boundsOf(XBTUSD, index);
    expect(upperIncluded).toBe(true);
    expect(value <= upper! && (index === 0 || value > lower)).toBe(true);
  });

  it('when the exact value is a fraction above a step’s bound then it is in the next step', () => {
    const just = { num: 200n * XBT * 7n + 1n, den: 7n };
    expect(tierAt(XBTUSD, 'step', { value: just, qty: 0n }).index).toBe(1);
  });

  it('when steps are counted then they have no end, and no limit', () => {
    expect(tierCountOf(XBTUSD)).toBeNull();
    expect(isBeyondLimit(XBTUSD, { value: 10n ** 30n, qty: 0n })).toBe(false);
    expect(boundsOf(XBTUSD, 0)).toEqual({ by: 'value', lower: 0n, upper: 200n * XBT, upperIncluded: true });
  });

  it('when a contract is flat then there is one tier for everything', () => {
    const value = computeExactValue(BTCUSDT, 10n ** 20n, d('70000'));
    expect(tierAt(BTCUSDT, 'marginal', { value, qty: 10n ** 20n })).toEqual(tierOfIndex(BTCUSDT, 'step', 5));
    expect(tierAt(BTCUSDT, 'step', { value, qty: 1n }).maintenance).toEqual(BTCUSDT.maintenanceMargin);
    expect(tierCountOf(BTCUSDT)).toBe(1);
    expect(boundsOf(BTCUSDT, 0)).toMatchObject({ lower: 0n, upper: null });
  });
});
