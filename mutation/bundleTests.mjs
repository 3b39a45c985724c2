/**
 * Bundles the tests that judge a zone, with the mutated sources, into one script: `node mutation/bundleTests.mjs ZONE`. It is run by
 * bundleRunner.mjs, which hands it `require` and the harness that stands for jest.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { ZONES } from './zones.mjs';

const { tests, without = '' } = ZONES[process.argv[2]];
const files = tests.flatMap((path) =>
  path.endsWith('.ts')
    ? [path]
    : readdirSync(path)
        .filter((name) => name.endsWith('.test.ts'))
        .map((name) => `${path}/${name}`),
);
const suites = [...new Set(files)].map((path) => `HARNESS.load('${path}', () => require('./${path}'));`);
// First the seed of the laws, which jest gives every suite by its own configuration.
const contents = ["import './src/testing/lawSeed.ts';", ...suites].join('\n');

function setUp({ onResolve, onLoad }) {
  onResolve({ filter: /^@jest\/globals$/ }, () => ({ path: 'harness', namespace: 'harness' }));
  onLoad({ filter: /.*/, namespace: 'harness' }, () => ({
    contents: `module.exports = HARNESS.globals(${JSON.stringify(without)});`,
  }));
  // In a script there is no import.meta: tests that read pages find them from where they stand.
  onLoad({ filter: /\.test\.ts$/ }, ({ path }) => ({
    contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
    loader: 'ts',
  }));
}

await build({
  stdin: { contents, resolveDir: '.', loader: 'ts' },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  plugins: [{ name: 'suites', setup: setUp }],
  outfile: 'mutation/judge.cjs',
  logLevel: 'error',
});
