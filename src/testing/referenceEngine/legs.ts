/**
 * The geometry of a bar: its candles, the three legs of the path, and where on a leg a price or a time is. Exact throughout; what
 * happens on the way is pathWalk.ts.
 */

import type { PathLeg } from '../../engine/records.js';
import type { Moment } from './account.js';
import type { FundingTime } from './funding.js';
import { add, decimalOf, divide, floor, int, multiply, ONE, type Ratio, ratio } from './numbers.js';

/** One candle of one series. */
export interface Candle {
  readonly open: Ratio;
  readonly high: Ratio;
  readonly low: Ratio;
  readonly close: Ratio;
}

/** A bar with its mark, its place in time, and the funding due in it. */
export interface RefBar {
  readonly index: number;
  readonly openTimeMs: number;
  readonly closeTimeMs: number;
  readonly last: Candle;
  readonly mark: Candle;
  readonly funding: readonly FundingTime[];
  /** Times inside the bar at which rows stand. */
  readonly rowTimes: readonly RowTime[];
}

/** A time at which rows stand by the clock. */
export interface RowTime {
  readonly timeMs: number;
  readonly withBalance: boolean;
  readonly withPosition: boolean;
}

/** A straight stretch of both series. */
export interface Leg {
  readonly index: number;
  readonly last: readonly [Ratio, Ratio];
  readonly mark: readonly [Ratio, Ratio];
}

const LEG_NAMES: readonly PathLeg[] = ['leg1', 'leg2', 'leg3'];

/** The three legs of a bar, one extreme first. */
export function legsOf(bar: RefBar, highFirst: boolean): Leg[] {
  const nodes = (candle: Candle): Ratio[] =>
    highFirst
      ? [candle.open, candle.high, candle.low, candle.close]
      : [candle.open, candle.low, candle.high, candle.close];
  const [last, mark] = [nodes(bar.last), nodes(bar.mark)];
  return [0, 1, 2].map((index) => ({
    index,
    last: [last[index]!, last[index + 1]!],
    mark: [mark[index]!, mark[index + 1]!],
  }));
}

/** The moment at λ of a leg: thirds of the bar, rounded down to the millisecond, before the close. */
export function momentAt(bar: RefBar, leg: Leg, lambda: Ratio): Moment {
  const length = bar.closeTimeMs - bar.openTimeMs;
  const clock = add(ratio(int(leg.index)), lambda);
  const elapsed = Number(floor(ratio(clock.n.times(int(length)), clock.d.times('3'))).toFixed());
  return {
    timeMs: Math.min(bar.openTimeMs + elapsed, bar.closeTimeMs - 1),
    barIndex: bar.index,
    last: priceAt(lambda, ...leg.last),
    mark: priceAt(lambda, ...leg.mark),
    leg: LEG_NAMES[leg.index]!,
  };
}

/** λ of a price on a straight way between two. */
export const placeOf = (price: Ratio, from: Ratio, to: Ratio): Ratio =>
  divide(
    { n: price.n.times(from.d).minus(from.n.times(price.d)), d: price.d.times(from.d) },
    { n: to.n.times(from.d).minus(from.n.times(to.d)), d: to.d.times(from.d) },
  );

/** Price at λ of a straight way between two. */
export function priceAt(lambda: Ratio, from: Ratio, to: Ratio): Ratio {
  const rise = ratio(to.n.times(from.d).minus(from.n.times(to.d)), to.d.times(from.d));
  const part = multiply(lambda, rise);
  return ratio(from.n.times(part.d).plus(part.n.times(from.d)), from.d.times(part.d));
}

export const candleOf = (open: number, high: number, low: number, close: number): Candle => ({
  open: ratio(decimalOf(open), ONE),
  high: ratio(decimalOf(high), ONE),
  low: ratio(decimalOf(low), ONE),
  close: ratio(decimalOf(close), ONE),
});
