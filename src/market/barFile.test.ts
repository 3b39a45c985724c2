/**
 * A file of candles becomes bars: the peek that settles its dialect and interval, then row by row into chunks.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, test } from '@jest/globals';
import { barsOf, DAY, folder, GOOD, HEADER, MINUTE, open, plainFile, read, row } from './fixtures/candleFiles.js';

describe('rows that cannot be used', () => {
  const T = DAY + 3 * MINUTE;
  test.each([
    // the fourth row, line 5        column     value             why
    [`${T},,12,8,9,1`, 'open', 'an empty cell', 'a price is missing'],
    [`${T},10,x,8,9,1`, 'high', 'x', 'not a price'],
    [`${T},10,12,0,9,1`, 'low', '0', 'not a price'],
    [`${T},10,12,8,-9,1`, 'close', '-9', 'not a price'],
    [`${T},10,1e999,8,9,1`, 'high', '1e999', 'not a price'],
    [`${T},10,NaN,8,9,1`, 'high', 'NaN', 'not a price'],
    [`${T},10,8,12,9,1`, 'high', '8', 'high is below low'],
    [`${T},10,12,8,12.5,1`, 'close', '12.5', 'close lies outside'],
    [`${T},10,12,8,7.5,1`, 'close', '7.5', 'close lies outside'],
    [`${T},12.50,12,8,9,1`, 'open', '12.50', 'open lies outside'],
    [`${T},7.5,12,8,9,1`, 'open', '7.5', 'open lies outside'],
    [`${T},10,12,8,9,-1`, 'volume', '-1', 'not a volume'],
    [`${T},10,12,8,9,abc`, 'volume', 'abc', 'not a volume'],
    [`soon,10,12,8,9,1`, 'timestamp', 'soon', 'not a time'],
    [`${T / 1000},10,12,8,9,1`, 'timestamp', `${T / 1000}`, 'not a time'],
    [`${T},10,12,8,9`, 'volume', '5 cells', 'cut short'],
    [`${T},10,12,8,9,1,7`, 7, '7', 'more cells'],
    [`${T - MINUTE},11,12,8,9,2`, 'timestamp', `${T - MINUTE}`, 'line 4 have one time'],
    [`${T - 2 * MINUTE},10,12,8,9,1`, 'timestamp', `${T - 2 * MINUTE}`, 'out of order'],
    [`${T - 1},10,12,8,9,1`, 'timestamp', `${T - 1}`, 'overlaps'],
  ])('when the row is %s then column %s, value %s and the reason are named', async (bad, column, found, why) => {
    const path = plainFile('bad.csv', ...GOOD, bad, row(4, 9, 9, 9, 9));
    await expect(read(path)).rejects.toMatchObject({
      code: 'bad_row',
      exitCode: 3,
      message: expect.stringContaining(why),
      found,
      place: { file: path, line: 5, column },
    });
    const series = await open(path, { skipBadRows: true });
    expect(await barsOf(series)).toHaveLength(4);
    expect(series.badRowCount).toBe(1);
    const value = found === 'an empty cell' ? '' : found;
    expect(series.badRows).toEqual([{ file: path, line: 5, column, value, why: expect.stringContaining(why) }]);
    expect(series.stats).toMatchObject({ rows: 5, bars: 4, gaps: 1, missingBars: 1 });
  });

  it('when rows are skipped then all are counted and the first hundred listed', async () => {
    const bad = Array.from({ length: 150 }, (_, i) => row(3 + i, 0, 0, 0, 0));
    const series = await open(plainFile('many.csv', ...GOOD, ...bad), { skipBadRows: true });
    expect(await barsOf(series)).toHaveLength(3);
    expect([series.badRowCount, series.badRows.length, series.badRows[99]!.line]).toEqual([150, 100, 104]);
  });

  it('when every row is rejected then that is an error', async () => {
    const path = plainFile('hopeless.csv', row(0, 0, 0, 0, 0));
    await expect(read(path, { skipBadRows: true })).rejects.toMatchObject({ code: 'no_rows', exitCode: 3 });
  });

  it('when a row equals its predecessor then it is dropped and counted', async () => {
    const series = await open(plainFile('double.csv', GOOD[0]!, GOOD[1]!, GOOD[1]!, GOOD[1]!, GOOD[2]!));
    expect(await barsOf(series)).toHaveLength(3);
    expect(series.stats).toMatchObject({ rows: 5, bars: 3, droppedDuplicates: 2, gaps: 0 });
  });

  it('when a price has more than 15 digits then it is rounded and counted, and an error when strict', async () => {
    const path = plainFile('long.csv', GOOD[0]!, `${DAY + MINUTE},10,12.0000000000000012,10,11.123456789012345,1`);
    const series = await open(path);
    expect(await barsOf(series)).toEqual(['00:00 10 12 9 11 1', '00:01 10 12 10 11.1234567890123 1']);
    expect(series.stats.roundedPrices).toBe(2);
    await expect(read(path, { strict: true })).rejects.toMatchObject({
      code: 'bad_row',
      place: { line: 3, column: 'high' },
      found: '12.0000000000000012',
    });
  });
});

describe('carried-over opens', () => {
  /** Rows whose opens repeat the close before, but for the last `breaks` of them; the very last open lies outside. */
  function chain(rows: number, breaks: number): string[] {
    return Array.from({ length: rows }, (_, i) => {
      const close = 100 + (i % 2);
      const before = 100 + ((i + 1) % 2);
      const isBroken = i >= rows - breaks;
      return row(i, isBroken ? 100.5 : before, 101, 100, close);
    });
  }
  const outside = (minute: number) => row(minute, 102, 101, 100, 100.5);

  test.each([
    // rows, breaks among them; the row outside is one more break
    [101, 0, true],
    [200, 0, true],
    [201, 1, true],
    [200, 1, true],
    [199, 1, false],
    [100, 1, false],
  ])('when %d rows hold %d breaks and one open outside then repair is %s', async (rows, breaks, repairs) => {
    const path = plainFile('chain.csv', ...chain(rows, breaks), outside(rows));
    if (repairs) {
      const series = await open(path);
      expect((await barsOf(series)).at(-1)).toContain(' 101 101 100 100.5 1');
      expect(series.stats.repairedOpens).toBe(1);
    } else {
      await expect(read(path)).rejects.toMatchObject({ code: 'bad_row', place: { line: rows + 2, column: 'open' } });
    }
  });

  it('when the breaks come after the first thousand rows then opens outside are still repaired', async () => {
    const rows = chain(1100, 60);
    const series = await open(plainFile('late.csv', ...rows, outside(1100)));
    expect(await barsOf(series)).toHaveLength(1101);
    expect(series.stats.repairedOpens).toBe(1);
  });

  it('when the only row has its open outside then it is an error', async () => {
    await expect(read(plainFile('one.csv', outside(0)))).rejects.toMatchObject({ code: 'bad_row', place: { line: 2 } });
  });
});

describe('order and interval', () => {
  it('when the file is newest first then the bars are turned round with a note', async () => {
    const series = await open(plainFile('desc.csv', row(5, 9, 9, 9, 9), ...GOOD.toReversed(), GOOD[0]!));
    expect(await barsOf(series)).toEqual([
      '00:00 10 12 9 11 1',
      '00:01 10 13 10 12 1',
      '00:02 11 12 8 9 1',
      '00:05 9 9 9 9 1',
    ]);
    expect(series.stats).toMatchObject({ reversed: true, rows: 5, droppedDuplicates: 1, gaps: 1, missingBars: 2 });
    expect(series.stats.firstGap).toEqual({ afterLine: 3, fromMs: DAY + 3 * MINUTE, toMs: DAY + 5 * MINUTE });
    expect(series.assumptions).toContain('the file is newest first: its rows were turned round');
  });

  it('when a newest-first file has carried-over opens then they are known by the row below', async () => {
    const path = plainFile('desc-carried.csv', row(2, 12, 11, 8, 9), row(1, 11, 13, 10, 12), row(0, 10, 12, 9, 11));
    expect((await read(path))[2]).toBe('00:02 11 11 8 9 1');
  });

  it('when a newest-first file goes back up then the line is an error', async () => {
    const path = plainFile('desc-bad.csv', ...GOOD.toReversed(), row(3, 9, 9, 9, 9));
    await expect(read(path)).rejects.toMatchObject({ code: 'bad_row', place: { line: 5, column: 'timestamp' } });
  });

  test.each([
    // name             minutes of the rows    interval  assumption
    ['XBTUSD-1m.csv', [0, 1, 2, 5], 1, undefined],
    ['XBTUSD-1m.csv', [0, 2, 4, 5], 1, undefined],
    ['XBTUSD-1m.csv', [0, 5, 10], 5, 'the file name says 1m, but rows are 5m apart'],
    ['XBTUSD-5m.csv', [0, 1, 2], 1, 'the file name says 5m, but rows are 1m apart'],
    ['XBTUSD.csv', [0, 2, 4, 7, 9], 2, undefined],
    ['XBTUSD.csv', [0, 3, 8], 3, undefined],
    ['XBTUSD-1h.csv', [7], 60, undefined],
    ['XBTUSD.csv', [7], 1, 'one row tells no interval'],
  ])('when %s has rows at minutes %j then bars are %dm long', async (name, minutes, interval, assumption) => {
    const series = await open(plainFile(name, ...minutes.map((m) => row(m, 1, 1, 1, 1))));
    expect(series.intervalMs).toBe(interval * MINUTE);
    await barsOf(series);
    expect(series.stats.bars).toBe(minutes.length);
    const said = series.assumptions.slice(1).join();
    if (assumption === undefined) expect(said).toBe('');
    else expect(said).toContain(assumption);
  });

  it('when bars are missing then gaps and bars are counted and the first place is kept', async () => {
    const series = await open(plainFile('gaps.csv', ...[0, 1, 2, 5, 6, 8].map((m) => row(m, 1, 1, 1, 1))));
    await barsOf(series);
    expect(series.stats).toMatchObject({
      gaps: 2,
      missingBars: 3,
      firstOpenTimeMs: DAY,
      lastCloseTimeMs: DAY + 9 * MINUTE,
    });
    expect(series.stats.firstGap).toEqual({ afterLine: 4, fromMs: DAY + 3 * MINUTE, toMs: DAY + 5 * MINUTE });
  });

  it('when a file has more bars than a chunk then all arrive in order, gzip or not', async () => {
    const rows = Array.from({ length: 10_000 }, (_, i) => row(i, 1, 2, 1, 2));
    const path = plainFile('long-plain.csv', ...rows);
    const packed = join(folder, 'long-packed.csv');
    writeFileSync(packed, gzipSync([HEADER.replaceAll(', ', ','), ...rows].join('\n')));
    for (const file of [path, packed]) {
      const series = await open(file);
      let next = DAY;
      for await (const chunk of series.chunks) {
        for (let i = 0; i < chunk.length; i++, next += MINUTE) expect(chunk.openTimeMs[i]).toBe(next);
      }
      expect(series.stats).toMatchObject({ bars: 10_000, gaps: 0 });
      expect(series.files[0]!.sha256()).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it('when a series is closed unread then finish still gives the hash of its file', async () => {
    const series = await open(plainFile('closed.csv', ...GOOD));
    await series.close();
    await series.finish();
    expect(series.files[0]!.sha256()).toMatch(/^[0-9a-f]{64}$/);
  });
});
