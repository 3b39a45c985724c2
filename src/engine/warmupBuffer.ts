/**
 * Keeps the last bars before the run's start, so that a strategy can warm up on them: they are shown, never settled.
 */

import type { BarChunk } from '../market/bars.js';
import type { History } from '../strategy/history.js';

interface KeptBar {
  readonly openTimeMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

export class WarmupBuffer {
  readonly #capacity: number;
  #bars: KeptBar[] = [];

  /** @param capacity how many bars the strategy asked for. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  push(chunk: BarChunk, i: number): void {
    if (this.#capacity === 0) return;
    this.#bars.push({
      openTimeMs: chunk.openTimeMs[i]!,
      open: chunk.open[i]!,
      high: chunk.high[i]!,
      low: chunk.low[i]!,
      close: chunk.close[i]!,
      volume: chunk.volume[i]!,
    });
    // Trimmed now and then rather than on every bar.
    if (this.#bars.length >= 2 * this.#capacity + 1024) this.#bars = this.#bars.slice(-this.#capacity);
  }

  /** Shows the kept bars in order; `onClose` is called after each. */
  replay(history: History, intervalMs: number, onClose: (closeTimeMs: number) => void): void {
    for (const bar of this.#bars.slice(-this.#capacity)) {
      if (this.#capacity === 0) break;
      const closeTimeMs = bar.openTimeMs + intervalMs;
      history.push(bar.openTimeMs, closeTimeMs, bar.open, bar.high, bar.low, bar.close, bar.volume);
      onClose(closeTimeMs);
    }
    this.#bars = [];
  }
}
