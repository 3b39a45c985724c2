/**
 * Moving average convergence divergence: the distance of two exponential averages, and an average of that distance. The
 * answer is one object that every update rewrites; copy a number out of it to keep it.
 */

import { ema } from './ema.js';
import { type Indicator, requirePeriod } from './indicator.js';

/** Rewritten by every update. */
export interface MacdValue {
  /** Fast average less slow average; NaN until `slow` values have been seen. */
  readonly macd: number;
  /** Average of `macd`; NaN until `slow` + `signal` − 1 values have been seen. */
  readonly signal: number;
  /** `macd` − `signal`; NaN where `signal` is. */
  readonly histogram: number;
}

/** An indicator of one number a bar that answers with a MacdValue. */
export interface Macd {
  update(value: number): MacdValue;
  readonly value: MacdValue;
}

class MovingAverageConvergence implements Macd {
  readonly value = { macd: Number.NaN, signal: Number.NaN, histogram: Number.NaN };
  readonly #fast: Indicator;
  readonly #slow: Indicator;
  readonly #signal: Indicator;

  constructor(fast: number, slow: number, signal: number) {
    this.#fast = ema(fast);
    this.#slow = ema(slow);
    this.#signal = ema(signal);
  }

  update(value: number): MacdValue {
    if (Number.isNaN(value)) return this.value;
    const out = this.value;
    out.macd = this.#fast.update(value) - this.#slow.update(value);
    out.signal = this.#signal.update(out.macd);
    out.histogram = out.macd - out.signal;
    return out;
  }
}

/**
 * Seeding is that of `ema`: each average starts from its first value, the signal from the first `macd`.
 *
 * @throws UserError `bad_period`
 */
export function macd(fast = 12, slow = 26, signal = 9): Macd {
  requirePeriod('macd (fast)', fast);
  requirePeriod('macd (slow)', slow, fast);
  requirePeriod('macd (signal)', signal);
  return new MovingAverageConvergence(fast, slow, signal);
}
