/** Every published case within its own tolerance, through the command itself; the count by family and venue is printed. */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runCli } from '../cli/fixtures/testProcess.js';
import { differencesOf, isBinding, loadOracleCases, type OracleCase } from './oracles.js';

const FOLDER = join(process.env['BACKTEST_SHARED'] ?? resolve('../shared'), 'oracles');
const maybe = existsSync(FOLDER) ? describe : describe.skip;
if (maybe !== describe) process.stdout.write(`no published cases in ${FOLDER}: they are not compared\n`);

interface Judged {
  readonly oracle: OracleCase;
  readonly problems: readonly string[];
}

async function judge(cases: readonly OracleCase[]): Promise<Judged[]> {
  const stdin = cases.map(({ kind, venue, inputs }) => `${JSON.stringify({ kind, venue, inputs })}\n`).join('');
  const { stdout } = await runCli(['calc'], { stdin });
  const answers = stdout.trimEnd().split('\n');
  return cases.map((oracle, i) => {
    const answer = JSON.parse(answers[i] ?? '{}') as { outputs?: Record<string, unknown>; error?: { message: string } };
    const problems =
      answer.outputs === undefined ? [answer.error?.message ?? 'no answer'] : differencesOf(oracle, answer.outputs);
    return { oracle, problems };
  });
}

function tally(judged: readonly Judged[], keyOf: (oracle: OracleCase) => string): string {
  const rows = new Map<string, [passed: number, failed: number]>();
  for (const { oracle, problems } of judged) {
    const row = rows.get(keyOf(oracle)) ?? [0, 0];
    row[problems.length === 0 ? 0 : 1] += 1;
    rows.set(keyOf(oracle), row);
  }
  return [...rows]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([key, [passed, failed]]) =>
        `  ${key.padEnd(24)}${String(passed).padStart(4)} passed${failed ? `, ${failed} failed` : ''}`,
    )
    .join('\n');
}

maybe('published cases', () => {
  it('when they are asked of backtest calc then each agrees within its own tolerance', async () => {
    const judged = await judge(loadOracleCases(FOLDER).filter(isBinding));
    process.stdout.write(`by family:\n${tally(judged, ({ formula }) => formula)}\n`);
    process.stdout.write(`by venue:\n${tally(judged, ({ venue }) => venue)}\n`);
    const failed = judged.filter(({ problems }) => problems.length > 0);
    expect(failed.map(({ oracle, problems }) => `${oracle.id}: ${problems.join('; ')}`)).toEqual([]);
    expect(judged.length).toBeGreaterThan(200);
  });
});
