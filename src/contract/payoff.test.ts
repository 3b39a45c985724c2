/**
 * Values of every contract type by hand, the three roundings, and the laws that hold for all of them: BitMEX's recorded
 * wallet, splitting a fill, and the inverse result turned into dollars.
 */

import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { compareFractions, type Fraction } from '../money/decimal.js';
import { divHalfAway } from '../money/rounding.js';
import { BTCUSDT, contractWith, d, FLAT_INVERSE, QUANTO, XBTUSD } from '../testing/laws/contracts.js';
import type { Contract } from './contract.js';
import {
  computeExactValue,
  computeUnitValue,
  computeValue,
  priceOfValue,
  roundingLot,
  type ValueRounding,
  valueSign,
} from './payoff.js';

const TEN_INVERSE = contractWith({
  type: 'inverse',
  settle_currency: 'XBT',
  multiplier: '10',
  min_qty: '1',
  tick_size: '1',
});
const LOTS_OF_100 = contractWith({ type: 'inverse', settle_currency: 'XBT', min_qty: '100', tick_size: '0.5' });
const HALVES = contractWith({ type: 'inverse', settle_currency: 'XBT', min_qty: '1', qty_step: '0.5' });
const CENTS = contractWith({ settle_decimals: 2 });

describe('computeValue per fill', () => {
  // 1 XBT = 10^8 units; BTCUSDT quantities are thousandths
  test.each<[string, Contract, bigint, string, bigint]>([
    ['10,000 XBTUSD', XBTUSD, 10_000n, '10000', 100_000_000n],
    ['1,000 XBTUSD', XBTUSD, 1_000n, '5000', 20_000_000n],
    ['2,000 XBTUSD', XBTUSD, 2_000n, '6000', 33_333_333n],
    ['1,200 XBTUSD', XBTUSD, 1_200n, '6250', 19_200_000n],
    ['2,500 XBTUSD', XBTUSD, 2_500n, '6000', 41_666_667n],
    ['15,000 XBTUSD', XBTUSD, 15_000n, '750', 2_000_000_000n],
    ['3 XBTUSD', XBTUSD, 3n, '9', 33_333_333n],
    ['50 contracts of 10 USD', TEN_INVERSE, 50n, '10000', 5_000_000n],
    ['1 BTCUSDT', BTCUSDT, 1_000n, '50000', 5_000_000_000_000n],
    ['0.001 BTCUSDT', BTCUSDT, 1n, '0.1', 10_000n],
    ['0.5 BTCUSDT', BTCUSDT, 500n, '40000', 2_000_000_000_000n],
    ['0.25 BTCUSDT', BTCUSDT, 250n, '46000', 1_150_000_000_000n],
    ['10,000 ETHUSD', QUANTO, 10_000n, '500', 500_000_000n],
    ['10,000 ETHUSD', QUANTO, 10_000n, '540', 540_000_000n],
    ['0.001 BTC in cents', CENTS, 1n, '4.9', 0n],
    ['0.001 BTC in cents', CENTS, 1n, '5', 1n],
    ['0.001 BTC in cents', CENTS, 1n, '5.1', 1n],
    ['nothing', XBTUSD, 0n, '9000', 0n],
  ])('when %s are valued at a price then to the unit', (_, contract, qty, price, value) => {
    expect(computeValue(contract, 'per_fill', qty, d(price))).toBe(value);
  });
});

describe('rounding by contract and by lot', () => {
  test.each<[ValueRounding, Contract, bigint, string, bigint]>([
    ['per_contract', XBTUSD, 885n, '7299', 885n * 13_701n],
    ['per_contract', XBTUSD, 885n, '6635.5', 885n * 15_070n],
    ['per_lot', XBTUSD, 885n, '7299', 885n * 13_701n],
    ['per_fill', XBTUSD, 885n, '7299', 12_124_949n],
    ['per_lot', LOTS_OF_100, 900n, '23623', 9n * 423_316n],
    ['per_contract', LOTS_OF_100, 900n, '23623', 900n * 4_233n],
    ['per_contract', HALVES, 75n, '7000', 7n * 14_286n + 7_143n],
    ['per_lot', HALVES, 75n, '7000', 7n * 14_286n + 7_143n],
    ['per_fill', HALVES, 75n, '7000', 107_143n],
    ['per_contract', BTCUSDT, 1_500n, '33.3', 33_300_000_00n + 16_650_000_00n],
  ])('when %s is the rule then the pieces are rounded, not the sum', (rounding, contract, qty, price, value) => {
    expect(computeValue(contract, rounding, qty, d(price))).toBe(value);
  });

  it('when the lot is asked for then it is none, one contract, or the least quantity', () => {
    expect(roundingLot(BTCUSDT, 'per_fill')).toBeNull();
    expect(roundingLot(BTCUSDT, 'per_contract')).toBe(1_000n);
    expect(roundingLot(BTCUSDT, 'per_lot')).toBe(1n);
    expect(roundingLot(LOTS_OF_100, 'per_lot')).toBe(100n);
    expect(roundingLot(HALVES, 'per_contract')).toBe(10n);
    const pair = { ...BTCUSDT, type: 'spot' } as const;
    expect((['per_fill', 'per_contract', 'per_lot'] as const).map((rule) => roundingLot(pair, rule))).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('when a unit is valued for sizing then it is exact per fill and a rounded lot’s share otherwise', () => {
    const third = computeUnitValue(XBTUSD, 'per_fill', d('9'));
    expect(compareFractions(third, { num: 100_000_000n, den: 9n })).toBe(0);
    expect(computeUnitValue(XBTUSD, 'per_contract', d('9'))).toEqual({ num: 11_111_111n, den: 1n });
    expect(computeUnitValue(LOTS_OF_100, 'per_lot', d('9'))).toEqual({ num: 1_111_111_111n, den: 100n });
  });
});

describe('recorded and published results', () => {
  const profit = (contract: Contract, rounding: ValueRounding, qty: bigint, from: string, to: string): bigint =>
    valueSign(contract) *
    (computeValue(contract, rounding, qty, d(to)) - computeValue(contract, rounding, qty, d(from)));

  it('when BitMEX’s wallet record of November 2017 is added up then it is −1,208,157, rounding per contract', () => {
    const [rebate, funding, fee] = [3_334n, 783n, 709n];
    expect(profit(XBTUSD, 'per_contract', 885n, '7299', '6635.5') + rebate + funding - fee).toBe(-1_208_157n);
    expect(profit(XBTUSD, 'per_fill', 885n, '7299', '6635.5') + rebate + funding - fee).toBe(-1_208_995n);
  });

  test.each<[string, Contract, ValueRounding, bigint, string, string, bigint]>([
    ['1,000 inverse', XBTUSD, 'per_fill', 1_000n, '9000', '10000', 1_111_111n],
    ['1,000 inverse, per contract', XBTUSD, 'per_contract', 1_000n, '9000', '10000', 1_111_000n],
    ['1,000 inverse', XBTUSD, 'per_fill', 1_000n, '5000', '6000', 3_333_333n],
    ['15,000 inverse', XBTUSD, 'per_fill', 15_000n, '750', '800', 125_000_000n],
    ['10,000 quanto', QUANTO, 'per_fill', 10_000n, '500', '540', 40_000_000n],
    ['0.3 linear', BTCUSDT, 'per_fill', 300n, '42000', '45000', 90_000_000_000n],
  ])('when a long of %s moves then its profit is that of the guide', (_, contract, rounding, qty, from, to, result) => {
    expect(profit(contract, rounding, qty, from, to)).toBe(result);
  });
});

describe('priceOfValue', () => {
  test.each<[string, Contract, bigint, Fraction, Fraction | null]>([
    ['inverse', XBTUSD, 10_000n, { num: 100_000_000n, den: 1n }, { num: 10_000n, den: 1n }],
    ['inverse of nothing', XBTUSD, 10_000n, { num: 0n, den: 1n }, null],
    ['inverse below nothing', XBTUSD, 10_000n, { num: -1n, den: 1n }, null],
    ['linear', BTCUSDT, 1_000n, { num: 5_000_000_000_000n, den: 1n }, { num: 50_000n, den: 1n }],
    ['linear of nothing', BTCUSDT, 1_000n, { num: 0n, den: 1n }, { num: 0n, den: 1n }],
    ['linear below nothing', BTCUSDT, 1_000n, { num: -1n, den: 3n }, null],
    ['quanto', QUANTO, 10_000n, { num: 500_000_000n, den: 1n }, { num: 500n, den: 1n }],
  ])('when the value is %s then the price is the one, or none', (_, contract, qty, value, price) => {
    const found = priceOfValue(contract, qty, value);
    if (price === null) expect(found).toBeNull();
    else expect(compareFractions(found!, price)).toBe(0);
  });
});

const anyContract = fc.constantFrom(XBTUSD, FLAT_INVERSE, BTCUSDT, QUANTO, TEN_INVERSE, LOTS_OF_100, HALVES);
const anyRounding = fc.constantFrom<ValueRounding>('per_fill', 'per_contract', 'per_lot');
const anyPrice = fc.bigInt({ min: 1n, max: 10n ** 8n }).map((num): Fraction => ({ num, den: 100n }));
const anyQty = fc.bigInt({ min: 1n, max: 10n ** 7n });

describe('laws of value', () => {
  it('when a value is turned into a price then the price has that value', () => {
    fc.assert(
      fc.property(anyContract, anyQty, anyPrice, (contract, qty, price) => {
        const value = computeExactValue(contract, qty, price);
        expect(compareFractions(priceOfValue(contract, qty, value)!, price)).toBe(0);
      }),
    );
  });

  it('when a fill is split at one price then the values add up within a unit a part, exactly per contract', () => {
    fc.assert(
      fc.property(anyContract, anyRounding, anyQty, anyQty, anyPrice, (contract, rounding, a, b, price) => {
        const lot = roundingLot(contract, rounding) ?? 1n;
        const worth = (qty: bigint): bigint => computeValue(contract, rounding, qty * lot, price);
        const off = worth(a) + worth(b) - worth(a + b);
        if (rounding === 'per_fill') expect(off <= 1n && off >= -1n).toBe(true);
        else expect(off).toBe(0n);
      }),
    );
  });

  it('when a value is rounded then each rounded piece is off by half a unit at most', () => {
    fc.assert(
      fc.property(anyContract, anyRounding, anyQty, anyPrice, (contract, rounding, qty, price) => {
        const exact = computeExactValue(contract, qty, price);
        const lot = roundingLot(contract, rounding) ?? qty;
        const pieces = qty / lot + 1n;
        const off = computeValue(contract, rounding, qty, price) * exact.den - exact.num;
        expect(2n * (off < 0n ? -off : off) <= pieces * exact.den).toBe(true);
      }),
    );
  });

  it('when an inverse profit is turned into dollars at the exit then it is the profit on the coins bought at the entry', () => {
    fc.assert(
      fc.property(anyQty, anyPrice, anyPrice, (qty, entry, exit) => {
        // q·(1/E − 1/X)·X = (q/E)·(X − E), each side over a common denominator
        const [e, x] = [computeExactValue(XBTUSD, qty, entry), computeExactValue(XBTUSD, qty, exit)];
        const coins: Fraction = { num: e.num * x.den - x.num * e.den, den: e.den * x.den };
        const dollars = { num: coins.num * exit.num, den: coins.den * exit.den };
        const move = { num: exit.num * entry.den - entry.num * exit.den, den: exit.den * entry.den };
        expect(compareFractions(dollars, { num: e.num * move.num, den: e.den * move.den })).toBe(0);
      }),
    );
  });

  it('when the price rises then an inverse value does not rise, and the others do not fall', () => {
    fc.assert(
      fc.property(anyContract, anyRounding, anyQty, anyPrice, anyPrice, (contract, rounding, qty, a, b) => {
        const [low, high] = compareFractions(a, b) <= 0 ? [a, b] : [b, a];
        const change = computeValue(contract, rounding, qty, high) - computeValue(contract, rounding, qty, low);
        expect(change * valueSign(contract) >= 0n).toBe(true);
      }),
    );
  });

  it('when rounding is per fill then it is the exact value half away from zero', () => {
    fc.assert(
      fc.property(anyContract, anyQty, anyPrice, (contract, qty, price) => {
        const { num, den } = computeExactValue(contract, qty, price);
        expect(computeValue(contract, 'per_fill', qty, price)).toBe(divHalfAway(num, den));
      }),
    );
  });
});
