/** Candle files of a named layout through real pipes: what `backtest` reads on stdin, and what it hands to another `backtest`. */

import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { type BuiltCli, buildCli, type Finished, spawnAndWait } from './fixtures/builtCli.js';
import { candles, STOPS_OUT, writeFiles } from './fixtures/sampleFiles.js';

/** More than a pipe holds at once. */
const BARS = 3000;
const CELLS = candles(BARS)
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(','));
/** Without a header: close, low, volume, high, open, ms. */
const ODD = CELLS.map(([time, open, high, low, close, volume]) =>
  [close, low, volume, high, open, Date.parse(time!)].join('|'),
).join('\n');
const SECONDS = CELLS.map(([time, ...rest]) => [Date.parse(time!) / 1000, ...rest].join()).join('\n');
const HOW = ['--delimiter', '|', '--columns', 'close,low,volume,high,open,time'];

let cli: BuiltCli;
let cwd = '';

beforeAll(() => {
  cli = buildCli();
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'reading-spawn-')));
  writeFiles(cwd, { 'XBTUSD.csv': candles(BARS), 'odd.csv': ODD, 'stops.ts': STOPS_OUT });
}, 120_000);
afterAll(() => {
  rmSync(cwd, { recursive: true });
  cli.remove();
});

function backtest(args: readonly string[], stdin?: string | Buffer): Promise<Finished> {
  return spawnAndWait(process.execPath, [cli.file, ...args], { cwd, ...(stdin === undefined ? {} : { stdin }) });
}

/** A line of bash with pipefail on, in which `backtest` is the built program. */
function shell(line: string): Promise<Finished> {
  const script = `set -o pipefail; backtest() { '${process.execPath}' '${cli.file}' "$@"; }; ${line}`;
  return spawnAndWait('bash', ['--norc', '-c', script], { cwd });
}

const RUN = ['run', '--strategy', 'stops.ts', '--funding', '0', '--table', 'bills', '--no-save', '--quiet'];

describe('pipes', () => {
  test.each<[string, string | Buffer, string[]]>([
    ['cells parted by | without a header, in an order of their own', ODD, HOW],
    ['the same, packed', gzipSync(ODD), HOW],
    ['the same, ended by CR and LF', ODD.replaceAll('\n', '\r\n'), HOW],
    ['seconds that are said to be', SECONDS, ['--time-format', 's', '--delimiter', ',']],
  ])('when stdin has %s then the bills are those of the plain file', async (_what, stdin, how) => {
    const plain = await backtest([...RUN, '--data', 'XBTUSD.csv']);
    expect(plain.stdout.split('\n').length).toBeGreaterThan(10);
    const piped = await backtest([...RUN, '--data', 'XBTUSD=-', ...how], stdin);
    expect(piped).toEqual({ code: 0, signal: null, stdout: plain.stdout, stderr: '' });
  });

  it('when seconds are said to be milliseconds then the first line is named, and what it should be', async () => {
    const { code, stdout, stderr } = await backtest([...RUN, '--data', 'XBTUSD=-', '--time-format', 'ms'], SECONDS);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(
      /not a time[\s\S]*stdin:1[\s\S]*1583020800[\s\S]*milliseconds since 1970 \(12 or 13 digits\)/,
    );
  });

  it('when one backtest makes the file plain for another then the run is that of the plain file', async () => {
    const how = `--delimiter '|' --columns ${HOW[3]}`;
    const line = `backtest data convert - - ${how} --quiet < odd.csv | backtest ${RUN.join(' ')} --data XBTUSD=-`;
    const plain = await backtest([...RUN, '--data', 'XBTUSD.csv']);
    expect(await shell(line)).toEqual({ code: 0, signal: null, stdout: plain.stdout, stderr: '' });
  });

  it('when a tab comes from the shell then it is one', async () => {
    const line = `tr '|' '\\t' < odd.csv | backtest data convert - - --delimiter $'\\t' --columns ${HOW[3]} --quiet`;
    expect(await shell(line)).toEqual({ code: 0, signal: null, stdout: candles(BARS), stderr: '' });
  });
});
