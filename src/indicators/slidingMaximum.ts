/**
 * The largest of the last `size` values, at a cost that does not grow with `size`: a queue of falling values in which the
 * front is the maximum. A minimum is the negative of the maximum of negatives. No allocation after construction.
 */

export class SlidingMaximum {
  readonly #size: number;
  readonly #values: Float64Array;
  /** Which value of the series, counted from 0, stands in the slot. */
  readonly #indices: Float64Array;
  #front = 0;
  #length = 0;
  #seen = 0;

  constructor(size: number) {
    this.#size = size;
    this.#values = new Float64Array(size);
    this.#indices = new Float64Array(size);
  }

  /** Takes the next value and returns the maximum; NaN until `size` values have been seen. */
  push(value: number): number {
    const size = this.#size;
    if (this.#length > 0 && this.#indices[this.#front]! <= this.#seen - size) {
      this.#front = (this.#front + 1) % size;
      this.#length--;
    }
    // A value no larger than a newer one can never be the maximum again.
    while (this.#length > 0 && this.#values[(this.#front + this.#length - 1) % size]! <= value) this.#length--;
    const back = (this.#front + this.#length) % size;
    this.#values[back] = value;
    this.#indices[back] = this.#seen;
    this.#length++;
    this.#seen++;
    return this.#seen < size ? Number.NaN : this.#values[this.#front]!;
  }
}
