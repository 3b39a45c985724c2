/**
 * Builds a copy of the fast engine with one fault written into its code, and lets the simulator judge it against the unchanged
 * reference engine. The sources stay as they are: the text is changed on its way into the copy, which is built into the
 * cache folder. Whether an entry still fits its file is told, not mended.
 */

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { CodeMutation } from './codeMutations.js';
import { compareEngines, type Engine } from './compareEngines.js';
import { worldOf } from './worldOf.js';

/** How often the text that a fault replaces stands in its file. Rightly once. */
export async function countFound(root: string, { file, found }: CodeMutation): Promise<number> {
  return (await readFile(join(root, file), 'utf8')).split(found).length - 1;
}

/**
 * Builds the fast engine with the fault and loads it.
 *
 * @param root the project's folder.
 * @throws where the text is not found exactly once, or the changed code does not build.
 */
export async function buildMutant(root: string, mutation: CodeMutation): Promise<Engine> {
  const count = await countFound(root, mutation);
  if (count !== 1) throw new Error(`${mutation.file} has "${mutation.found}" ${count} times, not once`);
  const patched = join(root, mutation.file);
  const { outputFiles } = await build({
    entryPoints: [join(root, 'src/engine/engine.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
    plugins: [
      {
        name: 'fault',
        setup(copy) {
          copy.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
            if (path !== patched) return null;
            const source = await readFile(path, 'utf8');
            return { contents: source.replace(mutation.found, () => mutation.replacement), loader: 'ts' };
          });
        },
      },
    ],
  });
  const folder = join(root, 'node_modules/.cache/codeMutations');
  await mkdir(folder, { recursive: true });
  const target = join(folder, `${mutation.name.replace(/[^a-z]+/gi, '-')}.${process.pid}.mjs`);
  await writeFile(target, outputFiles[0]!.contents);
  const { runBacktest } = (await import(pathToFileURL(target).href)) as { runBacktest: Engine };
  await rm(target);
  return runBacktest;
}

/** Where two engines, the unchanged ones unless others are given, part over the world of a seed; null where they agree. */
export async function judge(seed: number, fast?: Engine, reference?: Engine): Promise<string | null> {
  const difference = await compareEngines(worldOf(seed), fast, reference);
  return difference === null ? null : `${difference.stream} row ${difference.row}`;
}
