/**
 * The two readers of text give one account: files with every oddity are read once by the byte scanner and once, with a quoted note that
 * makes every line csv-parse's, cell by cell; bars, counts, errors and lines must be the same. And numbers are Number(text).
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { UserError } from '../errors.js';
import { ByteScanner } from './byteScanner.js';
import { PLAIN_NUMBERS, parsePrice, roundPrice } from './cells.js';
import { layoutOfNames } from './dialects/columnNames.js';
import { DAY, folder, MINUTE, open, type Settings } from './fixtures/candleFiles.js';
import { RowBatch } from './rowBatch.js';
import { ByteSource } from './source.js';
import { openTextFeed } from './textFeed.js';
import { TimeColumn, type TimeForm } from './timestamps.js';

const RUNS = 1500;

/** A time as one of the forms of a file writes it. */
const FORMS: readonly ((ms: number) => string)[] = [
  (ms) => String(ms),
  (ms) => String(ms / 1000),
  (ms) => `${ms}000`,
  (ms) => `${ms}000000`,
  (ms) => new Date(ms).toISOString(),
  (ms) => new Date(ms).toISOString().slice(0, 19).replace('T', ' '),
  (ms) => new Date(ms).toISOString().replace('Z', '+00:00'),
  (ms) => new Date(ms + 3_600_000).toISOString().replace('Z', '+01:00'),
  (ms) => `${new Date(ms).toISOString().slice(0, 16)}Z`,
  (ms) => new Date(ms).toISOString().slice(0, 16).replace('T', ' ').replaceAll('-', '.'),
  (ms) => `${new Date(ms).toISOString().slice(0, 19).replace('T', 'D')}.000000000`,
];

/** Cells that stand in for a good one now and then. */
const ODD_CELLS = [
  ...[
    '',
    ' ',
    'x',
    'NaN',
    'null',
    '-',
    '0',
    '-1',
    '+5',
    '1e1',
    '5e-7',
    '1E400',
    '0x10',
    '.5',
    '5.',
    '.',
    '1_0',
    ' 7 ',
    '7\t',
  ],
  ...[
    '00012',
    '12.000000000000000000',
    '0.000000000000000000001',
    '1234567890123456',
    '123456789012345678901',
    '9007199254740993',
  ],
  ...[
    '12.3456789012345678',
    '1,5',
    '5.5K',
    'é',
    '5;5',
    '١',
    '99999999999999999999999999',
    '2020-02-30',
    '1583020800',
    '\r',
  ],
];

const cell = fc.oneof(
  { weight: 30, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constantFrom(...ODD_CELLS) },
);

interface Line {
  readonly step: number;
  readonly prices: readonly [number, number, number];
  readonly digits: number;
  readonly cells: readonly (string | null)[];
  readonly kind: string;
}

const line = fc.record({
  step: fc.oneof(
    { weight: 20, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.constantFrom(0, 2, 5, -1, 0.5) },
  ),
  prices: fc.tuple(fc.nat(5000), fc.nat(300), fc.nat(300)),
  digits: fc.constantFrom(0, 1, 2, 5, 8, 11),
  cells: fc.tuple(cell, cell, cell, cell, cell, cell, cell),
  kind: fc.oneof(
    { weight: 25, arbitrary: fc.constant('row') },
    { weight: 1, arbitrary: fc.constantFrom('blank', 'short', 'long', 'twice', 'blanks', 'comment') },
  ),
});

const file = fc.record({
  form: fc.nat(FORMS.length - 1),
  delimiter: fc.constantFrom(',', ';', '\t'),
  end: fc.constantFrom('\n', '\r\n'),
  isClosed: fc.boolean(),
  hasMark: fc.boolean(),
  descending: fc.boolean(),
  symbol: fc.boolean(),
  lines: fc.array(line, { minLength: 1, maxLength: 40 }),
});

type File = typeof file extends fc.Arbitrary<infer T> ? T : never;

/** Rows of a file by its seed; each is a bar unless an odd cell or kind makes it none. */
function rowsOf({ form, delimiter, symbol, descending, lines }: File): string[] {
  let minute = 100_000;
  const rows: string[] = [];
  for (const one of lines as readonly Line[]) {
    minute += descending ? -one.step : one.step;
    const [low, a, b] = one.prices;
    const price = (x: number) =>
      `${x + 1}${one.digits === 0 ? '' : `.${String(x).padEnd(one.digits, '7').slice(0, one.digits)}`}`;
    const bar = [price(low + Math.min(a, b)), price(low + a + b), price(low), price(low + Math.max(a, b)), `${a}.25`];
    const good = [FORMS[form]!(DAY + minute * MINUTE), ...bar, ...(symbol ? ['XBTUSD'] : [])];
    const cells = good.map((text, i) => one.cells[i] ?? text);
    if (one.kind === 'blank') rows.push('');
    if (one.kind === 'blanks') rows.push('   ');
    if (one.kind === 'comment') rows.push('# a remark');
    if (one.kind === 'short') cells.pop();
    if (one.kind === 'long') cells.push('9');
    rows.push(cells.join(delimiter));
    if (one.kind === 'twice') rows.push(cells.join(delimiter));
  }
  return rows;
}

/** @param isQuoted a quoted name in the header makes the whole file csv-parse's */
function textOf(one: File, isQuoted: boolean): string {
  const names = ['timestamp', 'open', 'high', 'low', 'close', 'volume', ...(one.symbol ? ['symbol'] : [])];
  const text = [names.join(one.delimiter), ...rowsOf(one)].join(one.end) + (one.isClosed ? one.end : '');
  // A first cell in quotes is the same cell.
  const first = text.indexOf('\n') + 1 + text.slice(text.indexOf('\n') + 1).search(/\r?[^\r\n]|$/);
  const stop =
    first +
    text.slice(first).search(one.delimiter === ',' ? /,|\r?\n|$/ : one.delimiter === ';' ? /;|\r?\n|$/ : /\t|\r?\n|$/);
  const quoted = `${text.slice(0, first)}"${text.slice(first, stop)}"${text.slice(stop)}`;
  return (one.hasMark ? '\ufeff' : '') + (isQuoted ? quoted : text);
}

/** Everything that a reading tells: bars bit by bit, counts, skipped rows, or the error. */
async function accountOf(path: string, settings: Settings): Promise<unknown> {
  try {
    const series = await open(path, settings);
    const bars: string[] = [];
    for await (const c of series.chunks) {
      for (let i = 0; i < c.length; i++) {
        bars.push([c.openTimeMs[i], c.open[i], c.high[i], c.low[i], c.close[i], c.volume[i]].join(' '));
      }
    }
    const { stats, assumptions, intervalMs, badRows, badRowCount } = series;
    return { bars, stats, assumptions, intervalMs, badRows, badRowCount };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { code, message, place, found, expected } = error;
    return { code, message, place, found, expected };
  }
}

describe('scanner and csv-parse', () => {
  it('when a file holds any oddity then both give the same bars, counts, errors and lines', async () => {
    const path = join(folder, 'both.csv');
    const check = async (one: File, skipBadRows: boolean, strict: boolean): Promise<void> => {
      writeFileSync(path, textOf(one, false));
      const scanned = await accountOf(path, { skipBadRows, strict });
      writeFileSync(path, textOf(one, true));
      expect(scanned).toEqual(await accountOf(path, { skipBadRows, strict }));
    };
    await fc.assert(fc.asyncProperty(file, fc.boolean(), fc.boolean(), check), { numRuns: RUNS });
  }, 120_000);

  it('when text comes in pieces of any size then the rows are the same', async () => {
    const check = async (one: File, size: number, isQuoted: boolean): Promise<void> => {
      const bytes = Buffer.from(textOf(one, isQuoted));
      const read = async (pieceSize: number): Promise<string[]> => {
        const pieces = Array.from({ length: Math.ceil(bytes.length / pieceSize) }, (_, i) =>
          bytes.subarray(i * pieceSize, (i + 1) * pieceSize),
        );
        const feed = await openTextFeed(new ByteSource('-', Readable.from(pieces)));
        const { layout } = feed.recognized;
        const times = new TimeColumn();
        const rows: string[] = [];
        for await (const batch of feed.batches({
          layout,
          numbers: PLAIN_NUMBERS,
          times,
          strict: false,
          constants: [],
        })) {
          for (let i = 0; i < batch.length; i++) rows.push(`${batch.line[i]} ${batch.cellsOf(i).join('|')}`);
        }
        return rows;
      };
      expect(await read(size)).toEqual(await read(bytes.length));
    };
    await fc.assert(fc.asyncProperty(file, fc.integer({ min: 1, max: 50 }), fc.boolean(), check), { numRuns: 300 });
  }, 120_000);

  it('when a quote comes late in a long file then csv-parse goes on at the right line', async () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => `${DAY + i * MINUTE},1,2,1,2,5,`);
    rows[20_000] = `${DAY + 20_000 * MINUTE},1,2,1,2,5,"a ""note""\nof two lines"`;
    rows[25_000] = `${DAY + 25_000 * MINUTE},1,2,1,x,5,`;
    const path = join(folder, 'late-quote.csv');
    writeFileSync(path, `timestamp,open,high,low,close,volume,note\n${rows.join('\n')}\n`);
    const place = { file: path, line: 25_003, column: 'close' };
    await expect(accountOf(path, {})).resolves.toMatchObject({ code: 'bad_row', place });
    await expect(accountOf(path, { skipBadRows: true })).resolves.toMatchObject({ stats: { bars: 29_999, gaps: 1 } });
  });
});

/** What the scanner makes of one price or time; undefined when it leaves the row to its cells. */
function scanned(row: string, form: TimeForm): { stampMs: number; open: number; rounded: number } | undefined {
  const layout = layoutOfNames(['time', 'open', 'high', 'low', 'close'])!;
  const settings = {
    layout,
    delimiter: ',',
    numbers: PLAIN_NUMBERS,
    times: new TimeColumn(form),
    strict: false,
    constants: [],
  };
  const scanner = new ByteScanner(settings, 1);
  scanner.load(Buffer.from(`${row}\n`));
  const batch = new RowBatch(4);
  scanner.scan(batch);
  expect(batch.length).toBe(1);
  if (batch.odd[0] === 1) return undefined;
  return { stampMs: batch.openTimeMs[0]!, open: batch.open[0]!, rounded: batch.rounded[0]! };
}

describe('numbers', () => {
  const price = fc.oneof(
    fc.tuple(fc.nat(999_999_999), fc.nat(999_999_999)).map(([a, b]) => `${a}.${b}`),
    fc.tuple(fc.bigInt(0n, 10n ** 15n), fc.nat(15)).map(([m, at]) => placePoint(String(m), at)),
    fc.tuple(fc.bigInt(0n, 10n ** 20n), fc.nat(25)).map(([m, at]) => placePoint(String(m), at)),
    fc.double({ min: 1e-30, max: 1e30, noNaN: true }).map(String),
  );

  it('when a price is accepted by columns then it is Number(text), or that of its 15 digits', () => {
    const check = (text: string): void => {
      const got = scanned(`1583020800000,${text},1,1,1`, 'ms');
      const expected = parsePrice(text);
      if (got === undefined) expect(expected).toBeNaN();
      else if (got.rounded === 0) expect(got.open).toBe(Number(text));
      else expect(got.open).toBe(roundPrice(text));
    };
    fc.assert(fc.property(price, check), { numRuns: 20_000 });
  }, 60_000);

  test.each([
    ['999999999999999', 999999999999999],
    ['9007199254740993', 9007199254740990],
    ['0.000000123456789', 1.23456789e-7],
    ['999999999.999999', 999999999.999999],
    ['1234567890.12345', 1234567890.12345],
    ['0.1', 0.1],
    ['123456789012.345', 123456789012.345],
  ])('when the price is %s then it is %d', (text, expected) => {
    expect(scanned(`1583020800000,${text},1,1,1`, 'ms')?.open).toBe(expected);
  });
});

describe('times', () => {
  const text = fc
    .tuple(
      fc.integer({ min: 0, max: 4_102_444_800_000 }),
      fc.nat(FORMS.length - 1),
      fc.nat(40),
      fc.constantFrom('', '9', ':', ' ', 'Z', '-'),
    )
    .map(([ms, form, at, change]) => {
      const good = FORMS[form]!(ms);
      return change === '' ? good : good.slice(0, at) + change + good.slice(at + 1);
    });

  it('when a time is read from bytes then it is what the column of times makes of its text', () => {
    const check = (cell: string): void => {
      for (const form of ['iso', 'ymd', 's', 'ms', 'us', 'ns'] as const) {
        const expected = new TimeColumn(form).parse(cell);
        const got = scanned(`${cell},1,1,1,1`, form);
        if (expected >= 0) expect([cell, form, got?.stampMs]).toEqual([cell, form, expected]);
        // A time before 1970 is refused by whoever judges the row.
        else expect([cell, form, got !== undefined && got.stampMs >= 0]).toEqual([cell, form, false]);
      }
    };
    fc.assert(fc.property(text, check), { numRuns: 10_000 });
  }, 60_000);
});

/** The digits with a point `at` places before their end. */
function placePoint(digits: string, at: number): string {
  if (at === 0) return digits;
  const padded = digits.padStart(at + 1, '0');
  return `${padded.slice(0, -at)}.${padded.slice(-at)}`;
}
