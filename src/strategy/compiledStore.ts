/**
 * Compiled strategies kept in a folder from one run to the next, so that a strategy that has not changed is not compiled again. What
 * was kept counts only while every file that went into it has the same bytes, and no file has come that an import might now mean.
 * A folder that cannot be read or written is as good as none: nothing here ever fails a run.
 */

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A file by its bytes. */
export interface HashedFile {
  /** Absolute. */
  readonly path: string;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** A strategy as it was compiled. */
export interface Compiled {
  readonly code: Uint8Array;
  /** The entry file first, then the author's other files in it, by path. */
  readonly inputs: readonly HashedFile[];
  /** Files of packages that it imports; they stay outside and decide by their package.json what is meant. */
  readonly outside: readonly string[];
}

/** A compiled strategy that may be imported where it lies. */
export interface KeptStrategy {
  /** Absolute path of the module. */
  readonly module: string;
  readonly inputs: readonly HashedFile[];
}

interface Facts {
  readonly inputs: readonly HashedFile[];
  /** What decides how imports are resolved: package.json and tsconfig.json files, and the names beside each input. */
  readonly surroundings: readonly HashedFile[];
}

/** Files whose coming or going can change what an import means. */
const IMPORTABLE = /\.(?:[cm]?[jt]s|[jt]sx|json)$/;
/** Kept strategies of which the oldest goes. */
const MOST_KEPT = 256;
const MODULE = 'strategy.mjs';
const FACTS = 'facts.json';

export class CompiledStore {
  readonly #folder: string;
  readonly #compiler: string;

  /** @param folder that is made when something is kept. @param compiler what compiles, with its version: others' results are not used. */
  constructor(folder: string, compiler: string) {
    this.#folder = folder;
    this.#compiler = compiler;
  }

  /** The compiled form of an entry file; null when there is none or anything about it has changed. */
  find(entry: string): KeptStrategy | null {
    const place = this.#placeOf(entry);
    try {
      const { inputs, surroundings } = JSON.parse(readFileSync(join(place, FACTS), 'utf8')) as Facts;
      if (!inputs.every(isSame) || !surroundings.every((one) => hashSurrounding(one.path) === one.sha256)) return null;
      const module = join(place, MODULE);
      return statSync(module).isFile() ? { module, inputs } : null;
    } catch {
      return null;
    }
  }

  /** Keeps what was compiled. @returns it, or null where it could not be kept. */
  keep(entry: string, { code, inputs, outside }: Compiled): KeptStrategy | null {
    const place = this.#placeOf(entry);
    // Beside its place first: two runs may keep the same strategy at once.
    const temporary = `${place}.partial-${process.pid}`;
    try {
      mkdirSync(temporary, { recursive: true });
      const facts: Facts = { inputs, surroundings: surroundingsOf(inputs, outside) };
      writeFileSync(join(temporary, MODULE), code);
      writeFileSync(join(temporary, FACTS), JSON.stringify(facts));
      rmSync(place, { recursive: true, force: true });
      renameSync(temporary, place);
      this.#removeOldest();
      return { module: join(place, MODULE), inputs };
    } catch {
      try {
        rmSync(temporary, { recursive: true, force: true });
      } catch {
        // What cannot be made cannot be removed either.
      }
      return null;
    }
  }

  #placeOf(entry: string): string {
    const key = createHash('sha256')
      .update(JSON.stringify([this.#compiler, entry]))
      .digest('hex')
      .slice(0, 32);
    return join(this.#folder, key);
  }

  #removeOldest(): void {
    const names = readdirSync(this.#folder);
    if (names.length <= MOST_KEPT) return;
    const ages = names.map((name) => ({ name, at: statSync(join(this.#folder, name)).mtimeMs }));
    ages.sort((a, b) => a.at - b.at);
    for (const { name } of ages.slice(0, names.length - MOST_KEPT)) {
      rmSync(join(this.#folder, name), { recursive: true, force: true });
    }
  }
}

/** Hexadecimal sha256 of a file's bytes. */
export function hashFile(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

function isSame({ path, sha256 }: HashedFile): boolean {
  return hashFile(path) === sha256;
}

function surroundingsOf(inputs: readonly HashedFile[], outside: readonly string[]): HashedFile[] {
  const folders = [...new Set(inputs.map(({ path }) => dirname(path)))];
  const above = [...new Set([...folders, ...outside.map((path) => dirname(path))].flatMap(foldersUpTo))];
  const decisive = above.flatMap((folder) =>
    ['package.json', 'tsconfig.json', 'jsconfig.json'].map((name) => join(folder, name)),
  );
  return [...folders.map((folder) => join(folder, '*')), ...decisive].map((path) => ({
    path,
    sha256: hashSurrounding(path),
  }));
}

/** The names that can be imported in a folder (`…/*`), or the bytes of a file; empty for what is not there. */
function hashSurrounding(path: string): string {
  try {
    if (basename(path) !== '*') return hashFile(path);
    const names = readdirSync(dirname(path)).filter((name) => IMPORTABLE.test(name));
    return createHash('sha256').update(JSON.stringify(names.sort())).digest('hex');
  } catch {
    return '';
  }
}

/** A folder and all above it. */
function foldersUpTo(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...foldersUpTo(above)];
}
