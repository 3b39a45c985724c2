/** The command line before any command runs: help, version, and what a slip of the keyboard gets. */

import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from '@jest/globals';
import { runCli } from './fixtures/testProcess.js';
import { RUN_OPTIONS } from './runOptionTable.js';

describe('help', () => {
  it('when nothing is asked then help goes to stderr and the exit code is 2', async () => {
    const { code, stdout, stderr } = await runCli([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Examples:\n {2}backtest run --strategy/);
  });

  test.each([['--help'], ['-h'], ['help']])('when it is %s then help goes to stdout, examples first', async (arg) => {
    const { code, stdout, stderr } = await runCli([arg]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Examples:\n[\s\S]*Usage: backtest[\s\S]*\n {2}run /);
  });

  test.each<[string[]]>([[['help', 'run']], [['run', '--help']], [['run', '-h']]])(
    'when it is %j then it is that of run',
    async (argv) => {
      const { code, stdout } = await runCli(argv);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^Examples:\n[\s\S]*Usage: backtest run/);
      for (const spec of RUN_OPTIONS)
        expect(stdout).toContain(`--${spec.name}${spec.value === null ? ' ' : ` <${spec.value}>`}`);
    },
  );

  test.each(['sweep', 'bounds'])(
    'when an option is not in this version (%s) then help does not name it',
    async (name) => {
      expect((await runCli(['run', '--help'])).stdout).not.toContain(name);
    },
  );

  it('when the terminal is narrow then no line is longer than it, examples and value names apart', async () => {
    const { stdout } = await runCli(['run', '--help'], { columns: 60 });
    const options = stdout.slice(stdout.indexOf('Options:'), stdout.indexOf('Exit codes'));
    const long = options.split('\n').filter((line) => line.length > 60 && /^ {20}/.test(line));
    expect(long).toEqual([]);
  });
});

describe('version', () => {
  test.each(['--version', '-V'])('when it is %s then the package version is printed', async (arg) => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(await runCli([arg])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('usage errors', () => {
  test.each<[string[], string, string]>([
    [['rnu'], "unknown command 'rnu'", 'did you mean run?'],
    [['sweep'], "unknown command 'sweep'", 'see backtest --help'],
    [['run', '--startegy', 'x.ts'], "unknown option '--startegy'", 'did you mean --strategy?'],
    [['run', '--details', 'x.csv'], "unknown option '--details'", 'did you mean --detail?'],
    [['run', 'x.ts'], 'too many arguments', 'see backtest run --help'],
    [['run', '--strategy'], "option '--strategy <FILE>' argument missing", 'see backtest run --help'],
    [['run', '--strategy', '--data', 'x'], 'option --strategy has no value, but --data', 'see backtest run --help'],
    [['--nope'], "unknown option '--nope'", ''],
  ])(
    'when it is %j then the exit code is 2, stdout is empty and the near word is named',
    async (argv, message, hint) => {
      const { code, stdout, stderr } = await runCli(argv);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/^error: /);
      expect(stderr).toContain(message);
      expect(stderr).toContain(hint);
    },
  );

  it('when the log is JSON then a usage error is one object too', async () => {
    const { stderr } = await runCli(['run', '--startegy', 'x.ts', '--log-format', 'json']);
    expect(JSON.parse(stderr)).toMatchObject({
      level: 'error',
      code: 'usage',
      exit_code: 2,
      message: "unknown option '--startegy'",
      hint: 'did you mean --strategy?',
    });
  });

  test.each<[string[], Record<string, string>, RegExp]>([
    [['run', '--log-level', 'loud'], {}, /--log-level is not known/],
    [['run', '--log-format', 'xml'], {}, /--log-format is not known/],
    [['run'], { BACKTEST_LOG_LEVEL: 'loud' }, /BACKTEST_LOG_LEVEL is not known/],
    [['run', '--quiet', '--verbose'], {}, /opposite/],
  ])('when the log is asked for as %j %j then it is refused', async (argv, env, message) => {
    const { code, stderr } = await runCli(argv, { env });
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
