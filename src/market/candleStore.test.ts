/**
 * Series by way of the store: told the same, chunk by chunk, whether the files were read or not; read again whenever anything about them is
 * another; and no store that cannot be used, or is damaged, ever changes a result.
 */

import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, test } from '@jest/globals';
import { CandleStore } from './candleStore.js';
import { openStoredSeries, toldOf } from './candleStoreSeries.js';
import { parseFileName } from './fileNames.js';
import { type OpenedSeries, type OpenSeriesOptions, openBarSeries } from './openSeries.js';

const HEADER = 'timestamp,open,high,low,close,volume';
const MINUTE_MS = 60_000;
/** A long time after the files of a test were made. */
const NOW_MS = Date.UTC(2100, 0, 1);

let folder = '';
let nowMs = NOW_MS;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-test-'));
  nowMs = NOW_MS;
});
afterEach(() => rmSync(folder, { recursive: true }));

const inStore = (): string[] => {
  try {
    return readdirSync(join(folder, 'store'));
  } catch {
    return [];
  }
};
const store = (limit?: number): CandleStore =>
  new CandleStore({
    folder: join(folder, 'store'),
    program: 'test 1',
    nowMs: () => nowMs,
    ...(limit === undefined ? {} : { limit }),
  });

/** Rows of minutes from a place on. */
function rows(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, i) => {
    const price = 100 + ((from + i) % 7) / 4;
    const time = new Date(Date.UTC(2020, 0, 1) + (from + i) * MINUTE_MS).toISOString();
    return `${time},${price},${price + 1},${price - 1},${price + 0.25},${(from + i) % 5}`;
  });
}

function write(name: string, lines: readonly string[], header = HEADER): string {
  const text = [header, ...lines, ''].join('\n');
  const path = join(folder, name);
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text);
  return path;
}

function options(paths: readonly string[], more: Partial<OpenSeriesOptions> = {}): OpenSeriesOptions {
  return { symbol: 'XBTUSD', paths, skipBadRows: false, strict: false, ...more };
}

/** Everything that a series tells, before the first chunk, after each, and at the end. @param most chunks that are read. */
async function tell(series: OpenedSeries, most = Number.POSITIVE_INFINITY): Promise<unknown[]> {
  const told: unknown[] = [];
  const note = (): void => {
    const { symbol, intervalMs, dialect, firstOpenMs, stats, assumptions, badRows, badRowCount, files } = series;
    const ofFiles = files.map(({ path, rows, dialect, barTime }) => ({ path, rows, dialect, barTime }));
    told.push(
      structuredClone({ symbol, intervalMs, dialect, firstOpenMs, stats, assumptions, badRows, badRowCount, ofFiles }),
    );
  };
  note();
  let chunks = 0;
  for await (const { length, openTimeMs, open, high, low, close, volume } of series.chunks) {
    const columns = [openTimeMs, open, high, low, close, volume].map((column) => [...column.subarray(0, length)]);
    told.push(columns);
    note();
    if (++chunks >= most) break;
  }
  await series.finish();
  note();
  told.push(series.files.map((file) => [file.bytes, file.sha256()]));
  return told;
}

const read = async (asked: OpenSeriesOptions, most?: number): Promise<unknown[]> =>
  tell(await openBarSeries(asked), most);
const viaStore = async (asked: OpenSeriesOptions, most?: number): Promise<unknown[]> =>
  tell(await openStoredSeries(asked, store()), most);

describe('a series of the store', () => {
  test.each<[string, () => OpenSeriesOptions]>([
    ['is of several chunks', () => options([write('a.csv', rows(10_000))])],
    ['is newest first', () => options([write('a.csv', rows(5000).reverse())])],
    ['is packed', () => options([write('a.csv.gz', rows(50))])],
    [
      'has gaps and rows twice',
      () => options([write('a.csv', [...rows(20), rows(20)[19]!, ...rows(9, 30), ...rows(9, 60)])]),
    ],
    [
      'has rows that were skipped, in several chunks',
      () => {
        const all = rows(9000).map((row, i) => (i % 500 === 3 ? row.replace(/,[\d.]+/, ',oops') : row));
        return options([write('a.csv', all)], { skipBadRows: true });
      },
    ],
    [
      'has no volumes',
      () =>
        options([
          write(
            'a.csv',
            rows(30).map((row) => row.replace(/,\d+$/, '')),
            HEADER.replace(',volume', ''),
          ),
        ]),
    ],
    ['has times of closes', () => options([write('a.csv', rows(30))], { barTime: 'close' })],
    [
      'is of two files, the later one first',
      () => options([write('b.csv', rows(4500, 4490)), write('a.csv', rows(4500))]),
    ],
  ])('when it %s then it is told as its files are, at any time', async (_what, make) => {
    const asked = make();
    const expected = await read(asked);
    expect(await viaStore(asked)).toEqual(expected);
    expect(inStore()).toEqual([expect.stringMatching(/\.candles$/)]);
    expect(await viaStore(asked)).toEqual(expected);
    // Read up to a place only, as a run with an end before that of the files does.
    for (const most of [1, 2]) expect(await viaStore(asked, most)).toEqual(await read(asked, most));
  });

  it('when it was not read to the end then it is not kept', async () => {
    const asked = options([write('a.csv', rows(10_000))]);
    await viaStore(asked, 1);
    expect(inStore()).toEqual([]);
  });

  it('when reading it ends with an error then nothing is kept, and it does so again', async () => {
    const asked = options([write('a.csv', [...rows(20), 'x,1,1,1,1,1'])]);
    for (const _ of [1, 2]) await expect(viaStore(asked)).rejects.toMatchObject({ code: 'bad_row' });
    expect(inStore()).toEqual([]);
  });

  it('when it is found then the file of the store stays, and counts as used', async () => {
    const asked = options([write('a.csv', rows(20))]);
    await viaStore(asked);
    const path = join(folder, 'store', inStore()[0]!);
    const { ino } = statSync(path);
    nowMs += 5000;
    await viaStore(asked);
    expect(statSync(path)).toMatchObject({ ino, mtimeMs: nowMs });
    expect(inStore().length).toBe(1);
  });
});

describe('another key', () => {
  const changes: [string, (path: string) => void][] = [
    ['has grown', (path) => appendFileSync(path, `${rows(1, 20)[0]}\n`)],
    [
      'was written again, in the same size',
      (path) => writeFileSync(path, readFileSync(path, 'utf8').replace('101', '102')),
    ],
    [
      'was replaced by another of the same size and time',
      (path) => {
        const { atimeMs, mtimeMs } = statSync(path);
        writeFileSync(`${path}.new`, readFileSync(path, 'utf8').replace('101', '102'));
        utimesSync(`${path}.new`, atimeMs / 1000, mtimeMs / 1000);
        renameSync(`${path}.new`, path);
      },
    ],
  ];
  test.each(changes)('when the file %s then it is read again', async (_what, change) => {
    const asked = options([write('a.csv', rows(20))]);
    const before = await viaStore(asked);
    change(asked.paths[0]!);
    const after = await viaStore(asked);
    expect(after).toEqual(await read(asked));
    expect(after).not.toEqual(before);
    expect(inStore().length).toBe(2);
  });

  test.each<[string, Partial<OpenSeriesOptions>]>([
    ['the time of the bars', { barTime: 'close' }],
    ['what becomes of bad rows', { skipBadRows: true }],
    ['strictness', { strict: true }],
    ['the symbol', { symbol: 'ETHUSD' }],
    ['where the symbol is from', { fromName: true }],
    ['the columns', { layout: { columns: ['timestamp', 'open', 'high', 'low', 'close', 'volume'] } }],
  ])('when %s is another then it is read again', async (_what, more) => {
    const asked = options([write('a.csv', rows(20))]);
    await viaStore(asked);
    const other = { ...asked, ...more };
    const expected = await read(other).catch((error: unknown) => error);
    expect(await viaStore(other).catch((error: unknown) => error)).toEqual(expected);
    if (!(expected instanceof Error)) expect(inStore().length).toBe(2);
  });

  it('when another program reads then it does not believe what this one has read', async () => {
    const asked = options([write('a.csv', rows(20))]);
    await viaStore(asked);
    const other = new CandleStore({ folder: join(folder, 'store'), program: 'test 2', nowMs: () => nowMs });
    await tell(await openStoredSeries(asked, other));
    expect(inStore().length).toBe(2);
  });
});

describe('a file that may be changing', () => {
  const changedMs = (path: string): number => Math.max(statSync(path).mtimeMs, statSync(path).ctimeMs);

  test.each<[number, number]>([
    [-49, 0],
    [49, 0],
    [51, 1],
  ])('when it was changed %d ms before it is read then %d are kept', async (ms, count) => {
    const asked = options([write('a.csv', rows(20))]);
    nowMs = changedMs(asked.paths[0]!) + ms;
    await viaStore(asked);
    expect(inStore().length).toBe(count);
  });

  test.each<[number, number]>([
    [2400, 0],
    [2600, 1],
  ])('when its times are whole seconds and %d ms ago then %d are kept', async (ms, count) => {
    const asked = options([write('a.csv', rows(20))]);
    const [path] = asked.paths;
    utimesSync(path!, 1_600_000_000, 1_600_000_000);
    nowMs = changedMs(path!) + ms;
    await viaStore(asked);
    expect(inStore().length).toBe(count);
  });

  it('when it changes while it is read then nothing is kept', async () => {
    const asked = options([write('a.csv', rows(10_000))]);
    const series = await openStoredSeries(asked, store());
    let isFirst = true;
    for await (const _ of series.chunks) {
      if (isFirst) utimesSync(asked.paths[0]!, 1_600_000_000, 1_600_000_000);
      isFirst = false;
    }
    expect(inStore()).toEqual([]);
  });
});

describe('a store that is not as it should be', () => {
  const damages: [string, (path: string, size: number) => void][] = [
    ['is empty', (path) => truncateSync(path, 0)],
    ['lacks its last byte', (path, size) => truncateSync(path, size - 1)],
    ['lacks its second half', (path, size) => truncateSync(path, size >> 1)],
    ['has a byte too much', (path) => appendFileSync(path, 'x')],
    ['has another first number', (path) => flip(path, 3)],
    ['has another number', (path) => flip(path, 5000)],
    ['has another text', (path, size) => flip(path, size - 200)],
    ['has another trailer', (path, size) => flip(path, size - 10)],
    ['is nothing but zeros', (path, size) => writeFileSync(path, Buffer.alloc(size))],
    [
      'is that of another series',
      (path) => {
        const other = options([write('other.csv', rows(9))]);
        const at = join(folder, 'elsewhere');
        mkdirSync(at);
        const series = openStoredSeries(other, new CandleStore({ folder: at, program: 'test 1', nowMs: () => nowMs }));
        others.push(series.then(tell).then(() => renameSync(join(at, readdirSync(at)[0]!), path)));
      },
    ],
  ];
  const others: Promise<void>[] = [];

  function flip(path: string, at: number): void {
    const bytes = readFileSync(path);
    bytes[at] = bytes[at]! ^ 4;
    writeFileSync(path, bytes);
  }

  test.each(damages)('when a file %s then it is not believed, and made anew', async (_what, damage) => {
    const asked = options([write('a.csv', rows(3000))]);
    const expected = await viaStore(asked);
    const path = join(folder, 'store', inStore()[0]!);
    const whole = readFileSync(path);
    damage(path, whole.length);
    await Promise.all(others.splice(0));
    expect(readFileSync(path).equals(whole)).toBe(false);
    expect(await viaStore(asked)).toEqual(expected);
    expect(readFileSync(path).equals(whole)).toBe(true);
  });

  it('when its folder cannot be made then series are read', async () => {
    writeFileSync(join(folder, 'store'), 'a file');
    const asked = options([write('a.csv', rows(20))]);
    for (const _ of [1, 2]) expect(await viaStore(asked)).toEqual(await read(asked));
  });

  it('when two read the same files at once then both are told all, and one file is left', async () => {
    const asked = options([write('a.csv', rows(10_000))]);
    const expected = await read(asked);
    expect(await Promise.all([viaStore(asked), viaStore(asked), viaStore(asked)])).toEqual([
      expected,
      expected,
      expected,
    ]);
    expect(inStore().length).toBe(1);
    expect(await viaStore(asked)).toEqual(expected);
  });

  it('when it is cleared while a series is read from it then the series is whole', async () => {
    const asked = options([write('a.csv', rows(10_000))]);
    const expected = await viaStore(asked);
    const series = await openStoredSeries(asked, store());
    expect(store().clear()).toBe(1);
    expect(await tell(series)).toEqual(expected);
    expect(inStore()).toEqual([]);
  });
});

describe('how much is kept', () => {
  /** Bytes of the series of 100 bars in the file of this name. */
  async function keep(name: string, limit: number): Promise<void> {
    nowMs += 1000;
    await tell(await openStoredSeries(options([join(folder, name)]), store(limit)));
  }
  const names = (): string[] =>
    store()
      .list()
      .map(({ path }) => toldOf(path)!.paths[0]!.slice(folder.length + 1));

  it('when there is too much then what was not used for longest goes', async () => {
    for (const name of ['a.csv', 'b.csv', 'c.csv']) write(name, rows(100));
    const oneMs = 100 * 48 + 3000;
    await keep('a.csv', 2 * oneMs);
    await keep('b.csv', 2 * oneMs);
    await keep('a.csv', 2 * oneMs);
    expect(names()).toEqual(['a.csv', 'b.csv']);
    await keep('c.csv', 2 * oneMs);
    expect(names().sort()).toEqual(['a.csv', 'c.csv']);
  });

  it('when one series is more than may be kept then it is not kept, and the others stay', async () => {
    write('a.csv', rows(100));
    write('b.csv', rows(1000));
    await keep('a.csv', 20_000);
    await keep('b.csv', 20_000);
    expect(names()).toEqual(['a.csv']);
    expect(inStore().length).toBe(1);
  });

  it('when a run was killed while it kept something then what it left goes after a day', async () => {
    mkdirSync(join(folder, 'store'));
    const left = join(folder, 'store', 'x.candles.1-1.partial');
    writeFileSync(left, 'x');
    write('a.csv', rows(10));
    nowMs = statSync(left).mtimeMs + 80_000_000;
    await keep('a.csv', 20_000);
    expect(inStore().length).toBe(2);
    nowMs += 10_000_000;
    write('b.csv', rows(10));
    await keep('b.csv', 20_000);
    expect(inStore().filter((name) => name.endsWith('.partial'))).toEqual([]);
  });
});

const REAL = resolve(dirname(fileURLToPath(import.meta.url)), '../../../shared/data/dialects');
const isThere = existsSync(REAL);
if (!isThere) process.stderr.write(`left out, no files of exchanges at ${REAL}: by way of the store\n`);

describe('files of exchanges', () => {
  test.each(isThere ? readdirSync(REAL).sort() : ['none'])(
    'when it is %s then it is told the same, read or not',
    async (name) => {
      if (!isThere) return expect(isThere).toBe(false);
      const path = join(REAL, name);
      const asked = options([path], { symbol: parseFileName(path).symbol ?? 'BTCUSD', skipBadRows: true });
      const outcome = (told: Promise<unknown>): Promise<unknown> => told.catch((error: unknown) => String(error));
      const expected = await outcome(read(asked));
      for (const _ of [1, 2]) expect(await outcome(viaStore(asked))).toEqual(expected);
      expect(inStore().length).toBe(typeof expected === 'string' ? 0 : 1);
    },
  );
});
