/**
 * Packed candles are the same candles: gzip, Zstandard, zip, Parquet, UTF-16 and stdin are known by their content, whatever the name.
 */

import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it, test } from '@jest/globals';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { barsOf, DAY, folder, GOOD, MINUTE, open, read, row } from './fixtures/candleFiles.js';
import { ByteSource } from './source.js';
import { openTextFeed } from './textFeed.js';

const TEXT = `timestamp,open,high,low,close,volume\n${GOOD.join('\n')}\n`;
const BARS = ['00:00 10 12 9 11 1', '00:01 10 13 10 12 1', '00:02 11 12 8 9 1'];

function write(name: string, bytes: Buffer | Uint8Array): string {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
}

/** A zip file by its format: local headers with the packed data, then the directory. */
function zipOf(entries: readonly { name: string; text: string; sum?: number }[], method: 0 | 8 = 8): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, text, sum } of entries) {
    const bytes = Buffer.from(text);
    const data = method === 8 ? deflateRawSync(bytes) : bytes;
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(sum ?? crc32(bytes), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    parts.push(Buffer.from('504b0304', 'hex'), common, Buffer.from(name), data);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('504b01021400', 'hex'), common, rest, Buffer.from(name));
    offset += 30 + name.length + data.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, listed, end]);
}

/** Zstandard without compression: a frame of one raw block. */
function zstdOf(text: string): Buffer {
  const bytes = Buffer.from(text);
  const header = Buffer.from('28b52ffd60', 'hex');
  const size = Buffer.alloc(2);
  size.writeUInt16LE(bytes.length - 256);
  const block = Buffer.alloc(3);
  block.writeUIntLE((bytes.length << 3) | 1, 0, 3);
  return Buffer.concat([header, size, block, bytes]);
}

/** Long enough for the two bytes of a Zstandard size. */
const LONG = `timestamp,open,high,low,close,volume\n${Array.from({ length: 40 }, (_, i) => row(i, 1, 2, 1, 2)).join('\n')}\n`;

describe('packed text', () => {
  test.each([
    ['gzip', 'a.csv', gzipSync(TEXT)],
    ['two gzip members', 'b.gz', Buffer.concat([gzipSync(TEXT.slice(0, 50)), gzipSync(TEXT.slice(50))])],
    ['zip', 'c.csv.gz', zipOf([{ name: 'XBTUSD.csv', text: TEXT }])],
    ['a zip that only stores', 'd.zip', zipOf([{ name: 'XBTUSD.csv', text: TEXT }], 0)],
    [
      'a zip from macOS',
      'e.zip',
      zipOf([
        { name: 'data/', text: '' },
        { name: 'data/XBTUSD.csv', text: TEXT },
        { name: '__MACOSX/data/._XBTUSD.csv', text: 'x' },
      ]),
    ],
    [
      'Windows-1252',
      'w.csv',
      Buffer.from(TEXT.replace('open', 'Ouv.').replace('timestamp', 'Fecha').replace('close', 'Último'), 'latin1'),
    ],
    ['UTF-16', 'f.txt', Buffer.from(`\ufeff${TEXT}`, 'utf16le')],
    ['UTF-16 of the other order', 'g.txt', Buffer.from(`\ufeff${TEXT}`, 'utf16le').swap16()],
  ])('when the file is %s then it is read as it is', async (_, name, bytes) => {
    expect(await read(write(name, bytes))).toEqual(BARS);
  });

  it('when the file is Zstandard then it is read as it is', async () => {
    expect(await read(write('z.csv', zstdOf(LONG)))).toHaveLength(40);
  });

  test.each([
    ['a gzip file that is cut', gzipSync(TEXT).subarray(0, 60), 'bad_gzip'],
    ['a Zstandard file that is cut', zstdOf(LONG).subarray(0, 900), 'bad_zstd'],
    ['a zip file that is cut', zipOf([{ name: 'a.csv', text: TEXT }]).subarray(0, 90), 'bad_zip'],
    ['a zip file without entries', zipOf([]), 'bad_zip'],
    ['a zip file with a wrong checksum', zipOf([{ name: 'a.csv', text: TEXT, sum: 1 }]), 'bad_zip'],
    ['a Parquet file that is cut', Buffer.from('PAR1nothing'), 'bad_parquet'],
  ])('when the file is %s then that is the error', async (_, bytes, code) => {
    const path = write('broken.bin', bytes);
    await expect(read(path)).rejects.toMatchObject({ code, exitCode: 3, place: { file: path } });
  });

  test.each([
    ['bzip2', '425a6839'],
    ['xz', 'fd377a585a00'],
    ['7z', '377abcaf271c'],
    ['Arrow (Feather)', '4152524f5731'],
  ])('when the file is %s then that is said', async (name, magic) => {
    const path = write('other.bin', Buffer.concat([Buffer.from(magic, 'hex'), Buffer.alloc(500)]));
    const message = `the file is ${name}, which is not read here`;
    await expect(read(path)).rejects.toMatchObject({ code: 'not_text', exitCode: 3, message, place: { file: path } });
  });

  it('when a zip file holds several files then the error names them', async () => {
    const path = write('two.zip', zipOf(['a.csv', 'b.csv'].map((name) => ({ name, text: TEXT }))));
    await expect(read(path)).rejects.toMatchObject({
      code: 'bad_zip',
      found: '2 files: a.csv, b.csv',
      expected: 'one file',
    });
  });

  it('when the day stands in the name of the entry then times count from its midnight', async () => {
    const text = '0,10,12,9,11,1\n60000,11,13,10,12,1\n';
    const path = write('trade.zip', zipOf([{ name: '20200301_xbtusd_minute_trade.csv', text }]));
    const series = await open(path);
    expect([series.dialect, series.firstOpenMs]).toEqual(['quantconnect', DAY]);
    expect(await barsOf(series)).toEqual(['00:00 10 12 9 11 1', '00:01 11 13 10 12 1']);
  });
});

describe('stdin', () => {
  test.each([
    ['plain', Buffer.from(TEXT)],
    ['zipped', zipOf([{ name: 'a.csv', text: TEXT }])],
    ['packed by gzip', gzipSync(TEXT)],
  ])('when candles come %s through a pipe in small pieces then they are the same', async (_, bytes) => {
    const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, i) => bytes.subarray(i * 7, i * 7 + 7));
    const source = new ByteSource('-', Readable.from(pieces));
    const feed = await openTextFeed(source);
    expect(feed.sample.map((cells) => cells.join(','))).toEqual(GOOD);
    expect([source.byteCount, source.hash()]).toEqual([bytes.length, createHash('sha256').update(bytes).digest('hex')]);
  });
});

describe('JSON', () => {
  const values = GOOD.map((text) => text.split(',').map(Number));
  const names = ['t', 'o', 'h', 'l', 'c', 'v'];
  const objects = values.map((cells) => Object.fromEntries(cells.map((cell, i) => [names[i]!, cell])));
  test.each([
    ['arrays', JSON.stringify(values)],
    [
      'arrays of text, indented',
      JSON.stringify(
        values.map((cells) => cells.map(String)),
        null,
        2,
      ),
    ],
    ['arrays in an envelope', JSON.stringify({ code: 0, result: { category: 'linear', list: values.toReversed() } })],
    ['objects', JSON.stringify(objects)],
    ['one object a line', objects.map((object) => JSON.stringify(object)).join('\n')],
    [
      'columns',
      JSON.stringify({ s: 'ok', ...Object.fromEntries(names.map((name, i) => [name, values.map((row) => row[i])])) }),
    ],
  ])('when candles are %s then the bars are those of the text', async (_, text) => {
    expect(await read(write('bars.json', Buffer.from(text)))).toEqual(BARS);
  });

  test.each([
    ['cut short', '[[1583020800000, 1, 1', 'bad_json'],
    ['without rows', '{"data": []}', 'no_rows'],
    ['of something else', '[{"a": 1}]', 'unknown_header'],
  ])('when the JSON is %s then that is the error', async (_, text, code) => {
    await expect(read(write('bad.json', Buffer.from(text)))).rejects.toMatchObject({ code, exitCode: 3 });
  });
});

describe('Parquet', () => {
  const numbers = (at: number) => GOOD.map((text) => Number(text.split(',')[at]));
  const prices = ['open', 'high', 'low', 'close', 'volume'].map((name, i) => ({
    name,
    data: numbers(i + 1),
    type: 'DOUBLE' as const,
  }));
  const times = numbers(0).map((ms) => new Date(ms));

  test.each([
    ['timestamps', { name: 'date', data: times, type: 'TIMESTAMP' as const }],
    ['whole numbers', { name: 'timestamp', data: numbers(0).map((ms) => BigInt(ms)), type: 'INT64' as const }],
    ['text', { name: 'time', data: times.map((time) => time.toISOString()), type: 'STRING' as const }],
  ])('when its times are %s then the bars are those of the text', async (_, time) => {
    const path = write('bars.parquet', Buffer.from(parquetWriteBuffer({ columnData: [time, ...prices] })));
    expect(await read(path)).toEqual(BARS);
  });

  it('when a row is bad then its number is the line', async () => {
    const columns = [{ name: 'timestamp', data: [DAY, DAY + MINUTE].map(BigInt), type: 'INT64' as const }];
    const bad = ['open', 'high', 'low', 'close'].map((name) => ({
      name,
      data: [1, name === 'low' ? 2 : 1],
      type: 'DOUBLE' as const,
    }));
    const path = write('bad.parquet', Buffer.from(parquetWriteBuffer({ columnData: [...columns, ...bad] })));
    await expect(read(path)).rejects.toMatchObject({ code: 'bad_row', place: { line: 2, column: 'high' } });
  });

  it('when it has several row groups then all are read in order', async () => {
    const data = Array.from({ length: 10_000 }, (_, i) => BigInt(DAY + i * MINUTE));
    const flat = ['open', 'high', 'low', 'close'].map((name) => ({
      name,
      data: data.map(() => 5),
      type: 'DOUBLE' as const,
    }));
    const columnData = [{ name: 'timestamp', data, type: 'INT64' as const }, ...flat];
    const path = write('groups.parquet', Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize: 3000 })));
    const series = await open(path);
    expect(await barsOf(series)).toHaveLength(10_000);
    expect(series.stats).toMatchObject({ bars: 10_000, gaps: 0 });
  });

  it('when its columns are of no candles then they are named', async () => {
    const path = write(
      'other.parquet',
      Buffer.from(parquetWriteBuffer({ columnData: [{ name: 'a', data: [1], type: 'DOUBLE' }] })),
    );
    await expect(read(path)).rejects.toMatchObject({ code: 'unknown_header', found: 'the columns a' });
  });
});
