/** The margin of resting orders: netting between the sides, against the position, and which orders lock nothing. */

import { describe, expect, it, test } from '@jest/globals';
import { createPosition, type Position } from '../account/position.js';
import type { Order } from '../orders/order.js';
import { contractWith, d, rulesOf } from '../testing/laws/contracts.js';
import { orderWith } from '../testing/laws/orders.js';
import { computeOpeningExposure, computeOrderMargin, type OrderMarginInput } from './orderMargin.js';

/** Linear, multiplier 1, two digits: money in cents. */
const GUIDE = contractWith({ min_qty: '1', tick_size: '0.5', settle_decimals: 2, maintenance_margin: '0.005' });

interface Given {
  readonly venue?: string;
  readonly qty?: bigint;
  readonly fee?: string;
  readonly mark?: string;
}

function inputOf(
  orders: readonly Order[],
  { venue = 'generic', qty = 0n, fee = '0', mark = '125' }: Given = {},
): OrderMarginInput {
  const position = { ...createPosition(GUIDE, 'cross', d('100')), qty };
  const rules = { ...rulesOf(venue), openLossInOrderMargin: false };
  return { rules, positions: [position], takerFee: d(fee), mark: d(mark), orders };
}

let nextId = 1;
const limit = (side: 'buy' | 'sell', price: number, qty: bigint, changes: Partial<Order> = {}): Order => {
  nextId += 1;
  return orderWith({ id: nextId, contract: GUIDE, side, price, qty, ...changes });
};

describe('netting of the sides: bids 20 at 100, offers 15 at 150, 1 %', () => {
  const guide = [limit('buy', 100, 20n), limit('sell', 150, 15n)];

  test.each([
    ['generic', 2_250n],
    ['bitmex', 2_750n],
    ['bitmex_2020', 2_750n],
  ])('when the rules are those of %s then %s cents', (venue, margin) => {
    expect(computeOrderMargin(inputOf(guide, { venue }))).toBe(margin);
  });

  it('when the orders come in another order then the margin is the same', () => {
    expect(computeOrderMargin(inputOf([...guide].reverse(), { venue: 'bitmex' }))).toBe(2_750n);
  });

  it('when buys exceed sells then BitMEX charges those that would fill last', () => {
    const orders = [limit('buy', 80, 10n), limit('buy', 100, 10n), limit('sell', 150, 15n)];
    // 15 sells in full, of the buys the last 5 at 80
    expect(computeOrderMargin(inputOf(orders, { venue: 'bitmex' }))).toBe(2_250n + 400n);
    // the dearer side: 22.5 against 18
    expect(computeOrderMargin(inputOf(orders))).toBe(2_250n);
  });

  test.each([
    [14n, 2_250n],
    [15n, 2_250n],
    [16n, 2_350n],
  ])('when %s bids at 100 meet 15 offers then BitMEX locks %s', (qty, margin) => {
    const orders = [limit('buy', 100, qty), limit('sell', 150, 15n)];
    expect(computeOrderMargin(inputOf(orders, { venue: 'bitmex' }))).toBe(margin);
  });
});

describe('netting against the position', () => {
  // position, sells at 150 and 160 of 10 each, margin at 1 %
  test.each([
    [0n, 1_500n + 1_600n],
    [4n, 900n + 1_600n],
    [10n, 1_600n],
    [14n, 960n],
    [20n, 0n],
    [30n, 0n],
    [-10n, 1_500n + 1_600n],
  ])('when the position is %s then the best-priced sells close it first, and the rest locks %s', (qty, margin) => {
    const orders = [limit('sell', 160, 10n), limit('sell', 150, 10n)];
    expect(computeOrderMargin(inputOf(orders, { qty }))).toBe(margin);
  });

  test.each([
    [-4n, 600n],
    [-10n, 0n],
    [4n, 1_000n],
  ])('when the position is %s then 10 bids at 100 lock %s', (qty, margin) => {
    expect(computeOrderMargin(inputOf([limit('buy', 100, 10n)], { qty }))).toBe(margin);
  });

  it('when an exit is larger than the position then it still opens nothing', () => {
    const exits = [limit('sell', 150, 10n, { effect: 'close' }), limit('sell', 160, 10n, { reduceOnly: true })];
    expect(computeOrderMargin(inputOf(exits, { qty: 3n }))).toBe(0n);
  });

  it('when a better-priced exit takes the position then a later opening sell locks in full', () => {
    const orders = [limit('sell', 150, 10n, { effect: 'close' }), limit('sell', 160, 10n)];
    expect(computeOrderMargin(inputOf(orders, { qty: 10n }))).toBe(1_600n);
  });
});

describe('what locks margin', () => {
  test.each<[string, Order[], bigint]>([
    ['none', [], 0n],
    ['a stop', [limit('buy', 0, 10n, { type: 'stop', price: null, trigger: 100 })], 0n],
    ['a market order', [limit('buy', 0, 10n, { type: 'market', price: null })], 0n],
    ['a percent order not sized', [orderWith({ contract: GUIDE, qty: null, price: 100 })], 0n],
    ['half filled', [limit('buy', 100, 10n, { filledQty: 6n })], 400n],
  ])('when the orders are %s then %#', (_, orders, margin) => {
    expect(computeOrderMargin(inputOf(orders))).toBe(margin);
  });

  it('when fees are reserved then both are in the order margin', () => {
    // 1,000 · 1 % + 1,000 · 0.1 % + 990 · 0.1 %
    expect(computeOrderMargin(inputOf([limit('buy', 100, 10n)], { fee: '0.001' }))).toBe(1_000n + 100n + 99n);
  });

  it('when a bid stands above the mark then the loss it would start with is locked too', () => {
    const input = { ...inputOf([limit('buy', 100, 10n)], { mark: '98' }), rules: rulesOf('generic') };
    expect(computeOrderMargin(input)).toBe(1_000n + 2_000n);
  });
});

describe('exposure of opening orders', () => {
  it('when orders rest on both sides then the values of all opening parts count', () => {
    const orders = [limit('buy', 100, 20n), limit('sell', 150, 15n), limit('sell', 160, 5n, { reduceOnly: true })];
    expect(computeOpeningExposure(inputOf(orders), 'buy')).toEqual({ value: 200_000n + 225_000n, qty: 20n + 15n });
    expect(computeOpeningExposure(inputOf(orders, { qty: 10n }), 'sell')).toEqual({
      value: 200_000n + 75_000n,
      qty: 20n + 5n,
    });
    expect(computeOpeningExposure(inputOf([]), 'buy')).toEqual({ value: 0n, qty: 0n });
  });
});

describe('a hedge: long 10 and short 4, bids 20 at 100, offers 15 at 150, 1 %', () => {
  const side = (slot: 'long' | 'short', qty: bigint): Position => ({
    ...createPosition(GUIDE, 'cross', d('100'), slot),
    qty,
  });
  const orders = [limit('buy', 100, 20n), limit('sell', 150, 15n)];
  const hedged = { ...inputOf(orders), positions: [side('long', 10n), side('short', -4n)] };

  test.each(['generic', 'bitmex', 'bitmex_2020'])(
    'when the rules are those of %s then both sides lock in full and close nothing',
    (venue) => {
      const rules = { ...rulesOf(venue), openLossInOrderMargin: false };
      expect(computeOrderMargin({ ...hedged, rules })).toBe(2_000n + 2_250n);
    },
  );

  it('when orders close one side then they lock nothing', () => {
    const closes = [limit('sell', 150, 15n, { effect: 'close' }), limit('buy', 100, 4n, { effect: 'close' })];
    expect(computeOrderMargin({ ...hedged, orders: closes })).toBe(0n);
  });

  it('when exposure is counted then each opening order counts in full', () => {
    expect(computeOpeningExposure(hedged, 'buy')).toEqual({ value: 200_000n, qty: 20n });
    expect(computeOpeningExposure(hedged, 'sell')).toEqual({ value: 225_000n, qty: 15n });
  });
});

describe('netting by sum', () => {
  test.each([
    [0n, 2_000n + 2_250n],
    [10n, 2_000n + 750n],
    [-5n, 1_500n + 2_250n],
  ])('when the position is %s then bids 20 at 100 and offers 15 at 150 lock %s', (qty, margin) => {
    const input = inputOf([limit('buy', 100, 20n), limit('sell', 150, 15n)], { qty });
    expect(computeOrderMargin({ ...input, rules: { ...input.rules, orderNetting: 'sum' } })).toBe(margin);
  });
});
