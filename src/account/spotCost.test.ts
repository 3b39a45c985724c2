/** What spot orders take and what money and coins are good for, at the boundaries of a unit and of a step. */

import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import type { Contract } from '../contract/contract.js';
import { createContractTable } from '../contract/contractInfo.js';
import { InvariantError } from '../errors.js';
import { BTCUSDT, d } from '../testing/laws/contracts.js';
import {
  baseOf,
  computeBuyableQty,
  computeSellableQty,
  computeSpotLock,
  onSpotStep,
  toBaseUnits,
  toQtyUnits,
} from './spotCost.js';

/** Money in cents, coins in thousandths, steps of 0.005. */
const PAIR: Contract = createContractTable({
  generic: {
    'BTC/USDT': {
      type: 'spot',
      quote_currency: 'USDT',
      settle_decimals: 2,
      min_qty: '0.005',
      tick_size: '0.01',
      taker_fee: '0.001',
      maker_fee: '0.001',
    },
  },
}).find('generic', 'BTC/USDT')!;

describe('units', () => {
  it('when a quantity is coins then its ledger counts them finer, and back it is rounded down', () => {
    expect([PAIR.qtyDecimals, baseOf(PAIR)]).toEqual([3, { code: 'BTC', decimals: 8 }]);
    expect(toBaseUnits(PAIR, 5n)).toBe(500_000n);
    expect([499_999n, 500_000n, 599_999n].map((units) => toQtyUnits(PAIR, units))).toEqual([4n, 5n, 5n]);
    expect([4n, 5n, 6n, 10n].map((qty) => onSpotStep(PAIR, qty))).toEqual([0n, 5n, 5n, 10n]);
  });

  it('when a contract is asked for its coins then it has none', () => {
    expect(() => toBaseUnits(BTCUSDT, 1n)).toThrow(InvariantError);
  });
});

describe('what a buy locks', () => {
  test.each([
    // 0.005 · 20,000 = 100, fee 0.10
    ['20000', '0.001', 10_010n],
    // 100.005 → 100.01 half away, fee 0.10001 → 0.11
    ['20001', '0.001', 10_012n],
    ['20000', '0', 10_000n],
    ['20000', '-0.0005', 10_000n],
  ])('when 0.005 rest at %s with a fee of %s then %s cents', (price, fee, lock) => {
    expect(computeSpotLock(PAIR, 5n, d(price), d(fee))).toBe(lock);
  });
});

describe('what a budget buys', () => {
  test.each([
    [10_009n, 0n],
    [10_010n, 5n],
    [10_011n, 5n],
    [20_019n, 5n],
    [20_020n, 10n],
    [0n, 0n],
  ])('when there are %s cents at 20,000 then %s thousandths', (budget, qty) => {
    expect(computeBuyableQty(PAIR, budget, d('20000'), d('0.001'))).toBe(qty);
  });

  it('when any budget is given then the quantity fits, and one step more does not', () => {
    const fees = ['0', '0.001', '0.00075', '-0.0002', '0.1'];
    fc.assert(
      fc.property(
        fc.bigInt(0n, 10n ** 9n),
        fc.integer({ min: 1, max: 5_000_000 }),
        fc.constantFrom(...fees),
        (budget, cents, fee) => {
          const price = { num: BigInt(cents), den: 100n };
          const qty = computeBuyableQty(PAIR, budget, price, d(fee));
          expect(qty % PAIR.qtyStep).toBe(0n);
          expect(computeSpotLock(PAIR, qty, price, d(fee))).toBeLessThanOrEqual(budget);
          expect(computeSpotLock(PAIR, qty + PAIR.qtyStep, price, d(fee))).toBeGreaterThan(budget);
        },
      ),
    );
  });
});

describe('what a share of coins sells', () => {
  test.each([
    ['1', 1_999_999n, 15n],
    ['1', 2_000_000n, 20n],
    ['1', 2_000_001n, 20n],
    ['0.5', 2_000_000n, 10n],
    ['0.4999', 2_000_000n, 5n],
    ['1', 0n, 0n],
  ])('when %s of %s units is sold then %s thousandths', (share, units, qty) => {
    expect(computeSellableQty(PAIR, units, d(share))).toBe(qty);
  });
});
