/** One position: open cost, average entry of every contract type, what a partial close releases, and unrounded profit. */

import { describe, expect, it, test } from '@jest/globals';
import type { Contract } from '../contract/contract.js';
import { compareFractions } from '../money/decimal.js';
import { integer, over, ZERO } from '../money/fractions.js';
import { BTCUSDT, d, QUANTO, XBTUSD } from '../testing/laws/contracts.js';
import {
  absolute,
  applyFill,
  computeEntryPrice,
  computeExactProfit,
  computeReleasedCost,
  createPosition,
  profitSign,
} from './position.js';

const positionOf = (contract: Contract, qty: bigint, cost: bigint) => ({
  ...createPosition(contract, 'cross', d('10')),
  qty,
  cost,
});

describe('a new position', () => {
  it('when it is created then it is flat and has no entry price, no profit and nothing to release', () => {
    const position = createPosition(XBTUSD, 'isolated', d('10'));
    expect(position).toEqual({
      contract: XBTUSD,
      slot: 'net',
      mode: 'isolated',
      leverage: d('10'),
      id: 0,
      qty: 0n,
      cost: 0n,
      margin: 0n,
      added: 0n,
    });
    expect(computeEntryPrice(position)).toBeNull();
    expect(computeExactProfit(position, d('9000'))).toEqual({ num: 0n, den: 1n });
  });
});

describe('entry price', () => {
  test.each<[string, Contract, bigint, bigint, string]>([
    ['inverse 1,000 at 5,000 and 2,000 at 6,000, within a unit', XBTUSD, 3_000n, 53_333_333n, '5625.00003515625'],
    ['inverse 50 at 10,000 and 50 at 15,000', XBTUSD, 100n, 833_333n, '12000.0048'],
    ['linear 0.5 at 40,000 and 0.25 at 46,000', BTCUSDT, 750n, 3_150_000_000_000n, '42000'],
    ['quanto 10,000 at 500', QUANTO, 10_000n, 500_000_000n, '500'],
    ['a short as the long', XBTUSD, -10_000n, 100_000_000n, '10000'],
  ])('when %s then the average is exact for the cost', (_, contract, qty, cost, price) => {
    const entry = computeEntryPrice(positionOf(contract, qty, cost))!;
    const off = { num: entry.num * 10n ** 8n, den: entry.den };
    const wanted = d(price);
    const difference = off.num * wanted.den - wanted.num * 10n ** 8n * off.den;
    expect(absolute(difference) < 1000n * off.den * wanted.den).toBe(true);
  });
});

describe('released cost', () => {
  // cost, held, closed, released: half away from zero, the whole takes all
  test.each([
    [53_333_333n, 3_000n, 1_200n, 21_333_333n],
    [10n, 4n, 1n, 3n],
    [9n, 4n, 1n, 2n],
    [11n, 4n, 1n, 3n],
    [10n, 3n, 1n, 3n],
    [10n, 3n, 2n, 7n],
    [10n, 3n, 3n, 10n],
    [10n, -3n, 3n, 10n],
    [10n, -3n, 1n, 3n],
    [0n, 5n, 5n, 0n],
  ])('when cost %s stands for %s and %s are closed then %s is released', (cost, qty, closed, released) => {
    expect(computeReleasedCost(positionOf(XBTUSD, qty, cost), closed)).toBe(released);
  });
});

describe('profit', () => {
  test.each<[string, Contract, bigint, bigint]>([
    ['linear long', BTCUSDT, 1n, 1n],
    ['linear short', BTCUSDT, -1n, -1n],
    ['quanto long', QUANTO, 1n, 1n],
    ['inverse long', XBTUSD, 1n, -1n],
    ['inverse short', XBTUSD, -1n, 1n],
  ])('when the position is an %s then its profit rises with the value by %s', (_, contract, qty, sign) => {
    expect(profitSign(positionOf(contract, qty, 1n))).toBe(sign);
  });

  test.each<[Contract, bigint, bigint, string, bigint, bigint]>([
    [XBTUSD, 10_000n, 100_000_000n, '10500', 100_000_000n, 21n],
    [XBTUSD, -10_000n, 100_000_000n, '10500', -100_000_000n, 21n],
    [XBTUSD, 10_000n, 100_000_000n, '10000', 0n, 1n],
    [BTCUSDT, 300n, 1_260_000_000_000n, '45000', 90_000_000_000n, 1n],
    [BTCUSDT, -300n, 1_260_000_000_000n, '45000', -90_000_000_000n, 1n],
    [QUANTO, 10_000n, 500_000_000n, '540', 40_000_000n, 1n],
  ])('when a position of %# is valued then its profit is not rounded', (contract, qty, cost, price, num, den) => {
    expect(compareFractions(computeExactProfit(positionOf(contract, qty, cost), d(price)), { num, den })).toBe(0);
  });
});

describe('a holding in exact numbers', () => {
  const FLAT = { qty: ZERO, cost: ZERO };
  const at = (qty: bigint, price: bigint) => over(integer(qty < 0n ? -qty : qty), integer(price));

  it('when 1,000 inverse contracts go from 9,000 to 10,000 then a long makes 1/90', () => {
    const open = applyFill(FLAT, integer(1000n), at(1000n, 9000n), -1n).after;
    const closed = applyFill(open, integer(-1000n), at(1000n, 10000n), -1n);
    expect(closed).toEqual({ after: { qty: ZERO, cost: ZERO }, closed: integer(1000n), gross: { num: 1n, den: 90n } });
  });

  it('when a fill is larger than the holding then the rest opens at its own price', () => {
    const open = applyFill(FLAT, integer(3n), integer(300n), 1n).after;
    const flipped = applyFill(open, integer(-5n), integer(600n), 1n);
    // 3 of 5 close at 120: 3·20; 2 short at 120 remain.
    expect(flipped).toEqual({
      after: { qty: integer(-2n), cost: integer(240n) },
      closed: integer(3n),
      gross: integer(60n),
    });
  });

  it('when a short is reduced then the average entry stays', () => {
    const open = applyFill(FLAT, integer(-25n), integer(1000n), 1n).after;
    const reduced = applyFill(open, integer(1n), d('43.816'), 1n);
    expect(reduced.after).toEqual({ qty: integer(-24n), cost: integer(960n) });
    expect(compareFractions(reduced.gross, d('-3.816'))).toBe(0);
  });
});
