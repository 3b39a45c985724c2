/**
 * Average true range: how far a bar reaches, the jump from the close before it included, in Wilder's smoothing. In the unit of
 * the price.
 */

import { type BarIndicator, type Indicator, requirePeriod } from './indicator.js';
import { rma } from './rma.js';

/** What the average true range reads of a bar. */
export interface RangeBar {
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

class AverageTrueRange implements BarIndicator<RangeBar> {
  value = Number.NaN;
  #previousClose = Number.NaN;
  readonly #average: Indicator;

  constructor(period: number) {
    this.#average = rma(period);
  }

  update(bar: RangeBar): number {
    const previous = Number.isNaN(this.#previousClose) ? bar.close : this.#previousClose;
    this.#previousClose = bar.close;
    this.value = this.#average.update(Math.max(bar.high, previous) - Math.min(bar.low, previous));
    return this.value;
  }
}

/**
 * True range is the larger of high and previous close, less the smaller of low and previous close; of the first bar it is high −
 * low. Averaged by `rma`, seeded with the mean of the first `period` true ranges, the first bar's included (as TradingView;
 * TA-Lib leaves the first bar out and is one bar later). First value after `period` bars.
 *
 * @throws UserError `bad_period`
 */
export function atr(period: number): BarIndicator<RangeBar> {
  requirePeriod('atr', period);
  return new AverageTrueRange(period);
}
