/**
 * Linearly weighted moving average. Walks its window on every update, which for usual periods costs less than keeping a
 * running sum honest.
 */

import { type Indicator, requirePeriod } from './indicator.js';
import { Window } from './window.js';

class WeightedMovingAverage implements Indicator {
  value = Number.NaN;
  readonly #window: Window;
  readonly #weights: number;

  constructor(period: number) {
    this.#window = new Window(period);
    this.#weights = (period * (period + 1)) / 2;
  }

  update(value: number): number {
    if (Number.isNaN(value)) return this.value;
    this.#window.push(value);
    if (this.#window.isFull) this.value = this.#window.weightedSum() / this.#weights;
    return this.value;
  }
}

/**
 * Mean of the last `period` values, weighted 1 for the oldest to `period` for the newest. First value after `period` values.
 *
 * @example wma(3) fed 1, 2, 6 answers NaN, NaN, 23/6
 * @throws UserError `bad_period`
 */
export function wma(period: number): Indicator {
  requirePeriod('wma', period);
  return new WeightedMovingAverage(period);
}
