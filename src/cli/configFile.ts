/**
 * The config file of a run: the one that is named, else backtest.yaml, .yml or .json of the working directory if there is one. Finds
 * and reads it; what its keys may be and what their values are is configValues.ts. Not imported by commands without a config.
 */

import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { EXIT, UserError } from '../errors.js';
import type { ManifestFile } from '../report/manifest.js';
import { type ConfigContent, readConfigTree } from './configValues.js';
import type { GivenOptions } from './givenOptions.js';
import type { OptionSpec } from './runOptionTable.js';
import { parseTree } from './structuredText.js';

/** A config file that was read. */
export interface ConfigFile extends ManifestFile, ConfigContent {}

/** Read from the working directory when none is named. */
export const CONFIG_NAMES = ['backtest.yaml', 'backtest.yml', 'backtest.json'] as const;

/**
 * Null when none was named and none lies in the working directory.
 *
 * @param given the flags and the environment.
 * @param specs the options that the file may hold.
 * @throws UserError exit 2
 */
export async function loadConfig(
  given: GivenOptions,
  specs: readonly OptionSpec[],
  cwd: string,
): Promise<ConfigFile | null> {
  const named = given.find('config');
  const file = named === undefined ? findDefault(cwd) : named.text;
  if (file === null) return null;
  const path = resolve(cwd, file);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new UserError({
      code: 'bad_config_file',
      exitCode: EXIT.usage,
      message: `${named === undefined ? 'the config file' : `${named.label}: the file`} cannot be read`,
      place: { file },
      expected: 'a YAML or JSON file that exists and may be read',
      cause,
    });
  });
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const tree = await parseTree({ text, file, errorCode: 'bad_config_file' });
  const content = readConfigTree(tree, { file, specs, folder: dirname(path), cwd });
  return { file, sha256: createHash('sha256').update(bytes).digest('hex'), ...content };
}

/** @throws UserError exit 2 where several files could be meant */
function findDefault(cwd: string): string | null {
  const found = CONFIG_NAMES.filter((name) => statSync(join(cwd, name), { throwIfNoEntry: false })?.isFile() === true);
  if (found.length <= 1) return found[0] ?? null;
  throw new UserError({
    code: 'config_unclear',
    exitCode: EXIT.usage,
    message: 'several config files lie in the working directory',
    found: found.join(', '),
    expected: 'one of them',
    hint: `name the one that is meant: --config ${found[0]}`,
  });
}
