/**
 * Keeps the last bars before the run's start, so that a strategy can warm up on them: they are shown, never settled. They are
 * counted as the strategy is called: by steps, however many symbols have a bar then, or by bars of its longer timeframe. Of one
 * that the run's start cuts, the beginning is kept as well, so that it is whole when it ends.
 */

import type { Params } from '../strategy/strategy.js';
import { bucketStartOf } from '../strategy/timeframes.js';
import type { MarketSymbol } from './market.js';
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

/** The bars of a step, or of all steps of one longer bar. */
interface KeptGroup {
  /** What its bars have in common: the open of the step, or the start of the longer bar. */
  readonly key: number;
  readonly bars: KeptBar[];
}

/** Bars that may wait to be let go of: trimming on every bar would cost more. */
const SLACK_BARS = 1024;

const NO_NOTICES = (): readonly [] => [];

export class WarmupBuffer {
  readonly #capacity: number;
  readonly #intervalMs: number;
  readonly #timeframeMs: number | null;
  readonly #slack: number;
  #groups: KeptGroup[] = [];
  /** Close of the newest bar that is not kept. */
  #unseenUntilMs = Number.NEGATIVE_INFINITY;

  /**
   * @param capacity how many bars the strategy asked for.
   * @param timeframeMs length of the bars it is called on; null for those of the data.
   */
  constructor(capacity: number, intervalMs: number, timeframeMs: number | null) {
    this.#capacity = capacity;
    this.#intervalMs = intervalMs;
    this.#timeframeMs = timeframeMs;
    this.#slack = timeframeMs === null ? SLACK_BARS : Math.ceil((SLACK_BARS * intervalMs) / timeframeMs);
  }

  /** Keeps the next bar of a symbol. */
  push({ index, cursor: { chunk, index: i } }: MarketSymbol): void {
    if (chunk === null) return;
    const openTimeMs = chunk.openTimeMs[i]!;
    if (this.#capacity === 0 && this.#timeframeMs === null) {
      this.#unseenUntilMs = openTimeMs + this.#intervalMs;
      return;
    }
    const [open, high, low] = [chunk.open[i]!, chunk.high[i]!, chunk.low[i]!];
    const bar = { symbol: index, openTimeMs, open, high, low, close: chunk.close[i]!, volume: chunk.volume[i]! };
    const key = this.#keyOf(openTimeMs);
    const last = this.#groups.at(-1);
    if (last?.key === key) last.bars.push(bar);
    else {
      // The one that begins now is kept besides: the run's start may cut it.
      if (this.#groups.length > 2 * this.#capacity + this.#slack) this.#keepLast(this.#capacity);
      this.#groups.push({ key, bars: [bar] });
    }
  }

  /** Shows what is kept, in order, before the step that opens at this time. */
  replay<P extends Params>(openTimeMs: number, driver: StrategyDriver<P>): void {
    const isCut = this.#groups.at(-1)?.key === this.#keyOf(openTimeMs);
    this.#keepLast(this.#capacity + (isCut ? 1 : 0));
    driver.noteUnseen(this.#unseenUntilMs);
    const bars = this.#groups.flatMap((group) => group.bars);
    this.#groups = [];
    bars.forEach(({ symbol, openTimeMs: at, open, high, low, close, volume }, i) => {
      const closeTimeMs = at + this.#intervalMs;
      driver.pushBar(symbol, at, closeTimeMs, open, high, low, close, volume);
      if (bars[i + 1]?.openTimeMs !== at) driver.onClose(closeTimeMs, NO_NOTICES);
    });
  }

  #keyOf(openTimeMs: number): number {
    if (this.#timeframeMs === null) return openTimeMs;
    return bucketStartOf(openTimeMs + this.#intervalMs, this.#timeframeMs);
  }

  #keepLast(count: number): void {
    const from = this.#groups.length - count;
    if (from <= 0) return;
    this.#unseenUntilMs = this.#groups[from - 1]!.bars.at(-1)!.openTimeMs + this.#intervalMs;
    this.#groups = this.#groups.slice(from);
  }
}
