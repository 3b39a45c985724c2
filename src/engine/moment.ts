/**
 * The moment at which something happens to an account: its time, its place on the path, and the prices of all symbols then;
 * and what every moment of a step shares. Prices are computed when they are asked for.
 */

import { compareFractions, type Fraction, fractionToF64 } from '../money/decimal.js';
import type { FundingDue } from './fundingClock.js';
import type { GivenFill } from './givenFills.js';
import type { Market } from './market.js';
import { type Leg, priceAlong } from './path.js';
import type { Intrabar, Slippage } from './runInput.js';

export interface Moment {
  readonly timeMs: number;
  /** 0 to 2 on a leg; null at the open and in a gap between bars. */
  readonly leg: number | null;
  /** Number of the step within the run, from 0. */
  readonly bar: number;
  last(symbol: number): Fraction;
  mark(symbol: number): Fraction;
}

/** A moment at prices of the data: an open, a close, a time in a gap. */
export class QuotedMoment implements Moment {
  readonly timeMs: number;
  readonly leg = null;
  readonly bar: number;
  readonly #market: Market;
  readonly #node: 'open' | 'close';
  readonly #last: (Fraction | undefined)[] = [];
  readonly #mark: (Fraction | undefined)[] = [];

  constructor(market: Market, node: 'open' | 'close', timeMs: number, bar: number) {
    this.timeMs = timeMs;
    this.bar = bar;
    this.#market = market;
    this.#node = node;
  }

  last(symbol: number): Fraction {
    this.#last[symbol] ??= this.#market.exact(symbol, this.#market.symbols[symbol]!.bar.last[this.#node]);
    return this.#last[symbol]!;
  }

  mark(symbol: number): Fraction {
    this.#mark[symbol] ??= this.#market.exact(symbol, this.#market.symbols[symbol]!.bar.mark[this.#node]);
    return this.#mark[symbol]!;
  }
}

/**
 * What may be known when a call is made: the closes, and the marks whose candles have closed; for the others last stands in,
 * because the mark of a longer candle would be a look ahead.
 */
export class KnownMoment implements Moment {
  readonly timeMs: number;
  readonly leg = null;
  readonly bar: number;
  readonly #quoted: QuotedMoment;
  readonly #market: Market;
  readonly #isOpen: boolean;

  constructor(market: Market, node: 'open' | 'close', timeMs: number, bar: number) {
    this.timeMs = timeMs;
    this.bar = bar;
    this.#market = market;
    this.#quoted = new QuotedMoment(market, node, timeMs, bar);
    this.#isOpen = node === 'open';
  }

  last(symbol: number): Fraction {
    return this.#quoted.last(symbol);
  }

  mark(symbol: number): Fraction {
    const isKnown = this.#isOpen || this.#market.symbols[symbol]!.bar.isMarkKnown;
    return isKnown ? this.#quoted.mark(symbol) : this.#quoted.last(symbol);
  }
}

/** A leg of one symbol with its prices exact. */
export interface ExactLeg extends Leg {
  readonly exactLastFrom: Fraction;
  readonly exactLastTo: Fraction;
  readonly exactMarkFrom: Fraction;
  readonly exactMarkTo: Fraction;
}

/** A moment at λ of a leg, which all symbols walk side by side. */
export class LegMoment implements Moment {
  readonly timeMs: number;
  readonly leg: number;
  readonly bar: number;
  readonly #legs: readonly ExactLeg[];
  readonly #lambda: Fraction;
  readonly #last: (Fraction | undefined)[] = [];
  readonly #mark: (Fraction | undefined)[] = [];

  constructor(legs: readonly ExactLeg[], index: number, lambda: Fraction, timeMs: number, bar: number) {
    this.timeMs = timeMs;
    this.leg = index;
    this.bar = bar;
    this.#legs = legs;
    this.#lambda = lambda;
  }

  last(symbol: number): Fraction {
    const leg = this.#legs[symbol]!;
    this.#last[symbol] ??= priceAlong(leg.exactLastFrom, leg.exactLastTo, this.#lambda);
    return this.#last[symbol]!;
  }

  mark(symbol: number): Fraction {
    const leg = this.#legs[symbol]!;
    this.#mark[symbol] ??= priceAlong(leg.exactMarkFrom, leg.exactMarkTo, this.#lambda);
    return this.#mark[symbol]!;
  }

  /** Whether a symbol's last price is one of the data here, an end of the leg. */
  isQuoted(): boolean {
    return this.#lambda.num === 0n || this.#lambda.num === this.#lambda.den;
  }

  /** The same place at another time. */
  at(timeMs: number): LegMoment {
    return new LegMoment(this.#legs, this.leg, this.#lambda, timeMs, this.bar);
  }
}

/** A moment as another, at another time. */
export function retimed(moment: Moment, timeMs: number): Moment {
  if (moment.timeMs === timeMs) return moment;
  return {
    timeMs,
    leg: moment.leg,
    bar: moment.bar,
    last: (symbol) => moment.last(symbol),
    mark: (symbol) => moment.mark(symbol),
  };
}

/** The price of two that is worse for a position to be closed at. */
export function worseFor(isLong: boolean, a: Fraction, b: Fraction): Fraction {
  const side = compareFractions(a, b);
  return (isLong ? side <= 0 : side >= 0) ? a : b;
}

export function lastF64(moment: Moment, symbol: number): number {
  return fractionToF64(moment.last(symbol));
}

/** Funding and given fills of one time: the funding is paid, then the fills are booked, then liquidation is tested once. */
export interface DuesEvent {
  readonly kind: 'dues';
  readonly timeMs: number;
  readonly funding: readonly FundingDue[];
  readonly fills: readonly GivenFill[];
}

/** Something that is due at a time strictly inside the bar: funding and given fills, or a balance row. */
export type ClockEvent =
  | DuesEvent
  | {
      readonly kind: 'sample';
      readonly timeMs: number;
      readonly withBalance: boolean;
      readonly withPositions: boolean;
    };

/** What settling a step needs besides the account and the prices. */
export interface StepContext {
  /** Number of the step within the run, from 0. */
  readonly bar: number;
  readonly intrabar: Intrabar;
  readonly slippage: Slippage;
  /** False where fills are settled without candles: nothing is liquidated, and no ledger ends. */
  readonly liquidates: boolean;
  /** Whether every event leaves a balance row. */
  readonly rowsAtEvents: boolean;
  /** A time at which rows stand in any case, so that an event at it renews them. */
  readonly standing: { readonly timeMs: number; readonly withBalance: boolean } | null;
  /** Funding due exactly at the open. */
  readonly dueAtOpen: readonly FundingDue[];
  /** Given fills of exactly the open. */
  readonly fillsAtOpen: readonly GivenFill[];
  /** Ascending. */
  readonly inside: readonly ClockEvent[];
}
