/**
 * The book of trigger levels of one symbol over all accounts: for each account the nearest levels below and above, on last and
 * on mark, and the extremes over all of them, so that a bar asks four comparisons. It may report a hit that the exact
 * settlement then rejects; it never misses one: derived levels are moved outward by two units in the last place.
 */

import { fractionToF64 } from '../money/decimal.js';
import { levelOf, seriesOf } from '../orders/order.js';
import type { AccountRuntime } from './accountRuntime.js';
import type { BarPrices } from './path.js';

/** Two units in the last place, relative. */
const OUTWARD = 2 ** -51;

export class TriggerBook {
  readonly #fallLast: Float64Array;
  readonly #riseLast: Float64Array;
  readonly #fallMark: Float64Array;
  readonly #riseMark: Float64Array;
  /** 1 where an account has something that must be looked at at the next open. */
  readonly #isQueued: Uint8Array;
  #queued = 0;
  #highestFallLast = Number.NEGATIVE_INFINITY;
  #lowestRiseLast = Number.POSITIVE_INFINITY;
  #highestFallMark = Number.NEGATIVE_INFINITY;
  #lowestRiseMark = Number.POSITIVE_INFINITY;

  constructor(accounts: number) {
    this.#fallLast = new Float64Array(accounts).fill(Number.NEGATIVE_INFINITY);
    this.#riseLast = new Float64Array(accounts).fill(Number.POSITIVE_INFINITY);
    this.#fallMark = new Float64Array(accounts).fill(Number.NEGATIVE_INFINITY);
    this.#riseMark = new Float64Array(accounts).fill(Number.POSITIVE_INFINITY);
    this.#isQueued = new Uint8Array(accounts);
  }

  /** Whether the bar reaches any level of any account. */
  isReached(bar: BarPrices): boolean {
    return (
      this.#queued > 0 ||
      bar.last.low <= this.#highestFallLast ||
      bar.last.high >= this.#lowestRiseLast ||
      bar.mark.low <= this.#highestFallMark ||
      bar.mark.high >= this.#lowestRiseMark
    );
  }

  /** Whether the bar reaches a level of one account. */
  isReachedBy(account: number, bar: BarPrices): boolean {
    return (
      this.#isQueued[account] === 1 ||
      bar.last.low <= this.#fallLast[account]! ||
      bar.last.high >= this.#riseLast[account]! ||
      bar.mark.low <= this.#fallMark[account]! ||
      bar.mark.high >= this.#riseMark[account]!
    );
  }

  /** Computes an account's levels anew. @param mark where the walk to the liquidation price begins. */
  refresh(account: number, runtime: AccountRuntime, mark: number): void {
    let fallLast = Number.NEGATIVE_INFINITY;
    let riseLast = Number.POSITIVE_INFINITY;
    let fallMark = Number.NEGATIVE_INFINITY;
    let riseMark = Number.POSITIVE_INFINITY;
    // What a call has booked waits for the next open, so that one row shows the whole moment.
    let queued = runtime.journal.isEmpty ? 0 : 1;
    for (const order of runtime.orders.all) {
      if (order.isFresh) queued = 1;
      const level = levelOf(order);
      if (level === null) continue;
      const onMark = seriesOf(order) === 'mark';
      if (order.firesOn === 'fall') {
        if (onMark) fallMark = Math.max(fallMark, level);
        else fallLast = Math.max(fallLast, level);
      } else if (onMark) riseMark = Math.min(riseMark, level);
      else riseLast = Math.min(riseLast, level);
    }
    const { position } = runtime;
    if (position.qty !== 0n) {
      const exact = runtime.exact(mark);
      const price = runtime.liquidationPrice(exact);
      if (runtime.isLiquidatable(exact)) queued = 1;
      if (price !== null) {
        const level = fractionToF64(price);
        if (position.qty > 0n) fallMark = Math.max(fallMark, level * (1 + OUTWARD));
        else riseMark = Math.min(riseMark, level * (1 - OUTWARD));
      }
      const stepPrice = runtime.stepLiquidationPrice(exact);
      if (stepPrice !== null) {
        const level = fractionToF64(stepPrice);
        if (position.qty > 0n) riseMark = Math.min(riseMark, level * (1 - OUTWARD));
        else fallMark = Math.max(fallMark, level * (1 + OUTWARD));
      }
    }
    this.#queued += queued - this.#isQueued[account]!;
    this.#isQueued[account] = queued;
    this.#fallLast[account] = fallLast;
    this.#riseLast[account] = riseLast;
    this.#fallMark[account] = fallMark;
    this.#riseMark[account] = riseMark;
    this.#highestFallLast = highest(this.#fallLast);
    this.#lowestRiseLast = lowest(this.#riseLast);
    this.#highestFallMark = highest(this.#fallMark);
    this.#lowestRiseMark = lowest(this.#riseMark);
  }
}

function highest(levels: Float64Array): number {
  let best = Number.NEGATIVE_INFINITY;
  for (const level of levels) if (level > best) best = level;
  return best;
}

function lowest(levels: Float64Array): number {
  let best = Number.POSITIVE_INFINITY;
  for (const level of levels) if (level < best) best = level;
  return best;
}
