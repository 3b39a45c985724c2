/**
 * What is kept of orders that have ended: whole while what they left is held, else what an answer needs.
 */

import { describe, expect, it, test } from '@jest/globals';
import type { Order } from '../orders/order.js';
import { FLAT_INVERSE } from '../testing/laws/contracts.js';
import { orderWith } from '../testing/laws/orders.js';
import { PastOrders } from './pastOrders.js';

const FILL = { qty: 1n, price: { num: 1n, den: 1n } };
const past = (id: number, changes: Partial<Order> = {}): Order =>
  orderWith({ id, contract: FLAT_INVERSE, status: 'filled', fills: [FILL], ...changes });

const noneHeld = (): boolean => false;

describe('orders that have filled', () => {
  it('when many end whose position is closed then they are let go, and those that left one stay whole', () => {
    const orders = new PastOrders();
    const isHeld = ({ id }: Order): boolean => id === 3;
    for (let id = 1; id <= 1000; id++) orders.note(past(id, { side: id % 2 === 0 ? 'sell' : 'buy' }), isHeld);
    expect(orders.find(3)!.whole).not.toBeNull();
    const whole = Array.from({ length: 1000 }, (_, i) => orders.find(i + 1)!.whole !== null);
    expect(whole.filter(Boolean).length).toBeLessThan(80);
    expect(orders.find(1)).toMatchObject({ id: 1, side: 'buy', hasFilled: true, isStop: false, whole: null });
    expect(orders.find(2)).toMatchObject({ id: 2, side: 'sell', contract: FLAT_INVERSE });
    expect(orders.find(1001)).toBeUndefined();
  });
});

describe('orders that have not', () => {
  test.each<[Order['status'], Partial<Order>]>([
    ['rejected', { contract: null }],
    ['cancelled', { effect: 'close' }],
    ['expired', { leg: { style: 'stop_loss', isLoss: true, value: { num: 1n, den: 1n }, base: 'price' } }],
  ])('when one is %s then what an answer needs is kept', (status, changes) => {
    const orders = new PastOrders();
    orders.note(past(5, { fills: [], status, ...changes }), noneHeld);
    const { contract, effect, leg } = past(5, changes);
    expect(orders.find(5)).toEqual({
      id: 5,
      status,
      side: 'buy',
      effect,
      contract,
      hasFilled: false,
      isStop: leg !== null,
      whole: null,
    });
  });
});
