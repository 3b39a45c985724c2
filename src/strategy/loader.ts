/**
 * Loads an author's strategy module, TypeScript or JavaScript, from any folder and any working directory: esbuild bundles
 * it in memory, the bundle is imported from a temporary folder that is removed at once, or from where it is kept for the next
 * run (compiledStore.ts), and source maps lead stacks back to the author's lines. esbuild is imported on the first call. `import.meta.url`, `__dirname` and their like are those of the
 * entry file, also inside the files it imports; an `import()` of a computed relative path is not followed.
 */

import { existsSync } from 'node:fs';
import { mkdtemp, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BuildFailure, BuildOptions, BuildResult, Message } from 'esbuild';
import { EXIT, type Place, UserError } from '../errors.js';
import { CompiledStore, type HashedFile, hashFile, type KeptStrategy } from './compiledStore.js';
import type { Strategy } from './strategy.js';
import { createStrategyResolver } from './strategyResolver.js';
import { findUserFrames, formatPath } from './userFrames.js';
import { requireStrategy } from './validateStrategy.js';

/** A file that went into the strategy; its path is absolute, symbolic links resolved. */
export type StrategyFile = HashedFile;

export interface LoadedStrategy {
  readonly strategy: Strategy;
  /** The strategy's own name, else the file's name without its ending. */
  readonly name: string;
  /** Of the entry file's bytes, hexadecimal. */
  readonly sha256: string;
  /** The entry file first, then every file of the author's that it imports, by path. */
  readonly inputs: readonly StrategyFile[];
}

/** What a strategy imports by our names is the code that is running, in the build and in the tests alike. */
const OWN_ENDING = extname(import.meta.url);
const OWN_MODULES: ReadonlyMap<string, string> = new Map([
  ['backtest', new URL(`../index${OWN_ENDING}`, import.meta.url).href],
  ['backtest/indicators', new URL(`../indicators/index${OWN_ENDING}`, import.meta.url).href],
]);

/**
 * Compiles, imports and checks a strategy.
 *
 * @param path as the user wrote it.
 * @param cwd the folder relative paths start from.
 * @param storeFolder where compiled strategies are kept; null keeps none.
 * @throws UserError exit code 1: `strategy_missing`, `strategy_syntax`, `strategy_load_failed`, `strategy_invalid`; exit code 5:
 *   `temporary_folder`; exit code 70: `compiler_failed`
 */
export async function loadStrategy(
  path: string,
  cwd: string = process.cwd(),
  storeFolder: string | null = null,
): Promise<LoadedStrategy> {
  const entry = await requireFile(path, cwd);
  const store = storeFolder === null ? null : new CompiledStore(storeFolder, COMPILER);
  const kept = store?.find(entry) ?? null;
  const { inputs, exported } =
    (kept === null ? null : await importKept(kept, path, cwd)) ?? (await compileAndImport(entry, store, path, cwd));
  const strategy = requireStrategy(exported, path);
  const name = strategy.name ?? basename(path, extname(path));
  return { strategy, name, sha256: inputs[0]!.sha256, inputs };
}

/** Compiled code that another of these has made is not used. */
const COMPILER = JSON.stringify([1, import.meta.url, [...OWN_MODULES]]);

/** Null where another run has taken the module away in the meantime, to put a newer one there. */
async function importKept(
  { module, inputs }: KeptStrategy,
  path: string,
  cwd: string,
): Promise<{ inputs: readonly StrategyFile[]; exported: unknown } | null> {
  try {
    return { inputs, exported: await importModule(module, inputs, path, cwd) };
  } catch (error) {
    if (existsSync(module)) throw error;
    return null;
  }
}

async function compileAndImport(
  entry: string,
  store: CompiledStore | null,
  path: string,
  cwd: string,
): Promise<{ inputs: readonly StrategyFile[]; exported: unknown }> {
  const bundle = await compile(entry, path, cwd);
  const inputs = hashInputs(entry, bundle);
  const kept = store?.keep(entry, { code: bundle.code, inputs, outside: bundle.outside }) ?? null;
  const imported = kept === null ? null : await importKept(kept, path, cwd);
  if (imported !== null) return imported;
  const folder = await createTemporaryFolder();
  try {
    const file = join(folder, 'strategy.mjs');
    await writeFile(file, bundle.code);
    return { inputs, exported: await importModule(file, inputs, path, cwd) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function requireFile(path: string, cwd: string): Promise<string> {
  const missing = (expected: string, cause?: unknown): UserError =>
    new UserError({
      code: 'strategy_missing',
      exitCode: EXIT.strategy,
      message: 'the strategy file cannot be read',
      place: { file: path },
      expected,
      hint: 'give the path of a .ts or .js file with --strategy',
      cause,
    });
  try {
    const real = await realpath(resolve(cwd, path));
    if (!(await stat(real)).isFile()) throw missing('a file, not a folder');
    return real;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw missing('a file that exists and may be read', error);
  }
}

interface Bundle {
  readonly code: Uint8Array;
  /** Absolute paths of the files in it. */
  readonly files: readonly string[];
  /** Absolute paths of files of packages that it imports. */
  readonly outside: readonly string[];
}

async function compile(entry: string, path: string, cwd: string): Promise<Bundle> {
  const { build } = await import('esbuild');
  const folder = dirname(entry);
  let result: BuildResult<{ write: false; metafile: true }>;
  try {
    result = await build(bundleOptions(entry, folder));
  } catch (error) {
    throw compileError(error, folder, path, cwd);
  }
  return {
    code: result.outputFiles[0]!.contents,
    files: Object.keys(result.metafile.inputs).map((file) => resolve(folder, file)),
    outside: outsideOf(result),
  };
}

function bundleOptions(entry: string, folder: string): BuildOptions & { write: false; metafile: true } {
  const text = (value: string): string => JSON.stringify(value);
  return {
    entryPoints: [entry],
    absWorkingDir: folder,
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    sourcesContent: false,
    // Without it stacks would name the temporary file.
    sourceRoot: `${pathToFileURL(folder).href}/`,
    legalComments: 'none',
    logLevel: 'silent',
    plugins: [createStrategyResolver(OWN_MODULES)],
    define: {
      'import.meta.url': text(pathToFileURL(entry).href),
      'import.meta.dirname': text(folder),
      'import.meta.filename': text(entry),
      __dirname: text(folder),
      __filename: text(entry),
    },
    banner: {
      js: [
        "import { createRequire as __backtestCreateRequire } from 'node:module';",
        `var require = __backtestCreateRequire(${text(entry)});`,
      ].join('\n'),
    },
  };
}

/** Files of packages that stay outside a bundle. */
function outsideOf({ metafile }: BuildResult<{ metafile: true }>): string[] {
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  return imports.flatMap(({ path }) => {
    if (path.startsWith('file:')) return [fileURLToPath(path)];
    return isAbsolute(path) ? [path] : [];
  });
}

function hashInputs(entry: string, bundle: Bundle): StrategyFile[] {
  const others = bundle.files.filter((file) => file !== entry).sort();
  return [entry, ...others].map((path) => ({ path, sha256: hashFile(path) }));
}

/** Each import is a module of its own: what a strategy keeps outside its state must not carry over into another run. */
let imports = 0;

async function importModule(
  file: string,
  inputs: readonly StrategyFile[],
  path: string,
  cwd: string,
): Promise<unknown> {
  // From here on only the author's module is loaded with maps: those of our own files would cost start-up time.
  process.setSourceMapsEnabled(true);
  imports += 1;
  try {
    const module: Record<string, unknown> = await import(`${pathToFileURL(file).href}?${imports}`);
    return module['default'];
  } catch (error) {
    throw loadError(error, new Set(inputs.map((input) => input.path)), path, cwd);
  }
}

async function createTemporaryFolder(): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), 'backtest-'));
  } catch (cause) {
    throw new UserError({
      code: 'temporary_folder',
      exitCode: EXIT.output,
      message: 'no temporary folder can be made, which loading a strategy needs',
      place: { file: tmpdir() },
      expected: 'a folder that may be written',
      hint: 'set TMPDIR to such a folder',
      cause,
    });
  }
}

function compileError(error: unknown, folder: string, path: string, cwd: string): UserError {
  if (!isBuildFailure(error)) {
    return new UserError({
      code: 'compiler_failed',
      exitCode: EXIT.internal,
      message: `the strategy compiler esbuild does not run: ${String(error)}`,
      hint: 'install backtest again, with its optional dependencies',
      cause: error,
    });
  }
  const first: Message | undefined = error.errors[0];
  const others = error.errors.length - 1;
  return new UserError({
    code: 'strategy_syntax',
    exitCode: EXIT.strategy,
    message: `the strategy does not compile: ${first?.text ?? error.message}${others > 0 ? ` (and ${others} more)` : ''}`,
    place: compilePlace(first, folder, path, cwd),
    ...(first?.location?.lineText ? { found: first.location.lineText.trim() } : {}),
    cause: error,
  });
}

function compilePlace(message: Message | undefined, folder: string, path: string, cwd: string): Place {
  const location = message?.location;
  if (location === undefined || location === null) return { file: path };
  const file = formatPath(resolve(folder, location.file), cwd);
  // esbuild counts columns in bytes from 0.
  const before = Buffer.from(location.lineText).subarray(0, location.column).toString();
  return { file, line: location.line, column: before.length + 1 };
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}

function loadError(error: unknown, files: ReadonlySet<string>, path: string, cwd: string): UserError {
  const frame = findUserFrames(error, files)[0];
  const place: Place =
    frame === undefined
      ? { file: path }
      : { file: formatPath(frame.file, cwd), line: frame.line, column: frame.column };
  return new UserError({
    code: 'strategy_load_failed',
    exitCode: EXIT.strategy,
    message: `the strategy does not load: ${nameOwnModules(String(error))}`,
    place,
    cause: error,
  });
}

/** Node names our modules by their file; the author knows them by the name that was imported. */
function nameOwnModules(text: string): string {
  let named = text;
  for (const [name, url] of OWN_MODULES) named = named.replaceAll(url, name);
  return named;
}
