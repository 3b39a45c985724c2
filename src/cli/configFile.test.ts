/** Config files: what they may hold and how it is spelled, where paths start, what a slip gets. Real files, no runs. */

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from '@jest/globals';
import { UserError } from '../errors.js';
import { type ConfigFile, loadConfig } from './configFile.js';
import { createGivenOptions } from './givenOptions.js';
import { RUN_OPTIONS } from './runOptionTable.js';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'config-test-')));
afterAll(() => rmSync(root, { recursive: true }));

const none = createGivenOptions(RUN_OPTIONS, new Map(), {});
let count = 0;

/** A folder of its own with these files. */
function folderWith(files: Record<string, string>): string {
  count += 1;
  const folder = join(root, String(count));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

async function load(text: string, name = 'backtest.yaml'): Promise<ConfigFile> {
  return (await loadConfig(none, RUN_OPTIONS, folderWith({ [name]: text })))!;
}

/** Texts of an option; a switch as it is. */
function textsOf(config: ConfigFile, name: string): readonly string[] | boolean | undefined {
  const values = config.options.get(name);
  return typeof values === 'object' ? values.map(({ text }) => text) : values;
}

async function errorOf(text: string, name?: string): Promise<UserError> {
  const error = await load(text, name).catch((thrown: unknown) => thrown);
  if (error instanceof UserError) return error;
  throw new Error(`no UserError for ${text}: ${error}`);
}

describe('values', () => {
  test.each<[string, string, readonly string[] | boolean | undefined]>([
    ['leverage: 3', 'leverage', ['3']],
    ['fee-taker: 0.00010', 'fee-taker', ['0.00010']],
    ['balance: 123456789.123456789123456789', 'balance', ['123456789.123456789123456789']],
    ['balance: 1XBT+5000USDT', 'balance', ['1XBT+5000USDT']],
    ['slippage: 1e1', 'slippage', ['1e1']],
    ["balance: '0.10'", 'balance', ['0.10']],
    ['from: 2020-06-08', 'from', ['2020-06-08']],
    ['from: 2020-06-08T12:00:00Z', 'from', ['2020-06-08T12:00:00Z']],
    ['out: "true"', 'out', ['true']],
    ['strict: true', 'strict', true],
    ['strict: false', 'strict', false],
    ['no-save: true', 'no-save', true],
    ['data: a.csv', 'data', ['a.csv']],
    ['data: [a.csv, b.csv]', 'data', ['a.csv', 'b.csv']],
    ['data:\n  - XBTUSD.bitmex=a.csv\n  - ETHUSD=b.csv', 'data', ['XBTUSD.bitmex=a.csv', 'ETHUSD=b.csv']],
    ['funding: 0.0001', 'funding', ['0.0001']],
    ['assert: max_drawdown<0.3', 'assert', ['max_drawdown<0.3']],
    ['balance-every: bar,1h', 'balance-every', ['bar,1h']],
    ['balance-every: [bar, 1h]', 'balance-every', ['bar,1h']],
    ['out:', 'out', undefined],
    ['data: []', 'data', undefined],
    ['strict: null', 'strict', undefined],
    ['table: &t [bills]\nassert: *t', 'assert', ['bills']],
    ['accounts: many.csv', 'accounts', ['many.csv']],
    [
      'params:\n  fast: 12\n  stop: 0.10\n  on: True\n  word: x',
      'param',
      ['fast=12', 'stop=0.10', 'on=true', 'word=x'],
    ],
    ['param: [fast=12, slow=3]', 'param', ['fast=12', 'slow=3']],
    ['param: fast=12\nparams: {slow: 3}', 'param', ['fast=12', 'slow=3']],
    ['params: {slow: 3}\nparam: fast=12', 'param', ['slow=3', 'fast=12']],
    ['params:', 'param', []],
    ['params: {fast: }', 'param', []],
  ])('when the file says %j then %s is as it was spelled', async (text, name, expected) => {
    expect(textsOf(await load(text), name)).toEqual(expected);
  });

  test.each(['', '# nothing\n', '---\n', '{}'])('when the file is %j then it gives nothing', async (text) => {
    const { options, accounts } = await load(text);
    expect({ size: options.size, accounts }).toEqual({ size: 0, accounts: null });
  });

  it('when the file is JSON then numbers keep their text too, and tabs are no matter', async () => {
    const config = await load(
      '{\n\t"fee-taker": 0.10,\n\t"strict": true,\n\t"params": {"fast": 1E2}\n}\n',
      'backtest.json',
    );
    expect(['fee-taker', 'strict', 'param'].map((name) => textsOf(config, name))).toEqual([
      ['0.10'],
      true,
      ['fast=1E2'],
    ]);
    expect(config.options.get('fee-taker')).toEqual([
      { text: '0.10', label: 'fee-taker', source: 'config', place: { file: 'backtest.json', line: 2, column: 15 } },
    ]);
  });

  it('when the file begins with a byte-order mark and has CRLF then it is read all the same', async () => {
    expect(textsOf(await load('\uFEFFmode: cross\r\nleverage: 3\r\n'), 'leverage')).toEqual(['3']);
  });
});

describe('accounts', () => {
  const told = (config: ConfigFile): unknown =>
    config.accounts?.map(({ name, values }) => [name, ...[...values].map(([key, { text }]) => `${key}=${text}`)]);

  test.each<[string, unknown]>([
    ['accounts: {main: {leverage: 3, balance: 0.10}}', [['main', 'leverage=3', 'balance=0.10']]],
    ['accounts:\n  b:\n  a: {auto_margin: true}', [['b'], ['a', 'auto_margin=true']]],
    ['accounts:\n  - name: b\n    mode: isolated\n  - {name: a}', [['b', 'mode=isolated'], ['a']]],
    ['accounts:\n  - b:balance=1XBT+2USDT,leverage=3\n  - a', [['b', 'balance=1XBT+2USDT', 'leverage=3'], ['a']]],
    ['accounts: {main: {leverage: , mode: ~}}', [['main']]],
    ['accounts: {}', undefined],
    ['accounts: []', undefined],
  ])('when the file says %j then the accounts are in its order', async (text, expected) => {
    expect(told(await load(text))).toEqual(expected);
  });

  it('when a value is given then it names its path and its place', async () => {
    const { accounts } = await load('accounts:\n  main:\n    leverage: 200\n');
    expect(accounts![0]!.values.get('leverage')).toEqual({
      text: '200',
      label: 'accounts.main.leverage',
      source: 'config',
      place: { file: 'backtest.yaml', line: 3, column: 15 },
    });
  });
});

describe('slips', () => {
  test.each<[string, number, number, RegExp, string | undefined, RegExp, RegExp]>([
    ['mode: cross\nleverag: 3', 2, 1, /unknown key leverag/, 'leverag', /an option/, /did you mean leverage\?/],
    ['fee_taker: 1', 1, 1, /unknown key fee_taker/, 'fee_taker', /an option/, /did you mean fee-taker\?/],
    ['--leverage: 1', 1, 1, /unknown key --leverage/, '--leverage', /an option/, /did you mean leverage\?/],
    ['nothing-like-it: 1', 1, 1, /unknown key/, 'nothing-like-it', /an option/, /backtest run --help/],
    ['config: x', 1, 1, /config cannot be given/, 'config', /--config on the command line/, /^$/],
    ['print-config: true', 1, 1, /print-config cannot be given/, 'print-config', /--print-config/, /^$/],
    ['leverage: [3, 5]', 1, 11, /leverage is one value, not a list/, '[3, 5]', /one value, N/, /^$/],
    ['leverage: {a: 1}', 1, 11, /leverage is not a text or a number/, '{a: 1}', /one value, N/, /^$/],
    ['out: true', 1, 6, /out is not a text or a number/, 'true', /one value, DIR/, /in quotes/],
    ['strict: yes', 1, 9, /strict is a switch/, 'yes', /true or false/, /^$/],
    ['strict: 1', 1, 9, /strict is a switch/, '1', /true or false/, /^$/],
    ['strict: [true]', 1, 9, /strict is a switch/, '[true]', /true or false/, /^$/],
    ['data:\n  - a.csv\n  - [b.csv]', 3, 5, /data\[2\] is not a text/, '[b.csv]', /a list of \[SYMBOL/, /^$/],
    ['params: [fast]', 1, 9, /params are no map/, '[fast]', /a name with a value/, /^$/],
    ['params: {fast: [1]}', 1, 16, /params.fast is not one value/, '[1]', /a number, a text/, /^$/],
    [
      'accounts: {m: {levrage: 3}}',
      1,
      16,
      /unknown key accounts.m.levrage/,
      'levrage',
      /one of exchange/,
      /leverage\?/,
    ],
    ['accounts: {m: {auto-margin: true}}', 1, 16, /unknown key/, 'auto-margin', /one of exchange/, /auto_margin\?/],
    [
      'accounts: {m: {leverage: [3]}}',
      1,
      26,
      /accounts.m.leverage is not one value/,
      '[3]',
      /one text or number/,
      /^$/,
    ],
    ['accounts: {m: 3}', 1, 15, /accounts.m is no map/, '3', /keys of --account/, /^$/],
    ['accounts: {a b: {}}', 1, 12, /no usable account name/, 'a b', /a name of letters/, /^$/],
    ['accounts: {total: {}}', 1, 12, /cannot be named total/, 'total', /^$/, /^$/],
    ['accounts: [{leverage: 3}]', 1, 12, /accounts\[1\] has no name/, '{leverage: 3}', /name: and a name/, /^$/],
    ['accounts: [a, {name: a}]', 1, 15, /accounts\[2\] has the name/, 'a, as in line 1', /a name of its own/, /^$/],
    ['accounts: ["a:nope=1"]', 1, 12, /unknown key: nope/, 'a:nope=1', /one of exchange/, /^$/],
    ['accounts: {m: {}}\naccount: x', 2, 1, /account and accounts exclude/, 'accounts in line 1', /in one place/, /^$/],
    ['leverage: 3\nleverage: 4', 2, 1, /a key stands there twice/, 'leverage', /^$/, /^$/],
    ['just words', 1, 1, /no list of keys with values/, 'just words', /leverage: 10/, /^$/],
    ['- a', 1, 1, /no list of keys with values/, '- a', /leverage: 10/, /^$/],
    ['mode: cross\nout: [a\n', 3, 1, /the file is not YAML/, undefined, /^$/, /^$/],
    ['data: &x [*x]', 1, 10, /nested too deeply/, undefined, /^$/, /^$/],
    ['a: 1\n---\nb: 2', 2, 1, /the file is not YAML/, undefined, /^$/, /^$/],
  ])('when the file is %j then the error is at %d:%d', async (text, line, column, message, found, expected, hint) => {
    const error = await errorOf(text);
    expect(error.exitCode).toBe(2);
    expect(error.message).toMatch(message);
    expect(error.place).toEqual({ file: 'backtest.yaml', line, column });
    if (found !== undefined) expect(error.found).toBe(found);
    expect(error.expected ?? '').toMatch(expected);
    expect(error.hint ?? '').toMatch(hint);
  });

  test.each<[string, RegExp, number | undefined]>([
    ['{"leverage": 3,}', /not JSON/, 1],
    ['{\n "mode": "cross"\n "leverage": 3}', /not JSON/, 3],
    ['{"leverage": 3, "leverage": 4}', /a key stands there twice/, 1],
    ['{"leverage": 3, // why\n}', /not JSON/, 1],
  ])('when a .json file is %j then it is refused as JSON is', async (text, message, line) => {
    const error = await errorOf(text, 'backtest.json');
    expect(error.message).toMatch(message);
    expect(error.place).toMatchObject({ file: 'backtest.json', line });
  });
});

describe('which file', () => {
  const withFlag = (file: string) => createGivenOptions(RUN_OPTIONS, new Map([['config', [file]]]), {});

  it('when none is there then none is read', async () => {
    expect(await loadConfig(none, RUN_OPTIONS, folderWith({ 'other.yaml': 'leverage: 3' }))).toBeNull();
  });

  test.each(['backtest.yaml', 'backtest.yml', 'backtest.json'])('when %s is there then it is read', async (name) => {
    const config = await load('{"leverage": 3}', name);
    expect(config).toMatchObject({ file: name, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(textsOf(config, 'leverage')).toEqual(['3']);
  });

  it('when a file is named then that of the working directory is not read', async () => {
    const folder = folderWith({ 'backtest.yaml': 'nonsense: 1', 'mine.yaml': 'leverage: 4' });
    expect(textsOf((await loadConfig(withFlag('mine.yaml'), RUN_OPTIONS, folder))!, 'leverage')).toEqual(['4']);
  });

  it('when two could be meant then it asks', async () => {
    const folder = folderWith({ 'backtest.yaml': '', 'backtest.json': '{}' });
    await expect(loadConfig(none, RUN_OPTIONS, folder)).rejects.toMatchObject({
      exitCode: 2,
      found: 'backtest.yaml, backtest.json',
      hint: expect.stringContaining('--config backtest.yaml'),
    });
  });

  it('when a folder has that name then it is left alone', async () => {
    expect(await loadConfig(none, RUN_OPTIONS, folderWith({ 'backtest.yaml/x': '' }))).toBeNull();
  });

  it('when the named file is missing then that is a usage error', async () => {
    await expect(loadConfig(withFlag('no.yaml'), RUN_OPTIONS, root)).rejects.toMatchObject({
      exitCode: 2,
      message: '--config: the file cannot be read',
      place: { file: 'no.yaml' },
    });
  });

  test.each<[string, string, string, string]>([
    ['below', 'strategy: x.ts', 'strategy', 'sub/x.ts'],
    ['above the file', 'strategy: ../x.ts', 'strategy', 'x.ts'],
    ['above the working directory', 'strategy: ../../x.ts', 'strategy', '<above>/x.ts'],
    ['absolute', 'strategy: /abs/x.ts', 'strategy', '/abs/x.ts'],
    ['behind a symbol', 'data: XBTUSD.bitmex=x.csv', 'data', 'XBTUSD.bitmex=sub/x.csv'],
    ['with an equals sign in it', 'data: ../a=b.csv', 'data', './a=b.csv'],
    ['stdin', 'data: XBTUSD=-', 'data', 'XBTUSD=-'],
    ['a rate', 'funding: 0.0001', 'funding', '0.0001'],
    ['a rate of a symbol', 'funding: XBTUSD=-1e-4', 'funding', 'XBTUSD=-1e-4'],
    ['a funding file', 'funding: XBTUSD=f.csv', 'funding', 'XBTUSD=sub/f.csv'],
    ['a table of accounts', 'accounts: a.csv', 'accounts', 'sub/a.csv'],
    ['a run folder', 'out: runs/1', 'out', 'sub/runs/1'],
    ['no path', 'mode: cross', 'mode', 'cross'],
  ])(
    'when the file lies elsewhere and a path is %s then it starts at the file',
    async (_what, text, name, expected) => {
      const folder = folderWith({ 'sub/c.yaml': text });
      const config = (await loadConfig(withFlag('sub/c.yaml'), RUN_OPTIONS, folder))!;
      expect(textsOf(config, name)).toEqual([expected.replace('<above>', root)]);
    },
  );
});
