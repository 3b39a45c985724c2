/**
 * The orders of an account that have ended, for calls that name one. Whole are only those whose position may still be held; of the others
 * is kept what the answer to such a call needs, so that a run of many orders does not hold them all. It decides nothing.
 */

import type { Contract } from '../contract/contract.js';
import type { Order, OrderStatus } from '../orders/order.js';

/** Whole orders of which those that have become irrelevant are let go. */
const MOST_WHOLE = 64;
const STATUSES: readonly OrderStatus[] = ['open', 'partially_filled', 'filled', 'cancelled', 'rejected', 'expired'];

/** What is left of an order, in the bits of a small integer: status, whether it filled, is a stop, sells, closes; the rest is its contract. */
const FILLED = 1 << 3;
const STOP = 1 << 4;
const SELL = 1 << 5;
const CLOSE = 1 << 6;
const CONTRACT_SHIFT = 7;

export class PastOrders {
  readonly #whole = new Map<number, Order>();
  readonly #left = new Map<number, number>();
  readonly #contracts: (Contract | null)[] = [];

  /** @param leftPosition whether what the order left is still held, by the position's number. */
  note(order: Order, leftPosition: (order: Order) => boolean): void {
    if (order.fills.length === 0) {
      this.#pack(order);
      return;
    }
    this.#whole.set(order.id, order);
    if (this.#whole.size <= MOST_WHOLE) return;
    for (const [id, other] of this.#whole) {
      if (leftPosition(other)) continue;
      this.#whole.delete(id);
      this.#pack(other);
    }
  }

  #pack(order: Order): void {
    let contract = this.#contracts.indexOf(order.contract);
    if (contract < 0) contract = this.#contracts.push(order.contract) - 1;
    const bits =
      STATUSES.indexOf(order.status) |
      (order.fills.length > 0 ? FILLED : 0) |
      (order.leg !== null ? STOP : 0) |
      (order.side === 'sell' ? SELL : 0) |
      (order.effect === 'close' ? CLOSE : 0) |
      (contract << CONTRACT_SHIFT);
    this.#left.set(order.id, bits);
  }

  find(id: number): NamedOrder | undefined {
    const whole = this.#whole.get(id);
    if (whole !== undefined) return namedOrder(whole);
    const bits = this.#left.get(id);
    if (bits === undefined) return undefined;
    return {
      id,
      status: STATUSES[bits & 7]!,
      hasFilled: (bits & FILLED) !== 0,
      isStop: (bits & STOP) !== 0,
      side: (bits & SELL) === 0 ? 'buy' : 'sell',
      effect: (bits & CLOSE) === 0 ? 'open' : 'close',
      contract: this.#contracts[bits >> CONTRACT_SHIFT]!,
      whole: null,
    };
  }
}

/** An order that a call names. */
export interface NamedOrder extends Pick<Order, 'id' | 'status' | 'side' | 'effect' | 'contract'> {
  readonly hasFilled: boolean;
  /** Whether it is a stop of a bracket. */
  readonly isStop: boolean;
  /** Null where only this is left of it: what it left, if anything, has been closed. */
  readonly whole: Order | null;
}

export function namedOrder(order: Order): NamedOrder {
  const { id, status, side, effect, contract, fills, leg } = order;
  return { id, status, side, effect, contract, hasFilled: fills.length > 0, isStop: leg !== null, whole: order };
}
