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

/** All bars of a run's data. */
export interface ReadBars {
  /** Before the run's start, of all symbols. */
  readonly before: readonly Bar[];
  /** One step for each time at which any symbol has a bar. */
  readonly steps: readonly SeenStep[];
}

/** Reads all bars of the run. */
export async function readSteps(input: Pick<RunInput, 'symbols' | 'fromMs' | 'toMs'>): Promise<ReadBars> {
  const before: Bar[] = [];
  const byTime = new Map<number, Map<string, SeenBar>>();
  for (const symbol of input.symbols) {
    for (const bar of await readBars(symbol, input.fromMs, input.toMs, before)) {
      const { openTimeMs } = bar.shown;
      const bars = byTime.get(openTimeMs) ?? new Map<string, SeenBar>();
      bars.set(bar.symbol, bar);
      byTime.set(openTimeMs, bars);
    }
  }
  const interval = input.symbols[0]!.bars.intervalMs;
  const steps = [...byTime]
    .sort(([a], [b]) => a - b)
    .map(([openTimeMs, bars]) => ({ openTimeMs, closeTimeMs: openTimeMs + interval, bars }));
  return { before, steps };
}

async function readBars(
  { bars: series, contract }: SymbolInput,
  fromMs: number | null,
  toMs: number | null,
  before: Bar[],
): Promise<SeenBar[]> {
  const bars: SeenBar[] = [];
  for await (const chunk of series.chunks) {
    for (let i = 0; i < chunk.length; i += 1) {
      const openTimeMs = chunk.openTimeMs[i]!;
      if (fromMs !== null && openTimeMs < fromMs) {
        before.push(shownBar(series, contract.symbol, chunk, i));
        continue;
      }
      if (toMs !== null && openTimeMs >= toMs) continue;
      bars.push(barOf(series, contract.symbol, chunk, i));
    }
  }
  return bars;
}

function shownBar({ intervalMs }: BarSeries, symbol: string, chunk: BarChunk, i: number): Bar {
  const openTimeMs = chunk.openTimeMs[i]!;
  const [open, high, low, close] = [chunk.open[i]!, chunk.high[i]!, chunk.low[i]!, chunk.close[i]!];
  const times = { openTimeMs, closeTimeMs: openTimeMs + intervalMs };
  return { symbol, ...times, open, high, low, close, volume: chunk.volume[i]! };
}

function barOf(series: BarSeries, symbol: string, chunk: BarChunk, i: number): SeenBar {
  const shown = shownBar(series, symbol, chunk, i);
  const last = candleOf(shown.open, shown.high, shown.low, shown.close);
  const { mark: columns } = chunk;
  const mark =
    columns === undefined ? last : candleOf(columns.open[i]!, columns.high[i]!, columns.low[i]!, columns.close[i]!);
  const isKnown = columns === undefined || columns.closedAtClose[i] === 1;
  return {
    symbol,
    settled: { last, mark },
    shown,
    knownMark: isKnown ? mark.close : last.close,
  };
}
