/**
 * Walks one account along the three legs of a bar and lets happen what the prices reach, in the order in which they reach it.
 * On a leg all symbols and both series share one clock λ; everything is compared exactly. Ties: funding, given fills, liquidation,
 * loss stop, profit stop, limit exit, entry, order id. Which extreme comes first is decided in settleStep.ts.
 */

import { findDueMarks } from '../account/dueMarks.js';
import { isOneSymbol, type RiskGroup } from '../account/riskGroup.js';
import { compareFractions, type Fraction, fractionToF64 } from '../money/decimal.js';
import { isLimit, isReachedExactly, levelOf, type Order, seriesOf, tieRank } from '../orders/order.js';
import { balanceRecords, positionRecords } from './accountRows.js';
import type { AccountRuntime } from './accountRuntime.js';
import { executeOrder } from './executeOrder.js';
import { fillPrice, takerPrice } from './fillModel.js';
import { settleDues } from './givenFills.js';
import { liquidateGroup } from './liquidateGroup.js';
import { type ClockEvent, type ExactLeg, LegMoment, type StepContext } from './moment.js';
import { crossingOf, type Direction, legOf, placeOf, priceAlong, timeOn } from './path.js';
import { triggerStopLimit } from './stopLimit.js';
import type { SymbolBook } from './symbolBook.js';
import { findTrails, isFollowing, type Trail, trailAt } from './trailing.js';

const START: Fraction = { num: 0n, den: 1n };
const END: Fraction = { num: 1n, den: 1n };

type Candidate = { readonly lambda: Fraction; readonly rank: number; readonly id: number } & (
  | { readonly kind: 'clock'; readonly event: ClockEvent }
  | { readonly kind: 'liquidation'; readonly group: RiskGroup }
  | { readonly kind: 'order'; readonly order: Order; readonly book: SymbolBook }
);

/** Which way each symbol goes, by its place; null for one that stands at its open. */
export type Directions = readonly (Direction | null)[];

export class PathWalk {
  readonly #runtime: AccountRuntime;
  readonly #context: StepContext;
  readonly #directions: Directions;
  /** Every trailing stop that there may be on the way. */
  readonly #trails: readonly Trail[];
  #clock: readonly ClockEvent[];
  #legs: readonly ExactLeg[] = [];
  #index = 0;
  /** Whether the place on the leg is its start or that of an event, not of a row. */
  #isAfterEvent = true;
  /** How far the trackers have seen, by symbol. */
  #seen: number[] = [];
  /** Least margin balance of each ledger met on the way, at nodes and events. */
  readonly minimum = new Map<string, bigint>();

  constructor(runtime: AccountRuntime, context: StepContext, directions: Directions) {
    this.#runtime = runtime;
    this.#context = context;
    this.#directions = directions;
    this.#clock = context.inside;
    this.#trails = findTrails(runtime.books);
  }

  walk(): void {
    for (const index of [0, 1, 2]) this.#walkLeg(index);
  }

  #walkLeg(index: number): void {
    this.#index = index;
    const { market } = this.#runtime;
    this.#legs = market.symbols.map(({ bar, index: symbol }) => {
      const leg = legOf(bar, this.#directions[symbol] ?? null, index);
      const exact = (price: number): Fraction => market.exact(symbol, price);
      return {
        ...leg,
        exactLastFrom: exact(leg.lastFrom),
        exactLastTo: exact(leg.lastTo),
        exactMarkFrom: exact(leg.markFrom),
        exactMarkTo: exact(leg.markTo),
      };
    });
    this.#seen = this.#legs.map((leg) => leg.lastFrom);
    let lambda = START;
    this.#isAfterEvent = true;
    for (let next = this.#next(lambda); next !== null; next = this.#next(lambda)) {
      // A row at the place of an event leaves it one: what the event has changed is still to be tested.
      const isSamePlace = compareFractions(lambda, next.lambda) === 0;
      lambda = next.lambda;
      const moment = this.#momentAt(lambda);
      this.#see((symbol) => fractionToF64(moment.last(symbol)));
      trailAt(this.#runtime, this.#trails, moment);
      this.#let(next, moment);
      // A row is no event: how many are asked for must not choose the path.
      const isEvent = next.kind !== 'clock' || next.event.kind !== 'sample';
      if (isEvent) this.#sample(moment);
      this.#isAfterEvent = isEvent || (isSamePlace && this.#isAfterEvent);
    }
    this.#see((symbol) => this.#legs[symbol]!.lastTo);
    const end = this.#momentAt(END);
    trailAt(this.#runtime, this.#trails, end);
    this.#sample(end);
  }

  #momentAt(lambda: Fraction): LegMoment {
    const { market } = this.#runtime;
    const timeMs = timeOn(market, this.#index, lambda);
    return new LegMoment(this.#legs, this.#index, lambda, timeMs, this.#context.bar);
  }

  /** Shows the trades in progress how far last has come. */
  #see(lastOf: (symbol: number) => number): void {
    for (const book of this.#runtime.books) {
      if (this.#legs[book.index]!.lastFrom === this.#legs[book.index]!.lastTo) continue;
      const from = this.#seen[book.index]!;
      const to = lastOf(book.index);
      book.see(Math.min(from, to), Math.max(from, to));
      this.#seen[book.index] = to;
    }
  }

  #sample(moment: LegMoment): void {
    const { account } = this.#runtime;
    for (const { code } of account.currencies) {
      const { marginBalance } = account.balances(code, this.#runtime.markOf(moment), 0n);
      const least = this.minimum.get(code);
      if (least === undefined || marginBalance < least) this.minimum.set(code, marginBalance);
    }
  }

  /** The first thing to happen at or after λ on the leg; null when nothing more does. */
  #next(from: Fraction): Candidate | null {
    const runtime = this.#runtime;
    let best: Candidate | null = null;
    const offer = (candidate: Candidate | null): void => {
      if (candidate !== null && (best === null || comesFirst(candidate, best))) best = candidate;
    };
    offer(this.#nextClock((event) => event.kind !== 'sample'));
    for (const book of runtime.books) {
      const isMoving = this.#directions[book.index] !== null && runtime.market.symbols[book.index]!.bar.isPresent;
      if (isMoving) for (const order of book.orders.all) offer(this.#nextFiring(book, order, from));
    }
    const event = best as Candidate | null;
    runtime.account.riskGroups().forEach((group, id) => {
      if (isOneSymbol(group)) offer(this.#nextLiquidation(group, id, from));
      else offer(this.#nextTest(group, id, from, event?.lambda ?? END));
    });
    offer(this.#nextClock(() => true));
    return best;
  }

  #nextClock(isWanted: (event: ClockEvent) => boolean): Candidate | null {
    const event = this.#clock.find(isWanted);
    if (event === undefined) return null;
    const place = placeOf(this.#runtime.market, event.timeMs);
    return place.leg === this.#index ? { kind: 'clock', lambda: place.lambda, rank: -1, id: 0, event } : null;
  }

  /** Where a group in one symbol meets its maintenance margin on the leg. */
  #nextLiquidation(group: RiskGroup, id: number, from: Fraction): Candidate | null {
    const { contract } = group.members[0]!.position;
    const { index } = this.#runtime.bookOf(contract);
    const leg = this.#legs[index]!;
    const here = this.#momentAt(from);
    if (this.#runtime.isDue(group, here)) return { kind: 'liquidation', lambda: from, rank: 0, id, group };
    if (leg.markFrom === leg.markTo) return null;
    const marks = findDueMarks(group, contract.symbol, this.#runtime.markOf(here));
    const due = leg.markTo < leg.markFrom ? marks.below : marks.above;
    const lambda = due === null ? null : crossingOf(leg.exactMarkFrom, leg.exactMarkTo, due.price);
    if (due === null || lambda === null || compareFractions(lambda, from) < 0) return null;
    // Where it begins only just beyond the price, the leg must go beyond.
    if (!due.isDueAt && lambda.num === lambda.den) return null;
    return { kind: 'liquidation', lambda, rank: 0, id, group };
  }

  /** A group over several symbols is tested where something has happened, before the next event, and at the end of the leg. */
  #nextTest(group: RiskGroup, id: number, from: Fraction, next: Fraction): Candidate | null {
    for (const lambda of this.#isAfterEvent ? [from, next] : [next]) {
      const isDue = this.#runtime.isDue(group, this.#momentAt(lambda));
      if (isDue) return { kind: 'liquidation', lambda, rank: 0, id, group };
    }
    return null;
  }

  #nextFiring(book: SymbolBook, order: Order, from: Fraction): Candidate | null {
    const level = levelOf(order);
    if (level === null) return null;
    const leg = this.#legs[book.index]!;
    if (isFollowing(order, leg)) return null;
    const onMark = seriesOf(order) === 'mark';
    // Cheap and exact in float64: the leg does not come as far as the level.
    const reach = onMark ? [leg.markFrom, leg.markTo] : [leg.lastFrom, leg.lastTo];
    const furthest = order.firesOn === 'fall' ? Math.min(...reach) : Math.max(...reach);
    if (order.firesOn === 'fall' ? furthest > level : furthest < level) return null;
    const [a, b] = onMark ? [leg.exactMarkFrom, leg.exactMarkTo] : [leg.exactLastFrom, leg.exactLastTo];
    const at = this.#runtime.market.exact(book.index, level);
    const isPassed = isReachedExactly(order, at, priceAlong(a, b, from));
    const lambda = isPassed ? from : crossingOf(a, b, at);
    if (lambda === null || compareFractions(lambda, from) < 0) return null;
    return { kind: 'order', lambda, rank: tieRank(order), id: order.id, order, book };
  }

  #let(next: Candidate, moment: LegMoment): void {
    if (next.kind === 'liquidation') {
      liquidateGroup(this.#runtime, next.group, moment, this.#context);
    } else if (next.kind === 'order') {
      this.#fire(next.book, next.order, moment);
    } else {
      const struck = next.event;
      this.#clock = this.#clock.filter((event) => event !== struck);
      this.#strike(next.event, moment.at(next.event.timeMs));
    }
  }

  #strike(event: ClockEvent, moment: LegMoment): void {
    const runtime = this.#runtime;
    if (event.kind === 'dues') {
      settleDues(runtime, event, moment, this.#context);
      return;
    }
    if (event.withBalance) {
      for (const record of balanceRecords(runtime, moment)) runtime.journal.setBalance(record);
    }
    if (event.withPositions) runtime.journal.positions.push(...positionRecords(runtime, moment));
  }

  #fire(book: SymbolBook, order: Order, moment: LegMoment): void {
    const runtime = this.#runtime;
    const { contract } = book;
    const level = runtime.market.exact(book.index, levelOf(order)!);
    if (isLimit(order)) {
      executeOrder(runtime, { book, order, price: fillPrice(level), liquidity: 'maker' }, moment, this.#context);
      return;
    }
    const last = moment.last(book.index);
    // A stop on the last price fills at its trigger; one on the mark, or one passed before it was armed, at last as it is then.
    const atTrigger = order.triggerBy === 'last' && compareFractions(last, level) === 0;
    const kind = atTrigger || moment.isQuoted() ? 'quoted' : 'interpolated';
    if (order.type === 'stop_limit') {
      triggerStopLimit(runtime, { book, order }, { last, kind }, moment, this.#context);
      return;
    }
    const price = takerPrice(contract, order.side, last, this.#context.slippage, kind);
    executeOrder(runtime, { book, order, price, liquidity: 'taker' }, moment, this.#context);
  }
}

function comesFirst(a: Candidate, b: Candidate): boolean {
  const byTime = compareFractions(a.lambda, b.lambda);
  if (byTime !== 0) return byTime < 0;
  return a.rank !== b.rank ? a.rank < b.rank : a.id < b.id;
}
