/** The one block an error makes on stderr, in both log formats, and the exit code it stands for. */

import { PassThrough } from 'node:stream';
import { describe, expect, it, test } from '@jest/globals';
import { EXIT, InvariantError, UserError } from '../errors.js';
import { createDiagnosticStream } from './cliStreams.js';
import { createLog, type LogFormat } from './log.js';
import { printError } from './printError.js';

interface Printed {
  code: number;
  text: string;
}

async function print(
  error: unknown,
  options: { verbose?: boolean; format?: LogFormat; files?: string[] } = {},
): Promise<Printed> {
  const stream = new PassThrough();
  const stderr = createDiagnosticStream(stream);
  const level = options.verbose ? 'debug' : 'info';
  const settings = { level, format: options.format ?? 'pretty', color: false } as const;
  const log = createLog(settings, stderr, () => new Date(0));
  const code = printError(error, { log, stderr, cwd: '/home/trader', strategyFiles: new Set(options.files) });
  return { code, text: String(stream.read()) };
}

const BAD_ROW = new UserError({
  code: 'bad_row',
  exitCode: EXIT.data,
  message: 'high is below low',
  place: { file: 'data/XBTUSD.csv', line: 17, column: 'high' },
  found: '9999',
  expected: 'at least 10000',
  hint: 'mend the row',
});

/** An error with a stack as source maps make it. */
function thrownAt(message: string, ...frames: string[]): Error {
  const error = new TypeError(message);
  error.stack = [`TypeError: ${message}`, ...frames.map((frame) => `    at ${frame}`)].join('\n');
  return error;
}

describe('an error the user can mend', () => {
  it('when all is known then the block says what, where, found, expected and what to do', async () => {
    expect(await print(BAD_ROW)).toEqual({
      code: 3,
      text: [
        'error: high is below low',
        '  at:       data/XBTUSD.csv:17, column high',
        '  found:    9999',
        '  expected: at least 10000',
        '  do:       mend the row',
        '',
      ].join('\n'),
    });
  });

  it('when a column is a number then the place is one an editor opens', async () => {
    const error = new UserError({ code: 'x', exitCode: 1, message: 'm', place: { file: 'a.ts', line: 2, column: 9 } });
    expect((await print(error)).text).toBe('error: m\n  at:       a.ts:2:9\n');
  });

  it('when --verbose is on then the stack follows', async () => {
    expect((await print(BAD_ROW, { verbose: true })).text).toMatch(
      /mend the row\nUserError: high is below low\n {4}at /,
    );
  });

  it('when the log is JSON then it is one object on one line', async () => {
    const { text } = await print(BAD_ROW, { format: 'json' });
    expect(text.endsWith('}\n')).toBe(true);
    expect(JSON.parse(text)).toEqual({
      level: 'error',
      time: '1970-01-01T00:00:00.000Z',
      message: 'high is below low',
      code: 'bad_row',
      exit_code: 3,
      file: 'data/XBTUSD.csv',
      line: 17,
      column: 'high',
      found: '9999',
      expected: 'at least 10000',
      hint: 'mend the row',
    });
  });
});

describe('an error of the strategy', () => {
  const files = ['/home/trader/strategies/s.ts', '/home/trader/strategies/lib/h.ts'];
  const thrown = thrownAt(
    'x is undefined',
    'helper (file:///home/trader/strategies/lib/h.ts:3:9)',
    'Object.handleData (file:///home/trader/strategies/s.ts:12:5)',
    'settleBar (file:///opt/backtest/dist/src/engine/engine.js:100:7)',
  );

  test.each<[string, unknown]>([
    ['as it was thrown', thrown],
    [
      'as the cause of strategy_threw',
      new UserError({
        code: 'strategy_threw',
        exitCode: 1,
        message: 'the strategy threw in handleData: x is undefined',
        cause: thrown,
      }),
    ],
  ])('when it comes %s then message and lines are those of the author', async (_how, error) => {
    const { code, text } = await print(error, { files });
    expect(code).toBe(1);
    expect(text).toMatch(/^error: the strategy threw( in handleData)?: TypeError: x is undefined\n/);
    expect(text).toContain(
      '  at:       strategies/lib/h.ts:3:9\n  from:     strategies/s.ts:12:5 (Object.handleData)\n',
    );
    expect(text).not.toContain('engine.js');
  });

  it('when --verbose is on then the whole stack follows', async () => {
    expect((await print(thrown, { files, verbose: true })).text).toContain('engine.js:100:7');
  });

  it('when it threw a text then that is the message', async () => {
    const error = new UserError({
      code: 'strategy_threw',
      exitCode: 1,
      message: 'the strategy threw',
      cause: 'no key',
    });
    expect(await print(error, { files })).toMatchObject({ code: 1, text: 'error: the strategy threw: no key\n' });
  });
});

describe('a bug of ours', () => {
  test.each<[string, unknown]>([
    ['an invariant', new InvariantError('1 = 2')],
    [
      'an invariant that broke below the strategy',
      Object.assign(new InvariantError('1 = 2'), {
        stack: 'InvariantError: 1 = 2\n    at handleData (file:///home/trader/s.ts:1:1)',
      }),
    ],
    [
      'the cause of strategy_threw',
      new UserError({ code: 'strategy_threw', exitCode: 1, message: 'm', cause: new InvariantError('1 = 2') }),
    ],
  ])('when it is %s then the exit code is 70 and the stack is shown', async (_what, error) => {
    const { code, text } = await print(error, { files: ['/home/trader/s.ts'] });
    expect(code).toBe(70);
    expect(text).toMatch(/^error: this is a bug in backtest.*1 = 2/);
    expect(text).toContain('\nInvariantError: 1 = 2\n');
  });

  it('when something without a stack is thrown then it is named', async () => {
    expect(await print(undefined)).toMatchObject({ code: 70, text: expect.stringContaining('undefined') });
  });
});
