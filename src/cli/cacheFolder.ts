/**
 * Where the program keeps what it can make again: compiled strategies and parsed candles. The folder is the user's to name, by the environment
 * alone, and may be removed at any time. Nothing is made or written here.
 */

import { statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CandleStore } from '../market/candleStore.js';
import type { CliIo } from './cliStreams.js';
import type { GivenOptions } from './givenOptions.js';
import { loadVersion } from './version.js';

/**
 * `BACKTEST_CACHE_DIR`, else `backtest` in `XDG_CACHE_HOME`, else `.cache/backtest` in `HOME`; an empty variable counts as absent, and so
 * does an `XDG_CACHE_HOME` that is not absolute.
 *
 * @returns an absolute path; null where none of them is set: nothing is kept then.
 */
export function findCacheFolder({ env, cwd }: Pick<CliIo, 'env' | 'cwd'>): string | null {
  const own = env['BACKTEST_CACHE_DIR'] ?? '';
  if (own !== '') return resolve(cwd, own);
  const shared = env['XDG_CACHE_HOME'] ?? '';
  if (isAbsolute(shared)) return join(shared, 'backtest');
  const home = env['HOME'] ?? '';
  return isAbsolute(home) ? join(home, '.cache', 'backtest') : null;
}

/** The folder of compiled strategies; null keeps none. */
export function findStrategyStore(io: Pick<CliIo, 'env' | 'cwd'>): string | null {
  const cache = findCacheFolder(io);
  return cache === null ? null : join(cache, 'strategies');
}

/** The store of parsed candles; null with --no-store, or where there is no folder for it. */
export function findCandleStore(io: Pick<CliIo, 'env' | 'cwd' | 'now'>, given: GivenOptions): CandleStore | null {
  const cache = findCacheFolder(io);
  if (cache === null || given.isOn('no-store')) return null;
  return new CandleStore({ folder: join(cache, 'candles'), program: nameOfProgram(), nowMs: () => io.now().getTime() });
}

/** This program and no other: its version, and of a build also which one it is. */
function nameOfProgram(): string {
  const bundle = statSync(fileURLToPath(new URL('../program.cjs', import.meta.url)), { throwIfNoEntry: false });
  return `${loadVersion()} ${bundle === undefined ? '' : `${bundle.size} ${bundle.mtimeMs}`}`;
}
