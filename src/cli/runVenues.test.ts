/**
 * Runs with accounts of different exchanges as whole command lines: the worked example of docs/strategies.md, one symbol of two venues,
 * candles that several exchanges trade, money moved between them, replays, checks. Each run is verified and audited.
 */

import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, test } from '@jest/globals';
import { cwd, manifestOf, run } from './fixtures/runSituation.js';
import { candles, writeFiles } from './fixtures/sampleFiles.js';
import { runCli } from './fixtures/testProcess.js';

const BARS = 240;
/** What the built-in entry of Bybit lacks. */
const BYBIT_ENTRY = { maker_fee: '0.00025', initial_margin: '0.01', min_qty: '1' };
const INVERSE = {
  ...BYBIT_ENTRY,
  type: 'inverse',
  multiplier: '1',
  quote_currency: 'USD',
  settle_currency: 'BTC',
  maintenance_margin: '0.005',
  tick_size: '0.1',
  fund_time: ['00:00', '08:00', '16:00'],
  taker_fee: '0.0006',
};

/** The example of the guide, as it stands there. */
function exampleOf(heading: string): string {
  const guide = readFileSync('docs/strategies.md', 'utf8');
  const section = guide.slice(guide.indexOf(`\n## ${heading}\n`));
  const code = /```ts\n([\s\S]*?)```/.exec(section)?.[1];
  if (code === undefined) throw new Error(`the guide has no example under ${heading}`);
  return code;
}

/** Long on the first account, short on the second, each by its own name of the symbol; a stop on both. */
const BOTH_WAYS = `import { defineStrategy } from 'backtest';

export default defineStrategy({
  handleData({ accounts }) {
    const [m, y] = [accounts.get('m'), accounts.get('y')];
    const stop = { orderStyle: { name: 'stop_loss_pct', value: 0.02 } } as const;
    if (m.position('XBTUSD').qty === 0) m.longOpen('XBTUSD', null, 100, stop);
    if (y.position('XBTUSD').qty === 0) y.shortOpen('XBTUSD', null, 300, stop);
  },
});
`;

beforeAll(() => {
  // The other venue's candles lie ten dollars higher.
  const higher = candles(BARS).replace(/,([\d.]+),([\d.]+),([\d.]+),([\d.]+),/g, (_, ...prices) => {
    return `,${prices
      .slice(0, 4)
      .map((price: string) => Number(price) + 10)
      .join()},`;
  });
  writeFiles(cwd, {
    'example.ts': exampleOf('Two exchanges'),
    'both-ways.ts': BOTH_WAYS,
    'BTCUSD.csv': higher,
    'bybit.csv': higher,
    'bybit.json': JSON.stringify({ bybit: { BTCUSD: BYBIT_ENTRY, XBTUSD: INVERSE } }),
    'orders.csv': [
      'time,account,symbol,side,position_effect,qty',
      '2020-03-01T03:00:00Z,m,XBTUSD,buy,open,100',
      '2020-03-01T04:00:00Z,y,XBTUSD,sell,open,200',
      '2020-03-01T09:00:00Z,m,XBTUSD.bitmex,sell,close,100',
      '2020-03-01T12:00:00Z,y,XBTUSD.bybit,buy,close,200',
    ].join('\n'),
    'fills.csv': [
      'time,account,symbol,side,qty,price',
      '2020-03-01T03:00:00Z,m,XBTUSD,buy,100,10001.5',
      '2020-03-01T04:00:00Z,y,XBTUSD.bybit,sell,200,10011.3',
      '2020-03-01T09:00:00Z,m,XBTUSD.bitmex,sell,100,10101.5',
      '2020-03-01T12:00:00Z,y,XBTUSD,buy,200,10211.3',
    ].join('\n'),
  });
});

interface Entry {
  readonly [figure: string]: string | number | null;
}
const summaryOf = (folder: string): { accounts: Entry[]; total: Entry; prices: object } =>
  JSON.parse(readFileSync(join(cwd, folder, 'summary.json'), 'utf8'));

const rowsOf = (folder: string, table: string): string[][] =>
  readFileSync(join(cwd, folder, `${table}.csv`), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));

async function expectAudited(folder: string): Promise<void> {
  const { code, stderr } = await runCli(['audit', folder], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}

const CONTRACTS = ['--contracts', 'bybit.json', '--funding', '0.0001'];
const ACCOUNTS = ['--account', 'm:exchange=bitmex,balance=1', '--account', 'y:exchange=bybit,balance=2'];
const TWO_VENUES = ['--data', 'XBTUSD.bitmex=XBTUSD.csv', '--data', 'XBTUSD.bybit=bybit.csv'];

describe('two exchanges', () => {
  it('when the example of the guide runs then both accounts trade, and the total is over both in one coin', async () => {
    const { code, stderr } = await run([
      ...['run', '--strategy', 'example.ts', '--verify', '--out', 'example', ...CONTRACTS],
      ...['--data', 'XBTUSD.bitmex=XBTUSD.csv', '--data', 'BTCUSD.bybit=BTCUSD.csv'],
      ...['--account', 'bitmex:exchange=bitmex', '--account', 'bybit:exchange=bybit'],
    ]);
    expect({ code, error: stderr.match(/^error.*/m)?.[0] }).toEqual({ code: 0, error: undefined });
    expect(stderr).toContain('--verify: the reference engine agrees');
    await expectAudited('example');
    const traded = new Set(
      rowsOf('example', 'trades').map((row) => row.join(' ').match(/bitmex XBTUSD|bybit BTCUSD/)?.[0]),
    );
    expect([...traded].sort()).toEqual(['bitmex XBTUSD', 'bybit BTCUSD']);
    const { accounts, total, prices } = summaryOf('example');
    expect(accounts.map(({ account, currency }) => `${account} ${currency}`)).toEqual(['bitmex XBT', 'bybit BTC']);
    expect(total).toMatchObject({ currency: 'XBT', start_equity: '2.00000000' });
    const pnl = accounts.reduce((sum, entry) => sum + Math.round(Number(entry['pnl']) * 1e8), 0);
    expect(Math.round(Number(total['pnl']) * 1e8)).toBe(pnl);
    expect(Number(total['closed_trades'])).toBeGreaterThan(1);
    expect(Object.keys(prices)).toEqual(['BTCUSD', 'XBTUSD']);
  });

  it('when one symbol is of two venues then each account trades the candles of its own', async () => {
    const args = ['run', '--strategy', 'both-ways.ts', ...TWO_VENUES, ...CONTRACTS, ...ACCOUNTS];
    const { code, stderr } = await run([...args, '--verify', '--out', 'venues']);
    expect({ code, error: stderr.match(/^error.*/m)?.[0] }).toEqual({ code: 0, error: undefined });
    expect(stderr).toContain('--verify: the reference engine agrees');
    expect(stderr).toMatch(/run folder: venues/);
    await expectAudited('venues');
    // The first fill of each is at an open of its own candles, and rows show the plain symbol.
    const fills = rowsOf('venues', 'trades');
    expect(fills.slice(0, 2).map((row) => row.join(' '))).toEqual([
      expect.stringMatching(/ m XBTUSD .* 10142\.5 100 /),
      expect.stringMatching(/ y XBTUSD .* 10152\.5 300 /),
    ]);
    expect(summaryOf('venues').prices).toMatchObject({
      'XBTUSD.bitmex': { first_open: '10000' },
      'XBTUSD.bybit': { first_open: '10010' },
    });
    const manifest = manifestOf('venues');
    expect(manifest['contracts']).toMatchObject([
      { venue: 'bitmex', symbol: 'XBTUSD', data: 'XBTUSD.bitmex', settle_currency: 'XBT', tick_size: '0.5' },
      { venue: 'bybit', symbol: 'XBTUSD', data: 'XBTUSD.bybit', settle_currency: 'BTC', tick_size: '0.1' },
    ]);
    expect(manifest['data']).toMatchObject([{ symbol: 'XBTUSD.bitmex' }, { symbol: 'XBTUSD.bybit' }]);
    expect(manifest['options']).toMatchObject({
      accounts: [
        { name: 'm', exchange: 'bitmex', contracts: 'bitmex', currency: 'XBT', taker_fee: '0.00075' },
        { name: 'y', exchange: 'bybit', contracts: 'bybit', currency: 'BTC', taker_fee: '0.0006' },
      ],
    });
  });

  it('when a figure of a total over both was changed then the audit finds it', async () => {
    const folder = join(cwd, 'changed');
    cpSync(join(cwd, 'venues'), folder, { recursive: true });
    const path = join(folder, 'summary.json');
    const { total } = summaryOf('changed');
    const at = readFileSync(path, 'utf8').lastIndexOf(String(total['end_equity']));
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, `${text.slice(0, at)}3.14159265${text.slice(at + String(total['end_equity']).length)}`);
    const { code, stderr } = await runCli(['audit', 'changed'], { cwd });
    expect(code).toBe(4);
    expect(stderr).toMatch(/total\.end_equity[\s\S]*3\.14159265/);
  });

  it('when candles name no venue then accounts of both exchanges trade them, each by its own contract', async () => {
    const args = ['run', '--strategy', 'both-ways.ts', '--data', 'XBTUSD.csv', ...CONTRACTS, ...ACCOUNTS];
    const { code, stderr } = await run([...args, '--verify', '--out', 'shared-candles']);
    expect({ code, error: stderr.match(/^error.*/m)?.[0] }).toEqual({ code: 0, error: undefined });
    expect(stderr).toContain('--verify: the reference engine agrees');
    await expectAudited('shared-candles');
    expect(manifestOf('shared-candles')['contracts']).toMatchObject([
      { venue: 'bitmex', data: 'XBTUSD' },
      { venue: 'bybit', data: 'XBTUSD' },
    ]);
    // Funding is due at 04:00, 12:00 and 20:00 on the one exchange, at 00:00, 08:00 and 16:00 on the other.
    const hours = (account: string): string[] => {
      const own = rowsOf('shared-candles', 'bills').filter((row) => row.includes('funding') && row.includes(account));
      return [...new Set(own.map((row) => row.join().match(/T(\d\d:\d\d)/)![1]!))].sort();
    };
    expect([hours('m'), hours('y')]).toEqual([
      ['04:00', '12:00', '20:00'],
      ['00:00', '08:00', '16:00'],
    ]);
  });

  it('when money goes from one exchange to another then it arrives under the name of the coin there', async () => {
    writeFiles(cwd, {
      'transfer.ts': `export default {
  initialize() { return { isDone: false }; },
  handleData({ accounts }, bar, state) {
    if (state.isDone) return;
    state.isDone = true;
    accounts.get('m').transfer('y', 0.25);
  },
};
`,
    });
    const args = ['run', '--strategy', 'transfer.ts', ...TWO_VENUES, ...CONTRACTS, ...ACCOUNTS];
    const { code, stderr } = await run([...args, '--verify', '--out', 'transfer']);
    expect({ code, error: stderr.match(/^error.*/m)?.[0] }).toEqual({ code: 0, error: undefined });
    await expectAudited('transfer');
    const { accounts, total } = summaryOf('transfer');
    expect(accounts.map((entry) => [entry['account'], entry['currency'], entry['end_equity']])).toEqual([
      ['m', 'XBT', '0.75000000'],
      ['y', 'BTC', '2.25000000'],
    ]);
    expect(total).toMatchObject({ currency: 'XBT', end_equity: '3.00000000', pnl: '0.00000000' });
  });

  it('when the strategy is checked then its calls on both exchanges are compared', async () => {
    const args = ['check', 'both-ways.ts', ...TWO_VENUES, ...CONTRACTS, ...ACCOUNTS, '--cuts', '2'];
    const { code, stdout, stderr } = await run([...args, '--format', 'csv']);
    expect({ code, error: stderr.match(/^error.*/m)?.[0] }).toEqual({ code: 0, error: undefined });
    expect(stdout).not.toContain('fail');
    expect(stderr).toMatch(/2 cuts, \d+ calls compared, all the same/);
  });

  it('when the configuration is printed then each account has the currency of its exchange', async () => {
    const args = ['run', '--strategy', 'both-ways.ts', ...TWO_VENUES, ...CONTRACTS];
    const accounts = ['--account', 'm', '--account', 'y:exchange=bybit'];
    const { code, stdout } = await run([...args, ...accounts, '--print-config']);
    expect(code).toBe(0);
    expect(stdout).toContain('exchange: null # default: bitmex');
    expect(stdout).toMatch(/balance: null # default: 1\.00000000XBT[\s\S]*balance: null # default: 1\.00000000BTC/);
  });
});

describe('replays on two exchanges', () => {
  it('when orders name symbols with and without their exchange then each goes to the candles of its account', async () => {
    const args = ['replay', '--orders', 'orders.csv', ...TWO_VENUES, ...CONTRACTS, ...ACCOUNTS];
    const { code, stderr } = await run([...args, '--verify', '--out', 'replayed']);
    expect({ code, error: stderr.match(/^error.*/m)?.[0] }).toEqual({ code: 0, error: undefined });
    await expectAudited('replayed');
    const fills = rowsOf('replayed', 'trades').map((row) => row.join(' '));
    expect(fills).toHaveLength(4);
    for (const row of fills) expect(row).toMatch(/ [my] XBTUSD /);
  });

  test.each([
    ['with candles of both', [...TWO_VENUES, '--funding', '0.0001'], 'fills-data'],
    ['without candles', [], 'fills-alone'],
  ])('when fills come %s then each is booked by the contract of its exchange', async (_how, data, folder) => {
    const args = ['replay', '--fills', 'fills.csv', '--contracts', 'bybit.json', ...data, ...ACCOUNTS];
    const { code, stderr } = await run([...args, '--out', folder]);
    expect({ code, error: stderr.match(/^error.*/m)?.[0] }).toEqual({ code: 0, error: undefined });
    await expectAudited(folder);
    const closed = rowsOf(folder, 'closed_trades').map((row) => row.join(' '));
    expect(closed).toHaveLength(2);
    expect(summaryOf(folder).accounts.map(({ currency }) => currency)).toEqual(['XBT', 'BTC']);
  });

  test.each<[string, string, string, RegExp]>([
    ['orders', 'm', 'XBTUSD.bybit', /account m does not trade XBTUSD\.bybit[\s\S]*m is an account of bitmex/],
    ['orders', 'y', 'ETHUSD', /there are no candles of ETHUSD[\s\S]*XBTUSD[\s\S]*add --data ETHUSD=FILE/],
    ['orders', 'z', 'XBTUSD', /there is no account of this name[\s\S]*m, y/],
    ['orders', 'm', 'XBTUSD.kraken', /account m does not trade XBTUSD\.kraken[\s\S]*m is an account of bitmex/],
    ['fills', 'y', 'XBTUSD.bitmex', /account y does not trade XBTUSD\.bitmex[\s\S]*y is an account of bybit/],
  ])('when a row of %s has account %s and symbol %s then it is refused', async (table, account, symbol, message) => {
    const row =
      table === 'orders'
        ? `time,account,symbol,side,position_effect,qty\n2020-03-01T03:00:00Z,${account},${symbol},buy,open,1\n`
        : `time,account,symbol,side,qty,price\n2020-03-01T03:00:00Z,${account},${symbol},buy,1,10000\n`;
    writeFiles(cwd, { 'refused.csv': row });
    const { code, stderr } = await run([
      'replay',
      `--${table}`,
      'refused.csv',
      ...TWO_VENUES,
      ...CONTRACTS,
      ...ACCOUNTS,
    ]);
    expect(code).toBe(3);
    expect(stderr).toMatch(message);
  });
});

describe('what is refused', () => {
  test.each<[string, string[], RegExp]>([
    [
      'no account is on the second venue',
      [...TWO_VENUES, '--account', 'm:exchange=bitmex'],
      /no account trades the candles of XBTUSD\.bybit[\s\S]*add --account NAME:exchange=bybit/,
    ],
    [
      'an account trades none of the candles',
      ['--data', 'XBTUSD.bitmex=XBTUSD.csv', ...ACCOUNTS],
      /--account y: exchange does not trade the candles of --data, which are of bitmex/,
    ],
    [
      'funding does not say of which venue it is',
      [...TWO_VENUES, ...ACCOUNTS, '--funding', 'XBTUSD=funding.csv'],
      /--funding does not tell which of XBTUSD\.bitmex, XBTUSD\.bybit it is of/,
    ],
  ])('when %s then it is a usage error', async (_what, options, message) => {
    const args = ['run', '--strategy', 'both-ways.ts', '--contracts', 'bybit.json', ...options];
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});
