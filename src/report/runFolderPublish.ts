/**
 * The last step of a run folder: the finished temporary folder gets its name. Either over an earlier run folder, which is
 * moved aside first and comes back if the step fails, or under the first name that is free.
 */

import { existsSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isSystemError, writing } from './outputErrors.js';
import { numberedName, requireReplaceable } from './runFolderName.js';

/**
 * Renames `temporary` to `dir`; an earlier run folder there is removed.
 *
 * @returns `dir`
 * @throws UserError exit code 5; also when the folder has become one that is no run folder
 */
export function publishOver(temporary: string, dir: string): string {
  requireReplaceable(dir);
  if (!existsSync(dir)) {
    writing(dir, () => renameSync(temporary, dir));
    return dir;
  }
  const aside = join(dirname(dir), basename(temporary).replace('.partial-', '.replaced-'));
  writing(dir, () => renameSync(dir, aside));
  try {
    writing(dir, () => renameSync(temporary, dir));
  } catch (error) {
    writing(dir, () => renameSync(aside, dir));
    throw error;
  }
  removeReplaced(aside);
  return dir;
}

/**
 * Renames `temporary` to `name` in `baseDir`, or to `name-2`, `name-3` while another run has taken that: two runs that
 * start in the same second both keep their folders.
 *
 * @returns the folder's path
 * @throws UserError exit code 5
 */
export function publishFree(temporary: string, baseDir: string, name: string): string {
  for (let n = 1; ; n++) {
    const dir = join(baseDir, numberedName(name, n));
    if (existsSync(dir)) continue;
    try {
      renameSync(temporary, dir);
      return dir;
    } catch (error) {
      // Taken since the look: the next name.
      if (isSystemError(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR') && existsSync(dir)) continue;
      return writing(dir, () => {
        throw error;
      });
    }
  }
}

/** The new run stands by now: that the old one cannot be removed is no reason to call the run failed. */
function removeReplaced(aside: string): void {
  try {
    rmSync(aside, { recursive: true, force: true });
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}
