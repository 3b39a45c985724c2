/** Finer candles of another future: whatever is drawn, they make up its bars, on the true times and with no other price. */

import { describe, expect, it, test } from '@jest/globals';
import type { BarChunk, MarkColumns } from '../market/bars.js';
import { createDraws } from '../strategy/lookAheadScramble.js';
import { scrambleDetail } from './detailFuture.js';

const FINE_MS = 60_000;

/** Bars on a grid of 0.5 whose prices hang together: low ≤ open, close ≤ high. */
function barsOf(length: number, perBar: number, draw: () => number): BarChunk {
  const column = (): Float64Array => new Float64Array(length);
  const make = (): Omit<MarkColumns, 'closedAtClose'> => {
    const prices = { open: column(), high: column(), low: column(), close: column() };
    for (let i = 0; i < length; i++) {
      const [a, b, c, d] = Array.from({ length: 4 }, () => 100 + Math.floor(draw() * 20) / 2).sort((x, y) => x - y);
      [prices.low[i], prices.high[i]] = [a!, d!];
      [prices.open[i], prices.close[i]] = draw() < 0.5 ? [b!, c!] : [c!, b!];
    }
    return prices;
  };
  const openTimeMs = Float64Array.from({ length }, (_, i) => i * perBar * FINE_MS);
  const mark = { ...make(), closedAtClose: new Uint8Array(length).fill(1) };
  return { length, openTimeMs, ...make(), volume: column().fill(60), mark };
}

/** True bars of which every third is not covered; of their finer candles only times and flags matter. */
function truthOf(length: number, perBar: number): BarChunk & { readonly fine: NonNullable<BarChunk['fine']> } {
  const bars = barsOf(length, perBar, createDraws(1));
  const covered = Array.from({ length }, (_, i) => i).filter((i) => i % 3 !== 2);
  const first = Int32Array.from({ length }, (_, i) => (i % 3 === 2 ? -1 : covered.indexOf(i) * perBar));
  const fine = barsOf(covered.length * perBar, 1, createDraws(2));
  const closedAtClose = Uint8Array.from({ length: fine.length }, (_, i) => (i % perBar === perBar - 1 ? 1 : 0));
  return { ...bars, fine: { bars: { ...fine, mark: { ...fine.mark!, closedAtClose } }, first } };
}

const PRICES = ['open', 'high', 'low', 'close'] as const;

describe('finer candles of another future', () => {
  test.each([2, 3, 4, 60])('when %d make up a bar then they have its open, high, low and close', (perBar) => {
    for (let seed = 0; seed < 5; seed++) {
      const truth = truthOf(30, perBar);
      const future = barsOf(25, perBar, createDraws(100 + seed));
      const { bars, first } = scrambleDetail(truth, 5, future, { fineMs: FINE_MS, perBar }, createDraws(seed));
      for (let i = 0; i < future.length; i++) {
        const at = first[i]!;
        expect(at < 0).toBe((i + 5) % 3 === 2);
        if (at < 0) continue;
        for (const [fine, bar] of [[bars, future] as const, [bars.mark!, future.mark!] as const]) {
          const own = (name: (typeof PRICES)[number]): Float64Array => fine[name].subarray(at, at + perBar);
          const made = [own('open')[0], Math.max(...own('high')), Math.min(...own('low')), own('close').at(-1)];
          expect(made).toEqual(PRICES.map((name) => bar[name][i]));
          const isPath = Array.from({ length: perBar }, (_, n) => {
            const all = PRICES.map((name) => own(name)[n]!);
            const [open, high, low, close] = all as [number, number, number, number];
            const follows = n === 0 || open === own('close')[n - 1];
            // No price that the bar does not have: the tick needs no second thought.
            const areOfBar = all.every((price) => PRICES.some((name) => bar[name][i] === price));
            return follows && areOfBar && low <= Math.min(open, close) && high >= Math.max(open, close);
          });
          expect(isPath).toEqual(Array.from({ length: perBar }, () => true));
        }
        const times = Array.from(bars.openTimeMs.subarray(at, at + perBar));
        expect(times).toEqual(Array.from({ length: perBar }, (_, n) => (i * perBar + n) * FINE_MS));
        expect(bars.volume[at]).toBe(60 / perBar);
        const flags = Array.from(bars.mark!.closedAtClose.subarray(at, at + perBar));
        expect(flags).toEqual(Array.from({ length: perBar }, (_, n) => (n === perBar - 1 ? 1 : 0)));
      }
    }
  });

  it('when seeds differ then so do the ways, in both orders of the extremes', () => {
    const future = barsOf(40, 6, createDraws(9));
    const ways = (seed: number): number[] =>
      Array.from(
        scrambleDetail(truthOf(40, 6), 0, future, { fineMs: FINE_MS, perBar: 6 }, createDraws(seed)).bars.close,
      );
    expect(ways(1)).not.toEqual(ways(2));
    expect(ways(1)).toEqual(ways(1));
  });

  it('when bars have no marks then neither have the finer candles', () => {
    const { mark: _, ...future } = barsOf(3, 4, createDraws(9));
    const { bars } = scrambleDetail(truthOf(3, 4), 0, future, { fineMs: FINE_MS, perBar: 4 }, createDraws(1));
    expect(bars.mark).toBeUndefined();
    expect(bars.length).toBe(8);
  });
});
