/** `backtest audit RUN` as a command: the table, its formats, exit codes, and the place of the first figure that is off. */

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it, test } from '@jest/globals';
import { copyGoldenRun } from '../report/fixtures/goldenRun.js';
import { runCli } from './fixtures/testProcess.js';

const dir = copyGoldenRun('mean-reversion');
afterAll(() => rmSync(dir, { recursive: true }));
const audit = (...args: string[]) => runCli(['audit', ...args], { cwd: dirname(dir) });

describe('a run that adds up', () => {
  it('when it is audited then stdout has a row for each check and the exit code is 0', async () => {
    const { code, stdout, stderr } = await audit(dir);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^audit\ncheck +compared +differences\n/);
    expect(stdout).toMatch(/\nbills +\d+ +0\n/);
    expect(stdout).toMatch(/all agree, to the last unit\n$/);
  });

  it('when csv is asked for then it is check, compared, differences', async () => {
    const { code, stdout } = await audit(dir, '--format', 'csv');
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toBe('check,compared,differences');
  });

  it('when json is asked for then it is an array of the checks', async () => {
    const { stdout } = await audit(dir, '--format', 'json');
    const rows = JSON.parse(stdout);
    expect(rows[0]).toEqual({ check: 'bills', compared: expect.any(Number), differences: 0 });
  });
});

describe('a run that does not', () => {
  it('when one unit is off then the exit code is 4 and stderr names file, line, column, found and expected', async () => {
    const path = join(dir, 'balance.csv');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('1.00000000', '1.00000001'));
    const { code, stdout, stderr } = await audit(dir);
    writeFileSync(path, text);
    expect(code).toBe(4);
    expect(stdout).toContain('not all agree');
    expect(stderr).toContain(`at:       ${path}:2, column wallet_balance`);
    expect(stderr).toContain('found:    1.00000001');
    expect(stderr).toContain('expected: 1.00000000');
  });

  test.each<[string[], number]>([
    [[], 2],
    [[dir, 'another'], 2],
    [[dir, '--format', 'xml'], 2],
    [['no-such-folder'], 3],
    [['.'], 3],
  ])('when the arguments are %j then the exit code is %d', async (args, code) => {
    expect((await audit(...args)).code).toBe(code);
  });
});
