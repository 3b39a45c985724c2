/**
 * Reads a series of bars whole into memory, as exact candles of last and mark and as the bars that strategies see.
 */

import type { BarChunk, BarSeries } from '../../market/bars.js';
import type { Bar } from '../../strategy/strategy.js';
import { candleOf, type RefBar } from './legs.js';
import type { Ratio } from './numbers.js';

/** A bar with what strategies may see of it. */
export interface SeenBar {
  readonly settled: RefBar;
  readonly shown: Bar;
  /** Mark at the close that strategies and orders go by. */
  readonly knownMark: Ratio;
}

/** Reads all bars of a series. */
export async function readBars(series: BarSeries, fromMs: number | null, toMs: number | null): Promise<SeenBar[]> {
  const bars: SeenBar[] = [];
  for await (const chunk of series.chunks) {
    for (let i = 0; i < chunk.length; i += 1) {
      const openTimeMs = chunk.openTimeMs[i]!;
      if (fromMs !== null && openTimeMs < fromMs) continue;
      if (toMs !== null && openTimeMs >= toMs) continue;
      bars.push(barOf(series, chunk, i, bars.length));
    }
  }
  return bars;
}

function barOf(series: BarSeries, chunk: BarChunk, i: number, index: number): SeenBar {
  const openTimeMs = chunk.openTimeMs[i]!;
  const closeTimeMs = openTimeMs + series.intervalMs;
  const [open, high, low, close] = [chunk.open[i]!, chunk.high[i]!, chunk.low[i]!, chunk.close[i]!];
  const last = candleOf(open, high, low, close);
  const { mark: columns } = chunk;
  const mark =
    columns === undefined ? last : candleOf(columns.open[i]!, columns.high[i]!, columns.low[i]!, columns.close[i]!);
  const isKnown = columns === undefined || columns.closedAtClose[i] === 1;
  return {
    settled: { index, openTimeMs, closeTimeMs, last, mark, funding: [], rowTimes: [] },
    shown: { symbol: series.symbol, openTimeMs, closeTimeMs, open, high, low, close, volume: chunk.volume[i]! },
    knownMark: isKnown ? mark.close : last.close,
  };
}
