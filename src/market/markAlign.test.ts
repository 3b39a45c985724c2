/**
 * Mark candles on the bars' clock: of the same length, finer, coarser and missing, by example and as laws.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { BarColumns } from './barColumns.js';
import type { BarChunk, BarSeries } from './bars.js';
import { withMark } from './markAlign.js';
import { openBarSeries } from './openSeries.js';
import { emptyStats } from './quality.js';

const START = Date.UTC(2020, 2, 1);
const MINUTE = 60_000;

/** Open, high, low, close. */
type Prices = readonly [number, number, number, number];
interface Candle {
  readonly minute: number;
  readonly prices: Prices;
}

/** A series in chunks of `size` bars, whose memory is spoiled and used again as that of a real one. */
function seriesOf(minutes: number, candles: readonly Candle[], size = 3): BarSeries {
  async function* chunks(): AsyncGenerator<BarChunk> {
    const columns = new BarColumns(size);
    for (let at = 0; at < candles.length; at += size) {
      columns.clear();
      for (const { minute, prices } of candles.slice(at, at + size)) {
        const i = columns.add();
        columns.openTimeMs[i] = START + minute * MINUTE;
        [columns.open[i], columns.high[i], columns.low[i], columns.close[i]] = prices;
        columns.volume[i] = 7;
      }
      yield columns;
      for (const name of ['openTimeMs', 'open', 'high', 'low', 'close', 'volume'] as const) columns[name].fill(-1);
    }
  }
  return {
    symbol: 'X',
    intervalMs: minutes * MINUTE,
    dialect: 'plain',
    assumptions: [],
    stats: emptyStats(),
    chunks: chunks(),
  };
}

interface Marked {
  readonly minute: number;
  readonly last: Prices;
  readonly mark: Prices;
  readonly closed: number;
}

async function read(series: BarSeries): Promise<Marked[]> {
  const bars: Marked[] = [];
  for await (const { length, openTimeMs, open, high, low, close, mark: m } of series.chunks) {
    for (let i = 0; i < length; i++) {
      bars.push({
        minute: (openTimeMs[i]! - START) / MINUTE,
        last: [open[i]!, high[i]!, low[i]!, close[i]!],
        mark: [m!.open[i]!, m!.high[i]!, m!.low[i]!, m!.close[i]!],
        closed: m!.closedAtClose[i]!,
      });
    }
  }
  return bars;
}

const at = (minute: number, ...prices: [number, number, number, number]): Candle => ({ minute, prices });

describe('mark candles as long as the bars', () => {
  it('when both begin at the same times then they are taken as they are, and a missing one is the last price', async () => {
    const bars = seriesOf(1, [at(0, 10, 12, 9, 11), at(1, 11, 12, 8, 9), at(2, 9, 9, 9, 9), at(3, 9, 10, 9, 10)]);
    const marks = seriesOf(1, [at(-1, 1, 1, 1, 1), at(0, 10, 11, 10, 10), at(2, 8, 9, 8, 9), at(3, 9, 9, 9, 9)], 2);
    const series = withMark(bars, marks);
    expect(await read(series)).toEqual([
      { minute: 0, last: [10, 12, 9, 11], mark: [10, 11, 10, 10], closed: 1 },
      { minute: 1, last: [11, 12, 8, 9], mark: [11, 12, 8, 9], closed: 1 },
      { minute: 2, last: [9, 9, 9, 9], mark: [8, 9, 8, 9], closed: 1 },
      { minute: 3, last: [9, 10, 9, 10], mark: [9, 9, 9, 9], closed: 1 },
    ]);
    expect(series.stats.missingMarks).toBe(1);
    expect(series.assumptions).toEqual([]);
  });
});

describe('finer mark candles', () => {
  it('when a bar has only some of its candles then its mark is made of those, and that is said', async () => {
    const bars = seriesOf(3, [at(0, 10, 12, 9, 11), at(3, 11, 12, 8, 9), at(6, 9, 9, 9, 9)]);
    const series = withMark(
      bars,
      seriesOf(1, [at(0, 1, 5, 1, 2), at(1, 2, 3, 2, 3), at(2, 3, 9, 3, 4), at(4, 4, 6, 4, 5)], 2),
    );
    expect((await read(series)).map((bar) => bar.mark)).toEqual([
      [1, 9, 1, 4],
      [4, 6, 4, 5],
      [9, 9, 9, 9],
    ]);
    expect(series.stats.missingMarks).toBe(1);
    expect(series.assumptions).toEqual(['1 bars have only some of their mark candles: their mark is made of those']);
  });
});

describe('coarser mark candles', () => {
  it('when an hour of mark lies over bars of 15 minutes then last is held within it and its ends and extremes are reached', async () => {
    const bars = seriesOf(15, [
      at(0, 100, 103, 99, 102), //  first bar: opens at the mark's open; first of two equal highs
      at(15, 102, 103, 90, 91), //  lowest low of last, beyond the mark's
      at(30, 91, 96, 90, 95), //    as low, but later
      at(45, 95, 101, 94, 100), //  last bar: closes at the mark's close
    ]);
    const series = withMark(bars, seriesOf(60, [at(0, 101, 110, 95, 99)]));
    expect((await read(series)).map(({ mark, closed }) => [...mark, closed])).toEqual([
      [101, 110, 99, 102, 0],
      [102, 103, 95, 95, 0],
      [95, 96, 95, 95, 0],
      [95, 101, 95, 99, 1],
    ]);
    expect(series.assumptions).toEqual([expect.stringContaining('mark candles of 1h over bars of 15m')]);
  });

  it('when the mark’s open or close lies beyond the bar then the bar’s range is widened to hold it', async () => {
    const bars = seriesOf(30, [at(0, 100, 101, 100, 100), at(30, 100, 102, 99, 100)]);
    const marks = seriesOf(60, [at(0, 90, 105, 85, 104)]);
    expect((await read(withMark(bars, marks))).map((bar) => bar.mark)).toEqual([
      [90, 101, 90, 100],
      [100, 105, 85, 104],
    ]);
  });

  it('when bars of the span are missing then only those at its ends open and close with the mark', async () => {
    const bars = seriesOf(15, [at(15, 10, 12, 9, 11), at(30, 11, 12, 8, 9)]);
    const marks = seriesOf(60, [at(0, 1, 20, 1, 20)]);
    expect((await read(withMark(bars, marks))).map(({ mark, closed }) => [...mark, closed])).toEqual([
      [10, 20, 9, 11, 0],
      [11, 12, 1, 9, 0],
    ]);
  });

  it('when a mark candle is missing then last stands in, is known at the close, and is counted', async () => {
    const bars = seriesOf(
      30,
      [0, 30, 60, 90, 120, 150].map((minute) => at(minute, 10, 12, 9, 11)),
    );
    const series = withMark(bars, seriesOf(60, [at(60, 11, 11, 11, 11)]));
    const read1 = await read(series);
    expect(read1.map((bar) => bar.mark[1])).toEqual([12, 12, 11, 11, 12, 12]);
    expect(read1.map((bar) => bar.closed)).toEqual([1, 1, 0, 1, 1, 1]);
    expect(series.stats.missingMarks).toBe(4);
  });

  it('when a span does not fit into a chunk then none of its bars is passed on before its extremes are known', async () => {
    const length = 700;
    const bars = seriesOf(
      1,
      Array.from({ length: 20 * length }, (_, i) => at(i, 10, 11, 9 - (i % length) / 1e3, 10)),
      1000,
    );
    const marks = seriesOf(
      length,
      Array.from({ length: 20 }, (_, i) => at(i * length, 10, 30, 1, 10)),
    );
    const marked = await read(withMark(bars, marks));
    expect(marked.filter((bar) => bar.mark[1] === 30).map((bar) => bar.minute)).toEqual(
      Array.from({ length: 20 }, (_, i) => i * length),
    );
    expect(marked.filter((bar) => bar.mark[2] === 1).map((bar) => bar.minute)).toEqual(
      Array.from({ length: 20 }, (_, i) => i * length + length - 1),
    );
  });

  it('when no mark candle lies at the bars then bars still stream in chunks', async () => {
    const bars = seriesOf(
      1,
      Array.from({ length: 20_000 }, (_, i) => at(i, 1, 1, 1, 1)),
      1000,
    );
    let largest = 0;
    for await (const chunk of withMark(bars, seriesOf(60, [at(-600, 2, 2, 2, 2)])).chunks)
      largest = Math.max(largest, chunk.length);
    expect(largest).toBeLessThan(5000);
  });
});

describe('lengths and times', () => {
  test.each([
    [2, 3],
    [3, 2],
    [60, 90],
    [5, 12],
  ])('when marks of %d minutes lie over bars of %d then it is a data error', (mark, bar) => {
    const attempt = () => withMark(seriesOf(bar, []), seriesOf(mark, []));
    expect(attempt).toThrow(expect.objectContaining({ code: 'mark_interval', exitCode: 3 }));
  });

  test.each([
    [2, 2],
    [4, 2],
    [2, 4],
  ])(
    'when marks of %d minutes and bars of %d begin at odd and even minutes then it is a data error',
    async (mark, bar) => {
      const bars = seriesOf(bar, [at(4, 1, 1, 1, 1), at(8, 1, 1, 1, 1)]);
      const marks = seriesOf(mark, [at(1, 1, 1, 1, 1), at(5, 1, 1, 1, 1), at(9, 1, 1, 1, 1)]);
      await expect(read(withMark(bars, marks))).rejects.toMatchObject({ code: 'mark_misaligned', exitCode: 3 });
    },
  );
});

const arbPrices = fc
  .array(fc.integer({ min: 50, max: 150 }), { minLength: 4, maxLength: 4 })
  .map(([a, b, c, d]): Prices => [a!, Math.max(a!, b!, c!, d!), Math.min(a!, b!, c!, d!), b!]);
/** Bars or candles at some of the multiples of `minutes`. */
const arbCandles = (minutes: number, count: number) =>
  fc
    .array(fc.option(arbPrices, { freq: 6 }), { minLength: count, maxLength: count })
    .map((list) => list.flatMap((prices, i) => (prices ? [{ minute: i * minutes, prices }] : [])));

describe('laws', () => {
  it('when marks are coarser then the mark stays within its candle, and reaches its ends and extremes', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbCandles(5, 24),
        arbCandles(30, 4),
        fc.integer({ min: 1, max: 9 }),
        async (bars, marks, size) => {
          const marked = await read(withMark(seriesOf(5, bars, size), seriesOf(30, marks, 2)));
          expect(marked.map(({ minute, last }) => ({ minute, prices: last }))).toEqual(bars);
          for (const { minute, prices } of marks) {
            const span = marked.filter((bar) => bar.minute >= minute && bar.minute < minute + 30);
            if (span.length === 0) continue;
            expect(Math.max(...span.map((bar) => bar.mark[1]))).toBe(prices[1]);
            expect(Math.min(...span.map((bar) => bar.mark[2]))).toBe(prices[2]);
            const lowest = Math.min(...span.map((bar) => bar.last[2]));
            expect(span.find((bar) => bar.last[2] === lowest)!.mark[2]).toBe(prices[2]);
            for (const bar of span) {
              const [open, high, low, close] = bar.mark;
              expect(low <= Math.min(open, close) && Math.max(open, close) <= high).toBe(true);
              expect(bar.closed).toBe(bar.minute === minute + 25 ? 1 : 0);
              if (bar.minute === minute) expect(open).toBe(prices[0]);
              if (bar.minute === minute + 25) expect(close).toBe(prices[3]);
            }
          }
          const covered = new Set(marks.map((mark) => mark.minute));
          for (const bar of marked)
            if (!covered.has(bar.minute - (bar.minute % 30))) expect(bar.mark).toEqual(bar.last);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('when marks are finer then each bar’s mark is that of its candles', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbCandles(6, 8),
        arbCandles(2, 24),
        fc.integer({ min: 1, max: 9 }),
        async (bars, marks, size) => {
          const series = withMark(seriesOf(6, bars, 3), seriesOf(2, marks, size));
          const marked = await read(series);
          let missing = 0;
          const expected = bars.map(({ minute, prices }) => {
            const inside = marks
              .filter((mark) => mark.minute >= minute && mark.minute < minute + 6)
              .map((mark) => mark.prices);
            if (inside.length === 0) missing++;
            if (inside.length === 0) return prices;
            const highs = inside.map((mark) => mark[1]);
            const lows = inside.map((mark) => mark[2]);
            return [inside[0]![0], Math.max(...highs), Math.min(...lows), inside.at(-1)![3]];
          });
          expect(marked.map((bar) => bar.mark)).toEqual(expected);
          expect(series.stats.missingMarks).toBe(missing);
        },
      ),
      { numRuns: 300 },
    );
  });
});

// Recorded data of exchanges live beside the project and are not part of it.
const DATA = join(process.cwd(), '..', 'shared', 'data');
const isPresent = existsSync(DATA);
if (!isPresent) process.stderr.write(`real data are missing: ${DATA}; their tests are left out\n`);
const describeRecorded = isPresent ? describe : () => {};

describeRecorded('recorded marks', () => {
  test('when hourly marks of the cascade lie over 5m bars then no mark is missing and the mark low is reached', async () => {
    const open = (path: string) =>
      openBarSeries({ symbol: 'ADAUSDT', paths: [path], skipBadRows: false, strict: false });
    const bars = await open(join(DATA, 'candles', 'bybit_ADAUSDT_5m_2025-09.csv'));
    const marks = await open(join(DATA, 'mark', 'bybit_ADAUSDT_mark_1h_2025-09_2026-07.csv'));
    const marked = withMark(bars, marks);
    let lastLow = Number.POSITIVE_INFINITY;
    let markLow = Number.POSITIVE_INFINITY;
    for await (const chunk of marked.chunks) {
      for (let i = 0; i < chunk.length; i++) {
        lastLow = Math.min(lastLow, chunk.low[i]!);
        markLow = Math.min(markLow, chunk.mark!.low[i]!);
      }
    }
    expect([lastLow, Math.round(markLow * 1000) / 1000]).toEqual([0.2704, 0.273]);
    expect(marked.stats).toMatchObject({ bars: 19_584, missingMarks: 0 });
  });
});
