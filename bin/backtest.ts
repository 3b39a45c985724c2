#!/usr/bin/env node

/**
 * The edge of the process. The version is told without loading the program.
 */

import { writeSync } from 'node:fs';
import { loadVersion } from '../src/cli/version.js';

const STDOUT = 1;
const [word, ...rest] = process.argv.slice(2);
if (rest.length === 0 && (word === '--version' || word === '-V')) {
  writeSync(STDOUT, `${loadVersion()}\n`);
} else {
  const { main } = await import('../src/cli/main.js');
  await main();
}
