/**
 * The repository checks itself: import directions, pure zones, banned text, sizes of files and functions, and that the README
 * names every option and exit code. Each failure says what was found and what to do. Reads the tree as it stands on disk.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from '@jest/globals';
import { RUN_OPTIONS } from '../cli/runOptionTable.js';
import { EXIT } from '../errors.js';
import * as indicators from '../indicators/index.js';
import { METRICS } from '../report/metrics.js';
import { TABLES } from '../report/tables.js';
import { codeOf, functionsOf, importsOf, lineAt } from './sourceText.js';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

const MAX_FILE_LINES = 300;
const MAX_FUNCTION_LINES = 70;

/** Import only from a row further down; zones of one row do not know each other. */
const LAYERS: readonly (readonly string[])[] = [
  ['bin'],
  ['cli'],
  ['sweep'],
  ['report'],
  ['calc', 'replay'],
  ['engine'],
  ['strategy'],
  ['account', 'orders'],
  ['venue'],
  ['contract', 'market', 'indicators'],
  ['money'],
  ['errors'],
];
/** The public surface may take from the strategy's layer and below, and nobody inside takes from it. */
const PUBLIC_FILE = 'src/index.ts';
const PUBLIC_LAYER = LAYERS.findIndex((row) => row.includes('engine'));

const PURE_ZONES = ['money', 'contract', 'venue', 'account', 'orders', 'indicators', 'engine', 'calc', 'errors'];
const BARRELS = [PUBLIC_FILE, 'src/indicators/index.ts'];

interface Ban {
  readonly name: string;
  readonly pattern: RegExp;
  readonly instead: string;
  /** Files where it is allowed. */
  readonly except?: (path: string) => boolean;
}

/** Where the command line may read the wall clock: the run's start in names and manifests, and progress. */
const MAY_READ_CLOCK = (path: string): boolean => path.startsWith('src/cli/') || path.startsWith('bin/');

const BANNED: readonly Ban[] = [
  { name: 'parseFloat', pattern: /\bparseFloat\b/, instead: 'it takes "1.5abc"; use Number or money/decimal.ts' },
  {
    name: 'toFixed',
    pattern: /\.toFixed\b/,
    instead: 'format in src/report or with money/units.ts',
    except: (path) => path.startsWith('src/report/') || path === 'src/money/decimal.ts',
  },
  {
    name: 'Date.now',
    pattern: /\bDate\.now\b|\bnew Date\(\)/,
    instead: 'time is the bar’s; only the command line knows the clock',
    except: MAY_READ_CLOCK,
  },
  {
    name: 'Math.random',
    pattern: /\bMath\.random\b/,
    instead: 'chance comes from a seeded argument',
    // It is what replaces it.
    except: (path) => path === 'src/strategy/simulatedGlobals.ts',
  },
  { name: 'any', pattern: /[:<|&,]\s*any\b|\bas any\b|\bany\[\]/, instead: 'name the type, or use unknown' },
  {
    name: 'a name that says nothing',
    pattern: /\bfunction (?:handle|process|do|manage)[A-Z]/,
    instead: 'say what the function does',
  },
  {
    name: 'an unfinished place',
    pattern: /\b(?:TO[D]O|FIX[M]E|XX[X])\b/,
    instead: 'finish it, or leave it out',
  },
];

function filesBelow(folder: string): string[] {
  const absolute = join(ROOT, folder);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.split(sep).includes('fixtures'))
    .map((name) => `${folder}/${name.split(sep).join('/')}`);
}

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const isTest = (path: string): boolean => path.endsWith('.test.ts') || path.startsWith('src/testing/');

const STRATEGIES = filesBelow('strategies');
const ALL = [...filesBelow('bin'), ...filesBelow('src'), ...STRATEGIES].sort();
/** What is shipped: neither tests nor the systems of tests, nor the examples. */
const SHIPPED = ALL.filter((path) => !isTest(path) && !STRATEGIES.includes(path));

/** `src/money/units.ts` → `money`; `src/errors.ts` → `errors`; `bin/backtest.ts` → `bin`. */
function zoneOf(path: string): string {
  const [top, second] = path.split('/');
  return top === 'src' ? second!.replace(/\.ts$/, '') : top!;
}

const layerOf = (path: string): number =>
  path === PUBLIC_FILE ? PUBLIC_LAYER : LAYERS.findIndex((row) => row.includes(zoneOf(path)));

/** A relative import as a path from the root. */
const targetOf = (path: string, from: string): string =>
  relative(ROOT, resolve(ROOT, dirname(path), from))
    .split(sep)
    .join('/')
    .replace(/\.js$/, '.ts');

const packageOf = (from: string): string =>
  from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');

/** Places of a pattern in the code of files, comments and strings left out. */
function placesOf(paths: readonly string[], ban: Ban): string[] {
  return paths
    .filter((path) => ban.except?.(path) !== true)
    .flatMap((path) => {
      const code = codeOf(read(path), true);
      return [...code.matchAll(new RegExp(ban.pattern, `g${ban.pattern.flags}`))].map(
        (m) => `${path}:${lineAt(code, m.index)}: ${ban.name}: ${ban.instead}`,
      );
    });
}

/** Why an import is not allowed, or null. */
function wrongImport(path: string, from: string): string | null {
  const target = targetOf(path, from);
  if (!from.endsWith('.js')) return 'end it in .js';
  if (!existsSync(join(ROOT, target))) return 'there is no such file';
  if (target === PUBLIC_FILE) return `${PUBLIC_FILE} is for strategy authors: import the file itself`;
  // The second engine of --verify is that of the tests.
  if (target.startsWith('src/testing/referenceEngine/') && path === 'src/cli/verify.ts') return null;
  if (isTest(target)) return 'what is shipped does not import tests';
  if (target === 'src/indicators/index.ts' && path !== PUBLIC_FILE) return 'import the indicator’s own file';
  if (zoneOf(target) === zoneOf(path) && path !== PUBLIC_FILE) return null;
  const [here, there] = [layerOf(path), layerOf(target)];
  if (there > here) return null;
  return `${zoneOf(path)} may not import ${zoneOf(target)}: move what both need further down`;
}

describe('imports', () => {
  it('when a file is shipped then its folder has a place in the layers', () => {
    const homeless = SHIPPED.filter((path) => layerOf(path) < 0);
    expect(homeless.map((path) => `${path}: add its folder to LAYERS in this test, or move it`)).toEqual([]);
  });

  it('when a shipped file imports another then only from a layer further down', () => {
    const wrong = SHIPPED.flatMap((path) =>
      importsOf(read(path))
        .filter(({ from }) => from.startsWith('.'))
        .map(({ from, line }) => ({ where: `${path}:${line}: ${from}`, why: wrongImport(path, from) }))
        .filter(({ why }) => why !== null)
        .map(({ where, why }) => `${where}: ${why}`),
    );
    expect(wrong).toEqual([]);
  });

  it('when a package is used then exactly one shipped file imports it, and package.json lists it', () => {
    const files = new Map<string, Set<string>>();
    for (const path of SHIPPED) {
      for (const { from, isTypeOnly } of importsOf(read(path))) {
        if (from.startsWith('.') || from.startsWith('node:') || isTypeOnly) continue;
        const name = packageOf(from);
        files.set(name, (files.get(name) ?? new Set()).add(path));
      }
    }
    const shared = [...files]
      .filter(([, paths]) => paths.size > 1)
      .map(([name, paths]) => `${name}: import it in one of ${[...paths].join(', ')} and pass on what the others need`);
    expect(shared).toEqual([]);
    const listed = Object.keys((JSON.parse(read('package.json')) as { dependencies: object }).dependencies);
    const unlisted = [...files.keys()].filter((name) => !listed.includes(name) && name !== 'backtest');
    expect(unlisted.map((name) => `${name}: add it to the dependencies`)).toEqual([]);
  });

  it('when a strategy is an example then it imports only backtest', () => {
    const wrong = STRATEGIES.flatMap((path) =>
      importsOf(read(path))
        .filter(({ from }) => from !== 'backtest')
        .map(({ from, line }) => `${path}:${line}: ${from}: examples stand on 'backtest' alone`),
    );
    expect(STRATEGIES.length).toBeGreaterThan(0);
    expect(wrong).toEqual([]);
  });

  it('when a file passes on names of our own files then it is one of the two barrels', () => {
    const wrong = SHIPPED.filter((path) => !BARRELS.includes(path)).flatMap((path) =>
      importsOf(read(path))
        .filter(({ isReExport, from }) => isReExport && from.startsWith('.'))
        .map(({ line, from }) => `${path}:${line}: export … from '${from}': let readers import ${from} itself`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('pure zones', () => {
  const pure = SHIPPED.filter((path) => PURE_ZONES.includes(zoneOf(path)));

  it('when a zone is pure then it imports nothing of Node', () => {
    const wrong = pure.flatMap((path) =>
      importsOf(read(path))
        .filter(({ from }) => from.startsWith('node:'))
        .map(({ from, line }) => `${path}:${line}: ${from}: take what is needed as an argument`),
    );
    expect(pure.length).toBeGreaterThan(0);
    expect(wrong).toEqual([]);
  });

  it('when a zone is pure then it knows no console, process, timer or clock', () => {
    const wrong = placesOf(pure, {
      name: 'impure',
      pattern: /\b(?:console|process|performance|globalThis|setTimeout|setInterval|setImmediate)\b(?=\s*[.(])/,
      instead: 'take what is needed as an argument',
    });
    expect(wrong).toEqual([]);
  });
});

describe('text', () => {
  test.each(BANNED)('when code is shipped then it is free of $name', (ban) => {
    expect(placesOf([...SHIPPED, ...STRATEGIES], ban)).toEqual([]);
  });

  it('when a test is written then it runs: none is skipped or singled out', () => {
    const wrong = placesOf(ALL, {
      name: 'a test that does not run',
      pattern: /\b(?:x(?:it|test|describe)|f(?:it|describe))\(|\b(?:it|test|describe)\.(?:skip|only|todo)\b/,
      instead: 'mend it or delete it',
    }).filter((place) => !place.includes('describe.skip ')); // a stated condition: existsSync(x) ? describe : describe.skip
    const conditional = /existsSync\([^)]*\)\s*\?\s*describe\s*:\s*describe\.skip/;
    expect(wrong.filter((place) => !conditional.test(read(place.split(':')[0]!)))).toEqual([]);
  });

  it('when a file is opened then it begins with a block comment', () => {
    const wrong = ALL.filter((path) => !/^(?:#!.*\n\s*)?\/\*\*?[^/]/.test(read(path)));
    expect(wrong.map((path) => `${path}: say in two to five sentences what it is for and what it does not do`)).toEqual(
      [],
    );
  });

  it('when something is exported then by name, but for strategies', () => {
    const byDefault = { name: 'export default', pattern: /^export default\b/m, instead: 'export it by name' };
    expect(placesOf(SHIPPED, byDefault)).toEqual([]);
    for (const path of STRATEGIES) expect(codeOf(read(path), true)).toMatch(/^export default /m);
  });

  it('when a file is named then the name says what is in it', () => {
    const wrong = ALL.filter((path) => /(?:helper|util|manager|misc|common)s?(?:\.test)?\.ts$/i.test(path));
    expect(wrong.map((path) => `${path}: name it after its main export`)).toEqual([]);
  });
});

describe('sizes', () => {
  /** Files above the limit, each with the reason why it stays whole. */
  const LONG_FILES: ReadonlyMap<string, string> = new Map();

  it(`when a file is shipped then it has at most ${MAX_FILE_LINES} lines`, () => {
    const wrong = SHIPPED.map((path) => ({ path, lines: read(path).trimEnd().split('\n').length }))
      .filter(({ path, lines }) => lines > MAX_FILE_LINES && !LONG_FILES.has(path))
      .map(({ path, lines }) => `${path}: ${lines} lines: give one of its responsibilities a file of its own`);
    expect(wrong).toEqual([]);
  });

  it(`when a function is shipped then it has at most ${MAX_FUNCTION_LINES} lines`, () => {
    const spans = SHIPPED.flatMap((path) => functionsOf(read(path)).map((span) => ({ path, ...span })));
    const wrong = spans
      .filter(({ lines }) => lines > MAX_FUNCTION_LINES)
      .map(({ path, line, name, lines }) => `${path}:${line}: ${name} has ${lines} lines: name its steps`);
    expect(spans.length).toBeGreaterThan(SHIPPED.length / 2);
    expect(wrong).toEqual([]);
  });
});

describe('what the README promises', () => {
  const readme = existsSync(join(ROOT, 'README.md')) ? read('README.md') : '';
  const flags = RUN_OPTIONS.map((option) => `--${option.name}`);

  it('when the command line declares an option then the README lists it', () => {
    const missing = flags.filter((flag) => !readme.includes(`\`${flag}`));
    expect(flags.length).toBeGreaterThan(10);
    expect(missing.map((flag) => `${flag}: add it to the table of options in README.md`)).toEqual([]);
  });

  it('when the README lists an option of run then the command line declares it', () => {
    const table = /## All options[\s\S]*?(?=\n## )/.exec(readme)?.[0] ?? '';
    const listed = [...table.matchAll(/`(--[a-z][a-z-]+)/g)].map((match) => match[1]!);
    expect(listed.length).toBeGreaterThan(10);
    expect(listed.filter((flag) => !flags.includes(flag)).map((flag) => `${flag}: no such option`)).toEqual([]);
  });

  it('when a process can end with a code then the README explains it', () => {
    const missing = Object.values(EXIT).filter((code) => !new RegExp(`^\\| ${code} +\\|`, 'm').test(readme));
    expect(missing.map((code) => `exit code ${code}: add a row to README.md`)).toEqual([]);
  });

  it('when a table has columns then docs/formats.md names them in order', () => {
    const page = read('docs/formats.md').replace(/\s+/g, ' ');
    const wrong = Object.values(TABLES)
      .filter(({ name }) => name !== 'stop_trades') // its columns are a table of their own there
      .filter(({ columns }) => !page.includes(columns.map((column) => column.name).join(', ')));
    expect(wrong.map(({ name }) => `${name}: list its columns in docs/formats.md, in order, with commas`)).toEqual([]);
    const section = /### stop_trades\.csv[\s\S]*?(?=\n### )/.exec(read('docs/formats.md'))?.[0] ?? '';
    const listed = [...section.matchAll(/^\|(.*?)\|/gm)].flatMap((row) =>
      [...row[1]!.matchAll(/`(\w+)`/g)].map((m) => m[1]),
    );
    expect(listed).toEqual(TABLES.stop_trades.columns.map((column) => column.name));
  });

  it('when the summary has a figure then docs/cli.md explains it', () => {
    const section = /## The summary[\s\S]*?(?=\n## )/.exec(read('docs/cli.md'))?.[0] ?? '';
    const listed = [...section.matchAll(/^\|(.*?)\|/gm)].flatMap((row) =>
      [...row[1]!.matchAll(/`(\w+)`/g)].map((m) => m[1]),
    );
    expect(listed).toEqual(METRICS.map((metric) => metric.name));
  });

  it('when an indicator is exported then docs/strategies.md explains it', () => {
    const page = read('docs/strategies.md');
    const missing = Object.keys(indicators).filter((name) => !page.includes(`\`${name}(`));
    expect(missing.map((name) => `${name}: add it to docs/strategies.md`)).toEqual([]);
  });

  it('when a call can be refused then docs/strategies.md has the reason', () => {
    const reason = /(?:\brefusal\((?:\d+, )?|\brejectedCall\(\d+, |\bcode: \d+,\s*reason: )'(\w+)'/g;
    const reasons = filesBelow('src/engine')
      .filter((path) => !isTest(path))
      .flatMap((path) => [...codeOf(read(path), false).matchAll(reason)].map((match) => match[1]!));
    const page = read('docs/strategies.md');
    expect(reasons.length).toBeGreaterThan(20);
    expect([...new Set(reasons)].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it('when the README or a page of docs names a file of the project then it exists', () => {
    const pages = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)];
    const dead = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map((match) => match[1]!)
        .filter((target) => !existsSync(resolve(ROOT, dirname(page), target)))
        .map((target) => `${page}: ${target}: no such file`),
    );
    expect(dead).toEqual([]);
  });
});
