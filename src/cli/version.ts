/**
 * The version of the package, read from its package.json, which lies two folders above the sources and three above the
 * build. Nothing else of that file is used.
 */

import { readFileSync } from 'node:fs';
import { InvariantError } from '../errors.js';

export function loadVersion(): string {
  for (const place of ['../../package.json', '../../../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8'));
      if (name === 'backtest') return String(version);
    } catch {
      // Not there: look one folder further up.
    }
  }
  throw new InvariantError('package.json of backtest not found');
}
