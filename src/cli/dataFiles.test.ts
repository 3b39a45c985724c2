/**
 * `backtest data check` and `backtest data convert` on whole command lines: what is said of a file, when it is usable, and that a
 * converted file is for a run what the original was.
 */

import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { candles, FIRST_BAR_MS, STOPS_OUT, writeFiles } from './fixtures/sampleFiles.js';
import { type Ran, runCli, type TestProcess } from './fixtures/testProcess.js';

const BARS = 300;
const HEADER = 'timestamp,open,high,low,close,volume';
const cwd = realpathSync(mkdtempSync(join(tmpdir(), 'data-test-')));

/** Minutes: [hh:mm, open, high, low, close, volume]. */
function minutes(...rows: readonly string[]): string {
  return [HEADER, ...rows.map((row) => `2020-03-01T${row.slice(0, 5)}:00.000Z${row.slice(5)}`), ''].join('\n');
}

beforeAll(() => {
  const rows = candles(BARS).trim().split('\n');
  writeFiles(cwd, {
    'XBTUSD.csv': candles(BARS),
    'XBTUSD-gap.csv': [...rows.slice(0, 50), ...rows.slice(53)].join('\n'),
    'XBTUSD-twice.csv': [...rows.slice(0, 50), rows[49], ...rows.slice(50)].join('\n'),
    'XBTUSD-bad.csv': rows.with(10, rows[10]!.replace(/,[^,]*,/, ',oops,')).join('\n'),
    'XBTUSD-hopeless.csv': [rows[0], 'x,1,1,1,1,1', 'y,1,1,1,1,1'].join('\n'),
    'XBTUSD-newest.csv.gz': gzipSync([rows[0], ...rows.slice(1).reverse()].join('\n')),
    'candles.csv': candles(20),
    'named.csv': `${HEADER},symbol\n2020-03-01T00:00:00Z,1,1,1,1,1,ETHUSD\n2020-03-01T01:00:00Z,1,1,1,1,1,ETHUSD\n`,
    'odd.csv': 'what,is,this\n1,2,3\n',
    'XBTUSD-1m.csv': minutes(
      '00:03,1,4,1,2,0.1',
      '00:04,2,3,2,3,0.2',
      '00:05,3,9,3,8,1',
      '00:06,8,8,2,5,1',
      '00:11,5,6,0.00000001,6,1000000000000',
      '00:14,6,7,5,7,0',
      '00:15,7,7,7,7,1',
    ),
    'stops.ts': STOPS_OUT,
  });
});
afterAll(() => rmSync(cwd, { recursive: true }));

function data(argv: readonly string[], settings: TestProcess = {}): Promise<Ran> {
  return runCli(['data', ...argv], { cwd, ...settings });
}

/** The figures of a file by name. */
async function figuresOf(...argv: readonly string[]): Promise<Record<string, string>> {
  const { stdout } = await data(['check', ...argv, '--table', 'file']);
  return Object.fromEntries(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.split(',')),
  );
}

describe('data check', () => {
  test.each<[string, Record<string, string>]>([
    ['XBTUSD.csv', { rows: '300', bars: '300', gaps: '0', bad_rows: '0', interval: '1h', order: 'oldest first' }],
    ['XBTUSD-gap.csv', { rows: '297', bars: '297', gaps: '1', missing_bars: '3' }],
    ['XBTUSD-twice.csv', { rows: '301', bars: '300', dropped_duplicates: '1' }],
    ['XBTUSD-newest.csv.gz', { bars: '300', order: 'newest first', first_open: '2020-03-01T00:00:00.000Z' }],
    ['candles.csv', { bars: '20', symbol: 'candles', format: 'plain', bar_time: 'open' }],
    ['ETHUSD=named.csv', { bars: '2', symbol: 'ETHUSD' }],
  ])('when %s is usable then the exit code is 0 and the figures are these', async (file, expected) => {
    expect(await data(['check', file])).toMatchObject({ code: 0 });
    expect(await figuresOf(file)).toMatchObject(expected);
  });

  it('when bars are missing then each gap is a row with the line before it', async () => {
    const { stdout } = await data(['check', 'XBTUSD-gap.csv', '--table', 'gaps']);
    expect(stdout).toBe('after_line,from,to,missing_bars\n50,2020-03-03T01:00:00.000Z,2020-03-03T04:00:00.000Z,3\n');
  });

  it('when a row cannot be used then it is named with its line, and the exit code is 3 unless such rows are skipped', async () => {
    const strict = await data(['check', 'XBTUSD-bad.csv', '--table', 'bad_rows']);
    expect(strict.code).toBe(3);
    expect(strict.stdout).toMatch(/^line,column,found,why\n11,open,oops,/);
    expect(strict.stderr).toMatch(/not usable as it is: 1 bad row[\s\S]*XBTUSD-bad\.csv:11, column open/);
    const skipping = await data(['check', 'XBTUSD-bad.csv', '--table', 'bad_rows', '--skip-bad-rows']);
    expect(skipping).toMatchObject({ code: 0, stdout: strict.stdout });
  });

  it('when no row can be used then the first ones are named all the same', async () => {
    const { code, stdout, stderr } = await data(['check', 'XBTUSD-hopeless.csv']);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain('XBTUSD-hopeless.csv');
  });

  test.each<[string[], number, string]>([
    [['check', 'nowhere.csv'], 3, 'there is no such file'],
    [['check', 'odd.csv'], 3, 'odd.csv'],
    [['check', 'named.csv'], 3, 'write'],
    [['check', 'XBTUSD='], 2, 'names no file'],
    [['check'], 2, 'see backtest data check --help'],
    [['check', 'XBTUSD.csv', '--format', 'csv'], 2, 'exactly one --table'],
    [['check', 'XBTUSD.csv', '--bar-time', 'noon'], 2, 'bar-time'],
    [['chek', 'XBTUSD.csv'], 2, 'did you mean check?'],
  ])('when it is %j then the exit code is %d and the error says what to do', async (argv, code, text) => {
    const ran = await data(argv);
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code, stdout: '' });
    if (text !== 'write') expect(ran.stderr).toContain(text);
    else expect(ran.stderr).toMatch(/the rows are of ETHUSD[\s\S]*SYMBOL=FILE/);
  });

  it('when JSON is asked then it is one object of tables', async () => {
    const { stdout } = await data(['check', 'XBTUSD-gap.csv', '--format', 'json']);
    const tables = JSON.parse(stdout);
    expect(Object.keys(tables)).toEqual(['file', 'gaps', 'bad_rows']);
    expect(tables.gaps).toMatchObject([{ after_line: 50, missing_bars: 3 }]);
  });

  it('when the times name the close then the bars open one interval before', async () => {
    const { first_open } = await figuresOf('XBTUSD.csv', '--bar-time', 'close');
    expect(first_open).toBe(new Date(FIRST_BAR_MS - 3_600_000).toISOString());
  });
});

describe('data convert', () => {
  it('when bars are made longer then each is of its stretch of time, and the one that has not ended is left out', async () => {
    const { code, stdout, stderr } = await data(['convert', 'XBTUSD-1m.csv', '-', '--timeframe', '5m']);
    expect(code).toBe(0);
    expect(stdout).toBe(minutes('00:00,1,4,1,3,0.3', '00:05,3,9,2,5,2', '00:10,5,7,0.00000001,7,1000000000000'));
    expect(stderr).toContain('3 bars of 5m');
  });

  it('when nothing is changed then the numbers are those of the file, and what is written can be read again', async () => {
    expect(await data(['convert', 'XBTUSD-1m.csv', 'same-XBTUSD.csv'])).toMatchObject({ code: 0, stdout: '' });
    expect(readFileSync(join(cwd, 'same-XBTUSD.csv'), 'utf8')).toBe(readFileSync(join(cwd, 'XBTUSD-1m.csv'), 'utf8'));
  });

  it('when a file is turned round and unpacked then a run over it is that over the original', async () => {
    expect((await data(['convert', 'XBTUSD-newest.csv.gz', 'turned-XBTUSD.csv'])).code).toBe(0);
    const bills = ['--strategy', 'stops.ts', '--funding', '0', '--table', 'bills', '--no-save', '--quiet'];
    const run = (file: string): Promise<Ran> => runCli(['run', '--data', file, ...bills], { cwd });
    const converted = await run('turned-XBTUSD.csv');
    expect(converted.stdout.split('\n').length).toBeGreaterThan(5);
    expect(converted).toEqual(await run('XBTUSD-newest.csv.gz'));
  });

  it('when OUT is there then it stays as it is, unless --force says otherwise', async () => {
    await data(['convert', 'candles.csv', 'there.csv']);
    const before = readFileSync(join(cwd, 'there.csv'));
    const { code, stderr } = await data(['convert', 'XBTUSD.csv', 'there.csv']);
    expect({ code, stderr }).toEqual({ code: 5, stderr: expect.stringContaining('--force') });
    expect(readFileSync(join(cwd, 'there.csv'))).toEqual(before);
    expect((await data(['convert', 'XBTUSD.csv', 'there.csv', '--force'])).code).toBe(0);
    expect(readFileSync(join(cwd, 'there.csv')).length).toBeGreaterThan(before.length);
  });

  it('when a row cannot be used then nothing is left, unless such rows are skipped', async () => {
    const { code, stderr } = await data(['convert', 'XBTUSD-bad.csv', 'clean.csv']);
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('XBTUSD-bad.csv:11') });
    expect(readdirSync(cwd).filter((name) => name.startsWith('clean'))).toEqual([]);
    expect((await data(['convert', 'XBTUSD-bad.csv', 'clean.csv', '--skip-bad-rows'])).code).toBe(0);
    expect((await figuresOf('clean.csv'))['bars']).toBe(String(BARS - 1));
  });

  test.each<[string[], number, string]>([
    [['XBTUSD.csv', 'x.parquet'], 2, 'a name that ends in .csv'],
    [['XBTUSD.csv', 'x.csv.gz'], 2, 'a name that ends in .csv'],
    [['XBTUSD.csv', 'x.csv', '--timeframe', '30m'], 2, 'is shorter than the candles'],
    [['XBTUSD.csv', 'x.csv', '--timeframe', '7h'], 2, '--timeframe'],
    [['XBTUSD.csv', 'nowhere/x.csv'], 5, 'nowhere'],
    [['XBTUSD.csv'], 2, 'see backtest data convert --help'],
  ])('when it is %j then the exit code is %d, and nothing is written', async (argv, code, text) => {
    const ran = await data(['convert', ...argv]);
    expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code, stderr: expect.stringContaining(text) });
    expect(existsSync(join(cwd, 'x.csv'))).toBe(false);
  });
});

const CANDLES = resolve(dirname(fileURLToPath(import.meta.url)), '../../../shared/data/candles');
const FILES = [
  'binance_BTCUSDT_1h_2024-10_2025-02_with_gap.csv',
  'bitmex_XBTUSD_1m_2016-05.csv.gz',
  'okx_BTCUSDT_30m_2026-05_2026-06.csv',
];
/** Leaves a test that says why the others are not there. */
function leftOut(name: string, _body: () => void): void {
  it(`${name}: left out, no market data here`, () => expect(isThere).toBe(false));
}
const isThere = FILES.every((name) => existsSync(join(CANDLES, name)));
if (!isThere) process.stderr.write(`left out, no market data at ${CANDLES}: files of exchanges\n`);

const whereThere = isThere ? describe : leftOut;
whereThere('files of exchanges', () => {
  test.each(FILES)('when %s is converted then every figure but its form is the same', async (name) => {
    const out = `${name.split('.')[0]}-converted.csv`;
    expect(await data(['convert', join(CANDLES, name), out, '--quiet'])).toMatchObject({ code: 0, stderr: '' });
    const [before, after] = [await figuresOf(join(CANDLES, name)), await figuresOf(out)];
    const same = ['symbol', 'interval', 'bars', 'first_open', 'last_close', 'gaps', 'missing_bars', 'zero_volume_bars'];
    for (const figure of same) expect([figure, after[figure]]).toEqual([figure, before[figure]]);
    expect(Number(after['bars'])).toBeGreaterThan(1000);
    expect(after).toMatchObject({ format: 'plain', bar_time: 'open', bad_rows: '0', dropped_duplicates: '0' });
  });
});
