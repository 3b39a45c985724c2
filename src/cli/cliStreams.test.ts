/** Streams of the command line: a reader that left, a full disk, the status line, width and color. */

import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it, test } from '@jest/globals';
import { createDiagnosticStream, createTableStream, isColorWanted, type OutputStream } from './cliStreams.js';
import { createProgressLine } from './progressLine.js';

function failing(code: string): OutputStream {
  return new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error(`write ${code}`), { code })),
  });
}

function terminal(columns: number): PassThrough & { isTTY: boolean; columns: number } {
  return Object.assign(new PassThrough(), { isTTY: true, columns });
}

describe('stdout', () => {
  it('when the reader has gone away then writing goes on without an error', async () => {
    const stdout = createTableStream(failing('EPIPE'), {});
    await stdout.write('a');
    await stdout.write('b');
  });

  it('when the disk is full then it is an error of exit code 5', async () => {
    const stdout = createTableStream(failing('ENOSPC'), {});
    await expect(stdout.write('a')).rejects.toMatchObject({ code: 'stdout_failed', exitCode: 5 });
  });

  it('when the reader is slow then writing waits for it', async () => {
    const taken: string[] = [];
    const slow = new Writable({
      highWaterMark: 1,
      write(chunk, _encoding, done) {
        setTimeout(() => {
          taken.push(String(chunk));
          done();
        }, 5);
      },
    });
    await createTableStream(slow, {}).write('abc');
    expect(taken).toEqual(['abc']);
  });

  test.each<[string, OutputStream, Record<string, string>, number | null]>([
    ['a pipe', new PassThrough(), {}, null],
    ['a pipe, and COLUMNS is set', new PassThrough(), { COLUMNS: '60' }, null],
    ['a terminal', terminal(120), {}, 120],
    ['a terminal, and COLUMNS is set', terminal(120), { COLUMNS: '60' }, 60],
    ['a terminal, and COLUMNS is nonsense', terminal(120), { COLUMNS: 'wide' }, 120],
    ['a terminal of 0 columns', terminal(0), {}, 80],
  ])('when it is %s then its width is known', (_what, stream, env, columns) => {
    expect(createTableStream(stream, env).columns).toBe(columns);
  });
});

describe('stderr', () => {
  it('when nobody reads it then writing is no error', () => {
    const stderr = createDiagnosticStream(failing('EPIPE'));
    stderr.write('a\n');
    stderr.write('b\n');
  });

  it('when a line follows the status then the status is erased first', () => {
    const stream = terminal(20);
    const stderr = createDiagnosticStream(stream);
    stderr.setStatus('12 bars');
    stderr.write('warning: x\n');
    stderr.setStatus(null);
    expect(String(stream.read())).toBe('12 bars\r\u001b[2Kwarning: x\n');
  });

  it('when the status is longer than the line then it is cut, so that it can be erased', () => {
    const stream = terminal(10);
    createDiagnosticStream(stream).setStatus('123456789012345');
    expect(String(stream.read())).toBe('123456789');
  });
});

describe('the progress line', () => {
  const TIME = Date.UTC(2020, 2, 12, 10, 40);
  function show(isTerminal: boolean, env: Record<string, string>, isOff: boolean, nowMs: number[]): string {
    const stream = isTerminal ? terminal(80) : new PassThrough();
    const line = createProgressLine(
      createDiagnosticStream(stream),
      { env, now: () => new Date(nowMs.shift()!) },
      isOff,
    );
    for (let bars = 1, steps = nowMs.length; bars <= steps; bars++) line.show(bars, TIME);
    line.end();
    return String(stream.read() ?? '');
  }

  it('when it is a terminal then bars and time are shown and erased at the end', () => {
    expect(show(true, {}, false, [0])).toBe('1 bars, 2020-03-12 10:40 UTC\r\u001b[2K');
  });
  it('when steps come faster than ten a second then they are left out', () => {
    expect(show(true, {}, false, [0, 50, 99, 100, 199, 200]).match(/\d+ bars/g)).toEqual([
      '1 bars',
      '4 bars',
      '6 bars',
    ]);
  });
  test.each<[string, boolean, Record<string, string>, boolean]>([
    ['not a terminal', false, {}, false],
    ['under CI', true, { CI: 'true' }, false],
    ['switched off', true, {}, true],
  ])('when it is %s then there is none', (_what, isTerminal, env, isOff) => {
    expect(show(isTerminal, env, isOff, [0, 1000])).toBe('');
  });
});

describe('color', () => {
  test.each<[boolean, Record<string, string>, boolean, boolean]>([
    [true, {}, false, true],
    [false, {}, false, false],
    [true, {}, true, false],
    [true, { NO_COLOR: '1' }, false, false],
    [true, { NO_COLOR: '' }, false, true],
    [true, { TERM: 'dumb' }, false, false],
    [false, { FORCE_COLOR: '1' }, false, true],
    [false, { FORCE_COLOR: '' }, false, true],
    [true, { FORCE_COLOR: '0' }, false, false],
    [true, { FORCE_COLOR: '1', NO_COLOR: '1' }, false, false],
    [true, { FORCE_COLOR: '1' }, true, false],
  ])('when terminal is %s, the environment %j and --no-color %s then it is %s', (isTTY, env, noColor, expected) => {
    expect(isColorWanted({ isTTY }, env, noColor)).toBe(expected);
  });
});
