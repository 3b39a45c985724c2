/** `backtest init`: that what it writes runs and type-checks at once, and that it never replaces anything. */

import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, test } from '@jest/globals';
import { runCli } from './fixtures/testProcess.js';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'init-test-')));
afterAll(() => rmSync(root, { recursive: true }));

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(root, 'case-'));
});

const FILES = [
  'backtest.yaml',
  'ema-cross.ts',
  'sample-data/README.md',
  'sample-data/XBTUSD-funding.csv',
  'sample-data/XBTUSD-mark.csv',
  'sample-data/XBTUSD.csv',
  'tsconfig.json',
];

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

function typeCheck(folder: string): { status: number | null; stdout: string } {
  return spawnSync(resolve('node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' });
}

describe('init', () => {
  test.each<[string[], string, string]>([
    [['init'], '.', 'now run here: backtest run\n'],
    [['init', 'my/own'], 'my/own', 'now run in my/own: backtest run\n'],
  ])('when it is %j then all files are in %s, and stderr says what to run', async (argv, folder, next) => {
    const { code, stdout, stderr } = await runCli(argv, { cwd });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(filesBelow(resolve(cwd, folder))).toEqual(FILES);
    for (const file of FILES) expect(stderr).toContain(`wrote ${join(folder, file)}\n`);
    expect(stderr).toContain('generated');
    expect(stderr.endsWith(next)).toBe(true);
  });

  it('when the command is run that it names then it works at once, and trades with the parameters of the file', async () => {
    await runCli(['init'], { cwd });
    const { code, stderr } = await runCli(['run', '--out', 'o'], { cwd });
    expect(code).toBe(0);
    expect(stderr).not.toContain('warning');
    const manifest = JSON.parse(readFileSync(join(cwd, 'o/manifest.json'), 'utf8'));
    expect(manifest).toMatchObject({ config: { file: 'backtest.yaml' }, params: { fast: 360, slow: 1440 } });
    const { counts } = JSON.parse(readFileSync(join(cwd, 'o/summary.json'), 'utf8')) as { counts?: unknown };
    expect(counts ?? readFileSync(join(cwd, 'o/trades.csv'), 'utf8').split('\n').length).toBeGreaterThan(10);
  });

  it('when the strategy is type-checked with its tsconfig then it passes, and a slip is found', async () => {
    await runCli(['init'], { cwd });
    expect(typeCheck(cwd)).toMatchObject({ status: 0, stdout: '' });
    writeFileSync(
      join(cwd, 'slip.ts'),
      "import { defineStrategy } from 'backtest';\nimport { ema } from 'backtest/indicators';\nexport default defineStrategy({ handleData(context) { context.account.longOpen(ema(3)); } });\n",
    );
    const { status, stdout } = typeCheck(cwd);
    expect(status).not.toBe(0);
    expect(stdout).toMatch(/^\S*slip\.ts\(3,\d+\): error TS/m);
    expect(stdout).not.toContain('TS2307');
  });

  it('when the sample candles are opened then they are labelled generated', async () => {
    await runCli(['init'], { cwd });
    expect(readFileSync(join(cwd, 'sample-data/README.md'), 'utf8')).toContain(
      'generated: nothing in them was ever traded',
    );
    expect(readFileSync(join(cwd, 'backtest.yaml'), 'utf8')).toContain('Generated samples');
  });

  it('when --quiet is on then it says nothing', async () => {
    expect(await runCli(['init', '--quiet'], { cwd })).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('when other files are there then they stay', async () => {
    writeFileSync(join(cwd, 'notes.txt'), 'mine');
    expect((await runCli(['init'], { cwd })).code).toBe(0);
    expect(readFileSync(join(cwd, 'notes.txt'), 'utf8')).toBe('mine');
  });
});

describe('what is there already', () => {
  test.each([...FILES, 'backtest.yml', 'backtest.json'])('when %s is there then nothing is written', async (name) => {
    mkdirSync(join(cwd, name, '..'), { recursive: true });
    writeFileSync(join(cwd, name), 'mine');
    const { code, stdout, stderr } = await runCli(['init'], { cwd });
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
    expect(stderr).toContain(`at:       ${name}\n`);
    expect(filesBelow(cwd)).toEqual([name]);
    expect(readFileSync(join(cwd, name), 'utf8')).toBe('mine');
  });

  it('when a link that leads nowhere has the name then it counts', async () => {
    symlinkSync('nowhere', join(cwd, 'tsconfig.json'));
    expect((await runCli(['init'], { cwd })).code).toBe(5);
    expect(filesBelow(cwd)).toEqual(['tsconfig.json']);
  });

  it('when it is run twice then the second time is refused', async () => {
    await runCli(['init', 'x'], { cwd });
    const { code, stderr } = await runCli(['init', 'x'], { cwd });
    expect(code).toBe(5);
    expect(stderr).toContain(join('x', 'ema-cross.ts'));
  });

  test.each(['a-file', 'a-file/below'])('when the folder is %s then it cannot be made', async (folder) => {
    writeFileSync(join(cwd, 'a-file'), 'mine');
    const { code, stderr } = await runCli(['init', folder], { cwd });
    expect(code).toBe(5);
    expect(stderr).toContain('nothing was written');
    expect(readFileSync(join(cwd, 'a-file'), 'utf8')).toBe('mine');
  });

  it('when a part cannot be written then what was written is taken back', async () => {
    writeFileSync(join(cwd, 'sample-data'), 'a file where a folder should be');
    expect((await runCli(['init'], { cwd })).code).toBe(5);
    expect(filesBelow(cwd)).toEqual(['sample-data']);
    expect(existsSync(join(cwd, 'ema-cross.ts'))).toBe(false);
  });
});
