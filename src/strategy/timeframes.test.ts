/** Longer bars as tables: which bucket a candle belongs to, what the bar of a bucket is, when it is complete. */

import { describe, expect, it, test } from '@jest/globals';
import { bucketStartOf, TimeframeBars } from './timeframes.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const at = (text: string): number => Date.parse(`${text}Z`);

describe('which bucket a candle belongs to', () => {
  test.each([
    // length, close of the candle, start of its bucket
    ['an hour', HOUR, '2024-01-01T00:59', '2024-01-01T00:00'],
    ['an hour', HOUR, '2024-01-01T01:00', '2024-01-01T00:00'],
    ['an hour', HOUR, '2024-01-01T01:01', '2024-01-01T01:00'],
    ['four hours', 4 * HOUR, '2024-01-01T03:59', '2024-01-01T00:00'],
    ['four hours', 4 * HOUR, '2024-01-01T04:00', '2024-01-01T00:00'],
    ['four hours', 4 * HOUR, '2024-01-01T04:01', '2024-01-01T04:00'],
    ['a day', DAY, '2024-02-29T23:59', '2024-02-29T00:00'],
    ['a day', DAY, '2024-03-01T00:00', '2024-02-29T00:00'],
    ['a day', DAY, '2024-03-01T00:01', '2024-03-01T00:00'],
    // The first of January 2024 was a Monday.
    ['a week', 7 * DAY, '2023-12-31T23:59', '2023-12-25T00:00'],
    ['a week', 7 * DAY, '2024-01-01T00:00', '2023-12-25T00:00'],
    ['a week', 7 * DAY, '2024-01-01T00:01', '2024-01-01T00:00'],
    ['a week', 7 * DAY, '1970-01-01T01:00', '1969-12-29T00:00'],
    ['a week', 7 * DAY, '1970-01-05T01:00', '1970-01-05T00:00'],
    // Candles that lie across the end of a bucket belong to the one in which they close: nothing is known earlier.
    ['an hour', HOUR, '2024-01-01T01:00:30', '2024-01-01T01:00'],
    ['a day', DAY, '2024-01-02T16:00', '2024-01-02T00:00'],
  ])('when the length is %s and a candle closes at %s then the bucket is right', (_, lengthMs, close, start) => {
    expect(new Date(bucketStartOf(at(close), lengthMs)).toISOString()).toBe(`${start}:00.000Z`);
  });
});

/** A candle of ten minutes: symbol, minute of its close, its four prices, volume. */
type Candle = readonly [symbol: number, closeMinute: number, prices: string, volume: number];

/** Buckets of an hour out of candles of ten minutes; each line is what the step completes: minutes of the buckets' ends. */
function completed(bars: TimeframeBars, candles: readonly Candle[]): string[] {
  const lines: string[] = [];
  candles.forEach(([symbol, minute, prices, volume], i) => {
    const [open, high, low, close] = prices.split(' ').map(Number) as [number, number, number, number];
    bars.add(symbol, minute * MINUTE, open, high, low, close, volume);
    if (candles[i + 1]?.[1] === minute) return;
    const late = bars.takeLate();
    if (late !== null) lines.push(`${minute}: late ${late / MINUTE}`);
    if (bars.endsAt(minute * MINUTE)) {
      bars.complete();
      lines.push(`${minute}: ended`);
    }
  });
  return lines;
}

/** All bars of a symbol, as minutes of open and the figures. */
function barsOf({ histories }: TimeframeBars, symbol: number): string[] {
  const { length, openTimeMs, open, high, low, close, volume } = histories[symbol]!;
  return Array.from({ length }, (_, i) => {
    const figures = [open, high, low, close, volume].map((column) => column.at(i));
    return `${openTimeMs.at(i) / MINUTE}: ${figures.join(' ')}`;
  });
}

const flat = (symbol: number, closeMinute: number, price: number): Candle => [
  symbol,
  closeMinute,
  `${price} ${price} ${price} ${price}`,
  1,
];

describe('bars of a bucket', () => {
  it('when all candles are there then the bar has the first open, the extremes, the last close and all volume', () => {
    const bars = new TimeframeBars(['A'], HOUR);
    const lines = completed(bars, [
      [0, 10, '100 102 99 101', 1],
      [0, 20, '101 105 101 104', 2],
      [0, 30, '104 104 95 96', 3],
      [0, 40, '96 97 96 97', 4],
      [0, 50, '97 98 96 98', 5],
      [0, 60, '98 99 97 97.5', 6],
      [0, 70, '90 91 89 90.5', 7],
    ]);
    expect(lines).toEqual(['60: ended']);
    expect(barsOf(bars, 0)).toEqual(['0: 100 105 95 97.5 21']);
  });

  test.each<[string, readonly Candle[], readonly string[], readonly string[]]>([
    ['candles at the start are missing', [flat(0, 40, 1), flat(0, 60, 2)], ['60: ended'], ['0: 1 2 1 2 2']],
    [
      'candles at the end are missing',
      [flat(0, 10, 1), flat(0, 50, 2), flat(0, 80, 3)],
      ['80: late 60'],
      ['0: 1 2 1 2 2'],
    ],
    [
      'the late step completes its own bucket too',
      [flat(0, 50, 1), flat(0, 120, 2), flat(0, 130, 3)],
      ['120: late 60', '120: ended'],
      ['0: 1 1 1 1 1', '60: 2 2 2 2 1'],
    ],
    [
      'whole buckets are missing',
      [flat(0, 60, 1), flat(0, 310, 2), flat(0, 360, 3)],
      ['60: ended', '360: ended'],
      ['0: 1 1 1 1 1', '300: 2 3 2 3 2'],
    ],
    [
      'a bucket with a gap at its end is followed by missing ones',
      [flat(0, 50, 1), flat(0, 310, 2)],
      ['310: late 60'],
      ['0: 1 1 1 1 1'],
    ],
    ['the data end inside a bucket', [flat(0, 10, 1), flat(0, 50, 2)], [], []],
  ])('when %s then the bars are these', (_, candles, lines, expected) => {
    const bars = new TimeframeBars(['A'], HOUR);
    expect(completed(bars, candles)).toEqual(lines);
    expect(barsOf(bars, 0)).toEqual(expected);
  });

  it('when symbols miss candles at different times then each bar has its own, and a symbol without any has none', () => {
    const bars = new TimeframeBars(['A', 'B'], HOUR);
    const lines = completed(bars, [
      flat(0, 10, 1),
      flat(1, 20, 50),
      flat(0, 60, 2), // B's last candle is missing: the step of A ends its bucket as well
      flat(0, 120, 3), // B has none in this hour
      flat(1, 170, 60), // A has none in this one, and nobody its last candle
      flat(0, 190, 4),
      flat(1, 190, 70),
    ]);
    expect(lines).toEqual(['60: ended', '120: ended', '190: late 180']);
    expect(barsOf(bars, 0)).toEqual(['0: 1 2 1 2 2', '60: 3 3 3 3 1']);
    expect(barsOf(bars, 1)).toEqual(['0: 50 50 50 50 1', '120: 60 60 60 60 1']);
  });

  it('when the length is a week then its bar runs from Monday to Monday', () => {
    const bars = new TimeframeBars(['A'], 7 * DAY);
    const monday = at('2024-01-08T00:00');
    const ended: string[] = [];
    for (let day = -2; day <= 8; day += 1) {
      const closeMs = monday + day * DAY;
      bars.add(0, closeMs, day, day, day, day, 1);
      if (!bars.endsAt(closeMs)) continue;
      bars.complete();
      ended.push(new Date(closeMs).toISOString().slice(0, 10));
    }
    expect(ended).toEqual(['2024-01-08', '2024-01-15']);
    const { openTimeMs, open, close, volume, length } = bars.histories[0]!;
    expect([length, openTimeMs.at(1), open.at(1), close.at(1), volume.at(1)]).toEqual([2, monday, 1, 7, 7]);
  });
});
