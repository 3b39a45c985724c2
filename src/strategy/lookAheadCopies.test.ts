/** Copies of data files with another future: what of a row is changed, what is left out, what is not copied. */

import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it, test } from '@jest/globals';
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
  return { path, copy, bytes: copy === null ? null : readFileSync(copy) };
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
    expect(gunzipSync(bytes!).toString()).toContain('01:00:00Z,1,4,0.5,2,6,x');
  });

  it('when a copy is made then its name is the file’s, and the file is not changed', async () => {
    const { path, copy } = await copyOf(CANDLES);
    expect(copy).not.toBe(path);
    expect(copy!.split('/').at(-1)).toBe(path.split('/').at(-1));
    expect(readFileSync(path, 'utf8')).toBe(CANDLES);
  });

  test.each([
    ['zstd', '28b52ffd00'],
    ['zip', '504b030400'],
    ['Parquet', '5041523100'],
  ])('when the file is %s then there is no copy', async (_, magic) => {
    expect((await copyOf(Buffer.from(magic, 'hex'))).copy).toBe(null);
  });
});

describe('funding', () => {
  it('when a rate is of the cut or later then it is left out', async () => {
    const text = 'symbol,timestamp,fundingRate\nXBTUSD,2020-01-01T00:00:00Z,0.1\nXBTUSD,2020-01-01T01:00:00Z,0.2\n';
    const { bytes } = await copyOf(text, { kind: 'funding' });
    expect(String(bytes)).toBe('symbol,timestamp,fundingRate\nXBTUSD,2020-01-01T00:00:00Z,0.1\n');
  });
});
