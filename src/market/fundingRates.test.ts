/**
 * Funding files of every accepted form, real ones where they are there, and what is refused with its line.
 */

import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from '@jest/globals';
import { loadFundingRates } from './fundingRates.js';
import { formatTime } from './timestamps.js';

const folder = mkdtempSync(join(tmpdir(), 'market-funding-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(table: string): string {
  const path = join(folder, 'funding.csv');
  const lines = table.trim().split('\n');
  writeFileSync(path, `${lines.map((line) => line.trim().replace(/\s*,\s*/g, ',')).join('\n')}\n`);
  return path;
}

const load = (table: string, skipBadRows = false) => loadFundingRates(fileOf(table), { symbol: 'XBTUSD', skipBadRows });

/** Rates as `HH:MM:SS.mmm rate [price]`. */
async function ratesOf(table: string): Promise<string[]> {
  const { rates } = await load(table);
  return rates.map((r) => [formatTime(r.timeMs).slice(11, 23), r.rate, r.price].filter(Boolean).join(' '));
}

describe('forms', () => {
  it('when the file is BitMEX then times and rates are as written', async () => {
    const rates = await ratesOf(
      `timestamp,                symbol, fundingInterval,          fundingRate,           fundingRateDaily
       2020-03-13T04:00:00.000Z, XBTUSD, 2000-01-01T08:00:00.000Z, -0.00375,              -0.01125
       2020-03-13T12:00:00.000Z, XBTUSD, 2000-01-01T08:00:00.000Z, 6.900000000000001e-4,  0.0021
       2020-03-13T20:00:00.000Z, XBTUSD, 2000-01-01T08:00:00.000Z, 0.00010000,            0.0003`,
    );
    expect(rates).toEqual(['04:00:00.000 -0.00375', '12:00:00.000 6.900000000000001e-4', '20:00:00.000 0.00010000']);
  });

  test.each([
    ['timestamp, fundingRate', '1584072000000, 0.0001', '04:00:00.000 0.0001'],
    ['time, rate', '1584072000, 1e-4', '04:00:00.000 1e-4'],
    ['timestamp, symbol, funding_rate', '1584072000000, xbt-usd, -0.5', '04:00:00.000 -0.5'],
    ['Symbol, Date, Funding Rate', 'XBT-USD, 2020-03-13 04:00:00, 0', '04:00:00.000 0'],
    ['fundingTime, fundingRate, markPrice', '1584072000000, 0.0001, 5000.5', '04:00:00.000 0.0001 5000.5'],
    ['timestamp, rate, mark_price', '1584072000000, 0.0001,', '04:00:00.000 0.0001'],
    ['calc_time, funding_interval_hours, last_funding_rate', '1584072000000, 8, 0.0001', '04:00:00.000 0.0001'],
    ['# BTCUSDT\n time; rate', '1584072000; 0.0001', '04:00:00.000 0.0001'],
    [
      'instId, fundingRate, realizedRate, fundingTime',
      'XBT-USD-SWAP, 0.0001, 0.0002, 1584072000000',
      '04:00:00.000 0.0002',
    ],
    ['Date,Funding Rate', '13.03.2020 04:00, 0.0001', '04:00:00.000 0.0001'],
    ['fundingRate, extra, timestamp, datetime', '0.0001, x, 1584072000000, 2020', '04:00:00.000 0.0001'],
  ])('when the header is %s then the rate is found', async (header, row, expected) => {
    expect(await ratesOf(`${header}\n${row}`)).toEqual([expected]);
  });

  test.each([
    ['timestamp, interest_8h\n 1584072000000, 0.1', 'unknown_header'],
    ['1584072000000, 0.0001, 0.0001', 'unknown_header'],
    ['when, how much\n 1584072000000, 0.0001', 'unknown_header'],
    ['timestamp, rate', 'no_rows'],
    ['', 'empty_file'],
  ])('when the file is %j then it is the data error %s', async (table, code) => {
    await expect(load(table)).rejects.toMatchObject({
      code,
      exitCode: 3,
      place: { file: join(folder, 'funding.csv') },
    });
  });

  it('when there is no such file then it is a data error', async () => {
    const attempt = loadFundingRates(join(folder, 'nowhere.csv'), { symbol: 'XBTUSD', skipBadRows: false });
    await expect(attempt).rejects.toMatchObject({ code: 'file_not_found', exitCode: 3 });
  });
});

describe('times', () => {
  test.each([
    ['2020-03-13T04:00:00.007Z', '04:00:00.000'],
    ['2020-03-13T04:00:59.999Z', '04:00:00.000'],
    ['2020-03-13T04:01:00.000Z', '04:01:00.000'],
    ['2020-03-13T03:59:59.999Z', '03:59:59.999'],
  ])('when the stamp is %s then the time is %s', async (stamp, time) => {
    expect(await ratesOf(`timestamp, rate\n ${stamp}, 0.1`)).toEqual([`${time} 0.1`]);
  });

  it('when stamps are moved then they are counted and said', async () => {
    const file = await load(
      'time, rate\n 2020-03-13T04:00:00.007Z, 1\n 2020-03-13T12:00:00Z, 1\n 2020-03-13 20:00:02, 1',
    );
    expect(file.movedStamps).toBe(2);
    expect(file.assumptions).toEqual(['2 funding times less than 60 s late count as the scheduled time or whole hour']);
  });

  test.each([
    ['2020-03-13T04:29:59.999Z', '04:29:59.999'],
    ['2020-03-13T04:30:00.007Z', '04:30:00.000'],
    ['2020-03-13T04:30:59.999Z', '04:30:00.000'],
    ['2020-03-13T04:31:00.000Z', '04:31:00.000'],
    ['2020-03-14T00:00:10.000Z', '23:59:30.000'],
    ['2020-03-13T05:00:01.000Z', '05:00:00.000'],
  ])('when 04:30:00 and 23:59:30 are scheduled and the stamp is %s then the time is %s', async (stamp, time) => {
    const scheduleMs = [4.5 * 3_600_000, 86_400_000 - 30_000];
    const path = fileOf(`timestamp, rate\n ${stamp}, 0.1`);
    const { rates } = await loadFundingRates(path, { symbol: 'XBTUSD', skipBadRows: false, scheduleMs });
    expect(formatTime(rates[0]!.timeMs).slice(11, 23)).toBe(time);
  });

  it('when the file is newest first then the rates are turned round', async () => {
    const file = await load(
      'time, rate\n 2020-03-13 20:00, 3\n 2020-03-13 12:00, 2\n 2020-03-13 12:00, 2\n 2020-03-13 04:00, 1',
    );
    expect(file.rates.map((r) => r.rate)).toEqual(['1', '2', '3']);
    expect(file).toMatchObject({ reversed: true, rows: 4, droppedDuplicates: 1 });
    expect(file.assumptions).toContain('funding times without a zone are read as UTC');
  });

  it('when rows are read then bytes and hash are those of the file', async () => {
    const file = await load('time, rate\n 2020-03-13, 1');
    const bytes = Buffer.from('time,rate\n2020-03-13,1\n');
    expect([file.bytes, file.sha256]).toEqual([bytes.length, createHash('sha256').update(bytes).digest('hex')]);
  });
});

describe('rows that cannot be used', () => {
  const GOOD = '2020-03-13T04:00:00Z, XBTUSD, 1e-4, 5000\n 2020-03-13T12:00:00Z, XBTUSD, 1e-4, 5000';
  test.each([
    // the third row, line 4                      column        value
    ['2020-03-13T20:00:00Z, XBTUSD,, 5000', 'fundingRate', ''],
    ['2020-03-13T20:00:00Z, XBTUSD, 0.1%, 5000', 'fundingRate', '0.1%'],
    ['2020-03-13T20:00:00Z, XBTUSD, 0x1, 5000', 'fundingRate', '0x1'],
    ['2020-03-13T20:00:00Z, XBTUSD, Infinity, 5000', 'fundingRate', 'Infinity'],
    ['2020-03-13T20:00:00Z, XBTUSD, 1e-4, 0', 'markPrice', '0'],
    ['2020-03-13T20:00:00Z, XBTUSD, 1e-4, abc', 'markPrice', 'abc'],
    ['20:00, XBTUSD, 1e-4, 5000', 'timestamp', '20:00'],
    ['2020-03-13T20:00:00Z, XBTUSD, 1e-4', 'markPrice', '3 cells'],
    ['2020-03-13T12:00:00Z, XBTUSD, 2e-4, 5000', 'timestamp', '2020-03-13T12:00:00Z'],
    ['2020-03-13T12:00:00.001Z, XBTUSD, 1e-4, 5000', 'timestamp', '2020-03-13T12:00:00.001Z'],
    ['2020-03-13T05:00:00Z, XBTUSD, 1e-4, 5000', 'timestamp', '2020-03-13T05:00:00Z'],
  ])('when the row is %s then line, column %s and value are named', async (bad, column, value) => {
    const table = `timestamp, symbol, fundingRate, markPrice\n ${GOOD}\n ${bad}\n 2020-03-14T04:00:00Z, XBTUSD, 1e-4,`;
    await expect(load(table)).rejects.toMatchObject({
      code: 'bad_row',
      exitCode: 3,
      place: { line: 4, column },
      found: value === '' ? 'an empty cell' : value,
    });
    const file = await load(table, true);
    expect(file.rates).toHaveLength(3);
    expect(file).toMatchObject({ rows: 4, badRowCount: 1, badRows: [{ line: 4, column, value }] });
  });

  it('when two rows of one time differ then both lines are named', async () => {
    const table = 'time, rate\n 2020-03-13T04:00Z, 1\n 2020-03-13T12:00Z, 1\n 2020-03-13T12:00Z, 2';
    await expect(load(table)).rejects.toMatchObject({
      message: 'this row and line 3 have one time, but differ',
      place: { line: 4 },
    });
  });

  it('when a row names another symbol then the error names both, and is not skipped', async () => {
    const table = 'time, symbol, rate\n 2020-03-13T04:00Z, ETHUSD, 1';
    for (const skip of [false, true]) {
      await expect(load(table, skip)).rejects.toMatchObject({
        code: 'symbol_mismatch',
        found: 'ETHUSD',
        expected: 'XBTUSD',
      });
    }
  });
});

// Recorded data of exchanges live beside the project and are not part of it.
const DATA = join(process.cwd(), '..', 'shared', 'data');
const isPresent = existsSync(DATA);
if (!isPresent) process.stderr.write(`real data are missing: ${DATA}; their tests are left out\n`);
const describeRecorded = isPresent ? describe : () => {};

describeRecorded('recorded funding', () => {
  test.each([
    ['bitmex_XBTUSD_funding_2016-05_2020-06.csv', 'XBTUSD', 4484, 0],
    ['binance_1000PEPEUSDT_funding_2023_2024.csv', '1000PEPEUSDT', 1124, 178],
    ['binance_BTCUSDT_funding_2022_2025.csv', 'BTCUSDT', 4377, 1785],
    ['binance_BTCUSDT_funding_supervik.csv', 'BTCUSDT', 4383, 2233],
    ['binance_LAYERUSDT_funding_2025-03_2025-06.csv', 'LAYERUSDT', 984, 452],
    ['gate_BTCUSDT_funding_supervik.csv', 'BTCUSDT', 4290, 0],
  ])('when %s is read then rows and moved stamps are those on record', async (file, symbol, rows, moved) => {
    const funding = await loadFundingRates(join(DATA, 'funding', file), { symbol, skipBadRows: false });
    expect([funding.rows, funding.rates.length, funding.movedStamps]).toEqual([rows, rows, moved]);
  });

  test('when the floor of March 2020 is read then six rates of -0.375 % stand from 04:00 on', async () => {
    const path = join(DATA, 'funding', 'bitmex_XBTUSD_funding_2016-05_2020-06.csv');
    const { rates } = await loadFundingRates(path, { symbol: 'XBTUSD', skipBadRows: false });
    expect(rates[0]).toEqual({ timeMs: Date.UTC(2016, 4, 14, 12), rate: '6.900000000000001e-4' });
    const at = rates.findIndex((rate) => rate.timeMs === Date.UTC(2020, 2, 13, 4));
    expect(rates.slice(at, at + 6).map((rate) => Number(rate.rate))).toEqual(Array(6).fill(-0.00375));
  });

  test('when every funding file of these forms is read then only the hourly interest of Deribit is refused', async () => {
    const refused: string[] = [];
    for (const file of readdirSync(join(DATA, 'funding'))) {
      const symbol = /_([A-Z0-9]+)_/.exec(file)?.[1] ?? 'BTC-PERPETUAL';
      await loadFundingRates(join(DATA, 'funding', file), { symbol, skipBadRows: false }).catch((error) => {
        refused.push(`${file} ${error.code}`);
      });
    }
    expect(refused).toEqual(['deribit_BTC-PERPETUAL_interest_hourly.csv unknown_header']);
  });
});
