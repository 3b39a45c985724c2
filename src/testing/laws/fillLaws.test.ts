/**
 * Laws of fills, funding and profit over every preset, payoff and mode: a split fill is the whole one, long and short cancel, and
 * an inverse result is a linear one in another currency. Invariants 4, 5, 12 and 13 of the settlement rules.
 */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { MarginMode } from '../../account/bills.js';
import { absolute, applyFill, computeExactProfit } from '../../account/position.js';
import { computeExactValue, roundingLot } from '../../contract/payoff.js';
import { compareFractions } from '../../money/decimal.js';
import { integer, times } from '../../money/fractions.js';
import { accountWith, contractWith, fill, QUANTO } from './contracts.js';
import { payoffs } from './holdings.js';
import { allVenues, near } from './worlds.js';

const RUNS = { numRuns: 600 };
const bases = fc.bigInt({ min: 2_000n, max: 200_000n });
const lots = fc.bigInt({ min: 1n, max: 1000n });
const offs = fc.integer({ min: -400, max: 400 });
const scene = fc.record({
  venue: allVenues,
  contract: payoffs('AAA'),
  mode: fc.constantFrom<MarginMode>('isolated', 'cross'),
  leverage: fc.constantFrom('1', '3', '7.5', '20'),
  base: bases,
  isLong: fc.boolean(),
});
const RICH = 10n ** 18n;

describe('invariant 4: a fill in parts', () => {
  it('when a fill is split at one price then the quantity is equal and the cost within a unit a part, exact by lots', () => {
    fc.assert(
      fc.property(scene, fc.array(lots, { minLength: 2, maxLength: 6 }), (w, parts) => {
        const { venue, contract, mode, leverage, isLong } = w;
        const price = near(contract, w.base, 0);
        const side = isLong ? 'buy' : 'sell';
        const [whole, split] = [0, 1].map(() => accountWith(venue, mode, leverage, RICH, contract.settle));
        const total = parts.reduce((sum, part) => sum + part, 0n);
        fill(whole!, contract, side, 'open', total * contract.minQty, price);
        for (const part of parts) fill(split!, contract, side, 'open', part * contract.minQty, price);
        const [a, b] = [whole!.position(contract), split!.position(contract)];
        expect(b.qty).toBe(a.qty);
        const isByLot = roundingLot(contract, whole!.rules.valueRounding) !== null;
        const most = isByLot ? 0n : BigInt(parts.length);
        expect(absolute(b.cost - a.cost) <= most).toBe(true);
        if (mode === 'cross') expect([a.margin, b.margin]).toEqual([0n, 0n]);
        // Initial margin rounds up at every fill, but for the ledger’s.
        else if (whole!.rules.liquidationRule !== 'bitmex_ledger') {
          expect(absolute(b.margin - a.margin) <= 2n * BigInt(parts.length)).toBe(true);
        } else expect(b.margin).toBe(a.margin);
      }),
      RUNS,
    );
  });
});

/** A long and a short of equal size from one price in one account. */
function hedge(
  { venue, contract, mode, leverage, base }: typeof scene extends fc.Arbitrary<infer T> ? T : never,
  size: bigint,
) {
  const account = accountWith(venue, mode, leverage, RICH, contract.settle, { positionMode: 'hedged' });
  const price = near(contract, base, 0);
  fill(account, contract, 'buy', 'open', size * contract.minQty, price, '0', 'long');
  fill(account, contract, 'sell', 'open', size * contract.minQty, price, '0', 'short');
  return account;
}

describe('invariant 5: a long and a short of equal size', () => {
  it('when both come from one price then their profits add up to 0 at every mark, and when both are closed there', () => {
    fc.assert(
      fc.property(scene, lots, offs, (w, size, off) => {
        const { contract } = w;
        const account = hedge(w, size);
        const mark = near(contract, w.base, off);
        expect(account.balances(contract.settle.code, () => mark, 0n).unrealizedPnl).toBe(0n);
        const qty = size * contract.minQty;
        const long = fill(account, contract, 'sell', 'close', qty, mark, '0', 'long');
        const short = fill(account, contract, 'buy', 'close', qty, mark, '0', 'short');
        expect(long.realizedPnl + short.realizedPnl).toBe(0n);
        expect(account.wallet).toBe(RICH);
      }),
      RUNS,
    );
  });
});

describe('invariant 12: funding of a long and a short of equal size', () => {
  it('when both are paid and charged at one mark then it adds up to 0, whichever pocket bears it', () => {
    fc.assert(
      fc.property(
        scene,
        lots,
        offs,
        fc.integer({ min: -5000, max: 5000 }),
        fc.bigInt({ min: 0n, max: 10n ** 6n }),
        (w, size, off, rate, transferable) => {
          const { contract } = w;
          const account = hedge(w, size);
          const mark = near(contract, w.base, off);
          const [long, short] = (['long', 'short'] as const).map((slot) =>
            account.applyFunding(contract, 5, { num: BigInt(rate), den: 100_000n }, mark, { slot, transferable }),
          );
          expect(long! + short!).toBe(0n);
          // Who has a positive rate against him pays.
          if (long !== 0n) expect(long! < 0n).toBe(rate > 0);
          expect(account.wallet).toBe(RICH);
        },
      ),
      RUNS,
    );
  });
});

describe('invariant 13: inverse and linear', () => {
  const inverse = contractWith({ type: 'inverse', settle_currency: 'XBT', min_qty: '1', tick_size: '0.5' }, 'III');
  /** Values in whole USD, coins as quantity: one unit of quantity is a satoshi. */
  const linear = { ...contractWith({}, 'LLL'), valueScale: integer(1n) };

  it('when an inverse result is converted at the exit then it is the linear result on the coins bought at entry', () => {
    fc.assert(
      fc.property(bases, offs, lots, fc.boolean(), (base, off, size, isLong) => {
        const [entry, exit] = [near(inverse, base, 0), near(inverse, base, off)];
        const qty = isLong ? size : -size;
        const coins = computeExactValue(inverse, size, entry);
        const inCoins = applyFill(
          { qty: integer(qty), cost: coins },
          integer(-qty),
          computeExactValue(inverse, size, exit),
          -1n,
        ).gross;
        const signed = { num: isLong ? coins.num : -coins.num, den: coins.den };
        const inUsd = applyFill(
          { qty: signed, cost: times(coins, entry) },
          { num: -signed.num, den: signed.den },
          times(coins, exit),
          1n,
        ).gross;
        expect(compareFractions(times(inCoins, exit), inUsd)).toBe(0);
      }),
      RUNS,
    );
  });

  it('when the coins of the entry are whole then so says the profit of positions, unrounded', () => {
    fc.assert(
      fc.property(lots, offs, fc.boolean(), (size, off, isLong) => {
        // At 12,500 a contract of 1 USD is 8,000 satoshi.
        const exit = near(inverse, 25_000n, off);
        const sign = isLong ? 1n : -1n;
        const blank = accountWith('generic', 'cross', '10', 0n).position(QUANTO);
        const inCoins = computeExactProfit(
          { ...blank, contract: inverse, qty: sign * size, cost: size * 8_000n },
          exit,
        );
        const inUsd = computeExactProfit(
          { ...blank, contract: linear, qty: sign * size * 8_000n, cost: size * 8_000n * 12_500n },
          exit,
        );
        expect(compareFractions(times(inCoins, exit), inUsd)).toBe(0);
        if (off !== 0) expect(inUsd.num > 0n).toBe(off > 0 === isLong);
      }),
      RUNS,
    );
  });
});
