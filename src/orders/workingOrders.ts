/**
 * The working orders of one account in one symbol, in the order in which they were given, with the links between an order
 * and the stops that guard it. It ends orders and cuts them; arming stops is the engine's. Whether an order may be given, and
 * what a fill does to a position, is not its business.
 */

import type { Side } from '../contract/sides.js';
import { isLimit, isStop, type Order, type OrderStatus } from './order.js';

export interface OrderEnding {
  readonly status: OrderStatus;
  readonly timeMs: number;
  readonly code?: number | null;
  readonly reason?: string | null;
}

export class WorkingOrders {
  #orders: Order[] = [];
  /** Orders that ended and have not been taken yet. */
  #ended: Order[] = [];

  get all(): readonly Order[] {
    return this.#orders;
  }

  get isEmpty(): boolean {
    return this.#orders.length === 0;
  }

  find(id: number): Order | undefined {
    return this.#orders.find((order) => order.id === id);
  }

  add(order: Order): void {
    this.#orders.push(order);
  }

  /** Takes back an order that was added to see what it would cost; it leaves no trace. */
  withdraw(order: Order): void {
    this.#orders = this.#orders.filter((other) => other !== order);
  }

  /** Ends an order; the stops of its bracket that were never armed end with it. The last reason given stands. */
  end(order: Order, ending: OrderEnding): void {
    order.status = ending.status;
    order.code = ending.code ?? null;
    order.reason = ending.reason ?? null;
    order.endTimeMs = ending.timeMs;
    const before = this.#orders.length;
    this.#orders = this.#orders.filter((other) => other !== order);
    // One that has ended with its parent may be ended again in the same breath, for a reason of its own.
    if (this.#orders.length === before) return;
    this.#ended.push(order);
    for (const child of this.childrenOf(order.id)) {
      if (!child.isArmed) this.end(child, { status: 'cancelled', timeMs: ending.timeMs, reason: 'parent_ended' });
    }
  }

  /** The working stops of an order. */
  childrenOf(parentId: number): readonly Order[] {
    return this.#orders.filter((order) => order.parentId === parentId);
  }

  /** An order that ended since the last takeEnded. */
  findEnded(id: number): Order | undefined {
    return this.#ended.find((order) => order.id === id);
  }

  /** After a bracket stop has filled: its siblings shrink by the same quantity, and are cancelled at nothing. */
  shrinkSiblings(filled: Order, qty: bigint, timeMs: number): void {
    if (filled.parentId === null) return;
    for (const sibling of this.childrenOf(filled.parentId)) {
      if (sibling === filled || !sibling.isArmed || sibling.qty === null) continue;
      sibling.qty = sibling.qty > qty ? sibling.qty - qty : 0n;
      if (sibling.qty === 0n) {
        // The row keeps the quantity it stood for.
        sibling.qty = qty;
        this.end(sibling, { status: 'cancelled', timeMs, reason: 'other_stop_filled' });
      }
    }
  }

  /**
   * The position is gone: every armed bracket stop dies with it, but for the one that is filling.
   *
   * @param side of the stops that die, those of one side of a hedge; null for all.
   */
  endArmedStops(timeMs: number, filling: Order, side: Side | null): void {
    for (const order of [...this.#orders]) {
      if (order === filling || order.leg === null || !order.isArmed) continue;
      if (side === null || order.side === side)
        this.end(order, { status: 'cancelled', timeMs, reason: 'position_closed' });
    }
  }

  /**
   * Makes the resting exits fit a position that has shrunk: closing and reduce-only limits are cut or cancelled, the least
   * aggressive first, plain closing stops are cut, and all are cancelled when nothing is left. Bracket stops are not among
   * them: they are cut when they fire and die with the position.
   *
   * @param held what is left of the position, unsigned.
   * @param side that closes it.
   * @param hasArrived whether an order has reached the market.
   * @param filling an order in the course of its fill, left alone.
   */
  fitExits(held: bigint, side: Side, timeMs: number, hasArrived: (order: Order) => boolean, filling?: Order): void {
    const exits = this.#orders.filter(
      (order) =>
        order !== filling &&
        order.side === side &&
        order.type !== 'market' &&
        order.leg === null &&
        (order.reduceOnly || order.effect === 'close') &&
        hasArrived(order),
    );
    const limits = exits.filter(isLimit);
    limits.sort((a, b) => (side === 'sell' ? a.price! - b.price! : b.price! - a.price!) || a.id - b.id);
    let left = held;
    for (const order of limits) {
      this.#cut(order, left, held, timeMs);
      left -= order.qty! < left ? order.qty! : left;
    }
    for (const order of exits) if (isStop(order)) this.#cut(order, held, held, timeMs);
  }

  /** Cuts an exit to a quantity, or cancels it at nothing; a cancelled one keeps the quantity that it stood for. */
  #cut(order: Order, qty: bigint, held: bigint, timeMs: number): void {
    // A stop by percent is sized when it fires, so it fits any position there is.
    if (order.qty === null ? qty > 0n : order.qty <= qty) return;
    if (qty > 0n) order.qty = qty;
    else this.end(order, { status: 'cancelled', timeMs, reason: held === 0n ? 'position_closed' : 'position_reduced' });
  }

  /** Hands over the orders that ended since the last call. */
  takeEnded(): Order[] {
    const ended = this.#ended;
    this.#ended = [];
    return ended;
  }

  /** A deep copy that can be settled along another path. */
  clone(): WorkingOrders {
    const copy = new WorkingOrders();
    copy.#orders = this.#orders.map((order) => ({ ...order }));
    copy.#ended = [...this.#ended];
    return copy;
  }
}
