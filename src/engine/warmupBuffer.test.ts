/** Which bars before the run's start are kept, however many have passed by: a table for each way to count them. */

import { expect, test } from '@jest/globals';
import type { Params } from '../strategy/strategy.js';
import type { MarketSymbol } from './market.js';
import type { StrategyDriver } from './strategyDriver.js';
import { WarmupBuffer } from './warmupBuffer.js';

const MINUTE = 60_000;

interface Shown {
  readonly opens: number[];
  readonly calls: number[];
  unseen: number;
}

/** Passes over the minutes before `start` and shows what is kept; times in minutes. */
function shown(warmup: number, length: number | null, start: number): Shown {
  const buffer = new WarmupBuffer(warmup, MINUTE, length === null ? null : length * MINUTE);
  const column = Float64Array.from({ length: start }, (_, i) => i * MINUTE);
  const prices = { open: column, high: column, low: column, close: column, volume: column };
  const chunk = { length: start, openTimeMs: column, ...prices };
  for (let i = 0; i < start; i += 1) {
    buffer.push({ index: 0, cursor: { chunk, index: i } } as unknown as MarketSymbol);
  }
  const result: Shown = { opens: [], calls: [], unseen: Number.NaN };
  const driver: Partial<StrategyDriver<Params>> = {
    pushBar: (_, openTimeMs) => void result.opens.push(openTimeMs / MINUTE),
    onClose: (timeMs) => result.calls.push(timeMs / MINUTE) > 0,
    noteUnseen: (untilMs) => {
      result.unseen = untilMs / MINUTE;
    },
  };
  buffer.replay(start * MINUTE, driver as StrategyDriver<Params>);
  return result;
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

test.each([
  // warm-up, length of a bar in minutes, how much of it is shown; over all starts up to some trims
  ['steps', 3, null, (start: number) => start - 3],
  ['no steps', 0, null, (start: number) => start],
  // So long that few of them wait to be let go of.
  ['longer bars', 3, 512, (start: number) => (Math.floor(start / 512) - 3) * 512],
  ['no longer bars but the one that is cut', 0, 512, (start: number) => Math.floor(start / 512) * 512],
])('when %s are asked for then the last of them are shown, at every start', (_, warmup, length, firstOf) => {
  const starts =
    length === null
      ? [...range(1, 12), ...range(1024, 1060), ...range(2050, 2070)]
      : range(1, 26).map((i) => i * 256 - 100);
  for (const start of [...starts, ...(length === null ? [] : range(0, 14).map((i) => i * length))]) {
    const from = Math.max(0, firstOf(start));
    const { opens, calls, unseen } = shown(warmup, length, start);
    expect([start, opens]).toEqual([start, range(from, start)]);
    expect(calls).toEqual(range(from + 1, start + 1));
    expect(unseen).toBe(from === 0 ? Number.NEGATIVE_INFINITY : from);
  }
});
