/**
 * Command-line entry of the simulator, for many seeds: `--seeds N --from K`, with `--raw` to print the first difference without
 * making the world smaller, `--keep-going` to go through all seeds and `--tables` to print all rows of the smallest world. Run from the project folder:
 * `npx esbuild src/testing/simulator/main.ts --bundle --platform=node --format=esm --outfile=dist/simulator.mjs && node dist/simulator.mjs --seeds 1000`.
 */

import { parseArgs } from 'node:util';
import { compareEngines, formatDifference, formatTables } from './compareEngines.js';
import { shrink } from './shrink.js';
import { worldOf } from './worldOf.js';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    raw: { type: 'boolean', default: false },
    'keep-going': { type: 'boolean', default: false },
    tables: { type: 'boolean', default: false },
  },
});

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const from = Number(values.from);
const failing: number[] = [];
for (let seed = from; seed < from + Number(values.seeds); seed += 1) {
  const difference = await compareEngines(worldOf(seed));
  if (difference === null) continue;
  failing.push(seed);
  if (values['keep-going']) {
    print(`seed ${seed}: ${difference.stream} row ${difference.row}`);
    if (!values.raw) continue;
    print(`  fast      ${difference.fast.slice(0, 700)}\n  reference ${difference.reference.slice(0, 700)}`);
    continue;
  }
  const smallest = values.raw ? difference : await shrink(difference);
  print(formatDifference(smallest));
  if (values.tables) print(await formatTables(smallest.world));
  break;
}
print(
  `${values.seeds} seeds from ${from}: ${failing.length === 0 ? 'the engines agree' : `differ at ${failing.join(' ')}`}`,
);
process.exitCode = failing.length === 0 ? 0 : 1;
