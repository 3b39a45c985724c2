/**
 * The lowest low and the highest high of a symbol since any step that is still remembered, without looking at the steps between: two
 * stacks of the steps that no later one has passed. So an account on which nothing happens costs nothing per bar.
 */

/** Steps with the extremes of their bars, as they come. */
export class RecentExtremes {
  readonly #lows = new Stack();
  readonly #highs = new Stack();

  /** Adds the bar of a step; steps ascend. */
  push(step: number, low: number, high: number): void {
    this.#lows.push(step, low);
    // Highs are kept upside down.
    this.#highs.push(step, -high);
  }

  /** Lowest low from a step on; Infinity where no bar has come since. */
  lowSince(step: number): number {
    return this.#lows.leastSince(step);
  }

  /** Highest high from a step on; −Infinity where no bar has come since. */
  highSince(step: number): number {
    return -this.#highs.leastSince(step);
  }

  /** Forgets all steps; nobody asks for them again. */
  clear(): void {
    this.#lows.length = 0;
    this.#highs.length = 0;
  }
}

/** Values that no later one is as low as, ascending from the bottom. */
class Stack {
  #steps = new Float64Array(64);
  #values = new Float64Array(64);
  length = 0;

  push(step: number, value: number): void {
    let { length } = this;
    while (length > 0 && this.#values[length - 1]! >= value) length -= 1;
    if (length === this.#steps.length) {
      this.#steps = widened(this.#steps);
      this.#values = widened(this.#values);
    }
    this.#steps[length] = step;
    this.#values[length] = value;
    this.length = length + 1;
  }

  leastSince(step: number): number {
    // The lowest entry that is not older than the step.
    let [from, to] = [0, this.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.#steps[middle]! < step) from = middle + 1;
      else to = middle;
    }
    return from < this.length ? this.#values[from]! : Number.POSITIVE_INFINITY;
  }
}

function widened(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const wider = new Float64Array(values.length * 2);
  wider.set(values);
  return wider;
}
