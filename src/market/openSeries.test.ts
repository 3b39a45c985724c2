/**
 * Whole candle files and several joined: counts of real files where they are there, bad rows with line, column and value.
 */

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from '@jest/globals';
import {
  barsOf,
  DAY,
  fileOf,
  folder,
  GOOD,
  HEADER,
  MINUTE,
  open,
  plainFile,
  read,
  row,
} from './fixtures/candleFiles.js';
import { openBarSeries } from './openSeries.js';
import { formatTime } from './timestamps.js';

describe('dialects', () => {
  it('when the header is plain in any order then extra columns are ignored and the time is the open', async () => {
    const path = fileOf(
      'order.csv',
      `note, Close, LOW, volume, High, Date,                Open
       x,    11,    9,   5,      12,   2020-03-01 00:00:00, 10
       y,    12,    10,  0,      13,   2020-03-01 00:01:00, 10`,
    );
    const series = await open(path);
    expect(await barsOf(series)).toEqual(['00:00 10 12 9 11 5', '00:01 10 13 10 12 0']);
    expect([series.dialect, series.intervalMs, series.stats.zeroVolumeBars]).toEqual(['plain', MINUTE, 1]);
    expect(series.assumptions).toEqual(["times name the bar's open (plain)", 'times without a zone are read as UTC']);
  });

  const BITMEX = `timestamp, symbol, open, high, low, close, trades, volume, vwap, lastSize
    2020-03-01T00:01:00.000Z, XBTUSD, 10, 12, 9, 11, 3, 100, 11, 1
    2020-03-01T00:02:00.000Z, XBTUSD, 11, 14, 12, 13, 0, 0,,
    2020-03-01T00:03:00.000Z, XBTUSD, 13, 12, 10, 10, 1, 5, 11, 1`;

  it('when the file is BitMEX then times are closes, and carried-over opens outside high-low are moved', async () => {
    const series = await open(fileOf('bitmex.csv', BITMEX));
    expect(await barsOf(series)).toEqual(['00:00 10 12 9 11 100', '00:01 12 14 12 13 0', '00:02 12 12 10 10 5']);
    expect(series.dialect).toBe('bitmex');
    expect(series.stats).toMatchObject({
      rows: 3,
      bars: 3,
      repairedOpens: 2,
      zeroVolumeBars: 1,
      lastCloseTimeMs: DAY + 3 * MINUTE,
    });
  });

  it('when the bar time is given then it beats the dialect', async () => {
    const bitmex = await read(fileOf('bitmex-open.csv', BITMEX), { barTime: 'open' });
    expect(bitmex[0]).toBe('00:01 10 12 9 11 100');
    const plain = await read(plainFile('plain-close.csv', ...GOOD.slice(1)), { barTime: 'close' });
    expect(plain[0]).toBe('00:00 10 13 10 12 1');
  });

  it('when the rows name another symbol then the error names both', async () => {
    const path = fileOf('bitmex-eth.csv', BITMEX);
    await expect(read(path, { symbol: 'ETHUSD' })).rejects.toMatchObject({
      code: 'symbol_mismatch',
      exitCode: 3,
      message: 'the rows are of XBTUSD, but ETHUSD was asked for',
      place: { file: path, line: 2, column: 'symbol' },
    });
  });

  it('when the rows write the symbol with separators then it is the same', async () => {
    const path = fileOf(
      'dash.csv',
      `time, symbol, open, high, low, close, volume\n 1583020800, btc-usdt, 1, 1, 1, 1, 1`,
    );
    expect(await read(path, { symbol: 'BTC/USDT' })).toHaveLength(1);
  });

  test.each([
    ['no header and a price missing', '1583020800000, 1, 1, 1\n 1583020860000, 1, 1, 1', '1583020800000,1,1,1'],
    ['a header of other names', 'a, b, c, d, e, f\n 1583020800000, 1, 1, 1, 1, 1', 'a,b,c,d,e,f'],
    ['no low', 'time, open, high, close, volume\n 1583020800, 1, 1, 1, 1', 'time,open,high,close,volume'],
    ['two opens', 'time, open, open, high, low, close\n 1583020800, 1, 1, 1, 1, 1', 'time,open,open,high,low,close'],
  ])('when there is %s then the error says which columns were found and wanted', async (_, table, found) => {
    const attempt = open(fileOf('unknown.csv', table));
    await expect(attempt).rejects.toMatchObject({ code: 'unknown_header', exitCode: 3, found: `the columns ${found}` });
    await expect(attempt).rejects.toMatchObject({
      expected: expect.stringContaining('timestamp,open,high,low,close,volume'),
    });
  });

  it('when volumes are missing then they are 0, said, and not counted as zero', async () => {
    const none = await open(fileOf('no-volume.csv', `time, open, high, low, close\n 1583020800, 1, 1, 1, 1`));
    expect(await barsOf(none)).toEqual(['00:00 1 1 1 1 0']);
    expect(none.stats.zeroVolumeBars).toBe(0);
    expect(none.assumptions).toContain('the bars come without a volume: it is taken as 0');
    const some = await open(fileOf('some-volume.csv', `${HEADER}\n${row(0, 1, 1, 1, 1)}\n${DAY + MINUTE},1,1,1,1,`));
    expect(await barsOf(some)).toEqual(['00:00 1 1 1 1 1', '00:01 1 1 1 1 0']);
    expect(some.assumptions).toContain('1 bars come without a volume: it is taken as 0');
  });

  test.each([
    ['', 'empty_file'],
    ['\n\n', 'empty_file'],
    [`${HEADER}\n`, 'no_rows'],
  ])('when the file holds %j then it is the data error %s', async (text, code) => {
    const path = join(folder, 'empty.csv');
    writeFileSync(path, text.replaceAll(', ', ','));
    await expect(open(path)).rejects.toMatchObject({ code, exitCode: 3, place: { file: path } });
  });
});

describe('several files', () => {
  const first = () => plainFile('a.csv', ...GOOD);
  const rest = [row(3, 9, 9, 9, 9), row(4, 9, 9, 9, 9)];

  it('when files follow one another then they are joined by time, whatever their order', async () => {
    const series = await open([plainFile('b.csv', ...rest), first()]);
    expect((await barsOf(series)).map((bar) => bar.slice(0, 5))).toEqual(['00:00', '00:01', '00:02', '00:03', '00:04']);
    expect(series.stats).toMatchObject({ rows: 5, bars: 5, gaps: 0, droppedDuplicates: 0 });
    expect(series.files.map((file) => file.rows)).toEqual([2, 3]);
  });

  it('when files leave a hole then it is a gap', async () => {
    const series = await open([first(), plainFile('b.csv', row(5, 9, 9, 9, 9), row(6, 9, 9, 9, 9))]);
    await barsOf(series);
    expect(series.stats).toMatchObject({ gaps: 1, missingBars: 2, firstGap: { afterLine: 4 } });
  });

  it('when files overlap with the same bars then these are passed on once and counted', async () => {
    const series = await open([first(), plainFile('b.csv', GOOD[1]!, GOOD[2]!, ...rest)]);
    expect(await barsOf(series)).toHaveLength(5);
    expect(series.stats).toMatchObject({ rows: 7, bars: 5, droppedDuplicates: 2, gaps: 0 });
  });

  it('when three files hold the same bars then two of each are left out', async () => {
    const series = await open(['a.csv', 'b.csv', 'c.csv'].map((name) => plainFile(name, ...GOOD)));
    expect(await barsOf(series)).toHaveLength(3);
    expect(series.stats).toMatchObject({ rows: 9, bars: 3, droppedDuplicates: 6 });
  });

  it('when a file lies within another then it only adds duplicates', async () => {
    const series = await open([first(), plainFile('b.csv', GOOD[1]!)]);
    expect(await barsOf(series)).toHaveLength(3);
    expect(series.stats.droppedDuplicates).toBe(1);
  });

  test.each([
    ['a bar differs', [row(2, 11, 12, 8, 10), ...rest], 2],
    ['one has a bar the other has not', [GOOD[1]!, ...rest], 3],
  ])('when files overlap and %s then the error names both', async (_, rows, line) => {
    const [a, b] = [plainFile('a.csv', ...GOOD, row(3, 9, 9, 9, 9)), plainFile('b-1m.csv', ...rows)];
    await expect(read([a, b])).rejects.toMatchObject({ code: 'overlapping_files', exitCode: 3 });
    const error = await read([a, b]).catch((e) => e);
    expect(error.message).toContain(a);
    expect(error.message).toContain(b);
    expect(error.found).toContain(`b-1m.csv line ${line}`);
  });

  it('when a file begins before the last bar of the other has ended then it is an error', async () => {
    const late = [2.5, 3.5].map((m) => row(m, 9, 9, 9, 9));
    await expect(read([first(), plainFile('b.csv', ...late)])).rejects.toMatchObject({ code: 'overlapping_files' });
  });

  it('when intervals differ then the error names both; a file of one row takes the other’s', async () => {
    const hours = plainFile('h.csv', row(60, 9, 9, 9, 9), row(120, 9, 9, 9, 9));
    await expect(open([first(), hours])).rejects.toMatchObject({
      code: 'interval_mismatch',
      found: '1h',
      expected: '1m',
    });
    const series = await open([plainFile('one.csv', row(0, 9, 9, 9, 9)), hours]);
    expect(series.intervalMs).toBe(60 * MINUTE);
  });

  it('when one file is missing then it is known on opening', async () => {
    const path = join(folder, 'nowhere.csv');
    await expect(open([first(), path])).rejects.toMatchObject({
      code: 'file_not_found',
      exitCode: 3,
      place: { file: path },
    });
  });

  it('when only one file has an assumption then its name stands before it', async () => {
    const turned = plainFile('turned.csv', ...rest.toReversed());
    const series = await open([first(), turned]);
    expect(series.assumptions).toEqual([
      "times name the bar's open (plain)",
      `${turned}: the file is newest first: its rows were turned round`,
    ]);
    await series.close();
  });
});

// Recorded data of exchanges live beside the project and are not part of it.
const DATA = join(process.cwd(), '..', 'shared', 'data');
const isPresent = existsSync(DATA);
if (!isPresent) process.stderr.write(`real data are missing: ${DATA}; their tests are left out\n`);
const describeRecorded = isPresent ? describe : () => {};

const candles = (name: string) => join(DATA, 'candles', name);

async function readAll(path: string, symbol: string, skipBadRows = false) {
  const series = await openBarSeries({ symbol, paths: [path], skipBadRows, strict: false });
  let lowest = Number.POSITIVE_INFINITY;
  let lowestMs = 0;
  for await (const chunk of series.chunks) {
    for (let i = 0; i < chunk.length; i++) {
      if (chunk.low[i]! < lowest) [lowest, lowestMs] = [chunk.low[i]!, chunk.openTimeMs[i]!];
    }
  }
  return { series, stats: series.stats, lowest, lowestMs };
}

describeRecorded('recorded candles', () => {
  test.each([
    // file                                         symbol     dialect   rows     gaps missing zero   repaired  first open
    ['bitmex_XBTUSD_1m_2020-03.csv.gz', 'XBTUSD', 'bitmex', 44_640, 0, 0, 17, 1199, '2020-02-29T23:59:00.000Z'],
    ['bitmex_XBTUSD_1m_2016-05.csv.gz', 'XBTUSD', 'bitmex', 44_640, 0, 0, 35_138, 7182, '2016-04-30T23:59:00.000Z'],
    ['bitmex_XBTUSD_1h_2015-2019.csv', 'XBTUSD', 'plain', 32_362, 2, 2, 244, 4528, '2015-09-25T12:00:00.000Z'],
    ['bitmex_XBTUSD_1d_2015-2019.csv', 'XBTUSD', 'plain', 1349, 0, 0, 0, 31, '2015-09-25T00:00:00.000Z'],
    [
      'binance_BTCUSDT_1h_2024-10_2025-02_with_gap.csv',
      'BTCUSDT',
      'plain',
      2418,
      2,
      1000,
      0,
      0,
      '2024-10-01T00:00:00.000Z',
    ],
    ['binance_ATOMUSDT_1h_gravestone.csv', 'ATOMUSDT', 'plain', 4500, 0, 0, 0, 0, '2025-09-13T08:00:00.000Z'],
  ])(
    'when %s is read then its figures are those on record',
    async (file, symbol, dialect, rows, gaps, missing, zero, repaired, first) => {
      const { series, stats } = await readAll(candles(file), symbol);
      expect(series.dialect).toBe(dialect);
      expect(stats).toMatchObject({
        rows,
        bars: rows,
        gaps,
        missingBars: missing,
        zeroVolumeBars: zero,
        repairedOpens: repaired,
        droppedDuplicates: 0,
      });
      expect(formatTime(stats.firstOpenTimeMs!)).toBe(first);
    },
  );

  test('when March 2020 is read then the low of the crash stands at its minute', async () => {
    const { lowest, lowestMs } = await readAll(candles('bitmex_XBTUSD_1m_2020-03.csv.gz'), 'XBTUSD');
    // The row is stamped 02:16, its close.
    expect([lowest, formatTime(lowestMs)]).toEqual([3596, '2020-03-13T02:15:00.000Z']);
  });

  test('when the launch rows have no prices then the first is an error, and skipping counts all of them', async () => {
    const path = candles('bitmex_XBTUSD_1m_2015-09-25_launch_nulls.csv');
    await expect(readAll(path, 'XBTUSD')).rejects.toMatchObject({
      code: 'bad_row',
      place: { line: 2, column: 'open' },
    });
    const { series, stats } = await readAll(path, 'XBTUSD', true);
    expect(stats.rows).toBe(4320);
    expect(stats.bars + series.badRowCount + stats.droppedDuplicates).toBe(4320);
    expect(series.badRows.filter((bad) => bad.why.startsWith('a price is missing')).length).toBeGreaterThan(50);
  });

  test('when several symbols share a file then the column that tells them apart is named', async () => {
    const path = candles('multi_exchange_bitcoin_8h_2023-01_2024-06_with_funding.csv');
    await expect(readAll(path, 'BTCUSDT')).rejects.toMatchObject({
      code: 'several_series',
      place: { line: 3, column: 'contract' },
      found: 'perpetual',
    });
  });

  test('when BitMEX candles were saved by pandas then they are read', async () => {
    const { stats } = await readAll(join(DATA, 'dialects', 'bitmex_bucketed_1m_pandas_index.csv'), 'XBTUSD');
    expect(stats).toMatchObject({
      bars: 121,
      repairedOpens: 5,
      gaps: 0,
      firstOpenTimeMs: Date.UTC(2020, 5, 11, 15, 54),
    });
  });
});
