/**
 * The rows of orders as they end, by id: a row waits for those of the orders that were given before it.
 */

import { invariant } from '../errors.js';
import { computeAveragePrice, type Order } from '../orders/order.js';
import type { OrderRecord, RecordSink } from './records.js';

export class OrderRows {
  readonly #sink: Pick<RecordSink, 'order'>;
  /** Of orders that have ended before one that was given earlier. */
  readonly #waiting = new Map<number, OrderRecord>();
  #next = 1;

  constructor(sink: Pick<RecordSink, 'order'>) {
    this.#sink = sink;
  }

  /** @param account name. */
  add(account: string, order: Order): void {
    const record = orderRecord(account, order);
    if (order.id !== this.#next) {
      this.#waiting.set(order.id, record);
      return;
    }
    this.#sink.order(record);
    this.#next += 1;
    for (;;) {
      const next = this.#waiting.get(this.#next);
      if (next === undefined) return;
      this.#waiting.delete(this.#next);
      this.#sink.order(next);
      this.#next += 1;
    }
  }

  /** Called when all orders have ended: every one has its row. */
  finish(): void {
    invariant(this.#waiting.size === 0, () => `order ${this.#next} has no row`);
  }
}

function orderRecord(account: string, order: Order): OrderRecord {
  return {
    id: order.id,
    timeMs: order.timeMs,
    account,
    symbol: order.symbol,
    contract: order.contract,
    side: order.side,
    positionEffect: order.effect,
    type: order.type,
    price: order.type === 'stop' || order.type === 'trailing_stop' ? order.trigger : order.price,
    qty: order.qty,
    filledQty: order.filledQty,
    avgPrice: computeAveragePrice(order),
    status: order.status,
    code: order.code,
    reason: order.reason,
    parentId: order.parentId,
    tag: order.tag,
    endTimeMs: order.endTimeMs,
  };
}
