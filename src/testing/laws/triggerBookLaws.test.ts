/**
 * The one law of the trigger book: it never misses. Whenever a bar's range holds a price at which an order fires or a
 * position is due, compared exactly, the book reports the bar. It may report more.
 */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Contract } from '../../contract/contract.js';
import { AccountRuntime } from '../../engine/accountRuntime.js';
import type { BarPrices, Ohlc } from '../../engine/path.js';
import { TriggerBook } from '../../engine/triggerBook.js';
import { compareFractions, type Fraction, fractionOfF64, fractionToF64 } from '../../money/decimal.js';
import { isReachedExactly, type Order, seriesOf } from '../../orders/order.js';
import { contractWith } from './contracts.js';
import { orderWith } from './orders.js';
import { near, type Opened, openedAccounts, priceAt } from './worlds.js';

const exactOf = (contract: Contract, price: number): Fraction => fractionOfF64(price, contract.priceDecimals);

/** A bar around a range of prices, thousandths of the base apart. */
function rangeOf(contract: Contract, base: bigint, a: number, b: number): Ohlc {
  const [low, high] = [a, b].sort((x, y) => x - y).map((off) => fractionToF64(near(contract, base, off)));
  return { open: low!, low: low!, high: high!, close: high! };
}

function barOf(last: Ohlc, mark: Ohlc): BarPrices {
  return { openTimeMs: 0, closeTimeMs: 60_000, last, mark };
}

function runtimeOf({ account, contract }: Opened): AccountRuntime {
  return new AccountRuntime(account, contract);
}

const off = fc.integer({ min: -500, max: 500 });
const anOrder = fc.record({
  off,
  isStop: fc.boolean(),
  onMark: fc.boolean(),
  firesOn: fc.constantFrom<'fall' | 'rise'>('fall', 'rise'),
});

describe('orders', () => {
  it('when a bar holds the level of any order of any account then it is reported, else it is not', () => {
    const world = fc.tuple(
      openedAccounts(),
      fc.array(fc.array(anOrder, { maxLength: 4 }), { minLength: 1, maxLength: 4 }),
      off,
      off,
      off,
      off,
    );
    fc.assert(
      fc.property(world, ([opened, accounts, a, b, c, e]) => {
        const { contract, base } = opened;
        const bar = barOf(rangeOf(contract, base, a, b), rangeOf(contract, base, c, e));
        const book = new TriggerBook(accounts.length);
        const isAnyHit = accounts.map((rows, account) => {
          const runtime = new AccountRuntime(opened.account.clone(), contract);
          runtime.account.position(contract).qty = 0n;
          const orders = rows.map((row, id): Order => {
            const level = fractionToF64(near(contract, base, row.off));
            const common = { id, contract, firesOn: row.firesOn, triggerBy: row.onMark ? 'mark' : 'last' } as const;
            return row.isStop
              ? orderWith({ ...common, type: 'stop', price: null, trigger: level })
              : orderWith({ ...common, price: level });
          });
          for (const order of orders) runtime.orders.add(order);
          book.refresh(account, runtime, fractionToF64(near(contract, base, 0)));
          const isHit = orders.some((order) => {
            const prices = seriesOf(order) === 'mark' ? bar.mark : bar.last;
            const furthest = order.firesOn === 'fall' ? prices.low : prices.high;
            return isReachedExactly(
              order,
              exactOf(contract, (order.price ?? order.trigger)!),
              exactOf(contract, furthest),
            );
          });
          expect(book.isReachedBy(account, bar)).toBe(isHit);
          return isHit;
        });
        expect(book.isReached(bar)).toBe(isAnyHit.some((isHit) => isHit));
      }),
      { numRuns: 600 },
    );
  });
});

describe('liquidation', () => {
  /** Refreshes at a mark and asks for a bar; the exact test at the bar's extremes must not know better. */
  function expectNoMiss(opened: Opened, at: number, a: number, b: number): boolean {
    const { contract, base } = opened;
    const runtime = runtimeOf(opened);
    const mark = rangeOf(contract, base, a, b);
    const book = new TriggerBook(1);
    book.refresh(0, runtime, fractionToF64(near(contract, base, at)));
    const isDue = [mark.low, mark.high].some((price) => runtime.isLiquidatable(runtime.exact(price)));
    const last = rangeOf(contract, base, 0, 0);
    if (isDue)
      expect([book.isReached(barOf(last, mark)), book.isReachedBy(0, barOf(last, mark))]).toEqual([true, true]);
    return isDue;
  }

  it('when the mark’s range holds a price at which the position is due then the bar is reported', () => {
    let due = 0;
    fc.assert(
      fc.property(openedAccounts(), off, off, off, (opened, at, a, b) => {
        if (expectNoMiss(opened, at, a, b)) due += 1;
      }),
      { numRuns: 2000 },
    );
    expect(due).toBeGreaterThan(300);
  });

  it('when the range ends within three ticks of the liquidation price then the book and the exact test agree on a miss', () => {
    let due = 0;
    fc.assert(
      fc.property(openedAccounts(), fc.bigInt({ min: -3n, max: 3n }), (opened, ticks) => {
        const { contract, base } = opened;
        const runtime = runtimeOf(opened);
        const price = runtime.liquidationPrice(near(contract, base, 0));
        if (price === null) return;
        const { tick } = contract;
        const inTicks = (price.num * tick.den) / (price.den * tick.num) + ticks;
        fc.pre(inTicks > 0n && inTicks < 10n ** 13n);
        const end = fractionToF64(priceAt(contract, inTicks));
        const start = fractionToF64(near(contract, base, 0));
        const [low, high] = [Math.min(start, end), Math.max(start, end)];
        const mark = { open: start, low, high, close: end };
        const book = new TriggerBook(1);
        book.refresh(0, runtime, start);
        const isDue = runtime.isLiquidatable(runtime.exact(end));
        if (isDue) due += 1;
        if (isDue) expect(book.isReached(barOf(mark, mark))).toBe(true);
        else if (
          compareFractions(exactOf(contract, start), exactOf(contract, end)) !== 0 &&
          !runtime.isLiquidatable(runtime.exact(start))
        ) {
          expect(book.isReached(barOf(mark, mark))).toBe(false);
        }
      }),
      { numRuns: 2000 },
    );
    expect(due).toBeGreaterThan(500);
  });

  it('when risk steps rise at the mark then a bar that makes the position due is reported, whichever way it goes', () => {
    const stepped = fc
      .record({
        type: fc.constantFrom('inverse', 'linear'),
        base: fc.integer({ min: 1, max: 400 }),
        step: fc.integer({ min: 1, max: 100 }),
      })
      .map(({ type, base, step }) =>
        contractWith({
          type,
          multiplier: type === 'inverse' ? '1000' : '0.01',
          settle_currency: 'XBT',
          min_qty: '1',
          tick_size: '0.5',
          initial_margin: '0.01',
          maintenance_margin: '0.009',
          max_leverage: '1000',
          risk_limit: { base: String(base), step: String(step) },
        }),
      );
    const small = fc.integer({ min: -60, max: 60 });
    fc.assert(
      fc.property(openedAccounts(fc.constant('generic'), stepped), small, small, small, (opened, at, a, b) => {
        expectNoMiss(opened, at, Math.min(a, at), Math.max(b, at));
      }),
      { numRuns: 3000 },
    );
  });
});
