/**
 * Compares the calls of two runs of one strategy up to a time, while the second run makes them. The first difference is kept, the
 * rest is passed over: after it the runs have different pasts. Which run was which, and what it means, is the caller's.
 */

import type { StrategyCall } from './lookAheadCalls.js';

/** The first call that is not in both runs; null where a run made none at that place. */
export interface CallDifference {
  /** The earlier of the two. */
  readonly timeMs: number;
  readonly first: StrategyCall | null;
  readonly second: StrategyCall | null;
}

export class CallComparison {
  /** Calls that are in both. */
  agreed = 0;
  readonly #first: readonly StrategyCall[];
  readonly #untilMs: number;
  #difference: CallDifference | null = null;

  /**
   * @param first calls of the first run, in their order.
   * @param untilMs the last time that is compared, milliseconds UTC.
   */
  constructor(first: readonly StrategyCall[], untilMs: number) {
    this.#first = first;
    this.#untilMs = untilMs;
  }

  /** Takes the next call of the second run. @returns whether it is the first one that differs. */
  take(call: StrategyCall): boolean {
    if (this.#difference !== null || call.timeMs > this.#untilMs) return false;
    const expected = this.#next;
    if (expected !== null && expected.timeMs === call.timeMs && expected.text === call.text) {
      this.agreed += 1;
      return false;
    }
    const isLate = expected !== null && expected.timeMs < call.timeMs;
    const isEarly = expected === null || call.timeMs < expected.timeMs;
    this.#difference = {
      timeMs: isLate ? expected.timeMs : call.timeMs,
      first: isEarly ? null : expected,
      second: isLate ? null : call,
    };
    return !isLate;
  }

  /**
   * Ends the comparison.
   *
   * @param reachedMs how far the second run came; later calls of the first are not missed.
   */
  conclude(reachedMs: number = this.#untilMs): CallDifference | null {
    if (this.#difference !== null) return this.#difference;
    const missing = this.#next;
    if (missing === null || missing.timeMs > reachedMs) return null;
    return { timeMs: missing.timeMs, first: missing, second: null };
  }

  get #next(): StrategyCall | null {
    const call = this.#first[this.agreed];
    return call !== undefined && call.timeMs <= this.#untilMs ? call : null;
  }
}
