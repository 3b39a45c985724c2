/**
 * Margins by hand: initial rates and their tiers, what fills add and closes release, the commission reserve, maintenance on
 * either basis, and the balances of the worked example.
 */

import { describe, expect, it, test } from '@jest/globals';
import type { Contract } from '../contract/contract.js';
import { compareFractions } from '../money/decimal.js';
import { BTCUSDT, contractWith, d, FLAT_INVERSE, rulesOf, XBTUSD } from '../testing/laws/contracts.js';
import type { MarginMode } from './bills.js';
import {
  cannotLoseAll,
  computeAddedInitialMargin,
  computeBalances,
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
import { createPosition, type Position } from './position.js';

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
    expect([first, second].map((position) => computeAddedInitialMargin(generic, position, 10n))).toEqual([4n, 4n]);
    expect([first, second].map((position) => computeAddedInitialMargin(bitmex, position, 10n))).toEqual([4n, 3n]);
  });

  it('when a fill lifts the position into the next step at cross rates then the ledger adds for the whole, generic for the fill', () => {
    const position = held({ qty: 1n, cost: 200n * XBT, leverage: '0' });
    expect(computeAddedInitialMargin(bitmex, position, 10n * XBT)).toBe(315_000_000n - 200_000_000n);
    expect(computeAddedInitialMargin(generic, position, 10n * XBT)).toBe(15_000_000n);
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

describe('balances of the worked example', () => {
  // 1 XBT, 10,000 bought at 10,000 with 10×, taker 0.075 %, mark 10,500, a resting order of 0.05102041 XBT
  const wallet = 99_925_000n;
  const orderMargin = 5_102_041n;
  const at = (rules: typeof bitmex, mode: MarginMode, mark = '10500') => {
    const position = held({ contract: FLAT_INVERSE, mode, margin: mode === 'isolated' ? 10_000_000n : 0n });
    return computeBalances(rules, wallet, [{ position, takerFee: TAKER, mark: d(mark) }], orderMargin);
  };

  it('when the position is cross then its profit is available', () => {
    expect(at(generic, 'cross')).toEqual({
      wallet,
      unrealizedPnl: 4_761_905n,
      marginBalance: 104_686_905n,
      positionMargin: 10_000_000n,
      orderMargin,
      available: 89_584_864n,
      crossWallet: 99_925_000n,
      transferable: 89_584_864n,
    });
  });

  it('when it is isolated then its profit stays in its margin', () => {
    expect(at(generic, 'isolated')).toMatchObject({
      positionMargin: 14_761_905n,
      available: 84_822_959n,
      transferable: 84_822_959n,
    });
  });

  it('when the ledger reserves a commission then it is in the position margin and not available', () => {
    expect(at(bitmex, 'cross')).toMatchObject({ positionMargin: 10_082_500n, available: 89_500_459n });
    expect(at(bitmex, 'isolated')).toMatchObject({ positionMargin: 14_842_500n, available: 84_740_459n });
  });

  it('when profits are withheld then only losses of cross positions reach what is available', () => {
    expect(at(rulesOf('bitmex_2020'), 'cross')).toMatchObject({ positionMargin: 14_842_500n, available: 84_740_459n });
    // 10,000 contracts at 9,500 per contract: 10,000 · 10,526
    expect(at(rulesOf('bitmex_2020'), 'cross', '9500')).toMatchObject({
      unrealizedPnl: -5_260_000n,
      positionMargin: 10_082_500n,
      available: 79_480_459n,
    });
  });

  it('when profit makes more available than the cross wallet holds then only the wallet is transferable', () => {
    const balances = at(generic, 'cross', '20000');
    expect(balances.available).toBe(wallet + 50_000_000n - 10_000_000n - orderMargin);
    expect(balances.transferable).toBe(wallet);
  });

  it('when a loss eats everything then available is below zero and nothing is transferable', () => {
    const balances = at(generic, 'cross', '5000');
    expect(balances.available).toBe(wallet - XBT - 10_000_000n - orderMargin);
    expect(balances.transferable).toBe(0n);
  });

  it('when there is no position then all but the order margin is available', () => {
    const none = computeBalances(generic, 100n, [], 30n);
    expect(none).toMatchObject({ marginBalance: 100n, positionMargin: 0n, available: 70n, transferable: 70n });
  });

  it('when a linear position of BitMEX’s cross example has 50× then 400 is reserved, 200 maintained', () => {
    const contract = contractWith({
      min_qty: '1',
      tick_size: '0.05',
      initial_margin: '0.02',
      maintenance_margin: '0.01',
    });
    const position = held({ contract, qty: 20n, cost: 20_000n * XBT, mode: 'cross', leverage: '50' });
    const rules = { ...bitmex, feeReserve: 'open_close' } as const;
    const balances = computeBalances(rules, 10_000n * XBT, [{ position, takerFee: d('0'), mark: d('1000') }], 0n);
    expect(balances).toMatchObject({ positionMargin: 400n * XBT, available: 9_600n * XBT });
    expect(computeMaintenanceMargin(bitmex, position, 10_000n * XBT, d('1000'))).toBe(200n * XBT);
  });
});
