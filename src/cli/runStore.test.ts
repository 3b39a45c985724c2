/**
 * The store of parsed candles on whole command lines: a run is the same with it, without it and out of it, whatever else was asked for; and
 * `backtest data store` shows and empties it.
 */

import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, test } from '@jest/globals';
import { BARS, cwd, manifestOf, run } from './fixtures/runSituation.js';

const ENV = { BACKTEST_CACHE_DIR: 'kept' };
const CANDLES = join(cwd, 'kept/candles');
afterEach(() => rmSync(join(cwd, 'kept'), { recursive: true, force: true }));

const stored = (): string[] => (existsSync(CANDLES) ? readdirSync(CANDLES).sort() : []);

/** Files of the store with what changes when one is written again. */
const inodes = (): number[] => stored().map((name) => statSync(join(CANDLES, name)).ino);

/** Everything that a run leaves, but when it was and how it was called. */
async function resultOf(argv: readonly string[], env: Readonly<Record<string, string>> = ENV): Promise<object> {
  const { code, stdout, stderr } = await run([...argv, '--out', 'stored-run'], { env });
  const { command: _, wall_clock: __, ...manifest } = manifestOf('stored-run');
  const files = readdirSync(join(cwd, 'stored-run')).filter((name) => name !== 'manifest.json');
  const texts = files.map((name) => [name, readFileSync(join(cwd, 'stored-run', name), 'utf8')]);
  return { code, stdout, stderr, manifest, texts };
}

const STOPS = ['run', '--strategy', 'stops.ts', '--funding', '0.0001'];
const HOURS = ['--data', 'XBTUSD.csv'];

describe('runs with the store', () => {
  test.each<[string, string[], number]>([
    ['candles', [...STOPS, ...HOURS], 1],
    ['marks', [...STOPS, ...HOURS, '--mark', 'short-mark.csv'], 2],
    ['a gap', [...STOPS, '--data', 'gap/XBTUSD.csv'], 1],
    ['skipped rows', [...STOPS, '--data', 'bad/XBTUSD.csv', '--skip-bad-rows'], 1],
    ['packed candles, closes named', [...STOPS, '--data', 'packed/XBTUSD.csv.gz', '--bar-time', 'close'], 1],
    ['two files', [...STOPS, '--data', 'halves/XBTUSD-b.csv', '--data', 'halves/XBTUSD-a.csv'], 1],
    ['a second engine', [...STOPS, ...HOURS, '--verify'], 1],
    ['a stretch in the middle', [...STOPS, ...HOURS, '--from', '2020-03-03', '--to', '2020-03-20'], 1],
    ['a timeframe', [...STOPS, ...HOURS, '--timeframe', '4h'], 1],
  ])(
    'when a run of %s is made again then it does not read the files, and nothing is another',
    async (_what, argv, count) => {
      const without = await resultOf(argv, {});
      expect(without).toMatchObject({ code: 0 });
      expect(stored()).toEqual([]);
      expect(await resultOf(argv)).toEqual(without);
      const before = inodes();
      expect(before.length).toBe(count);
      expect(await resultOf(argv)).toEqual(without);
      expect(inodes()).toEqual(before);
    },
  );

  it('when --no-store is on then nothing is kept, and what is there is not used', async () => {
    const argv = [...STOPS, ...HOURS, '--no-save'];
    await run([...argv, '--no-store'], { env: ENV });
    expect(stored()).toEqual([]);
    const kept = await run(argv, { env: ENV });
    // A file that was used has the time of its use, which is another than this one.
    utimesSync(join(CANDLES, stored()[0]!), 1, 1);
    expect(await run([...argv, '--no-store'], { env: ENV })).toEqual(kept);
    expect(statSync(join(CANDLES, stored()[0]!)).mtimeMs).toBe(1000);
    expect(await run(argv, { env: ENV })).toEqual(kept);
    expect(statSync(join(CANDLES, stored()[0]!)).mtimeMs).toBeGreaterThan(1000);
  });

  it('when there is no folder for it then runs are as ever', async () => {
    const without = await resultOf([...STOPS, ...HOURS], {});
    expect(await resultOf([...STOPS, ...HOURS], { BACKTEST_CACHE_DIR: 'a-file' })).toEqual(without);
  });

  it('when other commands read the same candles then they use what a run has kept', async () => {
    await run([...STOPS, ...HOURS, '--no-save'], { env: ENV });
    const before = inodes();
    const check = await run(['check', 'idle.ts', ...HOURS, '--cuts', '1', '--quiet'], { env: ENV });
    expect(check.stdout).toContain('look_ahead');
    expect(inodes()).toEqual(before);
  });
});

describe('data store', () => {
  it('when series were kept then each is a row, and --clear removes them', async () => {
    await run([...STOPS, ...HOURS, '--no-save'], { env: ENV });
    await run([...STOPS, '--data', 'packed/XBTUSD.csv.gz', '--no-save'], { env: ENV });
    const { code, stdout, stderr } = await run(['data', 'store', '--format', 'csv'], { env: ENV });
    expect(code).toBe(0);
    const [header, ...rows] = stdout.trim().split('\n');
    expect(header).toBe('symbol,interval,bars,bytes,used,files');
    expect(rows.map((row) => row.replace(/,\d+,2026[^,]*,/, ',…,')).sort()).toEqual([
      `XBTUSD,1h,${BARS},…,${join(cwd, 'XBTUSD.csv')}`,
      `XBTUSD,1h,${BARS},…,${join(cwd, 'packed/XBTUSD.csv.gz')}`,
    ]);
    expect(stderr).toMatch(/kept\/candles: \d+ bytes of at most 2147483648/);

    expect(await run(['data', 'store', '--clear'], { env: ENV })).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('2 series removed'),
    });
    expect(stored()).toEqual([]);
    expect((await run(['data', 'store'], { env: ENV })).stdout).toContain('store (no rows)');
  });

  it('when there is no folder for it then a warning says so', async () => {
    const { code, stderr } = await run(['data', 'store']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('BACKTEST_CACHE_DIR') });
  });
});
