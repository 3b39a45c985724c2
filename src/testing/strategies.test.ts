/**
 * The example strategies do what their heads say: each command that stands there runs, trades, and leaves a folder that adds up; the
 * same command leaves the same bytes. Commands on real candles run where the shared market data are; it is said where they are not.
 */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { type Ran, runCli } from '../cli/fixtures/testProcess.js';
import { loadStrategy } from '../strategy/loader.js';
import { commandsOf, findRealFiles, headOf, REAL_DATA, ROOT, withRealFiles } from './strategyHeads.js';

const LONG_MS = 180_000;
const NAMES = readdirSync(join(ROOT, 'strategies')).filter((name) => name.endsWith('.ts'));
const sourceOf = (name: string): string => readFileSync(join(ROOT, 'strategies', name), 'utf8');
const realFiles = findRealFiles();
if (realFiles === undefined) process.stderr.write(`no market data at ${REAL_DATA}: no example runs on real candles\n`);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'strategies-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command of a head in the project's folder. @param out name of the run folder. */
async function run(args: readonly string[], out: string): Promise<string> {
  const path = join(folder, out);
  const ran = await runCli([...args, '--out', path, '--no-progress'], { cwd: ROOT });
  if (ran.code !== 0) throw new Error(`${args.join(' ')} ended with ${ran.code}: ${ran.stderr}`);
  return path;
}

const rowsOf = (path: string): readonly string[] => readFileSync(path, 'utf8').trimEnd().split('\n').slice(1);

function totalOf(out: string): Readonly<Record<string, string | number | null>> {
  const { total } = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')) as {
    total: Record<string, string | number | null>;
  };
  return total;
}

/** Files and their bytes, without the manifest, which has the wall clock in it. */
function bytesOf(out: string): ReadonlyMap<string, string> {
  const names = readdirSync(out).filter((name) => name !== 'manifest.json');
  return new Map(names.sort().map((name) => [name, readFileSync(join(out, name), 'latin1')]));
}

const audit = (out: string): Promise<Ran> => runCli(['audit', out, '--quiet'], { cwd: ROOT });

describe('the head of a strategy', () => {
  it('when the folder is listed then there are ten examples or more', () => {
    expect(NAMES.length).toBeGreaterThanOrEqual(10);
  });

  test.each(NAMES)(
    'when %s is opened then its head has a command on the sample data and one on real candles',
    (name) => {
      const commands = commandsOf(sourceOf(name));
      expect(commands.map(({ realNames }) => realNames.length > 0)).toEqual([false, true]);
      for (const { args } of commands) expect(args.slice(0, 3)).toEqual(['run', '--strategy', `strategies/${name}`]);
    },
  );

  test.each(NAMES)('when %s has parameters then its head says what each of them is', async (name) => {
    const { strategy } = await loadStrategy(`strategies/${name}`, ROOT);
    const head = headOf(sourceOf(name));
    const unsaid = Object.keys(strategy.params ?? {}).filter((param) => !head.includes(`\`${param}\``));
    expect(unsaid).toEqual([]);
  });

  test.each(NAMES)('when %s is read then it takes no more than two minutes', (name) => {
    expect(sourceOf(name).trimEnd().split('\n').length).toBeLessThanOrEqual(90);
  });
});

describe('on the sample data', () => {
  test.each(NAMES)(
    'when the command of %s is copied then it trades, is refused nothing, survives, and its tables add up',
    async (name) => {
      const { args } = commandsOf(sourceOf(name))[0]!;
      const out = await run(args, `${name}-sample`);
      expect(rowsOf(join(out, 'trades.csv')).length).toBeGreaterThan(0);
      const total = totalOf(out);
      expect({ rejected: total['rejected_orders'], liquidations: total['liquidations'] }).toEqual({
        rejected: 0,
        liquidations: 0,
      });
      expect(Number(total['fees'])).not.toBe(0);
      expect(Number(total['end_equity']) / Number(total['start_equity'])).toBeGreaterThan(0.5);
      const { code, stderr } = await audit(out);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    },
    LONG_MS,
  );

  test.each(NAMES)(
    'when the command of %s runs twice then the bytes are the same',
    async (name) => {
      const { args } = commandsOf(sourceOf(name))[0]!;
      const begun = [...args, '--to', '2020-06-07'];
      const first = bytesOf(await run(begun, `${name}-first`));
      const second = bytesOf(await run(begun, `${name}-second`));
      expect(first.get('trades.csv')!.trimEnd().split('\n').length).toBeGreaterThan(1);
      expect(second).toEqual(first);
    },
    LONG_MS,
  );
});

describe('on real candles', () => {
  it('when the market data are not here then no command runs on them', () => {
    expect(realFiles === undefined || realFiles.size > 0).toBe(true);
  });

  if (realFiles === undefined) return;
  test.each(NAMES)(
    'when the command of %s is given its files then it trades, and its tables add up',
    async (name) => {
      const out = await run(withRealFiles(commandsOf(sourceOf(name))[1]!, realFiles, folder), `${name}-real`);
      expect(rowsOf(join(out, 'trades.csv')).length).toBeGreaterThan(0);
      const { code, stderr } = await audit(out);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    },
    LONG_MS,
  );
});
