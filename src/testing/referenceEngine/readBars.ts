/**
 * Reads the series of bars whole into memory, as exact candles of last and mark and as the bars that strategies see, with the finer
 * bars that cover them, and merges the symbols into steps by open time.
 */

import type { RunInput, SymbolInput } from '../../engine/runInput.js';
import type { BarChunk } from '../../market/bars.js';
import type { Bar } from '../../strategy/strategy.js';
import { candleOf, type RefBar } from './legs.js';
import type { Ratio } from './numbers.js';
import type { ShownBar } from './schedule.js';

/** A bar as it is settled. */
export interface SettledBar {
  readonly settled: RefBar;
  /** Mark at the close that strategies and orders go by. */
  readonly knownMark: Ratio;
}

/** A bar with what strategies may see of it, and the finer bars that cover it; empty where they do not. */
export interface SeenBar extends SettledBar {
  readonly series: string;
  readonly shown: Bar;
  readonly parts: readonly SettledBar[];
}

/** A stretch of time that is settled by itself: a step, or a finer bar's part of one. Bars are by the name of the candles. */
export interface Stretch {
  readonly openTimeMs: number;
  readonly closeTimeMs: number;
  readonly bars: ReadonlyMap<string, SettledBar>;
}

/** The bars of one open time, by the name of the candles. */
export interface SeenStep {
  readonly openTimeMs: number;
  readonly closeTimeMs: number;
  readonly bars: ReadonlyMap<string, SeenBar>;
  /** What is settled one after the other: the finer bars where they cover every bar of the step, else its bars as they are. */
  readonly stretches: readonly Stretch[];
}

/** All bars of a run's data. */
export interface ReadBars {
  /** Before the run's start, of all symbols. */
  readonly before: readonly ShownBar[];
  /** One step for each time at which any symbol has a bar. */
  readonly steps: readonly SeenStep[];
}

/** Reads all bars of the run. */
export async function readSteps(input: Pick<RunInput, 'symbols' | 'fromMs' | 'toMs'>): Promise<ReadBars> {
  const before: ShownBar[] = [];
  const byTime = new Map<number, Map<string, SeenBar>>();
  for (const symbol of input.symbols) {
    for (const bar of await readBars(symbol, input.fromMs, input.toMs, before)) {
      const { openTimeMs } = bar.shown;
      const bars = byTime.get(openTimeMs) ?? new Map<string, SeenBar>();
      bars.set(bar.series, bar);
      byTime.set(openTimeMs, bars);
    }
  }
  const { bars: first } = input.symbols[0]!;
  const steps = [...byTime].sort(([a], [b]) => a - b).map(([open, bars]) => stepOf(open, first.intervalMs, bars));
  return { before, steps };
}

function stepOf(openTimeMs: number, intervalMs: number, bars: ReadonlyMap<string, SeenBar>): SeenStep {
  const closeTimeMs = openTimeMs + intervalMs;
  const count = Math.min(...[...bars.values()].map(({ parts }) => parts.length));
  const whole = { openTimeMs, closeTimeMs, bars };
  if (count === 0) return { ...whole, stretches: [whole] };
  const lengthMs = intervalMs / count;
  const stretches = Array.from({ length: count }, (_, i) => ({
    openTimeMs: openTimeMs + i * lengthMs,
    closeTimeMs: openTimeMs + (i + 1) * lengthMs,
    bars: new Map([...bars].map(([series, { parts }]) => [series, parts[i]!])),
  }));
  return { ...whole, stretches };
}

async function readBars(
  symbol: SymbolInput,
  fromMs: number | null,
  toMs: number | null,
  before: ShownBar[],
): Promise<SeenBar[]> {
  const bars: SeenBar[] = [];
  for await (const chunk of symbol.bars.chunks) {
    for (let i = 0; i < chunk.length; i += 1) {
      const openTimeMs = chunk.openTimeMs[i]!;
      const shown = shownBar(symbol, chunk, i);
      if (fromMs !== null && openTimeMs < fromMs) {
        before.push({ series: symbol.name, bar: shown });
        continue;
      }
      if (toMs !== null && openTimeMs >= toMs) continue;
      bars.push({ series: symbol.name, shown, ...settledBar(chunk, i), parts: partsOf(symbol, chunk, i) });
    }
  }
  return bars;
}

function shownBar({ name, bars: { intervalMs } }: SymbolInput, chunk: BarChunk, i: number): Bar {
  const openTimeMs = chunk.openTimeMs[i]!;
  const [open, high, low, close] = [chunk.open[i]!, chunk.high[i]!, chunk.low[i]!, chunk.close[i]!];
  const times = { openTimeMs, closeTimeMs: openTimeMs + intervalMs };
  return { symbol: name, ...times, open, high, low, close, volume: chunk.volume[i]! };
}

function settledBar(chunk: BarChunk, i: number): SettledBar {
  const last = candleOf(chunk.open[i]!, chunk.high[i]!, chunk.low[i]!, chunk.close[i]!);
  const { mark: columns } = chunk;
  const mark =
    columns === undefined ? last : candleOf(columns.open[i]!, columns.high[i]!, columns.low[i]!, columns.close[i]!);
  const isKnown = columns === undefined || columns.closedAtClose[i] === 1;
  return { settled: { last, mark }, knownMark: isKnown ? mark.close : last.close };
}

/** The finer bars of a bar, as many as fit into it; none where they do not cover it. */
function partsOf({ bars, fineIntervalMs }: SymbolInput, { fine }: BarChunk, i: number): SettledBar[] {
  const first = fine?.first[i] ?? -1;
  if (fine === undefined || fineIntervalMs === null || first < 0) return [];
  const count = bars.intervalMs / fineIntervalMs;
  return Array.from({ length: count }, (_, part) => settledBar(fine.bars, first + part));
}
