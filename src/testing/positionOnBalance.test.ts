/**
 * Position on balance over three accounts: the classic example of wallets of 10, 1 and 0.1 XBT at a price of 4,000, asked of the
 * example strategy itself, and what it promises: the same return on every wallet.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Row, runText } from './runText.js';
import { ROOT } from './strategyHeads.js';

const STRATEGY = readFileSync(join(ROOT, 'strategies/position-on-balance.ts'), 'utf8');
const ACCOUNTS = [
  { name: 'large', wallet: 10 },
  { name: 'middle', wallet: 1 },
  { name: 'small', wallet: 0.1 },
] as const;
const ARGS = [
  ...ACCOUNTS.flatMap(({ name, wallet }) => ['--account', `${name}:balance=${wallet}`]),
  ...['--param', 'fast=1', '--param', 'slow=10', '--param', 'stop=0.2'],
];

/** A fall during the warm-up, a rise to `entry`, where the position is opened, a while at `top`, and down to `exit`. */
function bars(entry: number, top: number, exit: number): number[] {
  const warmup = Array.from({ length: 1440 }, (_, i) => entry - 400 + Math.round((1440 - i) / 10));
  return [...warmup, entry, entry, ...Array<number>(60).fill(top), exit, exit];
}

const of = (rows: readonly Row[], account: string): Row[] => rows.filter((row) => row['account'] === account);
const metric = (rows: readonly Row[], account: string, name: string): number => Number(of(rows, account)[0]![name]);

async function run(prices: readonly number[], ...more: readonly string[]) {
  const { tables } = await runText(STRATEGY, prices, [...ARGS, ...more]);
  const entries = ACCOUNTS.map(
    ({ name }) => of(tables['trades']!, name).find((row) => row['position_effect'] === 'open')!,
  );
  const returns = ACCOUNTS.map(({ name, wallet }) => metric(tables['summary']!, name, 'pnl') / wallet);
  return { tables, entries, returns };
}

describe('the three wallets of the example', () => {
  it('when PoB is 1 at 4,000 then they buy 40,000, 4,000 and 400 contracts, and return the same', async () => {
    const { tables, entries, returns } = await run(bars(4000, 6000, 5000));
    expect(entries.map(({ price, qty }) => [Number(price), Number(qty)])).toEqual([
      [4000, 40_000],
      [4000, 4_000],
      [4000, 400],
    ]);
    expect(tables['closed_trades']!.map(({ account }) => account).sort()).toEqual(['large', 'middle', 'small']);
    // Worth the wallet at 4,000 and 4 / 5 of it at 5,000; fees of 0.075 % on both.
    const expected = 1 - 4 / 5 - 0.00075 * (1 + 4 / 5);
    for (const each of returns) expect(each).toBeCloseTo(expected, 10);
  });

  it('when the wallets do not divide evenly then the returns differ by no more than that of one contract', async () => {
    const { entries, returns } = await run(bars(4237, 5000, 4400));
    expect(entries.map(({ qty }) => Number(qty))).toEqual([42_370, 4_237, 423]);
    // The smallest wallet lacks 0.7 contracts; a contract is 1 / 423.7 of it.
    const oneContract = Math.max(...returns) / 423.7;
    expect(Math.max(...returns) - Math.min(...returns)).toBeGreaterThan(0);
    expect(Math.max(...returns) - Math.min(...returns)).toBeLessThan(oneContract);
  });

  it('when PoB is 2 then each buys twice as much', async () => {
    const { entries } = await run(bars(4000, 6000, 5000), '--param', 'pob=2');
    expect(entries.map(({ qty }) => Number(qty))).toEqual([80_000, 8_000, 800]);
  });
});
