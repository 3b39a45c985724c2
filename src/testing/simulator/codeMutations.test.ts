/**
 * Which seed sees which fault in the code: a copy of the fast engine with the one change differs from the unchanged reference
 * engine, and the unchanged engine agrees with it over the same world. Each copy runs in a process of its own, which is ended
 * when it takes too long. How seeds are found again is said in codeMutationsMain.ts.
 */

import { execFile } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, test } from '@jest/globals';
import { build } from 'esbuild';
import { CODE_MUTATIONS } from './codeMutations.js';
import { countFound } from './codeMutationsRun.js';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const MAIN = join(ROOT, 'node_modules/.cache/codeMutations/main.mjs');
const MOST_MS = 30_000;

const AT_ONCE = 2;

const run = promisify(execFile);
/** What each entry's process wrote, by name. */
const written = new Map<string, Promise<string>>();

/** Starts the processes of all entries, two at a time, in their order. */
function startAll(): void {
  const lanes: Promise<unknown>[] = Array.from({ length: AT_ONCE }, () => Promise.resolve());
  CODE_MUTATIONS.forEach(({ name }, i) => {
    const judged = lanes[i % AT_ONCE]!.then(() =>
      run(process.execPath, [MAIN, '--check', name], { cwd: ROOT, timeout: MOST_MS }).then(
        ({ stdout }) => stdout,
        (error: unknown) => String(error),
      ),
    );
    lanes[i % AT_ONCE] = judged;
    written.set(name, judged);
  });
}

describe('faults in the code', () => {
  beforeAll(async () => {
    await build({
      entryPoints: [join(ROOT, 'src/testing/simulator/codeMutationsMain.ts')],
      outfile: MAIN,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      logLevel: 'error',
    });
    startAll();
  });

  test.each(CODE_MUTATIONS.map(({ name, seed }) => [name, seed] as const))(
    'when the fault is "%s" then seed %i sees it, and sees nothing without it',
    async (name) => {
      const [unchanged, faulty] = (await written.get(name)!).trim().split('\n');
      expect(unchanged).toBe('unchanged: agrees');
      expect(faulty).toMatch(/^with the fault: \w+ row \d+$/);
    },
  );

  test.each(CODE_MUTATIONS)('when $file is read then it has the text of "$name" exactly once', async (mutation) => {
    expect(await countFound(ROOT, mutation)).toBe(1);
  });

  it('when the faults are listed then each has its name and its seed', () => {
    expect(new Set(CODE_MUTATIONS.map(({ name }) => name)).size).toBe(CODE_MUTATIONS.length);
    expect(CODE_MUTATIONS.filter(({ seed }) => seed < 1)).toEqual([]);
  });
});
