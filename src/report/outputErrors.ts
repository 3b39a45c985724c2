/**
 * Failures of the file system while a run folder is written, as errors the user can mend: exit code 5 with the path, what
 * the system said and what to do. Anything that is not the system's own error passes through unchanged.
 */

import { EXIT, UserError } from '../errors.js';

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: 'free some space, or write elsewhere with --out',
  EDQUOT: 'free some space, or write elsewhere with --out',
  EACCES: 'choose a folder that may be written with --out, or write none with --no-save',
  EPERM: 'choose a folder that may be written with --out, or write none with --no-save',
  EROFS: 'choose a folder that may be written with --out, or write none with --no-save',
  ENOTDIR: 'a part of the path is a file; choose another folder with --out',
  EEXIST: 'a part of the path is a file; choose another folder with --out',
  EBUSY: 'the folder is in use or a mount point; name a folder below it with --out',
  EXDEV: 'the folder is a mount point; name a folder below it with --out',
};

interface SystemError {
  readonly code: string;
  readonly message: string;
}

/** Runs `write`; a system error becomes a UserError `output_not_written`, exit code 5. */
export function writing<T>(file: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new UserError({
      code: 'output_not_written',
      exitCode: EXIT.output,
      message: `the output could not be written: ${error.message}`,
      place: { file },
      hint: HINTS[error.code] ?? 'choose another folder with --out, or write none with --no-save',
      cause: error,
    });
  }
}

/** Whether the error comes from the operating system, with one of these codes if any are given. */
export function isSystemError(error: unknown, ...codes: string[]): error is SystemError {
  if (typeof error !== 'object' || error === null) return false;
  if (!('syscall' in error && 'message' in error && 'code' in error)) return false;
  return typeof error.code === 'string' && (codes.length === 0 || codes.includes(error.code));
}
