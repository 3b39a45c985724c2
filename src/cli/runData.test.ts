/** The files of a run, opened: one series a symbol, of one interval, with its marks and funding, and what is told of them. */

import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openCandles } from './candleFiles.js';
import { type DataRequest, parseDataRequest } from './dataOptions.js';
import { candles, FIRST_BAR_MS, writeFiles } from './fixtures/sampleFiles.js';
import { createGivenOptions } from './givenOptions.js';
import { openRunData, type RunData } from './runData.js';
import { RUN_OPTIONS } from './runOptionTable.js';

const cwd = realpathSync(mkdtempSync(join(tmpdir(), 'run-data-')));
const HOUR_MS = 3_600_000;

beforeAll(() => {
  const rows = candles(20).trim().split('\n');
  writeFiles(cwd, {
    'XBTUSD.csv': candles(20),
    'ETHUSD.csv': candles(10, FIRST_BAR_MS + 5 * HOUR_MS),
    'gap/ETHUSD.csv': rows.toSpliced(4, 3).join('\n'),
    'newest/ETHUSD.csv': [rows[0], ...rows.slice(1).reverse()].join('\n'),
    'minutes/ETHUSD.csv': candles(10, FIRST_BAR_MS, 60_000),
    'ETHUSD-mark.csv': candles(8, FIRST_BAR_MS + 5 * HOUR_MS),
    'funding.csv': 'timestamp,fundingRate\n2020-03-01T04:00:30Z,0.0001\n',
  });
});
afterAll(() => rmSync(cwd, { recursive: true }));

function request(flags: Record<string, string[]>): DataRequest {
  return parseDataRequest(createGivenOptions(RUN_OPTIONS, new Map(Object.entries(flags)), {}), cwd);
}

async function open(flags: Record<string, string[]>): Promise<RunData> {
  const own = request(flags);
  return await openRunData(own, await openCandles(own), () => []);
}

/** Reads all bars and returns how many each symbol has. */
async function readAll(data: RunData): Promise<number[]> {
  const counts: number[] = [];
  for (const { bars } of data.symbols) {
    let count = 0;
    for await (const chunk of bars.chunks) count += chunk.length;
    counts.push(count);
  }
  return counts;
}

describe('several symbols', () => {
  it('when each has its files then each has its bars, marks and funding', async () => {
    const mark = ['ETHUSD-mark.csv'];
    const data = await open({ data: ['XBTUSD.csv', 'ETHUSD.csv'], mark, funding: ['XBTUSD=funding.csv', '-0.0002'] });
    expect(data.symbols.map(({ symbol, hasMark, funding }) => [symbol, hasMark, funding.kind])).toEqual([
      ['XBTUSD', false, 'rates'],
      ['ETHUSD', true, 'constant'],
    ]);
    expect(await readAll(data)).toEqual([20, 10]);
    expect((await data.finish()).map(({ symbol, role, rows }) => [symbol, role, rows])).toEqual([
      ['XBTUSD', 'bars', 20],
      ['XBTUSD', 'funding', 1],
      ['ETHUSD', 'bars', 10],
      ['ETHUSD', 'mark', 8],
    ]);
  });

  it('when a sentence holds for all then it is said once, else with the symbol', async () => {
    const data = await open({ data: ['XBTUSD.csv', 'ETHUSD.csv'], mark: ['ETHUSD-mark.csv'], funding: ['0.0001'] });
    await readAll(data);
    const texts = data.assumptions();
    expect(texts).toContain('XBTUSD: no mark candles: the last price stands in for the mark');
    expect(texts).toContain('funding is 0.0001 at every funding time of the contract');
    expect(texts.filter((text) => text.startsWith('times name the bar'))).toHaveLength(1);
  });

  it('when something is wrong with one then the warning names it', async () => {
    const data = await open({ data: ['XBTUSD.csv', 'gap/ETHUSD.csv'] });
    await readAll(data);
    expect(data.warnings().map(({ message }) => message)).toEqual([
      expect.stringMatching(/^ETHUSD: the candles have 1 gap of 3 bars/),
    ]);
  });

  it('when there is only one symbol then nothing names it', async () => {
    const data = await open({ data: ['gap/ETHUSD.csv'] });
    await readAll(data);
    expect(data.warnings()[0]?.message).toMatch(/^the candles have 1 gap/);
  });

  it('when the intervals differ then it is an error of the data', async () => {
    await expect(openCandles(request({ data: ['XBTUSD.csv', 'minutes/ETHUSD.csv'] }))).rejects.toMatchObject({
      code: 'interval_mismatch',
      exitCode: 3,
      found: '1m',
      expected: expect.stringMatching(/^1h/),
    });
  });
});

describe('the first bar, by which contracts are chosen', () => {
  it('when symbols begin at different times then it is the earliest', async () => {
    const opened = await openCandles(request({ data: ['ETHUSD.csv', 'XBTUSD.csv'] }));
    expect(opened.firstOpenMs).toBe(FIRST_BAR_MS);
    await opened.close();
  });

  it('when the times name the close then it is a bar earlier', async () => {
    const opened = await openCandles(request({ data: ['XBTUSD.csv'], 'bar-time': ['close'] }));
    expect(opened.firstOpenMs).toBe(FIRST_BAR_MS - HOUR_MS);
    await opened.close();
  });

  it('when --from is given then it is that', async () => {
    const opened = await openCandles(request({ data: ['XBTUSD.csv'], from: ['2020-03-01T10:00:00Z'] }));
    expect(opened.firstOpenMs).toBe(FIRST_BAR_MS + 10 * HOUR_MS);
    await opened.close();
  });
});
