/**
 * The largest fall of a series of samples from the highest before it, as a share of that highest. Samples at or below zero
 * before any positive one have no share. Statistics, so float64.
 */

export class Drawdown {
  #peak: number;
  #deepest = 0;

  constructor(start: number) {
    this.#peak = start;
  }

  /** Goes on where another one is. */
  static from(other: Drawdown): Drawdown {
    const copy = new Drawdown(other.#peak);
    copy.#deepest = other.#deepest;
    return copy;
  }

  sample(value: number): void {
    if (value > this.#peak) this.#peak = value;
    else if (this.#peak > 0) {
      const fall = (this.#peak - value) / this.#peak;
      if (fall > this.#deepest) this.#deepest = fall;
    }
  }

  /** The highest sample so far. */
  get peak(): number {
    return this.#peak;
  }

  get deepest(): number {
    return this.#deepest;
  }
}
