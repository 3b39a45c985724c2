/**
 * Mutation testing of the zones whose errors cost money: `ZONE=contract npm run test:mutation`. mutation/zones.mjs says what is
 * mutated and by which tests it is judged; docs/mutation-testing.md has the figures and how to read what survives.
 */

import { ZONES } from './mutation/zones.mjs';

const zone = process.env.ZONE ?? 'contract';

// biome-ignore lint/style/noDefaultExport: the tool asks for it
export default {
  testRunner: 'bundle',
  buildCommand: `node mutation/bundleTests.mjs ${zone}`,
  coverageAnalysis: 'perTest',
  // Generous: a busy machine must not pass for an endless loop.
  timeoutMS: 6_000,
  concurrency: 2,
  mutate: [...ZONES[zone].mutate, '!src/**/*.test.ts'],
  plugins: ['./mutation/bundleRunner.mjs', './mutation/messageTexts.mjs'],
  ignorers: ['message-texts'],
  ignorePatterns: ['bench', 'dist', 'reports'],
  // The tool reads a tsconfig with the compiler's old interface, which TypeScript 7 has not; a name without a file turns that off.
  tsconfigFile: 'none.json',
  incremental: true,
  incrementalFile: `reports/mutation/${zone}.incremental.json`,
  reporters: ['clear-text', 'json', 'progress-append-only'],
  jsonReporter: { fileName: `reports/mutation/${zone}.json` },
  clearTextReporter: { logTests: false, allowColor: false },
  warnings: { slow: false },
};
