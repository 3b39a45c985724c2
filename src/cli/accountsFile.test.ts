/** `--accounts FILE`: what a table of accounts may hold, what each slip says, and which source of accounts counts. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from '@jest/globals';
import type { AccountSpec } from './accountOption.js';
import { type LoadedAccounts, loadAccounts } from './accountsFile.js';
import { createGivenOptions } from './givenOptions.js';
import { RUN_OPTIONS } from './runOptionTable.js';

const cwd = mkdtempSync(join(tmpdir(), 'accounts-test-'));
afterAll(() => rmSync(cwd, { recursive: true }));

/** @param sources `--name` is a flag, `NAME` of the environment, `name` of the config file. */
function load(sources: Record<string, string>, configAccounts: readonly AccountSpec[] | null = null) {
  const flags = new Map<string, string[]>();
  const env: Record<string, string> = {};
  const config = new Map<string, { text: string; label: string; source: 'config' }[]>();
  for (const [name, text] of Object.entries(sources)) {
    if (name.startsWith('--')) flags.set(name.slice(2), text.split(';'));
    else if (/^[A-Z]/.test(name)) env[`BACKTEST_${name}`] = text;
    else config.set(name, [{ text, label: name, source: 'config' }]);
  }
  return loadAccounts(createGivenOptions(RUN_OPTIONS, flags, env, config), configAccounts, cwd);
}

function loadCsv(text: string | Buffer, more: Record<string, string> = {}): Promise<LoadedAccounts> {
  writeFileSync(join(cwd, 'a.csv'), text);
  return load({ '--accounts': 'a.csv', ...more });
}

const told = ({ specs }: LoadedAccounts): string[] =>
  specs.map(({ name, values }) => [name, ...[...values].map(([key, { text }]) => `${key}=${text}`)].join(' '));

describe('a table of accounts', () => {
  test.each<[string, string, string[]]>([
    ['plain', 'name,balance,leverage\nb,2,3\na,0.10,0\n', ['b balance=2 leverage=3', 'a balance=0.10 leverage=0']],
    ['with empty cells', 'name,balance,leverage\nb,,3\na,,\n', ['b leverage=3', 'a']],
    ['of names only', 'name\nb\na', ['b', 'a']],
    ['with quotes, CRLF and a byte-order mark', '\uFEFFname,"balance"\r\n"b", 2 \r\n', ['b balance=2']],
    ['with blank lines', '\nname,mode\n\nb,isolated\n\n', ['b mode=isolated']],
    [
      'with every key',
      'name,exchange,balance,currency,mode,leverage,position_mode,auto_margin,taker_fee,maker_fee\na,okx,1XBT+2USDT,XBT,cross,3,hedged,true,0.1,-0.1',
      [
        'a exchange=okx balance=1XBT+2USDT currency=XBT mode=cross leverage=3 position_mode=hedged auto_margin=true taker_fee=0.1 maker_fee=-0.1',
      ],
    ],
  ])('when it is %s then the accounts are its rows in order', async (_what, text, expected) => {
    expect(told(await loadCsv(text))).toEqual(expected);
  });

  it('when it was read then its name and its hash are told, and each cell knows its place', async () => {
    const { file, source, specs } = await loadCsv('name,leverage\nb,\na,300\n');
    expect({ file, source }).toEqual({
      file: { file: 'a.csv', sha256: '4d361da5e1dfc5abbab89f5daa38b1b605ac0f3d2c0269acc10824eafe768d7e' },
      source: 'flag',
    });
    expect(specs[1]!.values.get('leverage')).toEqual({
      text: '300',
      label: 'account a: leverage',
      place: { file: 'a.csv', line: 3, column: 'leverage' },
    });
  });

  test.each<[string, object]>([
    ['', { message: 'the file has no accounts', place: { file: 'a.csv' } }],
    ['name,balance\n', { message: 'the file has no accounts' }],
    ['nme,balance\na,1', { place: { file: 'a.csv', line: 1, column: 1 }, found: 'nme' }],
    ['balance,name\n1,a', { place: { file: 'a.csv', line: 1, column: 1 }, found: 'balance' }],
    ['name,balanc\na,1', { place: { file: 'a.csv', line: 1, column: 'balanc' }, hint: 'did you mean balance?' }],
    ['name,\na,1', { place: { file: 'a.csv', line: 1, column: 2 }, found: '(empty)' }],
    [
      'name,mode,mode\na,,',
      { message: 'the column stands there twice', place: { file: 'a.csv', line: 1, column: 'mode' } },
    ],
    ['name,mode\na,cross\n\na,cross', { place: { file: 'a.csv', line: 4, column: 'name' }, found: 'a, as in line 2' }],
    ['name,mode\na', { place: { file: 'a.csv', line: 2 }, found: '1', expected: '2, as the header' }],
    ['name,mode\na,cross,', { place: { file: 'a.csv', line: 2 }, found: '3' }],
    [
      'name,mode\n,cross',
      { message: 'the row has no usable account name', place: { file: 'a.csv', line: 2, column: 'name' } },
    ],
    ['name,mode\na b,cross', { found: 'a b' }],
    ['name\ntotal', { found: 'total' }],
    ['name,mode\na,"cross\n', { message: expect.stringContaining('never closed'), place: { file: 'a.csv', line: 2 } }],
  ])('when it is %j then the error names line and column', async (text, expected) => {
    await expect(loadCsv(text)).rejects.toMatchObject({ exitCode: 2, ...expected });
  });

  it('when it is missing then that is a usage error', async () => {
    await expect(load({ '--accounts': 'no.csv' })).rejects.toMatchObject({ exitCode: 2, place: { file: 'no.csv' } });
  });

  it('when it has 10,000 rows then all are read', async () => {
    const rows = Array.from({ length: 10_000 }, (_, i) => `a${i},${i + 1},${i % 100}`);
    const { specs } = await loadCsv(['name,balance,leverage', ...rows].join('\n'));
    expect(specs.length).toBe(10_000);
    expect([...specs[9999]!.values.values()].map(({ text }) => text)).toEqual(['10000', '99']);
  });
});

describe('several sources of accounts', () => {
  const listed: readonly AccountSpec[] = [
    { name: 'main', values: new Map([['leverage', { text: '7', label: 'accounts.main.leverage' }]]) },
    { name: 'other', values: new Map() },
  ];

  test.each<[string, Record<string, string>, boolean, string[]]>([
    ['nothing is given', {}, false, ['main']],
    ['the file lists them', {}, true, ['main leverage=7', 'other']],
    ['a flag replaces the list', { '--account': 'x' }, true, ['x']],
    ['a variable replaces the list', { ACCOUNT: 'x;y' }, true, ['x', 'y']],
    ['a table in a flag replaces the list', { '--accounts': 'b.csv' }, true, ['b']],
    ['a table in a flag replaces a variable', { '--accounts': 'b.csv', ACCOUNT: 'x' }, false, ['b']],
    ['a flag replaces the table of a variable', { '--account': 'x', ACCOUNTS: 'b.csv' }, false, ['x']],
    ['a flag replaces the table of the file', { '--account': 'x', accounts: 'b.csv' }, false, ['x']],
    ['a flag changes main of the list', { '--leverage': '3' }, true, ['main leverage=3', 'other']],
    ['a flag adds to main of the list', { '--balance': '3' }, true, ['main leverage=7 balance=3', 'other']],
    ['the file adds to main of its list', { balance: '3' }, true, ['main leverage=7 balance=3', 'other']],
    ['a flag replaces accounts, and with them leverage of the file', { '--account': 'x', leverage: '3' }, false, ['x']],
    ['a variable gives leverage, a flag the accounts', { '--account': 'main', LEVERAGE: '3' }, false, ['main']],
    ['a variable gives leverage, the file the accounts', { LEVERAGE: '3' }, true, ['main leverage=3', 'other']],
  ])('when %s then the strongest counts', async (_what, sources, isListed, expected) => {
    writeFileSync(join(cwd, 'b.csv'), 'name\nb\n');
    expect(told(await load(sources, isListed ? listed : null))).toEqual(expected);
  });

  test.each<[Record<string, string>, boolean, RegExp]>([
    [{ '--accounts': 'a.csv', '--account': 'x' }, false, /--accounts and --account exclude each other/],
    [{ ACCOUNTS: 'a.csv', ACCOUNT: 'x' }, false, /BACKTEST_ACCOUNTS and BACKTEST_ACCOUNT exclude each other/],
    [{ leverage: '3' }, true, /leverage of account main is given twice/],
    [{ '--account': 'x', '--leverage': '3' }, false, /is of account main, which is not among the accounts/],
    [{ '--accounts': 'b.csv', '--leverage': '3' }, false, /is of account main, which is not among the accounts/],
  ])('when %j is given (list: %j) then it is refused', async (sources, isListed, message) => {
    writeFileSync(join(cwd, 'b.csv'), 'name\nb\n');
    await expect(load(sources, isListed ? listed : null)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(message),
    });
  });
});
