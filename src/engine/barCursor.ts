/**
 * The place in one symbol's series of bars: the chunk at hand and the next bar in it. Several of them are read side by side, so
 * that a run steps through time while each series is fetched in its own chunks.
 */

import type { BarChunk } from '../market/bars.js';

export class BarCursor {
  readonly #chunks: AsyncIterator<BarChunk>;
  chunk: BarChunk | null = null;
  index = 0;
  /** Place in the chunk of the bar of the step at hand; -1 when the step has none. */
  taken = -1;
  isOver = false;

  constructor(chunks: AsyncIterable<BarChunk>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Whether the next chunk must be fetched before the time of the next bar is known. */
  get isEmpty(): boolean {
    return !this.isOver && (this.chunk === null || this.index >= this.chunk.length);
  }

  /** Open time of the next bar; Infinity when there is none. Not while empty. */
  get nextOpenMs(): number {
    return this.isOver ? Number.POSITIVE_INFINITY : this.chunk!.openTimeMs[this.index]!;
  }

  /** Moves on to a step. @returns whether the next bar is one of it */
  take(openTimeMs: number): boolean {
    const isOne = this.nextOpenMs === openTimeMs;
    this.taken = isOne ? this.index : -1;
    if (isOne) this.index += 1;
    return isOne;
  }

  async fetch(): Promise<void> {
    while (this.isEmpty) {
      const next = await this.#chunks.next();
      if (next.done === true) this.isOver = true;
      else this.chunk = next.value;
      this.index = 0;
    }
  }

  /** Lets go of the series when it is not read to the end. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
