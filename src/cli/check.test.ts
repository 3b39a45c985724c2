/**
 * `backtest check` as a command: honest strategies pass, each way of looking ahead is found and named, exit codes and formats. Names
 * imported from node:fs are bound otherwise by the test runner than by Node, so the cheats run as processes, in check.spawn.test.ts.
 */

import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { candles, IDLE, STOPS_OUT, TRADES_ALL, writeFiles } from './fixtures/sampleFiles.js';
import { runCli, type TestProcess } from './fixtures/testProcess.js';

const BARS = 240;
const cwd = realpathSync(mkdtempSync(join(tmpdir(), 'check-test-')));

/** A strategy of a few lines; `top` stands at the top of its module. */
const strategy = (body: string, top = ''): string =>
  `${top}\nexport default { params: { file: 'XBTUSD.csv' },\n  handleData(context, bar, state) {\n    const { account, symbol } = context;\n${body}\n  },\n};\n`;

/** Buys where the next hour rises, by a map of closes that it should not have. */
const byNextClose = (how: string): string =>
  strategy(
    '    if ((closes.get(bar.closeTimeMs) ?? 0) > bar.close) account.longOpen(symbol, null, 1);\n    else account.cancelAll();',
    how,
  );
const PARSE = `const parse = (text) => new Map(text.trim().split('\\n').slice(1).map((row) => [Date.parse(row.split(',')[0]), Number(row.split(',')[4])]));`;

beforeAll(() => {
  const path = (name: string): string => JSON.stringify(join(cwd, name));
  writeFiles(cwd, {
    'XBTUSD.csv': candles(BARS),
    'ETHUSD.csv': candles(BARS),
    'packed/XBTUSD.csv.gz': gzipSync(candles(BARS)),
    'mark.csv': candles(BARS),
    'funding.csv': 'timestamp,fundingRate\n2020-03-01T04:00:00Z,0.0001\n2020-03-08T12:00:00Z,-0.0002\n',
    'notes.txt': '5',
    'honest.ts': STOPS_OUT,
    'both.js': TRADES_ALL,
    'idle.ts': IDLE,
    'wrong.ts': STOPS_OUT.replace('null, params.qty', 'true, params.qty'),
    'broken.ts': 'export default {',
    'throws.js': strategy("    throw new Error('on purpose');"),
    'chance.js': strategy(
      '    account.longOpen(symbol, null, luck);',
      'const luck = 1 + Math.floor(Math.random() * 1e9);',
    ),
    'reads.js': byNextClose(
      `import fs from 'node:fs';\n${PARSE}\nconst closes = parse(fs.readFileSync(${path('XBTUSD.csv')}, 'utf8'));`,
    ),
    'unpacks.js': byNextClose(
      `import fs from 'node:fs';\nimport { gunzipSync } from 'node:zlib';\n${PARSE}\nconst closes = parse(String(gunzipSync(fs.readFileSync(${path('packed/XBTUSD.csv.gz')}))));`,
    ),
    'awaits.js': byNextClose(
      `import fs from 'node:fs';\n${PARSE}\nconst closes = parse(await fs.promises.readFile(${path('mark.csv')}, 'utf8'));`,
    ),
    'later.js': strategy(
      `    if (closes === null) closes = parse(require('fs').readFileSync(${path('XBTUSD.csv')}, 'utf8'));\n    if (closes.get(bar.closeTimeMs) > bar.close) account.longOpen(symbol, null, 1);`,
      `${PARSE}\nlet closes = null;`,
    ),
    'rates.js': strategy(
      '    if (rates.some((time) => time > bar.closeTimeMs)) account.longOpen(symbol, null, 1);',
      `import fs from 'node:fs';\nconst rates = fs.readFileSync(${path('funding.csv')}, 'utf8').trim().split('\\n').slice(1).map((row) => Date.parse(row.split(',')[0]));`,
    ),
    'glances.js': strategy(
      '    account.longOpen(symbol, null, 1);',
      `import fs from 'node:fs';\nfs.readFileSync(${path('XBTUSD.csv')});`,
    ),
    'notes.js': strategy(
      '    account.longOpen(symbol, null, size);',
      `import fs from 'node:fs';\nconst size = Number(fs.readFileSync(${path('notes.txt')}, 'utf8'));`,
    ),
    'counts.js': strategy('    count += 1;\n    account.longOpen(symbol, null, count);', 'let count = 0;'),
    'margin.js': strategy(
      '    const next = closes.get(bar.closeTimeMs) ?? 0;\n    account.setMaxLeverage(next > bar.close ? 5 : 2);',
      `import fs from 'node:fs';\n${PARSE}\nconst closes = parse(fs.readFileSync(${path('XBTUSD.csv')}, 'utf8'));`,
    ),
  });
});
afterAll(() => rmSync(cwd, { recursive: true }));

const check = (argv: readonly string[], settings: TestProcess = {}) => runCli(['check', ...argv], { cwd, ...settings });
const onSample = (file: string, ...more: string[]) => check([file, '--data', 'XBTUSD.csv', ...more]);

describe('an honest strategy', () => {
  it('when it is checked then every row passes, one line a half is on stderr, and the exit code is 0', async () => {
    const { code, stdout, stderr } = await onSample('honest.ts');
    expect(stdout).toMatch(/^check\ncheck +result +compared +findings\n/);
    expect(stdout.match(/\b(types|determinism|look_ahead|carry_over|data_files) +pass +[1-9]\d* +0\n/g)).toHaveLength(
      5,
    );
    expect(stdout).toMatch(/\nall passed\n$/);
    expect(stderr).toMatch(
      /^types: no errors \(TypeScript .*\)\nlook-ahead: none seen: 5 cuts, \d+ calls compared, all the same\n$/,
    );
    expect(code).toBe(0);
  });

  it('when marks, funding, several symbols and a period are given then it passes too', async () => {
    const argv = ['both.js', '--data', 'XBTUSD.csv', '--data', 'ETHUSD.csv', '--mark', 'XBTUSD=mark.csv'];
    const more = ['--funding', 'XBTUSD=funding.csv', '--from', '2020-03-02', '--to', '2020-03-09', '--cuts', '3'];
    const { code, stdout, stderr } = await check([...argv, ...more]);
    expect({ code, stderr: stderr.split('\n').filter((line) => /^(error|warning)/.test(line)) }).toEqual({
      code: 0,
      stderr: [],
    });
    expect(stdout).toContain('all passed');
  });

  it('when it never calls then it passes, and that nothing was compared is told', async () => {
    const { code, stderr } = await onSample('idle.ts');
    expect(stderr).toContain('warning: look-ahead: the strategy made no call in this run, so nothing was compared');
    expect(code).toBe(0);
  });

  it('when it reads a file of its own then it passes, and the file is named', async () => {
    const { code, stderr } = await onSample('notes.js');
    expect(stderr).toMatch(/warning: look-ahead: .*opens notes\.txt: what is in it was not scrambled/);
    expect(code).toBe(0);
  });
});

/** The first error block. */
const blockOf = (stderr: string): string => /error: the strategy [\s\S]*?\n {2}do: .*\n/.exec(stderr)?.[0] ?? stderr;

describe('other ways to know the future', () => {
  test.each<[string, string, string[]]>([
    ['unpacks the gzip file of the run', 'unpacks.js', ['--data', 'packed/XBTUSD.csv.gz']],
    ['waits for the mark file', 'awaits.js', ['--data', 'XBTUSD.csv', '--mark', 'mark.csv']],
    ['reads the file when the run has begun', 'later.js', ['--data', 'XBTUSD.csv']],
    ['reads the funding that is to come', 'rates.js', ['--data', 'XBTUSD.csv', '--funding', 'funding.csv']],
    ['only changes its leverage by it', 'margin.js', ['--data', 'XBTUSD.csv']],
  ])('when a strategy %s then it looks ahead', async (_, file, options) => {
    const { code, stdout, stderr } = await check([file, ...options, '--cuts', '8']);
    expect(blockOf(stderr)).toContain('the strategy looks ahead');
    expect(stdout).toMatch(/look_ahead +fail/);
    expect(code).toBe(1);
  });

  it('when a strategy opens the data and makes no use of it then that is a finding by itself', async () => {
    const { code, stdout, stderr } = await onSample('glances.js');
    expect(stdout).toMatch(/look_ahead +pass[\s\S]*data_files +fail +1 +1\n/);
    expect(stderr).toMatch(/opens a data file of the run[\s\S]*found: +XBTUSD\.csv\n/);
    expect(code).toBe(1);
  });

  it('when a strategy counts in a variable of its module then it carries over', async () => {
    const { code, stdout } = await onSample('counts.js');
    expect(stdout).toMatch(/look_ahead +pass[\s\S]*carry_over +fail/);
    expect(code).toBe(1);
  });

  it('when two equal runs differ then that is the finding, and nothing else is judged', async () => {
    const { code, stdout, stderr } = await onSample('chance.js');
    expect(blockOf(stderr)).toMatch(/not deterministic: two equal runs part at 2020-03-01T01:00:00\.000Z\n/);
    expect(stderr).toContain('look-ahead: not proved, because two equal runs differ');
    expect(stdout).toMatch(/determinism +fail +1 +1\nlook_ahead +skipped +0 +0\ncarry_over +skipped/);
    expect(code).toBe(1);
  });
});

describe('types', () => {
  it('when they are wrong then each is a line with file, line and column, and the exit code is 1', async () => {
    const { code, stdout, stderr } = await onSample('wrong.ts');
    expect(stderr).toMatch(/^error: wrong\.ts:\d+:\d+: Argument of type 'true' is not assignable.* \(TS2345\)\n/);
    expect(stderr).toContain('types: 1 error (TypeScript');
    expect(stdout).toMatch(/types +fail +1 +1\n[\s\S]*look_ahead +pass/);
    expect(code).toBe(1);
  });

  it('when no data are given then types alone are checked, and that is told', async () => {
    const { code, stdout, stderr } = await check(['honest.ts']);
    expect(stderr).toContain('warning: look-ahead: not checked, because it needs candles: give --data FILE');
    expect(stdout).toMatch(/types +pass +1 +0\n[\s\S]*look_ahead +skipped[\s\S]*\nwhat was checked passed\n$/);
    expect(code).toBe(0);
  });

  it('when the log is JSON then a type error is one object with its place', async () => {
    const { stderr } = await check(['wrong.ts', '--log-format', 'json']);
    expect(JSON.parse(stderr.split('\n')[0]!)).toMatchObject({
      ...{ level: 'error', code: 'type_error', type_script: 'TS2345', file: 'wrong.ts' },
      ...{ line: expect.any(Number), column: expect.any(Number) },
    });
  });
});

describe('formats', () => {
  it('when csv is asked for then it has a row a check', async () => {
    const { stdout } = await onSample('honest.ts', '--cuts', '1', '--format', 'csv');
    expect(stdout).toMatch(/^check,result,compared,findings\ntypes,pass,1,0\ndeterminism,pass,\d+,0\nlook_ahead,pass,/);
  });

  it('when json is asked for then it is an array of the checks', async () => {
    const { stdout } = await onSample('honest.ts', '--cuts', '1', '--format', 'json');
    expect(JSON.parse(stdout)[0]).toEqual({ check: 'types', result: 'pass', compared: 1, findings: 0 });
  });

  it('when it is run twice then the output is the same, byte for byte', async () => {
    const [first, second] = [await onSample('reads.js', '--seed', '4'), await onSample('reads.js', '--seed', '4')];
    expect(second).toEqual(first);
    expect(first.code).toBe(1);
  });
});

describe('what ends it', () => {
  test.each<[string[], number]>([
    [[], 2],
    [['honest.ts', 'another.ts'], 2],
    [['honest.ts', '--format', 'xml'], 2],
    [['honest.ts', '--data', 'XBTUSD.csv', '--cuts', '0'], 2],
    [['honest.ts', '--data', 'XBTUSD.csv', '--cuts', '1.5'], 2],
    [['honest.ts', '--data', 'XBTUSD.csv', '--cuts', '1001'], 2],
    [['honest.ts', '--data', 'XBTUSD.csv', '--leverage', '1000'], 2],
    [['honest.ts', '--data', 'XBTUSD.csv', '--param', 'nosuch=1'], 2],
    [['honest.ts', '--data', 'XBTUSD.csv', '--out', 'x'], 2],
    [['honest.ts', '--data', 'nosuch.csv'], 3],
    [['honest.ts', '--data', 'XBTUSD.csv', '--to', '2020-03-01T01:00:00Z'], 3],
    [['nosuch.ts'], 1],
    [['.'], 1],
    [['broken.ts'], 1],
    [['throws.js', '--data', 'XBTUSD.csv'], 1],
  ])('when the arguments are %j then the exit code is %d', async (argv, code) => {
    const ran = await check(argv);
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code, stdout: '' });
    expect(ran.stderr).toContain('error: ');
  });

  it('when it is interrupted then nothing is proved and the exit code is 130', async () => {
    const ran = await check(['honest.ts', '--data', 'XBTUSD.csv'], { isInterrupted: true });
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: 130, stdout: '' });
    expect(ran.stderr).toContain('interrupted: nothing was proved');
  });

  it('when it is over then nothing has been written beside the strategy', async () => {
    const before = readdirSync(cwd, { recursive: true });
    await onSample('reads.js');
    expect(readdirSync(cwd, { recursive: true })).toEqual(before);
  });
});
