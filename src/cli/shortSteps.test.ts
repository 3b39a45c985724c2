/** Cutting chunks into short steps: every bar once, in order, and steps that follow the speed of who takes them. */

import { describe, expect, it } from '@jest/globals';
import type { BarChunk } from '../market/bars.js';
import { inShortSteps } from './shortSteps.js';

function chunk(first: number, length: number): BarChunk {
  // One element more than the length: columns may be longer than what is in them.
  const column = (shift: number): Float64Array =>
    Float64Array.from({ length: length + 1 }, (_, i) => first + i + shift);
  const prices = { open: column(0.1), high: column(0.2), low: column(0.3), close: column(0.4) };
  const mark = { ...prices, closedAtClose: new Uint8Array(length + 1).fill(1) };
  const bars = { length: length + 1, openTimeMs: column(0), ...prices, volume: column(0.5), mark };
  // Of each bar one finer one, told of by its place.
  return { ...bars, length, fine: { bars, first: Int32Array.from({ length: length + 1 }, (_, i) => i) } };
}

async function* chunks(): AsyncGenerator<BarChunk> {
  yield chunk(0, 1000);
  yield chunk(1000, 1);
  yield chunk(1001, 300);
}

async function take(msPerBar: number): Promise<{ sizes: number[]; times: number[]; told: number[][] }> {
  let clockMs = 0;
  const sizes: number[] = [];
  const times: number[] = [];
  const told: number[][] = [];
  const steps = inShortSteps(
    chunks(),
    () => new Date(clockMs),
    (bars, timeMs) => told.push([bars, timeMs]),
  );
  for await (const step of steps) {
    sizes.push(step.length);
    for (let i = 0; i < step.length; i++) {
      times.push(step.openTimeMs[i]!);
      expect(step.volume[i]).toBe(step.openTimeMs[i]! + 0.5);
      expect(step.mark?.close[i]).toBe(step.close[i]);
      expect(step.mark?.closedAtClose[i]).toBe(1);
      expect(step.fine!.bars.openTimeMs[step.fine!.first[i]!]).toBe(step.openTimeMs[i]);
    }
    clockMs += step.length * msPerBar;
  }
  return { sizes, times, told };
}

describe('inShortSteps', () => {
  it('when bars are taken fast then steps grow, and every bar comes once', async () => {
    const { sizes, times, told } = await take(0);
    expect(times).toEqual(Array.from({ length: 1301 }, (_, i) => i));
    expect(sizes.slice(0, 4)).toEqual([64, 128, 256, 512]);
    expect(told.at(-1)).toEqual([1301, 1300]);
  });

  it('when bars are taken slowly then steps shrink to one bar, and every bar comes once', async () => {
    const { sizes, times } = await take(60);
    expect(times).toEqual(Array.from({ length: 1301 }, (_, i) => i));
    expect(sizes.slice(0, 8)).toEqual([64, 32, 16, 8, 4, 2, 1, 1]);
    expect(sizes.at(-1)).toBe(1);
  });
});
