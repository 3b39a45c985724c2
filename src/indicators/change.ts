/**
 * How far a value has moved over a number of bars, in the unit of the values. For a share of the price divide it by the value
 * that it started from.
 */

import { type Indicator, requirePeriod } from './indicator.js';
import { Window } from './window.js';

class MovingChange implements Indicator {
  value = Number.NaN;
  readonly #window: Window;

  constructor(period: number) {
    this.#window = new Window(period);
  }

  update(value: number): number {
    if (Number.isNaN(value)) return this.value;
    const { isFull } = this.#window;
    const oldest = this.#window.push(value);
    if (isFull) this.value = value - oldest;
    return this.value;
  }
}

/**
 * The value less the value `period` bars before (momentum). First value after `period` + 1 values.
 *
 * @example change(2) fed 1, 4, 9, 16 answers NaN, NaN, 8, 12
 * @throws UserError `bad_period`
 */
export function change(period = 1): Indicator {
  requirePeriod('change', period);
  return new MovingChange(period);
}
