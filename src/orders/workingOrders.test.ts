/** The list of working orders: siblings that shrink, children that end with their parent, stops that end with their position, copies. */

import { describe, expect, it, test } from '@jest/globals';
import { d } from '../testing/laws/contracts.js';
import { orderWith } from '../testing/laws/orders.js';
import type { Order, StopStyle } from './order.js';
import { WorkingOrders } from './workingOrders.js';

/** Arms the two stops of a bracket. */
function arm({ loss, profit }: { readonly loss: Order; readonly profit: Order }, qty = 10n): void {
  for (const stop of [loss, profit]) Object.assign(stop, { isArmed: true, trigger: 9500, qty });
}

const ending = { status: 'cancelled', timeMs: 9, code: 400, reason: 'because' } as const;

function stopOf(id: number, style: StopStyle, value: string, changes: Partial<Order> = {}): Order {
  const leg = { style, isLoss: style.startsWith('stop_loss'), value: d(value), base: 'price' as const };
  return orderWith({
    id,
    parentId: 1,
    side: 'sell',
    type: 'stop',
    price: null,
    leg,
    isArmed: false,
    qty: null,
    ...changes,
  });
}

/** An order with a loss stop 2 and a profit stop 3. */
function bracket() {
  const orders = new WorkingOrders();
  const parent = orderWith({ id: 1, fills: [{ qty: 10n, price: d('9980.5') }] });
  const loss = stopOf(2, 'stop_loss', '9500');
  const profit = stopOf(3, 'stop_profit_pct', '0.1');
  for (const order of [parent, loss, profit]) orders.add(order);
  return { orders, parent, loss, profit };
}

const ended = (orders: WorkingOrders) => orders.takeEnded().map(({ id, status, reason }) => [id, status, reason]);

describe('a list of orders', () => {
  it('when orders are added then they are found in the order given, and a withdrawn one leaves no trace', () => {
    const orders = new WorkingOrders();
    expect(orders.isEmpty).toBe(true);
    const [a, b] = [orderWith({ id: 1 }), orderWith({ id: 2 })];
    orders.add(a);
    orders.add(b);
    orders.withdraw(a);
    expect(orders.all).toEqual([b]);
    expect([orders.find(1), orders.find(2), orders.isEmpty]).toEqual([undefined, b, false]);
    expect(orders.takeEnded()).toEqual([]);
  });

  it('when an order ends then it carries how, and is handed over once', () => {
    const orders = new WorkingOrders();
    const order = orderWith();
    orders.add(order);
    orders.end(order, ending);
    expect(order).toMatchObject({ status: 'cancelled', code: 400, reason: 'because', endTimeMs: 9 });
    expect(orders.takeEnded()).toEqual([order]);
    expect(orders.takeEnded()).toEqual([]);
    expect(orders.isEmpty).toBe(true);
  });

  it('when an ending has neither code nor reason then both are null', () => {
    const orders = new WorkingOrders();
    const order = orderWith({ code: 1, reason: 'x' });
    orders.add(order);
    orders.end(order, { status: 'filled', timeMs: 4 });
    expect(order).toMatchObject({ status: 'filled', code: null, reason: null, endTimeMs: 4 });
  });
});

describe('brackets', () => {
  it('when the parent ends unfilled then its stops end with it', () => {
    const { orders, parent } = bracket();
    orders.end(parent, ending);
    expect(ended(orders)).toEqual([
      [1, 'cancelled', 'because'],
      [2, 'cancelled', 'parent_ended'],
      [3, 'cancelled', 'parent_ended'],
    ]);
  });

  it('when they are armed then they survive it', () => {
    const { orders, parent, loss, profit } = bracket();
    arm({ loss, profit });
    orders.end(parent, { status: 'filled', timeMs: 5 });
    expect(orders.all).toEqual([loss, profit]);
    expect(orders.childrenOf(1)).toEqual([loss, profit]);
    expect(orders.childrenOf(2)).toEqual([]);
  });

  it('when an order has ended then it is found until it is taken', () => {
    const { orders, parent } = bracket();
    orders.end(parent, ending);
    expect([orders.find(1), orders.findEnded(1)?.id]).toEqual([undefined, 1]);
    orders.takeEnded();
    expect(orders.findEnded(1)).toBeUndefined();
  });

  test.each([
    [4n, [], 6n],
    [9n, [], 1n],
    [10n, [[3, 'cancelled', 'other_stop_filled']], 10n],
    [11n, [[3, 'cancelled', 'other_stop_filled']], 11n],
  ])('when %s of 10 have been stopped then the sibling shrinks or ends', (qty, endings, left) => {
    const { orders, loss, profit } = bracket();
    arm({ loss, profit });
    orders.shrinkSiblings(loss, qty, 9);
    expect(ended(orders)).toEqual(endings);
    expect(profit.qty).toBe(left);
    expect(loss.qty).toBe(10n);
  });

  it('when there are three siblings then all others shrink or end', () => {
    const { orders, loss, profit } = bracket();
    arm({ loss, profit });
    const trailing = stopOf(4, 'trailing_stop', '100', { type: 'trailing_stop', isArmed: true, qty: 10n });
    orders.add(trailing);
    orders.shrinkSiblings(trailing, 4n, 9);
    expect([loss.qty, profit.qty, trailing.qty]).toEqual([6n, 6n, 10n]);
    orders.shrinkSiblings(profit, 6n, 9);
    expect([ended(orders).map(([id]) => id), trailing.qty]).toEqual([[2], 4n]);
  });

  it('when an order without a parent fills then nobody shrinks', () => {
    const { orders, parent, loss, profit } = bracket();
    arm({ loss, profit });
    orders.shrinkSiblings(parent, 10n, 9);
    expect(profit.qty).toBe(10n);
  });

  it('when the position is gone then armed stops end, but not the one filling, nor stops without a parent, nor unarmed ones', () => {
    const { orders, loss, profit } = bracket();
    arm({ loss, profit });
    orders.add(orderWith({ id: 4, type: 'stop', trigger: 9000 }));
    orders.add(stopOf(5, 'stop_loss', '9000', { parentId: 6 }));
    orders.endArmedStops(9, loss, null);
    expect(ended(orders)).toEqual([[3, 'cancelled', 'position_closed']]);
    expect(orders.all.map(({ id }) => id)).toEqual([1, 2, 4, 5]);
  });
});

describe('copies', () => {
  it('when a copy is settled another way then the orders stay as they were', () => {
    const { orders, loss, profit } = bracket();
    arm({ loss, profit });
    const copy = orders.clone();
    copy.end(copy.find(2)!, ending);
    copy.find(3)!.qty = 1n;
    expect(orders.all.map(({ id, qty, status }) => [id, qty, status])).toEqual([
      [1, 100n, 'open'],
      [2, 10n, 'open'],
      [3, 10n, 'open'],
    ]);
    expect(loss.status).toBe('open');
    expect(orders.takeEnded()).toEqual([]);
    expect(copy.takeEnded().length).toBe(1);
  });
});

describe('hedges', () => {
  it('when one side of a hedge is gone then only the stops that close it end', () => {
    const { orders, loss } = bracket();
    const guarded = loss.side;
    orders.add(
      stopOf(4, 'stop_loss', '9000', { parentId: 6, isArmed: true, side: guarded === 'sell' ? 'buy' : 'sell' }),
    );
    orders.add(stopOf(5, 'stop_loss', '9000', { parentId: 7, isArmed: true, side: guarded }));
    orders.endArmedStops(9, loss, guarded);
    expect(ended(orders)).toEqual([[5, 'cancelled', 'position_closed']]);
  });
});
