/**
 * How unusual the newest value of a window is: its distance from the mean of the window in standard deviations. Mean and
 * deviation are those of `sma` and `stdev`, the newest value included.
 */

import { type Indicator, requirePeriod } from './indicator.js';
import { Window } from './window.js';

/** A spread below this share of the mean is what rounding leaves of equal values. */
const ROUNDING = 1e-14;

class MovingZScore implements Indicator {
  value = Number.NaN;
  readonly #window: Window;

  constructor(period: number) {
    this.#window = new Window(period);
  }

  update(value: number): number {
    if (Number.isNaN(value)) return this.value;
    const window = this.#window;
    window.push(value);
    if (!window.isFull) return this.value;
    const mean = window.sum() / window.size;
    const deviation = Math.sqrt(window.sumOfSquares(mean) / window.size);
    this.value = deviation > Math.abs(mean) * ROUNDING ? (value - mean) / deviation : 0;
    return this.value;
  }
}

/**
 * (value − mean) / population standard deviation of the last `period` values; 0 where they are all equal. First value after
 * `period` values.
 *
 * @example zScore(4) fed 1, 1, 1, 5 answers NaN, NaN, NaN, √3
 * @throws UserError `bad_period`
 */
export function zScore(period: number): Indicator {
  requirePeriod('zScore', period, 2);
  return new MovingZScore(period);
}
