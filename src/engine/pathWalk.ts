/**
 * Walks one account along the three legs of a bar and lets happen what the prices reach, in the order in which they reach it.
 * On a leg both series share one clock λ; everything is compared exactly. Ties: funding, liquidation, loss stop, profit stop,
 * limit exit, entry, order id. Which extreme comes first is decided in settleBar.ts.
 */

import { roundToTick } from '../account/liquidation.js';
import { compareFractions, type Fraction, fractionToF64 } from '../money/decimal.js';
import { isReachedExactly, levelOf, type Order, seriesOf, tieRank } from '../orders/order.js';
import { computeStopPrice } from '../orders/workingOrders.js';
import { applyFundingDue, liquidate, liquidateIfDue } from './accountEvents.js';
import type { AccountRuntime } from './accountRuntime.js';
import { executeOrder } from './executeOrder.js';
import { fillPrice, takerPrice } from './fillModel.js';
import type { BarContext, ClockEvent, Moment } from './moment.js';
import { type BarPrices, crossingOf, type Direction, type Leg, legsOf, placeOf, priceAlong, timeOn } from './path.js';

const START: Fraction = { num: 0n, den: 1n };

type Candidate = { readonly lambda: Fraction; readonly rank: number; readonly id: number } & (
  | { readonly kind: 'clock'; readonly event: ClockEvent }
  | { readonly kind: 'liquidation' }
  | { readonly kind: 'order'; readonly order: Order }
);

/** A leg with its prices exact. */
interface ExactLeg {
  readonly leg: Leg;
  readonly lastFrom: Fraction;
  readonly lastTo: Fraction;
  readonly markFrom: Fraction;
  readonly markTo: Fraction;
}

export class PathWalk {
  readonly #runtime: AccountRuntime;
  readonly #bar: BarPrices;
  readonly #context: BarContext;
  #clock: ClockEvent[];
  /** Least margin balance met on the way, at nodes and events. */
  minimum: bigint | null = null;

  constructor(runtime: AccountRuntime, bar: BarPrices, context: BarContext) {
    this.#runtime = runtime;
    this.#bar = bar;
    this.#context = context;
    this.#clock = [...context.inside];
  }

  walk(direction: Direction): void {
    for (const leg of legsOf(this.#bar, direction)) this.#walkLeg(leg);
  }

  #walkLeg(leg: Leg): void {
    const runtime = this.#runtime;
    const exact: ExactLeg = {
      leg,
      lastFrom: runtime.exact(leg.lastFrom),
      lastTo: runtime.exact(leg.lastTo),
      markFrom: runtime.exact(leg.markFrom),
      markTo: runtime.exact(leg.markTo),
    };
    let lambda = START;
    let seen = leg.lastFrom;
    for (let next = this.#next(exact, lambda); next !== null; next = this.#next(exact, lambda)) {
      lambda = next.lambda;
      const moment = this.#momentAt(exact, lambda);
      const price = fractionToF64(moment.last);
      runtime.tracker.see(Math.min(seen, price), Math.max(seen, price));
      seen = price;
      this.#let(next, moment);
      // A row is no event: how many are asked for must not choose the path.
      if (next.kind !== 'clock' || next.event.kind !== 'sample') this.#sample(moment.mark);
    }
    runtime.tracker.see(Math.min(seen, leg.lastTo), Math.max(seen, leg.lastTo));
    this.#sample(exact.markTo);
  }

  #momentAt(exact: ExactLeg, lambda: Fraction): Moment {
    return {
      timeMs: timeOn(this.#bar, exact.leg.index, lambda),
      leg: exact.leg.index,
      last: priceAlong(exact.lastFrom, exact.lastTo, lambda),
      mark: priceAlong(exact.markFrom, exact.markTo, lambda),
      bar: this.#context.bar,
    };
  }

  #sample(mark: Fraction): void {
    const { account } = this.#runtime;
    const { marginBalance } = account.balances(() => mark, 0n);
    if (this.minimum === null || marginBalance < this.minimum) this.minimum = marginBalance;
  }

  /** The first thing to happen at or after λ on the leg; null when nothing more does. */
  #next(exact: ExactLeg, from: Fraction): Candidate | null {
    let best: Candidate | null = null;
    const offer = (candidate: Candidate | null): void => {
      if (candidate !== null && (best === null || comesFirst(candidate, best))) best = candidate;
    };
    offer(this.#nextClock(exact.leg.index));
    offer(this.#nextLiquidation(exact, from));
    for (const order of this.#runtime.orders.all) offer(this.#nextFiring(order, exact, from));
    return best;
  }

  #nextClock(leg: number): Candidate | null {
    const [event] = this.#clock;
    if (event === undefined) return null;
    const place = placeOf(this.#bar, event.timeMs);
    return place.leg === leg ? { kind: 'clock', lambda: place.lambda, rank: -1, id: 0, event } : null;
  }

  #nextLiquidation(exact: ExactLeg, from: Fraction): Candidate | null {
    const runtime = this.#runtime;
    const { position } = runtime;
    if (position.qty === 0n) return null;
    const mark = priceAlong(exact.markFrom, exact.markTo, from);
    if (runtime.isLiquidatable(mark)) return { kind: 'liquidation', lambda: from, rank: 0, id: 0 };
    const isAdverse = position.qty > 0n ? exact.leg.markTo < exact.leg.markFrom : exact.leg.markTo > exact.leg.markFrom;
    const price = isAdverse ? runtime.liquidationPrice(mark) : runtime.stepLiquidationPrice(mark);
    const lambda = price === null ? null : crossingOf(exact.markFrom, exact.markTo, price);
    if (lambda === null || compareFractions(lambda, from) < 0) return null;
    // At the boundary of a risk step the condition begins just beyond, so the leg must go beyond.
    const endsThere = lambda.num === lambda.den;
    if (endsThere && !runtime.isLiquidatable(exact.markTo)) return null;
    return { kind: 'liquidation', lambda, rank: 0, id: 0 };
  }

  #nextFiring(order: Order, exact: ExactLeg, from: Fraction): Candidate | null {
    const level = levelOf(order);
    if (level === null) return null;
    const { leg } = exact;
    const onMark = seriesOf(order) === 'mark';
    // Cheap and exact in float64: the leg does not come as far as the level.
    const reach = onMark ? [leg.markFrom, leg.markTo] : [leg.lastFrom, leg.lastTo];
    const furthest = order.firesOn === 'fall' ? Math.min(...reach) : Math.max(...reach);
    if (order.firesOn === 'fall' ? furthest > level : furthest < level) return null;
    const [a, b] = onMark ? [exact.markFrom, exact.markTo] : [exact.lastFrom, exact.lastTo];
    const at = this.#runtime.exact(level);
    const isPassed = isReachedExactly(order, at, priceAlong(a, b, from));
    const lambda = isPassed ? from : crossingOf(a, b, at);
    if (lambda === null || compareFractions(lambda, from) < 0) return null;
    return { kind: 'order', lambda, rank: tieRank(order), id: order.id, order };
  }

  #let(next: Candidate, moment: Moment): void {
    const runtime = this.#runtime;
    const context = this.#context;
    if (next.kind === 'liquidation') {
      liquidate(runtime, moment, context);
    } else if (next.kind === 'order') {
      this.#fire(next.order, next.lambda, moment);
    } else {
      this.#clock = this.#clock.slice(1);
      this.#strike(next.event, moment);
    }
  }

  #strike(event: ClockEvent, at: Moment): void {
    const runtime = this.#runtime;
    const moment = { ...at, timeMs: event.timeMs };
    if (event.kind === 'funding') {
      applyFundingDue(runtime, event.due, moment, this.#context);
      liquidateIfDue(runtime, moment, this.#context);
      return;
    }
    if (event.withBalance) runtime.journal.setBalance(runtime.balanceRecord(event.timeMs, moment.mark));
    const record = event.withPositions ? runtime.positionRecord(event.timeMs, fractionToF64(moment.mark)) : null;
    if (record !== null) runtime.journal.positions.push(record);
  }

  #fire(order: Order, lambda: Fraction, moment: Moment): void {
    const runtime = this.#runtime;
    const level = runtime.exact(levelOf(order)!);
    if (order.type === 'limit') {
      executeOrder(runtime, order, fillPrice(level), 'maker', moment, this.#context);
      return;
    }
    const { contract } = runtime;
    const { slippage } = this.#context;
    // A stop on the last price fills at its trigger; one on the mark, or one passed before it was armed, at last as it is then.
    const atTrigger = order.triggerBy === 'last' && compareFractions(moment.last, level) === 0;
    const isQuoted = atTrigger || lambda.num === 0n || lambda.num === lambda.den;
    const price = takerPrice(contract, order.side, moment.last, slippage, isQuoted ? 'quoted' : 'interpolated');
    executeOrder(runtime, order, price, 'taker', moment, this.#context);
  }
}

function comesFirst(a: Candidate, b: Candidate): boolean {
  const byTime = compareFractions(a.lambda, b.lambda);
  if (byTime !== 0) return byTime < 0;
  return a.rank !== b.rank ? a.rank < b.rank : a.id < b.id;
}

/**
 * What the rest of the bar may reach: orders, brackets of orders that would fill, the liquidation, counted; and whether an
 * order that opens a position is among them, which then may be liquidated too.
 */
export function findReachable(runtime: AccountRuntime, bar: BarPrices): { count: number; mayOpen: boolean } {
  const { position, orders, contract } = runtime;
  let count = 0;
  let mayOpen = false;
  const isInRange = (order: Order, level: number): boolean => {
    const prices = seriesOf(order) === 'mark' ? bar.mark : bar.last;
    return order.firesOn === 'fall' ? prices.low <= level : prices.high >= level;
  };
  const reached = new Map<number, Fraction>();
  for (const order of orders.all) {
    const level = levelOf(order);
    if (level === null || !isInRange(order, level)) continue;
    count += 1;
    if (!order.reduceOnly && order.effect === 'open') mayOpen = true;
    reached.set(order.id, runtime.exact(level));
  }
  for (const child of orders.all) {
    const parent = child.parentId === null || child.isArmed ? undefined : reached.get(child.parentId);
    if (parent === undefined) continue;
    const stop = computeStopPrice(child, parent);
    if (stop !== null && isInRange(child, fractionToF64(roundToTick(contract, stop, 'nearest')))) count += 1;
  }
  if (position.qty !== 0n) {
    const price = runtime.liquidationPrice(runtime.exact(bar.mark.open));
    if (price !== null) {
      const isLong = position.qty > 0n;
      const side = compareFractions(runtime.exact(isLong ? bar.mark.low : bar.mark.high), price);
      if (isLong ? side <= 0 : side >= 0) count += 1;
    }
    const stepPrice = runtime.stepLiquidationPrice(runtime.exact(bar.mark.open));
    if (stepPrice !== null) {
      const side = compareFractions(runtime.exact(position.qty > 0n ? bar.mark.high : bar.mark.low), stepPrice);
      if (position.qty > 0n ? side >= 0 : side <= 0) count += 1;
    }
  }
  return { count, mayOpen };
}
