/**
 * The last `size` values of a series in a ring of float64. Used by the indicators that look at a window; it knows nothing of
 * warm-up or of NaN. No allocation after construction.
 */

export class Window {
  readonly size: number;
  /** Values seen, at most `size`. */
  count = 0;
  /** Where the next value goes; the oldest value stands there once the window is full. */
  next = 0;
  readonly #values: Float64Array;

  constructor(size: number) {
    this.size = size;
    this.#values = new Float64Array(size);
  }

  get isFull(): boolean {
    return this.count === this.size;
  }

  /** Puts a value in and returns the one that leaves, 0 while the window is filling. */
  push(value: number): number {
    const left = this.#values[this.next]!;
    this.#values[this.next] = value;
    this.next = this.next + 1 === this.size ? 0 : this.next + 1;
    if (this.count < this.size) this.count++;
    return left;
  }

  /** Sum in the order of the ring. */
  sum(): number {
    let sum = 0;
    for (let i = 0; i < this.count; i++) sum += this.#values[i]!;
    return sum;
  }

  /** Sum of squared distances from `center`. */
  sumOfSquares(center: number): number {
    let sum = 0;
    for (let i = 0; i < this.count; i++) {
      const distance = this.#values[i]! - center;
      sum += distance * distance;
    }
    return sum;
  }

  /** Sum of the values weighted 1 for the oldest to `size` for the newest. The window must be full. */
  weightedSum(): number {
    let sum = 0;
    let weight = 1;
    for (let i = this.next; i < this.size; i++) sum += this.#values[i]! * weight++;
    for (let i = 0; i < this.next; i++) sum += this.#values[i]! * weight++;
    return sum;
  }
}
