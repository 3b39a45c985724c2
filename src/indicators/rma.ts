/**
 * Wilder's moving average, weight 1 / period, the smoothing inside RSI and ATR. Seeded with the mean of the first `period`
 * values, after which the trading-signals package's kernel carries on from that seed.
 */

import { type Indicator, requirePeriod } from './indicator.js';
import { RMA } from './tradingSignals.js';

class WilderMovingAverage implements Indicator {
  value = Number.NaN;
  #seen = 0;
  #sum = 0;
  readonly #period: number;
  readonly #kernel: RMA;

  constructor(period: number) {
    this.#period = period;
    this.#kernel = new RMA(period);
  }

  update(value: number): number {
    if (Number.isNaN(value)) return this.value;
    if (this.#seen === this.#period) {
      this.value = this.#kernel.update(value, false);
      return this.value;
    }
    this.#seen++;
    this.#sum += value;
    // The kernel takes its first value as its seed: give it the mean.
    if (this.#seen === this.#period) this.value = this.#kernel.update(this.#sum / this.#period, false);
    return this.value;
  }
}

/**
 * `r = value / period + r × (1 − 1 / period)`, seeded with the mean of the first `period` values as Wilder, TA-Lib and
 * TradingView do. First value after `period` values.
 *
 * @example rma(2) fed 1, 3, 6 answers NaN, 2, 4
 * @throws UserError `bad_period`
 */
export function rma(period: number): Indicator {
  requirePeriod('rma', period);
  return new WilderMovingAverage(period);
}
