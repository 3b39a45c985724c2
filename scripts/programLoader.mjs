/**
 * Becomes dist/src/program.js: runs the bundled program (program.cjs beside it) as one script, with the code that V8 compiled from it when it was
 * built (program.cache), so that a start does not compile. Another version of Node refuses that code and compiles the script. Whatever
 * imports the program, the command line or a strategy, gets the same one.
 */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

const file = fileURLToPath(new URL('program.cjs', import.meta.url));

function readCompiled() {
  try {
    return readFileSync(new URL('program.cache', import.meta.url));
  } catch {
    return undefined;
  }
}

/** What the script was compiled to, functions that have run included; the build keeps it. */
export const script = new Script(readFileSync(file, 'latin1'), { filename: file, cachedData: readCompiled() });

// Modules of the program find what lies around them by their own address: each is two folders below the package's build.
const url = new URL('cli/program.js', import.meta.url).href;

const require = createRequire(url);
/** Packages that were written for `require`: to import one takes three times as long. */
const REQUIRED = new Set(['esbuild', 'yaml']);

/** What scripts/bundledProgram.mjs exports. */
export const program = script.runInThisContext()(require, url, async (name) =>
  REQUIRED.has(name) ? require(name) : await import(name),
);
