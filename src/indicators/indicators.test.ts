/**
 * Indicators against values worked out by hand, the count of bars before the first value, and, over a long random series, a
 * plain definition of each or the trading-signals package's own class where its seeding is the same.
 */

import { describe, expect, it, test } from '@jest/globals';
import { BollingerBands, DonchianChannels, RSI, SMA, WMA, WSMA } from 'trading-signals';
import { UserError } from '../errors.js';
import * as indicators from './index.js';

const { atr, bollinger, donchian, ema, highest, lowest, macd, rma, rsi, sma, stdev, wma } = indicators;

interface TestBar {
  high: number;
  low: number;
  close: number;
}

/** A walk on the tick of 0.5 around 9,000, the same in every run. */
function walk(length: number): number[] {
  let state = 12345;
  let price = 9000;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    price += ((state >>> 16) % 41) / 2 - 10;
    return price;
  });
}

function barsOf(closes: readonly number[]): TestBar[] {
  return closes.map((close, i) => {
    const open = closes[i - 1] ?? close;
    return { high: Math.max(open, close) + (i % 5) / 2, low: Math.min(open, close) - (i % 7) / 2, close };
  });
}

function expectClose(actual: number, expected: number): void {
  if (Number.isNaN(expected)) expect(actual).toBeNaN();
  else expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(expected)));
}

describe('one number in, one number out', () => {
  const NONE = Number.NaN;
  test.each([
    ['sma(3)', sma(3), [1, 2, 3, 6, 9], [NONE, NONE, 2, 11 / 3, 6]],
    ['sma(1)', sma(1), [4, 5], [4, 5]],
    ['ema(3), k = 1/2, seeded with the first value', ema(3), [2, 4, 6, 8], [NONE, NONE, 4.5, 6.25]],
    ['ema(1)', ema(1), [4, 5], [4, 5]],
    ['rma(2), seeded with the mean', rma(2), [1, 3, 6, 2], [NONE, 2, 4, 3]],
    ['wma(3)', wma(3), [1, 2, 6, 0], [NONE, NONE, 23 / 6, 14 / 6]],
    ['stdev(4)', stdev(4), [2, 4, 4, 6, 4], [NONE, NONE, NONE, Math.SQRT2, Math.sqrt(0.75)]],
    ['highest(2)', highest(2), [5, 3, 4, 4, 1, 0], [NONE, 5, 4, 4, 4, 1]],
    ['lowest(2)', lowest(2), [5, 3, 4, 4, 1, 2, 3], [NONE, 3, 3, 4, 1, 1, 2]],
    ['rsi(2)', rsi(2), [10, 11, 10, 12, 12], [NONE, NONE, 50, 100 - 100 / 6, 100 - 100 / 6]],
    ['rsi(2) of a flat series', rsi(2), [10, 10, 10], [NONE, NONE, 100]],
    ['rsi(2) of a falling series', rsi(2), [10, 9, 8], [NONE, NONE, 0]],
  ] as const)('when %s is fed by hand then it answers the worked values', (_, indicator, values, expected) => {
    for (const [i, value] of values.entries()) {
      expectClose(indicator.update(value), expected[i]!);
      expectClose(indicator.value, expected[i]!);
    }
  });

  test.each([
    ['sma', sma, 0],
    ['ema', ema, 0],
    ['rma', rma, 0],
    ['wma', wma, 0],
    ['stdev', stdev, 0],
    ['highest', highest, 0],
    ['lowest', lowest, 0],
    ['rsi', rsi, 1],
  ] as const)('when %s warms up then the first number stands at its period, one later for rsi', (_, make, extra) => {
    for (const period of [1, 2, 5, 20]) {
      const indicator = make(period);
      expect(indicator.value).toBeNaN();
      const answers = walk(period + 3).map((value) => indicator.update(value));
      expect(answers.findIndex((answer) => !Number.isNaN(answer))).toBe(period - 1 + extra);
      expect(answers.slice(period - 1 + extra).every(Number.isFinite)).toBe(true);
    }
  });

  it('when NaN is fed in then nothing changes, and one indicator can feed another', () => {
    for (const make of [sma, ema, rma, wma, stdev, highest, lowest, rsi]) {
      const plain = make(3);
      const holed = make(3);
      for (const value of walk(20)) {
        const expected = plain.update(value);
        holed.update(Number.NaN);
        expectClose(holed.update(value), expected);
        expectClose(holed.update(Number.NaN), expected);
      }
    }
  });
});

describe('against a plain definition over 5,000 values', () => {
  const values = walk(5000);
  const at = (i: number, period: number) => values.slice(i - period + 1, i + 1);

  test.each([2, 14, 200])(
    'when the window is %d then sma, highest, lowest and stdev are those of the slice',
    (period) => {
      const all = [sma(period), highest(period), lowest(period), stdev(period)] as const;
      for (const [i, value] of values.entries()) {
        const answers = all.map((indicator) => indicator.update(value));
        if (i < period - 1) continue;
        const slice = at(i, period);
        const mean = slice.reduce((sum, x) => sum + x, 0) / period;
        const variance = slice.reduce((sum, x) => sum + (x - mean) ** 2, 0) / period;
        expect(answers[0]).toBe(mean);
        expect(answers[1]).toBe(Math.max(...slice));
        expect(answers[2]).toBe(Math.min(...slice));
        expectClose(answers[3]!, Math.sqrt(variance));
      }
    },
  );

  it('when values have digits that do not add exactly then sma stays within 5 parts in 10^15 of the fresh sum', () => {
    const mean = sma(50);
    const odd = values.map((value) => value * 1.1 + 1 / 3);
    for (const [i, value] of odd.entries()) {
      const answer = mean.update(value);
      if (i < 49) continue;
      const fresh = odd.slice(i - 49, i + 1).reduce((sum, x) => sum + x, 0) / 50;
      expect(Math.abs(answer / fresh - 1)).toBeLessThan(5e-15);
    }
  });

  test.each([2, 14, 50])('when the period is %d then rma, wma, rsi agree with the package', (period) => {
    const pairs = [
      [rma(period), new WSMA(period)],
      [wma(period), new WMA(period)],
      [sma(period), new SMA(period)],
      [rsi(period), new RSI(period)],
    ] as const;
    for (const value of values) {
      for (const [ours, theirs] of pairs) expectClose(ours.update(value), theirs.update(value, false) ?? Number.NaN);
    }
  });
});

describe('bands, channels and averages of averages', () => {
  it('when macd(2, 3, 2) is fed by hand then each line starts in its turn', () => {
    // fast k = 2/3, slow k = 1/2: 3 → 3, 3; 6 → 5, 4.5; 9 → 23/3, 6.75; 9 → 77/9, 7.875
    const indicator = macd(2, 3, 2);
    const first = indicator.update(3);
    expect(first).toEqual({ macd: Number.NaN, signal: Number.NaN, histogram: Number.NaN });
    indicator.update(6);
    expect(indicator.value.macd).toBeNaN();
    indicator.update(9);
    const distance = 23 / 3 - 6.75;
    expectClose(indicator.value.macd, distance);
    expect(indicator.value.signal).toBeNaN();
    const last = indicator.update(9);
    const next = 77 / 9 - 7.875;
    const signal = (next * 2 + distance) / 3;
    expectClose(last.macd, next);
    expectClose(last.signal, signal);
    expectClose(last.histogram, next - signal);
    expect(last).toBe(first);
  });

  it('when bollinger(20, 2) runs beside the package then the bands agree', () => {
    const ours = bollinger();
    const theirs = new BollingerBands(20, 2);
    for (const value of walk(1000)) {
      const expected = theirs.update(value, false);
      const bands = ours.update(value);
      expect(bands).toBe(ours.value);
      for (const line of ['lower', 'middle', 'upper'] as const)
        expectClose(bands[line], expected?.[line] ?? Number.NaN);
    }
  });

  it('when donchian(20) runs beside the package then the channel agrees, also on a reused bar', () => {
    const ours = donchian(20);
    const theirs = new DonchianChannels(20);
    const reused = { high: 0, low: 0, close: 0 };
    for (const bar of barsOf(walk(1000))) {
      const expected = theirs.update({ ...bar }, false);
      const bands = ours.update(Object.assign(reused, bar));
      for (const line of ['lower', 'middle', 'upper'] as const)
        expectClose(bands[line], expected?.[line] ?? Number.NaN);
    }
  });

  it('when atr(2) is fed by hand then gaps count and the first bar is its own range', () => {
    // true ranges 4, 6 (low 7 under the close before it, 13), 3 → seed 5, then (5 + 3) / 2
    const indicator = atr(2);
    const reused = { high: 14, low: 10, close: 13 };
    expect(indicator.update(reused)).toBeNaN();
    expectClose(indicator.update(Object.assign(reused, { high: 9, low: 7, close: 8 })), 5);
    expectClose(indicator.update(Object.assign(reused, { high: 11, low: 9, close: 10 })), 4);
    expectClose(indicator.value, 4);
  });
});

describe('periods', () => {
  const makers: readonly [string, (period: number) => unknown][] = [
    ['sma', sma],
    ['ema', ema],
    ['rma', rma],
    ['wma', wma],
    ['stdev', stdev],
    ['highest', highest],
    ['lowest', lowest],
    ['rsi', rsi],
    ['atr', atr],
    ['donchian', donchian],
    ['bollinger', bollinger],
    ['macd', macd],
  ];
  test.each(makers)('when the period of %s is no whole number above zero then it is refused', (_, make) => {
    for (const period of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => make(period)).toThrow(UserError);
    }
    expect(() => make(1)).not.toThrow();
  });

  it('when the slow average of macd is faster than the fast one then it is refused', () => {
    expect(() => macd(12, 11, 9)).toThrow(UserError);
    expect(() => macd(12, 12, 9)).not.toThrow();
  });
});
