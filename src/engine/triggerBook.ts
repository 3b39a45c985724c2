/**
 * The book of trigger levels over all accounts: for each symbol and account the nearest levels below and above, on last and on
 * mark, and the nearest over all accounts, so that a bar asks four comparisons a symbol. It may report a hit that the exact
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
import { LevelTree } from './levelTree.js';
import type { Market } from './market.js';
import { type Moment, QuotedMoment } from './moment.js';
import type { BarPrices } from './path.js';

/** Two units in the last place, relative. */
const OUTWARD = 2 ** -51;

/** The levels of one symbol. */
class SymbolLevels {
  readonly fallLast: LevelTree;
  readonly riseLast: LevelTree;
  readonly fallMark: LevelTree;
  readonly riseMark: LevelTree;

  constructor(accounts: number) {
    this.fallLast = new LevelTree(accounts, 'fall');
    this.riseLast = new LevelTree(accounts, 'rise');
    this.fallMark = new LevelTree(accounts, 'fall');
    this.riseMark = new LevelTree(accounts, 'rise');
  }

  isReached({ last, mark }: BarPrices): boolean {
    return (
      this.fallLast.isReached(last.low) ||
      this.riseLast.isReached(last.high) ||
      this.fallMark.isReached(mark.low) ||
      this.riseMark.isReached(mark.high)
    );
  }

  isReachedBy(account: number, { last, mark }: BarPrices): boolean {
    return (
      this.fallLast.isReachedBy(account, last.low) ||
      this.riseLast.isReachedBy(account, last.high) ||
      this.fallMark.isReachedBy(account, mark.low) ||
      this.riseMark.isReachedBy(account, mark.high)
    );
  }

  eachReached({ last, mark }: BarPrices, tell: (account: number) => void): void {
    this.fallLast.eachReached(last.low, tell);
    this.riseLast.eachReached(last.high, tell);
    this.fallMark.eachReached(mark.low, tell);
    this.riseMark.eachReached(mark.high, tell);
  }

  clear(account: number): void {
    this.fallLast.clear(account);
    this.riseLast.clear(account);
    this.fallMark.clear(account);
    this.riseMark.clear(account);
  }

  /** Adds a level of an account. */
  add(account: number, series: 'last' | 'mark', firesOn: 'fall' | 'rise', level: number): void {
    const isFall = firesOn === 'fall';
    if (series === 'last') (isFall ? this.fallLast : this.riseLast).add(account, level);
    else (isFall ? this.fallMark : this.riseMark).add(account, level);
  }
}

export class TriggerBook {
  readonly #levels: readonly SymbolLevels[];
  readonly #watch: CrossWatch;
  /** Accounts that have something that must be looked at at the next open. */
  readonly #queued = new Set<number>();

  constructor(market: Market, accounts: number) {
    this.#levels = market.symbols.map(() => new SymbolLevels(accounts));
    this.#watch = new CrossWatch(market, accounts);
  }

  /** How often the margin condition of a group over several symbols has been asked for. */
  get evaluations(): number {
    return this.#watch.evaluations;
  }

  /** Whether the step reaches any level of any account. */
  isReached(market: Market): boolean {
    if (this.#queued.size > 0) return true;
    for (const { index, bar } of market.symbols) {
      if (bar.isPresent && this.#levels[index]!.isReached(bar)) return true;
    }
    return this.#watch.isReached(market);
  }

  /** Whether the step reaches a level of one account. */
  isReachedBy(account: number, market: Market): boolean {
    if (this.#queued.has(account)) return true;
    for (const { index, bar } of market.symbols) {
      if (bar.isPresent && this.#levels[index]!.isReachedBy(account, bar)) return true;
    }
    return this.#watch.isReachedBy(account, market);
  }

  /** The accounts of which the step reaches a level, ascending. */
  reachedAccounts(market: Market): number[] {
    const reached = new Set(this.#queued);
    const tell = (account: number): void => {
      reached.add(account);
    };
    for (const { index, bar } of market.symbols) if (bar.isPresent) this.#levels[index]!.eachReached(bar, tell);
    this.#watch.eachReached(market, tell);
    return [...reached].sort((a, b) => a - b);
  }

  /**
   * Whether the bar reaches a level that an account has after its open; what the open has changed is taken into account. Else
   * nothing of the account depends on the way through the bar.
   */
  isReachedAfterOpen(account: number, runtime: AccountRuntime): boolean {
    const { market } = runtime;
    if (runtime.hasChanged || this.#queued.has(account)) {
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
    let isQueued = waits;
    for (const { index, orders } of runtime.books) {
      for (const order of orders.all) {
        if (order.isFresh) isQueued = true;
        const level = levelOf(order);
        if (level !== null) this.#levels[index]!.add(account, seriesOf(order), order.firesOn, level);
        if (order.best !== null) this.#addBest(account, this.#levels[index]!, order, order.best);
      }
    }
    if (this.#addDueMarks(account, runtime, moment)) isQueued = true;
    if (isQueued) this.#queued.add(account);
    else this.#queued.delete(account);
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
