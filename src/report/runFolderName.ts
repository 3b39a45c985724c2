/**
 * Where a run is saved: the name of a run folder by default, and the check that a folder named by the user may be
 * replaced. Looks at the disk and changes nothing.
 */

import { accessSync, constants, existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { EXIT, UserError } from '../errors.js';
import { formatTime } from './cells.js';
import { writing } from './outputErrors.js';

/** A run folder is one that holds this file. */
export const MANIFEST_FILE = 'manifest.json';

/** `exact` is the user's `--out`, replaced whole if it is a run folder; of `free` the first name not taken is used. */
export type RunFolderTarget =
  | { readonly kind: 'exact'; readonly dir: string }
  | { readonly kind: 'free'; readonly baseDir: string; readonly name: string };

/** Strategy names longer than this are cut in folder names. */
const MAX_NAME = 80;

/**
 * `<strategy>-<symbol>-<start>`, the start in UTC to the second. What file systems take for a separator becomes `-`.
 *
 * @example runFolderName('ema-cross', 'BTC/USDT', Date.UTC(2026, 0, 31, 10, 15)) // 'ema-cross-BTC-USDT-20260131T101500Z'
 */
export function runFolderName(strategy: string, symbol: string, startMs: number): string {
  const start = formatTime(startMs).replace(/\.\d+|[-:]/g, '');
  return `${nameInPath(strategy)}-${nameInPath(symbol)}-${start}`;
}

/** The n-th choice for a name: itself, then `-2`, `-3`. */
export function numberedName(name: string, n: number): string {
  return n === 1 ? name : `${name}-${n}`;
}

/**
 * Checks before a run that its folder can be written: that the path is new, an empty folder or a run folder, and that the
 * folder around it may be written.
 *
 * @throws UserError exit code 5: `output_not_a_run_folder`, `output_not_written`
 */
export function requireWritableRunFolder(target: RunFolderTarget): void {
  const dir = target.kind === 'exact' ? resolveRunFolder(target.dir) : join(resolve(target.baseDir), target.name);
  if (target.kind === 'exact') requireReplaceable(dir);
  const above = nearestExisting(dirname(dir));
  writing(above, () => {
    readdirSync(above);
    accessSync(above, constants.W_OK | constants.X_OK);
  });
  if (target.kind === 'exact' && existsSync(dir) && statSync(dir).dev !== statSync(above).dev) {
    throw new UserError({
      code: 'output_not_written',
      exitCode: EXIT.output,
      message: 'a mount point cannot be replaced as a whole',
      place: { file: target.dir },
      hint: `name a folder below it: --out ${join(target.dir, 'run')}`,
    });
  }
}

/** Absolute, with symbolic links followed, so that the folder a link names is replaced and not the link. */
export function resolveRunFolder(dir: string): string {
  const absolute = resolve(dir);
  return existsSync(absolute) ? writing(dir, () => realpathSync(absolute)) : absolute;
}

/**
 * A run folder holds a manifest.json and no folders: the root of some project with a manifest.json of its own is not
 * replaced.
 *
 * @throws UserError exit code 5, `output_not_a_run_folder`, unless `dir` is new, empty or a run folder.
 */
export function requireReplaceable(dir: string): void {
  if (!existsSync(dir)) return;
  if (!statSync(dir).isDirectory()) throw notARunFolder(dir, 'the path is a file', basename(dir));
  const entries = writing(dir, () => readdirSync(dir, { withFileTypes: true }));
  if (entries.length === 0) return;
  const stranger = entries.find((entry) => entry.isDirectory());
  if (stranger !== undefined) throw notARunFolder(dir, 'the folder holds other folders', `${stranger.name}/`);
  if (entries.some((entry) => entry.name === MANIFEST_FILE)) return;
  throw notARunFolder(dir, `the folder is not empty and has no ${MANIFEST_FILE}`, entries[0]!.name);
}

function notARunFolder(dir: string, message: string, found: string): UserError {
  return new UserError({
    code: 'output_not_a_run_folder',
    exitCode: EXIT.output,
    message,
    place: { file: dir },
    found,
    expected: `a new path, an empty folder, or a run folder (one with a ${MANIFEST_FILE})`,
    hint: 'name another folder with --out',
  });
}

function nearestExisting(dir: string): string {
  let path = dir;
  while (!existsSync(path) && dirname(path) !== path) path = dirname(path);
  return path;
}

function nameInPath(text: string): string {
  const plain = text.replace(/[/\\:*?"<>|\p{Cc}]/gu, '-').replace(/^\.+/, '-');
  return [...plain].slice(0, MAX_NAME).join('');
}
