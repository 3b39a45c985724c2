/**
 * Simple moving average. Assumes finite values; keeps a running sum that is added up afresh each time the ring comes round,
 * so that rounding does not pile up over a long run.
 */

import { type Indicator, requirePeriod } from './indicator.js';
import { Window } from './window.js';

class SimpleMovingAverage implements Indicator {
  value = Number.NaN;
  #sum = 0;
  readonly #window: Window;

  constructor(period: number) {
    this.#window = new Window(period);
  }

  update(value: number): number {
    if (Number.isNaN(value)) return this.value;
    const window = this.#window;
    this.#sum += value - window.push(value);
    if (window.next === 0) this.#sum = window.sum();
    if (window.isFull) this.value = this.#sum / window.size;
    return this.value;
  }
}

/**
 * Arithmetic mean of the last `period` values. First value after `period` values; no seed.
 *
 * @example sma(3) fed 1, 2, 3, 6 answers NaN, NaN, 2, 11/3
 * @throws UserError `bad_period`
 */
export function sma(period: number): Indicator {
  requirePeriod('sma', period);
  return new SimpleMovingAverage(period);
}
