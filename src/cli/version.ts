/**
 * The package that is running: its folder, and its version. The package.json lies two folders above the sources and three above the
 * build. Nothing else of that file is used.
 */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { InvariantError } from '../errors.js';

export function loadVersion(): string {
  return findPackage().version;
}

/** Absolute, without a slash at the end. */
export function packageFolder(): string {
  return findPackage().folder;
}

function findPackage(): { folder: string; version: string } {
  for (const place of ['../..', '../../..']) {
    try {
      const folder = fileURLToPath(new URL(place, import.meta.url)).replace(/(?<=.)\/$/, '');
      const { name, version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
      if (name === 'backtest') return { folder, version: String(version) };
    } catch {
      // Not there: look one folder further up.
    }
  }
  throw new InvariantError('package.json of backtest not found');
}
