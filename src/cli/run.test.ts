/**
 * `backtest run` inside the test runner, with real files and the real engine: what a run that succeeds leaves on stdout, on
 * stderr and in the run folder. How runs end otherwise is runEndings.test.ts; pipes and signals are in cli.spawn.test.ts.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from '@jest/globals';
import { BARS, cwd, DAY_MS, manifestOf, RUN, run } from './fixtures/runSituation.js';
import { FIRST_BAR_MS } from './fixtures/sampleFiles.js';

describe('a run that succeeds', () => {
  it('when nothing else is asked then three tables go to stdout, the folder has its name, and stderr says where', async () => {
    const { code, stdout, stderr } = await run(RUN);
    expect(code).toBe(0);
    for (const table of ['summary', 'stop_trades', 'balance']) expect(stdout).toContain(table);
    expect(stdout).not.toContain('reports');
    expect(stderr).toContain('run folder: reports/stops-XBTUSD-20260131T101500Z\n');
    expect(stderr).toContain('default: account main: exchange bitmex\n');
    expect(stderr).toContain('no mark candles: the last price stands in');
    expect(readdirSync(join(cwd, 'reports/stops-XBTUSD-20260131T101500Z')).sort()).toEqual([
      'balance.csv',
      'bills.csv',
      'closed_trades.csv',
      'manifest.json',
      'orders.csv',
      'positions.csv',
      'stop_trades.csv',
      'summary.json',
      'trades.csv',
    ]);
  });

  it('when one table is named in a pipe then it is CSV, the same as in the folder', async () => {
    const { stdout } = await run([...RUN, '--table', 'stop_trades', '--out', 'o1']);
    expect(stdout.split('\n').length).toBeGreaterThan(3);
    expect(stdout).toBe(readFileSync(join(cwd, 'o1/stop_trades.csv'), 'utf8'));
  });

  it('when one table is named on a terminal then it is a table of its width', async () => {
    const { stdout } = await run([...RUN, '--table', 'stop_trades', '--no-save', '--no-color'], { columns: 60 });
    expect(stdout).not.toContain('\u001b');
    const widths = stdout.split('\n').map((line) => line.length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(60);
    expect(widths.length).toBeGreaterThan(3);
  });

  it('when json is asked then stdout is JSON', async () => {
    const { stdout } = await run([...RUN, '--format', 'json', '--no-save']);
    expect(Object.keys(JSON.parse(stdout))).toEqual(['summary', 'stop_trades', 'balance']);
  });

  it('when it is run twice then the bytes of all files but the manifest are the same', async () => {
    await run([...RUN, '--out', 'twice-a']);
    await run([...RUN, '--out', 'twice-b']);
    for (const file of readdirSync(join(cwd, 'twice-a'))) {
      if (file === 'manifest.json') continue;
      expect(readFileSync(join(cwd, 'twice-a', file))).toEqual(readFileSync(join(cwd, 'twice-b', file)));
    }
  });

  test.each<[string, string[]]>([
    ['packed', ['--data', 'packed/XBTUSD.csv.gz']],
    [
      'in two files, the later one first',
      ['--data', 'halves/XBTUSD-b.csv', '--data', 'XBTUSD.bitmex=halves/XBTUSD-a.csv'],
    ],
  ])('when the same candles come %s then the result is the same', async (_how, data) => {
    const whole = await run([...RUN, '--table', 'bills', '--no-save']);
    const other = await run([
      'run',
      '--strategy',
      'stops.ts',
      ...data,
      '--funding',
      '0.0001',
      '--table',
      'bills',
      '--no-save',
    ]);
    expect(other.stdout).toBe(whole.stdout);
    expect(whole.stdout.split('\n').length).toBeGreaterThan(10);
  });

  it('when parameters are given then the strategy has them', async () => {
    const { stdout } = await run([
      ...RUN,
      '--param',
      'isLong=false',
      '--param',
      'qty=7',
      '--table',
      'trades',
      '--no-save',
    ]);
    expect(stdout.split('\n')[1]).toMatch(/,sell,open,[\d.]+,7,/);
  });

  it('when --quiet is on then stderr is empty', async () => {
    expect((await run([...RUN, '--quiet', '--no-save'])).stderr).toBe('');
  });

  it('when options come from the environment then they count', async () => {
    const env = {
      BACKTEST_STRATEGY: 'stops.ts',
      BACKTEST_DATA: 'XBTUSD.csv',
      BACKTEST_NO_SAVE: '1',
      BACKTEST_TABLE: 'summary',
    };
    expect(await run(['run'], { env })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^account,metric,value\n/),
    });
  });

  it('when a period is given then only its bars are traded, the end left out', async () => {
    const { stdout } = await run([
      ...RUN,
      '--from',
      '2020-03-03',
      '--to',
      '2020-03-05',
      '--table',
      'balance',
      '--no-save',
    ]);
    const times = stdout
      .trim()
      .split('\n')
      .slice(1)
      .map((row) => row.slice(0, 24));
    expect(times[0]).toBe('2020-03-03T00:00:00.000Z');
    expect(times.at(-1)).toBe('2020-03-05T00:00:00.000Z');
  });

  it.each(['contracts.json', 'contracts.yaml'])(
    'when the contract comes from %s then its venue and dollar balance are used',
    async (file) => {
      const argv = ['run', '--strategy', 'stops.ts', '--param', 'qty=1', '--data', 'TOYUSD.csv', '--contracts', file];
      const { code, stdout, stderr } = await run(
        [...argv, '--table', 'summary', '--no-save', '--strict'].filter((arg) => arg !== '--strict'),
      );
      expect(code).toBe(0);
      expect(stdout).toContain('main,start_equity,10000.00000000\n');
      expect(stderr).toContain('account main: exchange generic');
      expect(stderr).toContain('max_leverage 100, 1 / initial_margin');
    },
  );
});

describe('--verify', () => {
  it('when both engines agree then one line says in how many rows, and the exit code is 0', async () => {
    const { code, stdout, stderr } = await run([...RUN, '--verify', '--table', 'bills', '--no-save']);
    expect(code).toBe(0);
    expect(stderr.match(/^--verify: .*$/m)?.[0]).toMatch(/^--verify: the reference engine agrees in \d+ rows$/);
    expect(stdout).not.toContain('verify');
  });

  it('when the strategy draws, asks for the time and counts in its module then the second run is given the same', async () => {
    const argv = ['run', '--strategy', 'chance.ts', '--data', 'XBTUSD.csv', '--funding', '0.0001', '--seed', '7'];
    const { code, stdout, stderr } = await run([...argv, '--verify', '--table', 'trades', '--no-save']);
    expect({ code, hasTraded: stdout.split('\n').length > 10 }).toEqual({ code: 0, hasTraded: true });
    expect(stderr).toContain('--verify: the reference engine agrees in');
  });

  it('when it is not given then nothing is said of it', async () => {
    expect((await run([...RUN, '--no-save'])).stderr).not.toContain('verify');
  });
});

describe('the manifest', () => {
  it('when a run is saved then it says what was read, asked for and assumed', async () => {
    await run([...RUN.slice(0, 5), '--mark', 'mark.csv', '--funding', 'funding.csv', '--leverage', '5', '--out', 'm1']);
    const manifest = manifestOf('m1');
    expect(manifest).toMatchObject({
      command: 'run',
      partial: false,
      strategy: { name: 'stops', file: 'stops.ts', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      params: { qty: 1000, loss: 0.02, isLong: true, note: 'x' },
      bars: BARS,
    });
    expect(manifest['data']).toEqual([
      expect.objectContaining({ role: 'bars', rows: BARS, dialect: 'plain', gaps: 0, missing_marks: 0 }),
      expect.objectContaining({ role: 'mark', rows: BARS }),
      expect.objectContaining({ role: 'funding', rows: 2 }),
    ]);
    expect(manifest['options']).toMatchObject({
      leverage: '5',
      balance: null,
      strict: false,
      accounts: [
        {
          name: 'main',
          exchange: 'bitmex',
          balance: '1.00000000',
          currency: 'XBT',
          mode: 'cross',
          leverage: '5',
          taker_fee: '0.00075',
          maker_fee: '-0.00025',
        },
      ],
    });
    expect(manifest['assumptions']).toEqual(
      expect.arrayContaining(['account main: balance 1 XBT', 'the path inside a bar is adverse', 'no slippage']),
    );
  });
});

describe('accounts of a run', () => {
  it('when two are given then both are in the tables, in order', async () => {
    const accounts = ['--account', 'b:balance=2', '--account', 'a:exchange=bitmex_2020,leverage=3'];
    const { stdout } = await run([...RUN, ...accounts, '--table', 'summary', '--no-save']);
    const names = stdout
      .split('\n')
      .slice(1)
      .map((row) => row.split(',')[0]);
    expect([...new Set(names)].filter(Boolean)).toEqual(['b', 'a', 'total']);
    expect(stdout).toContain('b,start_equity,2.00000000\n');
  });
});

// The balance rows at midnight and the first and last row are what a reader of the default table counts on.
describe('the balance table', () => {
  it('when rows are asked for once a day then they stand at midnight, between the first and the last', async () => {
    const { stdout } = await run([
      'run',
      '--strategy',
      'idle.ts',
      '--data',
      'XBTUSD.csv',
      '--table',
      'balance',
      '--no-save',
      '--balance-every',
      '1d',
    ]);
    const times = stdout
      .trim()
      .split('\n')
      .slice(1)
      .map((row) => Date.parse(row.slice(0, 24)));
    expect(times[0]).toBe(FIRST_BAR_MS);
    expect(times.at(-1)).toBe(FIRST_BAR_MS + BARS * 3_600_000);
    for (const time of times) expect(time % DAY_MS).toBe(0);
  });
});
