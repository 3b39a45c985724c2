/** The other future: every bar the other way, on the tick, low ≤ open, close ≤ high, by seed; funding with the other sign. */

import { describe, expect, it, test } from '@jest/globals';
import type { BarChunk } from '../market/bars.js';
import { parseFraction } from '../money/decimal.js';
import { createDraws, scrambleBars, scrambleFunding } from './lookAheadScramble.js';

const COUNT = 500;

/** A price that swings and drifts, on ticks of 0.5; every seventh bar ends where it began. */
function sampleBars(withMark = false): BarChunk {
  const closes = Array.from({ length: COUNT }, (_, i) => Math.round(2 * (9000 + i + 300 * Math.sin(i / 9))) / 2);
  for (let i = 7; i < COUNT; i += 7) closes[i] = closes[i - 1]!;
  const opens = closes.map((close, i) => closes[i - 1] ?? close - 3);
  const column = (at: (i: number) => number): Float64Array => Float64Array.from({ length: COUNT }, (_, i) => at(i));
  const low = column((i) => Math.min(opens[i]!, closes[i]!) - 2.5);
  const high = column((i) => Math.max(opens[i]!, closes[i]!) + 4);
  const bars = {
    length: COUNT,
    openTimeMs: column((i) => i * 60_000),
    open: Float64Array.from(opens),
    high,
    low,
    close: Float64Array.from(closes),
    volume: column((i) => 100 + i),
  };
  if (!withMark) return bars;
  const marked = (from: Float64Array): Float64Array => from.map((price) => price * 1.01);
  const closedAtClose = Uint8Array.from({ length: COUNT }, (_, i) => i % 2);
  return {
    ...bars,
    mark: { open: marked(bars.open), high: marked(high), low: marked(low), close: marked(bars.close), closedAtClose },
  };
}

const HALF = parseFraction('0.5')!;
const scramble = (bars: BarChunk, from: number, seed = 1, to = COUNT) =>
  scrambleBars(bars, from, to, HALF, createDraws(seed));

describe('scrambleBars', () => {
  it('when a bar truly rose then it falls, and the other way round', () => {
    const bars = sampleBars();
    const other = scramble(bars, 100);
    let last = bars.close[99]!;
    for (let i = 0; i < other.length; i++) {
      const truly = Math.sign(bars.close[100 + i]! - bars.close[99 + i]!);
      const here = Math.sign(other.close[i]! - last);
      expect(here).toBe(truly === 0 ? here : -truly);
      expect(here).not.toBe(0);
      last = other.close[i]!;
    }
  });

  it('when bars are scrambled then they are bars: on the tick, in range, at the true times', () => {
    const bars = sampleBars(true);
    const other = scramble(bars, 1);
    expect(other.length).toBe(COUNT - 1);
    expect(other.openTimeMs).toEqual(bars.openTimeMs.slice(1));
    for (const { open, high, low, close } of [other, other.mark!]) {
      for (let i = 0; i < other.length; i++) {
        const inside = [open[i]!, close[i]!];
        for (const price of inside) expect(price * 2).toBe(Math.round(price * 2));
        expect(low[i]!).toBeGreaterThan(0);
        expect(low[i]!).toBeLessThanOrEqual(Math.min(...inside));
        expect(high[i]!).toBeGreaterThanOrEqual(Math.max(...inside));
      }
    }
  });

  it('when there are marks then they keep their distance, and what was known of them when', () => {
    const bars = sampleBars(true);
    const other = scramble(bars, 100);
    expect(other.mark!.closedAtClose).toEqual(bars.mark!.closedAtClose.slice(100));
    for (let i = 0; i < other.length; i++) {
      expect(Math.abs(other.mark!.close[i]! - other.close[i]! * 1.01)).toBeLessThanOrEqual(0.25);
    }
  });

  it('when the seed is the same then the future is, and a shorter one is its beginning', () => {
    const bars = sampleBars();
    expect(scramble(bars, 100, 5)).toEqual(scramble(bars, 100, 5));
    expect(scramble(bars, 100, 5).close).not.toEqual(scramble(bars, 100, 6).close);
    expect(scramble(bars, 100, 5, 120).close).toEqual(scramble(bars, 100, 5).close.slice(0, 20));
  });

  it('when the true bars are scrambled then they are as they were', () => {
    const bars = sampleBars(true);
    scramble(bars, 1);
    expect(bars).toEqual(sampleBars(true));
  });

  it('when the truth runs away then the other future does not', () => {
    const bars = sampleBars();
    for (let i = 1; i < COUNT; i++) {
      const open = bars.close[i - 1]!;
      const close = Math.round(open * 2 * 1.02) / 2;
      bars.open[i] = open;
      bars.low[i] = open;
      bars.high[i] = close;
      bars.close[i] = close;
    }
    const other = scramble(bars, 1);
    const start = bars.close[0]!;
    expect(Math.min(...other.low)).toBeGreaterThan(start / 10);
    expect(Math.max(...other.high)).toBeLessThan(start * 10);
  });

  test.each(['0.1', '0.05', '0.0001', '5', '0.25'])('when the tick is %s then prices are its decimals', (tick) => {
    const fraction = parseFraction(tick)!;
    const { close } = scrambleBars(sampleBars(), 1, COUNT, fraction, createDraws(2));
    for (const price of close) {
      const steps = Math.round((price * Number(fraction.den)) / Number(fraction.num));
      expect(price).toBe((steps * Number(fraction.num)) / Number(fraction.den));
      expect(String(price).length).toBeLessThanOrEqual(10);
    }
  });
});

describe('scrambleFunding', () => {
  const rates = ['0.0001', '-0.0002', '0.0003', '0'].map((rate, i) => ({ timeMs: i * 10, rate, price: '9000' }));

  it('when a rate lies before the cut then it stays, and from the cut on it has the other sign and no price', () => {
    const other = scrambleFunding(rates, 10, createDraws(1));
    expect(other[0]).toBe(rates[0]);
    expect(other.slice(1).map(({ rate }) => rate.startsWith('-'))).toEqual([false, true, true]);
    expect(other.slice(1).every((rate) => !('price' in rate))).toBe(true);
    expect(other.map(({ timeMs }) => timeMs)).toEqual([0, 10, 20, 30]);
  });

  it('when a size is drawn then it is one of the file', () => {
    const sizes = new Set(['0.0001', '0.0002', '0.0003', '0']);
    for (const { rate } of scrambleFunding(rates, 0, createDraws(9))) expect(sizes).toContain(rate.replace('-', ''));
  });
});

describe('createDraws', () => {
  it('when numbers are drawn then they lie from 0 up to 1, evenly', () => {
    const draw = createDraws(7);
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 4000; i++) {
      const at = Math.floor(draw() * 4);
      counts[at] = counts[at]! + 1;
    }
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(4000);
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });
});
