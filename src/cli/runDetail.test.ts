/**
 * `--detail` as whole command lines: an hour settled along its minutes is settled as the minutes themselves are, on made, sample and
 * real candles; what is told of finer candles that are missing or disagree; what is refused; replays and checks with them.
 */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it, test } from '@jest/globals';
import { cwd, manifestOf, run } from './fixtures/runSituation.js';
import { candles, FIRST_BAR_MS, writeFiles } from './fixtures/sampleFiles.js';
import { runCli } from './fixtures/testProcess.js';

const REAL = resolve('../shared/data/candles/bitmex_XBTUSD_1m_2020-05.csv.gz');
if (!existsSync(REAL)) process.stderr.write(`left out, no real candles at ${REAL}\n`);
const maybe = existsSync(REAL) ? describe : describe.skip;

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

interface Minute {
  readonly openMs: number;
  readonly prices: readonly [open: number, high: number, low: number, close: number];
  readonly volume: number;
}

/** Rows of a file with a header, by the names of its columns. @param lateMs by how much its times are late. */
function readMinutes(text: string, lateMs: number): Minute[] {
  const [header, ...lines] = text.trim().split('\n');
  const names = header!.split(',');
  const at = (name: string): number => names.indexOf(name);
  return lines.map((line) => {
    const cells = line.split(',');
    const [open, high, low, close] = ['open', 'high', 'low', 'close'].map((name) => Number(cells[at(name)]));
    const openMs = Date.parse(cells[at('timestamp')]!) - lateMs;
    return { openMs, prices: [open!, high!, low!, close!], volume: Number(cells[at('volume')] ?? 0) };
  });
}

/** The hours of which every minute is there, as a file that names opens. */
function hoursOf(minutes: readonly Minute[]): string {
  const hours = new Map<number, Minute[]>();
  for (const minute of minutes) {
    const hour = Math.floor(minute.openMs / HOUR_MS) * HOUR_MS;
    hours.set(hour, [...(hours.get(hour) ?? []), minute]);
  }
  const rows = [...hours].flatMap(([hour, all]) => {
    if (all.length !== 60) return [];
    const [open, close] = [all[0]!.prices[0], all.at(-1)!.prices[3]];
    const high = Math.max(...all.map(({ prices }) => prices[1]));
    const low = Math.min(...all.map(({ prices }) => prices[2]));
    const volume = all.reduce((sum, one) => sum + one.volume, 0);
    return [`${new Date(hour).toISOString()},${open},${high},${low},${close},${volume}`];
  });
  return ['timestamp,open,high,low,close,volume', ...rows, ''].join('\n');
}

/** Enters and leaves by every kind of order at the closes of hours, highly leveraged, long and short by turns. */
const HOURLY = `export default {
  params: { qty: 20000, leverage: 25, loss: 0.004, gain: 0.006 },
  initialize({ account, params }) {
    account.setMode('isolated');
    account.setMaxLeverage(params.leverage);
    return { bars: 0 };
  },
  handleData({ account, params, symbol }, bar, state) {
    state.bars += 1;
    const { qty } = account.position(symbol);
    if (state.bars % 12 === 0) account.cancelAll(symbol);
    if (qty === 0 && state.bars % 3 === 1) {
      const isLong = state.bars % 2 === 0;
      const stops = state.bars % 5 === 0 ? [] : [{ name: 'stop_loss_pct', value: params.loss }, { name: 'stop_profit_pct', value: params.gain }];
      const options = { orderStyle: stops };
      const limit = state.bars % 4 === 0 ? null : Math.round(bar.close * (isLong ? 0.999 : 1.001));
      if (isLong) account.longOpen(symbol, limit, params.qty, options);
      else account.shortOpen(symbol, limit, params.qty, options);
    }
    if (qty !== 0 && state.bars % 17 === 0) qty > 0 ? account.longClose(symbol, null, qty) : account.shortClose(symbol, null, -qty);
  },
};
`;

const MADE_DAYS = 4;

/** A path with jumps and waves: minutes that reach far enough for stops of half a percent, and for a liquidation now and then. */
function madeMinutes(): Minute[] {
  let last = 20_000;
  let state = 7;
  const draw = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return Array.from({ length: MADE_DAYS * 1440 }, (_, i) => {
    const jump = draw() < 0.002 ? Math.round((draw() - 0.5) * 1600) : 0;
    const open = last + jump;
    const close = open + Math.round((draw() - 0.5) * 40 + 6 * Math.sin(i / 900));
    const [high, low] = [
      Math.max(open, close) + Math.round(draw() * 12),
      Math.min(open, close) - Math.round(draw() * 12),
    ];
    last = close;
    const prices = [open, high, low, close].map((steps) => steps / 2) as [number, number, number, number];
    return { openMs: FIRST_BAR_MS + i * MINUTE_MS, prices, volume: 10 + (i % 7) };
  });
}

const textOf = (minutes: readonly Minute[]): string =>
  [
    'timestamp,open,high,low,close,volume',
    ...minutes.map(({ openMs, prices, volume }) => `${new Date(openMs).toISOString()},${prices.join()},${volume}`),
    '',
  ].join('\n');

const made = madeMinutes();
/** The first so many hours. */
const firstHours = (count: number): Minute[] => made.slice(0, 60 * count);

beforeAll(() => {
  const mark = made.map(({ openMs, prices: [open, high, low, close] }) => {
    const shift = Math.round(20 * Math.sin(openMs / HOUR_MS)) / 2;
    return { openMs, prices: [open + shift, high + shift, low + shift, close + shift] as const, volume: 1 };
  });
  writeFiles(cwd, {
    'hourly.ts': HOURLY,
    'fine/minutes.csv': textOf(made),
    'fine/hours.csv': hoursOf(made),
    'fine/mark.csv': textOf(mark),
    'fine/few.csv': textOf(firstHours(48)),
    'fine/days.csv': hoursOf(firstHours(24)),
    'fine/holes.csv': textOf(made.filter((_, i) => i !== 61 && i !== 62 && i !== 200)),
    'fine/disagrees.csv': textOf(
      made.map((one, i) =>
        i === 130 ? { ...one, prices: [one.prices[0], 99_999, one.prices[2], one.prices[3]] } : one,
      ),
    ),
    'fine/bad.csv': textOf(made).replace(/^(2020-03-01T02:30:00.000Z),[^,]*,/m, '$1,oops,'),
    'fine/orders.csv': [
      'time,symbol,side,position_effect,qty,order_style,order_style_value',
      '2020-03-01T03:00:00Z,XBTUSD,buy,open,1000,stop_loss_pct,0.004',
      '2020-03-02T03:00:00Z,XBTUSD,sell,open,2000,stop_profit_pct,0.004',
    ].join('\n'),
    'fine/fills.csv': [
      'time,symbol,side,qty,price',
      '2020-03-01T03:25:30Z,XBTUSD,buy,100,10001.5',
      '2020-03-02T05:07:59Z,XBTUSD,sell,100,10011',
    ].join('\n'),
  });
});

const TABLES = ['trades', 'stop_trades', 'orders', 'bills', 'balance', 'positions', 'closed_trades'] as const;

/** The rows of a table; of closed trades without the bars held, which are bars of the data. */
function rowsOf(folder: string, table: (typeof TABLES)[number]): string[] {
  const lines = readFileSync(join(cwd, folder, `${table}.csv`), 'utf8')
    .trim()
    .split('\n');
  if (table !== 'closed_trades') return lines;
  const at = lines[0]!.split(',').indexOf('bars');
  return lines.map((line) => line.split(',').toSpliced(at, 1).join());
}

interface Entry {
  readonly [figure: string]: string | number | null;
}
const totalOf = (folder: string): Entry =>
  JSON.parse(readFileSync(join(cwd, folder, 'summary.json'), 'utf8')).total as Entry;

/** Runs the minutes with a timeframe, and the hours along the minutes; expects one result. */
async function expectEqualRuns(
  name: string,
  minutes: string,
  hours: string,
  options: readonly string[],
): Promise<void> {
  const base = ['run', '--strategy', 'hourly.ts', ...options, '--balance-every', '1h,1d,event'];
  const first = await run([...base, '--data', `XBTUSD=${minutes}`, '--timeframe', '1h', '--out', `${name}-1m`]);
  expect({ code: first.code, error: first.stderr.match(/^error.*/m)?.[0] }).toEqual({ code: 0, error: undefined });
  const detail = ['--data', `XBTUSD=${hours}`, '--detail', minutes, '--out', `${name}-1h`];
  const second = await run([...base, ...detail]);
  expect({ code: second.code, error: second.stderr.match(/^error.*/m)?.[0] }).toEqual({ code: 0, error: undefined });
  for (const table of TABLES)
    expect({ table, rows: rowsOf(`${name}-1h`, table) }).toEqual({ table, rows: rowsOf(`${name}-1m`, table) });
  const { bars: _, max_drawdown: __, ...figures } = totalOf(`${name}-1m`);
  expect(totalOf(`${name}-1h`)).toMatchObject(figures);
}

async function expectAudited(folder: string): Promise<void> {
  const { code, stderr } = await runCli(['audit', folder], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}

describe('an hour along its minutes', () => {
  test.each<[string, string[]]>([
    ['alone', []],
    ['with a mark and funding', ['--mark', 'fine/mark.csv', '--funding', '0.0003']],
    ['by way of the open, the high and the low', ['--intrabar', 'ohlc', '--slippage', '2']],
    ['within a period', ['--from', '2020-03-02T05:00:00Z', '--to', '2020-03-04T07:00:00Z', '--funding', '0.0001']],
  ])('when it is settled %s then every row is that of the minutes', async (what, options) => {
    const name = `made-${what.replaceAll(' ', '-')}`;
    await expectEqualRuns(name, 'fine/minutes.csv', 'fine/hours.csv', options);
    await expectAudited(`${name}-1h`);
    expect(rowsOf(`${name}-1h`, 'stop_trades').length).toBeGreaterThan(5);
  });

  it('when it is verified then the reference engine settles it the same way', async () => {
    const options = ['--data', 'XBTUSD=fine/hours.csv', '--detail', 'fine/minutes.csv', '--mark', 'fine/mark.csv'];
    const args = ['run', '--strategy', 'hourly.ts', ...options, '--to', '2020-03-03', '--verify', '--no-save'];
    const { code, stderr } = await run(args);
    expect({ code, error: stderr.match(/^error.*/m)?.[0] }).toEqual({ code: 0, error: undefined });
    expect(stderr).toContain('--verify: the reference engine agrees');
  });

  it('when it is settled without them then less is known: more bars are ambiguous, and the trades are others', async () => {
    const narrow = ['--param', 'loss=0.0015', '--param', 'gain=0.0015'];
    const args = ['run', '--strategy', 'hourly.ts', ...narrow, '--data', 'XBTUSD=fine/hours.csv'];
    expect((await run([...args, '--out', 'coarse'])).code).toBe(0);
    expect((await run([...args, '--detail', 'fine/minutes.csv', '--out', 'along'])).code).toBe(0);
    expect(rowsOf('coarse', 'trades')).not.toEqual(rowsOf('along', 'trades'));
    expect(Number(totalOf('coarse')['ambiguous_bars'])).toBeGreaterThan(Number(totalOf('along')['ambiguous_bars']));
  });

  it('when it is saved then the manifest has the finer candles, and how many bars were settled along them', async () => {
    const files = ['--data', 'XBTUSD=fine/hours.csv', '--detail', 'XBTUSD=fine/few.csv', '--mark', 'fine/mark.csv'];
    const { code, stderr } = await run(['run', '--strategy', 'hourly.ts', ...files, '--out', 'told']);
    expect(code).toBe(0);
    const manifest = manifestOf('told');
    expect(manifest['data']).toMatchObject([
      { role: 'bars', symbol: 'XBTUSD', bars: MADE_DAYS * 24 },
      { role: 'mark', symbol: 'XBTUSD', file: expect.stringContaining('mark.csv') },
      { role: 'detail', symbol: 'XBTUSD', file: expect.stringContaining('few.csv'), rows: 48 * 60, bars: 48 * 60 },
    ]);
    expect(manifest['options']).toMatchObject({ detail: ['XBTUSD=fine/few.csv'] });
    const path =
      'the path inside a bar is that of the candles of 1m on 48 of 96 bars; inside those, and on the others, it is adverse';
    expect(manifest['assumptions']).toContain(path);
    expect(manifest['assumptions']).not.toContain('the path inside a bar is adverse');
    const message = '48 of 96 bars of XBTUSD are not covered by --detail; the path inside them is guessed';
    expect(manifest['warnings']).toContainEqual({ code: 'detail_missing', message });
    expect(stderr).toContain(message);
    await expectAudited('told');
  });
});

maybe('real candles', () => {
  it('when hours of May 2020 are settled along their minutes then every row is that of the minutes', async () => {
    const minutes = readMinutes(gunzipSync(readFileSync(REAL)).toString(), MINUTE_MS);
    writeFileSync(join(cwd, 'fine/real-hours.csv'), hoursOf(minutes));
    await expectEqualRuns('real', REAL, 'fine/real-hours.csv', [
      ...['--from', '2020-05-01T01:00:00Z', '--to', '2020-05-12', '--funding', '0.0001'],
    ]);
    await expectAudited('real-1h');
    expect(rowsOf('real-1h', 'stop_trades').length).toBeGreaterThan(5);
  });
});

describe('the example of docs/settlement.md', () => {
  const HOURS = [
    '2020-03-01T00:00:00Z,8000,8000,8000,8000',
    '2020-03-01T01:00:00Z,8000,8000,8000,8000',
    '2020-03-01T02:00:00Z,8000,8200,7900,8100',
  ];
  const HALVES = [
    ...['00:00', '00:30', '01:00', '01:30'].map((time) => `2020-03-01T${time}:00Z,8000,8000,8000,8000`),
    '2020-03-01T02:00:00Z,8000,8200,7990,8190',
    '2020-03-01T02:30:00Z,8190,8195,7900,8100',
  ];

  test.each<[string, string[], string, number]>([
    ['without finer candles then it is guessed that the stop came first', [], '7920.0', 1],
    [
      'along two candles of half an hour then it is known that the target did',
      ['--detail', 'fine/halves.csv'],
      '8160.0',
      0,
    ],
  ])('when the bar with a stop and a target is settled %s', async (_what, detail, price, ambiguous) => {
    writeFiles(cwd, {
      'fine/example.csv': ['timestamp,open,high,low,close', ...HOURS].join('\n'),
      'fine/halves.csv': ['timestamp,open,high,low,close', ...HALVES].join('\n'),
      'example-stops.ts': `export default {
  handleData({ account, symbol, timeMs }) {
    const orderStyle = [{ name: 'stop_loss', value: 7920 }, { name: 'stop_profit', value: 8160 }];
    if (timeMs === Date.UTC(2020, 2, 1, 1)) account.longOpen(symbol, null, 1000, { orderStyle });
  },
};
`,
    });
    const args = ['run', '--strategy', 'example-stops.ts', '--data', 'XBTUSD=fine/example.csv', ...detail];
    const { code, stdout } = await run([...args, '--out', 'example-stops', '--table', 'stop_trades']);
    expect(code).toBe(0);
    expect(
      stdout
        .trim()
        .split('\n')
        .slice(1)
        .map((row) => row.split(',')[2]),
    ).toEqual([price]);
    expect(totalOf('example-stops')).toMatchObject({ ambiguous_bars: ambiguous });
    const page = readFileSync('docs/settlement.md', 'utf8');
    expect(page).toContain('`8,000 8,200 7,990 8,190` and `8,190 8,195 7,900 8,100`');
  });
});

describe('finer candles that do not fit the bars', () => {
  const HOURS = ['--data', 'XBTUSD=fine/hours.csv'];

  test.each<[string, string[], RegExp]>([
    ['minutes are missing', ['fine/holes.csv'], /2 of 96 bars of XBTUSD are not covered by --detail/],
    [
      'a minute goes beyond its bar',
      ['fine/disagrees.csv'],
      /the finer candles of XBTUSD disagree with 1 of its bars, first at 2020-03-01T02:00:00\.000Z/,
    ],
  ])('when %s then the run warns, and --strict makes it an error', async (_what, [file], message) => {
    const args = ['run', '--strategy', 'idle.ts', ...HOURS, '--detail', file!, '--no-save', '--funding', '0.0001'];
    const loose = await run(args);
    expect(loose.code).toBe(0);
    expect(loose.stderr).toMatch(message);
    const strict = await run([...args, '--strict']);
    expect(strict.code).toBe(3);
    expect(strict.stderr).toMatch(message);
  });

  it('when they fit then there is nothing to warn of', async () => {
    const args = ['run', '--strategy', 'idle.ts', ...HOURS, '--detail', 'fine/minutes.csv', '--no-save', '--strict'];
    const { code, stderr } = await run([...args, '--funding', '0.0001']);
    expect({ code, warning: stderr.match(/^warning.*/m)?.[0] }).toEqual({ code: 0, warning: undefined });
  });

  it('when bars outside the period are not covered then nothing is said', async () => {
    const period = ['--to', '2020-03-03'];
    const args = ['run', '--strategy', 'idle.ts', ...HOURS, '--detail', 'fine/few.csv', '--no-save', ...period];
    const { code, stderr } = await run([...args, '--strict', '--funding', '0.0001']);
    expect({ code, warning: stderr.match(/^warning.*/m)?.[0] }).toEqual({ code: 0, warning: undefined });
  });

  test.each<[string, string[], number, RegExp]>([
    [
      'they are as long as the bars',
      [...HOURS, '--detail', 'fine/days.csv'],
      3,
      /the finer candles of XBTUSD do not make up its bars[\s\S]*candles of 1h inside bars of 1h/,
    ],
    [
      'they are longer than the bars',
      ['--data', 'XBTUSD=fine/minutes.csv', '--detail', 'fine/hours.csv'],
      3,
      /the finer candles of XBTUSD do not make up its bars[\s\S]*fine\/hours\.csv[\s\S]*candles of 1h inside bars of 1m/,
    ],
    ['a row cannot be read', [...HOURS, '--detail', 'fine/bad.csv'], 3, /fine\/bad\.csv:152/],
    ['the file is not there', [...HOURS, '--detail', 'fine/none.csv'], 3, /no such file[\s\S]*fine\/none\.csv/],
    [
      'they are of other symbols than the run',
      [...HOURS, '--detail', 'ETHUSD=fine/minutes.csv'],
      2,
      /--detail is of ETHUSD, and the run of XBTUSD/,
    ],
    [
      'they are of one symbol of several',
      [...HOURS, '--data', 'ETHUSD=fine/hours.csv', '--detail', 'XBTUSD=fine/minutes.csv'],
      2,
      /gives finer candles of XBTUSD, and there are none of ETHUSD[\s\S]*add --detail ETHUSD=FILE/,
    ],
    [
      'they are of two lengths',
      [
        ...['--data', 'XBTUSD=fine/six.csv', '--data', 'ETHUSD=fine/six.csv'],
        ...['--detail', 'XBTUSD=fine/minutes.csv', '--detail', 'ETHUSD=fine/hours.csv'],
      ],
      3,
      /the finer candles of XBTUSD and ETHUSD are of different lengths[\s\S]*1h[\s\S]*1m, as .*fine\/minutes\.csv has/,
    ],
  ])('when %s then it is refused', async (_what, options, exit, message) => {
    writeFiles(cwd, { 'fine/six.csv': candles(20, FIRST_BAR_MS, 6 * HOUR_MS) });
    const { code, stdout, stderr } = await run(['run', '--strategy', 'idle.ts', ...options, '--no-save']);
    expect({ code, stdout }).toEqual({ code: exit, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('when bad rows are skipped then their bar is settled as it is', async () => {
    const options = ['--detail', 'fine/bad.csv', '--skip-bad-rows', '--no-save'];
    const { code, stderr } = await run(['run', '--strategy', 'idle.ts', ...HOURS, ...options]);
    expect(code).toBe(0);
    expect(stderr).toContain('detail: 1 bad row skipped');
    expect(stderr).toContain('1 of 96 bars of XBTUSD are not covered by --detail');
  });
});

describe('the other commands', () => {
  const HOURS = ['--data', 'XBTUSD=fine/hours.csv'];
  const FINE = ['--detail', 'fine/minutes.csv'];

  it('when orders are replayed then they are settled along the finer candles', async () => {
    const args = ['replay', '--orders', 'fine/orders.csv', '--to', '2020-03-02T12:00:00Z'];
    expect((await run([...args, '--data', 'XBTUSD=fine/minutes.csv', '--out', 'orders-1m'])).code).toBe(0);
    const { code, stderr } = await run([...args, ...HOURS, ...FINE, '--verify', '--out', 'orders-1h']);
    expect({ code, error: stderr.match(/^error.*/m)?.[0] }).toEqual({ code: 0, error: undefined });
    expect(rowsOf('orders-1h', 'trades')).toEqual(rowsOf('orders-1m', 'trades'));
    expect(rowsOf('orders-1h', 'trades').length).toBeGreaterThan(3);
    await expectAudited('orders-1h');
  });

  it('when fills are replayed then what happens around them is settled along the finer candles', async () => {
    const args = ['replay', '--fills', 'fine/fills.csv', '--funding', '0.0001', '--balance-every', '1h,event'];
    expect((await run([...args, '--data', 'XBTUSD=fine/minutes.csv', '--out', 'fills-1m'])).code).toBe(0);
    expect((await run([...args, ...HOURS, ...FINE, '--out', 'fills-1h'])).code).toBe(0);
    for (const table of ['trades', 'bills', 'balance', 'closed_trades'] as const) {
      expect(rowsOf('fills-1h', table)).toEqual(rowsOf('fills-1m', table));
    }
    await expectAudited('fills-1h');
  });

  it('when fills are replayed without candles then finer ones are refused', async () => {
    const { code, stderr } = await run(['replay', '--fills', 'fine/fills.csv', ...FINE]);
    expect(code).toBe(2);
    expect(stderr).toContain('--detail needs candles beside it');
  });

  it('when a strategy is checked then its calls rest on no finer candle to come', async () => {
    const args = ['check', 'hourly.ts', ...HOURS, ...FINE, '--mark', 'fine/mark.csv', '--cuts', '3', '--format', 'csv'];
    const { stdout, stderr } = await run(args);
    expect(stdout).toMatch(/look_ahead,pass/);
    expect(stderr).toMatch(/3 cuts, \d+ calls compared, all the same/);
  });

  it('when it stands in a config file or in the environment then it is in force, and its path is from there', async () => {
    writeFiles(cwd, {
      'fine/run.yaml': 'strategy: ../idle.ts\ndata: [XBTUSD=hours.csv]\ndetail: [XBTUSD=minutes.csv]\n',
    });
    const { code, stdout } = await run(['run', '--config', 'fine/run.yaml', '--print-config']);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`detail: # config file, line 3\\n {2}- XBTUSD=${join(cwd, 'fine/minutes.csv')}`));
    const env = { BACKTEST_DETAIL: 'fine/few.csv' };
    const again = await run(['run', '--strategy', 'idle.ts', ...HOURS, '--no-save'], { env });
    expect(again.stderr).toContain('48 of 96 bars of XBTUSD are not covered');
    const none = await run(['run', '--strategy', 'idle.ts', ...HOURS, '--print-config']);
    expect(none.stdout).toContain('detail: [] # default: none, the path inside a bar is assumed');
  });
});
