/**
 * The clock and the chance that a strategy sees: inside its callbacks `Date` stands at the bar's close and `Math.random` is a
 * seeded generator, so that the same command gives the same bytes. Both are put back when the callback returns; what a strategy
 * does later, from a timer or a promise, and at the top of its module, sees the real ones.
 */

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export class SimulatedGlobals {
  #nowMs = 0;
  readonly #random: () => number;
  readonly #Date: DateConstructor;

  /** @param seed a whole number; the same seed gives the same draws. */
  constructor(seed: number) {
    const generator = xoroshiro128plus(seed);
    this.#random = () => uniformFloat64(generator);
    const now = (): number => this.#nowMs;
    const RealDate = Date;
    this.#Date = new Proxy(RealDate, {
      construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
      apply: () => new RealDate(now()).toString(),
      get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
    });
  }

  /** Runs a call of the author's at a time of the run. */
  during<T>(timeMs: number, call: () => T): T {
    const { Date: realDate } = globalThis;
    const realRandom = Math.random;
    this.#nowMs = timeMs;
    globalThis.Date = this.#Date;
    Math.random = this.#random;
    try {
      return call();
    } finally {
      globalThis.Date = realDate;
      Math.random = realRandom;
    }
  }
}
