/**
 * Reads the series of bars whole into memory, as exact candles of last and mark and as the bars that strategies see, and merges
 * the symbols into steps by open time.
 */

import type { RunInput, SymbolInput } from '../../engine/runInput.js';
import type { BarChunk, BarSeries } from '../../market/bars.js';
import type { Bar } from '../../strategy/strategy.js';
import { candleOf, type RefBar } from './legs.js';
import type { Ratio } from './numbers.js';

/** A bar with what strategies may see of it. */
export interface SeenBar {
  readonly symbol: string;
  readonly settled: RefBar;
  readonly shown: Bar;
  /** Mark at the close that strategies and orders go by. */
  readonly knownMark: Ratio;
}

/** The bars of one open time, by symbol. */
export interface SeenStep {
  readonly openTimeMs: number;
  readonly closeTimeMs: number;
  readonly bars: ReadonlyMap<string, SeenBar>;
}

/** Reads all bars of the run: one step for each time at which any symbol has a bar. */
export async function readSteps(input: Pick<RunInput, 'symbols' | 'fromMs' | 'toMs'>): Promise<SeenStep[]> {
  const byTime = new Map<number, Map<string, SeenBar>>();
  for (const symbol of input.symbols) {
    for (const bar of await readBars(symbol, input.fromMs, input.toMs)) {
      const { openTimeMs } = bar.shown;
      const bars = byTime.get(openTimeMs) ?? new Map<string, SeenBar>();
      bars.set(bar.symbol, bar);
      byTime.set(openTimeMs, bars);
    }
  }
  const interval = input.symbols[0]!.bars.intervalMs;
  return [...byTime]
    .sort(([a], [b]) => a - b)
    .map(([openTimeMs, bars]) => ({ openTimeMs, closeTimeMs: openTimeMs + interval, bars }));
}

async function readBars(
  { bars: series, contract }: SymbolInput,
  fromMs: number | null,
  toMs: number | null,
): Promise<SeenBar[]> {
  const bars: SeenBar[] = [];
  for await (const chunk of series.chunks) {
    for (let i = 0; i < chunk.length; i += 1) {
      const openTimeMs = chunk.openTimeMs[i]!;
      if (fromMs !== null && openTimeMs < fromMs) continue;
      if (toMs !== null && openTimeMs >= toMs) continue;
      bars.push(barOf(series, contract.symbol, chunk, i));
    }
  }
  return bars;
}

function barOf(series: BarSeries, symbol: string, chunk: BarChunk, i: number): SeenBar {
  const openTimeMs = chunk.openTimeMs[i]!;
  const closeTimeMs = openTimeMs + series.intervalMs;
  const [open, high, low, close] = [chunk.open[i]!, chunk.high[i]!, chunk.low[i]!, chunk.close[i]!];
  const last = candleOf(open, high, low, close);
  const { mark: columns } = chunk;
  const mark =
    columns === undefined ? last : candleOf(columns.open[i]!, columns.high[i]!, columns.low[i]!, columns.close[i]!);
  const isKnown = columns === undefined || columns.closedAtClose[i] === 1;
  return {
    symbol,
    settled: { last, mark },
    shown: { symbol, openTimeMs, closeTimeMs, open, high, low, close, volume: chunk.volume[i]! },
    knownMark: isKnown ? mark.close : last.close,
  };
}
