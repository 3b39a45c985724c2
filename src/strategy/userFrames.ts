/**
 * Finds the lines of a stack trace that lie in a strategy author's own files. It reads the text of source-mapped V8 stacks
 * and knows nothing of how the strategy was loaded beyond the list of its files. It does not print.
 */

import { relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One frame of a stack: `file` is absolute, line and column count from 1. */
export interface UserFrame {
  readonly functionName: string | null;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const FRAME = /^\s+at (?:async )?(?:(.*?) \()?((?:file:\/\/)?\/.*?):(\d+):(\d+)\)?$/;

/**
 * The frames of `error`'s stack that lie in `files`, innermost first; empty for a value without a stack.
 *
 * @param files absolute paths of the author's files.
 */
export function findUserFrames(error: unknown, files: ReadonlySet<string>): UserFrame[] {
  if (!(error instanceof Object) || !('stack' in error) || typeof error.stack !== 'string') return [];
  const frames: UserFrame[] = [];
  for (const text of error.stack.split('\n')) {
    const match = FRAME.exec(text);
    if (match === null) continue;
    const file = toPath(match[2]!);
    if (!files.has(file)) continue;
    frames.push({ functionName: match[1] ?? null, file, line: Number(match[3]), column: Number(match[4]) });
  }
  return frames;
}

function toPath(fileOrUrl: string): string {
  if (!fileOrUrl.startsWith('file://')) return fileOrUrl;
  try {
    return fileURLToPath(fileOrUrl);
  } catch {
    return fileOrUrl;
  }
}

/** A path as a person in `cwd` would write it: relative below `cwd`, absolute elsewhere. */
export function formatPath(file: string, cwd: string): string {
  const fromCwd = relative(cwd, resolve(cwd, file));
  return fromCwd === '' || fromCwd === '..' || fromCwd.startsWith(`..${sep}`) ? resolve(cwd, file) : fromCwd;
}
