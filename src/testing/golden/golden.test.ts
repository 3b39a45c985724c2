/**
 * Golden runs: whole command lines over the sample data whose stdout and tables are kept beside this file. A change of a
 * single byte fails. After a change that is meant, `BACKTEST_GOLDEN=write npm test -- golden` writes them anew, and the
 * difference is reviewed like code.
 */

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { runCli } from '../../cli/fixtures/testProcess.js';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = resolve(HERE, '../../..');
const isWriting = process.env['BACKTEST_GOLDEN'] === 'write';

const TABLES = ['stop_trades', 'trades', 'orders', 'balance', 'positions', 'bills', 'closed_trades'];
const MARK = ['--mark', 'data/XBTUSD-mark.csv'];
const FUNDING = ['--funding', 'data/XBTUSD-funding.csv'];
/** Two days around the crash: every run stays small enough to be read. */
const CRASH = ['--from', '2020-06-17', '--to', '2020-06-19'];

interface Golden {
  readonly name: string;
  readonly strategy: string;
  readonly args: readonly string[];
}

const CASES: readonly Golden[] = [
  { name: 'ema-cross', strategy: 'strategies/ema-cross.ts', args: [...MARK, ...FUNDING, ...CRASH] },
  { name: 'mean-reversion', strategy: 'strategies/mean-reversion.ts', args: [...MARK, ...FUNDING, ...CRASH] },
  { name: 'breakout', strategy: 'strategies/breakout.ts', args: [...FUNDING, ...CRASH, '--slippage', '2'] },
  { name: 'synthetic-dollar', strategy: 'strategies/synthetic-dollar.ts', args: [...MARK, ...FUNDING, ...CRASH] },
  {
    name: 'liquidated',
    strategy: 'src/testing/golden/fixtures/ladder.ts',
    args: [
      ...MARK,
      ...FUNDING,
      ...CRASH,
      ...['--account', 'isolated:mode=isolated,leverage=10,balance=1'],
      ...['--account', 'cross:mode=cross,leverage=10,balance=0.25'],
      ...['--account', 'old:exchange=bitmex_2020,mode=cross,leverage=5,balance=2'],
    ],
  },
];

describe.each(CASES)('golden run $name', ({ name, strategy, args }) => {
  it('when the same command runs then every byte is the same', async () => {
    const out = mkdtempSync(join(tmpdir(), 'golden-'));
    try {
      const command = ['run', '--strategy', strategy, '--data', 'data/XBTUSD.csv', ...args, '--out', join(out, 'run')];
      const ran = await runCli(command, { cwd: ROOT });
      expect(ran.code).toBe(0);
      const files = new Map(
        TABLES.map((table) => [`${table}.csv`, readFileSync(join(out, 'run', `${table}.csv`), 'utf8')]),
      );
      files.set('summary.json', readFileSync(join(out, 'run', 'summary.json'), 'utf8'));
      files.set('stdout.txt', ran.stdout);
      for (const [file, found] of files) judge(join(HERE, name), file, found);
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  });
});

function judge(folder: string, file: string, found: string): void {
  const path = join(folder, file);
  if (isWriting) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, found);
  }
  const expected = existsSync(path) ? readFileSync(path, 'utf8') : `no golden file ${file}`;
  expect(found).toBe(expected);
}
