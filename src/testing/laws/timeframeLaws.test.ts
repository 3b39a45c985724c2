/**
 * Timeframes in both engines: worlds of the simulator, run on longer bars and from a later start, with a strategy that tells all it
 * can read of the bars whenever it is called. What it was told, and every row of every table, must be the same in both.
 */

import { describe, expect, it } from '@jest/globals';
import { runBacktest } from '../../engine/engine.js';
import type { RunInput } from '../../engine/runInput.js';
import { INTERVAL_TOKENS, lengthOfToken } from '../../market/intervals.js';
import type { BarHistory, Context, Strategy } from '../../strategy/strategy.js';
import { runReference } from '../referenceEngine/referenceEngine.js';
import { compareEngines, formatDifference } from '../simulator/compareEngines.js';
import type { World } from '../simulator/world.js';
import { worldOf } from '../simulator/worldOf.js';

const WORLDS = 14;

/** How far a history goes, and its two newest bars. */
function tailOf({ length, openTimeMs, open, high, low, close, volume }: BarHistory): string {
  const columns = [openTimeMs, open, high, low, close, volume];
  return `${length}: ${[-2, -1].map((i) => columns.map((column) => column.at(i)).join(' ')).join('; ')}`;
}

/** The strategy of a world that also tells what it sees; the longest timeframe is asked for at the start, others late. */
function watching(strategy: Strategy, intervalMs: number, told: string[]): Strategy {
  const lengths = INTERVAL_TOKENS.filter((token) => lengthOfToken(token)! % intervalMs === 0);
  const kept = new Map<string, BarHistory>();
  let called = 0;
  const see = (callback: string, context: Context): void => {
    called += 1;
    told.push(`${callback} at ${context.timeMs} ${context.warmingUp ? 'warming up' : ''}`);
    for (const symbol of context.symbols) {
      told.push(`${symbol} ${JSON.stringify(context.bar(symbol))} ${tailOf(context.bars(symbol))}`);
      for (const token of [lengths.at(-1)!, ...(called > 10 ? lengths.slice(0, 2) : [])]) {
        const history = kept.get(token + symbol) ?? context.timeframe(token, symbol);
        kept.set(token + symbol, history);
        told.push(`${symbol} ${token} ${tailOf(history)}`);
      }
    }
    const { close } = context.bars();
    told.push(`cross ${context.cross(close.at(-1), close.at(-2))} ${context.cross('2', close.at(-1), close.at(-3))}`);
  };
  return {
    ...strategy,
    initialize: (context) => {
      for (const symbol of context.symbols)
        kept.set(lengths.at(-1)! + symbol, context.timeframe(lengths.at(-1)!, symbol));
      return strategy.initialize?.(context);
    },
    handleData: (context, bar, state) => {
      see(`handleData ${bar?.closeTimeMs}`, context);
      strategy.handleData(context, bar, state);
    },
    onFill: (context, fill, state) => {
      see('onFill', context);
      strategy.onFill?.(context, fill, state);
    },
    finish: (context) => told.push(`finish ${context.timeMs}`),
  };
}

/** A world that starts later than its data and is called on longer bars, both by its seed. */
function varied(seed: number): { world: World; fromMs: number | null; timeframeMs: number | undefined } {
  const world = worldOf(seed);
  const opens = [...new Set(world.symbols.flatMap(({ bars }) => bars.map(({ openTimeMs }) => openTimeMs)))];
  opens.sort((a, b) => a - b);
  const fromMs = seed % 3 === 0 ? null : opens[Math.floor(opens.length / (2 + (seed % 5)))]!;
  const calls = world.calls.filter(({ at }) => at === null || fromMs === null || at >= fromMs);
  const lengths = INTERVAL_TOKENS.map((token) => lengthOfToken(token)!).filter((ms) => ms % world.intervalMs === 0);
  return { world: { ...world, calls }, fromMs, timeframeMs: [undefined, ...lengths.slice(0, 5)][seed % 6] };
}

describe('timeframes', () => {
  it('when a run is called on longer bars or starts late then both engines tell the strategy the same, and settle alike', async () => {
    let [calls, late, trades] = [0, 0, 0];
    for (let seed = 1; seed <= WORLDS; seed += 1) {
      const { world, fromMs, timeframeMs } = varied(seed);
      const told: [string[], string[]] = [[], []];
      const change = (input: RunInput, into: string[]): RunInput => ({
        ...input,
        ...{ fromMs, timeframeMs, strategy: watching(input.strategy, world.intervalMs, into) },
        sink: {
          ...input.sink,
          trade: (row): void => {
            trades += 1;
            input.sink.trade(row);
          },
        },
      });
      const difference = await compareEngines(
        world,
        (input) => runBacktest(change(input, told[0])),
        (input) => runReference(change(input, told[1])),
      );
      const at = `seed ${seed}, from ${fromMs}, timeframe ${timeframeMs}`;
      expect(difference === null ? at : `${at}: ${formatDifference(difference)}`).toBe(at);
      const i = told[0].findIndex((line, row) => line !== told[1][row]);
      expect([at, told[0][i], told[0].length]).toEqual([at, told[1][i], told[1].length]);
      const starts = told[0].filter((line) => line.startsWith('handleData'));
      calls += starts.length;
      late += starts.filter((line) => !line.startsWith(`handleData ${line.split(' ')[3]}`)).length;
    }
    expect(calls).toBeGreaterThan(300);
    expect(late).toBeGreaterThan(3);
    expect(trades).toBeGreaterThan(150);
  }, 180_000);
});
