/**
 * The bar of one symbol under settlement, one object for the whole run, so that nothing is allocated per bar. While a symbol's
 * bars are missing it stands still at the prices of its last close. Where a step is settled along finer bars it is each of them in turn.
 */

import type { BarChunk } from '../market/bars.js';
import type { BarPrices } from './path.js';

interface MutableOhlc {
  open: number;
  high: number;
  low: number;
  close: number;
}

const EMPTY: Readonly<MutableOhlc> = { open: 0, high: 0, low: 0, close: 0 };

export class CurrentBar implements BarPrices {
  openTimeMs = 0;
  closeTimeMs = 0;
  volume = 0;
  readonly last: MutableOhlc = { ...EMPTY };
  /** The same object as `last` where there is no mark series. */
  readonly mark: MutableOhlc;
  /** Whether the mark is known at the close; else it belongs to a longer candle that has not closed. */
  isMarkKnown = true;
  /** Whether the symbol has a bar at this step. */
  isPresent = false;
  /** Whether it has had one yet. */
  isKnown = false;
  readonly #intervalMs: number;

  constructor(intervalMs: number, hasMark: boolean) {
    this.#intervalMs = intervalMs;
    this.mark = hasMark ? { ...EMPTY } : this.last;
  }

  /** Moves on to bar `i` of a chunk. @param lengthMs of a finer bar. */
  load(chunk: BarChunk, i: number, lengthMs = this.#intervalMs): void {
    this.isPresent = true;
    this.isKnown = true;
    this.openTimeMs = chunk.openTimeMs[i]!;
    this.closeTimeMs = this.openTimeMs + lengthMs;
    this.volume = chunk.volume[i]!;
    const { last, mark } = this;
    last.open = chunk.open[i]!;
    last.high = chunk.high[i]!;
    last.low = chunk.low[i]!;
    last.close = chunk.close[i]!;
    if (mark === last) return;
    const columns = chunk.mark!;
    mark.open = columns.open[i]!;
    mark.high = columns.high[i]!;
    mark.low = columns.low[i]!;
    mark.close = columns.close[i]!;
    this.isMarkKnown = columns.closedAtClose[i] === 1;
  }

  /** The symbol has no bar at this step: its prices stand still. */
  hold(openTimeMs: number, lengthMs: number): void {
    this.isPresent = false;
    this.openTimeMs = openTimeMs;
    this.closeTimeMs = openTimeMs + lengthMs;
    this.volume = 0;
    stand(this.last);
    if (this.mark !== this.last) stand(this.mark);
  }
}

function stand(prices: MutableOhlc): void {
  prices.open = prices.close;
  prices.high = prices.close;
  prices.low = prices.close;
}
