/** `backtest replay` as a process: tables and candles through real pipes, packed and plain. What needs no pipe is in replay.test.ts. */

import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { type BuiltCli, buildCli, type Finished, spawnAndWait } from './fixtures/builtCli.js';
import { candles, writeFiles } from './fixtures/sampleFiles.js';

const ORDERS = `time,symbol,side,position_effect,qty
2020-03-01T02:00:00Z,XBTUSD,buy,open,1000
2020-03-02T12:00:00Z,XBTUSD,sell,close,400
`;
const FILLS = `time,symbol,side,qty,price
2020-03-01T02:10:00Z,XBTUSD,buy,1000,10300
2020-03-02T12:10:00Z,XBTUSD,sell,1400,9200
`;

let cli: BuiltCli;
let cwd = '';

beforeAll(() => {
  cli = buildCli();
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'replay-spawn-')));
  writeFiles(cwd, {
    'XBTUSD.csv': candles(240),
    'orders.csv': ORDERS,
    'orders.csv.gz': gzipSync(ORDERS),
    'fills.csv': FILLS,
  });
}, 120_000);
afterAll(() => {
  rmSync(cwd, { recursive: true });
  cli.remove();
});

function replay(args: readonly string[], stdin?: string | Buffer): Promise<Finished> {
  const argv = [cli.file, 'replay', ...args, '--no-save', '--table', 'bills', '--quiet'];
  return spawnAndWait(process.execPath, argv, { cwd, ...(stdin === undefined ? {} : { stdin }) });
}

describe('pipes', () => {
  const orders = ['--funding', '0.0001'];

  test.each<[string, string[], string | Buffer]>([
    ['candles', ['--orders', 'orders.csv', '--data', 'XBTUSD=-'], candles(240)],
    [
      'packed candles beside a packed table',
      ['--orders', 'orders.csv.gz', '--data', 'XBTUSD=-'],
      gzipSync(candles(240)),
    ],
    ['the table', ['--orders', '-', '--data', 'XBTUSD.csv'], ORDERS],
    ['the packed table', ['--orders', '-', '--data', 'XBTUSD.csv'], gzipSync(ORDERS)],
  ])('when stdin has %s then the bills are those of the files', async (_what, argv, stdin) => {
    const files = await replay(['--orders', 'orders.csv', '--data', 'XBTUSD.csv', ...orders]);
    const piped = await replay([...argv, ...orders], stdin);
    expect(piped).toEqual({ code: 0, signal: null, stdout: files.stdout, stderr: '' });
    expect(files.stdout.trim().split('\n').length).toBeGreaterThan(5);
  });

  it('when fills come on stdin then they are booked as those of the file', async () => {
    const files = await replay(['--fills', 'fills.csv']);
    expect(await replay(['--fills', '-'], FILLS)).toMatchObject({ code: 0, stdout: files.stdout });
  });

  it('when table and candles are both to come on stdin then it is refused', async () => {
    const { code, stdout, stderr } = await replay(['--orders', '-', '--data', 'XBTUSD=-'], ORDERS);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('--orders reads stdin, and --data does so too');
  });
});
