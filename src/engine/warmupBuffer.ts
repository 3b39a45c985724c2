/**
 * Keeps the last steps before the run's start, so that a strategy can warm up on them: they are shown, never settled. A step
 * counts once, however many symbols have a bar then.
 */

import type { Params } from '../strategy/strategy.js';
import type { Market, MarketSymbol } from './market.js';
import type { StrategyDriver } from './strategyDriver.js';

interface KeptBar {
  readonly symbol: number;
  readonly openTimeMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

export class WarmupBuffer {
  readonly #capacity: number;
  /** One element a step. */
  #steps: KeptBar[][] = [];

  /** @param capacity how many steps the strategy asked for. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Keeps the next bar of a symbol. */
  push({ index, cursor: { chunk, index: i } }: MarketSymbol): void {
    if (this.#capacity === 0 || chunk === null) return;
    const openTimeMs = chunk.openTimeMs[i]!;
    const [open, high, low] = [chunk.open[i]!, chunk.high[i]!, chunk.low[i]!];
    const bar = { symbol: index, openTimeMs, open, high, low, close: chunk.close[i]!, volume: chunk.volume[i]! };
    const last = this.#steps.at(-1);
    if (last?.[0]?.openTimeMs === openTimeMs) last.push(bar);
    else this.#steps.push([bar]);
    // Trimmed now and then rather than on every bar.
    if (this.#steps.length >= 2 * this.#capacity + 1024) this.#steps = this.#steps.slice(-this.#capacity);
  }

  /** Shows the kept steps in order. */
  replay<P extends Params>({ intervalMs }: Market, driver: StrategyDriver<P>): void {
    const steps = this.#capacity === 0 ? [] : this.#steps.slice(-this.#capacity);
    for (const bars of steps) {
      const closeTimeMs = bars[0]!.openTimeMs + intervalMs;
      for (const { symbol, openTimeMs, open, high, low, close, volume } of bars) {
        driver.history(symbol).push(openTimeMs, closeTimeMs, open, high, low, close, volume);
      }
      driver.onClose(closeTimeMs, []);
    }
    this.#steps = [];
  }
}
