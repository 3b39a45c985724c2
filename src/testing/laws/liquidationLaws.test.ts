/**
 * Laws of liquidation, over every contract type, mode and preset: equality at the price, one tick better and one worse, the
 * order of liquidation and bankruptcy, and what a take-over may cost and never pays back.
 */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { computeLiquidationPrice } from '../../account/dueMarks.js';
import { computeBankruptcyPrice, isBeyondBankruptcy, roundToTickTowardEntry } from '../../account/liquidation.js';
import { computeCommissionReserve } from '../../account/margin.js';
import { absolute, computeExactProfit } from '../../account/position.js';
import { isLiquidatable } from '../../account/riskGroup.js';
import { computeExactValue } from '../../contract/payoff.js';
import { compareFractions, type Fraction } from '../../money/decimal.js';
import { near, type Opened, openedAccounts } from './worlds.js';

const offs = fc.integer({ min: -600, max: 600 });
const RUNS = { numRuns: 600 };

/** What the laws ask of a world: its position, what stands behind it, and its prices. */
function levelsOf({ account, contract, base }: Opened, off = 0) {
  const position = account.position(contract);
  const collateral = account.collateral(position);
  const mark = near(contract, base, off);
  const price = computeLiquidationPrice(account.rules, position, collateral, mark);
  return { position, collateral, mark, price, isLong: position.qty > 0n, rules: account.rules };
}

const plusTicks = (price: Fraction, tick: Fraction, ticks: bigint): Fraction => ({
  num: price.num * tick.den + ticks * tick.num * price.den,
  den: price.den * tick.den,
});

describe('the liquidation price of flat rates at the mark', () => {
  it('when the mark reaches it then equity is the maintenance margin exactly; one tick better is not due, one worse is', () => {
    let met = 0;
    fc.assert(
      fc.property(openedAccounts(fc.constant('generic')), (world) => {
        const { position, collateral, price, isLong, rules } = levelsOf(world);
        if (price === null || price.num === 0n) return;
        met += 1;
        const { tick, maintenanceMargin: m } = world.contract;
        const value = computeExactValue(world.contract, absolute(position.qty), price);
        const profit = computeExactProfit(position, price);
        const equity = { num: collateral * profit.den + profit.num, den: profit.den };
        expect(compareFractions(equity, { num: value.num * m.num, den: value.den * m.den })).toBe(0);
        const better = plusTicks(price, tick, isLong ? 1n : -1n);
        const worse = plusTicks(price, tick, isLong ? -1n : 1n);
        expect(isLiquidatable(rules, position, collateral, price)).toBe(true);
        if (better.num > 0n) expect(isLiquidatable(rules, position, collateral, better)).toBe(false);
        if (worse.num > 0n) expect(isLiquidatable(rules, position, collateral, worse)).toBe(true);
      }),
      RUNS,
    );
    expect(met).toBeGreaterThan(300);
  });

  it('when there is none then no mark is due, or every mark is where the losses already exceed the value', () => {
    fc.assert(
      fc.property(openedAccounts(fc.constant('generic')), fc.integer({ min: -999, max: 100_000 }), (world, off) => {
        const { position, collateral, mark, price, rules } = levelsOf(world, off);
        if (price === null)
          expect(isLiquidatable(rules, position, collateral, mark)).toBe(collateral <= -position.cost);
      }),
      RUNS,
    );
  });
});

describe('the ledger’s liquidation price', () => {
  it('when the mark is at it or worse then it is due, a hair better then not, and the price stands on the tick', () => {
    fc.assert(
      fc.property(openedAccounts(fc.constantFrom('bitmex', 'bitmex_2020')), offs, (world, off) => {
        const { position, collateral, mark, price, isLong, rules } = levelsOf(world, off);
        if (price === null) {
          if (collateral >= 0n) expect(isLiquidatable(rules, position, collateral, mark)).toBe(false);
          return;
        }
        const { tick } = world.contract;
        expect((price.num * tick.den) % (price.den * tick.num)).toBe(0n);
        const side = compareFractions(mark, price);
        expect(isLiquidatable(rules, position, collateral, mark)).toBe(isLong ? side <= 0 : side >= 0);
        const hair = { num: tick.num, den: tick.den * 1_000_000n };
        expect(isLiquidatable(rules, position, collateral, price)).toBe(true);
        expect(isLiquidatable(rules, position, collateral, plusTicks(price, hair, isLong ? 1n : -1n))).toBe(false);
      }),
      RUNS,
    );
  });

  it('when it is compared with the exact price on the entry then it is never later, and within the rounding of a lot and a tick', () => {
    fc.assert(
      fc.property(openedAccounts(fc.constantFrom('bitmex', 'bitmex_2020')), (world) => {
        const { position, collateral, mark, price, isLong, rules } = levelsOf(world);
        const exact = computeLiquidationPrice({ ...rules, liquidationRule: 'exact' }, position, collateral, mark);
        if (price === null || exact === null) return;
        expect(compareFractions(price, exact) * (isLong ? 1 : -1)).toBeGreaterThanOrEqual(0);
      }),
      RUNS,
    );
  });
});

describe('bankruptcy', () => {
  it('when a position is not due yet then its bankruptcy lies at or beyond its liquidation', () => {
    fc.assert(
      fc.property(openedAccounts(), (world) => {
        const { position, collateral, mark, price, isLong, rules } = levelsOf(world);
        fc.pre(!isLiquidatable(rules, position, collateral, mark));
        const bankruptcy = computeBankruptcyPrice(rules, position, collateral);
        const shown = roundToTickTowardEntry(position, price);
        if (bankruptcy === null || shown === null) return;
        expect(compareFractions(bankruptcy, shown) * (isLong ? 1 : -1)).toBeLessThanOrEqual(0);
      }),
      RUNS,
    );
  });

  it('when the mark is beyond bankruptcy then the position is due', () => {
    fc.assert(
      fc.property(openedAccounts(), offs, (world, off) => {
        const { position, collateral, mark, rules } = levelsOf(world, off);
        if (isBeyondBankruptcy(rules, position, collateral, mark))
          expect(isLiquidatable(rules, position, collateral, mark)).toBe(true);
      }),
      RUNS,
    );
  });
});

describe('take-over', () => {
  it('when an isolated position is taken over at any mark then the wallet loses its margin and the reserve, no more and no less', () => {
    fc.assert(
      fc.property(openedAccounts(), offs, (world, off) => {
        const { account, contract } = world;
        const position = account.position(contract);
        fc.pre(position.mode === 'isolated' && account.wallet >= position.margin);
        const { wallet } = account;
        const { margin } = position;
        const reserve = computeCommissionReserve(account.rules, position, account.takerFee(contract));
        const result = account.applyTakeOver(contract, 9, near(contract, world.base, off));
        expect(result.realizedPnl + result.insurance).toBe(-margin);
        const paid = wallet - margin < reserve ? wallet - margin : reserve;
        expect(result.fee).toBe(paid);
        expect(account.wallet).toBe(wallet - margin - paid);
      }),
      RUNS,
    );
  });

  it('when the only position is taken over where it is due then it never pays back, and the wallet never ends below 0', () => {
    let met = 0;
    fc.assert(
      fc.property(openedAccounts(), offs, (world, off) => {
        const { account, contract } = world;
        const { position, collateral, mark, rules } = levelsOf(world, off);
        fc.pre(
          isLiquidatable(rules, position, collateral, mark) &&
            account.wallet >= 0n &&
            collateral >= 0n &&
            account.crossWallet() >= 0n,
        );
        met += 1;
        const { wallet } = account;
        const isCross = position.mode === 'cross';
        const beyond = isBeyondBankruptcy(rules, position, collateral, mark);
        const result = account.applyTakeOver(contract, 9, mark);
        expect(account.wallet <= wallet && account.wallet >= 0n).toBe(true);
        if (isCross) expect(account.wallet).toBe(0n);
        if (beyond) expect(compareFractions(result.price, mark)).toBe(0);
        expect(result.insurance >= 0n).toBe(true);
        expect(account.position(contract).qty).toBe(0n);
      }),
      { numRuns: 1500 },
    );
    expect(met).toBeGreaterThan(300);
  });
});
