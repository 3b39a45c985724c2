/**
 * Which folder what is kept lies in. That commands use it is in cli.spawn.test.ts.
 */

import { describe, expect, test } from '@jest/globals';
import { findCacheFolder, findStrategyStore } from './cacheFolder.js';

describe('the folder', () => {
  test.each<[string, Record<string, string>, string | null]>([
    ['nothing is set', {}, null],
    ['HOME is set', { HOME: '/home/me' }, '/home/me/.cache/backtest'],
    ['HOME is empty', { HOME: '' }, null],
    ['HOME is not absolute', { HOME: 'me' }, null],
    ['XDG_CACHE_HOME is set', { HOME: '/home/me', XDG_CACHE_HOME: '/var/cache' }, '/var/cache/backtest'],
    ['XDG_CACHE_HOME is empty', { HOME: '/home/me', XDG_CACHE_HOME: '' }, '/home/me/.cache/backtest'],
    ['XDG_CACHE_HOME is not absolute', { HOME: '/home/me', XDG_CACHE_HOME: 'cache' }, '/home/me/.cache/backtest'],
    ['its own variable is set', { XDG_CACHE_HOME: '/var/cache', BACKTEST_CACHE_DIR: '/fast/kept' }, '/fast/kept'],
    ['its own variable is relative', { BACKTEST_CACHE_DIR: 'kept' }, '/trading/kept'],
    ['its own variable is empty', { HOME: '/home/me', BACKTEST_CACHE_DIR: '' }, '/home/me/.cache/backtest'],
  ])('when %s then it is there', (_what, env, expected) => {
    const io = { env, cwd: '/trading' };
    expect(findCacheFolder(io)).toBe(expected);
    expect(findStrategyStore(io)).toBe(expected === null ? null : `${expected}/strategies`);
  });
});
