/**
 * Highest and lowest value of a window, the newest value included. A breakout compares a bar with the bars before it: read
 * `value` before calling `update`.
 */

import { type Indicator, requirePeriod } from './indicator.js';
import { SlidingMaximum } from './slidingMaximum.js';

class Extreme implements Indicator {
  value = Number.NaN;
  /** 1 for the highest, −1 for the lowest. */
  readonly #sign: 1 | -1;
  readonly #maximum: SlidingMaximum;

  constructor(period: number, sign: 1 | -1) {
    this.#sign = sign;
    this.#maximum = new SlidingMaximum(period);
  }

  update(value: number): number {
    if (Number.isNaN(value)) return this.value;
    this.value = this.#sign * this.#maximum.push(this.#sign * value);
    return this.value;
  }
}

/**
 * Largest of the last `period` values, the newest included. First value after `period` values.
 *
 * @example highest(2) fed 5, 3, 4 answers NaN, 5, 4
 * @throws UserError `bad_period`
 */
export function highest(period: number): Indicator {
  requirePeriod('highest', period);
  return new Extreme(period, 1);
}

/**
 * Smallest of the last `period` values, the newest included. First value after `period` values.
 *
 * @example lowest(2) fed 5, 3, 4 answers NaN, 3, 3
 * @throws UserError `bad_period`
 */
export function lowest(period: number): Indicator {
  requirePeriod('lowest', period);
  return new Extreme(period, -1);
}
