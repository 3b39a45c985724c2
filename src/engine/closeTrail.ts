/**
 * The closes of one symbol as they come, with what is needed to follow the peaks from any of them on and the deepest close after
 * each, without looking at every close between. So the drawdown of an account that only holds costs as much as there are peaks.
 */

/** One way of following closes: records of one sign, each with the deepest close before the next record. */
class RecordChain {
  /** Place of the next record of each close; −1 where there is none yet. */
  #next = new Int32Array(1024);
  /** Deepest close between a close and its next record; of those that have none, as far as it was noted. */
  #deepest = new Float64Array(1024);
  /** Places of the closes without a next record, ascending. */
  readonly #open: number[] = [];
  /** Deepest close after each of these, by its place, and for how many closes it was worked out. */
  readonly #after = new Map<number, number>();
  #afterLength = -1;

  /** @param close signed, so that a record is a higher one. @param closeAt the signed closes by place. */
  push(place: number, close: number, closeAt: (place: number) => number): void {
    if (place === this.#next.length) this.#widen();
    const open = this.#open;
    let below = Number.POSITIVE_INFINITY;
    while (open.length > 0 && closeAt(open[open.length - 1]!) <= close) {
      const passed = open.pop()!;
      this.#next[passed] = place;
      this.#deepest[passed] = Math.min(this.#deepest[passed]!, below);
      below = Math.min(this.#deepest[passed]!, closeAt(passed));
    }
    const last = open[open.length - 1];
    if (last !== undefined) this.#deepest[last] = Math.min(this.#deepest[last]!, below, close);
    this.#next[place] = -1;
    this.#deepest[place] = Number.POSITIVE_INFINITY;
    open.push(place);
  }

  /** Tells each record from a place on with the deepest close after it, Infinity where none comes. */
  follow(
    from: number,
    length: number,
    closeAt: (place: number) => number,
    tell: (record: number, deepest: number) => void,
  ): void {
    for (let place = from; ; place = this.#next[place]!) {
      const hasNext = this.#next[place]! >= 0;
      tell(closeAt(place), hasNext ? this.#deepest[place]! : this.#deepestAfter(place, length, closeAt));
      if (!hasNext) return;
    }
  }

  #deepestAfter(place: number, length: number, closeAt: (place: number) => number): number {
    if (this.#afterLength !== length) {
      this.#after.clear();
      let deepest = Number.POSITIVE_INFINITY;
      for (let i = this.#open.length - 1; i >= 0; i--) {
        const open = this.#open[i]!;
        deepest = Math.min(deepest, this.#deepest[open]!);
        this.#after.set(open, deepest);
        deepest = Math.min(deepest, closeAt(open));
      }
      this.#afterLength = length;
    }
    return this.#after.get(place)!;
  }

  clear(): void {
    this.#open.length = 0;
    this.#afterLength = -1;
  }

  #widen(): void {
    const next = new Int32Array(this.#next.length * 2);
    next.set(this.#next);
    this.#next = next;
    const deepest = new Float64Array(this.#deepest.length * 2);
    deepest.set(this.#deepest);
    this.#deepest = deepest;
  }
}

export class CloseTrail {
  #closes = new Float64Array(1024);
  readonly #rises = new RecordChain();
  readonly #falls = new RecordChain();
  length = 0;

  push(close: number): void {
    if (this.length === this.#closes.length) {
      const wider = new Float64Array(this.length * 2);
      wider.set(this.#closes);
      this.#closes = wider;
    }
    this.#closes[this.length] = close;
    this.#rises.push(this.length, close, this.#close);
    this.#falls.push(this.length, -close, this.#negative);
    this.length += 1;
  }

  readonly #close = (place: number): number => this.#closes[place]!;
  readonly #negative = (place: number): number => -this.#closes[place]!;

  at(place: number): number {
    return this.#closes[place]!;
  }

  /** Tells each new high from a place on, and the lowest close before the next one; NaN where no close comes between. */
  eachHigh(from: number, tell: (high: number, low: number) => void): void {
    this.#rises.follow(from, this.length, this.#close, (high, low) => {
      tell(high, Number.isFinite(low) ? low : Number.NaN);
    });
  }

  /** Tells each new low from a place on, and the highest close before the next one; NaN where no close comes between. */
  eachLow(from: number, tell: (low: number, high: number) => void): void {
    this.#falls.follow(from, this.length, this.#negative, (low, high) => {
      tell(-low, Number.isFinite(high) ? -high : Number.NaN);
    });
  }

  /** Forgets all closes. */
  clear(): void {
    this.length = 0;
    this.#rises.clear();
    this.#falls.clear();
  }
}
