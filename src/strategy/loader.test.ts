/**
 * The loader, inside the test runner: what an author's folder may look like, and what each way of being wrong says. Exact
 * lines of source-mapped stacks need a plain process and are judged in cli/cli.spawn.test.ts.
 */

import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { UserError } from '../errors.js';
import { type LoadedStrategy, loadStrategy } from './loader.js';
import { defineStrategy } from './strategy.js';

let folder = '';

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'loader-test-')));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Writes files below the test's folder and loads the first one. */
async function load(files: Record<string, string>): Promise<LoadedStrategy> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return loadStrategy(Object.keys(files)[0]!, folder);
}

async function refusal(files: Record<string, string>): Promise<UserError> {
  try {
    await load(files);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return error as UserError;
  }
  throw new Error('the strategy was accepted');
}

/** A strategy whose parameter `seen` is the expression given: what a module saw while it loaded. */
const seeing = (expression: string): string => `export default { params: { seen: ${expression} }, handleData() {} };\n`;
const seen = (loaded: LoadedStrategy): unknown => loaded.strategy.params?.['seen'];

describe('what an author may import', () => {
  test.each<[string, Record<string, string>, unknown]>([
    [
      'a file without an ending',
      { 'a1.ts': `import { x } from './h1';\n${seeing('x')}`, 'h1.ts': 'export const x = 1;' },
      1,
    ],
    [
      'a .ts file as .ts',
      { 'a2.ts': `import { x } from './h2.ts';\n${seeing('x')}`, 'h2.ts': 'export const x = 2;' },
      2,
    ],
    [
      'a .ts file as .js',
      { 'a3.ts': `import { x } from './h3.js';\n${seeing('x')}`, 'h3.ts': 'export const x = 3;' },
      3,
    ],
    ['JSON', { 'a4.ts': `import x from './x4.json';\n${seeing('x.deep')}`, 'x4.json': '{ "deep": 4 }' }, 4],
    ['a node module', { 'a5.ts': `import { sep } from 'node:path';\n${seeing('sep')}` }, '/'],
    ['a node module without node:', { 'a6.ts': `import { sep } from 'path';\n${seeing('sep')}` }, '/'],
    [
      'its own package, from the folder of the strategy',
      {
        'm/a7.ts': `import { x } from 'dep';\n${seeing('x')}`,
        'm/node_modules/dep/package.json': '{ "name": "dep", "type": "module", "exports": "./i.js" }',
        'm/node_modules/dep/i.js': 'export const x = 7;',
      },
      7,
    ],
    [
      'its own CommonJS package, by require',
      {
        'm/a8.cjs': `const { x } = require('depc');\nmodule.exports = { params: { seen: x }, handleData() {} };`,
        'm/node_modules/depc/package.json': '{ "name": "depc", "main": "i.js" }',
        'm/node_modules/depc/i.js': 'exports.x = 8;',
      },
      8,
    ],
    [
      'a path of its tsconfig',
      {
        'p/a9.ts': `import { x } from '@lib/h';\n${seeing('x')}`,
        'p/tsconfig.json': '{ "compilerOptions": { "paths": { "@lib/*": ["./deep/*"] } } }',
        'p/deep/h.ts': 'export const x = 9;',
      },
      9,
    ],
  ])('when it imports %s then it is found', async (_what, files, expected) => {
    expect(seen(await load(files))).toBe(expected);
  });

  it('when it imports backtest then it gets the running module', async () => {
    const key = '__loaderTestDefineStrategy';
    const loaded = await load({
      'own.ts': `import { defineStrategy } from 'backtest';
        (globalThis as Record<string, unknown>)['${key}'] = defineStrategy;
        export default defineStrategy({ params: { fast: 20 }, handleData() {} });`,
    });
    expect((globalThis as Record<string, unknown>)[key]).toBe(defineStrategy);
    expect(loaded.strategy.params).toEqual({ fast: 20 });
  });

  it('when a helper in another folder imports backtest/indicators then it computes', async () => {
    const loaded = await load({
      'i/own.ts': `import { x } from '../helpers/x.js';\n${seeing('x')}`,
      'helpers/x.ts': `import { sma } from 'backtest/indicators';
        const s = sma(2); s.update(1); export const x = s.update(2);`,
    });
    expect(seen(loaded)).toBe(1.5);
  });
});

describe('what a module may be', () => {
  test.each<[string, string, string, unknown]>([
    ['top-level await', 'b1.ts', `const x: number = await Promise.resolve(1);\n${seeing('x')}`, 1],
    [
      'an enum, a namespace and a parameter property',
      'b2.ts',
      `enum E { A = 2 } namespace N { export const k = 3 } class P { constructor(public v: number) {} }
       ${seeing('E.A + N.k + new P(4).v')}`,
      9,
    ],
    ['plain .js', 'b3.js', seeing('3'), 3],
    ['.mjs', 'b4.mjs', seeing('4'), 4],
    ['.mts', 'b5.mts', `const x: number = 5;\n${seeing('x')}`, 5],
    ['.cjs', 'b6.cjs', 'module.exports = { params: { seen: 6 }, handleData() {} };', 6],
    ['.cts', 'b7.cts', `const x: number = 7; export default { params: { seen: x }, handleData() {} };`, 7],
    ['.cts with export =', 'b8.cts', `export = { params: { seen: 8 }, handleData() {} };`, 8],
    [
      'a module that makes its own require',
      'b9.ts',
      `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);
       ${seeing("require('node:path').sep")}`,
      '/',
    ],
    [
      'a module that names its own __dirname',
      'b10.ts',
      `import { dirname } from 'node:path'; import { fileURLToPath } from 'node:url';
       const __dirname = dirname(fileURLToPath(import.meta.url));
       ${seeing('__dirname.length > 0')}`,
      true,
    ],
    ['a file with a byte order mark and CRLF', 'b11.ts', `\uFEFFconst x = 11;\r\n${seeing('x')}`, 11],
    ['a name with spaces and letters', 'b 12 ü#%.ts', seeing('12'), 12],
  ])('when it is %s then it loads', async (_what, name, text, expected) => {
    expect(seen(await load({ [name]: text }))).toBe(expected);
  });

  test.each(['import.meta.filename', '__filename', 'new URL(import.meta.url).pathname'])(
    'when it reads %s then that is its own file',
    async (expression) => {
      const loaded = await load({ 'where.ts': seeing(expression) });
      expect(seen(loaded)).toBe(join(folder, 'where.ts'));
    },
  );

  it('when it is an instance of a class then its methods are found', async () => {
    const loaded = await load({ 'c.ts': 'class S { params = { a: 1 }; handleData() {} }\nexport default new S();' });
    expect(loaded.strategy.params).toEqual({ a: 1 });
    expect(typeof loaded.strategy.handleData).toBe('function');
  });

  it('when it is a link then the imports start from the file it points to', async () => {
    await load({
      'real/target.ts': `import { x } from './near';\n${seeing('x')}`,
      'real/near.ts': 'export const x = 5;',
    });
    await symlink(join(folder, 'real/target.ts'), join(folder, 'link.ts'));
    const loaded = await loadStrategy('link.ts', folder);
    expect(seen(loaded)).toBe(5);
    expect(loaded.name).toBe('link');
  });

  it('when its folder is read-only then it loads', async () => {
    await load({ 'ro/a.ts': seeing('1') });
    await chmod(join(folder, 'ro'), 0o555);
    expect(seen(await loadStrategy('ro/a.ts', folder))).toBe(1);
    await chmod(join(folder, 'ro'), 0o755);
  });
});

describe('what a loaded strategy says of itself', () => {
  it('when it has no name then the file gives it', async () => {
    expect((await load({ 'ema-cross.ts': seeing('1') })).name).toBe('ema-cross');
  });

  it('when it has a name then that is it', async () => {
    expect((await load({ 'n.ts': `export default { name: 'EMA cross', handleData() {} }` })).name).toBe('EMA cross');
  });

  it('when it imports files then they are listed with their hashes, the entry first, packages left out', async () => {
    const entry = `import { b } from './zz/b';\nimport './a';\n${seeing('b')}`;
    const loaded = await load({ 'h/m.ts': entry, 'h/zz/b.ts': 'export const b = 1;', 'h/a.ts': 'export {};' });
    const sha256 = createHash('sha256').update(entry).digest('hex');
    expect(loaded.inputs.map((input) => input.path)).toEqual(
      ['m.ts', 'a.ts', 'zz/b.ts'].map((f) => join(folder, 'h', f)),
    );
    expect(loaded.inputs[0]?.sha256).toBe(sha256);
    expect(loaded.sha256).toBe(sha256);
  });
});

describe('what is refused', () => {
  test.each<[string, string, string, string]>([
    ['a syntax error', 'const a = 1;\nexport default {{ }', 'strategy_syntax', 'r1.ts:2:17'],
    ['an import that is not there', "\nimport './nope.js';\nexport default {}", 'strategy_syntax', 'r1.ts:2:8'],
    ['a package that is not there', "import 'no-such-package';", 'strategy_syntax', 'r1.ts:1:8'],
    ['a throw while loading', "throw new Error('no key');", 'strategy_load_failed', 'r1.ts'],
    ['a value thrown while loading', "throw 'no key';", 'strategy_load_failed', 'r1.ts'],
    [
      'a name backtest does not export',
      "import { nope } from 'backtest';\nexport default nope;",
      'strategy_load_failed',
      'r1.ts',
    ],
    ['no default export', 'export const a = 1;', 'strategy_invalid', 'r1.ts'],
    ['a function', 'export default function () {}', 'strategy_invalid', 'r1.ts'],
    ['a number', 'export default 5;', 'strategy_invalid', 'r1.ts'],
    ['null', 'export default null;', 'strategy_invalid', 'r1.ts'],
    ['no handleData', 'export default {};', 'strategy_invalid', 'r1.ts'],
    ['a handleData that is no function', 'export default { handleData: 1 };', 'strategy_invalid', 'r1.ts'],
    ['an asynchronous handleData', 'export default { async handleData() {} };', 'strategy_invalid', 'r1.ts'],
    ['an onFill that is no function', 'export default { handleData() {}, onFill: [] };', 'strategy_invalid', 'r1.ts'],
    ['params that are no object', 'export default { handleData() {}, params: [1] };', 'strategy_invalid', 'r1.ts'],
    [
      'a parameter that is an object',
      'export default { handleData() {}, params: { a: {} } };',
      'strategy_invalid',
      'r1.ts',
    ],
    ['a parameter that is NaN', 'export default { handleData() {}, params: { a: NaN } };', 'strategy_invalid', 'r1.ts'],
    [
      'a parameter that is undefined',
      'export default { handleData() {}, params: { a: undefined } };',
      'strategy_invalid',
      'r1.ts',
    ],
    ['a warmup below 0', 'export default { handleData() {}, warmup: -1 };', 'strategy_invalid', 'r1.ts'],
    ['a warmup of half a bar', 'export default { handleData() {}, warmup: 0.5 };', 'strategy_invalid', 'r1.ts'],
    ['a history of no bar', 'export default { handleData() {}, history: 0 };', 'strategy_invalid', 'r1.ts'],
    ['a warmup that is text', "export default { handleData() {}, warmup: '5' };", 'strategy_invalid', 'r1.ts'],
    ['an empty name', "export default { handleData() {}, name: '' };", 'strategy_invalid', 'r1.ts'],
    ['a name of two lines', "export default { handleData() {}, name: 'a\\nb' };", 'strategy_invalid', 'r1.ts'],
  ])('when it is %s then the error has a code, a place and exit code 1', async (_what, text, code, place) => {
    const error = await refusal({ 'r1.ts': text });
    const { file, line, column } = error.place ?? {};
    expect({
      code: error.code,
      exitCode: error.exitCode,
      place: [file, line, column].filter(Boolean).join(':'),
    }).toEqual({
      code,
      exitCode: 1,
      place: code === 'strategy_load_failed' ? expect.stringMatching(/^r1\.ts/) : place,
    });
  });

  test.each([0, 1])('when warmup is %d then it is accepted', async (warmup) => {
    const loaded = await load({ 'w.ts': `export default { handleData() {}, warmup: ${warmup} };` });
    expect(loaded.strategy.warmup).toBe(warmup);
  });

  it('when the syntax error is in an imported file then that file is named', async () => {
    const error = await refusal({ 's.ts': "import './lib/broken';\nexport default {}", 'lib/broken.ts': 'let x = ;' });
    expect(error.place).toEqual({ file: 'lib/broken.ts', line: 1, column: 9 });
  });

  it('when a column follows letters of several bytes then it counts characters', async () => {
    const error = await refusal({ 'u.ts': "const ü = 'äöü' + ;" });
    expect(error.place?.column).toBe(19);
  });

  test.each(['missing.ts', '.', 's.ts/below'])('when the path is %s then the file is named', async (path) => {
    await load({ 's.ts': seeing('1') });
    await expect(loadStrategy(path, folder)).rejects.toMatchObject({
      code: 'strategy_missing',
      exitCode: 1,
      place: { file: path },
    });
  });

  it('when a name is not exported by backtest then the message says backtest, not a path', async () => {
    const error = await refusal({ 'x.ts': "import { nope } from 'backtest';\nexport default nope;" });
    expect(error.message).toContain('backtest');
    expect(error.message).not.toContain('file://');
  });

  it('when handleData has the classic name then the error shows what was found', async () => {
    const error = await refusal({ 'classic.ts': 'export default { handle_data() {} };' });
    expect(error.found).toBe('a function handle_data');
  });
});
