/**
 * Runs the built program once over what most starts do, so that those functions are compiled when their code is kept.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';

/** Enough for every order, fill and table to come up; more would only take longer. */
const BARS = 2000;

const silent = () => new Writable({ write: (_, __, done) => done() });

/** @param program what scripts/bundledProgram.mjs exports. @param {string} root of the project. */
export async function warmUp(program, root) {
  const folder = mkdtempSync(join(tmpdir(), 'backtest-build-'));
  const call = async (...argv) => {
    const code = await program.runCommandLine(argv, {
      stdout: silent(),
      stderr: silent(),
      env: { BACKTEST_CACHE_DIR: join(folder, 'kept') },
      cwd: folder,
      nodeVersion: process.versions.node,
      now: () => new Date(),
      onInterrupt: () => () => {},
    });
    if (code !== 0) throw new Error(`backtest ${argv.join(' ')} ended with ${code}`);
  };
  try {
    const head = readFileSync(join(root, 'data/XBTUSD.csv'), 'utf8').split('\n').slice(0, BARS).join('\n');
    writeFileSync(join(folder, 'XBTUSD.csv'), head);
    const run = [
      'run',
      '--strategy',
      join(root, 'strategies/ema-cross.ts'),
      '--data',
      'XBTUSD.csv',
      '--param',
      'slow=400',
    ];
    // The second time the compiled strategy is there.
    await call(...run, '--out', 'first', '--format', 'csv', '--table', 'trades');
    await call(...run, '--out', 'first');
    await call('run', '--help');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
