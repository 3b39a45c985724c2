/**
 * Exponential moving average, weight 2 / (period + 1). The arithmetic is the trading-signals package's; the warm-up is ours,
 * since the package answers from the first value on.
 */

import { type Indicator, requirePeriod } from './indicator.js';
import { EMA } from './tradingSignals.js';

class ExponentialMovingAverage implements Indicator {
  value = Number.NaN;
  #seen = 0;
  readonly #period: number;
  readonly #kernel: EMA;

  constructor(period: number) {
    this.#period = period;
    this.#kernel = new EMA(period);
  }

  update(value: number): number {
    if (Number.isNaN(value)) return this.value;
    const average = this.#kernel.update(value, false);
    if (this.#seen < this.#period) this.#seen++;
    if (this.#seen === this.#period) this.value = average;
    return this.value;
  }
}

/**
 * `e = value × k + e × (1 − k)` with `k = 2 / (period + 1)`. Seeded with the first value (as pandas' `ewm(adjust=False)`; TA-Lib
 * seeds with a mean and agrees later). First value after `period` values.
 *
 * @example ema(3) fed 2, 4, 6, 8 answers NaN, NaN, 4.5, 6.25
 * @throws UserError `bad_period`
 */
export function ema(period: number): Indicator {
  requirePeriod('ema', period);
  return new ExponentialMovingAverage(period);
}
