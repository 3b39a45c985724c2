/**
 * Orders for tests: a resting limit unless fields say otherwise, and the same read from a call. Not shipped.
 */

import type { Side } from '../../contract/sides.js';
import type { Order } from '../../orders/order.js';
import { XBTUSD } from './contracts.js';

/** A limit order of 100 contracts at 9,000 that has rested through a bar, with the fields changed. */
export function orderWith(changes: Partial<Order> & { readonly side?: Side } = {}): Order {
  const side = changes.side ?? 'buy';
  return {
    id: 1,
    timeMs: 0,
    symbol: 'XBTUSD',
    contract: XBTUSD,
    side,
    effect: 'open',
    type: 'limit',
    price: 9000,
    trigger: null,
    triggerBy: 'last',
    firesOn: side === 'buy' ? 'fall' : 'rise',
    qty: 100n,
    timeInForce: 'gtc',
    isTriggered: false,
    pct: null,
    pob: null,
    reduceOnly: false,
    postOnly: false,
    tag: null,
    parentId: null,
    leg: null,
    best: null,
    isArmed: true,
    isFresh: false,
    filledQty: 0n,
    openedQty: 0n,
    positionId: 0,
    fills: [],
    status: 'open',
    code: null,
    reason: null,
    endTimeMs: 0,
    ...changes,
  };
}
