#!/usr/bin/env node

/**
 * The edge of the process: lends the command line its arguments, streams and signals, and takes the exit code. The code is
 * set, never forced, so that what was written arrives.
 */

import { createProcessIo } from '../src/cli/processIo.js';
import { runCommandLine } from '../src/cli/program.js';

process.exitCode = await runCommandLine(process.argv.slice(2), createProcessIo());
