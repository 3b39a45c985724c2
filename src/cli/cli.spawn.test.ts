/**
 * The command line as a process: built, started, with real pipes, signals, closed streams and a pseudo-terminal, and the
 * exact lines of source-mapped stacks. What needs no process is in run.test.ts and program.test.ts.
 */

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { type BuiltCli, buildCli, type Finished, type SpawnSettings, spawnAndWait } from './fixtures/builtCli.js';
import { candles, IDLE, STOPS_OUT, writeFiles } from './fixtures/sampleFiles.js';

/** Enough rows to fill a pipe several times over. */
const BARS = 6000;

/** Takes its time from a bar on, 2 ms each, and says so. */
const slowFrom = (bar: number): string => `let bars = 0;
export default {
  handleData(context) {
    if (bars++ < ${bar}) return;
    if (bars === ${bar} + 1) context.log('slow now');
    const end = performance.now() + 2;
    while (performance.now() < end);
  },
};
`;

const BUYS = `export default {
  handleData({ account, symbol }) {
    if (account.position(symbol).qty === 0) account.longOpen(symbol, null, 1000);
  },
};
`;

const HELPER = `type Reading = {
  value: number;
};

export function halve(reading: Reading | undefined): number {
  return reading!.value / 2;
}
`;
const THROWS = `import { defineStrategy } from 'backtest';
import { halve } from './lib/halve.js';

interface Unused {
  a: string;
}

export default defineStrategy({
  handleData(context, bar) {
    const later: Unused | undefined = undefined;
    if (bar !== undefined && bar.openTimeMs >= Date.UTC(2020, 2, 2)) halve(later);
  },
});
`;

let cli: BuiltCli;
let cwd = '';

beforeAll(() => {
  cli = buildCli();
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'cli-test-')));
  writeFiles(cwd, {
    'XBTUSD.csv': candles(BARS),
    'XBTUSD.csv.gz': gzipSync(candles(BARS)),
    'stops.ts': STOPS_OUT,
    'idle.ts': IDLE,
    'buys.js': BUYS,
    'slow.ts': slowFrom(0),
    'slow-later.ts': slowFrom(3000),
    'throws.ts': THROWS,
    'lib/halve.ts': HELPER,
    'syntax.ts': 'export default {\n  handleData() {\n    const = 1;\n  },\n};\n',
    'elsewhere/readme.txt': '',
  });
});
afterAll(() => {
  rmSync(cwd, { recursive: true });
  cli.remove();
});

function backtest(args: readonly string[], settings: Partial<SpawnSettings> = {}): Promise<Finished> {
  return spawnAndWait(process.execPath, [cli.file, ...args], { cwd, ...settings });
}

/** A line of bash with pipefail on, in which `backtest` is the built program. */
function shell(line: string): Promise<Finished> {
  const script = `set -o pipefail; backtest() { '${process.execPath}' '${cli.file}' "$@"; }; ${line}`;
  return spawnAndWait('bash', ['-c', script], { cwd });
}

const IDLE_RUN = ['run', '--strategy', 'idle.ts', '--data', 'XBTUSD.csv'];
const ALL_BARS = '--strategy idle.ts --data XBTUSD.csv --table balance --balance-every bar';

function isWholeFolder(name: string): boolean {
  const folder = join(cwd, name);
  return existsSync(join(folder, 'manifest.json')) && readFileSync(join(folder, 'balance.csv'), 'utf8').endsWith('\n');
}

describe('compiled strategies', () => {
  /** With this the compiler cannot start. */
  const NO_COMPILER = { ESBUILD_BINARY_PATH: '/bin/false' };
  const RUN = ['run', '--strategy', 'buys.js', '--data', 'XBTUSD.csv', '--to', '2020-03-04', '--no-save'];

  it('when a strategy was compiled before then no command starts the compiler again', async () => {
    const kept = { BACKTEST_CACHE_DIR: 'kept' };
    const first = await backtest([...RUN, '--verify'], { env: kept });
    expect(first).toMatchObject({ code: 0, stderr: expect.stringContaining('the reference engine agrees') });
    expect(readdirSync(join(cwd, 'kept/strategies')).length).toBe(1);

    const env = { ...kept, ...NO_COMPILER };
    expect(await backtest([...RUN, '--verify'], { env })).toEqual(first);
    expect(await backtest([...RUN, '--print-config'], { env })).toMatchObject({ code: 0 });
    const check = ['check', 'buys.js', '--data', 'XBTUSD.csv', '--to', '2020-03-04', '--cuts', '1'];
    expect(await backtest(check, { env })).toMatchObject({ code: 0, stdout: expect.stringContaining('look_ahead') });
  });

  test.each<[string, Record<string, string>]>([
    ['no folder is named', {}],
    ['the folder cannot be made', { BACKTEST_CACHE_DIR: 'XBTUSD.csv/kept' }],
  ])('when %s then it is compiled each time', async (_what, env) => {
    expect(await backtest(RUN, { env })).toMatchObject({ code: 0 });
    const { code, stderr } = await backtest(RUN, { env: { ...env, ...NO_COMPILER } });
    expect({ code, stderr }).toEqual({ code: 70, stderr: expect.stringContaining('esbuild does not run') });
  });
});

describe('pipes', () => {
  it('when the reader takes one line and leaves then the exit code is 0 and the run folder is complete', async () => {
    const { code, stdout, stderr } = await shell(`backtest run ${ALL_BARS} --out piped | head -1`);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^time,account,[^\n]*\n$/) });
    expect(stderr).not.toContain('EPIPE');
    expect(isWholeFolder('piped')).toBe(true);
    expect(readFileSync(join(cwd, 'piped/balance.csv'), 'utf8').split('\n').length).toBeGreaterThan(BARS);
  });

  it('when a slow reader takes everything then nothing is cut', async () => {
    const { code, stdout } = await shell(`backtest run ${ALL_BARS} --out slowly | (sleep 0.5; cat)`);
    expect(code).toBe(0);
    expect(stdout.length).toBeGreaterThan(1 << 18);
    expect(stdout).toBe(readFileSync(join(cwd, 'slowly/balance.csv'), 'utf8'));
  });

  it('when stderr is closed early then the run is not disturbed', async () => {
    const { code, stdout } = await shell(
      '{ backtest run --strategy stops.ts --data XBTUSD.csv --no-save --table summary; } 2> >(exit 0)',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^account,metric,value\n/);
  });

  test.each<[string, string, number]>([
    ['stdout is closed', '>&-', 0],
    ['stderr is closed', '2>&- >/dev/null', 0],
    ['stdin is closed', '<&- >/dev/null', 0],
    ['all are closed', '<&- >&- 2>&-', 0],
    ['the disk behind stdout is full', '>/dev/full', 5],
  ])('when %s then the exit code is as it should be', async (_what, redirection, expected) => {
    const { code, stdout } = await shell(`backtest run ${ALL_BARS} --no-save ${redirection}`);
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
  });

  test.each<[string, () => Buffer]>([
    ['plain', () => readFileSync(join(cwd, 'XBTUSD.csv'))],
    ['packed', () => readFileSync(join(cwd, 'XBTUSD.csv.gz'))],
  ])('when the candles come %s through stdin then the result is that of the file', async (_how, stdin) => {
    const tail = ['--strategy', 'stops.ts', '--funding', '0', '--table', 'bills', '--no-save'];
    const fromFile = await backtest(['run', '--data', 'XBTUSD.csv', ...tail]);
    const fromStdin = await backtest(['run', '--data', 'XBTUSD=-', ...tail], { stdin: stdin() });
    expect(fromStdin).toMatchObject({ code: 0, stdout: fromFile.stdout });
    expect(fromFile.stdout.split('\n').length).toBeGreaterThan(10);
  });

  it('when candles come through stdin then they can be looked at and converted', async () => {
    const stdin = readFileSync(join(cwd, 'XBTUSD.csv.gz'));
    const check = await backtest(['data', 'check', '-', '--table', 'file'], { stdin });
    expect(check).toMatchObject({ code: 0, stdout: expect.stringMatching(/\nfile,stdin\n[\s\S]*\nbars,6000\n/) });
    const convert = await backtest(['data', 'convert', 'XBTUSD=-', '-'], { stdin });
    expect(convert).toMatchObject({ code: 0, stdout: readFileSync(join(cwd, 'XBTUSD.csv'), 'utf8') });
  });

  it('when stdin has no symbol then the error says how to give one', async () => {
    const { code, stderr } = await backtest(['run', '--strategy', 'idle.ts', '--data', '-'], { stdin: 'x' });
    expect(code).toBe(2);
    expect(stderr).toContain('--data XBTUSD=-');
  });
});

describe('signals', () => {
  test.each<NodeJS.Signals>(['SIGINT', 'SIGTERM'])(
    'when %s arrives then the run ends at a bar, is saved as partial, and the exit code is 130',
    async (signal) => {
      let isSent = false;
      const finished = await backtest(
        ['run', '--strategy', 'slow.ts', '--data', 'XBTUSD.csv', '--table', 'summary', '--out', `cut-${signal}`],
        {
          onStderr(text, child) {
            if (!isSent && text.includes('slow now')) {
              isSent = true;
              child.kill(signal);
            }
          },
        },
      );
      expect(finished).toMatchObject({ code: 130, signal: null });
      expect(finished.stdout).toMatch(/^account,metric,value\n/);
      const manifest = JSON.parse(readFileSync(join(cwd, `cut-${signal}`, 'manifest.json'), 'utf8'));
      expect(manifest.partial).toBe(true);
      expect(manifest.bars).toBeGreaterThan(0);
      expect(manifest.bars).toBeLessThan(BARS);
    },
  );

  it('when a second one arrives while stdout is stuck then the process ends at once', async () => {
    const args = [
      'run',
      '--strategy',
      'slow-later.ts',
      '--data',
      'XBTUSD.csv',
      '--table',
      'balance',
      '--balance-every',
      'bar',
    ];
    const child = spawn(process.execPath, [cli.file, ...args, '--out', 'stuck'], { cwd });
    // Nobody reads stdout: the tables fill the pipe and wait.
    let stderr = '';
    let signals = 0;
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
      const isTime = signals === 0 ? stderr.includes('slow now') : signals === 1 && existsSync(join(cwd, 'stuck'));
      if (isTime) signals++;
      if (isTime) child.kill('SIGINT');
    });
    const again = setInterval(() => child.stderr.emit('data', ''), 20);
    const end = await new Promise((done) => child.on('exit', (code, signal) => done({ code, signal })));
    clearInterval(again);
    expect(stderr).toContain('interrupted');
    expect(end).toEqual({ code: null, signal: 'SIGINT' });
  });
});

describe('errors of a strategy', () => {
  it('when it throws then the lines are those of the TypeScript files, and no folder is left', async () => {
    const { code, stdout, stderr } = await backtest([
      'run',
      '--strategy',
      'throws.ts',
      '--data',
      'XBTUSD.csv',
      '--out',
      'thrown',
      '--log-level',
      'error',
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain("Cannot read properties of undefined (reading 'value')");
    expect(stderr).toContain('  at:       lib/halve.ts:6:19\n  from:     throws.ts:11:70');
    expect(stderr).not.toContain('settleBar');
    expect(readdirSync(cwd).filter((name) => name.includes('thrown'))).toEqual([]);
  });

  it('when --verbose is on then the whole stack is shown', async () => {
    const { stderr } = await backtest([
      'run',
      '--strategy',
      'throws.ts',
      '--data',
      'XBTUSD.csv',
      '--no-save',
      '--verbose',
    ]);
    expect(stderr).toMatch(/\n {4}at .*program\.cjs:\d+/);
  });

  it('when the log is JSON then place and message are its fields', async () => {
    const { stderr } = await backtest([
      'run',
      '--strategy',
      'throws.ts',
      '--data',
      'XBTUSD.csv',
      '--no-save',
      '--log-format',
      'json',
      '--quiet',
    ]);
    expect(JSON.parse(stderr)).toMatchObject({
      code: 'strategy_threw',
      exit_code: 1,
      file: 'lib/halve.ts',
      line: 6,
      column: 19,
    });
  });

  test.each([
    ['a timer', "setTimeout(() => { throw new Error('too late'); }, 0);"],
    ['a promise', "Promise.reject(new Error('too late'));"],
  ])('when %s of it throws then it is the strategy that failed, and no folder is left', async (_what, line) => {
    const text = `let bars = 0;\nexport default { handleData() {\n  if (bars++ === 100) ${line}\n} };\n`;
    writeFiles(cwd, { 'late.ts': text });
    const args = ['run', '--strategy', 'late.ts', '--data', 'XBTUSD.csv', '--out', 'late', '--quiet'];
    const { code, stdout, stderr } = await backtest(args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error: the strategy threw: Error: too late\n {2}at: +late\.ts:3:\d+\n/);
    expect(readdirSync(cwd).filter((name) => /^\.?late($|\.partial)/.test(name))).toEqual([]);
  });

  it('when it has a syntax error then file, line and column are named', async () => {
    const { code, stderr } = await backtest(['run', '--strategy', 'syntax.ts', '--data', 'XBTUSD.csv']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/does not compile[^\n]*\n {2}at: +syntax\.ts:3:11\n/);
  });

  it('when it throws while loading then the line is named', async () => {
    writeFiles(cwd, { 'loads.ts': "type A = number;\n\nthrow new Error('no key');\nexport default {};\n" });
    const { code, stderr } = await backtest(['run', '--strategy', 'loads.ts', '--data', 'XBTUSD.csv']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/no key\n {2}at: +loads\.ts:3:7\n/);
  });
});

describe('where it is started', () => {
  it('when the working directory is another then paths start there, and the strategy finds backtest', async () => {
    const argv = ['run', '--strategy', '../stops.ts', '--data', '../XBTUSD.csv', '--table', 'summary'];
    const { code, stderr } = await backtest(argv, { cwd: join(cwd, 'elsewhere') });
    expect(code).toBe(0);
    expect(stderr).toMatch(/run folder: reports\/stops-XBTUSD-\d{8}T\d{6}Z\n/);
    expect(readdirSync(join(cwd, 'elsewhere/reports')).length).toBe(1);
  });

  /** Modules of the program and packages that a call of it has begun to run. */
  async function modulesOf(args: readonly string[]): Promise<string[]> {
    const folder = mkdtempSync(join(cwd, 'loaded-'));
    const { code } = await backtest(args, { env: { NODE_V8_COVERAGE: folder } });
    expect(code).toBe(0);
    const [name] = readdirSync(folder);
    interface Covered {
      readonly url: string;
      readonly functions: readonly { readonly functionName: string; readonly ranges: readonly { count: number }[] }[];
    }
    const { result }: { result: readonly Covered[] } = JSON.parse(readFileSync(join(folder, name!), 'utf8'));
    // In the bundle each module that is loaded on demand is a function of its name.
    const functions = result.flatMap((one) => (one.url.endsWith('program.cjs') ? one.functions : []));
    const called = functions.filter(({ ranges }) => ranges[0]!.count > 0).map(({ functionName }) => functionName);
    return [...result.map(({ url }) => url), ...called].filter((one) => /^src|node_modules|dist/.test(one));
  }

  it('when only the version is asked then the program is not loaded', async () => {
    const { code, stdout } = await backtest(['--version']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    expect(await modulesOf(['--version'])).toEqual([expect.stringMatching(/dist\/bin\/backtest\.js$/)]);
  });

  it('when help is asked then neither engine, compiler nor log are loaded', async () => {
    const modules = (await modulesOf(['run', '--help'])).join('\n');
    expect(modules).toContain('src/cli/runOptionTable.ts');
    expect(modules).not.toMatch(/esbuild|pino|engine\/|calc|cli-table3|csv-parse|yaml/);
  });

  it('when a run is made then other commands, the second engine and rare formats are not loaded', async () => {
    const modules = (await modulesOf([...IDLE_RUN, '--no-save'])).join('\n');
    expect(modules).toContain('src/engine/engine.ts');
    expect(modules).not.toMatch(/pino|referenceEngine|src\/calc|src\/replay|hyparquet|fzstd|yauzl|yaml/);
  });

  it('when no temporary folder can be made then the error says so', async () => {
    const env = { TMPDIR: join(cwd, 'idle.ts') };
    const { code, stderr } = await backtest([...IDLE_RUN, '--no-save'], { env });
    expect(code).toBe(5);
    expect(stderr).toContain('set TMPDIR');
  });

  it('when the strategy leaves a timer running then the process ends all the same', async () => {
    writeFiles(cwd, { 'timer.ts': `setInterval(() => {}, 1000);\n${IDLE}` });
    const { code } = await backtest(['run', '--strategy', 'timer.ts', '--data', 'XBTUSD.csv', '--no-save', '--quiet']);
    expect(code).toBe(0);
  });
});

const hasScript = existsSync('/usr/bin/script');
if (!hasScript) process.stderr.write('no /usr/bin/script: the tests on a pseudo-terminal are left out\n');
const onTerminal = hasScript ? describe : () => {};

onTerminal('a terminal', () => {
  function terminal(line: string, columns: number): Promise<Finished> {
    const command = `stty cols ${columns}; '${process.execPath}' '${cli.file}' ${line}`;
    return spawnAndWait('script', ['-qec', command, '/dev/null'], { cwd, env: { TERM: 'xterm' } });
  }

  it('when it has 60 columns then no line is longer, and tables are colored', async () => {
    const { code, stdout } = await terminal(
      'run --strategy stops.ts --data XBTUSD.csv --no-save --quiet --no-progress',
      60,
    );
    expect(code).toBe(0);
    expect(stdout).toContain('\u001b[');
    const lines = stdout.replace(/\p{Cc}\[[0-9;]*[mK]/gu, '').split(/\r?\n/);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
  });

  it('when NO_COLOR is set then nothing is colored', async () => {
    const { stdout } = await terminal('run --strategy stops.ts --data XBTUSD.csv --no-save --no-progress; true', 100);
    expect(stdout).toContain('\u001b[');
    const plain = await shell(
      `NO_COLOR=1 script -qec "'${process.execPath}' '${cli.file}' run --strategy stops.ts --data XBTUSD.csv --no-save --no-progress" /dev/null`,
    );
    expect(plain.stdout).toContain('summary');
    expect(plain.stdout).not.toContain('\u001b[');
  });

  it('when a run takes a while then progress is shown and erased', async () => {
    const { stdout } = await terminal(
      'run --strategy idle.ts --data XBTUSD.csv --no-save --quiet --table summary',
      100,
    );
    expect(stdout).toMatch(/\d+ bars, 2020-[^\n]*\r\p{Cc}\[2K/u);
  });

  it('when --no-progress is on, or under CI, then there is none', async () => {
    const { stdout } = await terminal(
      'run --strategy idle.ts --data XBTUSD.csv --no-save --quiet --table summary --no-progress',
      100,
    );
    expect(stdout).not.toContain('\u001b[2K');
  });
});

describe('an idle run', () => {
  it('when it is saved and printed then nothing but tables is on stdout', async () => {
    const { code, stdout, stderr } = await backtest([
      ...IDLE_RUN,
      '--out',
      'idle-out',
      '--format',
      'json',
      '--table',
      'summary',
    ]);
    expect(code).toBe(0);
    expect(() => JSON.parse(stdout)).not.toThrow();
    expect(stderr).toContain('run folder: idle-out\n');
  });
});
