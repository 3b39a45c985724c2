/**
 * Bollinger bands: a simple average, and the same plus and minus a number of standard deviations. The answer is one object
 * that every update rewrites; copy a number out of it to keep it.
 */

import { requirePeriod } from './indicator.js';
import { Window } from './window.js';

/** Three lines, rewritten by every update; NaN until enough values have been seen. */
export interface Bands {
  readonly lower: number;
  readonly middle: number;
  readonly upper: number;
}

/** An indicator of one number a bar that answers with Bands. */
export interface BollingerBands {
  update(value: number): Bands;
  readonly value: Bands;
}

class MovingBands implements BollingerBands {
  readonly value = { lower: Number.NaN, middle: Number.NaN, upper: Number.NaN };
  readonly #deviations: number;
  readonly #window: Window;

  constructor(period: number, deviations: number) {
    this.#deviations = deviations;
    this.#window = new Window(period);
  }

  update(value: number): Bands {
    if (Number.isNaN(value)) return this.value;
    const window = this.#window;
    const out = this.value;
    window.push(value);
    if (window.isFull) {
      const middle = window.sum() / window.size;
      const width = this.#deviations * Math.sqrt(window.sumOfSquares(middle) / window.size);
      out.lower = middle - width;
      out.middle = middle;
      out.upper = middle + width;
    }
    return out;
  }
}

/**
 * Mean of the last `period` values, plus and minus `deviations` population standard deviations (divisor `period`). First value
 * after `period` values.
 *
 * @throws UserError `bad_period`
 */
export function bollinger(period = 20, deviations = 2): BollingerBands {
  requirePeriod('bollinger', period);
  return new MovingBands(period, deviations);
}
