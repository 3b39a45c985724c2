/**
 * The book of levels over several accounts: each series and direction at, before and past its level, what is queued, what a
 * refresh forgets, and liquidation levels that no decimal hits.
 */

import { describe, expect, it, test } from '@jest/globals';
import type { Order } from '../orders/order.js';
import { accountWith, contractWith, FLAT_INVERSE, fill, XBTUSD } from '../testing/laws/contracts.js';
import { orderWith } from '../testing/laws/orders.js';
import { closeOf, marketAt, move, standing } from '../testing/laws/steps.js';
import type { AccountRuntime } from './accountRuntime.js';
import { runtimeOn } from './fixtures/runtimeOn.js';
import type { Market } from './market.js';
import type { Ohlc } from './path.js';
import { TriggerBook } from './triggerBook.js';

const range = (low: number, high: number): Ohlc => ({ open: low, high, low, close: high });
const barOf = (last: Ohlc, mark: Ohlc = standing(9000), contract = FLAT_INVERSE): Market =>
  marketAt([{ contract, last, mark }]);
const QUIET = barOf(standing(9000));

function runtimeWith(...orders: Order[]): AccountRuntime {
  const account = accountWith('generic', 'isolated', '10', 10n ** 9n);
  const runtime = runtimeOn(account, barOf(standing(9000)));
  for (const order of orders) ordersOf(runtime).add(order);
  return runtime;
}

const ordersOf = (runtime: AccountRuntime) => runtime.books[0]!.orders;

/** Computes the levels of an account where last and mark stand at a price. */
function refresh(book: TriggerBook, account: number, runtime: AccountRuntime, price: number): void {
  stand(runtime, price);
  book.refresh(account, runtime);
}

function stand({ market }: AccountRuntime, price: number): void {
  move(market, [{ contract: market.symbols[0]!.contracts[0]!, last: standing(price), mark: standing(price) }]);
}

function bookOf(...runtimes: AccountRuntime[]): TriggerBook {
  const book = new TriggerBook(QUIET, runtimes.length);
  runtimes.forEach((runtime, account) => {
    refresh(book, account, runtime, 9000);
  });
  return book;
}

const stop = (firesOn: 'fall' | 'rise', triggerBy: 'last' | 'mark', trigger: number): Order =>
  orderWith({ type: 'stop', price: null, trigger, triggerBy, firesOn });

describe('levels', () => {
  test.each<[string, Order, Market, boolean]>([
    ['falls short of a low level', stop('fall', 'last', 8900), barOf(range(8900.5, 9000)), false],
    ['falls to it', stop('fall', 'last', 8900), barOf(range(8900, 9000)), true],
    ['falls past it', stop('fall', 'last', 8900), barOf(range(8899.5, 9000)), true],
    ['rises short of a high level', stop('rise', 'last', 9100), barOf(range(9000, 9099.5)), false],
    ['rises to it', stop('rise', 'last', 9100), barOf(range(9000, 9100)), true],
    ['rises past it', stop('rise', 'last', 9100), barOf(range(9000, 9100.5)), true],
    ['reaches a level of the mark on last only', stop('fall', 'mark', 8900), barOf(range(8800, 9000)), false],
    ['reaches a level of the mark', stop('fall', 'mark', 8900), barOf(range(9000, 9000), range(8900, 9000)), true],
    ['reaches a high level of the mark', stop('rise', 'mark', 9100), barOf(range(9000, 9000), range(9000, 9100)), true],
    ['falls to a resting bid', orderWith({ price: 8900 }), barOf(range(8900, 9000)), true],
    ['rises to a resting offer', orderWith({ side: 'sell', price: 9100 }), barOf(range(9000, 9100)), true],
    ['passes a stop not armed', { ...stop('fall', 'last', 8900), isArmed: false }, barOf(range(1, 9000)), false],
  ])('when a bar %s then it is reported or not', (_, order, bar, isReached) => {
    const book = bookOf(runtimeWith(), runtimeWith(order));
    expect(book.isReached(bar)).toBe(isReached);
    expect(book.isReachedBy(1, bar)).toBe(isReached);
    expect(book.isReachedBy(0, bar)).toBe(false);
  });

  it('when an order is fresh then any bar is reported, until it no longer is', () => {
    const order = orderWith({ type: 'market', price: null, isFresh: true });
    const runtime = runtimeWith(order);
    const book = bookOf(runtimeWith(), runtime);
    expect([book.isReached(QUIET), book.isReachedBy(1, QUIET), book.isReachedBy(0, QUIET)]).toEqual([
      true,
      true,
      false,
    ]);
    order.isFresh = false;
    refresh(book, 1, runtime, 9000);
    expect(book.isReached(QUIET)).toBe(false);
  });

  it('when an account is refreshed twice while queued then it is queued once', () => {
    const runtime = runtimeWith(orderWith({ isFresh: true }));
    const book = bookOf(runtime);
    refresh(book, 0, runtime, 9000);
    ordersOf(runtime).end(ordersOf(runtime).all[0]!, { status: 'cancelled', timeMs: 1 });
    refresh(book, 0, runtime, 9000);
    expect(book.isReached(barOf(range(1, 100_000)))).toBe(false);
  });

  it('when the nearest order is gone then the next one counts, and other accounts keep theirs', () => {
    const near = orderWith({ id: 1, price: 8950 });
    const runtime = runtimeWith(near, orderWith({ id: 2, price: 8900 }));
    const book = bookOf(runtime, runtimeWith(orderWith({ price: 8800 })));
    expect(book.isReached(barOf(range(8950, 9000)))).toBe(true);
    ordersOf(runtime).end(near, { status: 'cancelled', timeMs: 1 });
    refresh(book, 0, runtime, 9000);
    expect(book.isReached(barOf(range(8900.5, 9000)))).toBe(false);
    expect(book.isReachedBy(0, barOf(range(8900, 9000)))).toBe(true);
    expect(book.isReachedBy(1, barOf(range(8900, 9000)))).toBe(false);
    expect(book.isReachedBy(1, barOf(range(8800, 9000)))).toBe(true);
  });
});

describe('liquidation levels', () => {
  it('when a long 10× of 10,000 is held then 100500/11 is a level of the mark and of nothing else', () => {
    const runtime = runtimeWith();
    fill(runtime.account, FLAT_INVERSE, 'buy', 'open', 10_000n, '10000');
    const book = bookOf(runtime);
    refresh(book, 0, runtime, 10_000);
    expect(book.isReached(barOf(range(1, 1e6), range(9137, 20_000)))).toBe(false);
    expect(book.isReached(barOf(range(9500, 9500), range(9136.3636363636, 9500)))).toBe(true);
    expect(book.isReached(barOf(range(9500, 9500), range(9136.3636364, 9500)))).toBe(false);
  });

  it('when the mark is already past it then every bar is reported', () => {
    const runtime = runtimeWith();
    fill(runtime.account, FLAT_INVERSE, 'buy', 'open', 10_000n, '10000');
    const book = bookOf(runtime);
    expect(book.isReached(barOf(range(50_000, 50_000), range(50_000, 50_000)))).toBe(true);
  });

  it('when BitMEX’s short is held then its tick is the level', () => {
    const reaching = (high: number): Market => barOf(standing(9000), range(6000, high), XBTUSD);
    const runtime = runtimeOn(accountWith('bitmex', 'isolated', '25', 10n ** 9n), reaching(6000));
    fill(runtime.account, XBTUSD, 'sell', 'open', 500n, '6725');
    const book = new TriggerBook(runtime.market, 1);
    refresh(book, 0, runtime, 6725);
    expect(book.isReached(reaching(6968.49))).toBe(false);
    expect(book.isReached(reaching(6968.5))).toBe(true);
  });

  it('when the position is gone then its level is', () => {
    const runtime = runtimeWith();
    fill(runtime.account, FLAT_INVERSE, 'buy', 'open', 10_000n, '10000');
    const book = bookOf(runtime);
    fill(runtime.account, FLAT_INVERSE, 'sell', 'close', 10_000n, '10000');
    refresh(book, 0, runtime, 10_000);
    expect(book.isReached(barOf(range(1, 1e6), range(1, 1e6)))).toBe(false);
  });

  it('when a rising mark lifts a long into a risk step that its margin does not cover then the bar is reported', () => {
    const contract = contractWith({
      min_qty: '1',
      tick_size: '0.5',
      settle_decimals: 2,
      initial_margin: '0.01',
      maintenance_margin: '0.009',
      risk_limit: { base: '1000000', step: '500000' },
    });
    const rising = (high: number): Market => barOf(standing(9000), range(9990, high), contract);
    const account = accountWith('generic', 'isolated', '100', 10n ** 9n, contract.settle);
    const runtime = runtimeOn(account, rising(9990));
    // 100 at 9,990: value 999,000, margin 9,990. At 10,010 the value is 1,001,000: 1.8 % are 18,018, the equity 11,990.
    fill(runtime.account, contract, 'buy', 'open', 100n, '9990');
    const book = new TriggerBook(runtime.market, 1);
    const isDueAt = (mark: number): boolean => {
      stand(runtime, mark);
      return runtime.isAnyDue(closeOf(runtime.market));
    };
    expect([9990, 10_000, 10_010].map(isDueAt)).toEqual([false, false, true]);
    refresh(book, 0, runtime, 9990);
    expect(book.isReached(rising(9_999.5))).toBe(false);
    expect(book.isReached(rising(10_010))).toBe(true);
  });
});

describe('several symbols', () => {
  const OTHER = contractWith({ type: 'inverse', settle_currency: 'XBT', min_qty: '1', tick_size: '0.5' }, 'ETHUSD');

  /** BTCUSD on last and mark, ETHUSD standing at 200 unless it is said. */
  function pair(btc: Ohlc, eth: Ohlc = standing(200)): Market {
    return marketAt([
      { contract: OTHER, last: standing(200), mark: eth },
      { contract: FLAT_INVERSE, last: standing(10_000), mark: btc },
    ]);
  }

  function both(mode: 'isolated' | 'cross', wallet: bigint): { runtime: AccountRuntime; book: TriggerBook } {
    const runtime = runtimeOn(accountWith('generic', mode, '10', wallet), pair(standing(10_000)));
    fill(runtime.account, FLAT_INVERSE, 'buy', 'open', 10_000n, '10000');
    fill(runtime.account, OTHER, 'buy', 'open', 200n, '200');
    const book = new TriggerBook(runtime.market, 1);
    book.refresh(0, runtime);
    return { runtime, book };
  }

  it('when both are isolated then each has its own level', () => {
    const { book } = both('isolated', 10n ** 9n);
    // 1 XBT each at 10×: due at E·1.005/1.1
    expect(book.isReached(pair(range(9_137, 10_000), range(182.8, 200)))).toBe(false);
    expect(book.isReached(pair(range(9_136, 10_000)))).toBe(true);
    expect(book.isReached(pair(standing(10_000), range(182.7, 200)))).toBe(true);
  });

  it('when both are cross then a step in which they could be due together is reported, and a quiet one is not', () => {
    // Collateral 1 XBT: at 10 % down each loses 0.1111 XBT; at a third down each 0.5 XBT, and 0.015 are required.
    const { runtime, book } = both('cross', 10n ** 8n);
    expect(book.isReached(pair(range(9_000, 10_000), range(180, 200)))).toBe(false);
    const crash = pair(range(6_666.5, 10_000), range(133, 200));
    expect([book.isReached(crash), book.isReachedBy(0, crash)]).toEqual([true, true]);
    // Due exactly, at both lows.
    move(runtime.market, [
      { contract: FLAT_INVERSE, last: standing(10_000), mark: standing(6_666.5) },
      { contract: OTHER, last: standing(200), mark: standing(133) },
    ]);
    expect(runtime.isAnyDue(closeOf(runtime.market))).toBe(true);
  });

  it('when an order waits in one symbol then the same price of the other does not reach it', () => {
    const runtime = runtimeOn(accountWith('generic', 'cross', '10', 10n ** 9n), pair(standing(10_000)));
    runtime.bookOf(OTHER).orders.add(stop('fall', 'mark', 190));
    const book = new TriggerBook(runtime.market, 1);
    book.refresh(0, runtime);
    expect(book.isReached(pair(range(190, 10_000)))).toBe(false);
    expect(book.isReached(pair(standing(10_000), range(190.5, 200)))).toBe(false);
    expect(book.isReached(pair(standing(10_000), range(190, 200)))).toBe(true);
  });

  it('when five symbols of one cross account walk for a year of five minutes then the box holds on nearly all steps', () => {
    const symbols = ['AAA', 'BBB', 'CCC', 'DDD', 'EEE'].map((symbol) => ({ ...OTHER, symbol }));
    const draw = createDraw(7);
    const prices = symbols.map(() => 1000);
    const barsOf = () => symbols.map((contract, i) => ({ contract, last: walked(prices, i, draw) }));
    const runtime = runtimeOn(accountWith('generic', 'cross', '10', 12n * 10n ** 6n), marketAt(barsOf()));
    for (const [i, contract] of symbols.entries()) {
      const side = i % 2 === 0 ? 'buy' : 'sell';
      fill(runtime.account, contract, side, 'open', 400n, String(Math.round(prices[i]!)));
    }
    const book = new TriggerBook(runtime.market, 1);
    book.refresh(0, runtime);
    const steps = 105_120;
    let [reached, missed] = [0, 0];
    for (let step = 1; step <= steps; step++) {
      const bars = barsOf();
      move(runtime.market, bars, step * 300_000);
      const isReached = book.isReached(runtime.market);
      if (isReached) reached += 1;
      else if (step % 50 === 0 && runtime.isAnyDue(closeOf(runtime.market))) missed += 1;
    }
    expect(missed).toBe(0);
    expect(reached).toBeLessThan(steps / 100);
    // Prices leave the box now and then; then the sum is made, and a new box.
    expect(book.evaluations).toBeGreaterThan(100);
    expect(book.evaluations / steps).toBeLessThan(0.02);
  });
});

/** A fixed sequence of numbers from −0.5 to 0.5. */
function createDraw(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648 - 0.5;
  };
}

/** The next bar of a symbol: about a fifth of a percent each way, drawn back to a thousand. */
function walked(prices: number[], i: number, draw: () => number): Ohlc {
  const open = prices[i]!;
  const close = open * (1 + 0.006 * draw()) + (1000 - open) * 0.001;
  prices[i] = close;
  return { open, high: Math.max(open, close) * 1.0005, low: Math.min(open, close) * 0.9995, close };
}
