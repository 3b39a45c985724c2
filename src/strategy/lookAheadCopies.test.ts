/**
 * Copies of data files with another future: what of a row is changed, what is left out, and what stays as it was written, for every way
 * that candles may be written. A copy must be read as the same bars up to the cut.
 */

import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it, test } from '@jest/globals';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { type FutureCopy, writeFutureCopy } from './lookAheadCopies.js';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'copies-test-')));
afterAll(() => rmSync(folder, { recursive: true }));

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2020, 0, 1);
const CANDLES = `timestamp,open,high,low,close,volume,note
2020-01-01T00:00:00Z,10,12,9,11,5,"a, b"
2020-01-01T01:00:00Z,11,13,10,12,6,x
2020-01-01T02:00:00Z,12,14,11,13,7,y
`;

let count = 0;
async function copyOf(content: string | Buffer, settings: Partial<FutureCopy> = {}) {
  const path = join(folder, `file-${count}.csv`);
  writeFileSync(path, content);
  count += 1;
  const copy = await writeFutureCopy(
    {
      ...{ path, kind: 'candles', barTime: null, intervalMs: HOUR_MS, cutMs: START_MS + HOUR_MS },
      pricesAt: (openTimeMs) => (openTimeMs === START_MS + HOUR_MS ? [1, 4, 0.5, 2] : null),
      ...settings,
    },
    join(folder, String(count)),
  );
  return { path, copy, bytes: readFileSync(copy) };
}

describe('candles', () => {
  it('when a row opens at the cut or later then it has the other prices, or is left out; the rest is as it was', async () => {
    const { bytes } = await copyOf(CANDLES);
    expect(String(bytes)).toBe(`timestamp,open,high,low,close,volume,note
2020-01-01T00:00:00Z,10,12,9,11,5,"a, b"
2020-01-01T01:00:00Z,1,4,0.5,2,6,x
`);
  });

  it('when times name the close of a bar then its open counts', async () => {
    const { bytes } = await copyOf(CANDLES, { barTime: 'close' });
    expect(String(bytes).split('\n')[3]).toBe('2020-01-01T02:00:00Z,1,4,0.5,2,7,y');
  });

  it('when the file is packed by gzip then the copy is', async () => {
    const { bytes } = await copyOf(gzipSync(CANDLES));
    expect(gunzipSync(bytes).toString()).toContain('01:00:00Z,1,4,0.5,2,6,x');
  });

  it('when a copy is made then its name is the file’s, and the file is not changed', async () => {
    const { path, copy } = await copyOf(CANDLES);
    expect(copy).not.toBe(path);
    expect(copy.split('/').at(-1)).toBe(path.split('/').at(-1));
    expect(readFileSync(path, 'utf8')).toBe(CANDLES);
  });

  it('when the last row is left out and lines stand before the header then those lines stay, byte for byte', async () => {
    const before = Buffer.from('# f\xfcr https://example.com, 2020\r\n\r\n', 'latin1');
    const rows = CANDLES.replace('y\n', 'y').replaceAll('\n', '\r\n');
    const { bytes } = await copyOf(Buffer.concat([before, Buffer.from(rows)]), { cutMs: START_MS + 2 * HOUR_MS });
    const kept = rows.split('\r\n').slice(0, 3).join('\r\n');
    expect(bytes).toEqual(Buffer.concat([before, Buffer.from(`${kept}\r\n`)]));
  });
});

/** The three hours in other dialects: what a row is before the cut, what it was after it, and what becomes of it. */
describe('dialects of text', () => {
  const ms = (hour: number): number => START_MS + hour * HOUR_MS;
  const late = (hour: number): number => ms(hour + 1) - 1;
  const binance = (hour: number, prices: string): string => `${ms(hour)},${prices},5,${late(hour)},50,7,2,20,0`;

  test.each([
    [
      'Binance without a header',
      [binance(0, '10,12,9,11'), binance(1, '11,13,10,12'), binance(2, '12,14,11,13')],
      [binance(0, '10,12,9,11'), binance(1, '1,4,0.5,2')],
    ],
    [
      'cells parted by ; with decimal commas',
      [
        'Datum;Eröffnung;Hoch;Tief;Schluss;Vol',
        '01.01.2020 00:00;10,5;12;9;11;5',
        '01.01.2020 01:00;11;13;10;12;6',
        '01.01.2020 02:00;12;14;11;13;7',
      ],
      ['Datum;Eröffnung;Hoch;Tief;Schluss;Vol', '01.01.2020 00:00;10,5;12;9;11;5', '01.01.2020 01:00;1;4;0,5;2;6'],
    ],
    [
      'MetaTrader, day and time in two columns',
      ['2020.01.01,00:00,10,12,9,11,5', '2020.01.01,01:00,11,13,10,12,6', '2020.01.01,02:00,12,14,11,13,7'],
      ['2020.01.01,00:00,10,12,9,11,5', '2020.01.01,01:00,1,4,0.5,2,6'],
    ],
    [
      'the last millisecond of each bar',
      ['time,open,high,low,close', `${late(0)},10,12,9,11`, `${late(1)},11,13,10,12`, `${late(2)},12,14,11,13`],
      ['time,open,high,low,close', `${late(0)},10,12,9,11`, `${late(1)},1,4,0.5,2`],
    ],
    [
      'newest first',
      ['time,open,high,low,close', `${ms(2)},12,14,11,13`, `${ms(1)},11,13,10,12`, `${ms(0)},10,12,9,11`],
      ['time,open,high,low,close', `${ms(1)},1,4,0.5,2`, `${ms(0)},10,12,9,11`],
    ],
  ])('when the file is of %s then its rows stay of that kind', async (_, rows, expected) => {
    const { bytes } = await copyOf(`${rows.join('\n')}\n`);
    expect(String(bytes)).toBe(`${expected.join('\n')}\n`);
    const { bytes: packed } = await copyOf(gzipSync(rows.join('\n')));
    expect(String(gunzipSync(packed))).toBe(`${expected.join('\n')}\n`);
  });
});

it('when the user says how the file is laid out then that counts', async () => {
  const rows = ['03/01/2020 00:00|7|10|12|9|11', '03/01/2020 01:00|7|11|13|10|12', '03/01/2020 02:00|7|12|14|11|13'];
  const settings = {
    layout: { delimiter: '|', columns: ['time', 'skip', 'open', 'high', 'low', 'close'] },
    timeForm: 'dmy' as const,
    cutMs: Date.UTC(2020, 0, 3, 1),
    pricesAt: (openTimeMs: number) => (openTimeMs === Date.UTC(2020, 0, 3, 1) ? ([1, 4, 0.5, 2] as const) : null),
  };
  const { bytes } = await copyOf(`${rows.join('\n')}\n`, settings);
  expect(String(bytes)).toBe(`${rows[0]}\n03/01/2020 01:00|7|1|4|0.5|2\n`);
});

describe('other containers', () => {
  const opens = [10, 11, 12];
  const hours = opens.map((_, hour) => BigInt(START_MS + hour * HOUR_MS));
  const price = (name: string, more: number) => ({
    name,
    data: opens.map((open) => open + more),
    type: 'DOUBLE' as const,
  });
  const parquet = parquetWriteBuffer({
    columnData: [
      { name: 'symbol', data: ['XBTUSD', 'XBTUSD', 'XBTUSD'], type: 'STRING' },
      { name: 'close_time', data: hours.map((hour) => hour + 3_599_999n), type: 'INT64' },
      { name: 'timestamp', data: hours, type: 'INT64' },
      ...[price('open', 0), price('high', 2), price('low', -1), price('close', 1), price('volume', -5)],
    ],
  });
  const rows = opens.map((open, hour) => [START_MS + hour * HOUR_MS, open, open + 2, open - 1, open + 1, open - 5]);
  const confirmed = rows.map((row, hour) => [...row, 1, 1, hour === 0 ? 1 : 0]);

  test.each<[string, Buffer | string]>([
    ['Parquet', Buffer.from(parquet)],
    ['JSON', JSON.stringify({ result: { list: rows } })],
    ['UTF-16', Buffer.from(`\ufefftimestamp,open,high,low,close,volume\n${rows.join('\n')}\n`, 'utf16le')],
    ['JSON, newest first', JSON.stringify(rows.toReversed())],
  ])('when the candles are %s then the copy is plain CSV', async (_, content) => {
    const { bytes } = await copyOf(content);
    expect(String(bytes)).toBe(`timestamp,open,high,low,close,volume
2020-01-01T00:00:00.000Z,10,12,9,11,5
2020-01-01T01:00:00.000Z,1,4,0.5,2,6
`);
  });

  it('when bars of the file are not complete then they are no bars of the copy', async () => {
    const { bytes } = await copyOf(JSON.stringify(confirmed), { pricesAt: () => [1, 1, 1, 1] });
    expect(String(bytes).trim().split('\n')).toHaveLength(2);
  });

  it('when the file cannot be read as candles then that is an error', async () => {
    await expect(copyOf(Buffer.from('5041523100', 'hex'))).rejects.toMatchObject({ code: 'bad_parquet' });
  });
});

describe('funding', () => {
  it('when a rate is of the cut or later then it is left out', async () => {
    const text = 'symbol,timestamp,fundingRate\nXBTUSD,2020-01-01T00:00:00Z,0.1\nXBTUSD,2020-01-01T01:00:00Z,0.2\n';
    const { bytes } = await copyOf(text, { kind: 'funding' });
    expect(String(bytes)).toBe('symbol,timestamp,fundingRate\nXBTUSD,2020-01-01T00:00:00Z,0.1\n');
  });

  test.each([
    ['without a header', '', ','],
    ['parted by ;', 'date;rate\n', ';'],
  ])('when the history is %s then the same holds', async (_, header, mark) => {
    const row = (hour: number): string => `${START_MS + hour * HOUR_MS}${mark}0.000${hour + 1}\n`;
    const { bytes } = await copyOf(`${header}${row(0)}${row(1)}${row(2)}`, { kind: 'funding' });
    expect(String(bytes)).toBe(`${header}${row(0)}`);
  });
});
