/**
 * The book of trigger levels over all accounts: for each symbol and account the nearest levels below and above, on last and on
 * mark, and the extremes over all accounts, so that a bar asks four comparisons a symbol. It may report a hit that the exact
 * settlement then rejects; it never misses one: derived levels are moved outward by two units in the last place. Cross positions
 * over several symbols have no level of their own; they are watched by crossWatch.ts.
 */

import { estimateDueLevels } from '../account/dueEstimate.js';
import { findDueMarks } from '../account/dueMarks.js';
import { isOneSymbol } from '../account/riskGroup.js';
import { type Fraction, fractionToF64 } from '../money/decimal.js';
import { levelOf, type Order, seriesOf } from '../orders/order.js';
import type { AccountRuntime } from './accountRuntime.js';
import { CrossWatch } from './crossWatch.js';
import type { Market } from './market.js';
import { type Moment, QuotedMoment } from './moment.js';
import type { BarPrices } from './path.js';

/** Two units in the last place, relative. */
const OUTWARD = 2 ** -51;

/** The levels of one symbol. */
class SymbolLevels {
  readonly #fallLast: Float64Array;
  readonly #riseLast: Float64Array;
  readonly #fallMark: Float64Array;
  readonly #riseMark: Float64Array;
  #highestFallLast = Number.NEGATIVE_INFINITY;
  #lowestRiseLast = Number.POSITIVE_INFINITY;
  #highestFallMark = Number.NEGATIVE_INFINITY;
  #lowestRiseMark = Number.POSITIVE_INFINITY;

  constructor(accounts: number) {
    this.#fallLast = new Float64Array(accounts).fill(Number.NEGATIVE_INFINITY);
    this.#riseLast = new Float64Array(accounts).fill(Number.POSITIVE_INFINITY);
    this.#fallMark = new Float64Array(accounts).fill(Number.NEGATIVE_INFINITY);
    this.#riseMark = new Float64Array(accounts).fill(Number.POSITIVE_INFINITY);
  }

  isReached(bar: BarPrices): boolean {
    return (
      bar.last.low <= this.#highestFallLast ||
      bar.last.high >= this.#lowestRiseLast ||
      bar.mark.low <= this.#highestFallMark ||
      bar.mark.high >= this.#lowestRiseMark
    );
  }

  isReachedBy(account: number, bar: BarPrices): boolean {
    return (
      bar.last.low <= this.#fallLast[account]! ||
      bar.last.high >= this.#riseLast[account]! ||
      bar.mark.low <= this.#fallMark[account]! ||
      bar.mark.high >= this.#riseMark[account]!
    );
  }

  clear(account: number): void {
    this.#fallLast[account] = Number.NEGATIVE_INFINITY;
    this.#riseLast[account] = Number.POSITIVE_INFINITY;
    this.#fallMark[account] = Number.NEGATIVE_INFINITY;
    this.#riseMark[account] = Number.POSITIVE_INFINITY;
  }

  /** Adds a level of an account. */
  add(account: number, series: 'last' | 'mark', firesOn: 'fall' | 'rise', level: number): void {
    const isLast = series === 'last';
    if (firesOn === 'fall') {
      const levels = isLast ? this.#fallLast : this.#fallMark;
      levels[account] = Math.max(levels[account]!, level);
    } else {
      const levels = isLast ? this.#riseLast : this.#riseMark;
      levels[account] = Math.min(levels[account]!, level);
    }
  }

  findExtremes(): void {
    this.#highestFallLast = highest(this.#fallLast);
    this.#lowestRiseLast = lowest(this.#riseLast);
    this.#highestFallMark = highest(this.#fallMark);
    this.#lowestRiseMark = lowest(this.#riseMark);
  }
}

export class TriggerBook {
  readonly #levels: readonly SymbolLevels[];
  readonly #watch: CrossWatch;
  /** 1 where an account has something that must be looked at at the next open. */
  readonly #isQueued: Uint8Array;
  #queued = 0;

  constructor(market: Market, accounts: number) {
    this.#levels = market.symbols.map(() => new SymbolLevels(accounts));
    this.#watch = new CrossWatch(accounts);
    this.#isQueued = new Uint8Array(accounts);
  }

  /** Whether the step reaches any level of any account. */
  isReached(market: Market): boolean {
    if (this.#queued > 0) return true;
    for (const { index, bar } of market.symbols) {
      if (bar.isPresent && this.#levels[index]!.isReached(bar)) return true;
    }
    return this.#watch.isReached(market);
  }

  /** Whether the step reaches a level of one account. */
  isReachedBy(account: number, market: Market): boolean {
    if (this.#isQueued[account] === 1) return true;
    for (const { index, bar } of market.symbols) {
      if (bar.isPresent && this.#levels[index]!.isReachedBy(account, bar)) return true;
    }
    return this.#watch.isReachedBy(account, market);
  }

  /** Computes the levels of all accounts anew in which something has changed. */
  refreshChanged(runtimes: readonly AccountRuntime[]): void {
    runtimes.forEach((runtime, account) => {
      if (!runtime.hasChanged) return;
      runtime.hasChanged = false;
      this.refresh(account, runtime);
    });
  }

  /**
   * Whether the bar reaches a level that an account has after its open; what the open has changed is taken into account. Else
   * nothing of the account depends on the way through the bar.
   */
  isReachedAfterOpen(account: number, runtime: AccountRuntime): boolean {
    const { market } = runtime;
    if (runtime.hasChanged || this.#isQueued[account] === 1) {
      runtime.hasChanged = false;
      this.#compute(account, runtime, new QuotedMoment(market, 'open', market.openTimeMs, 0), false);
    }
    return this.isReachedBy(account, market);
  }

  /** Computes an account's levels anew, from the closes of the step at hand. */
  refresh(account: number, runtime: AccountRuntime): void {
    const { market } = runtime;
    // What a call has booked waits for the next open, so that one row shows the whole moment.
    const waits = !runtime.journal.isEmpty;
    this.#compute(account, runtime, new QuotedMoment(market, 'close', market.closeTimeMs, 0), waits);
  }

  /** @param waits whether the account must be looked at at the next open in any case. */
  #compute(account: number, runtime: AccountRuntime, moment: Moment, waits: boolean): void {
    for (const levels of this.#levels) levels.clear(account);
    let queued = waits ? 1 : 0;
    for (const { index, orders } of runtime.books) {
      for (const order of orders.all) {
        if (order.isFresh) queued = 1;
        const level = levelOf(order);
        if (level !== null) this.#levels[index]!.add(account, seriesOf(order), order.firesOn, level);
        if (order.best !== null) this.#addBest(account, this.#levels[index]!, order, order.best);
      }
    }
    if (this.#addDueMarks(account, runtime, moment)) queued = 1;
    this.#queued += queued - this.#isQueued[account]!;
    this.#isQueued[account] = queued;
    for (const levels of this.#levels) levels.findExtremes();
  }

  /** The price from which on the level of a trailing stop follows. */
  #addBest(account: number, levels: SymbolLevels, order: Order, best: Fraction): void {
    const price = fractionToF64(best);
    if (order.side === 'sell') levels.add(account, seriesOf(order), 'rise', price * (1 - OUTWARD));
    else levels.add(account, seriesOf(order), 'fall', price * (1 + OUTWARD));
  }

  /** Adds the marks at which groups of positions are due. @returns whether one is due already. */
  #addDueMarks(account: number, runtime: AccountRuntime, moment: Moment): boolean {
    const markOf = runtime.markOf(moment);
    this.#watch.clear(account);
    let isDue = false;
    for (const group of runtime.account.riskGroups()) {
      if (!isOneSymbol(group)) {
        if (runtime.isDue(group, moment)) isDue = true;
        this.#watch.add(account, group, markOf, (contract) => runtime.symbols.placeOf(contract));
        continue;
      }
      const { contract } = group.members[0]!.position;
      const levels = this.#levels[runtime.symbols.placeOf(contract)]!;
      const estimate = estimateDueLevels(group, markOf(contract));
      if (estimate !== null) {
        levels.add(account, 'mark', 'fall', estimate.fall);
        levels.add(account, 'mark', 'rise', estimate.rise);
        continue;
      }
      if (runtime.isDue(group, moment)) isDue = true;
      const { below, above } = findDueMarks(group, contract.symbol, markOf);
      if (below !== null) levels.add(account, 'mark', 'fall', fractionToF64(below.price) * (1 + OUTWARD));
      if (above !== null) levels.add(account, 'mark', 'rise', fractionToF64(above.price) * (1 - OUTWARD));
    }
    return isDue;
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
