/**
 * Candle files whose layout the user names, on whole command lines: each command over such a file gives what it gives over a plain one;
 * wherever the options are written; in the manifest; and never out of the store of another reading.
 */

import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it, test } from '@jest/globals';
import { BARS, cwd, manifestOf, run } from './fixtures/runSituation.js';
import { candles, writeFiles } from './fixtures/sampleFiles.js';

/** Cells of the plain file: time, open, high, low, close, volume. */
type Row = readonly [string, string, string, string, string, string];
const ROWS = candles(BARS)
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(',') as unknown as Row);
const HEADER = 'timestamp,open,high,low,close,volume';
const NUMBERED = 'n,volume,last,bottom,top,first,when';
/** Without a header, and in an order that no exchange has. */
const odd = ([time, open, high, low, close, volume]: Row, delimiter: string): string =>
  [7, volume, close, low, high, open, Date.parse(time)].join(delimiter);
const lines = (rows: readonly string[]): string => `${rows.join('\n')}\n`;
/** Days 1 to 10 of March, so that days and months may change places. */
const slashed = ([time]: Row): string =>
  `${time.slice(8, 10)}/${time.slice(5, 7)}/${time.slice(0, 4)} ${time.slice(11, 16)}`;

const ODD = ['--delimiter', '|', '--columns', 'skip,volume,close,low,high,open,time'];

beforeAll(() => {
  writeFiles(cwd, {
    'odd/XBTUSD.csv': lines(ROWS.map((row) => odd(row, '|'))),
    'odd-tab/XBTUSD.csv': lines(ROWS.map((row) => odd(row, '\t'))),
    'odd-header/XBTUSD.csv': lines([NUMBERED.replaceAll(',', '|'), ...ROWS.map((row) => odd(row, '|'))]),
    'odd-mark/XBTUSD.csv': lines(ROWS.map((row) => odd(row, '|'))),
    'colons/XBTUSD.csv': lines(ROWS.map(([time, ...rest]) => [Date.parse(time) / 1000, ...rest].join(':'))),
    'spaces/XBTUSD.csv': lines(
      ROWS.map(([time, ...rest]) => [time.slice(0, 10), time.slice(11, 19), ...rest].join(' ')),
    ),
    'seconds/XBTUSD.csv': lines([HEADER, ...ROWS.map(([time, ...rest]) => [Date.parse(time) / 1000, ...rest].join())]),
    'slashed/XBTUSD.csv': lines([HEADER, ...ROWS.map((row) => [slashed(row), ...row.slice(1)].join())]),
    // Of one day, 02/03: nothing tells which is the month.
    'unclear/XBTUSD.csv': lines([HEADER, ...ROWS.slice(24, 48).map((row) => [slashed(row), ...row.slice(1)].join())]),
  });
});

const STOPS = ['run', '--strategy', 'stops.ts', '--funding', '0'];
const BILLS = ['--table', 'bills', '--no-save', '--quiet'];
const plainBills = async (): Promise<string> => {
  const { code, stdout } = await run([...STOPS, '--data', 'XBTUSD.csv', ...BILLS]);
  expect([code, stdout.split('\n').length > 5]).toEqual([0, true]);
  return stdout;
};

describe('a run over a file of a named layout', () => {
  test.each<[string, string, string[]]>([
    ['has no header and an order of its own', 'odd', ODD],
    ['is the same, the delimiter being recognized', 'odd', ODD.slice(2)],
    ['is the same with tabs', 'odd-tab', ['--delimiter', 'tab', ...ODD.slice(2)]],
    ['has a header of other names', 'odd-header', ODD],
    ['has colons between its cells', 'colons', ['--delimiter', ':']],
    ['has blanks between day and time too', 'spaces', ['--delimiter', 'space']],
    [
      'is the same with its columns named',
      'spaces',
      ['--delimiter', 'space', '--columns', 'date,time,open,high,low,close,volume'],
    ],
    ['has seconds, as is said', 'seconds', ['--time-format', 's']],
    ['has days before months, as is said', 'slashed', ['--time-format', 'dmy']],
  ])('when it %s then the bills are those of the plain file', async (_what, folder, how) => {
    const { code, stdout } = await run([...STOPS, '--data', `${folder}/XBTUSD.csv`, ...how, ...BILLS]);
    expect(code).toBe(0);
    expect(stdout).toBe(await plainBills());
  });

  it('when marks and finer candles are of the same layout then the options are theirs too', async () => {
    const more = (folder: string): string[] => ['--mark', `${folder}/XBTUSD.csv`, '--detail', `${folder}/XBTUSD.csv`];
    const hours = ['--data', 'four-hours-XBTUSD.csv'];
    expect((await run(['data', 'convert', 'XBTUSD.csv', hours[1]!, '--timeframe', '4h'])).code).toBe(0);
    const plain = await run([...STOPS, ...hours, ...more('.'), ...BILLS]);
    expect(plain).toMatchObject({ code: 0, stdout: expect.stringContaining('fee') });
    const rows = (await run(['data', 'convert', hours[1]!, '-', '--quiet'])).stdout.trim().split('\n').slice(1);
    writeFiles(cwd, { 'odd-long/XBTUSD.csv': lines(rows.map((row) => odd(row.split(',') as unknown as Row, '|'))) });
    const named = await run([...STOPS, '--data', 'odd-long/XBTUSD.csv', ...more('odd'), ...ODD, ...BILLS]);
    expect(named).toEqual(plain);
    // A file of another layout is none of theirs.
    const mixed = await run([...STOPS, '--data', 'odd-long/XBTUSD.csv', ...more('.'), ...ODD, ...BILLS]);
    expect(mixed).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('XBTUSD.csv') });
  });

  test.each<[string, string[], RegExp]>([
    ['seconds', ['--time-format', 'ms'], /not a time[\s\S]*XBTUSD\.csv:2[\s\S]*1583020800[\s\S]*12 or 13 digits/],
    ['seconds', ['--delimiter', ';'], /of no known kind of candles/],
    ['odd', ['--columns', 'time,open,high,low,close'], /XBTUSD\.csv:1, column time/],
    ['odd', [...ODD, '--time-format', 's'], /XBTUSD\.csv:1, column time[\s\S]*seconds since 1970/],
    ['seconds', ['--columns', 'time,open,high,low,close,skip,volume'], /cut short[\s\S]*XBTUSD\.csv:2[\s\S]*7 cells/],
  ])(
    'when the file in %s is not of the layout %j then the exit code is 3 and the line is named',
    async (folder, how, text) => {
      const { code, stdout, stderr } = await run([...STOPS, '--data', `${folder}/XBTUSD.csv`, ...how, ...BILLS]);
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
      expect(stderr).toMatch(text);
    },
  );
});

describe('where the options are written', () => {
  afterEach(() => rmSync(join(cwd, 'backtest.yaml'), { force: true }));
  const asked = [...STOPS, '--data', 'odd/XBTUSD.csv', ...BILLS];
  const columns = ODD[3]!;

  test.each<[string, string]>([
    ['texts', `delimiter: "|"\ncolumns: ${columns}\ntime-format: ms\n`],
    ['a list of columns', `delimiter: pipe\ncolumns: [${columns.replaceAll(',', ', ')}]\n`],
  ])('when it is a config file with %s then the run is that of the flags', async (_what, text) => {
    writeFileSync(join(cwd, 'backtest.yaml'), text);
    expect(await run(asked)).toMatchObject({
      code: 0,
      stdout: await run([...asked, ...ODD]).then((ran) => ran.stdout),
    });
  });

  it('when it is the environment then a flag wins over it', async () => {
    const env = { BACKTEST_DELIMITER: '|', BACKTEST_COLUMNS: columns, BACKTEST_TIME_FORMAT: 's' };
    expect((await run(asked, { env })).code).toBe(3);
    expect(await run([...asked, '--time-format', 'ms'], { env })).toEqual(await run([...asked, ...ODD]));
  });

  test.each<[string, RegExp]>([
    ['delimiter: |', /delimiter is not a single character[\s\S]*backtest\.yaml:1:12/],
    ['columns: [time, open, high, low]', /columns does not name close[\s\S]*backtest\.yaml:1:10/],
    ['time-format: epoch', /time-format is not known[\s\S]*backtest\.yaml:1:14/],
  ])('when the config file says %j then the exit code is 2, also for --print-config', async (text, message) => {
    writeFileSync(join(cwd, 'backtest.yaml'), text);
    for (const more of [[], ['--print-config']]) {
      const { code, stdout, stderr } = await run([...asked, ...more]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(message);
    }
  });

  it('when --print-config is read again then the run is the same, a tab included', async () => {
    const tabbed = [...STOPS, '--data', 'odd-tab/XBTUSD.csv', '--delimiter', '\t', ...ODD.slice(2), ...BILLS];
    const { stdout } = await run([...tabbed, '--print-config']);
    expect(stdout).toContain('delimiter: "\\t" # flag\n');
    expect(stdout).toContain(`columns: ${columns} # flag\n`);
    expect(stdout).toContain('time-format: null # default: recognized, file by file\n');
    writeFileSync(join(cwd, 'backtest.yaml'), stdout);
    expect(await run(['run'])).toEqual(await run(tabbed));
  });

  it('when the run is saved then its manifest has them', async () => {
    await run([...STOPS, '--data', 'odd/XBTUSD.csv', ...ODD, '--out', 'odd-run', '--quiet']);
    expect(manifestOf('odd-run')).toMatchObject({
      options: { delimiter: '|', columns, 'time-format': null },
      data: [{ dialect: 'columns' }],
    });
  });
});

describe('the store of parsed candles', () => {
  const env = { BACKTEST_CACHE_DIR: 'kept-layouts' };
  afterEach(() => rmSync(join(cwd, 'kept-layouts'), { recursive: true, force: true }));
  const COLUMNS = 'time,open,high,low,close,volume';

  test.each<[string, string[], string[]]>([
    ['columns', ['--columns', COLUMNS], ['--columns', COLUMNS.replace('open,high,low,close', 'close,high,low,open')]],
    ['a delimiter', [], ['--delimiter', 'comma']],
    ['a form of times', [], ['--time-format', 'iso']],
    ['another form of times', ['--time-format', 'iso'], ['--time-format', 'ymd']],
  ])('when only %s differs then the file is read again', async (_what, one, other) => {
    const asked = (how: string[]): string[] => [...STOPS, '--data', 'XBTUSD.csv', ...how, ...BILLS];
    const before = await run(asked(one), { env });
    const after = await run(asked(other), { env });
    expect(before.code).toBe(0);
    expect(after).toEqual(await run(asked(other)));
    const isRead = after.code === 0;
    expect(readdirSync(join(cwd, 'kept-layouts/candles')).length).toBe(isRead ? 2 : 1);
    // Out of the store it is the same.
    expect(await run(asked(one), { env })).toEqual(before);
    expect(await run(asked(other), { env })).toEqual(after);
  });
});

describe('other commands', () => {
  it('when a replay is over such a file then its bills are those of the plain one', async () => {
    writeFiles(cwd, {
      'layout-orders.csv':
        'time,symbol,side,position_effect,qty\n2020-03-01T02:00:00Z,XBTUSD,buy,open,1000\n2020-03-02T12:00:00Z,XBTUSD,sell,close,400\n',
    });
    const replay = ['replay', '--orders', 'layout-orders.csv', '--funding', '0', ...BILLS];
    const plain = await run([...replay, '--data', 'XBTUSD.csv']);
    expect(plain).toMatchObject({ code: 0, stdout: expect.stringContaining('sell close') });
    expect(await run([...replay, '--data', 'odd/XBTUSD.csv', ...ODD])).toEqual(plain);
  });

  it('when a strategy is checked over such a file then the proof is that over the plain one', async () => {
    const check = ['check', 'stops.ts', '--cuts', '2', '--format', 'csv', '--quiet'];
    const plain = await run([...check, '--data', 'XBTUSD.csv']);
    expect(plain).toMatchObject({ code: 0, stdout: expect.stringContaining('look_ahead') });
    expect(await run([...check, '--data', 'odd/XBTUSD.csv', ...ODD])).toEqual(plain);
  });

  it('when a strategy reads such a file itself then the copy that stands in for it is of the same layout', async () => {
    const reads = `import fs from 'node:fs';
const lines = fs.readFileSync(${JSON.stringify(join(cwd, 'odd/XBTUSD.csv'))}, 'utf8').trim().split('\\n');
const closes = new Map(lines.map((line) => line.split('|')).map((cells) => [Number(cells[6]), Number(cells[2])]));
export default {
  handleData({ account, symbol }, bar) {
    // The bar that opens now is the next one.
    if (closes.get(bar.closeTimeMs) > bar.close) account.longOpen(symbol, null, 1);
  },
};
`;
    writeFiles(cwd, { 'reads-odd.js': reads });
    const { code, stderr } = await run(['check', 'reads-odd.js', '--data', 'odd/XBTUSD.csv', ...ODD, '--cuts', '2']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('and the future is in it') });
  });

  it('when such a file is checked then every figure but its form is that of the plain one', async () => {
    const figures = async (...argv: readonly string[]): Promise<string[]> => {
      const { code, stdout } = await run(['data', 'check', ...argv, '--table', 'file', '--quiet']);
      expect(code).toBe(0);
      return stdout.split('\n').filter((line) => !/^(file|sha256|bytes|format),/.test(line));
    };
    expect(await figures('odd/XBTUSD.csv', ...ODD)).toEqual(await figures('XBTUSD.csv'));
    const closes = await figures('odd/XBTUSD.csv', ...ODD, '--bar-time', 'close');
    expect(closes).toContain('first_open,2020-02-29T23:00:00.000Z');
  });

  test.each<[string[]]>([[['check', 'XBTUSD.csv']], [['convert', 'XBTUSD.csv', '-']]])(
    'when it is data %j with options that cannot be then the exit code is 2',
    async (argv) => {
      for (const how of [
        ['--delimiter', '||'],
        ['--columns', 'time,price'],
        ['--time-format', 'utc'],
      ]) {
        const { code, stdout, stderr } = await run(['data', ...argv, ...how]);
        expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
        expect(stderr).toMatch(new RegExp(`^error: ${how[0]} `));
      }
    },
  );

  test.each<[string[], number, string]>([
    [[], 3, 'the day or the month first'],
    [['--time-format', 'dmy'], 0, 'first_open,2020-03-02T00:00:00.000Z\n'],
    [['--time-format', 'mdy'], 0, 'first_open,2020-02-03T00:00:00.000Z\n'],
    [['--time-format', 'ymd'], 3, 'a time with the year first'],
  ])(
    'when days and months may change places and the options are %j then the exit code is %d',
    async (how, code, text) => {
      const ran = await run(['data', 'check', 'unclear/XBTUSD.csv', '--table', 'file', ...how]);
      expect(ran.code).toBe(code);
      expect(ran.stdout + ran.stderr).toContain(text);
    },
  );

  it('when such a file is converted then it is the plain one', async () => {
    const plain = await run(['data', 'convert', 'XBTUSD.csv', '-', '--quiet']);
    expect(plain.stdout).toBe(candles(BARS));
    expect(await run(['data', 'convert', 'odd/XBTUSD.csv', '-', ...ODD, '--quiet'])).toEqual(plain);
  });
});
