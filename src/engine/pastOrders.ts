/**
 * The orders of an account that have ended, for calls that name one. It forgets nothing and decides nothing.
 */

import type { Order } from '../orders/order.js';

export class PastOrders {
  readonly #orders = new Map<number, Order>();

  note(order: Order): void {
    this.#orders.set(order.id, order);
  }

  find(id: number): Order | undefined {
    return this.#orders.get(id);
  }
}
