/** Margin rates at, below and above each bound of the risk steps, by BitMEX's published tables. */

import { describe, expect, it, test } from '@jest/globals';
import { compareFractions } from '../money/decimal.js';
import { BTCUSDT, contractWith, d, XBTUSD } from '../testing/laws/contracts.js';
import { riskStepOf, tierRatesAt, tierRatesOfStep } from './riskTiers.js';

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
