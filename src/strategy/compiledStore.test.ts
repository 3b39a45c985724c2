/**
 * Compiled strategies that are kept: used while nothing that went into them has changed, made anew otherwise, and never a reason
 * for a run to fail.
 */

import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, realpath, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from '@jest/globals';
import { CompiledStore } from './compiledStore.js';
import { loadStrategy } from './loader.js';

let folder = '';
const store = (): string => join(folder, 'cache', 'strategies');

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'compiled-test-')));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function write(name: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), text);
}

const STRATEGY = `import { x } from './helper';\nlet loads = 0;\nloads += 1;\nexport default { params: { x, loads }, handleData() {} };\n`;

async function load(): Promise<{ x: unknown; loads: unknown }> {
  const { strategy, inputs } = await loadStrategy('s.ts', folder, store());
  expect(inputs.map(({ path }) => path.slice(folder.length + 1))).toEqual([
    's.ts',
    expect.stringMatching(/^helper\.tsx?$/),
  ]);
  const { x, loads } = strategy.params as Record<string, unknown>;
  return { x, loads };
}

/** Whether what is kept is what a load would use now. */
const isKept = async (): Promise<boolean> => {
  const names = existsSync(store()) ? await readdir(store()) : [];
  expect(names.length).toBeLessThanOrEqual(1);
  // A mark in the kept module shows whether it is the one that is imported.
  const [name] = names;
  if (name === undefined) return false;
  const module = join(store(), name, 'strategy.mjs');
  const before = Date.now() / 1000 - 3600;
  await utimes(module, before, before);
  await load();
  const { mtimeMs } = await import('node:fs').then(({ statSync }) => statSync(module));
  return mtimeMs / 1000 < before + 1;
};

describe('what is kept', () => {
  beforeEach(async () => {
    await write('s.ts', STRATEGY);
    await write('helper.ts', 'export const x = 1;\n');
  });

  it('when nothing has changed then it is used again, as a module of its own', async () => {
    expect(await load()).toEqual({ x: 1, loads: 1 });
    expect(await isKept()).toBe(true);
    expect(await load()).toEqual({ x: 1, loads: 1 });
  });

  test.each<[string, string, string]>([
    ['an imported file changes', 'helper.ts', 'export const x: number = 2;\n'],
    ['the strategy itself changes', 's.ts', `${STRATEGY}// more\n`],
    ['a file comes beside it that an import may mean', 'helper.tsx', 'export const x = 3;\n'],
    ['a tsconfig comes', 'tsconfig.json', '{ "compilerOptions": {} }'],
    ['a package.json comes', 'package.json', '{ "type": "module" }'],
  ])('when %s then it is made anew', async (_, name, text) => {
    await load();
    expect(await isKept()).toBe(true);
    await write(name, text);
    expect(await isKept()).toBe(false);
    expect(await isKept()).toBe(true);
  });

  it('when a file comes that nobody can import then it is used again', async () => {
    await load();
    await write('notes.md', 'x');
    expect(await isKept()).toBe(true);
  });

  it('when what is kept is damaged then it is made anew', async () => {
    await load();
    const [name] = await readdir(store());
    await write(join('cache', 'strategies', name!, 'facts.json'), '{');
    expect(await load()).toEqual({ x: 1, loads: 1 });
    await rm(join(store(), name!, 'strategy.mjs'));
    expect(await load()).toEqual({ x: 1, loads: 1 });
  });

  it('when the folder cannot be made then the strategy loads without', async () => {
    await write('cache', 'a file');
    expect(await load()).toEqual({ x: 1, loads: 1 });
  });

  it('when the folder cannot be written then the strategy loads without', async () => {
    await mkdir(store(), { recursive: true });
    await chmod(store(), 0o500);
    expect(await load()).toEqual({ x: 1, loads: 1 });
    await chmod(store(), 0o700);
  });

  it('when many are kept then the oldest go', async () => {
    const many = new CompiledStore(store(), 'test');
    const input = { path: join(folder, 'helper.ts'), sha256: '' };
    for (let i = 0; i < 260; i++) many.keep(`/entry${i}`, { code: Buffer.from(''), inputs: [input], outside: [] });
    expect((await readdir(store())).length).toBe(256);
  });
});
