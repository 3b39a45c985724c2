/** Runs with spot pairs as whole command lines: alone, beside contracts in either of their currencies, refused options, verified and audited. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from '@jest/globals';
import { cwd, manifestOf, run } from './fixtures/runSituation.js';
import { runCli } from './fixtures/testProcess.js';

const SPOT = ['run', '--strategy', 'spot.ts', '--contracts', 'spot.json', '--verify'];
const PAIR_DATA = ['--data', 'XBT/USDT=XBTUSD.csv'];

const auditOf = (folder: string) => runCli(['audit', folder], { cwd });

interface Entry {
  readonly [figure: string]: string | number | null;
}
const summaryOf = (folder: string): { accounts: Entry[]; total: Entry; prices: object } =>
  JSON.parse(readFileSync(join(cwd, folder, 'summary.json'), 'utf8'));

describe('a spot pair alone', () => {
  it('when it is traded then both engines agree, the folder adds up, and the total is money and coins', async () => {
    const account = ['--account', 'main:exchange=bitmex,balance=10000USDT+0.5XBT'];
    const { code, stdout, stderr } = await run([
      ...SPOT,
      ...PAIR_DATA,
      ...account,
      '--out',
      'pair',
      '--table',
      'stop_trades',
    ]);
    expect({ code, stderr: stderr.match(/error.*/)?.[0] }).toEqual({ code: 0, stderr: undefined });
    expect(stderr).toContain('--verify: the reference engine agrees');
    expect(stderr).not.toContain('funding');
    expect(stdout.split('\n').length).toBeGreaterThan(3);
    expect(await auditOf('pair')).toMatchObject({ code: 0, stderr: '' });
    const { accounts, total, prices } = summaryOf('pair');
    expect(accounts.map(({ account: name, currency }) => [name, currency])).toEqual([
      ['main', 'USDT'],
      ['main:XBT', 'XBT'],
    ]);
    // 10,000 USDT and half a coin at the first open, 10,000
    expect(total).toMatchObject({ currency: 'USDT', start_equity: '15000.00000000', spot_flow: null });
    expect(prices).toMatchObject({ 'XBT/USDT': { first_open: '10000' } });
    expect(manifestOf('pair')['contracts']).toMatchObject([
      { type: 'spot', base_currency: 'XBT', quote_currency: 'USDT' },
    ]);
  });

  it('when it is told per account then an account of several currencies has a total of its own', async () => {
    const accounts = [
      '--account',
      'a:exchange=bitmex,balance=1000USDT+1XBT',
      '--account',
      'b:exchange=bitmex,balance=7USDT',
    ];
    const { code, stdout } = await run([...SPOT, ...PAIR_DATA, ...accounts, '--out', 'several', '--table', 'summary']);
    expect(code).toBe(0);
    expect(stdout).toContain('a:total,start_equity,11000.00000000\n');
    expect(stdout).toContain('total,start_equity,11007.00000000\n');
    expect(await auditOf('several')).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('a spot pair beside contracts', () => {
  test.each([
    ['a linear one in the quote currency', 'TOYUSDT=mark.csv', 'XBT/USDT=XBTUSD.csv', 'USDT'],
    ['an inverse one in the coins', 'XBTUSD=mark.csv', 'XBT/USD=XBTUSD.csv', 'XBT'],
  ])('when it stands beside %s then they share the ledger, and the run adds up', async (_, contract, pair, own) => {
    const data = ['--data', contract, '--data', pair, '--funding', '0.0001'];
    const account = ['--account', `main:leverage=5,balance=2${own === 'XBT' ? 'XBT+5000USD' : '0000USDT+1XBT'}`];
    const { code, stderr } = await run([...SPOT, ...data, ...account, '--out', `beside-${own}`]);
    expect({ code, error: stderr.match(/error.*/)?.[0] }).toEqual({ code: 0, error: undefined });
    expect(stderr).toContain('--verify: the reference engine agrees');
    expect(await auditOf(`beside-${own}`)).toMatchObject({ code: 0, stderr: '' });
    const { accounts } = summaryOf(`beside-${own}`);
    expect(accounts).toHaveLength(2);
    // Both kinds of position came to an end, in the one ledger or the other.
    expect(accounts.reduce((sum, entry) => sum + Number(entry['closed_trades']), 0)).toBeGreaterThan(5);
    expect(summaryOf(`beside-${own}`).total['currency']).toBe(own);
  });
});

describe('options that a pair cannot have', () => {
  test.each([
    [['--mark', 'mark.csv'], /--mark is given for XBT\/USDT, which is a spot pair/],
    [['--funding', 'funding.csv'], /--funding is given for XBT\/USDT/],
    [['--funding', '0.0001'], /--funding is given for XBT\/USDT/],
    [['--account', 'main:exchange=bitmex,mode=isolated'], /says nothing of spot pairs/],
    [['--leverage', '3'], /says nothing of spot pairs/],
    [['--mode', 'cross'], /says nothing of spot pairs/],
  ])('when %j is given then it is a usage error and nothing is written', async (options, message) => {
    const { code, stdout, stderr } = await run([...SPOT, ...PAIR_DATA, ...options]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});
