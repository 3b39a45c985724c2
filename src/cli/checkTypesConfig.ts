/**
 * The tsconfig of a type check, written into a temporary folder. It goes on from the nearest tsconfig.json beside or above the
 * strategy, whose options and path names hold, or else is strict; either way `backtest` means the version that runs, and nothing is
 * emitted. Where the types of Node are nowhere to be found, what a strategy may use of Node is declared without types.
 */

import { existsSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CompilerOutput } from './checkTypes.js';

const OWN_ENDING = extname(import.meta.url) === '.ts' ? '.ts' : '.d.ts';

/** The folder of our own declarations: what is wrong there is not the author's. */
export const OWN_SOURCES = fileURLToPath(new URL('..', import.meta.url));

const OWN_PATHS: Readonly<Record<string, readonly string[]>> = {
  backtest: [join(OWN_SOURCES, `index${OWN_ENDING}`)],
  'backtest/indicators': [join(OWN_SOURCES, 'indicators', `index${OWN_ENDING}`)],
};

/** How strategies are loaded: bundled, so that endings may be left out or be those of TypeScript. */
const OWN_OPTIONS = {
  target: 'es2022',
  lib: ['es2023'],
  module: 'esnext',
  moduleResolution: 'bundler',
  moduleDetection: 'force',
  allowImportingTsExtensions: true,
  allowJs: true,
  resolveJsonModule: true,
  esModuleInterop: true,
  strict: true,
};

/** Whatever the author's own tsconfig says of these. */
const ALWAYS = {
  noEmit: true,
  composite: false,
  incremental: false,
  declaration: false,
  declarationMap: false,
  emitDeclarationOnly: false,
  // Nothing is emitted, so it does not matter where files lie.
  rootDir: '/',
  skipLibCheck: true,
};

const UNTYPED_NODE = `declare module 'node:*';
${['assert', 'buffer', 'child_process', 'crypto', 'events', 'fs', 'fs/promises', 'os', 'path', 'url', 'util', 'zlib']
  .map((name) => `declare module '${name}';`)
  .join('\n')}
${[
  ...['process', 'Buffer', 'console', 'global', 'require', 'module', 'exports', '__dirname', '__filename', 'fetch'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'],
  ...['queueMicrotask', 'structuredClone', 'performance', 'URL', 'URLSearchParams', 'TextEncoder', 'TextDecoder'],
]
  .map((name) => `declare var ${name};`)
  .join('\n')}
interface ImportMeta { url: string; dirname: string; filename: string }
`;

type Options = Readonly<Record<string, unknown>> & { readonly paths?: Readonly<Record<string, readonly string[]>> };

/**
 * Writes the tsconfig.
 *
 * @param run the compiler, which tells what the author's tsconfig comes to.
 * @returns its path.
 */
export async function writeTypesConfig(
  folder: string,
  strategyFile: string,
  run: (args: readonly string[]) => Promise<CompilerOutput>,
): Promise<string> {
  const own = findConfig(dirname(strategyFile));
  const options: Options = own === null ? OWN_OPTIONS : await readOptions(own, run);
  const files = [strategyFile];
  const node = options['types'] === undefined ? findNodeTypes(strategyFile) : null;
  if (options['types'] === undefined && node === null) {
    files.push(join(folder, 'node.d.ts'));
    writeFileSync(files[1]!, UNTYPED_NODE);
  }
  const typeRoots = [...(node === null ? [] : [dirname(node)]), ...typeRootsAbove(dirname(own ?? strategyFile))];
  const base = own === null ? '' : dirname(own);
  const baseUrl = typeof options['baseUrl'] === 'string' ? options['baseUrl'] : '.';
  const config = {
    ...(own === null ? {} : { extends: own }),
    compilerOptions: {
      ...(own === null ? OWN_OPTIONS : {}),
      ...ALWAYS,
      ...(options['types'] === undefined ? { types: node === null ? [] : ['node'] } : {}),
      ...(options['typeRoots'] === undefined ? { typeRoots } : {}),
      paths: { ...resolvePaths(options.paths ?? {}, resolve(base, baseUrl)), ...OWN_PATHS },
    },
    files,
    include: [],
    references: [],
  };
  const path = join(folder, 'tsconfig.json');
  writeFileSync(path, JSON.stringify(config, null, 2));
  return path;
}

/** The nearest tsconfig.json, as an editor finds it. */
function findConfig(folder: string): string | null {
  const path = join(folder, 'tsconfig.json');
  if (existsSync(path)) return path;
  const above = dirname(folder);
  return above === folder ? null : findConfig(above);
}

/** What a tsconfig comes to with all that it extends; nothing where the compiler cannot tell, which the check then reports. */
async function readOptions(
  config: string,
  run: (args: readonly string[]) => Promise<CompilerOutput>,
): Promise<Options> {
  const { stdout } = await run(['-p', config, '--showConfig']);
  try {
    return (JSON.parse(stdout) as { compilerOptions?: Options }).compilerOptions ?? {};
  } catch {
    return {};
  }
}

function resolvePaths(
  paths: Readonly<Record<string, readonly string[]>>,
  base: string,
): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(paths).map(([name, targets]) => [name, targets.map((target) => resolve(base, target))]),
  );
}

/** Folder of @types/node: the author's, else one beside this package. */
function findNodeTypes(strategyFile: string): string | null {
  for (const place of [strategyFile, fileURLToPath(import.meta.url)]) {
    try {
      return dirname(createRequire(place).resolve('@types/node/package.json'));
    } catch {
      // Not here; perhaps at the next place.
    }
  }
  return null;
}

function typeRootsAbove(folder: string): string[] {
  const root = join(folder, 'node_modules', '@types');
  const above = dirname(folder);
  return [...(existsSync(root) ? [root] : []), ...(above === folder ? [] : typeRootsAbove(above))];
}
