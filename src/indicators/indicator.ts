/**
 * What every indicator here has in common: fed one value a bar, it answers NaN until it has seen enough of them. A NaN that is
 * fed in is not a value: it changes nothing, so one indicator can feed another while that one is still warming up. Statistics
 * are float64 and never touch money.
 */

import { EXIT, UserError } from '../errors.js';

/** An indicator of one number a bar, for example of closes. */
export interface Indicator {
  /** Takes the next value and returns the indicator's; NaN until enough values have been seen. */
  update(value: number): number;
  /** What the last `update` returned; NaN before the first. */
  readonly value: number;
}

/** An indicator of whole bars. The bar is read during the call and not kept. */
export interface BarIndicator<B> {
  /** Takes the next bar and returns the indicator's value; NaN until enough bars have been seen. */
  update(bar: B): number;
  /** What the last `update` returned; NaN before the first. */
  readonly value: number;
}

/**
 * Refuses a period that is not a whole number of bars, or is below `least`.
 *
 * @throws UserError `bad_period`, exit code of a failed strategy.
 */
export function requirePeriod(indicator: string, period: number, least = 1): void {
  if (Number.isSafeInteger(period) && period >= least) return;
  throw new UserError({
    code: 'bad_period',
    exitCode: EXIT.strategy,
    message: `the period of ${indicator} cannot be used`,
    found: String(period),
    expected: `a whole number, ${least} or more`,
    hint: 'check the strategy parameter that the period comes from',
  });
}
