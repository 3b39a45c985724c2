/**
 * Bars with the finer candles that cover them: which are covered wherever chunks end, what is counted, and that columns which their
 * producers use again do no harm.
 */

import { describe, expect, it, test } from '@jest/globals';
import type { BarChunk, BarSeries, MarkColumns } from './bars.js';
import { type FinePeriod, requireFiner, sliceOf, withFineBars } from './fineBars.js';
import { emptyStats } from './quality.js';

/** Open, high, low, close by open time in minutes. */
type Candle = readonly [minute: number, open: number, high: number, low: number, close: number];

const MINUTE = 60_000;
const ALWAYS: FinePeriod = { fromMs: null, toMs: null };

/** Chunks of so many candles, all in the same columns, as a reader passes them on. */
function seriesOf(minutes: number, candles: readonly Candle[], chunkSize: number, hasMark = false): BarSeries {
  const columns = Array.from({ length: 6 }, () => new Float64Array(chunkSize));
  const [openTimeMs, open, high, low, close, volume] = columns as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const closedAtClose = new Uint8Array(chunkSize);
  const mark: MarkColumns = { open: close, high: close, low: close, close: open, closedAtClose };
  async function* chunks(): AsyncGenerator<BarChunk> {
    for (let from = 0; from < candles.length; from += chunkSize) {
      const some = candles.slice(from, from + chunkSize);
      for (const column of columns) column.fill(Number.NaN);
      some.forEach((candle, i) => {
        openTimeMs[i] = candle[0] * MINUTE;
        [open[i], high[i], low[i], close[i]] = [candle[1], candle[2], candle[3], candle[4]];
        volume[i] = candle[0];
        closedAtClose[i] = candle[0] % 2;
      });
      yield { length: some.length, openTimeMs, open, high, low, close, volume, ...(hasMark ? { mark } : {}) };
      for (const column of columns) column.fill(-1);
    }
  }
  const facts = { symbol: 'XBTUSD', dialect: 'plain', assumptions: [], stats: emptyStats() };
  return { ...facts, intervalMs: minutes * MINUTE, chunks: chunks() };
}

/** Minute by minute one up, a low one below and a high one above. */
const minuteAt = (minute: number): Candle => [minute, minute + 100, minute + 102, minute + 99, minute + 101];
const minutes = (from: number, to: number): Candle[] => Array.from({ length: to - from }, (_, i) => minuteAt(from + i));
/** The bar of five minutes that these make up. */
const barAt = (minute: number): Candle => [minute, minute + 100, minute + 106, minute + 99, minute + 105];
const bars = (count: number): Candle[] => Array.from({ length: count }, (_, i) => barAt(5 * i));

interface Found {
  /** `0: 0 1 2 3 4`, of each bar the minutes of its finer candles. */
  readonly lines: string[];
  readonly pieces: number[];
  readonly most: number;
}

async function read(series: BarSeries): Promise<Found> {
  const lines: string[] = [];
  const pieces: number[] = [];
  let most = 0;
  for await (const { length, openTimeMs, close, fine } of series.chunks) {
    pieces.push(length);
    most = Math.max(most, fine!.bars.length);
    for (let i = 0; i < length; i++) {
      const minute = openTimeMs[i]! / MINUTE;
      const first = fine!.first[i]!;
      const inside = first < 0 ? [] : Array.from({ length: 5 }, (_, n) => fine!.bars.openTimeMs[first + n]! / MINUTE);
      if (first >= 0) expect(fine!.bars.close[first + 4]).toBe(close[i]);
      lines.push(`${minute}: ${inside.join(' ')}`);
    }
  }
  return { lines, pieces, most };
}

const ALL = Array.from({ length: 7 }, (_, i) => `${5 * i}: ${[0, 1, 2, 3, 4].map((n) => 5 * i + n).join(' ')}`);

describe('bars with finer candles', () => {
  test.each([
    [1, 1],
    [1, 7],
    [2, 3],
    [7, 4],
    [3, 5],
    [7, 100],
    [100, 1],
  ])('when chunks end after %d bars and %d finer candles then every bar has its own', async (size, fineSize) => {
    const { series, counts } = withFineBars(seriesOf(5, bars(7), size), seriesOf(1, minutes(0, 35), fineSize), ALWAYS);
    expect((await read(series)).lines).toEqual(ALL);
    expect(counts).toEqual({ bars: 7, uncovered: 0, disagreeing: 0, firstDisagreementMs: null });
  });

  test.each<[string, Candle[], number[]]>([
    ['its first is missing', minutes(0, 35).filter(([at]) => at !== 5), [1]],
    ['its last is missing', minutes(0, 35).filter(([at]) => at !== 9), [1]],
    ['one inside is missing', minutes(0, 35).filter(([at]) => at !== 7), [1]],
    ['all are missing', minutes(0, 35).filter(([at]) => at < 5 || at > 9), [1]],
    ['they begin later', minutes(6, 35), [0, 1]],
    ['they end earlier', minutes(0, 33), [6]],
    ['there are none', [], [0, 1, 2, 3, 4, 5, 6]],
    ['they begin and end elsewhere', minutes(-12, 50), []],
    [
      'they lie between its times',
      minutes(0, 35).map(([at, ...rest]) => [at + 0.5, ...rest] as Candle),
      [0, 1, 2, 3, 4, 5, 6],
    ],
  ])('when of a bar %s then it is not covered, and the others are', async (_what, fine, without) => {
    for (const fineSize of [1, 3, 100]) {
      const { series, counts } = withFineBars(seriesOf(5, bars(7), 3), seriesOf(1, fine, fineSize), ALWAYS);
      const expected = ALL.map((line, i) => (without.includes(i) ? `${5 * i}: ` : line));
      expect((await read(series)).lines).toEqual(expected);
      expect([counts.bars, counts.uncovered]).toEqual([7, without.length]);
    }
  });

  it('when bars are missing between two then the finer candles between them are of none', async () => {
    const some = bars(7).filter((_, i) => i !== 2 && i !== 3);
    const { series, counts } = withFineBars(seriesOf(5, some, 2), seriesOf(1, minutes(0, 35), 4), ALWAYS);
    expect((await read(series)).lines).toEqual(ALL.filter((_, i) => i !== 2 && i !== 3));
    expect([counts.bars, counts.uncovered]).toEqual([5, 0]);
  });

  it.each<[number | null, number | null, number, number]>([
    [4, null, 1, 7],
    [5, null, 1, 7],
    [6, null, 2, 7],
    [null, 29, 0, 6],
    [null, 30, 0, 6],
    [null, 31, 0, 7],
  ])('when the period is %p to %p then bars %d to %d are covered and counted', async (from, to, first, end) => {
    const period = { fromMs: from === null ? null : from * MINUTE, toMs: to === null ? null : to * MINUTE };
    const { series, counts } = withFineBars(seriesOf(5, bars(7), 3), seriesOf(1, minutes(0, 35), 4), period);
    const expected = ALL.map((line, i) => (i >= first && i < end ? line : `${5 * i}: `));
    expect((await read(series)).lines).toEqual(expected);
    expect(counts).toMatchObject({ bars: end - first, uncovered: 0 });
  });

  test.each<[string, Candle, number]>([
    ['the high is higher', [5, 105, 112, 104, 110], 1],
    ['the high is lower', [5, 105, 110.5, 104, 110], 1],
    ['the low is lower', [5, 105, 111, 103.5, 110], 1],
    ['the low is higher', [5, 105, 111, 104.5, 110], 1],
    ['they are the same', [5, 105, 111, 104, 110], 0],
  ])('when of a bar %s then it is counted where they disagree', async (_what, bar, count) => {
    const all = bars(7).with(1, bar);
    const { series, counts } = withFineBars(seriesOf(5, all, 3), seriesOf(1, minutes(0, 35), 4), ALWAYS);
    await read(series);
    expect(counts).toMatchObject({ disagreeing: count, firstDisagreementMs: count === 0 ? null : 5 * MINUTE });
  });

  it('when finer candles have marks then they come along, and bars keep theirs', async () => {
    const series = withFineBars(seriesOf(5, bars(7), 3, true), seriesOf(1, minutes(0, 35), 4, true), ALWAYS).series;
    for await (const { length, mark, open, fine } of series.chunks) {
      for (let i = 0; i < length; i++) {
        expect(mark!.close[i]).toBe(open[i]);
        for (let n = fine!.first[i]!; n < fine!.first[i]! + 5; n++) {
          const minute = fine!.bars.openTimeMs[n]! / MINUTE;
          expect([fine!.bars.volume[n], fine!.bars.mark!.open[n], fine!.bars.mark!.closedAtClose[n]]).toEqual([
            minute,
            minute + 101,
            minute % 2,
          ]);
        }
      }
    }
  });

  it('when bars are many then only so many finer candles are held at a time', async () => {
    const count = 10_000;
    const { series, counts } = withFineBars(
      seriesOf(5, bars(count), 4096),
      seriesOf(1, minutes(0, 5 * count), 4096),
      ALWAYS,
    );
    const { lines, pieces, most } = await read(series);
    expect([lines.length, counts.uncovered]).toEqual([count, 0]);
    expect(most).toBeLessThanOrEqual(1 << 14);
    expect(Math.max(...pieces)).toBe(Math.floor((1 << 14) / 5));
  });

  it('when reading stops early then both series are let go of', async () => {
    const released: string[] = [];
    const watched = (name: string, { chunks, ...rest }: BarSeries): BarSeries => {
      async function* pass(): AsyncGenerator<BarChunk> {
        try {
          yield* chunks;
        } finally {
          released.push(name);
        }
      }
      return { ...rest, chunks: pass() };
    };
    const coarse = watched('bars', seriesOf(5, bars(7), 1));
    const { series } = withFineBars(coarse, watched('fine', seriesOf(1, minutes(0, 35), 1)), ALWAYS);
    for await (const _ of series.chunks) break;
    expect(released.sort()).toEqual(['bars', 'fine']);
  });
});

describe('lengths', () => {
  test.each([
    [5, 1],
    [60, 15],
    [1440, 60],
  ])('when bars are of %d minutes and finer candles of %d then they make them up', (bar, fine) => {
    expect(() => requireFiner(seriesOf(bar, [], 1), seriesOf(fine, [], 1), 'x.csv')).not.toThrow();
  });

  test.each([
    [5, 5, 'candles of 5m inside bars of 5m'],
    [5, 15, 'candles of 15m inside bars of 5m'],
    [5, 3, 'candles of 3m inside bars of 5m'],
    [60, 25, 'candles of 25m inside bars of 1h'],
  ])('when bars are of %d minutes and finer candles of %d then both are named', (bar, fine, found) => {
    const check = (): void => requireFiner(seriesOf(bar, [], 1), seriesOf(fine, [], 1), 'x.csv');
    expect(check).toThrow(
      expect.objectContaining({ code: 'interval_mismatch', exitCode: 3, found, place: { file: 'x.csv' } }),
    );
  });
});

it('when a part of a chunk is taken then its bars keep their finer candles and marks', async () => {
  const { series } = withFineBars(seriesOf(5, bars(7), 7, true), seriesOf(1, minutes(0, 35), 9, true), ALWAYS);
  for await (const chunk of series.chunks) {
    const part = sliceOf(chunk, 2, 5);
    const opens = [0, 1, 2].map((i) => part.fine!.bars.openTimeMs[part.fine!.first[i]!]);
    expect(opens).toEqual(Array.from(part.openTimeMs));
    expect([part.length, part.openTimeMs[0], part.mark!.close[0]]).toEqual([3, 10 * MINUTE, part.open[0]]);
  }
});
