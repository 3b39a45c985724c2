/**
 * What one account has going on in one symbol besides its positions: the working orders, and the trades in progress, one for
 * each position that there may be. It can be copied, because a bar may be settled twice.
 */

import type { Slot } from '../account/position.js';
import type { Contract } from '../contract/contract.js';
import { WorkingOrders } from '../orders/workingOrders.js';
import { TradeTracker } from './tradeTracker.js';

export class SymbolBook {
  /** Place of the symbol in the market. */
  readonly index: number;
  readonly contract: Contract;
  orders = new WorkingOrders();
  #trackers = new Map<Slot, TradeTracker>();

  constructor(index: number, contract: Contract) {
    this.index = index;
    this.contract = contract;
  }

  /** The trade in progress of a position. */
  tracker(slot: Slot): TradeTracker {
    let tracker = this.#trackers.get(slot);
    if (tracker === undefined) {
      tracker = new TradeTracker(this.contract);
      this.#trackers.set(slot, tracker);
    }
    return tracker;
  }

  /** Whether any trade is in progress. */
  get hasOpenTrade(): boolean {
    for (const tracker of this.#trackers.values()) if (tracker.isOpen) return true;
    return false;
  }

  /** Shows all trades in progress a range of prices. */
  see(low: number, high: number): void {
    for (const tracker of this.#trackers.values()) if (tracker.isOpen) tracker.see(low, high);
  }

  clone(): SymbolBook {
    const copy = new SymbolBook(this.index, this.contract);
    copy.orders = this.orders.clone();
    for (const [slot, tracker] of this.#trackers) copy.#trackers.set(slot, tracker.clone());
    return copy;
  }
}
