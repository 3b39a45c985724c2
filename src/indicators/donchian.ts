/**
 * Donchian channel: the highest high and the lowest low of a window, the newest bar included. A breakout compares a bar with
 * the bars before it: read `value` before calling `update`. The answer is one object that every update rewrites.
 */

import type { Bands } from './bollinger.js';
import { requirePeriod } from './indicator.js';
import { SlidingMaximum } from './slidingMaximum.js';

/** What the channel reads of a bar. */
export interface ChannelBar {
  readonly high: number;
  readonly low: number;
}

/** An indicator of bars that answers with Bands. */
export interface DonchianChannel {
  update(bar: ChannelBar): Bands;
  readonly value: Bands;
}

class MovingChannel implements DonchianChannel {
  readonly value = { lower: Number.NaN, middle: Number.NaN, upper: Number.NaN };
  readonly #highs: SlidingMaximum;
  readonly #negatedLows: SlidingMaximum;

  constructor(period: number) {
    this.#highs = new SlidingMaximum(period);
    this.#negatedLows = new SlidingMaximum(period);
  }

  update(bar: ChannelBar): Bands {
    const out = this.value;
    out.upper = this.#highs.push(bar.high);
    out.lower = -this.#negatedLows.push(-bar.low);
    out.middle = (out.upper + out.lower) / 2;
    return out;
  }
}

/**
 * `upper` is the highest high and `lower` the lowest low of the last `period` bars, `middle` their mean. First value after
 * `period` bars.
 *
 * @throws UserError `bad_period`
 */
export function donchian(period: number): DonchianChannel {
  requirePeriod('donchian', period);
  return new MovingChannel(period);
}
