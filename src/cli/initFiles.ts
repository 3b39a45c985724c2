/**
 * The files that `backtest init` begins a folder with: a shipped strategy, the shipped sample candles, a config file that names
 * them, a tsconfig that leads an editor to the types of this package. Reads the package's own files; writes none.
 */

import { existsSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageFolder } from './version.js';

export interface InitFile {
  /** Below the new folder. */
  readonly name: string;
  readonly content: string | Buffer;
}

export const CONFIG_NAME = 'backtest.yaml';
const STRATEGY = 'ema-cross.ts';
const SAMPLES = 'sample-data';
const SAMPLE_FILES = ['XBTUSD.csv', 'XBTUSD-mark.csv', 'XBTUSD-funding.csv'] as const;

/** @param dir the new folder, absolute. */
export function composeInitFiles(dir: string): InitFile[] {
  const root = packageFolder();
  return [
    { name: STRATEGY, content: readFileSync(join(root, 'strategies', STRATEGY)) },
    { name: CONFIG_NAME, content: CONFIG },
    { name: 'tsconfig.json', content: `${JSON.stringify(composeTsconfig(dir), null, 2)}\n` },
    { name: join(SAMPLES, 'README.md'), content: SAMPLES_README },
    ...SAMPLE_FILES.map((name) => ({ name: join(SAMPLES, name), content: readFileSync(join(root, 'data', name)) })),
  ];
}

/** Types are found by `paths`, so that a strategy needs no package.json and no install; `backtest run` does not read this. */
function composeTsconfig(dir: string): object {
  return {
    compilerOptions: {
      target: 'es2022',
      lib: ['es2023'],
      module: 'esnext',
      moduleResolution: 'bundler',
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      resolveJsonModule: true,
      allowImportingTsExtensions: true,
      paths: {
        backtest: [findTypes(dir, '../index')],
        'backtest/indicators': [findTypes(dir, '../indicators/index')],
      },
    },
    include: ['**/*.ts'],
  };
}

/** The declarations of a running module: relative when the package is installed in the folder, else absolute. */
function findTypes(dir: string, module: string): string {
  const built = fileURLToPath(new URL(`${module}.d.ts`, import.meta.url));
  const file = existsSync(built) ? built : fileURLToPath(new URL(`${module}.ts`, import.meta.url));
  const short = relative(dir, file);
  return short.startsWith('..') ? file : `./${short.split(sep).join('/')}`;
}

const CONFIG = `# Settings of backtest run in this folder: its options under their names without dashes, accounts, params.
# A flag wins over this file. What is in force, and where it comes from: backtest run --print-config
# Paths start in the folder of this file.

strategy: ${STRATEGY}

# Generated samples: nothing in them was ever traded, and what a strategy earns on them means nothing. Name your own candles here.
data:
  - ${SAMPLES}/${SAMPLE_FILES[0]}
mark:
  - ${SAMPLES}/${SAMPLE_FILES[1]}
funding:
  - ${SAMPLES}/${SAMPLE_FILES[2]}

accounts:
  main:
    balance: 1 # in the settlement currency: XBT

# The strategy's own parameters; those that are left out have the strategy's defaults.
params:
  fast: 360
  slow: 1440
`;

const SAMPLES_README = `# Sample candles

**These files are generated: nothing in them was ever traded**, and what a strategy earns on them means nothing. They are here so that
the first run works at once: three weeks of minutes in the shape of XBTUSD, with a crash in the third.

| file | what |
| --- | --- |
| \`${SAMPLE_FILES[0]}\` | candles of one minute; the timestamp is the open of the bar, in UTC |
| \`${SAMPLE_FILES[1]}\` | mark-price candles of the same minutes |
| \`${SAMPLE_FILES[2]}\` | funding rates; a positive one is paid by longs to shorts |

Put your own candles in their place, and change \`${CONFIG_NAME}\`.
`;
