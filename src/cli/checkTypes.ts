/**
 * The first half of `backtest check`: the types of a strategy and of what it imports, by the author's own TypeScript or the one beside
 * this package, started as a process. It needs no node_modules and no tsconfig of the author's; how the two are made up for is
 * checkTypesConfig.ts. Nothing is written into the author's folders.
 */

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXIT, UserError } from '../errors.js';
import { OWN_SOURCES, writeTypesConfig } from './checkTypesConfig.js';

/** A TypeScript that was found. */
export interface TypeScript {
  /** The script of `tsc`. */
  readonly file: string;
  readonly version: string;
}

export interface TypeProblem {
  /** Absolute; null for what is said of no file. */
  readonly file: string | null;
  readonly line: number;
  readonly column: number;
  /** For example `TS2345`. */
  readonly code: string;
  /** One line or several. */
  readonly message: string;
}

/** Where TypeScript is looked for, the nearest first: above the strategy, above the working directory, beside this package. */
export function typeScriptPlaces(strategyFile: string, cwd: string): string[] {
  return [strategyFile, join(cwd, 'any'), fileURLToPath(import.meta.url)];
}

/** @param places files from whose folders the package is looked for. @returns null where there is none. */
export function findTypeScript(places: readonly string[]): TypeScript | null {
  for (const place of places) {
    try {
      const manifest = createRequire(place).resolve('typescript/package.json');
      const { version, bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string; bin: { tsc: string } };
      const file = join(dirname(manifest), bin.tsc);
      if (existsSync(file)) return { file, version };
    } catch {
      // Not here; perhaps at the next place.
    }
  }
  return null;
}

/**
 * Checks the types of a strategy.
 *
 * @param strategyFile absolute, symbolic links resolved.
 * @returns what is wrong in the author's files, in the order of the compiler.
 * @throws UserError exit 70 when the compiler does not run
 */
export async function findTypeErrors(typeScript: TypeScript, strategyFile: string): Promise<TypeProblem[]> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'backtest-types-')));
  try {
    const config = await writeTypesConfig(folder, strategyFile, (args) => runCompiler(typeScript, args, folder));
    const { code, stdout, stderr } = await runCompiler(typeScript, ['-p', config, '--pretty', 'false'], folder);
    const errors = parseDiagnostics(stdout, folder);
    if (code !== 0 && errors.length === 0) throw compilerFailed(typeScript, `${stdout}${stderr}`.trim());
    return errors.filter(({ file }) => isOfAuthor(file, folder, strategyFile));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Our own declarations and what was written for the check are not the author's to mend. */
function isOfAuthor(file: string | null, folder: string, strategyFile: string): boolean {
  if (file === null || file === strategyFile) return true;
  const isBelow = (root: string): boolean => {
    const path = relative(root, file);
    return !path.startsWith(`..${sep}`) && path !== '..' && resolve(root, path) === file;
  };
  return !isBelow(folder) && !isBelow(OWN_SOURCES) && !file.split(sep).includes('node_modules');
}

function compilerFailed(typeScript: TypeScript, found: string): UserError {
  return new UserError({
    code: 'type_check_failed',
    exitCode: EXIT.internal,
    message: `TypeScript ${typeScript.version} does not run`,
    place: { file: typeScript.file },
    found,
    hint: 'install typescript again',
  });
}

export interface CompilerOutput {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function runCompiler(typeScript: TypeScript, args: readonly string[], cwd: string): Promise<CompilerOutput> {
  return new Promise((finish, fail) => {
    const child = spawn(process.execPath, [typeScript.file, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', fail);
    child.on('close', (code) => finish({ code, stdout, stderr }));
  });
}

const OF_FILE = /^(.+)\((\d+),(\d+)\): error (TS\d+): (.*)$/;
const OF_NO_FILE = /^error (TS\d+): (.*)$/;

/** The compiler's plain lines; those that are indented go on with the message above. @param cwd its working directory. */
export function parseDiagnostics(text: string, cwd: string): TypeProblem[] {
  const errors: TypeProblem[] = [];
  for (const line of text.split(/\r?\n/)) {
    const inFile = OF_FILE.exec(line);
    const inNone = OF_NO_FILE.exec(line);
    const last = errors.at(-1);
    if (inFile !== null) {
      const [, file, row, column, code, message] = inFile;
      const place = { file: resolve(cwd, file!), line: Number(row), column: Number(column) };
      errors.push({ ...place, code: code!, message: message! });
    } else if (inNone !== null) {
      errors.push({ file: null, line: 0, column: 0, code: inNone[1]!, message: inNone[2]! });
    } else if (last !== undefined && /^\s+\S/.test(line)) {
      errors[errors.length - 1] = { ...last, message: `${last.message}\n${line}` };
    }
  }
  return errors;
}
