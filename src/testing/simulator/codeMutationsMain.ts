/**
 * Command line of the faults in the code, run from the project's folder. `--check NAME` judges one entry at its seed, with the
 * fault and without, and writes two lines; `--find` looks for the first seed that sees each entry, among worlds of few calls,
 * which are quick (`--calls`); `--from` and `--seeds` say where, `--only` names an entry by a part of its name, `--write` puts
 * what was found into codeMutations.ts. All seeds anew, after the worlds or the engine have changed:
 * `npx esbuild src/testing/simulator/codeMutationsMain.ts --bundle --platform=node --format=esm --packages=external --outfile=node_modules/.cache/codeMutations.mjs && node node_modules/.cache/codeMutations.mjs --find --write`.
 */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runBacktest } from '../../engine/engine.js';
import { CODE_MUTATIONS, type CodeMutation } from './codeMutations.js';
import { buildMutant, judge } from './codeMutationsRun.js';
import type { Engine } from './compareEngines.js';
import { worldOf } from './worldOf.js';

const LISTS = ['src/testing/simulator/codeMutations.ts', 'src/testing/simulator/codeMutationsSparing.ts'];

const { values } = parseArgs({
  options: {
    check: { type: 'string' },
    find: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    from: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '3000' },
    calls: { type: 'string', default: '70' },
    write: { type: 'boolean', default: false },
  },
});

const root = process.cwd();
const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

if (values.check !== undefined) await check(values.check);
if (values.find) await find();

async function check(name: string): Promise<void> {
  const mutation = CODE_MUTATIONS.find((each) => each.name === name);
  if (mutation === undefined) throw new Error(`there is no fault "${name}"`);
  const fast = await buildMutant(root, mutation);
  print(`unchanged: ${(await judge(mutation.seed)) ?? 'agrees'}`);
  print(`with the fault: ${(await judge(mutation.seed, fast)) ?? 'agrees'}`);
}

/**
 * Seed by seed, with all faults not seen yet: first against the unchanged fast engine, which is quick; what that shows counts
 * if the reference engine sees it too, and agrees without the fault.
 */
async function find(): Promise<void> {
  const open = new Map<CodeMutation, Engine>();
  for (const mutation of CODE_MUTATIONS) {
    if (mutation.name.includes(values.only)) open.set(mutation, await buildMutant(root, mutation));
  }
  const from = Number(values.from);
  for (let seed = from; seed < from + Number(values.seeds) && open.size > 0; seed += 1) {
    if (worldOf(seed).calls.length > Number(values.calls)) continue;
    for (const [mutation, fast] of open) {
      if ((await judge(seed, fast, runBacktest)) === null || (await judge(seed)) !== null) continue;
      const place = await judge(seed, fast);
      if (place === null) continue;
      open.delete(mutation);
      print(`${mutation.name}: seed ${seed}, ${place}`);
      if (values.write) await writeSeed(mutation, seed);
    }
  }
  for (const { name } of open.keys()) print(`${name}: no seed from ${from} to ${from + Number(values.seeds) - 1}`);
  process.exitCode = open.size === 0 ? 0 : 1;
}

/** Puts a seed into the entry of its name. */
async function writeSeed({ name }: CodeMutation, seed: number): Promise<void> {
  for (const list of LISTS) {
    const path = join(root, list);
    const text = await readFile(path, 'utf8');
    const at = text.indexOf(`name: '${name}',`);
    if (at < 0) continue;
    await writeFile(path, text.slice(0, at) + text.slice(at).replace(/seed: \d+,/, `seed: ${seed},`));
  }
}
