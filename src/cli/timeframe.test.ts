/** `--timeframe` as whole command lines: the same file put together to longer bars, what is refused, what the manifest says. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, test } from '@jest/globals';
import { cwd, manifestOf, run } from './fixtures/runSituation.js';
import { runCli } from './fixtures/testProcess.js';

/** The hourly candles of the situation begin on 2020-03-01, a Sunday. */
const RUN = ['run', '--strategy', 'tells.ts', '--data', 'XBTUSD.csv', '--funding', '0.0001'];

beforeAll(() => {
  writeFileSync(
    join(cwd, 'tells.ts'),
    `import { cross, defineStrategy, sma } from 'backtest';
export default defineStrategy({
  params: { trend: '1d' },
  warmup: 2,
  initialize: () => ({ fast: sma(2), slow: sma(4), crossed: cross(), told: 0 }),
  handleData(context, bar, state) {
    const { account, symbol } = context;
    const [fast, slow] = [state.fast.update(bar.close), state.slow.update(bar.close)];
    const crossed = context.cross(fast, slow);
    if (state.crossed.update(fast, slow) !== crossed) throw new Error('the two ways to cross differ');
    const days = context.timeframe(context.params.trend);
    if (state.told++ < 7) {
      const hours = (bar.closeTimeMs - bar.openTimeMs) / 3_600_000;
      context.log(\`\${hours} h, \${bar.open} \${bar.high} \${bar.low} \${bar.close} \${bar.volume}, \${days.length} \${context.params.trend} \${context.warmingUp}\`);
    }
    if (crossed > 0 && account.position(symbol).qty <= 0) account.longOpen(symbol, null, 100);
    if (crossed < 0 && account.position(symbol).qty >= 0) account.shortOpen(symbol, null, 100);
  },
});
`,
  );
});

/** The lines that the strategy logged, time first. */
const toldOf = (stderr: string): string[] =>
  stderr
    .split('\n')
    .filter((line) => / h, /.test(line))
    .map((line) => line.replace(/^info:\s*/, ''));

/** The candles of the situation, as numbers. */
function candles(): number[][] {
  const rows = readFileSync(join(cwd, 'XBTUSD.csv'), 'utf8').trim().split('\n').slice(1);
  return rows.map((row) => row.split(',').slice(1, 6).map(Number));
}

describe('--timeframe', () => {
  it('when it is 4h then the strategy is called on bars of four candles, and the other engine agrees', async () => {
    const { code, stderr } = await run([...RUN, '--timeframe', '4h', '--out', 'four', '--verify', '--table', 'orders']);
    expect({ code, error: stderr.match(/error.*/)?.[0] }).toEqual({ code: 0, error: undefined });
    const rows = candles();
    const expected = Array.from({ length: 7 }, (_, i) => {
      const four = rows.slice(4 * i, 4 * i + 4);
      const close = new Date(Date.UTC(2020, 2, 1, 4 * (i + 1))).toISOString();
      const [open, high, low] = [
        four[0]![0],
        Math.max(...four.map((row) => row[1]!)),
        Math.min(...four.map((row) => row[2]!)),
      ];
      const volume = four.map((row) => row[4]!).reduce((sum, one) => sum + one);
      return `${close} 4 h, ${open} ${high} ${low} ${four[3]![3]} ${volume}, ${i < 5 ? 0 : 1} 1d ${i < 2}`;
    });
    expect(toldOf(stderr)).toEqual(expected);
    expect(stderr).toMatch(/--verify: the reference engine agrees/);
    const manifest = manifestOf('four');
    expect(manifest['options']).toMatchObject({ timeframe: '4h' });
    expect(manifest['assumptions']).toContain('the strategy is called on bars of 4h, made of the candles of 1h');
  });

  it('when orders are given on longer bars then they fill at the next candle, and the run adds up', async () => {
    const { stdout } = await run([...RUN, '--timeframe', '4h', '--out', 'fills', '--table', 'trades']);
    const times = stdout
      .trim()
      .split('\n')
      .slice(1)
      .map((row) => row.split(',')[1]!);
    expect(times.length).toBeGreaterThan(4);
    // The first third of the candle that opens at the end of a bar.
    expect(times.filter((time) => !/T(?:00|04|08|12|16|20):00:00\.000Z$/.test(time))).toEqual([]);
    expect((await runCli(['audit', 'fills'], { cwd })).code).toBe(0);
  });

  it('when a run starts inside a bar then the candles before are in it, and the other engine agrees', async () => {
    const late = [
      ...RUN,
      '--timeframe',
      '4h',
      '--from',
      '2020-03-02T02:00',
      '--no-save',
      '--verify',
      '--table',
      'orders',
    ];
    const { code, stderr } = await run(late);
    expect({ code, error: stderr.match(/error.*/)?.[0] }).toEqual({ code: 0, error: undefined });
    const lines = toldOf(stderr).map((line) => line.replace(/h, .*, /, 'h, '));
    expect(lines.slice(0, 3)).toEqual([
      '2020-03-01T20:00:00.000Z 4 h, 0 1d true',
      '2020-03-02T00:00:00.000Z 4 h, 0 1d true',
      '2020-03-02T04:00:00.000Z 4 h, 0 1d false',
    ]);
    const [open] = candles()[24]!;
    expect(toldOf(stderr)[2]).toContain(` 4 h, ${open} `);
  });

  it('when it is that of the candles then nothing changes', async () => {
    const tables = ['--table', 'orders', '--table', 'bills', '--format', 'json', '--no-save'];
    const [plain, same] = [await run([...RUN, ...tables]), await run([...RUN, '--timeframe', '1h', ...tables])];
    expect(same).toEqual(plain);
    expect(plain.stdout).toContain('"orders"');
    expect(plain.stderr).not.toContain('is called on bars');
  });

  test.each([
    [
      'is no length',
      ['--timeframe', '90'],
      '--timeframe is not the length of a bar',
      'one of 1m, 3m, 5m, 15m, 30m, 1h',
    ],
    ['is in capitals', ['--timeframe', '4H'], '--timeframe is not the length of a bar', 'did you mean 4h?'],
    [
      'is shorter than the candles',
      ['--timeframe', '15m'],
      'is shorter than the candles, which are of 1h',
      'candles of 15m',
    ],
  ])('when it %s then that is a usage error', async (_, option, message, rest) => {
    const { code, stderr } = await run([...RUN, ...option, '--no-save']);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toContain(rest);
  });

  it('when it is no multiple of the candles then that is a usage error that names both', async () => {
    const rows = ['timestamp,open,high,low,close,volume'];
    for (let i = 0; i < 20; i += 1) rows.push(`${new Date(Date.UTC(2020, 2, 1, 0, 7 * i)).toISOString()},9,9,9,9,1`);
    writeFileSync(join(cwd, 'seven.csv'), `${rows.join('\n')}\n`);
    const data = ['--data', 'XBTUSD=seven.csv', '--timeframe', '1h', '--no-save'];
    const { code, stderr } = await run(['run', '--strategy', 'tells.ts', ...data]);
    expect(code).toBe(2);
    expect(stderr).toContain("--timeframe is no multiple of the candles' 7m");
    expect(stderr).toContain('a multiple of 7m');
  });

  it('when it comes from the environment then the message names the variable', async () => {
    const { code, stderr } = await run([...RUN, '--no-save'], { env: { BACKTEST_TIMEFRAME: 'soon' } });
    expect(code).toBe(2);
    expect(stderr).toContain('BACKTEST_TIMEFRAME is not the length of a bar');
  });

  it('when the strategies of docs/strategies.md about timeframes and crosses are run then they trade', async () => {
    const page = readFileSync(fileURLToPath(new URL('../../docs/strategies.md', import.meta.url)), 'utf8');
    const blocks = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1]!);
    const ours = blocks.filter((block) => /context\.(?:timeframe|cross)\(/.test(block));
    expect(ours.length).toBe(2);
    for (const [i, block] of ours.entries()) {
      writeFileSync(join(cwd, `docs-${i}.ts`), block);
      const short = ['--param', i === 0 ? 'length=3' : 'slow=30', '--no-save', '--verify', '--table', 'trades'];
      const args = ['run', '--strategy', `docs-${i}.ts`, '--data', 'XBTUSD.csv', '--funding', '0', ...short];
      const { code, stdout, stderr } = await run(args);
      expect({ code, error: stderr.match(/error.*/)?.[0] }).toEqual({ code: 0, error: undefined });
      expect(stdout.trim().split('\n').length).toBeGreaterThan(1);
    }
  });

  it('when a strategy asks for a timeframe that the candles cannot make then the run fails with exit 1', async () => {
    const { code, stderr } = await run([...RUN, '--param', 'trend=15m', '--no-save']);
    expect(code).toBe(1);
    expect(stderr).toContain('context.timeframe cannot make bars of 15m from bars of 1h');
  });
});
