/**
 * The one law of the trigger book: it never misses. Whenever a bar's range holds a price at which an order fires or a
 * position is due, compared exactly, the book reports the bar. It may report more.
 */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { computeLiquidationPrice } from '../../account/dueMarks.js';
import type { Contract } from '../../contract/contract.js';
import type { AccountRuntime } from '../../engine/accountRuntime.js';
import { runtimeOn } from '../../engine/fixtures/runtimeOn.js';
import type { Market } from '../../engine/market.js';
import type { Ohlc } from '../../engine/path.js';
import { TriggerBook } from '../../engine/triggerBook.js';
import { compareFractions, type Fraction, fractionOfF64, fractionToF64 } from '../../money/decimal.js';
import { isReachedExactly, type Order, seriesOf } from '../../orders/order.js';
import { contractWith } from './contracts.js';
import { orderWith } from './orders.js';
import { closeOf, marketAt, move, standing } from './steps.js';
import { near, type Opened, openedAccounts, priceAt } from './worlds.js';

const exactOf = (contract: Contract, price: number): Fraction => fractionOfF64(price, contract.priceDecimals);

/** A bar around a range of prices, thousandths of the base apart. */
function rangeOf(contract: Contract, base: bigint, a: number, b: number): Ohlc {
  const [low, high] = [a, b].sort((x, y) => x - y).map((off) => fractionToF64(near(contract, base, off)));
  return { open: low!, low: low!, high: high!, close: high! };
}

function barOf(contract: Contract, last: Ohlc, mark: Ohlc): Market {
  return marketAt([{ contract, last, mark }]);
}

/** The account where last and mark stand at the base price. */
function runtimeOf({ account, contract, base }: Opened): AccountRuntime {
  const price = standing(fractionToF64(near(contract, base, 0)));
  return runtimeOn(account, barOf(contract, price, price));
}

/** Computes the levels of an account where last and mark stand at a price. */
function refresh(book: TriggerBook, account: number, runtime: AccountRuntime, price: number): void {
  stand(runtime, price);
  book.refresh(account, runtime);
}

function stand({ market }: AccountRuntime, price: number): void {
  move(market, [{ contract: market.symbols[0]!.contracts[0]!, last: standing(price), mark: standing(price) }]);
}

function isDueAt(runtime: AccountRuntime, mark: number): boolean {
  stand(runtime, mark);
  return runtime.isAnyDue(closeOf(runtime.market));
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
        const market = barOf(contract, rangeOf(contract, base, a, b), rangeOf(contract, base, c, e));
        const { bar } = market.symbols[0]!;
        const book = new TriggerBook(market, accounts.length);
        const isAnyHit = accounts.map((rows, account) => {
          const runtime = runtimeOf({ ...opened, account: opened.account.clone() });
          runtime.account.position(contract).qty = 0n;
          const orders = rows.map((row, id): Order => {
            const level = fractionToF64(near(contract, base, row.off));
            const common = { id, contract, firesOn: row.firesOn, triggerBy: row.onMark ? 'mark' : 'last' } as const;
            return row.isStop
              ? orderWith({ ...common, type: 'stop', price: null, trigger: level })
              : orderWith({ ...common, price: level });
          });
          for (const order of orders) runtime.books[0]!.orders.add(order);
          refresh(book, account, runtime, fractionToF64(near(contract, base, 0)));
          const isHit = orders.some((order) => {
            const prices = seriesOf(order) === 'mark' ? bar.mark : bar.last;
            const furthest = order.firesOn === 'fall' ? prices.low : prices.high;
            return isReachedExactly(
              order,
              exactOf(contract, (order.price ?? order.trigger)!),
              exactOf(contract, furthest),
            );
          });
          expect(book.isReachedBy(account, market)).toBe(isHit);
          return isHit;
        });
        expect(book.isReached(market)).toBe(isAnyHit.some((isHit) => isHit));
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
    const book = new TriggerBook(runtime.market, 1);
    refresh(book, 0, runtime, fractionToF64(near(contract, base, at)));
    const isDue = [mark.low, mark.high].some((price) => isDueAt(runtime, price));
    const bar = barOf(contract, rangeOf(contract, base, 0, 0), mark);
    if (isDue) expect([book.isReached(bar), book.isReachedBy(0, bar)]).toEqual([true, true]);
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
        const { account } = runtime;
        const position = account.position(contract);
        const price = computeLiquidationPrice(
          account.rules,
          position,
          account.collateral(position),
          near(contract, base, 0),
          account.takerFee(contract),
        );
        if (price === null) return;
        const { tick } = contract;
        const inTicks = (price.num * tick.den) / (price.den * tick.num) + ticks;
        fc.pre(inTicks > 0n && inTicks < 10n ** 13n);
        const end = fractionToF64(priceAt(contract, inTicks));
        const start = fractionToF64(near(contract, base, 0));
        const [low, high] = [Math.min(start, end), Math.max(start, end)];
        const mark = { open: start, low, high, close: end };
        const book = new TriggerBook(runtime.market, 1);
        refresh(book, 0, runtime, start);
        const isDue = isDueAt(runtime, end);
        if (isDue) due += 1;
        const bar = barOf(contract, mark, mark);
        if (isDue) expect(book.isReached(bar)).toBe(true);
        else if (compareFractions(exactOf(contract, start), exactOf(contract, end)) !== 0 && !isDueAt(runtime, start)) {
          expect(book.isReached(bar)).toBe(false);
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
