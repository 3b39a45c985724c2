/**
 * Real fills of an exchange through `backtest replay --fills`: the value of each must be what the exchange booked as its cost, for
 * every symbol whose prices are printed in full. The file lies outside the project; where it is missing nothing is compared.
 */

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { writeFiles } from './fixtures/sampleFiles.js';
import { runCli } from './fixtures/testProcess.js';

const FILE = resolve('../shared/data/reference/bitmex_real_executions_cost.csv');
if (!existsSync(FILE)) process.stderr.write(`left out, no real fills at ${FILE}\n`);

/** Symbols whose cost is exactly quantity · price · multiplier; of DOTUSDT the file has rounded prices. */
const EXACT: Readonly<Record<string, number>> = {
  BNBUSDT: 113,
  LUNAUSD: 358,
  ORDIUSD: 9,
  TRXUSDT: 15,
  UNIUSDT: 806,
  XLMUSDT: 53,
};

interface RealFill {
  readonly time: string;
  readonly symbol: string;
  readonly side: string;
  readonly qty: string;
  readonly price: string;
  /** Unsigned, in units of 10^-8 XBT. */
  readonly cost: bigint;
  /** In the same units, of one contract at price 1. */
  readonly multiplier: string;
}

function readFills(): RealFill[] {
  const [, ...lines] = readFileSync(FILE, 'utf8').trim().split('\n');
  return lines
    .map((line) => line.split(',') as [string, string, string, string, string, string, string])
    .map(([time, symbol, side, qty, price, cost, multiplier]) => ({
      ...{ time, symbol, side: side.toLowerCase(), qty, price, multiplier },
      cost: BigInt(cost.replace('-', '')),
    }));
}

function contractsOf(fills: readonly RealFill[]): string {
  const entry = ({ multiplier }: RealFill): object => ({
    type: 'quanto',
    multiplier: (Number(multiplier) / 1e8).toFixed(8),
    quote_currency: 'USD',
    settle_currency: 'XBT',
    initial_margin: '0.02',
    maintenance_margin: '0.01',
    min_qty: '1',
    tick_size: '0.00001',
  });
  return JSON.stringify({ bitmex: Object.fromEntries(fills.map((fill) => [fill.symbol, entry(fill)])) });
}

/** Whole contracts and units of the rows of trades.csv, the parts of a flip put together. */
function readAmounts(csv: string, fills: readonly RealFill[]): bigint[] {
  const rows = csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
  return fills.map(({ qty }) => {
    let [left, amount] = [BigInt(qty), 0n];
    while (left > 0n) {
      const row = rows.shift()!;
      left -= BigInt(row[8]!);
      amount += BigInt(row[9]!.replace('.', ''));
    }
    return amount;
  });
}

const maybe = existsSync(FILE) ? describe : describe.skip;

maybe('real fills', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'real-fills-'));
  afterAll(() => rmSync(cwd, { recursive: true }));

  it('when they are replayed then the value of each is the cost that the exchange booked, the folder adds up, and both engines agree', async () => {
    const all = readFills();
    const counts: Record<string, number> = {};
    for (const symbol of [...Object.keys(EXACT), 'DOTUSDT']) {
      const fills = all.filter((fill) => fill.symbol === symbol);
      const rows = fills.map(({ time, side, qty, price }) => [time, symbol, side, qty, price].join(','));
      writeFiles(cwd, {
        'fills.csv': ['time,symbol,side,qty,price', ...rows].join('\n'),
        'contracts.json': contractsOf(fills),
      });
      const argv = [
        'replay',
        '--fills',
        'fills.csv',
        '--contracts',
        'contracts.json',
        '--out',
        'run',
        '--table',
        'trades',
        '--verify',
      ];
      const { code, stdout, stderr } = await runCli(argv, { cwd });
      expect({ symbol, code }).toEqual({ symbol, code: 0 });
      expect(stderr).toMatch(/the reference engine agrees in [\d,]+ rows/);
      counts[symbol] = readAmounts(stdout, fills).filter((amount, i) => amount === fills[i]!.cost).length;
      const audited = await runCli(['audit', 'run'], { cwd });
      expect({ symbol, code: audited.code }).toEqual({ symbol, code: 0 });
    }
    expect(counts).toEqual({ ...EXACT, DOTUSDT: 1990 });
  });
});
