/**
 * `backtest replay` inside the test runner, with real files and the real engine: orders as a table against the same orders of a
 * strategy, fills with and without candles, and what is refused. Every run folder is audited.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it, test } from '@jest/globals';
import { cwd, ENTRY, manifestOf, PAIR, run } from './fixtures/runSituation.js';
import { candles, FIRST_BAR_MS, writeFiles } from './fixtures/sampleFiles.js';

const HOUR_MS = 3_600_000;
const at = (hours: number): string => new Date(FIRST_BAR_MS + hours * HOUR_MS).toISOString();

/** Orders as a trader lists them: hours after the first open, then the cells of the table. */
const ORDERS: readonly (readonly [hours: number, cells: string])[] = [
  [1, 'XBTUSD,buy,open,1000,,,,stop_loss|stop_profit,9800|10900,,,5,first'],
  [1, 'XBTUSD,buy,open,200,,10050,,,,,,,'],
  [3, 'XBTUSD,sell,close,300,limit,10700,,,,,true,,'],
  [24, 'XBTUSD,sell,open,4000,,,,stop_loss_pct,0.02,price,,,turn'],
  [26, 'XBTUSD,buy,close,100,stop,,9850,,,,,,'],
  [60, 'XBTUSD,buy,open,90000000,,,,,,,,,too big'],
  [90, 'XBTUSD,buy,open,700,stop_limit,10200,10150,,,,,,'],
];
const HEADER =
  'time,symbol,side,position_effect,qty,type,price,trigger,order_style,order_style_value,order_style_base,reduce_only,leverage,tag';
const TABLE = [HEADER, ...ORDERS.map(([hours, cells]) => `${at(hours)},${cells}`), ''].join('\n');

/** The same orders, each given at the close that is its time. */
const STRATEGY = `const FIRST = ${FIRST_BAR_MS};
export default {
  handleData(context) {
    const { account } = context;
    const hours = (context.timeMs - FIRST) / ${HOUR_MS};
    const s = 'XBTUSD';
    if (hours === 1) {
      const orderStyle = [{ name: 'stop_loss', value: '9800' }, { name: 'stop_profit', value: '10900' }];
      account.longOpen(s, null, 1000, { orderStyle, leverage: 5, tag: 'first' });
      account.longOpen(s, 10050, 200);
    }
    if (hours === 3) account.longClose(s, 10700, 300, { reduceOnly: true });
    if (hours === 24) {
      const orderStyle = { name: 'stop_loss_pct', value: 0.02, base: 'price' };
      account.shortOpen(s, null, 4000, { orderStyle, tag: 'turn' });
    }
    if (hours === 26) account.shortClose(s, null, 100, { trigger: 9850 });
    if (hours === 60) account.longOpen(s, null, 90000000, { tag: 'too big' });
    if (hours === 90) account.longOpen(s, 10200, 700, { trigger: 10150 });
  },
};
`;

const DATA = ['--data', 'XBTUSD.csv', '--funding', '0.0001'];
const fill = (...rows: string[]): string => ['time,symbol,side,qty,price', ...rows, ''].join('\n');

beforeAll(() => {
  const rows = candles(240).trim().split('\n');
  writeFiles(cwd, {
    'replay/orders.csv': TABLE,
    'replay/orders.csv.gz': gzipSync(TABLE),
    'replay/same.ts': STRATEGY,
    'replay/gap/XBTUSD.csv': [...rows.slice(0, 50), ...rows.slice(60)].join('\n'),
    'replay/spot.json': JSON.stringify({ bitmex: { 'XBT/USDT': PAIR } }),
    'replay/two.json': JSON.stringify({ generic: { AAAUSDT: ENTRY, BBBUSDT: ENTRY } }),
  });
});

/** Writes a table, replays it and returns the rows of one table as objects. */
async function replayed(
  kind: 'orders' | 'fills',
  table: string,
  options: readonly string[],
  wanted = 'trades',
): Promise<Record<string, string>[]> {
  writeFiles(cwd, { [`replay/${kind}-here.csv`]: table });
  const out = ['--out', `replay/run`, '--table', wanted, '--format', 'csv'];
  const { code, stdout, stderr } = await run(['replay', `--${kind}`, `replay/${kind}-here.csv`, ...options, ...out]);
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  const audited = await run(['audit', 'replay/run']);
  expect(audited.stdout).toContain('all agree, to the last unit');
  const [head, ...lines] = stdout.trim().split('\n');
  const names = head!.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i]!, cell])));
}

/** Some columns of rows, as a trader would write them down. */
function columns(rows: readonly Record<string, string>[], names: string): string[] {
  return rows.map((row) =>
    names
      .split(' ')
      .map((name) => row[name])
      .join(' '),
  );
}

describe('orders', () => {
  test.each(['bills', 'trades', 'stop_trades', 'orders', 'closed_trades', 'balance', 'positions', 'summary'])(
    'when the same orders come from a table and from a strategy then %s is the same, byte for byte',
    async (table) => {
      const options = [...DATA, '--no-save', '--table', table, '--balance-every', 'bar,event'];
      const strategy = await run(['run', '--strategy', 'replay/same.ts', ...options]);
      const replay = await run(['replay', '--orders', 'replay/orders.csv', ...options]);
      expect({ code: replay.code, stdout: replay.stdout }).toEqual({ code: strategy.code, stdout: strategy.stdout });
      if (table === 'bills') expect(replay.stdout.split('\n').length).toBeGreaterThan(15);
    },
  );

  it('when the candles come on stdin and the table is packed then it is the same run', async () => {
    const options = ['--no-save', '--table', 'bills', '--funding', '0.0001'];
    const plain = await run(['replay', '--orders', 'replay/orders.csv', '--data', 'XBTUSD.csv', ...options]);
    const packed = await run([
      'replay',
      '--orders',
      'replay/orders.csv.gz',
      '--data',
      'packed/XBTUSD.csv.gz',
      ...options,
    ]);
    expect(packed).toMatchObject({ code: 0, stdout: plain.stdout });
  });

  it('when it is verified then the reference engine gives the same orders, those before the first bar too', async () => {
    const rows = TABLE.split('\n').toSpliced(1, 0, `${at(-30)},XBTUSD,buy,open,10,,,,,,,,,early`);
    writeFiles(cwd, { 'replay/early.csv': rows.join('\n') });
    const { code, stderr } = await run(['replay', '--orders', 'replay/early.csv', ...DATA, '--no-save', '--verify']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/the reference engine agrees in \d+ rows/);
  });

  it('when an order is due by the first open then it fills at that open', async () => {
    const table = `time,symbol,side,position_effect,qty\n${at(-1)},XBTUSD,buy,open,1\n${at(0)},XBTUSD,buy,open,2\n${at(0.5)},XBTUSD,buy,open,3\n`;
    const rows = await replayed('orders', table, DATA, 'trades');
    expect(columns(rows, 'time qty price')).toEqual([`${at(0)} 1 10000.0`, `${at(0)} 2 10000.0`, `${at(1)} 3 10142.5`]);
  });

  it('when the candles have a gap then an order of its time fills at the first open after it', async () => {
    const table = `time,symbol,side,position_effect,qty\n${at(49)},XBTUSD,buy,open,1\n${at(52.5)},XBTUSD,buy,open,2\n`;
    const rows = await replayed('orders', table, ['--data', 'replay/gap/XBTUSD.csv', '--funding', '0'], 'trades');
    expect(columns(rows, 'time qty')).toEqual([`${at(59)} 1`, `${at(59)} 2`]);
  });

  it('when orders lie after the last open then they are counted in a warning, under --strict an error of the data', async () => {
    const table = `time,symbol,side,position_effect,qty\n${at(1)},XBTUSD,buy,open,1\n${at(239.5)},XBTUSD,buy,open,1\n${at(900)},XBTUSD,buy,open,1\n`;
    writeFiles(cwd, { 'replay/late.csv': table });
    const argv = ['replay', '--orders', 'replay/late.csv', ...DATA, '--no-save', '--table', 'orders'];
    const loose = await run(argv);
    expect(loose.code).toBe(0);
    expect(loose.stdout.trim().split('\n')).toHaveLength(2);
    expect(loose.stderr).toContain(
      `orders after the end of the run were not given: 2, the first in ${join(cwd, 'replay/late.csv')}:3`,
    );
    expect((await run([...argv, '--strict'])).code).toBe(3);
  });

  it('when there are several accounts and a spot pair then each row goes where it says', async () => {
    const table = [
      'time,account,symbol,side,position_effect,qty',
      `${at(1)},b,XBT/USDT,buy,open,0.01`,
      `${at(2)},a,XBT/USDT,buy,open,0.02`,
      `${at(3)},b,XBT/USDT,sell,close,0.01`,
      `${at(4)},,XBT/USDT,sell,open,0.01`,
    ].join('\n');
    const accounts = ['--account', 'a:balance=1000USDT', '--account', 'b:balance=1000USDT'];
    const data = ['--data', 'XBT/USDT=XBTUSD.csv', '--contracts', 'replay/spot.json', ...accounts];
    const rows = await replayed('orders', table, data, 'orders');
    expect(columns(rows, 'account side qty status reason')).toEqual([
      'b buy 0.0100 filled ',
      'a buy 0.0200 filled ',
      'b sell 0.0100 filled ',
      'a sell 0.0100 rejected spot_pair',
    ]);
  });

  it('when it is saved then the manifest says what was replayed', async () => {
    await replayed('orders', TABLE, DATA);
    expect(manifestOf('replay/run')).toMatchObject({
      command: 'replay',
      strategy: null,
      params: {},
      files: [{ file: join(cwd, 'replay/orders-here.csv') }],
      options: { orders: 'replay/orders-here.csv', fills: null },
    });
  });
});

describe('fills without candles', () => {
  it('when fills are given then each is one row, a flip two, in the order of the table', async () => {
    const table = [
      'time,symbol,side,qty,price,fee,liquidity,order_id',
      `${at(1)},XBTUSD,buy,1000,10000.123,,maker,5f2c-77`,
      `${at(1)},XBTUSD,sell,1500,10100,0.0003,,123456789012345678`,
      `${at(2)},XBTUSD,buy,500,10000,-0.00001,,`,
    ].join('\n');
    const rows = await replayed('fills', table, []);
    expect(
      columns(rows, 'time order_id side position_effect price qty amount commission realized_pnl liquidity reason'),
    ).toEqual([
      `${at(1)} 5f2c-77 buy open 10000.123 1000 0.10000000 -0.00002500 0.00000000 maker replay`,
      `${at(1)} 123456789012345678 sell close 10100.0 1000 0.09901000 0.00020000 0.00099000 taker replay`,
      `${at(1)} 123456789012345678 sell open 10100.0 500 0.04950500 0.00010000 0.00000000 taker replay`,
      `${at(2)}  buy close 10000.0 500 0.05000000 -0.00001000 0.00049500 taker replay`,
    ]);
  });

  it('when rows are given as JSON then ids of an exchange are texts, so that no reader rounds them', async () => {
    writeFiles(cwd, {
      'replay/ids.csv': `time,symbol,side,qty,price,order_id\n${at(1)},XBTUSD,buy,1,9000,123456789012345678\n${at(1)},XBTUSD,buy,1,9000,12\n`,
    });
    const { stdout } = await run([
      'replay',
      '--fills',
      'replay/ids.csv',
      '--no-save',
      '--table',
      'trades',
      '--format',
      'json',
    ]);
    expect(JSON.parse(stdout)).toMatchObject([{ order_id: '123456789012345678' }, { order_id: 12 }]);
  });

  it('when two accounts fill in one millisecond then the rows stay in the order of the table', async () => {
    const table = [
      'time,account,symbol,side,qty,price',
      `${at(1)},b,XBTUSD,buy,1,9000`,
      `${at(1)},a,XBTUSD,buy,2,9000`,
      `${at(1)},b,XBTUSD,buy,3,9000`,
    ].join('\n');
    const rows = await replayed('fills', table, ['--account', 'a:balance=1', '--account', 'b:balance=1']);
    expect(columns(rows, 'id account qty')).toEqual(['1 b 1', '2 a 2', '3 b 3']);
  });

  test.each([
    ['newest first', [3, 2, 1], 'newest first'],
    ['out of order', [1, 3, 2], 'they were sorted'],
  ])('when the rows are %s then they are settled by time, and the run says so', async (_how, hours, note) => {
    const rows = hours.map((hour) => `${at(hour)},XBTUSD,buy,${hour},9000`);
    writeFiles(cwd, { 'replay/turned.csv': fill(...rows) });
    const { stdout, stderr } = await run(['replay', '--fills', 'replay/turned.csv', '--no-save', '--table', 'trades']);
    expect(
      stdout
        .trim()
        .split('\n')
        .slice(1)
        .map((row) => row.split(',')[8]),
    ).toEqual(['1', '2', '3']);
    expect(stderr).toContain(note);
  });

  it('when a position is turned round twice within a millisecond then every round has its own bills', async () => {
    const table = fill(
      `${at(1)},XBTUSD,sell,100,9000`,
      `${at(2)},XBTUSD,buy,150,9100`,
      `${at(2)},XBTUSD,sell,80,9200`,
      `${at(3)},XBTUSD,buy,30,9300`,
    );
    const rows = await replayed('fills', table, [], 'closed_trades');
    expect(columns(rows, 'side qty gross_pnl')).toEqual([
      'short 100 -0.00012200',
      'long 50 0.00005950',
      'short 30 -0.00003510',
    ]);
  });

  it('when more is lost than there is then nothing is liquidated or insured, and the wallet is below zero', async () => {
    const table = fill(
      `${at(1)},XBTUSD,buy,100000,10000`,
      `${at(2)},XBTUSD,buy,1,5000`,
      `${at(3)},XBTUSD,sell,100001,5000`,
      `${at(4)},XBTUSD,buy,10,5000`,
    );
    const bills = await replayed('fills', table, ['--fee-taker', '0'], 'bills');
    expect(columns(bills, 'type amount balance_after')).toEqual([
      'deposit 1.00000000 1.00000000',
      'realized_pnl -10.00000000 -9.00000000',
    ]);
    const trades = await replayed('fills', table, ['--fee-taker', '0']);
    expect(trades).toHaveLength(4);
  });

  it('when funding is given then it is paid at the last fill', async () => {
    const table = fill(`${at(3)},XBTUSD,buy,10000,10000`, `${at(5)},XBTUSD,sell,10000,10000`);
    const rows = await replayed('fills', table, ['--funding', '0.0001', '--fee-taker', '0'], 'bills');
    expect(columns(rows, 'time type amount')).toEqual([`${at(3)} deposit 1.00000000`, `${at(4)} funding -0.00010000`]);
  });

  it('when the account is hedged then the position effect says which side a fill is of', async () => {
    const table = [
      'time,symbol,side,position_effect,qty,price',
      `${at(1)},XBTUSD,buy,open,100,9000`,
      `${at(2)},XBTUSD,sell,open,50,9000`,
      `${at(3)},XBTUSD,sell,close,100,9500`,
      `${at(4)},XBTUSD,buy,close,50,9500`,
    ].join('\n');
    const rows = await replayed('fills', table, ['--account', 'main:position_mode=hedged'], 'closed_trades');
    expect(columns(rows, 'side qty gross_pnl exit_reason')).toEqual([
      'long 100 0.00058500 replay',
      'short 50 -0.00029250 replay',
    ]);
  });

  it('when fills are of a spot pair then money and coins change hands, whatever there is', async () => {
    const table = fill(`${at(1)},XBT/USDT,buy,0.5,10000`, `${at(2)},XBT/USDT,sell,0.75,12000`);
    const options = ['--contracts', 'replay/spot.json', '--account', 'main:exchange=bitmex,balance=100USDT'];
    const rows = await replayed('fills', table, options, 'bills');
    expect(columns(rows, 'currency type amount balance_after')).toEqual([
      'USDT deposit 100.00000000 100.00000000',
      'USDT spot_buy -5000.00000000 -4900.00000000',
      'XBT spot_buy 0.50000000 0.50000000',
      'USDT fee -5.00000000 -4905.00000000',
      'USDT spot_sell 9000.00000000 4095.00000000',
      'XBT spot_sell -0.75000000 -0.25000000',
      'USDT fee -9.00000000 4086.00000000',
    ]);
  });

  it('when symbols are several then each has its own last fill as its mark', async () => {
    const table = fill(`${at(1)},AAAUSDT,buy,2,100`, `${at(2)},BBBUSDT,sell,3,50`, `${at(3)},AAAUSDT,buy,1,110`);
    const options = ['--contracts', 'replay/two.json', '--account', 'main:balance=1000,taker_fee=0'];
    const rows = await replayed('fills', table, options, 'positions');
    expect(columns(rows, 'symbol side total mark_price unrealized_pnl')).toEqual([
      'AAAUSDT long 3 110.0 20.00000000',
      'BBBUSDT short 3 50.0 0.00000000',
    ]);
  });
});

describe('fills with candles', () => {
  it('when fills lie at opens, inside bars and at closes then each acts at its time', async () => {
    const table = fill(
      `${at(0)},XBTUSD,buy,1,10000`,
      `${at(0.25)},XBTUSD,buy,2,10050`,
      `${at(1)},XBTUSD,buy,3,10100`,
      `${at(239.999)},XBTUSD,buy,4,9700`,
      `${at(240)},XBTUSD,buy,5,9700`,
    );
    const rows = await replayed('fills', table, [...DATA, '--balance-every', 'event']);
    expect(columns(rows, 'time qty')).toEqual([0, 0.25, 1, 239.999, 240].map((hours, i) => `${at(hours)} ${i + 1}`));
  });

  it('when a fill comes before and after funding then funding is on what is held at its time', async () => {
    const table = fill(
      `${at(4)},XBTUSD,buy,1000,10000`,
      `${at(11.9)},XBTUSD,buy,1000,10000`,
      `${at(12)},XBTUSD,buy,1000,10000`,
      `${at(20.1)},XBTUSD,sell,3000,10000`,
    );
    const mark = (hours: number): number => 10_000 + Math.round(2000 * Math.sin(hours / 7)) / 2;
    const rows = await replayed('fills', table, [...DATA, '--fee-taker', '0'], 'bills');
    const paid = rows.filter(({ type }) => type === 'funding');
    const expected = [
      [12, 2000],
      [20, 3000],
    ].map(
      ([hours, qty]) =>
        `${at(hours!)} ${(-Math.round(qty! * Math.round(1e8 / mark(hours!)) * 0.0001) / 1e8).toFixed(8)}`,
    );
    expect(columns(paid, 'time amount')).toEqual(expected);
  });

  it('when a fill leaves a position that the candles liquidate then it is taken over at its time, not without them', async () => {
    const table = fill(`${at(6.5)},XBTUSD,buy,50000,10800`, `${at(100)},XBTUSD,buy,10,10000`);
    const options = ['--leverage', '20', '--balance', '0.3'];
    const rows = await replayed('fills', table, [...DATA, ...options]);
    expect(columns(rows, 'side position_effect qty reason')).toEqual([
      'buy open 50000 replay',
      'sell close 50000 liquidation',
      // The account is bankrupt by then.
      'buy open 10 replay',
      'sell close 10 liquidation',
    ]);
    expect(rows[1]!['time']! > at(7) && rows[1]!['time']! < at(100)).toBe(true);
    const alone = await replayed('fills', table, options);
    expect(columns(alone, 'qty reason')).toEqual(['50000 replay', '10 replay']);
  });

  it('when a fill is to close what was liquidated then what is too much is counted, under --strict an error of the data', async () => {
    const table = `time,symbol,side,position_effect,qty,price\n${at(6.5)},XBTUSD,buy,open,50000,10800\n${at(100)},XBTUSD,sell,close,50000,10000\n`;
    writeFiles(cwd, { 'replay/cut.csv': table });
    const options = [...DATA, '--leverage', '20', '--balance', '0.3', '--no-save', '--table', 'trades'];
    const { code, stdout, stderr } = await run(['replay', '--fills', 'replay/cut.csv', ...options]);
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(3);
    expect(stderr).toContain('1 fills closed more than was held');
    expect((await run(['replay', '--fills', 'replay/cut.csv', ...options, '--strict'])).code).toBe(3);
  });

  it('when the fills of a run are replayed on its candles then the wallet is the same, to the last unit', async () => {
    const argv = ['--data', 'XBTUSD.csv', '--funding', '0'];
    await run(['run', '--strategy', 'stops.ts', ...argv, '--out', 'replay/own', '--table', 'trades']);
    const [, ...lines] = readFileSync(join(cwd, 'replay/own/trades.csv'), 'utf8').trim().split('\n');
    const rows = lines.map((line) => line.split(',')).map((c) => [c[1], c[3], c[5], c[8], c[7], c[6]].join(','));
    const table = ['time,symbol,side,qty,price,position_effect', ...rows].join('\n');
    const own = readFileSync(join(cwd, 'replay/own/bills.csv'), 'utf8').trim().split('\n').at(-1)!.split(',')[8];
    const bills = await replayed('fills', table, argv, 'bills');
    expect(rows.length).toBeGreaterThan(4);
    expect(bills.at(-1)!['balance_after']).toBe(own);
  });

  it('when fills lie after the last candle then they are counted in a warning, under --strict an error of the data', async () => {
    writeFiles(cwd, { 'replay/after.csv': fill(`${at(1)},XBTUSD,buy,1,10000`, `${at(241)},XBTUSD,buy,1,10000`) });
    const argv = ['replay', '--fills', 'replay/after.csv', ...DATA, '--no-save', '--table', 'trades'];
    const { code, stdout, stderr } = await run(argv);
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(2);
    expect(stderr).toContain(
      `fills after the end of the run were not settled: 1, the first in ${join(cwd, 'replay/after.csv')}:3`,
    );
    expect((await run([...argv, '--strict'])).code).toBe(3);
  });

  it('when a fill inside a bar joins a cross position of another symbol then both are judged together from its time on', async () => {
    const head = 'timestamp,open,high,low,close';
    writeFiles(cwd, {
      'replay/both/AAAUSDT.csv': [head, `${at(0)},100,100,100,100`, `${at(1)},100,100,100,100`].join('\n'),
      'replay/both/BBBUSDT.csv': [head, `${at(0)},100,100,100,100`, `${at(1)},100,130,100,130`].join('\n'),
    });
    const table = fill(`${at(0)},AAAUSDT,buy,10,100`, `${at(1.5)},BBBUSDT,sell,60,110`);
    const data = ['--data', 'replay/both/AAAUSDT.csv', '--data', 'replay/both/BBBUSDT.csv', '--funding', '0'];
    const options = [
      ...data,
      '--contracts',
      'replay/two.json',
      '--account',
      'main:balance=500,leverage=20,taker_fee=0',
    ];
    const trades = await replayed('fills', table, options);
    expect(columns(trades, 'symbol side qty reason')).toEqual([
      'AAAUSDT buy 10 replay',
      'BBBUSDT sell 60 replay',
      'AAAUSDT sell 10 liquidation',
      'BBBUSDT buy 60 liquidation',
    ]);
    expect(trades[2]!['time']! > at(1.5) && trades[2]!['time']! < at(2)).toBe(true);
  });

  it('when an isolated position is given a fill inside a bar then the worse way through the rest of the bar is taken', async () => {
    const rows = [
      'timestamp,open,high,low,close',
      `${at(0)},10000,10000,10000,10000`,
      `${at(1)},10000,11000,9000,10000`,
    ];
    writeFiles(cwd, { 'replay/wide/XBTUSD.csv': rows.join('\n') });
    const table = fill(`${at(1.1)},XBTUSD,buy,5000,10000`);
    const options = ['--data', 'replay/wide/XBTUSD.csv', '--funding', '0', '--mode', 'isolated', '--leverage', '20'];
    const trades = await replayed('fills', table, options);
    expect(columns(trades, 'qty reason')).toEqual(['5000 replay', '5000 liquidation']);
  });
});

describe('fills that are verified', () => {
  const table = [
    'time,account,symbol,side,position_effect,qty,price,fee,order_id',
    `${at(1)},b,XBTUSD,buy,,1000,10100,,7`,
    `${at(1)},a,XBTUSD,sell,,50000,10120.25,0.0003,x-1`,
    `${at(4)},b,XBTUSD,sell,,2500,10150,0.00011,`,
    `${at(11.3)},a,XBTUSD,buy,close,60000,10700,,`,
    `${at(12)},b,XBTUSD,buy,,1500,10600,,`,
    `${at(55)},a,XBTUSD,buy,,90000,9900,,`,
    `${at(230)},b,XBTUSD,buy,,7,9700.125,,`,
    `${at(240)},b,XBTUSD,sell,,7,9700.125,,`,
    `${at(300)},b,XBTUSD,sell,,7,9700.125,,`,
  ].join('\n');
  const accounts = ['--account', 'a:balance=0.4,leverage=20', '--account', 'b:balance=1,mode=isolated'];
  const funding = ['--funding', '0.0001'];

  beforeAll(() =>
    writeFiles(cwd, { 'replay/told.csv': table, 'replay/alone.csv': table.replace('close,60000', 'close,50000') }),
  );

  test.each<[string, string[]]>([
    ['without candles', ['--fills', 'replay/alone.csv', ...funding]],
    ['with candles', ['--fills', 'replay/told.csv', ...DATA]],
    ['with candles that have a gap', ['--fills', 'replay/told.csv', '--data', 'replay/gap/XBTUSD.csv', ...funding]],
    ['up to their last close', ['--fills', 'replay/told.csv', ...DATA, '--to', at(230)]],
  ])('when they are settled %s then the reference engine agrees', async (_how, argv) => {
    const options = [...accounts, '--balance-every', 'bar,event', '--no-save', '--table', 'trades', '--verify'];
    const { code, stderr } = await run(['replay', ...argv, ...options]);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/the reference engine agrees in \d+ rows/),
    });
  });
});

describe('beside a config file', () => {
  it('when it is one of a run then its strategy and parameters are passed over, and a flag wins', async () => {
    const config =
      'strategy: nowhere.ts\nparams:\n  fast: 3\ntimeframe: 7h\ndata: XBTUSD.csv\nfunding: 0.0001\nleverage: 3\n';
    writeFiles(cwd, { 'replay/config.yaml': config.replace('XBTUSD', '../XBTUSD') });
    const options = ['--orders', 'replay/orders.csv', '--no-save', '--table', 'bills'];
    const configured = await run(['replay', ...options, '--config', 'replay/config.yaml', '--leverage', '4']);
    const plain = await run(['replay', ...options, ...DATA, '--leverage', '4']);
    expect(configured).toMatchObject({ code: 0, stdout: plain.stdout });
  });
});

describe('what is refused', () => {
  const orders = (row: string): string => `time,symbol,side,position_effect,qty,price,type\n${row}\n`;

  test.each<[string, string[], string, number, string]>([
    ['no table', ['--data', 'XBTUSD.csv'], '', 2, '--orders or --fills is required'],
    ['both tables', ['--orders', 'T', '--fills', 'T', ...DATA], fill(), 2, 'is a second table'],
    ['orders without candles', ['--orders', 'T'], TABLE, 2, '--orders needs candles'],
    ['a strategy', ['--orders', 'T', '--strategy', 'x.ts'], TABLE, 2, "unknown option '--strategy'"],
    [
      'marks without candles',
      ['--fills', 'T', '--mark', 'mark.csv'],
      fill(`${at(1)},XBTUSD,buy,1,9000`),
      2,
      'needs candles beside it',
    ],
    ['a table that is not there', ['--fills', 'nowhere.csv'], '', 3, 'nowhere.csv'],
    ['an empty table', ['--fills', 'T'], '', 3, 'the file is empty'],
    ['a header alone', ['--fills', 'T'], fill(), 3, 'no fills'],
    ['an unknown column', ['--fills', 'T'], 'time,symbol,side,qty,price,fees\n', 3, 'T:1, column fees'],
    ['a missing column', ['--fills', 'T'], 'time,symbol,side,qty\n', 3, 'the header lacks price'],
    ['a bad time', ['--fills', 'T'], fill('soon,XBTUSD,buy,1,9000'), 3, 'T:2, column time'],
    ['a bad side', ['--fills', 'T'], fill(`${at(1)},XBTUSD,long,1,9000`), 3, 'T:2, column side'],
    ['a bad quantity', ['--fills', 'T'], fill(`${at(1)},XBTUSD,buy,-1,9000`), 3, 'T:2, column qty'],
    ['a finer quantity', ['--fills', 'T'], fill(`${at(1)},XBTUSD,buy,1.5,9000`), 3, 'T:2, column qty'],
    ['a bad price', ['--fills', 'T'], fill(`${at(1)},XBTUSD,buy,1,`), 3, 'T:2, column price'],
    ['an unknown symbol', ['--fills', 'T'], fill(`${at(1)},NOPEUSD,buy,1,9000`), 2, '"NOPEUSD"'],
    [
      'a fill without candles of its own',
      ['--fills', 'T', ...DATA],
      fill(`${at(1)},ETHUSD,buy,1,9000`),
      3,
      'T:2, column symbol',
    ],
    [
      'a fill before the candles',
      ['--fills', 'T', ...DATA],
      fill(`${at(-1)},XBTUSD,buy,1,9000`),
      3,
      'T:2, column time',
    ],
    [
      'a fill before --from',
      ['--fills', 'T', '--from', at(2)],
      fill(`${at(1)},XBTUSD,buy,1,9000`, `${at(3)},XBTUSD,buy,1,9000`),
      3,
      'T:2, column time',
    ],
    [
      'a close of nothing',
      ['--fills', 'T'],
      `time,symbol,side,qty,price,position_effect\n${at(1)},XBTUSD,sell,1,9000,close\n`,
      3,
      'T:2, column qty',
    ],
    [
      'a hedge without effect',
      ['--fills', 'T', '--account', 'main:position_mode=hedged'],
      fill(`${at(1)},XBTUSD,buy,1,9000`),
      3,
      'T:2, column position_effect',
    ],
    [
      'an unknown account',
      ['--fills', 'T'],
      `time,account,symbol,side,qty,price\n${at(1)},me,XBTUSD,buy,1,9000\n`,
      3,
      'T:2, column account',
    ],
    [
      'a formula for an order',
      ['--fills', 'T'],
      `time,symbol,side,qty,price,order_id\n${at(1)},XBTUSD,buy,1,9000,=A1\n`,
      3,
      'T:2, column order_id',
    ],
    [
      'orders out of order',
      ['--orders', 'T', ...DATA],
      orders(`${at(2)},XBTUSD,buy,open,1,,\n${at(1)},XBTUSD,buy,open,1,,`),
      3,
      'T:3, column time',
    ],
    [
      'a limit without a price',
      ['--orders', 'T', ...DATA],
      orders(`${at(2)},XBTUSD,buy,open,1,,limit`),
      3,
      'T:2, column price',
    ],
    [
      'a market order with one',
      ['--orders', 'T', ...DATA],
      orders(`${at(2)},XBTUSD,buy,open,1,9000,market`),
      3,
      'T:2, column price',
    ],
    [
      'an order of another symbol',
      ['--orders', 'T', ...DATA],
      orders(`${at(2)},ETHUSD,buy,open,1,,`),
      3,
      'T:2, column symbol',
    ],
    ['a row cut short', ['--orders', 'T', ...DATA], orders(`${at(2)},XBTUSD,buy`), 3, 'T:2, column position_effect'],
  ])('when it is %s then the error says what and where', async (_what, argv, table, code, message) => {
    writeFiles(cwd, { 'replay/T.csv': table });
    const here = argv.map((one) => (one === 'T' ? 'replay/T.csv' : one));
    const ran = await run(['replay', ...here, '--no-save']);
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code, stdout: '' });
    expect(ran.stderr).toContain(message.replace(/^T:/, 'replay/T.csv:'));
  });

  test.each([
    ['order_style_value', 'stop_loss|stop_profit', '9000', ''],
    ['order_style_value', '', '9000', ''],
    ['order_style_value', 'stop_loss', 'far', ''],
    ['order_style', 'stop', '9000', ''],
    ['order_style_base', 'stop_loss_pct', '0.1', 'margin'],
    ['order_style_base', 'stop_loss_pct', '0.1', 'roe|roe'],
  ])('when %s is wrong in %j, %j, %j then the error names its cell', async (column, style, value, base) => {
    const header = 'time,symbol,side,position_effect,qty,order_style,order_style_value,order_style_base';
    writeFiles(cwd, { 'replay/T.csv': `${header}\n${at(1)},XBTUSD,buy,open,1,${style},${value},${base}\n` });
    const { code, stderr } = await run(['replay', '--orders', 'replay/T.csv', ...DATA, '--no-save']);
    expect(code).toBe(3);
    expect(stderr).toContain(`replay/T.csv:2, column ${column}`);
  });
});
