/** The log's three forms and its levels. */

import { PassThrough } from 'node:stream';
import { describe, expect, it, test } from '@jest/globals';
import { createDiagnosticStream } from './cliStreams.js';
import { createLog, type LogLevel, type LogSettings } from './log.js';

async function say(settings: LogSettings, isTTY: boolean): Promise<string> {
  const stream = Object.assign(new PassThrough(), { isTTY });
  const log = createLog(settings, createDiagnosticStream(stream), () => new Date(0));
  log.error('e', { code: 'x' });
  log.warn('w');
  log.info('i');
  log.debug('d');
  return String(stream.read() ?? '');
}

describe('createLog', () => {
  test.each<[LogLevel, string]>([
    ['error', 'error: e\n'],
    ['warn', 'error: e\nwarning: w\n'],
    ['info', 'error: e\nwarning: w\ni\n'],
    ['debug', 'error: e\nwarning: w\ni\ndebug: d\n'],
  ])('when the level is %s then lower ones are dropped', async (level, expected) => {
    expect(await say({ level, format: 'pretty', color: false }, false)).toBe(expected);
  });

  test.each([true, false])('when the format is JSON (terminal: %s) then each line is one object', async (isTTY) => {
    const lines = (await say({ level: 'info', format: 'json', color: true }, isTTY)).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { level: 'error', time: '1970-01-01T00:00:00.000Z', message: 'e', code: 'x' },
      { level: 'warn', time: '1970-01-01T00:00:00.000Z', message: 'w' },
      { level: 'info', time: '1970-01-01T00:00:00.000Z', message: 'i' },
    ]);
  });

  it('when it is a terminal then levels are colored, unless color is off', async () => {
    const colored = await say({ level: 'info', format: 'pretty', color: true }, true);
    const plain = await say({ level: 'info', format: 'pretty', color: false }, true);
    expect(colored).toContain('\u001b[');
    expect(plain).toBe('ERROR: e\nWARN: w\nINFO: i\n');
  });

  it('when a message would steer the terminal then it is written out', async () => {
    const stream = new PassThrough();
    const settings = { level: 'info', format: 'pretty', color: false } as const;
    const log = createLog(settings, createDiagnosticStream(stream), () => new Date(0));
    log.info('a\u001b[31mb\nc\u0007');
    expect(String(stream.read())).toBe('a\\x1b[31mb\nc\\x07\n');
  });
});
