/**
 * Runs a strategy given as text over candles given as text, by the command line, and gives the tables that it prints. Used by tests
 * only; everything is written into a folder of its own and removed again.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../cli/fixtures/testProcess.js';

/** A row as JSON prints it: decimals are texts. */
export type Row = Readonly<Record<string, string | number | null>>;
export type Tables = Readonly<Record<string, readonly Row[]>>;

/**
 * @param bars rows of candles in the plain form, without a header, one a minute; or prices that all four of a candle have.
 * @param args options of `run`; `--data` and `--strategy` are given.
 * @throws when the run ends with another code than 0.
 */
export async function runText(
  strategy: string,
  bars: readonly (number | readonly [open: number, high: number, low: number, close: number])[],
  args: readonly string[],
): Promise<{ readonly tables: Tables; readonly stderr: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'run-text-'));
  try {
    const rows = bars.map((bar, minute) => {
      const prices = typeof bar === 'number' ? [bar, bar, bar, bar] : bar;
      return [new Date(Date.UTC(2020, 5, 1, 0, minute)).toISOString(), ...prices, 1].join(',');
    });
    writeFileSync(join(folder, 'XBTUSD.csv'), ['timestamp,open,high,low,close,volume', ...rows].join('\n'));
    writeFileSync(join(folder, 'strategy.ts'), strategy);
    const tables = ['summary', 'orders', 'trades', 'stop_trades', 'closed_trades', 'positions'];
    const run = ['run', '--strategy', 'strategy.ts', '--data', 'XBTUSD.csv', '--no-save', '--format', 'json'];
    const { code, stdout, stderr } = await runCli([...run, ...tables.flatMap((name) => ['--table', name]), ...args], {
      cwd: folder,
    });
    if (code !== 0) throw new Error(`the run ended with ${code}: ${stderr}`);
    return { tables: JSON.parse(stdout) as Tables, stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
