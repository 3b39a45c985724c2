/**
 * The ways in which `backtest run` ends: the exit code of each, what it says, and what it leaves behind. Inside the test runner,
 * with real files and the real engine.
 */

import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from '@jest/globals';
import { cwd, manifestOf, RUN, run } from './fixtures/runSituation.js';

describe('exit codes', () => {
  const base = ['run', '--strategy', 'idle.ts', '--data', 'XBTUSD.csv', '--no-save', '--quiet'];
  const trading = ['run', '--strategy', 'stops.ts', '--data', 'XBTUSD.csv', '--no-save', '--quiet'];

  test.each<[string, number, string[], RegExp]>([
    ['all is well', 0, base, /^$/],
    [
      'the strategy is missing',
      1,
      ['run', '--strategy', 'no.ts', '--data', 'XBTUSD.csv'],
      /cannot be read\n {2}at: +no\.ts/,
    ],
    ['the strategy throws', 1, ['run', '--strategy', 'throws.ts', '--data', 'XBTUSD.csv'], /on purpose/],
    ['no strategy is given', 2, ['run', '--data', 'XBTUSD.csv'], /--strategy is required/],
    ['no data are given', 2, ['run', '--strategy', 'idle.ts'], /--data is required/],
    [
      'the symbol is unknown',
      2,
      ['run', '--strategy', 'idle.ts', '--data', 'TOYUSD.csv'],
      /no venue lists TOYUSD[\s\S]*"TOYUSD": \{/,
    ],
    ['the file name has no symbol', 2, ['run', '--strategy', 'idle.ts', '--data', 'a-file'], /gives no symbol/],
    ['no venue lists a further symbol', 2, [...base, '--data', 'TOYUSD.csv'], /no venue lists TOYUSD/],
    [
      'the file of a mark is of either symbol',
      2,
      [...base, '--data', 'ETHUSD=XBTUSD.csv', '--mark', 'mark.csv'],
      /which of XBTUSD, ETHUSD/,
    ],
    [
      'the symbols have bars of different lengths',
      3,
      [...base, '--data', 'ETHUSD=minutes.csv'],
      /different lengths[\s\S]*minutes\.csv[\s\S]*1m/,
    ],
    ['the mark is of another symbol', 2, [...base, '--mark', 'TOYUSD=mark.csv'], /is of TOYUSD/],
    ['a parameter is unknown', 2, [...trading, '--param', 'qtty=1'], /no parameter qtty[\s\S]*did you mean qty\?/],
    ['the balance is too fine', 2, [...base, '--balance', '0.000000001'], /finer than XBT/],
    ['csv is of several tables', 2, [...base, '--format', 'csv'], /csv on stdout is one table/],
    [
      'csv is of two tables',
      2,
      [...base, '--format', 'csv', '--table', 'bills', '--table', 'orders'],
      /csv on stdout is one table/,
    ],
    ['a table is unknown', 2, [...base, '--table', 'order'], /--table is not known[\s\S]*did you mean orders\?/],
    ['a metric is unknown', 2, [...base, '--assert', 'sharpe>1'], /names no metric: sharpe/],
    ['the period is empty', 2, [...base, '--from', '2020-03-02', '--to', '2020-03-02'], /is not after/],
    ['a time is none', 2, [...base, '--from', 'yesterday'], /--from is not an ISO date/],
    ['a contract file is broken JSON', 2, [...base, '--contracts', 'broken.json'], /broken\.json/],
    ['a contract file is broken YAML', 2, [...base, '--contracts', 'broken.yaml'], /broken\.yaml:\d/],
    ['a contract file is missing', 2, [...base, '--contracts', 'no.json'], /no\.json/],
    [
      'the data are missing',
      3,
      ['run', '--strategy', 'idle.ts', '--data', 'XBTUSD=no.csv'],
      /no such file[\s\S]*no\.csv/,
    ],
    ['the mark is missing', 3, [...base, '--mark', 'no.csv'], /no\.csv/],
    ['the funding is missing', 3, [...base, '--funding', 'no.csv'], /no\.csv/],
    [
      'a row is bad',
      3,
      ['run', '--strategy', 'idle.ts', '--data', 'bad/XBTUSD.csv'],
      /XBTUSD\.csv:11, column open\n {2}found: +oops/,
    ],
    [
      'an assertion is false',
      4,
      [...trading, '--assert', 'closed_trades==0'],
      /closed_trades==0 is false: closed_trades is [1-9]/,
    ],
    ['the folder is not a run folder', 5, [...base.slice(0, 5), '--out', 'full'], /not empty and has no manifest/],
    ['the folder lies below a file', 5, [...base.slice(0, 5), '--out', 'a-file/x'], /could not be written/],
  ])(
    'when %s then the exit code is %d and stdout and stderr say no more than that',
    async (_what, expected, argv, message) => {
      const { code, stdout, stderr } = await run(argv);
      expect({ code, stderr }).toEqual({ code: expected, stderr: expect.stringMatching(message) });
      if (![0, 4].includes(expected)) expect(stdout).toBe('');
    },
  );

  it('when assertions are true then the exit code is 0', async () => {
    const asserts = ['--assert', 'closed_trades>0', '--assert', 'main.liquidations==0'];
    expect((await run([...trading, ...asserts])).code).toBe(0);
  });

  test.each<[string, number, number, string[], RegExp]>([
    ['the candles have a gap', 0, 3, ['--strategy', 'idle.ts', '--data', 'gap/XBTUSD.csv'], /1 gap of 3 bars of 1h/],
    [
      'bad rows are skipped',
      0,
      3,
      ['--strategy', 'idle.ts', '--data', 'bad/XBTUSD.csv', '--skip-bad-rows'],
      /XBTUSD\.csv:11, column open/,
    ],
    [
      'marks are missing',
      0,
      3,
      ['--strategy', 'idle.ts', '--data', 'XBTUSD.csv', '--mark', 'short-mark.csv'],
      /5 bars without a mark candle/,
    ],
    ['funding is missing', 0, 3, ['--strategy', 'stops.ts', '--data', 'XBTUSD.csv'], /funding/],
    [
      'orders are rejected',
      0,
      1,
      ['--strategy', 'stops.ts', '--data', 'XBTUSD.csv', '--funding', '0', '--param', 'qty=1e9'],
      /rejected/,
    ],
  ])(
    'when %s then it is a warning, exit code %d, and with --strict exit code %d',
    async (_what, plain, strict, argv, message) => {
      const warned = await run(['run', ...argv, '--out', 'strict-out']);
      expect({ code: warned.code, stderr: warned.stderr }).toEqual({
        code: plain,
        stderr: expect.stringMatching(message),
      });
      expect(warned.stderr).toContain('warning: ');
      rmSync(join(cwd, 'strict-out'), { recursive: true });
      const strictly = await run(['run', ...argv, '--out', 'strict-out', '--strict']);
      expect(strictly.code).toBe(strict);
      expect(strictly.stderr).toContain('error: --strict');
      expect(existsSync(join(cwd, 'strict-out/manifest.json'))).toBe(true);
      rmSync(join(cwd, 'strict-out'), { recursive: true });
    },
  );
});

describe('a gap and the period of the run', () => {
  // The candles of gap/XBTUSD.csv lack bars 49, 50 and 51, of 2020-03-03T01:00 to 03:00.
  test.each<[string, string[], RegExp | null]>([
    ['lies before it', ['--from', '2020-03-03T04:00:00Z'], null],
    ['ends where it begins', ['--from', '2020-03-03T03:00:00Z'], /1 gap of 1 bar of 1h/],
    ['lies inside it', ['--from', '2020-03-02', '--to', '2020-03-04'], /1 gap of 3 bars of 1h/],
    ['begins where it ends', ['--to', '2020-03-03T02:00:00Z'], /1 gap of 1 bar of 1h/],
    ['lies after it', ['--to', '2020-03-03T01:00:00Z'], null],
  ])('when the gap %s then only what is missing inside counts', async (_where, period, message) => {
    const argv = ['run', '--strategy', 'idle.ts', '--data', 'gap/XBTUSD.csv', '--no-save', '--strict', ...period];
    const { code, stderr } = await run(argv);
    expect(code).toBe(message === null ? 0 : 3);
    if (message === null) expect(stderr).not.toContain('gap of');
    else expect(stderr).toMatch(message);
  });
});

describe('the run folder', () => {
  test.each<[string, string[]]>([
    ['the strategy throws', ['--strategy', 'throws.ts', '--data', 'XBTUSD.csv']],
    ['a row in the middle is bad', ['--strategy', 'idle.ts', '--data', 'bad/XBTUSD.csv']],
    ['a parameter is unknown', ['--strategy', 'idle.ts', '--data', 'XBTUSD.csv', '--param', 'x=1']],
  ])('when %s then nothing is left of it, hidden or not', async (_what, argv) => {
    await run(['run', ...argv, '--out', 'left/over']);
    expect(existsSync(join(cwd, 'left'))).toBe(false);
  });

  it('when the strategy throws then an earlier folder of the name stays as it was', async () => {
    await run([...RUN, '--out', 'kept']);
    const before = readFileSync(join(cwd, 'kept/manifest.json'), 'utf8');
    await run(['run', '--strategy', 'throws.ts', '--data', 'XBTUSD.csv', '--out', 'kept']);
    expect(readFileSync(join(cwd, 'kept/manifest.json'), 'utf8')).toBe(before);
  });

  it('when --no-save is on then none is written', async () => {
    const before = readdirSync(cwd);
    const { stderr } = await run([...RUN, '--no-save']);
    expect(readdirSync(cwd)).toEqual(before);
    expect(stderr).not.toContain('run folder');
  });

  it('when the run is interrupted then what was finished is written, marked partial, and the exit code is 130', async () => {
    const { code, stdout, stderr } = await run([...RUN, '--out', 'cut', '--assert', 'pnl>1000'], {
      isInterrupted: true,
    });
    expect(code).toBe(130);
    expect(manifestOf('cut')).toMatchObject({ partial: true });
    expect(stdout).toContain('summary');
    expect(stderr).toContain('--assert is not judged');
  });
});
