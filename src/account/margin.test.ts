/**
 * Margins by hand: initial rates and their tiers, what fills add and closes release, the commission reserve, maintenance on
 * either basis.
 */

import { describe, expect, it, test } from '@jest/globals';
import type { Contract } from '../contract/contract.js';
import { compareFractions } from '../money/decimal.js';
import { BTCUSDT, d, rulesOf, XBTUSD } from '../testing/laws/contracts.js';
import type { MarginMode } from './bills.js';
import {
  computeAddedInitialMargin,
  computeCommissionReserve,
  computeFee,
  computeInitialMargin,
  computeInitialRate,
  computeMaintenanceMargin,
  computeMaintenanceRate,
  computeReleasedMargin,
  computeUnrealizedPnl,
  isLeverageAboveTier,
} from './margin.js';
import { cannotLoseAll, createPosition, type Position } from './position.js';

const XBT = 100_000_000n;
const bitmex = rulesOf('bitmex');
const generic = rulesOf('generic');
const TAKER = d('0.00075');

interface Held {
  contract?: Contract;
  qty?: bigint;
  cost?: bigint;
  margin?: bigint;
  mode?: MarginMode;
  leverage?: string;
}

function held({
  contract = XBTUSD,
  qty = 10_000n,
  cost = XBT,
  margin = 0n,
  mode = 'isolated',
  leverage = '10',
}: Held): Position {
  return { ...createPosition(contract, mode, d(leverage)), id: 1, qty, cost, margin };
}

describe('initial rate', () => {
  test.each([
    // leverage, exposure in XBT, rate, above the tier's maximum
    ['10', 1n, '0.1', false],
    ['100', 200n, '0.01', false],
    ['100', 201n, '0.015', true],
    ['100.5', 200n, '0.01', true],
    ['66', 250n, '0.0151515151515', false],
    ['67', 250n, '0.015', true],
    ['0', 200n, '0.01', false],
    ['0', 201n, '0.015', false],
    ['0.5', 1n, '2', false],
    ['1', 1n, '1', false],
  ])(
    'when leverage %s meets %s XBT then the rate is %s and above the tier is %s',
    (leverage, exposure, rate, isAbove) => {
      const found = computeInitialRate(XBTUSD, d(leverage), exposure * XBT);
      const scaled = (found.num * 10n ** 13n) / found.den;
      expect(scaled).toBe((d(rate).num * 10n ** 13n) / d(rate).den);
      expect(isLeverageAboveTier(XBTUSD, d(leverage), exposure * XBT)).toBe(isAbove);
    },
  );

  test.each([
    [299n, '3', 100n],
    [300n, '3', 100n],
    [301n, '3', 101n],
    [7_435_000n, '25', 297_400n],
    [91_340n, '10', 9_134n],
    [91_341n, '10', 9_135n],
    [0n, '10', 0n],
  ])('when %s units are margined at %s× then %s, rounded up', (value, leverage, margin) => {
    expect(computeInitialMargin(XBTUSD, d(leverage), value)).toBe(margin);
  });
});

describe('margin that a fill adds', () => {
  it('when fills of 10 units come at 3× then generic rounds each up, the ledger the whole', () => {
    const first = held({ qty: 0n, cost: 0n, leverage: '3' });
    const second = held({ qty: 1n, cost: 10n, leverage: '3' });
    expect([first, second].map((position) => computeAddedInitialMargin(generic, position, 10n, 1n))).toEqual([4n, 4n]);
    expect([first, second].map((position) => computeAddedInitialMargin(bitmex, position, 10n, 1n))).toEqual([4n, 3n]);
  });

  it('when a fill lifts the position into the next step at cross rates then the ledger adds for the whole, generic for the fill', () => {
    const position = held({ qty: 1n, cost: 200n * XBT, leverage: '0' });
    expect(computeAddedInitialMargin(bitmex, position, 10n * XBT, 1n)).toBe(315_000_000n - 200_000_000n);
    expect(computeAddedInitialMargin(generic, position, 10n * XBT, 1n)).toBe(15_000_000n);
  });

  test.each([
    [100n, 3n, 1n, 33n],
    [100n, 3n, 2n, 66n],
    [100n, 3n, 3n, 100n],
    [-100n, 3n, 1n, -34n],
    [-100n, -3n, 3n, -100n],
  ])(
    'when margin %s stands for %s and %s are closed then %s is released, rounded down',
    (margin, qty, closed, released) => {
      expect(computeReleasedMargin(held({ margin, qty }), closed)).toBe(released);
    },
  );
});

describe('commission reserve', () => {
  test.each<[string, Held, bigint]>([
    [
      'BitMEX’s record of 2018, 500 short at 6,725, 25×',
      { qty: -500n, cost: 7_435_000n, margin: 297_400n, leverage: '25' },
      5_800n,
    ],
    ['BitMEX’s record of 2019, 10 short at 10,948, 10×', { qty: -10n, cost: 91_340n, margin: 9_134n }, 76n],
    ['a long of the same size', { qty: 500n, cost: 7_435_000n, margin: 297_400n, leverage: '25' }, 5_800n],
    ['cross at a leverage', { mode: 'cross' }, 82_500n],
    ['cross at the tier’s rate', { mode: 'cross', leverage: '0' }, 75_750n],
    ['a short at 1×', { qty: -10_000n, margin: XBT, leverage: '1' }, 0n],
    ['a short at 1× a unit short of its cost', { qty: -10_000n, margin: XBT - 1n, leverage: '1' }, 150_000n],
    ['a long at 1×', { margin: XBT, leverage: '1' }, 150_000n],
    ['a cross short at 1×', { qty: -10_000n, mode: 'cross', leverage: '1' }, 0n],
    ['no position', { qty: 0n, cost: 0n }, 0n],
  ])('when it is %s then to the unit', (_, changes, reserve) => {
    expect(computeCommissionReserve(bitmex, held(changes), TAKER)).toBe(reserve);
    expect(computeCommissionReserve(generic, held(changes), TAKER)).toBe(0n);
  });

  it('when margin was added to BitMEX’s long of 2023 then it counts in the reserve', () => {
    const position = { ...held({ qty: 900n, cost: 4_325_621n, margin: 64_560n, leverage: '100' }), added: 88_597n };
    expect(computeCommissionReserve(bitmex, position, TAKER)).toBe(3_344n);
  });

  test.each(['0', '-0.00025'])('when the taker fee is %s then nothing is reserved', (fee) => {
    expect(computeCommissionReserve(bitmex, held({}), d(fee))).toBe(0n);
  });
});

describe('a short that cannot lose all', () => {
  test.each<[string, Held, bigint, boolean]>([
    ['collateral a unit below its cost', { qty: -10_000n }, XBT - 1n, false],
    ['collateral of its cost', { qty: -10_000n }, XBT, true],
    ['collateral a unit above its cost', { qty: -10_000n }, XBT + 1n, true],
    ['a long', { qty: 10_000n }, 2n * XBT, false],
    ['a linear short', { contract: BTCUSDT, qty: -1n }, 2n * XBT, false],
  ])('when it has %s then it is so or not', (_, changes, collateral, answer) => {
    expect(cannotLoseAll(held(changes), collateral)).toBe(answer);
  });
});

describe('fee', () => {
  test.each([
    [30_000_000n, '0.00075', 22_500n],
    [11_666_667n, '0.00075', 8_750n],
    [666n, '0.00075', 0n],
    [667n, '0.00075', 1n],
    [2_000n, '0.00025', 1n],
    [2_000n, '-0.00025', -1n],
    [1_999n, '-0.00025', 0n],
    [2_001n, '-0.00025', -1n],
  ])('when %s units are charged %s then %s, half away from zero', (value, rate, fee) => {
    expect(computeFee(value, d(rate))).toBe(fee);
  });
});

describe('unrealised profit', () => {
  test.each<[string, Held, string, bigint]>([
    ['long, up', {}, '10500', 4_761_905n],
    ['short, up', { qty: -10_000n }, '10500', -4_761_905n],
    ['at the entry', {}, '10000', 0n],
    ['BitMEX’s record of 2018 at 6,726.8', { qty: -500n, cost: 7_435_000n }, '6726.8', -2_000n],
    ['BitMEX’s record of 2018 at 6,725.56', { qty: -500n, cost: 7_435_000n }, '6725.56', -500n],
    ['BitMEX’s record of 2018 at 6,726.04', { qty: -500n, cost: 7_435_000n }, '6726.04', -1_000n],
    ['BitMEX’s record of 2019 at 10,995.09', { qty: -10n, cost: 91_340n }, '10995.09', -390n],
    ['flat', { qty: 0n, cost: 0n }, '9000', 0n],
  ])('when the position is %s then to the unit', (_, changes, mark, profit) => {
    const rules = changes.qty === undefined || changes.qty === -10_000n ? generic : bitmex;
    expect(computeUnrealizedPnl(rules, held(changes), d(mark))).toBe(profit);
  });
});

describe('maintenance margin', () => {
  it('when the basis is the mark then value and tier are those of the mark; when it is the entry, of the cost', () => {
    const position = held({ qty: 2_000_000n, cost: 200n * XBT, mode: 'cross' });
    const lower = d('9999');
    expect(compareFractions(computeMaintenanceRate(generic, position, lower), d('0.01'))).toBe(0);
    expect(compareFractions(computeMaintenanceRate(generic, position, d('10000')), d('0.005'))).toBe(0);
    expect(compareFractions(computeMaintenanceRate(bitmex, position, lower), d('0.005'))).toBe(0);
    expect(computeMaintenanceMargin(bitmex, position, 0n, lower)).toBe(XBT);
    expect(computeMaintenanceMargin(generic, position, 0n, d('10000'))).toBe(XBT);
    expect(computeMaintenanceMargin(generic, position, 0n, lower)).toBe(200_020_003n);
  });

  test.each<[string, Held, bigint, bigint]>([
    ['BitMEX’s record of 2018 less its commission', { qty: -500n, cost: 7_435_000n }, 297_400n, 37_175n],
    ['BitMEX’s record of 2019 less its commission', { qty: -10n, cost: 91_340n }, 9_134n, 457n],
    ['a short that cannot lose all', { qty: -10_000n }, XBT, 0n],
    ['flat', { qty: 0n, cost: 0n }, 0n, 0n],
  ])('when it is %s then rounded up', (_, changes, collateral, margin) => {
    expect(computeMaintenanceMargin(bitmex, held(changes), collateral, d('6725'))).toBe(margin);
  });
});
