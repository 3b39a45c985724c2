/** `backtest check` as users start it: the three cheats, and that each is found by what it did and told with its line. */

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sampleOptionsOf } from '../testing/strategyHeads.js';
import { type BuiltCli, buildCli, type Finished, spawnAndWait } from './fixtures/builtCli.js';
import { candles, FIRST_BAR_MS, STOPS_OUT, writeFiles } from './fixtures/sampleFiles.js';

const LONG_MS = 240_000;
const CHEATS = resolve('src/cli/fixtures/cheats');
const cwd = realpathSync(mkdtempSync(join(tmpdir(), 'check-spawn-')));
let built: BuiltCli;

beforeAll(() => {
  built = buildCli();
  // The declarations that the package is shipped with.
  const args = ['-p', 'tsconfig.build.json', '--outDir', dirname(dirname(built.file)), '--emitDeclarationOnly'];
  spawnSync('node_modules/.bin/tsc', args);
  for (const name of readdirSync(CHEATS)) copyFileSync(join(CHEATS, name), join(cwd, name));
  writeFiles(cwd, {
    'XBTUSD.csv': candles(240),
    'awaits.ts': readFileSync(join(cwd, 'readsFile.ts'), 'utf8')
      .replace("import { readFileSync } from 'node:fs'", "import { readFile } from 'node:fs/promises'")
      .replace(/readFileSync\((.*?), 'utf8'\)/, "(await readFile($1, 'utf8'))"),
    'minutes.csv': candles(240 * 60, FIRST_BAR_MS, 60_000),
    'readsMinutes.ts': readFileSync(join(cwd, 'readsFile.ts'), 'utf8').replace('XBTUSD.csv', 'minutes.csv'),
    'honest.ts': STOPS_OUT,
    'wrong.ts': STOPS_OUT.replace('null, params.qty', 'true, params.qty'),
  });
}, LONG_MS);
afterAll(() => {
  built.remove();
  rmSync(cwd, { recursive: true });
});

const check = (strategy: string, ...more: string[]): Promise<Finished> =>
  spawnAndWait(process.execPath, [built.file, 'check', strategy, '--data', 'XBTUSD.csv', ...more], { cwd });

/** The fields of the first error block. */
function blockOf(stderr: string): Record<string, string> {
  const text = /error: the strategy [\s\S]*?\n {2}do: .*\n/.exec(stderr)?.[0] ?? '';
  const [message, ...lines] = text.trimEnd().split('\n');
  const fields = lines.map((line) => /^ {2}(\w+): +(.*)$/.exec(line)!.slice(1) as [string, string]);
  return { message: message!, ...Object.fromEntries(fields) };
}

/** Line and column of the one place of a text in a cheat. */
function placeOf(name: string, text: string): string {
  const lines = readFileSync(join(cwd, name), 'utf8').split('\n');
  const line = lines.findIndex((one) => one.includes(text));
  return `${name}:${line + 1}:${lines[line]!.indexOf(text) + 1}`;
}

describe('the three cheats', () => {
  it(
    'when it reads the file of the run then the order it gave by it is named, and the line that reads',
    async () => {
      const { code, stdout, stderr } = await check('readsFile.ts');
      const block = blockOf(stderr);
      // An order that rests on the next bar shows at the close at which the future is cut off.
      const [, cut, at] = /looks ahead: with other prices after (\S+) it orders otherwise at (\S+)$/.exec(
        block['message']!,
      )!;
      expect(at).toBe(cut);
      expect(block['at']).toBe(placeOf('readsFile.ts', 'longOpen'));
      expect(block['expected']).toBe(`${at} main longOpen("XBTUSD", null, 1000), with the true one`);
      expect(block['found']).toBe('no such call, with another future');
      expect(stderr).toContain(
        `opens a data file of the run, and the future is in it\n  at:       ${placeOf('readsFile.ts', 'readFileSync(')}`,
      );
      expect(stdout).toMatch(/types +pass[\s\S]*look_ahead +fail +\d+ +1\n[\s\S]*data_files +fail +1 +1\n/);
      expect(code).toBe(1);
    },
    LONG_MS,
  );

  it(
    'when it keeps the future in a variable of its module then the second run gives it away',
    async () => {
      const { code, stdout, stderr } = await check('keepsGlobal.ts');
      const block = blockOf(stderr);
      expect(block['message']).toMatch(
        /keeps something from one run to the next: run again, it orders otherwise at 2020-03-0\d/,
      );
      expect(block['at']).toBe(placeOf('keepsGlobal.ts', 'longOpen'));
      expect([block['found'], block['expected']]).toEqual([
        expect.stringMatching(/, after a run that saw the whole data$/),
        expect.stringMatching(/, in the first run$/),
      ]);
      expect(`${block['found']}${block['expected']}`).toContain(' main longOpen("XBTUSD", null, 1000), ');
      expect(stdout).toMatch(/look_ahead +pass[\s\S]*carry_over +fail +\d+ +1\ndata_files +pass/);
      expect(code).toBe(1);
    },
    LONG_MS,
  );

  it(
    'when it knows how the longer bar at hand will close then an order within that bar is named',
    async () => {
      const { code, stdout, stderr } = await check('unclosedBar.ts');
      const block = blockOf(stderr);
      const [, cut, at] = /looks ahead: with other prices after (\S+) it orders otherwise at (\S+)$/.exec(
        block['message']!,
      )!;
      const bucketOf = (time: string): number => Math.floor((Date.parse(time) - 1) / (4 * 3_600_000));
      expect(bucketOf(at!)).toBe(bucketOf(cut!));
      expect(block['at']).toMatch(/^unclosedBar\.ts:\d+:\d+$/);
      expect(stdout).toMatch(/look_ahead +fail[\s\S]*carry_over +pass[\s\S]*data_files +fail/);
      expect(code).toBe(1);
    },
    LONG_MS,
  );

  it(
    'when the file is read by a promise then it is the same',
    async () => {
      const { code, stdout } = await check('awaits.ts', '--cuts', '8', '--format', 'csv');
      expect(stdout).toMatch(/\nlook_ahead,fail,\d+,1\n/);
      expect(code).toBe(1);
    },
    LONG_MS,
  );
});

describe('finer candles', () => {
  it(
    'when it reads those of the run then they have another future too, and it is found',
    async () => {
      const { code, stdout, stderr } = await check('readsMinutes.ts', '--detail', 'minutes.csv', '--format', 'csv');
      expect(stdout).toMatch(/\nlook_ahead,fail,\d+,1\n/);
      expect(stdout).toMatch(/\ndata_files,fail,2,1\n/);
      expect(stderr).toContain(`opens a data file of the run`);
      expect(code).toBe(1);
    },
    LONG_MS,
  );

  it(
    'when it takes everything from its context then nothing is found',
    async () => {
      const { code, stdout } = await check('honest.ts', '--detail', 'minutes.csv', '--format', 'csv');
      expect(stdout).not.toContain('fail');
      expect(code).toBe(0);
    },
    LONG_MS,
  );
});

describe('a folder with nothing but the strategy', () => {
  it(
    'when its types are wrong then the line is told, by the declarations of the package',
    async () => {
      const { code, stderr } = await check('wrong.ts', '--cuts', '1');
      expect(stderr).toMatch(
        /^error: wrong\.ts:9:\d+: Argument of type 'true' is not assignable to .* \(TS2345\)\ntypes: 1 error/,
      );
      expect(code).toBe(1);
    },
    LONG_MS,
  );
});

describe('the examples', () => {
  const names = readdirSync('strategies').filter((name) => name.endsWith('.ts'));
  it.each(names)(
    'when %s is checked on the sample data that its head names then it passes',
    async (name) => {
      const options = sampleOptionsOf(readFileSync(join('strategies', name), 'utf8'));
      const argv = [built.file, 'check', `strategies/${name}`, ...options, '--cuts', '1', '--format', 'csv'];
      const { code, stdout } = await spawnAndWait(process.execPath, argv, { cwd: resolve('.') });
      const rows = stdout.trim().split('\n').slice(1);
      expect(rows.filter((row) => !/^\w+,pass,[1-9]\d*,0$/.test(row))).toEqual([]);
      expect({ code, rows: rows.length }).toEqual({ code: 0, rows: 5 });
    },
    LONG_MS,
  );
});
