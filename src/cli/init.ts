/**
 * `backtest init [DIR]`: writes the files of a first strategy into a folder, all of them or none, and says which command to run.
 * It never replaces a file. What the files hold is initFiles.ts.
 */

import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmdirSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { EXIT, type ExitCode, UserError } from '../errors.js';
import { isSystemError } from '../report/outputErrors.js';
import { formatPath } from '../strategy/userFrames.js';
import type { CliIo } from './cliStreams.js';
import type { CommandContext } from './commandContext.js';
import { CONFIG_NAMES } from './configFile.js';
import { CONFIG_NAME, composeInitFiles, type InitFile } from './initFiles.js';
import { packageFolder } from './version.js';

/** @param folder as typed. @throws UserError exit 5, nothing is written then */
export function init(folder: string, { io, log }: CommandContext): ExitCode {
  const dir = resolve(io.cwd, folder);
  const files = composeInitFiles(dir);
  requireNoFile(
    dir,
    [...files.map(({ name }) => name), ...CONFIG_NAMES.filter((name) => name !== CONFIG_NAME)],
    io.cwd,
  );
  writeAll(dir, files, io.cwd);
  for (const { name } of files) log.info(`wrote ${formatPath(join(dir, name), io.cwd)}`);
  log.info('the candles of sample-data are generated: nothing in them was ever traded');
  const where = dir === resolve(io.cwd) ? 'here' : `in ${folder}`;
  log.info(`now run ${where}: ${findProgram(dir, io)} run`);
  return EXIT.done;
}

/** Looks before anything is written, at links that lead nowhere too. */
function requireNoFile(dir: string, names: readonly string[], cwd: string): void {
  const found = names.filter((name) => orWriteError(dir, cwd, () => isThere(join(dir, name))));
  if (found.length === 0) return;
  throw new UserError({
    code: 'file_exists',
    exitCode: EXIT.output,
    message: 'the file is there already, and is not replaced',
    place: { file: formatPath(join(dir, found[0]!), cwd) },
    found: found.join(', '),
    expected: 'a folder without these files',
    hint: 'name another folder: backtest init DIR; nothing was written',
  });
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** A failure takes back what was written. */
function writeAll(dir: string, files: readonly InitFile[], cwd: string): void {
  const undo: (() => void)[] = [];
  try {
    for (const { name, content } of files) {
      const path = join(dir, name);
      orWriteError(dir, cwd, () => {
        for (const folder of missingFolders(dirname(path))) {
          mkdirSync(folder);
          undo.unshift(() => rmdirSync(folder));
        }
        writeFileSync(path, content, { flag: 'wx' });
        undo.unshift(() => unlinkSync(path));
      });
    }
  } catch (error) {
    for (const step of undo) step();
    throw error;
  }
}

/** The outermost first. */
function missingFolders(folder: string): string[] {
  return existsSync(folder) ? [] : [...missingFolders(dirname(folder)), folder];
}

function orWriteError<T>(dir: string, cwd: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new UserError({
      code: 'output_not_written',
      exitCode: EXIT.output,
      message: `the files could not be written: ${error.message}`,
      place: { file: formatPath(dir, cwd) },
      hint: 'name a folder that may be written: backtest init DIR; nothing was written',
      cause: error,
    });
  }
}

/** How this program is called from the folder, by a name that is known to lead here. */
function findProgram(dir: string, io: CliIo): string {
  const { script, env } = io;
  if (script === undefined) return 'backtest';
  if (env['npm_command'] === 'exec' && hasNpx(dir)) return 'npx backtest';
  const real = realpathSync(script);
  const isOnPath = (env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '' && !folder.includes('node_modules'))
    .some((folder) => existsSync(join(folder, 'backtest')) && realpathSync(join(folder, 'backtest')) === real);
  return isOnPath ? 'backtest' : `node ${quote(real)}`;
}

/** Whether `npx backtest` finds this package: npx looks in the nearest folder that has a package.json or packages. */
function hasNpx(dir: string): boolean {
  const isProject = (folder: string): boolean =>
    existsSync(join(folder, 'package.json')) || existsSync(join(folder, 'node_modules'));
  let folder = dir;
  while (!isProject(folder) && dirname(folder) !== folder) folder = dirname(folder);
  const manifest = join(folder, 'node_modules/backtest/package.json');
  const own = packageFolder();
  return (
    folder === own ||
    (existsSync(manifest) && readFileSync(manifest, 'utf8') === readFileSync(join(own, 'package.json'), 'utf8'))
  );
}

/** For a shell. */
function quote(path: string): string {
  return /^[\w./@+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
