/**
 * Another future for bars, marks and funding: the same times, other prices. Every bar after the cut goes the other way than it truly
 * did, by as much as a bar drawn from anywhere in the data went; so a strategy that has looked at the true future is wrong about the
 * direction, and mostly about the size. Prices lie on the tick, low ≤ open, close ≤ high; the same seed gives the same future.
 */

import type { BarChunk, FundingRate, MarkColumns } from '../market/bars.js';
import { type Fraction, parseFraction } from '../money/decimal.js';

/** Prices stay within this factor of the last true close, so that a long future does not run away. */
const WIDEST = 8;

/** Draws from 0 up to 1. A generator of its own: that of `Math.random` belongs to the strategy. */
export function createDraws(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Bars `from` to `to` with another future.
 *
 * @param bars the true ones; `from` is at least 1, because the walk starts from a true close.
 * @returns a chunk of `to − from` bars; the true ones are not changed.
 */
export function scrambleBars(bars: BarChunk, from: number, to: number, tick: Fraction, draw: () => number): BarChunk {
  const length = to - from;
  const column = (): Float64Array => new Float64Array(length);
  const [open, high, low, close, volume] = [column(), column(), column(), column(), column()];
  const mark = bars.mark === undefined ? undefined : emptyMarks(bars.mark, from, to);
  const grid = new TickGrid(tick);
  const start = bars.close[from - 1]!;
  let last = start;
  for (let i = 0; i < length; i++) {
    const trueMove = Math.sign(bars.close[from + i]! - bars.close[from + i - 1]!);
    // Either way where the true bar went nowhere, and back where the price has run far away.
    const isFar = last > start * WIDEST || last < start / WIDEST;
    const wanted = isFar ? Math.sign(start - last) : trueMove === 0 ? (draw() < 0.5 ? -1 : 1) : -trueMove;
    const drawn = 1 + Math.floor(draw() * (bars.length - 1));
    const shape = shapeOf(bars, drawn);
    const isTurned = Math.sign(shape.gap + shape.body) !== wanted;
    const way = isTurned ? -1 : 1;
    const opened = last * Math.exp(way * shape.gap);
    open[i] = grid.round(opened);
    close[i] = grid.beyond(opened * Math.exp(way * shape.body), last, wanted);
    const top = opened * Math.exp(isTurned ? -shape.down : shape.up);
    const bottom = opened * Math.exp(isTurned ? -shape.up : shape.down);
    high[i] = Math.max(grid.round(top), open[i]!, close[i]!);
    low[i] = Math.min(grid.round(bottom), open[i]!, close[i]!);
    volume[i] = bars.volume[drawn]!;
    if (mark !== undefined) {
      const basis = bars.mark!.close[drawn]! / bars.close[drawn]!;
      mark.open[i] = grid.round(open[i]! * basis);
      mark.high[i] = grid.round(high[i]! * basis);
      mark.low[i] = grid.round(low[i]! * basis);
      mark.close[i] = grid.round(close[i]! * basis);
    }
    last = close[i]!;
  }
  const openTimeMs = bars.openTimeMs.slice(from, to);
  return { length, openTimeMs, open, high, low, close, volume, ...(mark === undefined ? {} : { mark }) };
}

function emptyMarks(marks: MarkColumns, from: number, to: number): MarkColumns {
  const column = (): Float64Array => new Float64Array(to - from);
  const closedAtClose = marks.closedAtClose.slice(from, to);
  return { open: column(), high: column(), low: column(), close: column(), closedAtClose };
}

/** A bar's steps as logarithms: from the close before to the open, and from the open to high, low and close. */
function shapeOf(bars: BarChunk, i: number): { gap: number; up: number; down: number; body: number } {
  const open = bars.open[i]!;
  return {
    gap: Math.log(open / bars.close[i - 1]!),
    up: Math.log(bars.high[i]! / open),
    down: Math.log(bars.low[i]! / open),
    body: Math.log(bars.close[i]! / open),
  };
}

/** Prices on the tick, above zero. A quotient of two whole numbers is the float64 that the decimal text would give. */
class TickGrid {
  readonly #num: number;
  readonly #den: number;

  constructor(tick: Fraction) {
    this.#num = Number(tick.num);
    this.#den = Number(tick.den);
  }

  round(price: number): number {
    return this.#at(this.#steps(price));
  }

  /** On the tick, and at least a tick from `last` in the direction wanted: −1 or 1. */
  beyond(price: number, last: number, direction: number): number {
    const steps = this.#steps(price);
    const before = this.#steps(last);
    return this.#at((steps - before) * direction > 0 ? steps : before + direction);
  }

  #steps(price: number): number {
    return Math.round((price * this.#den) / this.#num);
  }

  #at(steps: number): number {
    return (Math.max(1, steps) * this.#num) / this.#den;
  }
}

/**
 * Funding with another future: from the cut on each rate has the other sign and the size of a rate drawn from anywhere in the file.
 * The mark price of a row is left out, because it told the true one.
 *
 * @param cutMs rates of this time and later are changed.
 */
export function scrambleFunding(rates: readonly FundingRate[], cutMs: number, draw: () => number): FundingRate[] {
  return rates.map((rate) => {
    if (rate.timeMs < cutMs) return rate;
    const size = rates[Math.floor(draw() * rates.length)]!.rate.replace(/^[+-]/, '');
    const isNegative = (parseFraction(rate.rate)?.num ?? 0n) < 0n;
    return { timeMs: rate.timeMs, rate: isNegative ? size : `-${size}` };
  });
}
