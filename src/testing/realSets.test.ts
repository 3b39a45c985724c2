/**
 * Real crashes through both engines: `--verify` settles each run a second time and compares every row, `audit` adds its tables up
 * again. Five Bybit symbols as one cross account over 2025-10-10, OKX in 2022 with mark candles, a symbol whose funding interval
 * changes, BitMEX in March 2020. Runs where the shared market data are; says so where they are not. The strategy is a stub that
 * takes risk, so that liquidations happen.
 */

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { runCli } from '../cli/fixtures/testProcess.js';

const DATA = resolve(dirname(fileURLToPath(import.meta.url)), '../../../shared/data');
const at = (path: string): string => join(DATA, path);

/** Figures that the listings leave to the user; here any will do, both engines get the same. */
const GIVEN = { initial_margin: '0.02', maintenance_margin: '0.01', maker_fee: '0.0002', taker_fee: '0.00055' };
const LINEAR = {
  ...GIVEN,
  type: 'linear',
  quote_currency: 'USDT',
  settle_currency: 'USDT',
  min_qty: '1',
  fund_time: ['00:00:00', '08:00:00', '16:00:00'],
};
const CONTRACTS = {
  bybit: Object.fromEntries(['BTC', 'ETH', 'SOL', 'ADA', 'APE'].map((coin) => [`${coin}USDT`, GIVEN])),
  generic: {
    ETHUSDT: { ...LINEAR, multiplier: '0.01', tick_size: '0.01' },
    SOLUSDT: { ...LINEAR, multiplier: '0.1', tick_size: '0.001' },
    LAYERUSDT: { ...LINEAR, multiplier: '1', tick_size: '0.0001' },
  },
};

const STRATEGY = `
  import { defineStrategy } from 'backtest';
  export default defineStrategy({
    params: { pct: 0.2, every: 97 },
    handleData(context) {
      const { account, params } = context;
      for (const symbol of context.symbols) {
        if (context.bar(symbol) === undefined || account.bankrupt) continue;
        const { length } = context.bars(symbol);
        if (account.position(symbol).qty === 0 && length % params.every === 0) {
          account.longOpenPct(symbol, null, params.pct, { orderStyle: { name: 'stop_profit_pct', value: 0.03 } });
        } else if (length % (5 * params.every) === 0) account.longClosePct(symbol, null, 0.5);
      }
    },
  });`;

interface RealSet {
  readonly name: string;
  readonly files: readonly string[];
  readonly args: readonly string[];
}

function bybit(venue: string): RealSet {
  const coins = ['BTC', 'ETH', 'SOL', 'ADA', 'APE'];
  const args = coins.flatMap((coin) => {
    const candles = at(`candles/bybit_${coin}USDT_5m_2025-09.csv${coin === 'BTC' ? '.gz' : ''}`);
    const mark = at(`mark/bybit_${coin}USDT_mark_1h_2025-09_2026-07.csv`);
    const funding = at(`funding/bybit_${coin}USDT_funding_2025-09_2026-07.csv`);
    const name = `${coin}USDT`;
    return ['--data', `${name}.bybit=${candles}`, '--mark', `${name}=${mark}`, '--funding', `${name}=${funding}`];
  });
  const account = `main:exchange=${venue},balance=5000USDT,leverage=20`;
  const period = ['--from', '2025-10-10', '--to', '2025-10-12'];
  return {
    name: `five ${venue} symbols in one cross account`,
    files: filesOf(args),
    args: [...args, ...period, '--account', account],
  };
}

const filesOf = (args: readonly string[]): string[] =>
  args.filter((arg) => arg.includes(DATA)).map((arg) => arg.slice(arg.indexOf(DATA)));

function set(name: string, args: readonly string[]): RealSet {
  return { name, files: filesOf(args), args };
}

const SETS: readonly RealSet[] = [
  bybit('bybit'),
  bybit('bybit_uta'),
  set('OKX in November 2022, two symbols with mark candles', [
    ...['--data', `ETHUSDT.generic=${at('candles/okx_ETHUSDT_5m_2022-05_2022-12.csv.gz')}`],
    ...['--mark', `ETHUSDT=${at('mark/okx_ETHUSDT_mark_1h_2022-05_2022-12.csv')}`],
    ...['--data', `SOLUSDT.generic=${at('candles/okx_SOLUSDT_5m_2022-05_2022-12.csv.gz')}`],
    ...['--mark', `SOLUSDT=${at('mark/okx_SOLUSDT_mark_1h_2022-05_2022-12.csv')}`],
    ...['--from', '2022-11-07', '--to', '2022-11-12'],
    ...['--account', 'main:balance=5000USDT,leverage=25,mode=isolated,position_mode=hedged,auto_margin=true'],
  ]),
  set('LAYER with funding of four hours and of one', [
    ...['--data', `LAYERUSDT.generic=${at('candles/binance_LAYERUSDT_1m_2025-05.csv.gz')}`],
    ...['--funding', `LAYERUSDT=${at('funding/binance_LAYERUSDT_funding_2025-03_2025-06.csv')}`],
    ...['--from', '2025-05-06', '--to', '2025-05-06T18:00', '--account', 'main:balance=5000USDT,leverage=10'],
  ]),
  set('BitMEX on 12 and 13 March 2020', [
    ...['--data', `XBTUSD=${at('candles/bitmex_XBTUSD_1m_2020-03.csv.gz')}`],
    ...['--funding', `XBTUSD=${at('funding/bitmex_XBTUSD_funding_2016-05_2020-06.csv')}`],
    ...['--from', '2020-03-12', '--to', '2020-03-14', '--account', 'main:balance=1XBT,leverage=10,mode=isolated'],
  ]),
];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'real-sets-'));
  writeFileSync(join(folder, 'risk.ts'), STRATEGY);
  writeFileSync(join(folder, 'contracts.json'), JSON.stringify(CONTRACTS));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const present = SETS.filter(({ files }) => files.every((file) => existsSync(file)));
if (present.length < SETS.length) {
  const names = SETS.filter((one) => !present.includes(one)).map(({ name }) => name);
  process.stderr.write(`left out, no market data at ${DATA}: ${names.join('; ')}\n`);
}

describe('real crashes', () => {
  it('when the market data are not here then their runs are left out', () => {
    expect(present.every(({ files }) => files.length > 0)).toBe(true);
  });

  if (present.length === 0) return;
  test.each(present)(
    'when $name is settled then both engines write the same, and the tables add up',
    async ({ args }) => {
      const out = join(folder, 'out');
      const fixed = ['--strategy', 'risk.ts', '--contracts', 'contracts.json', '--verify', '--out', out];
      const ran = await runCli(['run', ...fixed, ...args], { cwd: folder });
      expect(ran.stderr).toMatch(/verif/i);
      expect(ran.code).toBe(0);
      const trades = readFileSync(join(out, 'trades.csv'), 'utf8').trim().split('\n').slice(1);
      expect(trades.length).toBeGreaterThan(1);
      // A second liquidation would close more than is held, which the audit sees; one too late would leave such a row at a midnight.
      expect(readFileSync(join(out, 'positions.csv'), 'utf8')).not.toContain(',liquidation\n');
      const audited = await runCli(['audit', out], { cwd: folder });
      expect([audited.code, audited.stderr]).toEqual([0, '']);
    },
    180_000,
  );
});
