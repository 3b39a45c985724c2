/**
 * Standard deviation over a window. Two passes over the window on every update: the running form loses half its digits where
 * the spread is small against the price, which is the usual case.
 */

import { type Indicator, requirePeriod } from './indicator.js';
import { Window } from './window.js';

class StandardDeviation implements Indicator {
  value = Number.NaN;
  readonly #window: Window;

  constructor(period: number) {
    this.#window = new Window(period);
  }

  update(value: number): number {
    if (Number.isNaN(value)) return this.value;
    const window = this.#window;
    window.push(value);
    if (window.isFull) {
      const mean = window.sum() / window.size;
      this.value = Math.sqrt(window.sumOfSquares(mean) / window.size);
    }
    return this.value;
  }
}

/**
 * Population standard deviation (divisor `period`, as TA-Lib and TradingView) of the last `period` values, in the unit of the
 * values. First value after `period` values.
 *
 * @example stdev(4) fed 2, 4, 4, 6 answers NaN, NaN, NaN, √2
 * @throws UserError `bad_period`
 */
export function stdev(period: number): Indicator {
  requirePeriod('stdev', period);
  return new StandardDeviation(period);
}
