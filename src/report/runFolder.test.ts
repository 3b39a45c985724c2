/** The run folder appears whole or not at all: finished, given up, replaced, refused, and in the way of another run. */

import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from '@jest/globals';
import { UserError } from '../errors.js';
import {
  aBalance,
  aBill,
  aClosedTrade,
  aManifest,
  anOrder,
  aPosition,
  aRun,
  aStopTrade,
  aTrade,
} from './fixtures/records.js';
import { writing } from './outputErrors.js';
import { createRunFolder, type RunFolder } from './runFolder.js';
import { type RunFolderTarget, requireWritableRunFolder, runFolderName } from './runFolderName.js';
import { publishFree, publishOver } from './runFolderPublish.js';

const FILES = [
  'balance.csv',
  'bills.csv',
  'closed_trades.csv',
  'manifest.json',
  'orders.csv',
  'positions.csv',
  'stop_trades.csv',
  'summary.json',
  'trades.csv',
];

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'run-folder-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const exact = (name: string): RunFolderTarget => ({ kind: 'exact', dir: join(root, name) });
const free = (name: string): RunFolderTarget => ({ kind: 'free', baseDir: join(root, 'reports'), name });
const finish = (folder: RunFolder): string => folder.finish(aRun(), aManifest());
const read = (dir: string, file: string): string => readFileSync(join(dir, file), 'utf8');

function errorOf(act: () => unknown): UserError {
  try {
    act();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('it was expected to fail');
}

describe('a run that ends', () => {
  it('when rows were written then nine files stand in the folder and nothing beside it', () => {
    const folder = createRunFolder(exact('out'));
    folder.sink.trade(aTrade());
    folder.sink.stopTrade(aStopTrade());
    folder.sink.order(anOrder());
    folder.sink.balance(aBalance());
    folder.sink.position(aPosition());
    folder.sink.bill(aBill());
    folder.sink.closedTrade(aClosedTrade());
    expect(existsSync(join(root, 'out'))).toBe(false);
    const dir = finish(folder);
    expect(readdirSync(root)).toEqual(['out']);
    expect(readdirSync(dir).sort()).toEqual(FILES);
    for (const file of FILES.filter((name) => name.endsWith('.csv'))) {
      expect(read(dir, file).split('\n').length).toBe(3);
    }
    expect(JSON.parse(read(dir, 'summary.json')).accounts[0].pnl).toBe('-0.00272793');
    expect(JSON.parse(read(dir, 'manifest.json')).rows_written).toEqual({
      stop_trades: 1,
      trades: 1,
      closed_trades: 1,
      orders: 1,
      balance: 1,
      positions: 1,
      bills: 1,
    });
  });

  it('when there were no rows then every file has its header', () => {
    const dir = finish(createRunFolder(exact('out')));
    expect(read(dir, 'balance.csv')).toBe(
      'time,account,currency,wallet_balance,unrealized_pnl,margin_balance,position_margin,order_margin,available_balance\n',
    );
  });

  it('when there are more rows than a buffer holds then each is there once, in order', () => {
    const folder = createRunFolder(exact('out'));
    for (let id = 1; id <= 5000; id++) folder.sink.bill(aBill({ id, info: 'Zürich 東京' }));
    const lines = read(finish(folder), 'bills.csv').split('\n').slice(1, -1);
    expect(lines.map((line) => Number(line.split(',')[0]))).toEqual(Array.from({ length: 5000 }, (_, i) => i + 1));
    expect(lines.every((line) => line.endsWith(',Zürich 東京'))).toBe(true);
  });

  it('when the same run is written twice then the bytes are the same', () => {
    const write = (name: string): string => {
      const folder = createRunFolder(exact(name));
      folder.sink.trade(aTrade());
      return finish(folder);
    };
    const [a, b] = [write('a'), write('b')];
    for (const file of FILES) expect(read(a, file)).toBe(read(b, file));
  });

  it('when the folder is made then it has the permissions any new folder has', () => {
    mkdirSync(join(root, 'usual'));
    const dir = finish(createRunFolder(exact('out')));
    expect(statSync(dir).mode).toBe(statSync(join(root, 'usual')).mode);
  });
});

describe('a run that fails', () => {
  it('when it is given up in the middle then nothing is left, and giving up again does nothing', () => {
    const folder = createRunFolder(free('run'));
    for (let id = 1; id <= 5000; id++) folder.sink.bill(aBill({ id }));
    folder.abort();
    folder.abort();
    expect(readdirSync(root)).toEqual([]);
  });

  it('when it is given up and the folder above was there then that stays', () => {
    mkdirSync(join(root, 'reports'));
    createRunFolder(free('run')).abort();
    expect(readdirSync(join(root, 'reports'))).toEqual([]);
  });

  it('when it is given up then an earlier run folder stands as it was', () => {
    const earlier = finish(createRunFolder(exact('out')));
    writeFileSync(join(earlier, 'note.txt'), 'mine');
    const folder = createRunFolder(exact('out'));
    folder.sink.trade(aTrade());
    folder.abort();
    expect(read(earlier, 'note.txt')).toBe('mine');
    expect(readdirSync(root)).toEqual(['out']);
  });

  it('when the temporary folder vanishes then exit code 5 and an earlier run folder stands as it was', () => {
    const earlier = finish(createRunFolder(exact('out')));
    const folder = createRunFolder(exact('out'));
    const temporary = readdirSync(root).find((name) => name !== 'out')!;
    rmSync(join(root, temporary), { recursive: true });
    const error = errorOf(() => finish(folder));
    expect([error.code, error.exitCode]).toEqual(['output_not_written', 5]);
    expect(readdirSync(earlier).sort()).toEqual(FILES);
    expect(readdirSync(root)).toEqual(['out']);
  });

  it('when it has ended then rows and a second end are mistakes of the caller, and giving up does nothing', () => {
    const folder = createRunFolder(exact('out'));
    const dir = finish(folder);
    expect(() => folder.sink.trade(aTrade())).toThrow('after the run folder was closed');
    expect(() => finish(folder)).toThrow('finished once');
    folder.abort();
    expect(readdirSync(dir).sort()).toEqual(FILES);
  });
});

describe('the last step', () => {
  it('when the new folder cannot take its name then the earlier one comes back', () => {
    const earlier = finish(createRunFolder(exact('out')));
    const error = errorOf(() => publishOver(join(root, '.out.partial-1-1'), earlier));
    expect([error.code, error.exitCode]).toEqual(['output_not_written', 5]);
    expect(readdirSync(root)).toEqual(['out']);
    expect(readdirSync(earlier).sort()).toEqual(FILES);
  });

  it('when a name is taken by a file then the next one is used', () => {
    mkdirSync(join(root, 'temporary'));
    writeFileSync(join(root, 'run'), '');
    expect(publishFree(join(root, 'temporary'), root, 'run')).toBe(join(root, 'run-2'));
    expect(readdirSync(root).sort()).toEqual(['run', 'run-2']);
  });
});

describe('--out', () => {
  it('when it is a run folder then it is replaced whole', () => {
    const earlier = finish(createRunFolder(exact('out')));
    writeFileSync(join(earlier, 'report.html'), 'old');
    finish(createRunFolder(exact('out')));
    expect(readdirSync(earlier).sort()).toEqual(FILES);
    expect(readdirSync(root)).toEqual(['out']);
  });

  it('when it is an empty folder then it is used', () => {
    mkdirSync(join(root, 'out'));
    expect(readdirSync(finish(createRunFolder(exact('out')))).sort()).toEqual(FILES);
    expect(readdirSync(root)).toEqual(['out']);
  });

  it('when folders above are missing then they are made', () => {
    expect(finish(createRunFolder(exact('a/b/out')))).toBe(join(root, 'a/b/out'));
  });

  it('when it is a link to a run folder then the folder is replaced and the link stays', () => {
    finish(createRunFolder(exact('real')));
    symlinkSync(join(root, 'real'), join(root, 'link'));
    writeFileSync(join(root, 'real', 'old.txt'), '');
    finish(createRunFolder(exact('link')));
    expect(lstatSync(join(root, 'link')).isSymbolicLink()).toBe(true);
    expect(readdirSync(join(root, 'real')).sort()).toEqual(FILES);
  });

  it('when it holds other files then exit code 5 before the run, and it is not touched', () => {
    mkdirSync(join(root, 'out'));
    writeFileSync(join(root, 'out', 'thesis.txt'), 'mine');
    for (const act of [requireWritableRunFolder, createRunFolder]) {
      const error = errorOf(() => act(exact('out')));
      expect([error.code, error.exitCode]).toEqual(['output_not_a_run_folder', 5]);
      expect(error.found).toBe('thesis.txt');
    }
    expect(readdirSync(root)).toEqual(['out']);
    expect(readdirSync(join(root, 'out'))).toEqual(['thesis.txt']);
  });

  it('when it holds folders beside a manifest.json then it is some project and not replaced', () => {
    mkdirSync(join(root, 'out', 'src'), { recursive: true });
    writeFileSync(join(root, 'out', 'manifest.json'), '{}');
    expect(errorOf(() => requireWritableRunFolder(exact('out'))).found).toBe('src/');
  });

  it('when it is a file then exit code 5', () => {
    writeFileSync(join(root, 'out'), '');
    expect(errorOf(() => requireWritableRunFolder(exact('out'))).code).toBe('output_not_a_run_folder');
  });

  // A file system that answers "no such file" to a folder that cannot be made, for ever.
  const onProc = existsSync('/proc/self') ? it : (title: string) => it(`${title}: no /proc here`, () => {});
  onProc('when the folder lies on a file system that takes none then exit code 5, at once', () => {
    const error = errorOf(() => createRunFolder({ kind: 'exact', dir: '/proc/nowhere/run' }));
    expect([error.code, error.exitCode]).toEqual(['output_not_written', 5]);
  });

  it('when a part of the path is a file then exit code 5 and nothing is made', () => {
    writeFileSync(join(root, 'file'), '');
    for (const target of [exact('file/out'), exact('file/a/b'), { ...free('run'), baseDir: join(root, 'file') }]) {
      const error = errorOf(() => requireWritableRunFolder(target));
      expect([error.code, error.exitCode]).toEqual(['output_not_written', 5]);
      expect(error.place?.file).toBe(join(root, 'file'));
    }
    expect(readdirSync(root)).toEqual(['file']);
  });

  it('when other files appear in it during the run then they are not touched', () => {
    const folder = createRunFolder(exact('out'));
    mkdirSync(join(root, 'out'));
    writeFileSync(join(root, 'out', 'thesis.txt'), 'mine');
    expect(errorOf(() => finish(folder)).code).toBe('output_not_a_run_folder');
    expect(readdirSync(root)).toEqual(['out']);
    expect(read(join(root, 'out'), 'thesis.txt')).toBe('mine');
  });
});

describe('the name by default', () => {
  const start = Date.UTC(2026, 0, 31, 10, 15, 0, 999);

  test.each([
    ['ema-cross', 'XBTUSD', 'ema-cross-XBTUSD-20260131T101500Z'],
    ['ema-cross', 'BTC/USDT', 'ema-cross-BTC-USDT-20260131T101500Z'],
    ['../../etc', 'a\\b:c', '--..-etc-a-b-c-20260131T101500Z'],
  ])('when strategy %p trades %p then the folder is %p', (strategy, symbol, name) => {
    expect(runFolderName(strategy, symbol, start)).toBe(name);
  });

  it('when the name is taken then -2, then -3, also by runs that began at the same time', () => {
    const folders = [1, 2, 3].map(() => createRunFolder(free('run')));
    expect(folders.map((folder) => finish(folder).slice(root.length))).toEqual([
      '/reports/run',
      '/reports/run-2',
      '/reports/run-3',
    ]);
    expect(readdirSync(join(root, 'reports')).sort()).toEqual(['run', 'run-2', 'run-3']);
  });
});

describe('failures of the disk', () => {
  test.each(['ENOSPC', 'EACCES', 'EROFS', 'EIO'])('when the system says %s then exit code 5 with the file', (code) => {
    const failure = Object.assign(new Error(`${code}: no`), { code, syscall: 'write' });
    const error = errorOf(() =>
      writing('out/trades.csv', () => {
        throw failure;
      }),
    );
    expect([error.code, error.exitCode, error.place?.file]).toEqual(['output_not_written', 5, 'out/trades.csv']);
    expect(error.hint).toContain('--out');
  });

  it('when the failure is ours then it stays what it is', () => {
    const bug = new TypeError('x is not a function');
    expect(() =>
      writing('out', () => {
        throw bug;
      }),
    ).toThrow(bug);
  });
});
