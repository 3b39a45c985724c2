/** The types of strategies that lie anywhere: what is wrong with its place, whose tsconfig holds, which compiler is taken. */

import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from '@jest/globals';
import { findTypeErrors, findTypeScript, parseDiagnostics, typeScriptPlaces } from './checkTypes.js';
import { writeFiles } from './fixtures/sampleFiles.js';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'types-test-')));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
/** Errors of the first file as `file:line:column code`, the messages below. */
async function errorsOf(files: Readonly<Record<string, string>>) {
  const root = join(folder, String(count));
  count += 1;
  mkdirSync(root);
  writeFiles(root, files);
  const entry = join(root, Object.keys(files)[0]!);
  const typeScript = findTypeScript(typeScriptPlaces(entry, '/'));
  const errors = await findTypeErrors(typeScript!, entry);
  return errors.map(({ file, line, column, code, message }) => ({
    at: `${file?.slice(root.length + 1)}:${line}:${column} ${code}`,
    message,
  }));
}

const strategy = (body: string, above = ''): string =>
  `import { defineStrategy } from 'backtest';\n${above}\nexport default defineStrategy({\n  handleData(context, bar) {\n${body}\n  },\n});\n`;

describe('a strategy in a folder with nothing else', () => {
  test.each<[string, string, string, RegExp]>([
    [
      'a symbol that is a number',
      'context.account.longOpen(42, null, 1);',
      '26',
      /'number' is not assignable.*'string'/,
    ],
    [
      'a price that is yes or no',
      'context.account.longOpen(context.symbol, true, 1);',
      '42',
      /'true' is not assignable/,
    ],
    [
      'an order style with a slip in its name',
      "context.account.longOpen('X', null, 1, { orderStyle: { name: 'stop_los', value: 1 } });",
      '42',
      /stop_los/,
    ],
    ['a call that there is not', 'context.account.longopen(context.symbol, null, 1);', '17', /Did you mean 'longOpen'/],
    ['the future', 'context.bars().next();', '16', /'next' does not exist/],
  ])('when it has %s then that is told with its place', async (_, body, column, message) => {
    const [error, ...others] = await errorsOf({ 'x.ts': strategy(body) });
    expect(others).toEqual([]);
    expect(error?.at).toMatch(new RegExp(`^x\\.ts:5:${column} TS\\d+$`));
    expect(error?.message).toMatch(message);
  });

  it('when nothing is wrong then nothing is told', async () => {
    const body = "    if (bar.close > 1) context.account.longOpen(context.symbol, '9000.5', 1, { postOnly: true });";
    expect(await errorsOf({ 'x.ts': strategy(body) })).toEqual([]);
  });

  it('when it uses indicators, Node, JSON and files of its own with any ending then they are known', async () => {
    const imports = [
      "import { ema } from 'backtest/indicators';",
      "import { readFileSync } from 'node:fs';",
      "import figures from './figures.json';",
      "import { one } from './one';",
      "import { two } from './deep/two.js';",
      "import { three } from './three.ts';",
      'const text = readFileSync(new URL(import.meta.url));',
    ];
    const files = {
      'x.ts': strategy('console.log(ema(figures.period), one + two + three, text, bar.close);', imports.join('\n')),
      'figures.json': '{ "period": 5 }',
      'one.ts': 'export const one: number = 1;\n',
      'deep/two.ts': 'export const two: number = 2;\n',
      'three.ts': 'export const three: number = 3;\n',
    };
    expect(await errorsOf(files)).toEqual([]);
  });

  it('when a file that it imports is wrong then that file is named', async () => {
    const files = {
      'x.ts': strategy('size;', "import { size } from './size.js';"),
      'size.ts': "export const size: number = 'big';\n",
    };
    expect((await errorsOf(files)).map(({ at }) => at)).toEqual(['size.ts:1:14 TS2322']);
  });

  it('when a value may be missing then strictness tells it', async () => {
    const errors = await errorsOf({
      'x.ts': strategy('const all: number[] = []; const x: string = all.find(() => true).toFixed();'),
    });
    expect(errors[0]?.message).toMatch(/possibly 'undefined'/);
  });

  it('when it is JavaScript then it is read and not judged', async () => {
    expect(
      await errorsOf({ 'x.js': 'export default { handleData(context) { context.account.longOpen(1); } };\n' }),
    ).toEqual([]);
  });
});

describe('a strategy with a tsconfig above it', () => {
  const config = {
    compilerOptions: {
      ...{ strict: false, composite: true, incremental: true, rootDir: '.', outDir: 'out' },
      ...{ module: 'esnext', moduleResolution: 'bundler', paths: { '@own/*': ['./own/*'] } },
    },
    include: ['elsewhere'],
  };
  const above = "import { lot } from '@own/lot';\nconst loose: number = null;";
  const files = {
    'strategies/x.ts': strategy('context.account.longOpen(context.symbol, loose, lot);', above),
    'own/lot.ts': 'export const lot = 5;\n',
    'tsconfig.json': `// as the author has it\n${JSON.stringify(config)}`,
  };

  it('when it has names for paths and is not strict then both hold', async () => {
    expect(await errorsOf(files)).toEqual([]);
  });

  it('when the types of a call are wrong then that is told all the same', async () => {
    const wrong = { ...files, 'strategies/x.ts': files['strategies/x.ts'].replace('loose, lot', 'loose, true') };
    expect((await errorsOf(wrong)).map(({ at }) => at)).toEqual(['strategies/x.ts:6:49 TS2345']);
  });

  it('when another file of the project is wrong then it is none of this check’s business', async () => {
    expect(await errorsOf({ ...files, 'elsewhere/bad.ts': "export const x: number = 'no';\n" })).toEqual([]);
  });
});

describe('which TypeScript', () => {
  it('when there is none in any place then there is none', () => {
    expect(findTypeScript([join(folder, 'x.ts')])).toBe(null);
  });

  it('when the author has one then it is taken before any other', () => {
    const root = join(folder, 'with-own');
    const manifest = JSON.stringify({ name: 'typescript', version: '5.9.9', bin: { tsc: './bin/tsc' } });
    writeFiles(root, {
      'node_modules/typescript/package.json': manifest,
      'node_modules/typescript/bin/tsc': '',
      'deep/x.ts': '',
    });
    const found = findTypeScript(typeScriptPlaces(join(root, 'deep/x.ts'), '/'));
    expect(found).toEqual({ file: join(root, 'node_modules/typescript/bin/tsc'), version: '5.9.9' });
    expect(findTypeScript(typeScriptPlaces(join(folder, 'x.ts'), root))?.version).toBe('5.9.9');
  });
});

describe('parseDiagnostics', () => {
  it('when a message goes on in indented lines then they are one message', () => {
    const text = [
      'a/x.ts(3,17): error TS2345: Argument is wrong.',
      "  Type 'number' is not 'string'.",
      'error TS18003: No inputs were found.',
      '/abs/y(1).ts(1,2): error TS1005: expected.',
      '',
    ].join('\n');
    expect(parseDiagnostics(text, '/w')).toEqual([
      {
        file: '/w/a/x.ts',
        line: 3,
        column: 17,
        code: 'TS2345',
        message: "Argument is wrong.\n  Type 'number' is not 'string'.",
      },
      { file: null, line: 0, column: 0, code: 'TS18003', message: 'No inputs were found.' },
      { file: '/abs/y(1).ts', line: 1, column: 2, code: 'TS1005', message: 'expected.' },
    ]);
  });
});
