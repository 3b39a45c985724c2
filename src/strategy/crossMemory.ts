/**
 * What `context.cross` remembers: for each name, on which side of the second value the first one was last. One memory a run.
 */

import { EXIT, UserError } from '../errors.js';
import { type CrossIndicator, type Crossing, cross } from '../indicators/cross.js';

interface RememberedPair {
  readonly indicator: CrossIndicator;
  /** The bar on which it was last asked about. */
  bar: number;
  a: number;
  b: number;
}

/** The pair of a strategy that names none. */
const UNNAMED = '';

export class CrossMemory {
  readonly #pairs = new Map<string, RememberedPair>();

  /**
   * Whether `a` has crossed `b`; the same answer for the same pair on the same bar.
   *
   * @param bar a number that no other bar has.
   * @throws UserError `bad_cross`, exit 1, for values that are no numbers, and for a second pair of one name on a bar.
   */
  ask(bar: number, name: string, a: number, b: number): Crossing {
    if (typeof a !== 'number' || typeof b !== 'number') {
      throw badCross(
        'context.cross compares two numbers',
        `${String(a)} and ${String(b)}`,
        'two numbers, or a name first',
      );
    }
    let pair = this.#pairs.get(name);
    if (pair === undefined) {
      pair = { indicator: cross(), bar: Number.NaN, a, b };
      this.#pairs.set(name, pair);
    }
    if (pair.bar === bar) {
      if (Object.is(pair.a, a) && Object.is(pair.b, b)) return pair.indicator.value;
      const whose = name === UNNAMED ? 'without a name' : `as "${name}"`;
      throw badCross(
        `context.cross was asked about two pairs ${whose} on one bar`,
        `${pair.a}, ${pair.b} and then ${a}, ${b}`,
        "a name of its own for each pair: context.cross('trend', a, b)",
      );
    }
    pair.bar = bar;
    pair.a = a;
    pair.b = b;
    return pair.indicator.update(a, b);
  }

  /** As a strategy calls it, with the name or without. */
  read(bar: number, first: string | number, second: number, third: number | undefined): Crossing {
    if (typeof first === 'string') return this.ask(bar, first, second, third as number);
    return this.ask(bar, UNNAMED, first, second);
  }
}

function badCross(message: string, found: string, expected: string): UserError {
  return new UserError({ code: 'bad_cross', exitCode: EXIT.strategy, message, found, expected });
}
