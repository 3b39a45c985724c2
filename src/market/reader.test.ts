/**
 * Bytes to rows: quotes, blank lines and line numbers, against the parser's own account of them.
 */

import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { readRows } from './reader.js';
import { ByteSource } from './source.js';

const folder = mkdtempSync(join(tmpdir(), 'market-reader-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Rows with their lines; the text comes in pieces of `size` bytes. */
async function rowsOf(text: string, size = 1 << 16): Promise<[number, ...string[]][]> {
  const bytes = Buffer.from(text);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  const rows: [number, ...string[]][] = [];
  for await (const batch of readRows(new ByteSource('-', Readable.from(pieces)))) {
    batch.cells.forEach((cells, i) => {
      rows.push([batch.lines[i]!, ...cells]);
    });
  }
  return rows;
}

describe('readRows', () => {
  test.each([
    [
      'rows are plain',
      'a,b\n1,2\n3,4\n',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
        [3, '3', '4'],
      ],
    ],
    [
      'the last newline is missing',
      'a\n1',
      [
        [1, 'a'],
        [2, '1'],
      ],
    ],
    [
      'lines end in CRLF',
      'a,b\r\n1,2\r\n\r\n3,4\r\n',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
        [4, '3', '4'],
      ],
    ],
    [
      'line ends are mixed',
      'a\n1\r\n2\n3',
      [
        [1, 'a'],
        [2, '1'],
        [3, '2'],
        [4, '3'],
      ],
    ],
    [
      'there are blank lines',
      '\n\na\n\n\n1\n\n2\n',
      [
        [3, 'a'],
        [6, '1'],
        [8, '2'],
      ],
    ],
    [
      'there is a byte-order mark',
      '\ufeffa,b\n1,2\n',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
      ],
    ],
    [
      'cells are quoted',
      'a,b\n"1","x ""y"", z"\n2,3\n',
      [
        [1, 'a', 'b'],
        [2, '1', 'x "y", z'],
        [3, '2', '3'],
      ],
    ],
    [
      'a quoted cell has newlines',
      'a,b\n\n1,"x\n\ny"\n2,3\n',
      [
        [1, 'a', 'b'],
        [3, '1', 'x\n\ny'],
        [6, '2', '3'],
      ],
    ],
    [
      'a quoted cell has CRLF',
      'a\r\n"x\r\ny"\r\n2\r\n',
      [
        [1, 'a'],
        [2, 'x\r\ny'],
        [4, '2'],
      ],
    ],
    [
      'a quoted newline ends the file',
      'a\n"x\ny"',
      [
        [1, 'a'],
        [2, 'x\ny'],
      ],
    ],
    [
      'a quote stands inside a cell',
      'a\n1"2\n3\n',
      [
        [1, 'a'],
        [2, '1"2'],
        [3, '3'],
      ],
    ],
    [
      'rows differ in width',
      'a,b\n1\n1,2,3\n',
      [
        [1, 'a', 'b'],
        [2, '1'],
        [3, '1', '2', '3'],
      ],
    ],
    ['there is nothing', '', []],
  ])('when %s then cells and physical lines are right, however the bytes are cut', async (_, text, rows) => {
    expect(await rowsOf(text)).toEqual(rows);
    for (const size of [1, 2, 3, 7]) expect(await rowsOf(text, size)).toEqual(rows);
  });

  it('when rows of any cells are written with quotes then they are read back with their lines', async () => {
    const cell = fc.stringMatching(/^[a-z0-9 ,"\n]{1,6}$/).filter((text) => text.trim() !== '');
    const table = fc.array(
      fc.record({ blanks: fc.integer({ min: 0, max: 2 }), row: fc.array(cell, { minLength: 2, maxLength: 3 }) }),
    );
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 20 }), async (rows, size) => {
        let text = '';
        const expected: [number, ...string[]][] = [];
        for (const { blanks, row } of rows) {
          text += '\n'.repeat(blanks);
          expected.push([text.split('\n').length, ...row]);
          text += `${row.map((c) => `"${c.replaceAll('"', '""')}"`).join(',')}\n`;
        }
        expect(await rowsOf(text, size)).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  it('when a quote is never closed then the error names the line of its row', async () => {
    const attempt = rowsOf('a,b\n1,2\n3,"4\n5,6\n');
    await expect(attempt).rejects.toMatchObject({ code: 'bad_row', exitCode: 3, place: { file: 'stdin', line: 3 } });
  });
});

test('when a file is one endless row then it is an error instead of filling the memory', async () => {
  const attempt = rowsOf(`a,b\n1,2\n${'x'.repeat(2 << 20)}`);
  await expect(attempt).rejects.toMatchObject({ code: 'bad_row', message: 'this row never ends', place: { line: 3 } });
});

describe('ByteSource', () => {
  async function textOf(source: ByteSource): Promise<string> {
    const parts: Buffer[] = [];
    for await (const chunk of source.read()) parts.push(chunk);
    return Buffer.concat(parts).toString();
  }
  const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  const fileOf = (name: string, bytes: Buffer) => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };

  it('when a file is gzip then it is unpacked whatever its name, and the packed bytes are counted and hashed', async () => {
    const packed = gzipSync('a,b\n1,2\n');
    const source = new ByteSource(fileOf('packed.csv', packed));
    expect(await textOf(source)).toBe('a,b\n1,2\n');
    expect([source.byteCount, source.hash()]).toEqual([packed.length, sha256(packed)]);
  });

  it('when a file is named gz and is not then it is read as it is', async () => {
    expect(await textOf(new ByteSource(fileOf('plain.csv.gz', Buffer.from('a\n1\n'))))).toBe('a\n1\n');
  });

  it('when a file only begins like gzip then it is read as it is', async () => {
    expect(await textOf(new ByteSource(fileOf('odd.csv', Buffer.from('\x1fa\n1\n'))))).toBe('\x1fa\n1\n');
  });

  it('when gzip comes through stdin byte by byte then it is unpacked', async () => {
    const bytes = [...gzipSync('a\n1\n')].map((b) => Buffer.from([b]));
    expect(await textOf(new ByteSource('-', Readable.from(bytes)))).toBe('a\n1\n');
  });

  it('when two gzip files are put one behind the other then both are read', async () => {
    const packed = Buffer.concat([gzipSync('a\n1\n'), gzipSync('2\n')]);
    expect(await textOf(new ByteSource(fileOf('two.gz', packed)))).toBe('a\n1\n2\n');
  });

  it('when a gzip file is cut short then it is a data error that names it', async () => {
    const path = fileOf('cut.gz', gzipSync('a\n1\n'.repeat(5000)).subarray(0, 40));
    await expect(textOf(new ByteSource(path))).rejects.toMatchObject({
      code: 'bad_gzip',
      exitCode: 3,
      place: { file: path },
    });
  });

  test.each([
    ['missing.csv', 'file_not_found'],
    ['', 'file_unreadable'],
  ])('when the path is "%s" of the folder then it is the data error %s', async (name, code) => {
    const path = join(folder, name);
    await expect(textOf(new ByteSource(path))).rejects.toMatchObject({ code, exitCode: 3, place: { file: path } });
  });

  it('when reading is cut short then finish completes the hash', async () => {
    const bytes = Buffer.from('a,b\n1,2\n'.repeat(100_000));
    const source = new ByteSource(fileOf('long.csv', bytes));
    for await (const _ of source.read()) break;
    expect(source.byteCount).toBeLessThan(bytes.length);
    await source.finish();
    expect([source.byteCount, source.hash()]).toEqual([bytes.length, sha256(bytes)]);
  });
});
