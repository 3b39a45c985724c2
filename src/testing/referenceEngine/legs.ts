/**
 * The geometry of a bar: its candles, the three legs of the path, and where on a leg a price or a time is. Exact throughout; what
 * happens on the way is pathWalk.ts.
 */

import type { GivenFill } from '../../engine/givenFills.js';
import type { PathLeg } from '../../engine/records.js';
import type { Moment, Quote, Quotes } from './account.js';
import type { Due } from './funding.js';
import { add, decimalOf, divide, floor, int, multiply, ONE, type Ratio, ratio, reduced } from './numbers.js';

/** One candle of one series. */
export interface Candle {
  readonly open: Ratio;
  readonly high: Ratio;
  readonly low: Ratio;
  readonly close: Ratio;
}

/** A bar of one symbol with its mark. */
export interface RefBar {
  readonly last: Candle;
  readonly mark: Candle;
}

/** All bars of one open time, with their place in time and the clock of what is due in them. */
export interface RefStep {
  /** Counts from 0. */
  readonly index: number;
  readonly openTimeMs: number;
  readonly closeTimeMs: number;
  /** By symbol; symbols without a bar now are not here. */
  readonly bars: ReadonlyMap<string, RefBar>;
  /** Newest prices of the symbols before this step. */
  readonly held: Quotes;
  /** In time order, then by symbol. */
  readonly funding: readonly Due[];
  /** Given fills of all accounts, from the open on and before the close. */
  readonly fills: readonly GivenFill[];
  /** Times inside the step at which rows stand. */
  readonly rowTimes: readonly RowTime[];
}

/** Prices with every bar of the step at one of its points, the other symbols where they were. */
export function quotesAt(step: RefStep, point: keyof Candle, symbols?: readonly string[]): Quotes {
  const quotes = new Map(step.held);
  for (const [symbol, { last, mark }] of step.bars) {
    const at = symbols === undefined || symbols.includes(symbol) ? point : 'open';
    quotes.set(symbol, { last: last[at], mark: mark[at] });
  }
  return quotes;
}

/** A time at which rows stand by the clock. */
export interface RowTime {
  readonly timeMs: number;
  readonly withBalance: boolean;
  readonly withPosition: boolean;
}

/** A straight stretch of both series of a symbol. */
export interface Way {
  readonly last: readonly [Ratio, Ratio];
  readonly mark: readonly [Ratio, Ratio];
  /** False for a symbol that stands still: its orders do not act. */
  readonly moves: boolean;
}

/** One third of a step: the ways of all symbols, in parallel. */
export interface Leg {
  readonly index: number;
  readonly ways: ReadonlyMap<string, Way>;
}

/** Which symbols move, and whether their highs come first. */
export type Directions = ReadonlyMap<string, boolean>;

const LEG_NAMES: readonly PathLeg[] = ['leg1', 'leg2', 'leg3'];

const nodesOf = (candle: Candle, highFirst: boolean): Ratio[] =>
  highFirst
    ? [candle.open, candle.high, candle.low, candle.close]
    : [candle.open, candle.low, candle.high, candle.close];

/** The three legs of a step; symbols without a direction stay where they opened. */
export function legsOf(step: RefStep, directions: Directions): Leg[] {
  return [0, 1, 2].map((index) => {
    const ways = new Map<string, Way>();
    for (const [symbol, { last, mark }] of quotesAt(step, 'open')) {
      ways.set(symbol, { last: [last, last], mark: [mark, mark], moves: false });
    }
    for (const [symbol, bar] of step.bars) {
      const highFirst = directions.get(symbol);
      if (highFirst === undefined) continue;
      const [last, mark] = [nodesOf(bar.last, highFirst), nodesOf(bar.mark, highFirst)];
      ways.set(symbol, {
        last: [last[index]!, last[index + 1]!],
        mark: [mark[index]!, mark[index + 1]!],
        moves: true,
      });
    }
    return { index, ways };
  });
}

/** The moment at λ of a leg: thirds of the bar, rounded down to the millisecond, before the close. */
export function momentAt(step: RefStep, leg: Leg, lambda: Ratio): Moment {
  const length = step.closeTimeMs - step.openTimeMs;
  const clock = add(ratio(int(leg.index)), lambda);
  const elapsed = Number(floor(ratio(clock.n.times(int(length)), clock.d.times('3'))).toFixed());
  const quotes = new Map(
    [...leg.ways].map(([symbol, { last, mark }]): [string, Quote] => [
      symbol,
      { last: priceAt(lambda, ...last), mark: priceAt(lambda, ...mark) },
    ]),
  );
  return {
    timeMs: Math.min(step.openTimeMs + elapsed, step.closeTimeMs - 1),
    barIndex: step.index,
    quotes,
    leg: LEG_NAMES[leg.index]!,
  };
}

/** λ of a price on a straight way between two. */
export const placeOf = (price: Ratio, from: Ratio, to: Ratio): Ratio =>
  reduced(
    divide(
      { n: price.n.times(from.d).minus(from.n.times(price.d)), d: price.d.times(from.d) },
      { n: to.n.times(from.d).minus(from.n.times(to.d)), d: to.d.times(from.d) },
    ),
  );

/** Price at λ of a straight way between two. */
export function priceAt(lambda: Ratio, from: Ratio, to: Ratio): Ratio {
  const rise = ratio(to.n.times(from.d).minus(from.n.times(to.d)), to.d.times(from.d));
  const part = multiply(lambda, rise);
  return reduced(ratio(from.n.times(part.d).plus(part.n.times(from.d)), from.d.times(part.d)));
}

export const candleOf = (open: number, high: number, low: number, close: number): Candle => ({
  open: ratio(decimalOf(open), ONE),
  high: ratio(decimalOf(high), ONE),
  low: ratio(decimalOf(low), ONE),
  close: ratio(decimalOf(close), ONE),
});
