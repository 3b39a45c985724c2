/**
 * The way prices take through a bar: open, the two extremes, close, as three legs of equal time on which last and mark run
 * together. ASSUMPTION: inside a leg both series move linearly. Which extreme comes first is chosen by the caller; positions
 * and orders are unknown here.
 */

import { compareFractions, type Fraction, fractionOfF64 } from '../money/decimal.js';
import { divFloor } from '../money/rounding.js';

/** The four prices of a bar. */
export interface Ohlc {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** The time that a bar takes, milliseconds. */
export interface BarSpan {
  readonly openTimeMs: number;
  readonly closeTimeMs: number;
}

/** A bar under settlement: last and mark prices. Without a mark series both are the same object. */
export interface BarPrices extends BarSpan {
  readonly last: Ohlc;
  readonly mark: Ohlc;
}

export type Direction = 'low_first' | 'high_first';

/** One leg: both series run from their start to their end. */
export interface Leg {
  /** 0, 1 or 2. */
  readonly index: number;
  readonly lastFrom: number;
  readonly lastTo: number;
  readonly markFrom: number;
  readonly markTo: number;
}

/** One of the three legs O → X1 → X2 → C; without a direction prices stand at their opens. */
export function legOf(bar: BarPrices, direction: Direction | null, index: number): Leg {
  const [lastFrom, lastTo] = ends(bar.last, direction, index);
  const [markFrom, markTo] = bar.mark === bar.last ? [lastFrom, lastTo] : ends(bar.mark, direction, index);
  return { index, lastFrom, lastTo, markFrom, markTo };
}

function ends(p: Ohlc, direction: Direction | null, index: number): readonly [number, number] {
  if (direction === null) return [p.open, p.open];
  const isLowFirst = direction === 'low_first';
  if (index === 0) return [p.open, isLowFirst ? p.low : p.high];
  if (index === 1) return isLowFirst ? [p.low, p.high] : [p.high, p.low];
  return [isLowFirst ? p.high : p.low, p.close];
}

/** Whether nothing moves in the bar: one node. */
export function isStill(bar: BarPrices): boolean {
  return bar.last.high === bar.last.low && bar.mark.high === bar.mark.low;
}

/**
 * The direction of the nearer extreme: high first if H − O < O − L, low first if greater.
 *
 * @returns null on a tie, which the caller decides by the position.
 */
export function nearestDirection(last: Ohlc, decimals: number): Direction | null {
  const open = fractionOfF64(last.open, decimals);
  const up = subtract(fractionOfF64(last.high, decimals), open);
  const down = subtract(open, fractionOfF64(last.low, decimals));
  const side = compareFractions(up, down);
  return side < 0 ? 'high_first' : side > 0 ? 'low_first' : null;
}

function subtract(a: Fraction, b: Fraction): Fraction {
  return a.den === b.den
    ? { num: a.num - b.num, den: a.den }
    : { num: a.num * b.den - b.num * a.den, den: a.den * b.den };
}

/**
 * Where on a straight way from `from` to `to` the price `x` is met: λ = (x − from)/(to − from), with a positive denominator.
 * Null when it lies outside or nothing moves.
 */
export function crossingOf(from: Fraction, to: Fraction, x: Fraction): Fraction | null {
  const way = subtract(to, from);
  if (way.num === 0n) return null;
  const gone = subtract(x, from);
  const num = gone.num * way.den;
  const den = gone.den * way.num;
  const lambda = den < 0n ? { num: -num, den: -den } : { num, den };
  return lambda.num < 0n || lambda.num > lambda.den ? null : lambda;
}

/** Price at λ of a straight way. */
export function priceAlong(from: Fraction, to: Fraction, lambda: Fraction): Fraction {
  if (lambda.num === 0n) return from;
  if (lambda.num === lambda.den) return to;
  const way = subtract(to, from);
  return {
    num: from.num * way.den * lambda.den + way.num * lambda.num * from.den,
    den: from.den * way.den * lambda.den,
  };
}

/** Time of λ on a leg: thirds of the bar, rounded down to the millisecond, before the close. */
export function timeOn(bar: BarSpan, leg: number, lambda: Fraction): number {
  const duration = bar.closeTimeMs - bar.openTimeMs;
  const elapsed = Number(divFloor((BigInt(leg) * lambda.den + lambda.num) * BigInt(duration), 3n * lambda.den));
  return bar.openTimeMs + Math.min(elapsed, Math.max(0, duration - 1));
}

/**
 * Where a time strictly inside the bar lies: its leg, and λ on it. A time at a node belongs to the end of the leg before, so
 * that it comes before whatever else happens at the node.
 */
export function placeOf(bar: BarSpan, timeMs: number): { leg: number; lambda: Fraction } {
  const duration = BigInt(bar.closeTimeMs - bar.openTimeMs);
  const thrice = 3n * BigInt(timeMs - bar.openTimeMs);
  let leg = thrice / duration;
  if (leg > 0n && leg * duration === thrice) leg -= 1n;
  return { leg: Number(leg), lambda: { num: thrice - leg * duration, den: duration } };
}
