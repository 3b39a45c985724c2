/** Questions that an order answers by itself: its level, whether a price has reached it, its average fill, its rank in a tie. */

import { describe, expect, it, test } from '@jest/globals';
import { compareFractions } from '../money/decimal.js';
import { BTCUSDT, d, QUANTO, XBTUSD } from '../testing/laws/contracts.js';
import { orderWith } from '../testing/laws/orders.js';
import { computeAveragePrice, isReached, isReachedExactly, levelOf, type Order, seriesOf, tieRank } from './order.js';

const leg = (isLoss: boolean) =>
  ({ style: isLoss ? 'stop_loss' : 'stop_profit', isLoss, value: d('1'), base: 'price' }) as const;

describe('level', () => {
  test.each<[string, Partial<Order>, number | null]>([
    ['a limit order', {}, 9000],
    ['a market order', { type: 'market', price: null }, null],
    ['a stop', { type: 'stop', price: null, trigger: 9100 }, 9100],
    ['a bracket stop not armed', { type: 'stop', price: null, trigger: 9100, isArmed: false }, null],
    ['a percent stop without a price yet', { type: 'stop', price: null, trigger: null }, null],
  ])('when it is %s then its level is that', (_, changes, level) => {
    expect(levelOf(orderWith(changes))).toBe(level);
  });

  it('when a limit order names the mark then it still fills on the last price; a stop obeys', () => {
    expect(seriesOf(orderWith({ triggerBy: 'mark' }))).toBe('last');
    expect(seriesOf(orderWith({ type: 'stop', triggerBy: 'mark' }))).toBe('mark');
  });
});

describe('reaching the level', () => {
  test.each<['fall' | 'rise', number, string, boolean]>([
    ['fall', 9000.5, '9000.5', false],
    ['fall', 9000, '9000', true],
    ['fall', 8999.5, '8999.5', true],
    ['rise', 8999.5, '8999.5', false],
    ['rise', 9000, '9000', true],
    ['rise', 9000.5, '9000.5', true],
  ])('when it fires on a %s and the price is %s then inclusive', (firesOn, price, exact, isDue) => {
    const order = orderWith({ firesOn });
    expect(isReached(order, price)).toBe(isDue);
    expect(isReachedExactly(order, d('9000'), d(exact))).toBe(isDue);
  });

  it('when a price is a hair short of the level then exactly not, and without a level never', () => {
    expect(isReachedExactly(orderWith(), d('9000'), d('9000.0000000000000000001'))).toBe(false);
    expect(isReached(orderWith({ type: 'market', price: null }), 0)).toBe(false);
  });
});

describe('average fill price', () => {
  const fills = (...rows: [bigint, string][]) => rows.map(([qty, price]) => ({ qty, price: d(price) }));

  test.each<[string, Partial<Order>, string | null]>([
    ['none', { fills: [] }, null],
    ['one', { fills: fills([1n, '9980.5']) }, '9980.5'],
    ['several at one price', { fills: fills([1n, '9980.5'], [7n, '9980.5']) }, '9980.5'],
    ['inverse, 1,000 at 5,000 and 2,000 at 6,000', { fills: fills([1_000n, '5000'], [2_000n, '6000']) }, '5625'],
    ['inverse, 50 at 10,000 and 50 at 15,000', { fills: fills([50n, '10000'], [50n, '15000']) }, '12000'],
    ['linear', { contract: BTCUSDT, fills: fills([500n, '40000'], [250n, '46000']) }, '42000'],
    ['quanto', { contract: QUANTO, fills: fills([1n, '500'], [3n, '540']) }, '530'],
    ['of an unknown symbol', { contract: null, fills: fills([1n, '500']) }, null],
  ])('when the fills are %s then the average is exact', (_, changes, average) => {
    const found = computeAveragePrice(orderWith({ contract: XBTUSD, ...changes }));
    if (average === null) expect(found).toBeNull();
    else expect(compareFractions(found!, d(average))).toBe(0);
  });
});

describe('rank in a tie', () => {
  test.each<[string, Partial<Order>, number]>([
    ['loss stop of a bracket', { type: 'stop', reduceOnly: true, leg: leg(true) }, 1],
    ['closing stop', { type: 'stop', effect: 'close' }, 1],
    ['profit stop of a bracket', { type: 'stop', reduceOnly: true, leg: leg(false) }, 2],
    ['limit exit', { effect: 'close' }, 3],
    ['reduce-only limit', { reduceOnly: true }, 3],
    ['entry stop', { type: 'stop' }, 4],
    ['entry limit', {}, 4],
  ])('when it is a %s then it has its place', (_, changes, rank) => {
    expect(tieRank(orderWith(changes))).toBe(rank);
  });
});
