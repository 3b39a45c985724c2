/**
 * The command line with the process around it. Separate from bin/backtest.ts because in the build it is one bundle with all that it
 * loads, and what is in `bin` only starts it.
 */

import { createProcessIo, endWith } from './processIo.js';
import { runCommandLine } from './program.js';

/** Runs the command line of this process and sets its exit code. */
export async function main(): Promise<void> {
  endWith(await runCommandLine(process.argv.slice(2), createProcessIo()));
}
