/**
 * The examples do what they say: the commands of README.md print what is shown there, the bar of docs/settlement.md that holds two stops
 * goes as it says, and strategies on the sample data end as their figures promise. The strategies themselves are strategies.test.ts, the
 * page about them strategyDocs.test.ts.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from '@jest/globals';
import { runCommandLine } from '../cli/program.js';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

interface Result {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param columns of the terminal that stdout is; none for a pipe. */
async function backtest(args: readonly string[], columns?: number): Promise<Result> {
  const texts = { stdout: '', stderr: '' };
  const into = (name: keyof typeof texts) =>
    new Writable({
      write(chunk: Buffer, _, done) {
        texts[name] += chunk.toString();
        done();
      },
    });
  const exitCode = await runCommandLine(args, {
    stdout: Object.assign(into('stdout'), columns === undefined ? {} : { isTTY: true, columns }),
    stderr: into('stderr'),
    env: { NO_COLOR: '1' },
    cwd: ROOT,
    nodeVersion: process.version,
    now: () => new Date(Date.UTC(2026, 0, 31, 10, 15)),
    onInterrupt: () => () => {},
  });
  return { exitCode, ...texts };
}

/** Runs a strategy on the sample data with marks and funding and gives the figures of its summary. */
async function summaryOf(strategy: string, ...more: readonly string[]): Promise<Map<string, number>> {
  const data = ['--data', 'data/XBTUSD.csv', '--mark', 'data/XBTUSD-mark.csv', '--funding', 'data/XBTUSD-funding.csv'];
  const summary = ['--no-save', '--table', 'summary', '--format', 'csv'];
  const result = await backtest(['run', '--strategy', strategy, ...data, ...summary, ...more]);
  if (result.exitCode !== 0) throw new Error(`${strategy} ended with ${result.exitCode}: ${result.stderr}`);
  const rows = result.stdout.trimEnd().split('\n').slice(1);
  const ofMain = rows.map((row) => row.split(',')).filter(([account]) => account === 'main');
  return new Map(ofMain.map(([, metric, value]) => [metric!, Number(value)]));
}

/** Writes a strategy into a folder that has nothing else, and removes it again. */
async function withStrategy<T>(code: string, use: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'strategy-'));
  try {
    const file = join(folder, 'example.ts');
    writeFileSync(file, code);
    return await use(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Buys for 1 XBT at the first bar and holds. */
const HOLD_LONG = `
import { defineStrategy } from 'backtest';

export default defineStrategy({
  initialize(context) {
    context.account.setMode('isolated');
    context.account.setMaxLeverage(10);
  },
  handleData(context, bar) {
    if (bar?.openTimeMs === Date.UTC(2020, 5, 17)) context.account.longOpen(context.symbol, null, Math.round(bar.close));
  },
});
`;

describe('the sample data', () => {
  it('when the balance becomes synthetic dollars then it is worth the same in dollars after the crash', async () => {
    const figures = await summaryOf('strategies/synthetic-dollar.ts');
    const before = 9200 * figures.get('start_equity')!;
    const after = 6883 * (figures.get('end_equity')! - figures.get('funding')! + figures.get('fees')!);
    expect(Math.abs(after / before - 1)).toBeLessThan(0.002);
  });

  it('when a long at 10× meets the crash without a stop then it loses its margin, and no more', async () => {
    const figures = await withStrategy(HOLD_LONG, summaryOf);
    expect(figures.get('liquidations')).toBe(1);
    const loss = figures.get('start_equity')! - figures.get('end_equity')! - figures.get('fees')!;
    expect(Math.abs(loss - 0.1)).toBeLessThan(0.0001);
  });
});

describe('docs/settlement.md, the bar that holds a stop and a target', () => {
  const bracket = `
import { defineStrategy } from 'backtest';

export default defineStrategy({
  handleData(context) {
    if (context.bars().length > 1) return;
    const orderStyle = [{ name: 'stop_loss', value: 7920 }, { name: 'stop_profit', value: 8160 }] as const;
    context.account.longOpen(context.symbol, null, 1000, { orderStyle });
  },
});
`;
  const candles = [
    'timestamp,open,high,low,close,volume',
    '2020-06-01T00:00:00Z,8000,8000,8000,8000,1',
    '2020-06-01T00:01:00Z,8000,8000,8000,8000,1',
    '2020-06-01T00:02:00Z,8000,8200,7900,8100,1',
  ].join('\n');

  test.each([
    ['adverse', 'loss'],
    ['favourable', 'profit'],
    ['nearest', 'loss'],
    ['ohlc', 'profit'],
    ['olhc', 'loss'],
  ])('when the path is %s then the %s stop fills, and the bar counts as ambiguous', async (path, kind) => {
    await withStrategy(bracket, async (strategy) => {
      const data = join(dirname(strategy), 'XBTUSD.csv');
      writeFileSync(data, candles);
      const run = ['run', '--strategy', strategy, '--data', data, '--intrabar', path, '--no-save', '--quiet'];
      const { stdout } = await backtest([...run, '--format', 'json']);
      const tables = JSON.parse(stdout) as {
        stop_trades: { loss_profit: string }[];
        summary: { ambiguous_bars: number }[];
      };
      expect(tables.stop_trades.map((row) => row.loss_profit)).toEqual([kind]);
      expect(tables.summary[0]!.ambiguous_bars).toBe(1);
    });
  });
});

describe('README.md', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const commands = [...readme.matchAll(/^(?:\$ )?npx backtest (run (?:.*\\\n)*.*)$/gm)].map((match) =>
    match[1]!.replace(/\\\n/g, ' ').trim().split(/\s+/),
  );

  it('when its first example runs then it prints the lines that are shown', async () => {
    const shown = /```\n\$ npx backtest (.*)\n([\s\S]*?)```/.exec(readme)!;
    const result = await backtest([...shown[1]!.split(' '), '--no-save', '--quiet'], 100);
    const printed = new Set(result.stdout.split('\n').map((line) => line.trimEnd()));
    const lines = shown[2]!
      .trimEnd()
      .split('\n')
      .filter((line) => line !== '…');
    expect(lines.length).toBeGreaterThan(30);
    expect(lines.filter((line) => !printed.has(line.trimEnd()))).toEqual([]);
  });

  it('when its other examples run then each ends well', async () => {
    expect(commands.length).toBeGreaterThan(3);
    for (const command of commands) {
      const { exitCode, stderr } = await backtest([...command, '--no-save']);
      if (exitCode !== 0) throw new Error(`${command.join(' ')} ended with ${exitCode}: ${stderr}`);
    }
  });
});
