/**
 * `backtest run` inside the test runner, with real files and the real engine: what reaches stdout, stderr and the run folder,
 * and the exit code of each way a run can end. Pipes, signals and closed streams are in cli.spawn.test.ts.
 */

import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { candles, FIRST_BAR_MS, IDLE, STOPS_OUT, writeFiles } from './fixtures/sampleFiles.js';
import { type Ran, runCli, type TestProcess } from './fixtures/testProcess.js';

const DAY_MS = 86_400_000;
const BARS = 240;
const ENTRY = {
  type: 'linear',
  multiplier: '1',
  quote_currency: 'USDT',
  settle_currency: 'USDT',
  initial_margin: 0.01,
  maintenance_margin: 0.005,
  min_qty: 1,
  tick_size: 0.5,
  taker_fee: 0.0005,
  maker_fee: 0.0002,
};

let cwd = '';

beforeAll(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'run-test-')));
  const rows = candles(BARS).trim().split('\n');
  const withGap = [...rows.slice(0, 50), ...rows.slice(53)].join('\n');
  const withBadRow = rows.with(10, rows[10]!.replace(/,[^,]*,/, ',oops,')).join('\n');
  writeFiles(cwd, {
    'XBTUSD.csv': candles(BARS),
    'packed/XBTUSD.csv.gz': gzipSync(candles(BARS)),
    'halves/XBTUSD-a.csv': [rows[0], ...rows.slice(1, 100)].join('\n'),
    'halves/XBTUSD-b.csv': [rows[0], ...rows.slice(100)].join('\n'),
    'gap/XBTUSD.csv': withGap,
    'bad/XBTUSD.csv': withBadRow,
    'ETHUSD.csv': candles(BARS),
    'mark.csv': candles(BARS),
    'short-mark.csv': candles(BARS - 5),
    'funding.csv': 'timestamp,fundingRate\n2020-03-01T04:00:00Z,0.0001\n2020-03-01T12:00:00Z,-0.0002\n',
    'stops.ts': STOPS_OUT,
    'idle.ts': IDLE,
    'throws.ts': "\nexport default {\n  handleData() {\n    throw new Error('on purpose');\n  },\n};\n",
    'contracts.json': JSON.stringify({ generic: { ETHUSD: ENTRY } }),
    'contracts.yaml': `generic:\n${Object.entries(ENTRY).reduce((text, [k, v]) => `${text}    ${k}: ${v}\n`, '  ETHUSD:\n')}`,
    'broken.json': '{\n  "generic": {,}\n}',
    'broken.yaml': 'generic:\n  a: [1\nb: 2\n',
    'full/notes.txt': 'mine',
    'a-file': '',
  });
});
afterAll(() => rmSync(cwd, { recursive: true }));

const RUN = ['run', '--strategy', 'stops.ts', '--data', 'XBTUSD.csv', '--funding', '0.0001'];

function run(argv: readonly string[], settings: TestProcess = {}): Promise<Ran> {
  return runCli(argv, { cwd, ...settings });
}

function manifestOf(folder: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(cwd, folder, 'manifest.json'), 'utf8'));
}

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
      const argv = ['run', '--strategy', 'stops.ts', '--param', 'qty=1', '--data', 'ETHUSD.csv', '--contracts', file];
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

describe('exit codes', () => {
  const base = ['run', '--strategy', 'idle.ts', '--data', 'XBTUSD.csv', '--no-save', '--quiet'];
  const trading = ['run', '--strategy', 'stops.ts', '--data', 'XBTUSD.csv', '--no-save', '--quiet'];

  test.each<[string, number, string[], RegExp]>([
    ['all is well', 0, base, /^$/],
    [
      'the strategy is missing',
      1,
      ['run', '--strategy', 'no.ts', '--data', 'XBTUSD.csv'],
      /cannot be read\n {2}at: +no\.ts/,
    ],
    ['the strategy throws', 1, ['run', '--strategy', 'throws.ts', '--data', 'XBTUSD.csv'], /on purpose/],
    ['no strategy is given', 2, ['run', '--data', 'XBTUSD.csv'], /--strategy is required/],
    ['no data are given', 2, ['run', '--strategy', 'idle.ts'], /--data is required/],
    [
      'the symbol is unknown',
      2,
      ['run', '--strategy', 'idle.ts', '--data', 'ETHUSD.csv'],
      /no venue lists ETHUSD[\s\S]*"ETHUSD": \{/,
    ],
    ['the file name has no symbol', 2, ['run', '--strategy', 'idle.ts', '--data', 'a-file'], /gives no symbol/],
    ['there are two symbols', 2, [...base, '--data', 'ETHUSD.csv'], /one symbol at a time/],
    ['the mark is of another symbol', 2, [...base, '--mark', 'ETHUSD=mark.csv'], /is of ETHUSD/],
    ['a parameter is unknown', 2, [...trading, '--param', 'qtty=1'], /no parameter qtty[\s\S]*did you mean qty\?/],
    ['the balance is too fine', 2, [...base, '--balance', '0.000000001'], /finer than XBT/],
    ['csv is of several tables', 2, [...base, '--format', 'csv'], /csv on stdout is one table/],
    [
      'csv is of two tables',
      2,
      [...base, '--format', 'csv', '--table', 'bills', '--table', 'orders'],
      /csv on stdout is one table/,
    ],
    ['a table is unknown', 2, [...base, '--table', 'order'], /--table is not known[\s\S]*did you mean orders\?/],
    ['a metric is unknown', 2, [...base, '--assert', 'sharpe>1'], /names no metric: sharpe/],
    ['the period is empty', 2, [...base, '--from', '2020-03-02', '--to', '2020-03-02'], /is not after/],
    ['a time is none', 2, [...base, '--from', 'yesterday'], /--from is not an ISO date/],
    ['a contract file is broken JSON', 2, [...base, '--contracts', 'broken.json'], /broken\.json/],
    ['a contract file is broken YAML', 2, [...base, '--contracts', 'broken.yaml'], /broken\.yaml:\d/],
    ['a contract file is missing', 2, [...base, '--contracts', 'no.json'], /no\.json/],
    [
      'the data are missing',
      3,
      ['run', '--strategy', 'idle.ts', '--data', 'XBTUSD=no.csv'],
      /no such file[\s\S]*no\.csv/,
    ],
    ['the mark is missing', 3, [...base, '--mark', 'no.csv'], /no\.csv/],
    ['the funding is missing', 3, [...base, '--funding', 'no.csv'], /no\.csv/],
    [
      'a row is bad',
      3,
      ['run', '--strategy', 'idle.ts', '--data', 'bad/XBTUSD.csv'],
      /XBTUSD\.csv:11, column open\n {2}found: +oops/,
    ],
    [
      'an assertion is false',
      4,
      [...trading, '--assert', 'closed_trades==0'],
      /closed_trades==0 is false: closed_trades is [1-9]/,
    ],
    ['the folder is not a run folder', 5, [...base.slice(0, 5), '--out', 'full'], /not empty and has no manifest/],
    ['the folder lies below a file', 5, [...base.slice(0, 5), '--out', 'a-file/x'], /could not be written/],
  ])(
    'when %s then the exit code is %d and stdout and stderr say no more than that',
    async (_what, expected, argv, message) => {
      const { code, stdout, stderr } = await run(argv);
      expect({ code, stderr }).toEqual({ code: expected, stderr: expect.stringMatching(message) });
      if (![0, 4].includes(expected)) expect(stdout).toBe('');
    },
  );

  it('when assertions are true then the exit code is 0', async () => {
    const asserts = ['--assert', 'closed_trades>0', '--assert', 'main.liquidations==0'];
    expect((await run([...trading, ...asserts])).code).toBe(0);
  });

  test.each<[string, number, number, string[], RegExp]>([
    ['the candles have a gap', 0, 3, ['--strategy', 'idle.ts', '--data', 'gap/XBTUSD.csv'], /1 gap of 3 bars of 1h/],
    [
      'bad rows are skipped',
      0,
      3,
      ['--strategy', 'idle.ts', '--data', 'bad/XBTUSD.csv', '--skip-bad-rows'],
      /XBTUSD\.csv:11, column open/,
    ],
    [
      'marks are missing',
      0,
      3,
      ['--strategy', 'idle.ts', '--data', 'XBTUSD.csv', '--mark', 'short-mark.csv'],
      /5 bars without a mark candle/,
    ],
    ['funding is missing', 0, 3, ['--strategy', 'stops.ts', '--data', 'XBTUSD.csv'], /funding/],
    [
      'orders are rejected',
      0,
      1,
      ['--strategy', 'stops.ts', '--data', 'XBTUSD.csv', '--funding', '0', '--param', 'qty=1e9'],
      /rejected/,
    ],
  ])(
    'when %s then it is a warning, exit code %d, and with --strict exit code %d',
    async (_what, plain, strict, argv, message) => {
      const warned = await run(['run', ...argv, '--out', 'strict-out']);
      expect({ code: warned.code, stderr: warned.stderr }).toEqual({
        code: plain,
        stderr: expect.stringMatching(message),
      });
      expect(warned.stderr).toContain('warning: ');
      rmSync(join(cwd, 'strict-out'), { recursive: true });
      const strictly = await run(['run', ...argv, '--out', 'strict-out', '--strict']);
      expect(strictly.code).toBe(strict);
      expect(strictly.stderr).toContain('error: --strict');
      expect(existsSync(join(cwd, 'strict-out/manifest.json'))).toBe(true);
      rmSync(join(cwd, 'strict-out'), { recursive: true });
    },
  );
});

describe('a gap and the period of the run', () => {
  // The candles of gap/XBTUSD.csv lack bars 49, 50 and 51, of 2020-03-03T01:00 to 03:00.
  test.each<[string, string[], RegExp | null]>([
    ['lies before it', ['--from', '2020-03-03T04:00:00Z'], null],
    ['ends where it begins', ['--from', '2020-03-03T03:00:00Z'], /1 gap of 1 bar of 1h/],
    ['lies inside it', ['--from', '2020-03-02', '--to', '2020-03-04'], /1 gap of 3 bars of 1h/],
    ['begins where it ends', ['--to', '2020-03-03T02:00:00Z'], /1 gap of 1 bar of 1h/],
    ['lies after it', ['--to', '2020-03-03T01:00:00Z'], null],
  ])('when the gap %s then only what is missing inside counts', async (_where, period, message) => {
    const argv = ['run', '--strategy', 'idle.ts', '--data', 'gap/XBTUSD.csv', '--no-save', '--strict', ...period];
    const { code, stderr } = await run(argv);
    expect(code).toBe(message === null ? 0 : 3);
    if (message === null) expect(stderr).not.toContain('gap of');
    else expect(stderr).toMatch(message);
  });
});

describe('the run folder', () => {
  test.each<[string, string[]]>([
    ['the strategy throws', ['--strategy', 'throws.ts', '--data', 'XBTUSD.csv']],
    ['a row in the middle is bad', ['--strategy', 'idle.ts', '--data', 'bad/XBTUSD.csv']],
    ['a parameter is unknown', ['--strategy', 'idle.ts', '--data', 'XBTUSD.csv', '--param', 'x=1']],
  ])('when %s then nothing is left of it, hidden or not', async (_what, argv) => {
    await run(['run', ...argv, '--out', 'left/over']);
    expect(existsSync(join(cwd, 'left'))).toBe(false);
  });

  it('when the strategy throws then an earlier folder of the name stays as it was', async () => {
    await run([...RUN, '--out', 'kept']);
    const before = readFileSync(join(cwd, 'kept/manifest.json'), 'utf8');
    await run(['run', '--strategy', 'throws.ts', '--data', 'XBTUSD.csv', '--out', 'kept']);
    expect(readFileSync(join(cwd, 'kept/manifest.json'), 'utf8')).toBe(before);
  });

  it('when --no-save is on then none is written', async () => {
    const before = readdirSync(cwd);
    const { stderr } = await run([...RUN, '--no-save']);
    expect(readdirSync(cwd)).toEqual(before);
    expect(stderr).not.toContain('run folder');
  });

  it('when the run is interrupted then what was finished is written, marked partial, and the exit code is 130', async () => {
    const { code, stdout, stderr } = await run([...RUN, '--out', 'cut', '--assert', 'pnl>1000'], {
      isInterrupted: true,
    });
    expect(code).toBe(130);
    expect(manifestOf('cut')).toMatchObject({ partial: true });
    expect(stdout).toContain('summary');
    expect(stderr).toContain('--assert is not judged');
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
