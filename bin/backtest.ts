#!/usr/bin/env node

/**
 * The edge of the process: lends the command line its arguments, streams and signals, and takes the exit code.
 */

import { createProcessIo, endWith } from '../src/cli/processIo.js';
import { runCommandLine } from '../src/cli/program.js';

endWith(await runCommandLine(process.argv.slice(2), createProcessIo()));
