/**
 * Watches which files a strategy opens while an action lasts, by standing in front of the functions of node:fs that open one, and
 * can lead it to other files than it asked for. It sees what goes through node:fs in this process, by any spelling of a path; not
 * what another process, a worker, native code or the network brings.
 */

import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findUserFrames, type UserFrame } from './userFrames.js';

/** A file that was opened. */
export interface OpenedFile {
  /** As asked for, absolute. */
  readonly path: string;
  /** Its place in the list of watched files; null for any other file. */
  readonly watched: number | null;
  /** The author's line that opened it; null where the stack does not show one. */
  readonly frame: UserFrame | null;
}

export interface FileWatch {
  /** Files whose opening is always told; other files are told where the stack shows a line of the author's. */
  readonly watched: readonly string[];
  /** What is opened instead, by place in `watched`; absent or null: the file itself. */
  readonly instead?: readonly (string | null)[];
  /** Absolute paths of the author's files. */
  readonly authorFiles: ReadonlySet<string>;
  readonly onOpen: (file: OpenedFile) => void;
}

type AnyFunction = (...args: unknown[]) => unknown;
type Functions = Record<string, AnyFunction>;

/** Functions whose first argument is a path that is opened, linked to or copied from. */
const OF_FS = ['readFile', 'readFileSync', 'open', 'openSync', 'openAsBlob', 'createReadStream'];
const COPYING = ['copyFile', 'cp', 'rename', 'link', 'symlink'];
const OF_FS_COPYING = COPYING.flatMap((name) => [name, `${name}Sync`]);
const OF_PROMISES = ['readFile', 'open', ...COPYING];

const STACK_FRAMES = 50;

/** The functions themselves, which the watch asks with. */
const { statSync } = fs;

/** Runs an action under a watch. Only one watch is on at a time. */
export async function whileWatching<T>(watch: FileWatch, action: () => Promise<T>): Promise<T> {
  const identities = watch.watched.map(identityOf);
  const lead = (asked: unknown): unknown => {
    const path = pathOf(asked);
    // What leads elsewhere may itself be opened by another of the functions.
    if (path === null || watch.instead?.includes(path)) return asked;
    const identity = identityOf(path);
    const found = identity === null ? -1 : identities.indexOf(identity);
    const frame = callingFrame(watch.authorFiles);
    if (found < 0) {
      if (frame !== null) watch.onOpen({ path, watched: null, frame });
      return asked;
    }
    watch.onOpen({ path, watched: found, frame });
    return watch.instead?.[found] ?? asked;
  };
  const restore = [
    stepInFront(fs as unknown as Functions, [...OF_FS, ...OF_FS_COPYING], lead),
    stepInFront(fs.promises as unknown as Functions, OF_PROMISES, lead),
  ];
  syncBuiltinESMExports();
  try {
    return await action();
  } finally {
    for (const one of restore) one();
    syncBuiltinESMExports();
  }
}

/** @returns how to take it back. */
function stepInFront(owner: Functions, names: readonly string[], lead: (path: unknown) => unknown): () => void {
  const before = new Map<string, AnyFunction>();
  let isOn = true;
  for (const name of names) {
    const original = owner[name];
    if (typeof original !== 'function') continue;
    before.set(name, original);
    const inFront = function (this: unknown, ...args: unknown[]): unknown {
      // A strategy may keep the function for longer than the watch lasts.
      return Reflect.apply(original, this, isOn ? [lead(args[0]), ...args.slice(1)] : args);
    };
    // Some functions carry others, such as the one that util.promisify takes.
    Object.defineProperties(inFront, Object.getOwnPropertyDescriptors(original));
    owner[name] = inFront;
  }
  return () => {
    isOn = false;
    for (const [name, original] of before) owner[name] = original;
  };
}

/** Null for what is no path: a file that is open already. */
function pathOf(asked: unknown): string | null {
  if (typeof asked === 'string') return resolve(asked);
  if (Buffer.isBuffer(asked)) return resolve(asked.toString());
  if (!(asked instanceof URL) || asked.protocol !== 'file:') return null;
  return fileURLToPath(asked);
}

/** What a file is by whatever path it is reached; null where there is none. */
function identityOf(path: string): string | null {
  const stats = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stats === undefined ? null : `${stats.dev}:${stats.ino}`;
}

function callingFrame(authorFiles: ReadonlySet<string>): UserFrame | null {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = STACK_FRAMES;
  const here = new Error('opened here');
  const [frame] = findUserFrames(here, authorFiles);
  Error.stackTraceLimit = limit;
  return frame ?? null;
}
