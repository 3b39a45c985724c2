/**
 * Tells when one series crosses another. A touch is no cross: where the two are equal, the side on which the first was last
 * still counts, so that crosses up and crosses down take turns.
 */

/** 1: from below to above; −1: from above to below; 0: neither. */
export type Crossing = -1 | 0 | 1;

/** An indicator of two numbers a bar. */
export interface CrossIndicator {
  /** Takes the next pair and tells whether `a` has crossed `b` with it. */
  update(a: number, b: number): Crossing;
  /** What the last `update` returned; 0 before the first. */
  readonly value: Crossing;
}

class SeriesCross implements CrossIndicator {
  value: Crossing = 0;
  /** Where `a` was last when the two differed; 0 before they first did. */
  #side: Crossing = 0;

  update(a: number, b: number): Crossing {
    const side = a > b ? 1 : a < b ? -1 : 0;
    this.value = side !== 0 && this.#side === -side ? side : 0;
    if (side !== 0) this.#side = side;
    return this.value;
  }
}

/**
 * 1 when `a` is above `b` and was below it when they last differed, −1 the other way round, else 0. The first pair is no cross. A
 * pair with a NaN is passed over: it answers 0 and is not remembered.
 *
 * @example cross() fed (1, 2), (2, 2), (3, 2), (1, 2) answers 0, 0, 1, -1
 */
export function cross(): CrossIndicator {
  return new SeriesCross();
}
