/**
 * Real files, end to end through the command line: BitMEX XBTUSD of March 2020 with its funding, and a year of one-minute bars
 * against published results. What is expected is worked out here by hand, from the candles' cells, not by the engine's
 * functions. Runs where the shared market data are; says so where they are not.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../cli/fixtures/testProcess.js';

const SHARED = resolve(dirname(fileURLToPath(import.meta.url)), '../../../shared');
const CANDLES = join(SHARED, 'data/candles/bitmex_XBTUSD_1m_2020-03.csv.gz');
const FUNDING = join(SHARED, 'data/funding/bitmex_XBTUSD_funding_2016-05_2020-06.csv');
const GENERATOR = join(SHARED, 'bench/gen.py');

const withCandles = existsSync(CANDLES) ? describe : absent('market data', CANDLES);
const withGenerator = existsSync(GENERATOR) && hasPython() ? describe : absent('one-year benchmark file', GENERATOR);

/** Says once that a group of tests has no data here, and leaves a test that says the same. */
function absent(what: string, path: string): (name: string, body: () => void) => void {
  return (name) => {
    process.stderr.write(`left out, no ${what} at ${path}: ${name}\n`);
    it(`${name}: left out, no ${what} here`, () => expect(existsSync(path) && hasPython()).toBe(false));
  };
}

function hasPython(): boolean {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'real-data-'));
  for (const [name, code] of Object.entries(STRATEGIES)) writeFileSync(join(folder, name), code);
  writeFileSync(join(folder, 'contracts.json'), JSON.stringify(LINEAR));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const STRATEGIES = {
  'long.ts': `
    import { defineStrategy } from 'backtest';
    export default defineStrategy({
      initialize(context) {
        context.account.setMode('isolated');
        context.account.setMaxLeverage(10);
        return { done: false };
      },
      handleData(context, _bar, state) {
        if (!state.done) context.account.longOpen(context.symbol, null, 10_000);
        state.done = true;
      },
    });`,
  'short.ts': `
    import { defineStrategy } from 'backtest';
    export default defineStrategy({
      initialize: () => ({ done: false }),
      handleData(context, _bar, state) {
        if (!state.done) context.account.shortOpenPct(context.symbol, null, 1);
        state.done = true;
      },
    });`,
  'flip.ts': `
    import { defineStrategy, sma } from 'backtest';
    export default defineStrategy({
      params: { onFirst: true },
      initialize: () => ({ fast: sma(20), slow: sma(50), trend: 0 }),
      handleData(context, bar, state) {
        const fast = state.fast.update(bar.close);
        const slow = state.slow.update(bar.close);
        if (Number.isNaN(slow)) return;
        const trend = fast > slow ? 1 : fast < slow ? -1 : state.trend;
        if (trend !== state.trend && (state.trend !== 0 || context.params.onFirst)) {
          const { account, symbol } = context;
          const qty = account.position(symbol).qty === 0 ? 1 : 2;
          if (trend > 0) account.longOpen(symbol, null, qty);
          else account.shortOpen(symbol, null, qty);
        }
        state.trend = trend;
      },
    });`,
};

const LINEAR = {
  generic: {
    SYN: {
      type: 'linear',
      multiplier: '1',
      quote_currency: 'USD',
      settle_currency: 'USDT',
      initial_margin: '0.01',
      maintenance_margin: '0.005',
      min_qty: '1',
      tick_size: '0.5',
      taker_fee: '0.00075',
      maker_fee: '0',
    },
  },
};

type Row = Readonly<Record<string, string>>;

/** A CSV of the run folder; no cell of these tables holds a comma. */
function rowsOf(run: string, table: string): Row[] {
  const [header, ...lines] = readFileSync(join(folder, run, `${table}.csv`), 'utf8')
    .trimEnd()
    .split('\n');
  const names = header!.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i]!, cell])));
}

/** Satoshi of an XBT amount as printed. */
const sat = (text: string): bigint => BigInt(text.replace('.', ''));

async function run(out: string, strategy: string, ...more: readonly string[]): Promise<void> {
  const args = ['run', '--strategy', strategy, '--out', out, '--table', 'summary', '--quiet', ...more];
  const ran = await runCli(args, { cwd: folder });
  expect(ran.stderr).toBe('');
  expect(ran.code).toBe(0);
}

/** Every balance row: the bills up to its time are the wallet, and the columns add up with the raw available balance. */
function expectBalanced(name: string): void {
  const bills = rowsOf(name, 'bills');
  const balances = rowsOf(name, 'balance');
  expect(balances.length).toBeGreaterThan(30);
  for (const row of balances) {
    const sum = bills.filter((bill) => bill['time']! <= row['time']!).reduce((n, bill) => n + sat(bill['amount']!), 0n);
    expect({ time: row['time'], wallet: sat(row['wallet_balance']!) }).toEqual({ time: row['time'], wallet: sum });
    const parts = sat(row['available_balance']!) + sat(row['position_margin']!) + sat(row['order_margin']!);
    expect({ time: row['time'], parts }).toEqual({ time: row['time'], parts: sat(row['margin_balance']!) });
    expect(sat(row['wallet_balance']!) + sat(row['unrealized_pnl']!)).toBe(sat(row['margin_balance']!));
  }
}

withCandles('BitMEX XBTUSD, March 2020', () => {
  const MARCH = ['--data', CANDLES, '--funding', FUNDING];

  it('when 10,000 contracts are held long at 10× then one bar liquidates them, at the price worked out by hand', async () => {
    await run('long', 'long.ts', ...MARCH);
    const lines = gunzipSync(readFileSync(CANDLES)).toString().trimEnd().split('\n').slice(1);
    const bars = lines.map((line) => line.split(','));
    // Ordered at the close of the first bar, bought at the open of the second: 8531.5, the first bar's close.
    expect(bars[1]![2]).toBe('8531.5');
    // Value of one contract 1e8 / 8531.5 = 11,721.27 → 11,721 sat; of 10,000: 117,210,000.
    const cost = 117_210_000n;
    const init = 11_721_000n; // cost / 10
    const reserve = 96_699n; // 0.00075 · (cost + init) = 96,698.25, up
    const fee = 87_908n; // 0.00075 · cost = 87,907.5, half away
    const maintenance = 586_050n; // 0.005 · cost
    const bills = rowsOf('long', 'bills');
    const funding = bills.filter((bill) => bill['type'] === 'funding');
    const paid = -funding.reduce((sum, bill) => sum + sat(bill['amount']!), 0n);
    // Loss allowed = init − paid − maintenance; value of a contract at it, whole satoshi down; price up to the tick of 0.5.
    const lotValue = (cost + init - paid - maintenance) / 10_000n;
    const halves = (2n * 100_000_000n + lotValue - 1n) / lotValue;
    const price = Number(halves) / 2;
    // The first bar after the entry whose low reaches that price. Funding moves it by less than a tick a day on the way.
    const hit = bars.findIndex((bar, i) => i > 0 && Number(bar[4]) <= price);
    const closeTime = bars[hit]![0]!;
    const trades = rowsOf('long', 'trades');
    const liquidations = trades.filter((trade) => trade['reason'] === 'liquidation');
    expect(liquidations).toHaveLength(1);
    const [liquidation] = liquidations;
    expect(Date.parse(closeTime) - Date.parse(liquidation!['time']!)).toBeGreaterThan(0);
    expect(Date.parse(closeTime) - Date.parse(liquidation!['time']!)).toBeLessThanOrEqual(60_000);
    expect(trades).toHaveLength(2);
    // The wallet lost the margin, its reserve, and the fee; what funding took was taken out of the margin before.
    expect(sat(liquidation!['realized_pnl']!)).toBe(-(init - paid));
    expect(sat(liquidation!['commission']!)).toBe(reserve);
    const wallet = sat(rowsOf('long', 'balance').at(-1)!['wallet_balance']!);
    expect(wallet).toBe(100_000_000n - fee - init - reserve);
    expectBalanced('long');
  });

  it('when a 1× short holds the whole balance then March ends unliquidated, worth its dollars less fees and funding', async () => {
    await run('short', 'short.ts', ...MARCH);
    const trades = rowsOf('short', 'trades');
    expect(trades).toHaveLength(1);
    const qty = Number(trades[0]!['qty']);
    const bills = rowsOf('short', 'bills');
    const stress = bills.filter(
      (b) => b['type'] === 'funding' && b['time']! >= '2020-03-13T04:00' && b['time']! < '2020-03-15T00',
    );
    // Six settlements at −0.375 %: the short pays each time, 0.375 % of its value at the mark, here the bar's open.
    expect(stress.map((bill) => bill['time']!.slice(5, 16))).toEqual([
      '03-13T04:00',
      '03-13T12:00',
      '03-13T20:00',
      '03-14T04:00',
      '03-14T12:00',
      '03-14T20:00',
    ]);
    for (const bill of stress) {
      expect(sat(bill['amount']!)).toBeLessThan(0n);
      const mark = openAt(bill['time']!);
      const value = BigInt(qty) * BigInt(Math.round(100_000_000 / mark));
      expect(-sat(bill['amount']!)).toBe((value * 375n * 2n + 100_000n) / 200_000n);
    }
    // Dollars at the end: margin balance at the last mark. Contracts are worth a dollar each, whatever the price; the rest of
    // the balance, and what fees and funding moved, is coins.
    const last = rowsOf('short', 'balance').at(-1)!;
    const price = Number(rowsOf('short', 'positions').at(-1)!['mark_price']);
    const worth = (Number(sat(last['margin_balance']!)) / 1e8) * price;
    const cost = BigInt(qty) * BigInt(Math.round(100_000_000 / 8531.5));
    const coins = bills.reduce((sum, bill) => sum + sat(bill['amount']!), 0n) - cost;
    const expected = qty + (Number(coins) / 1e8) * price;
    // Rounding of one contract's value to a satoshi: at most half a satoshi a contract.
    expect(Math.abs(worth - expected)).toBeLessThan(((qty * 0.5) / 1e8) * price);
    expectBalanced('short');
  });

  it('when the same command runs twice then every table has the same bytes', async () => {
    await run('once', 'long.ts', ...MARCH);
    await run('again', 'long.ts', ...MARCH);
    for (const table of ['trades', 'stop_trades', 'orders', 'balance', 'positions', 'bills', 'closed_trades']) {
      const bytes = (name: string): string => readFileSync(join(folder, name, `${table}.csv`), 'utf8');
      expect(bytes('again')).toBe(bytes('once'));
    }
    expect(readFileSync(join(folder, 'again/summary.json'), 'utf8')).toBe(
      readFileSync(join(folder, 'once/summary.json'), 'utf8'),
    );
  });

  /** Open of the bar that begins at a time: the carried-over open, moved into high–low. */
  function openAt(time: string): number {
    const stamp = new Date(Date.parse(time) + 60_000).toISOString();
    const lines = gunzipSync(readFileSync(CANDLES)).toString().split('\n');
    const cells = lines.find((line) => line.startsWith(stamp))!.split(',');
    const [open, high, low] = [cells[2], cells[3], cells[4]].map(Number);
    return Math.min(high!, Math.max(low!, open!));
  }
});

withGenerator('a year of one-minute bars, SMA 20/50 flip of one linear contract', () => {
  beforeAll(() => {
    execFileSync('python3', [GENERATOR, '525600', join(folder, 'SYN.csv')]);
  });

  // Published beside the generator: round trips and wallet without a forced close.
  it.each([
    { onFirst: 'true', trades: 11_563, wallet: '9833398.42700000' },
    { onFirst: 'false', trades: 11_562, wallet: '9833425.40000000' },
  ])('when entering on the first known state is $onFirst then $trades trades close with $wallet', async (expected) => {
    const name = `flip-${expected.onFirst}`;
    const linear = ['--contracts', 'contracts.json', '--data', 'SYN.csv', '--balance', '10000000'];
    await run(name, 'flip.ts', ...linear, '--funding', '0', '--param', `onFirst=${expected.onFirst}`);
    expect(rowsOf(name, 'closed_trades')).toHaveLength(expected.trades);
    expect(rowsOf(name, 'balance').at(-1)!['wallet_balance']).toBe(expected.wallet);
    const open = rowsOf(name, 'positions').at(-1)!;
    expect([open['side'], open['total'], open['unrealized_pnl']]).toEqual(['long', '1', '28.50000000']);
  });
});
