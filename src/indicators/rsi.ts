/**
 * Relative strength index in Wilder's smoothing. It works on changes, so it needs one value more than its period.
 */

import { type Indicator, requirePeriod } from './indicator.js';
import { rma } from './rma.js';

class RelativeStrengthIndex implements Indicator {
  value = Number.NaN;
  #previous = Number.NaN;
  readonly #gains: Indicator;
  readonly #losses: Indicator;

  constructor(period: number) {
    this.#gains = rma(period);
    this.#losses = rma(period);
  }

  update(value: number): number {
    if (Number.isNaN(value)) return this.value;
    // NaN for the very first value: no change yet, and the averages leave a NaN out.
    const change = value - this.#previous;
    this.#previous = value;
    const gain = this.#gains.update(Math.max(change, 0));
    const loss = this.#losses.update(Math.max(-change, 0));
    this.value = loss === 0 ? 100 : 100 - 100 / (1 + gain / loss);
    return this.value;
  }
}

/**
 * Between 0 (only losses) and 100 (only gains; also where nothing moved at all, as TradingView). Averages of gains and losses
 * are Wilder's, seeded with the mean of the first `period` changes. First value after `period` + 1 values.
 *
 * @example rsi(2) fed 10, 11, 10, 12 answers NaN, NaN, 50, 83.33…
 * @throws UserError `bad_period`
 */
export function rsi(period: number): Indicator {
  requirePeriod('rsi', period);
  return new RelativeStrengthIndex(period);
}
