/**
 * Every recorded file of candles and marks, and every recorded dialect, read without options: dialect, interval, rows, gaps, first and
 * last bar, against a table that was worked out from the files by other means (fixtures/recordedCandles.txt, one file a line:
 * `file|dialect|interval|rows|bars|gaps|missing|first bar|last bar`).
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from '@jest/globals';
import { parseFileName } from './fileNames.js';
import { loadFundingRates } from './fundingRates.js';
import { formatInterval } from './intervals.js';
import { openBarSeries } from './openSeries.js';
import { formatTime } from './timestamps.js';

const HERE = dirname(fileURLToPath(import.meta.url));
const DATA = resolve(HERE, '../../../shared/data');
const TABLE = readFileSync(join(HERE, 'fixtures/recordedCandles.txt'), 'utf8').trim().split('\n');
/** Files that are refused, and why. */
const REFUSED: Readonly<Record<string, object>> = {
  'candles/bitmex_XBTUSD_1m_2015-09-25_launch_nulls.csv': { code: 'bad_row', place: { line: 2, column: 'open' } },
  'candles/multi_exchange_bitcoin_8h_2023-01_2024-06_with_funding.csv': {
    code: 'several_series',
    place: { line: 3, column: 'contract' },
  },
  'dialects/quantconnect_lean_margin_interest_btcusd.csv': { code: 'unknown_header', place: { line: 1 } },
};

const isPresent = existsSync(DATA);
const withFiles = isPresent ? describe : leaveOut;

/** Says once that the files are not here, and leaves a test that says the same. */
function leaveOut(name: string, _body: () => void): void {
  process.stderr.write(`left out, no recorded files at ${DATA}: ${name}\n`);
  it(`${name}: left out, no recorded files here`, () => expect(existsSync(DATA)).toBe(false));
}

/** Symbol that the rows name, where they do; any other will do elsewhere. */
function symbolOf(file: string): string {
  if (file.includes('bitmex')) return 'XBTUSD';
  return file.startsWith('dialects/') ? 'BTCUSD' : (parseFileName(file).symbol ?? 'BTCUSD');
}

/** What a file is read as, in the form of the table. */
async function lineOf(file: string): Promise<string> {
  const series = await openBarSeries({
    symbol: symbolOf(file),
    paths: [join(DATA, file)],
    skipBadRows: false,
    strict: false,
  });
  let first = '';
  let last = '';
  for await (const { openTimeMs, open, high, low, close, volume, length } of series.chunks) {
    const bar = (i: number): string => {
      const numbers = [open, high, low, close, volume].map((column) => column[i]!);
      return [formatTime(openTimeMs[i]!).slice(0, 16), ...numbers].join(' ');
    };
    if (first === '') first = bar(0);
    last = bar(length - 1);
  }
  const { rows, bars, gaps, missingBars } = series.stats;
  return [file, series.dialect, formatInterval(series.intervalMs), rows, bars, gaps, missingBars, first, last].join(
    '|',
  );
}

withFiles('recorded candles', () => {
  test.each(TABLE.map((line) => [line.split('|')[0]!, line]))(
    'when %s is read then it is as recorded',
    async (file, line) => {
      expect(await lineOf(file)).toBe(line);
    },
  );

  test.each(Object.keys(REFUSED))('when %s is read then the reason and the place are named', async (file) => {
    await expect(lineOf(file)).rejects.toMatchObject({ exitCode: 3, ...REFUSED[file] });
  });

  it('when the folders are listed then no file is missing from the table', () => {
    const listed = ['candles', 'mark', 'dialects'].flatMap((folder) =>
      readdirSync(join(DATA, folder)).map((name) => `${folder}/${name}`),
    );
    const known = [...TABLE.map((line) => line.split('|')[0]!), ...Object.keys(REFUSED)];
    expect(listed.toSorted()).toEqual(known.toSorted());
  });

  it('when the funding of QuantConnect is read then times and rates are those of its lines', async () => {
    const path = join(DATA, 'dialects/quantconnect_lean_margin_interest_btcusd.csv');
    const { rates } = await loadFundingRates(path, { symbol: 'BTCUSD', skipBadRows: false });
    expect(rates).toHaveLength(12);
    expect(rates[0]).toEqual({ timeMs: Date.UTC(2020, 11, 29), rate: '0.00020030' });
    expect(rates.at(-1)).toEqual({ timeMs: Date.UTC(2022, 11, 13, 16), rate: '-0.00002983' });
  });
});
