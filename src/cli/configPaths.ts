/**
 * Relative paths of a config file: they start in the folder of the file, and become paths that start in the working directory, as
 * those on the command line do. Which options hold paths is told by what stands for their value in help. Text only; nothing here
 * touches the disk.
 */

import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { splitSymbolPrefix } from '../market/fileNames.js';
import { isDecimalText } from '../money/decimal.js';

/** `FILE`, `DIR`, `[SYMBOL=]FILE|RATE` and their like. */
const HOLDS_PATH = /(?:FILE|DIR)(?:\||$)/;
const HAS_PREFIX = /^\[SYMBOL.*=\]/;

/** Whether the value of an option is a path, behind a `SYMBOL=` where `valueForm` has one. */
export function holdsPath(valueForm: string): boolean {
  return HOLDS_PATH.test(valueForm);
}

/**
 * A value with its path changed by `change`; every other value, stdin (`-`) and rates stay as they are.
 *
 * @param valueForm what stands for the value in help.
 */
export function changePath(text: string, valueForm: string, change: (path: string) => string): string {
  if (!holdsPath(valueForm)) return text;
  const { rest } = HAS_PREFIX.test(valueForm) ? splitSymbolPrefix(text) : { rest: text };
  const isRate = valueForm.endsWith('RATE') && isDecimalText(rest);
  if (rest.trim() === '' || rest === '-' || isRate) return text;
  return `${text.slice(0, text.length - rest.length)}${change(rest)}`;
}

/** The value of an option with its path from the folder of the config file. */
export function movePaths(
  text: string,
  valueForm: string,
  { folder, cwd }: { readonly folder: string; readonly cwd: string },
): string {
  if (resolve(cwd) === folder) return text;
  return changePath(text, valueForm, (path) => (isAbsolute(path) ? path : pathFrom(cwd, join(folder, path))));
}

/** From the working directory where the path lies in it, so that messages stay short; else absolute. */
function pathFrom(cwd: string, path: string): string {
  const short = relative(cwd, path);
  if (short === '..' || short.startsWith(`..${sep}`) || isAbsolute(short)) return path;
  // A name such as `a=b.csv` is a path, not a symbol with a file.
  return splitSymbolPrefix(short).symbol === undefined && short !== '' ? short : `.${sep}${short}`;
}
