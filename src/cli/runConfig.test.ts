/**
 * Config files, tables of accounts and `--print-config` on whole command lines: what is in force, that the same options give the
 * same run wherever they are written, and that what is printed can be used again.
 */

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, test } from '@jest/globals';
import { cwd, manifestOf, RUN, run } from './fixtures/runSituation.js';
import type { Ran } from './fixtures/testProcess.js';
import { findDefault } from './optionDefaults.js';
import { RUN_OPTIONS } from './runOptionTable.js';

const CONFIG = `strategy: stops.ts
data: XBTUSD.csv
funding: 0.0001
fee-taker: 0.00010
slippage: 2
to: 2020-03-05
accounts:
  main:
    balance: 0.50
    leverage: 3
  other:
    mode: isolated
params:
  qty: 700
  loss: 0.010
`;
const AS_FLAGS = [
  ...['run', '--strategy', 'stops.ts', '--data', 'XBTUSD.csv', '--funding', '0.0001', '--fee-taker', '0.00010'],
  ...[
    '--slippage',
    '2',
    '--to',
    '2020-03-05',
    '--account',
    'main:balance=0.50,leverage=3',
    '--account',
    'other:mode=isolated',
  ],
  ...['--param', 'qty=700', '--param', 'loss=0.010'],
];
const BILLS = ['--table', 'bills', '--no-save', '--quiet'];

function write(name: string, text: string): void {
  mkdirSync(join(cwd, name, '..'), { recursive: true });
  writeFileSync(join(cwd, name), text);
}

afterEach(() => rmSync(join(cwd, 'backtest.yaml'), { force: true }));

describe('a config file', () => {
  it('when the options stand in it then the run is that of the same flags', async () => {
    write('backtest.yaml', CONFIG);
    write('empty.yaml', '');
    const expected = await run([...AS_FLAGS, ...BILLS, '--config', 'empty.yaml']);
    const byConfig = await run(['run', ...BILLS]);
    expect(expected.stdout.split('\n').length).toBeGreaterThan(20);
    expect(byConfig).toEqual(expected);
  });

  it('when it is JSON in another folder then its paths start there', async () => {
    const files = { strategy: '../stops.ts', data: ['../XBTUSD.csv'], funding: ['0.0001'], out: 'made' };
    write('elsewhere/c.json', JSON.stringify(files));
    const { code, stdout, stderr } = await run(['run', '--config', 'elsewhere/c.json', '--table', 'bills']);
    expect(code).toBe(0);
    expect(stderr).toContain('run folder: elsewhere/made\n');
    expect(stdout).toBe((await run([...RUN, ...BILLS])).stdout);
    const bytes = readFileSync(join(cwd, 'elsewhere/c.json'));
    expect(manifestOf('elsewhere/made')['config']).toEqual({
      file: 'elsewhere/c.json',
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
  });

  it('when the environment names it then it is read, and a flag wins over the variable', async () => {
    write('c1.yaml', 'strategy: stops.ts\ndata: XBTUSD.csv\nquiet: true\ntable: summary\nno-save: true\n');
    const env = { BACKTEST_CONFIG: 'c1.yaml' };
    expect(await run(['run'], { env })).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/^account,metric/),
    });
    expect((await run(['run', '--config', 'no.yaml'], { env })).stderr).toContain('no.yaml');
  });

  it('when it says no-save and a flag says where then it is saved', async () => {
    write('backtest.yaml', 'no-save: true\n');
    expect((await run([...RUN, '--out', 'wanted'])).stderr).toContain('run folder: wanted\n');
    expect((await run(RUN)).stderr).not.toContain('run folder');
  });

  test.each<[string, string[], Record<string, string>, boolean]>([
    ['quiet: true', [], {}, true],
    ['quiet: true', ['--verbose'], {}, false],
    ['quiet: true', ['--log-level', 'info'], {}, false],
    ['quiet: true', [], { BACKTEST_QUIET: '0' }, false],
    ['verbose: true', ['--quiet'], {}, true],
    ['log-level: info', ['--quiet'], {}, true],
    ['log-level: info\nquiet: true', [], {}, false],
  ])('when it says %j and the rest is %j %j then stderr is empty: %j', async (text, flags, env, isEmpty) => {
    write('backtest.yaml', text);
    const { code, stderr } = await run([...RUN, '--no-save', ...flags], { env });
    expect([code, stderr === '']).toEqual([0, isEmpty]);
  });

  it('when a value in it is wrong then one error names file, line, column and key, and nothing runs', async () => {
    write('backtest.yaml', CONFIG.replace('leverage: 3', 'leverage: 300'));
    expect(await run(['run'])).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'error: accounts.main.leverage is not a leverage of XBTUSD\n' +
        '  at:       backtest.yaml:10:15\n  found:    300\n  expected: 0 to 100\n',
    });
  });

  test.each<[string, RegExp]>([
    ['leverag: 3', /unknown key leverag\n {2}at: +backtest\.yaml:1:1\n[\s\S]*did you mean leverage\?/],
    ['from: yesterday', /from is not an ISO date[\s\S]*backtest\.yaml:1:7/],
    ['mark: TOYUSD=mark.csv', /is of TOYUSD[\s\S]*backtest\.yaml:1:7/],
    ['assert: sharpe>1', /names no metric: sharpe[\s\S]*backtest\.yaml:1:9/],
    ['params: {qtty: 1}', /no parameter qtty[\s\S]*backtest\.yaml:1:16[\s\S]*did you mean qty\?/],
    ['params: {qty: many}', /gives qty something else[\s\S]*backtest\.yaml:1:15/],
    ['table: order', /table is not known[\s\S]*backtest\.yaml:1:8[\s\S]*did you mean orders\?/],
    ['log-level: loud', /log-level is not known[\s\S]*backtest\.yaml:1:12/],
    ['contracts: no.json', /contracts: the file cannot be read[\s\S]*no\.json/],
  ])('when it says %j then the exit code is 2', async (text, message) => {
    write('backtest.yaml', text);
    const { code, stdout, stderr } = await run([...RUN, '--no-save']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('when the log is JSON then the error has file, line and column', async () => {
    write('backtest.yaml', 'leverage: []\nmode: cros\n');
    const { stderr } = await run([...RUN, '--log-format', 'json', '--no-save']);
    expect(JSON.parse(stderr)).toMatchObject({ exit_code: 2, file: 'backtest.yaml', line: 1, column: 11 });
  });

  it('when audit is run beside one then it is not read', async () => {
    await run([...RUN, '--out', 'audited']);
    write('backtest.yaml', 'nonsense: 1\n');
    expect((await run(['audit', 'audited'])).code).toBe(0);
  });
});

describe('--accounts', () => {
  it('when accounts come from a table then the run is that of the same --account, and the manifest has its hash', async () => {
    write('accounts.csv', 'name,balance,leverage,mode\nmain,0.50,3,\nother,,,isolated\n');
    const flags = AS_FLAGS.filter((_, i) => AS_FLAGS[i] !== '--account' && AS_FLAGS[i - 1] !== '--account');
    const { code, stdout } = await run([...flags, '--accounts', 'accounts.csv', '--table', 'bills', '--out', 'tabled']);
    expect(code).toBe(0);
    expect(stdout).toBe((await run([...AS_FLAGS, ...BILLS])).stdout);
    const sha256 = createHash('sha256')
      .update(readFileSync(join(cwd, 'accounts.csv')))
      .digest('hex');
    expect(manifestOf('tabled')['files']).toEqual([{ file: 'accounts.csv', sha256 }]);
  });

  it('when a cell is wrong then the error names line and column', async () => {
    write('accounts.csv', 'name,leverage\na,3\nb,300\n');
    const { code, stderr } = await run([...RUN, '--accounts', 'accounts.csv', '--no-save']);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /account b: leverage is not a leverage of XBTUSD\n {2}at: +accounts\.csv:3, column leverage/,
    );
  });

  it('when there are 10,000 then what they have in common is said once', async () => {
    write('many.csv', ['name', ...Array.from({ length: 10_000 }, (_, i) => `a${i}`)].join('\n'));
    const { code, stdout } = await run([...RUN, '--accounts', 'many.csv', '--print-config']);
    expect(code).toBe(0);
    expect(stdout).toContain(`accounts: ${join(cwd, 'many.csv')} # flag: 10000 accounts\n`);
  });
});

describe('--print-config', () => {
  /** The line of a key, without its indent. */
  const lineOf = ({ stdout }: Ran, key: string): string | undefined =>
    stdout
      .split('\n')
      .map((line) => line.trim())
      .find((line) => line.startsWith(`${key}:`));

  it('when values come from everywhere then each names its source, nothing runs and nothing is written', async () => {
    write('backtest.yaml', CONFIG);
    const before = readdirSync(cwd);
    const env = { BACKTEST_SLIPPAGE: '3', BACKTEST_STRICT: '1', BACKTEST_QUIET: '0' };
    const printed = await run(['run', '--print-config', '--leverage', '5', '--param', 'qty=0.10', '--seed', '7'], {
      env,
    });
    expect(printed).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(cwd)).toEqual(before);
    const expected = {
      strategy: `strategy: ${join(cwd, 'stops.ts')} # config file, line 1`,
      data: 'data: # config file, line 2',
      'fee-taker': 'fee-taker: 0.00010 # config file, line 4',
      slippage: 'slippage: 3 # environment, BACKTEST_SLIPPAGE',
      strict: 'strict: true # environment, BACKTEST_STRICT',
      quiet: 'quiet: false # environment, BACKTEST_QUIET',
      seed: 'seed: 7 # flag',
      leverage: 'leverage: 5 # flag',
      intrabar: 'intrabar: adverse # default',
      out: 'out: null # default: reports/<strategy>-<symbol>-<start>',
      balance: 'balance: null # default: 1 of a coin, 10000 of a dollar',
      currency: 'currency: null # default: XBT',
      exchange: 'exchange: null # default: bitmex',
      qty: 'qty: 0.10 # flag',
      loss: 'loss: 0.010 # config file, line 15',
      isLong: 'isLong: true # default',
      note: 'note: x # default',
    };
    for (const [key, line] of Object.entries(expected)) expect(lineOf(printed, key)).toBe(line);
    expect(printed.stdout).toContain(`data: # config file, line 2\n  - ${join(cwd, 'XBTUSD.csv')}\n`);
    expect(printed.stdout).toContain(
      '  main:\n    exchange: null # default: bitmex\n    balance: 0.50 # config file, line 9\n',
    );
  });

  it('when it is printed then every option is there, in the order of the table', async () => {
    const { stdout } = await run([...RUN, '--print-config']);
    const keys = stdout.split('\n').flatMap((line) => /^([a-z][a-z-]*):/.exec(line)?.[1] ?? []);
    const notKeys = ['config', 'print-config', 'account', 'accounts', 'param'];
    const names = RUN_OPTIONS.map(({ name }) => name).filter((name) => !notKeys.includes(name));
    expect(keys).toEqual([...names, 'accounts', 'params']);
    for (const name of ['config', 'account', 'accounts', 'param'])
      expect(stdout).toMatch(new RegExp(`^# .*${name}`, 'm'));
  });

  test.each<[string, string[], Record<string, string>, string]>([
    ['flags', [...AS_FLAGS, '--table', 'bills', '--assert', 'liquidations==0'], {}, ''],
    [
      'flags and one account',
      [...RUN, '--leverage', '7', '--mode', 'isolated', '--table', 'bills', '--param', 'note=a: "b" # c'],
      {},
      '',
    ],
    ['a file', ['run', '--table', 'bills'], {}, CONFIG],
    [
      'a file and stronger flags',
      ['run', '--table', 'bills', '--leverage', '9', '--account', 'main', '--param', 'qty=5'],
      {},
      `${CONFIG}mode: cross\n`,
    ],
    ['a file and one stronger flag', ['run', '--table', 'bills', '--leverage', '9'], {}, CONFIG],
    ['a table that a flag changes', [...RUN, '--leverage', '9', '--table', 'bills'], {}, 'accounts: three.csv\n'],
    [
      'the environment',
      ['run'],
      {
        BACKTEST_STRATEGY: 'stops.ts',
        BACKTEST_DATA: 'XBTUSD.csv;XBTUSD=halves/XBTUSD-a.csv',
        BACKTEST_TABLE: 'bills',
        BACKTEST_PARAM: 'isLong=false',
        BACKTEST_TO: '2020-03-02',
      },
      '',
    ],
  ])('when it came from %s and is used again then the run is the same', async (_what, argv, env, config) => {
    write('three.csv', 'name,leverage,balance\nmain,2,\nb,,3\n');
    if (config !== '') write('backtest.yaml', config);
    const first = await run([...argv, '--no-save'], { env });
    const printed = await run([...argv, '--print-config', '--no-save'], { env });
    expect({ code: printed.code, stderr: printed.stderr }).toEqual({ code: 0, stderr: '' });
    write('again/c.yaml', printed.stdout);
    const again = await run(['run', '--config', 'again/c.yaml']);
    expect(again.stdout).toBe(first.stdout);
    expect([first.code, again.code]).toEqual(first.code === 0 ? [0, 0] : [3, 3]);
    const twice = await run(['run', '--config', 'again/c.yaml', '--print-config']);
    const bare = (text: string): string => text.replace(/ # .*$|^#.*$/gm, '');
    expect(bare(twice.stdout)).toBe(bare(printed.stdout));
  });

  it('when a stronger source makes something idle then it says so', async () => {
    write('backtest.yaml', 'leverage: 3\nno-save: true\nquiet: true\nlog-level: warn\n');
    const printed = await run([...RUN, '--account', 'a', '--out', 'x', '--verbose', '--print-config']);
    expect(lineOf(printed, 'leverage')).toBe('leverage: null # default; 3 of the config file, line 1 is not in force');
    expect(lineOf(printed, 'no-save')).toBe('no-save: false # default; true of the config file is not in force');
    expect(lineOf(printed, 'quiet')).toBe('quiet: false # default; true of the config file is not in force');
    expect(lineOf(printed, 'log-level')).toBe(
      'log-level: null # default; warn of the config file, line 4 is not in force',
    );
  });

  it('when neither strategy nor data are known then what is given is printed all the same', async () => {
    const printed = await run(['run', '--param', 'fast=3', '--print-config']);
    expect(printed).toMatchObject({ code: 0, stderr: '' });
    expect(lineOf(printed, 'strategy')).toBe('strategy: null # default: required');
    expect(lineOf(printed, 'fast')).toBe('fast: 3 # flag');
    expect(lineOf(printed, 'exchange')).toBe('exchange: null # default: that of the data');
  });

  test.each<[string[], number, RegExp]>([
    [['--slippage', 'x'], 2, /--slippage is not a slippage/],
    [['--param', 'nope=1'], 2, /no parameter nope/],
    [['--account', 'a:leverage=300'], 2, /is not a leverage/],
    [['--strategy', 'no.ts'], 1, /cannot be read/],
    [['--assert', 'nope<1'], 2, /names no metric/],
  ])('when %j is wrong then it is the error of a run', async (flags, code, message) => {
    const printed = await run([...RUN, ...flags, '--print-config']);
    expect([printed.code, printed.stdout]).toEqual([code, '']);
    expect(printed.stderr).toMatch(message);
  });

  it('when a default has a value then giving it changes nothing', async () => {
    const flags = RUN_OPTIONS.flatMap(({ name, repeats }) => {
      const { value } = findDefault(name, repeats);
      return (typeof value === 'string' ? [value] : (value ?? [])).flatMap((text) => [`--${name}`, text]);
    });
    expect(flags.length).toBeGreaterThan(10);
    expect((await run([...RUN, ...flags, '--no-save'])).stdout).toBe((await run([...RUN, '--no-save'])).stdout);
  });
});
