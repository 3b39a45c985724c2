/**
 * The sample data: that the generator writes the very bytes that are in the folder, and that they hold what their README says.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { parseFileName } from '../market/fileNames.js';

const DATA = resolve(dirname(fileURLToPath(import.meta.url)), '../../data');
const FILES = ['XBTUSD.csv', 'XBTUSD-mark.csv', 'XBTUSD-funding.csv'] as const;
const COIN_FILES = ['BTCUSDT.csv', 'ETHUSDT.csv', 'SOLUSDT.csv', 'BTCUSDT-spot.csv'] as const;
const ALL_FILES = [...FILES, ...COIN_FILES, 'BTCUSDT-funding.csv'] as const;
const MINUTE_MS = 60_000;

interface Candle {
  timeMs: number;
  open: number;
  high: number;
  low: number;
  close: number;
}

function rowsOf(name: string): string[][] {
  const lines = readFileSync(join(DATA, name), 'utf8').trimEnd().split('\n');
  return lines.slice(1).map((line) => line.split(','));
}

function candlesOf(name: string): Candle[] {
  return rowsOf(name).map((row) => {
    const [open, high, low, close] = row.slice(1, 5).map(Number) as [number, number, number, number];
    return { timeMs: Date.parse(row[0]!), open, high, low, close };
  });
}

describe('the generator', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sample-data-'));
    execFileSync(process.execPath, [join(DATA, 'generate.mjs'), folder]);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(ALL_FILES)('when it runs again then %s is the same byte for byte', (name) => {
    expect(readFileSync(join(folder, name)).equals(readFileSync(join(DATA, name)))).toBe(true);
  });
});

describe('the sample data', () => {
  it('when all files are weighed then they stay under 3.1 MB', () => {
    const bytes = ALL_FILES.reduce((sum, name) => sum + statSync(join(DATA, name)).size, 0);
    expect(bytes).toBeLessThan(3_100_000);
  });

  it('when the folder is listed then the README names every file of it', () => {
    const readme = readFileSync(join(DATA, 'README.md'), 'utf8');
    const unnamed = readdirSync(DATA).filter((name) => name !== 'README.md' && !readme.includes(name));
    expect(unnamed).toEqual([]);
  });

  test.each(FILES)('when %s is given without a symbol then its name says XBTUSD', (name) => {
    expect(parseFileName(join('data', name)).symbol).toBe('XBTUSD');
  });

  test.each(['XBTUSD.csv', 'XBTUSD-mark.csv'])(
    'when %s is read then it is whole, on the tick and in bounds',
    (name) => {
      const candles = candlesOf(name);
      expect(candles).toHaveLength(21 * 1440);
      for (const [i, { timeMs, open, high, low, close }] of candles.entries()) {
        if (timeMs !== Date.UTC(2020, 5, 1) + i * MINUTE_MS) throw new Error(`bar ${i} is at ${timeMs}`);
        const isInBounds = low > 0 && low <= Math.min(open, close) && high >= Math.max(open, close);
        const isOnTick = [open, high, low, close].every((price) => Number.isInteger(price * 2));
        if (!isInBounds || !isOnTick) throw new Error(`bar ${i} is wrong: ${open} ${high} ${low} ${close}`);
      }
    },
  );

  test.each(COIN_FILES)('when %s is read then it has every hour of three weeks, in cents and in bounds', (name) => {
    const candles = candlesOf(name);
    expect(candles).toHaveLength(21 * 24);
    for (const [i, { timeMs, open, high, low, close }] of candles.entries()) {
      if (timeMs !== Date.UTC(2020, 5, 1, i)) throw new Error(`bar ${i} is at ${timeMs}`);
      const isInBounds = low > 0 && low <= Math.min(open, close) && high >= Math.max(open, close);
      const isInCents = rowsOf(name)
        [i]!.slice(1, 5)
        .every((text) => /^\d+(\.\d{1,2})?$/.test(text));
      if (!isInBounds || !isInCents) throw new Error(`bar ${i} is wrong: ${open} ${high} ${low} ${close}`);
    }
  });

  it('when the spot pair is laid beside its contract then it stays within 0.3 % of it', () => {
    const spot = candlesOf('BTCUSDT-spot.csv');
    const apart = candlesOf('BTCUSDT.csv').map(({ close }, i) => Math.abs(spot[i]!.close / close - 1));
    expect(Math.max(...apart)).toBeGreaterThan(0);
    expect(Math.max(...apart)).toBeLessThan(0.003);
  });

  it('when the coins pay funding then longs pay it for two weeks, and shorts for three days', () => {
    const rates = rowsOf('BTCUSDT-funding.csv').map(([stamp, rate]) => ({ stamp: stamp!, rate: Number(rate) }));
    expect(rates).toHaveLength(63);
    expect(rates.every(({ stamp }) => /T(00|08|16):00:00Z$/.test(stamp))).toBe(true);
    const paidByShorts = rates.filter(({ rate }) => rate < 0).map(({ stamp }) => stamp.slice(0, 10));
    expect([...new Set(paidByShorts)]).toEqual(['2020-06-15', '2020-06-16', '2020-06-17']);
  });

  it('when the crash comes then it takes a third within hours, and the mark less of the wick', () => {
    const crash = (candle: Candle) =>
      candle.timeMs >= Date.UTC(2020, 5, 17, 10) && candle.timeMs < Date.UTC(2020, 5, 17, 13, 30);
    const last = candlesOf('XBTUSD.csv').filter(crash);
    const mark = candlesOf('XBTUSD-mark.csv').filter(crash);
    expect(Math.max(...last.map((candle) => candle.high))).toBe(9724);
    expect(Math.min(...last.map((candle) => candle.low))).toBe(6263);
    expect(Math.min(...mark.map((candle) => candle.low))).toBe(6717.5);
  });

  it('when funding is read then it falls at 04, 12 and 20 hours, down to the limit after the crash', () => {
    const rows = rowsOf('XBTUSD-funding.csv');
    expect(rows).toHaveLength(63);
    for (const [stamp, rate] of rows) {
      expect(stamp).toMatch(/T(04|12|20):00:00Z$/);
      expect(rate).toMatch(/^-?0\.\d{6}$/);
      expect(Math.abs(Number(rate))).toBeLessThanOrEqual(0.00375);
    }
    expect(rows.find(([stamp]) => stamp === '2020-06-17T20:00:00Z')).toEqual(['2020-06-17T20:00:00Z', '-0.003750']);
  });
});
