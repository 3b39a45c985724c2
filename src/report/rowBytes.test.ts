/**
 * Rows as bytes, judged by the same rows as text.
 */

import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { averages, integers, prices, type Table, texts, times, units, words } from './column.js';
import { formatCsvRow, putCsvRow } from './csv.js';
import { RowBytes } from './rowBytes.js';

interface Row {
  readonly id: number | string | null;
  readonly timeMs: number;
  readonly text: string | null;
  readonly word: string;
  readonly amount: bigint | null;
  readonly decimals: number;
  readonly price: number | null;
  readonly average: { num: bigint; den: bigint };
}

const TABLE: Table<Row> = {
  name: 'all kinds',
  columns: [
    integers('id', 1, (r) => r.id),
    times('time', 1, (r) => r.timeMs),
    texts('text', 1, (r) => r.text),
    words('word', 1, (r) => r.word),
    units(
      'amount',
      1,
      (r) => r.amount,
      (r) => r.decimals,
    ),
    prices(
      'price',
      1,
      (r) => r.price,
      () => null,
    ),
    averages(
      'average',
      1,
      (r) => r.average,
      () => null,
    ),
  ],
};

const textOf = (...rows: Row[]): string => rows.map((row) => formatCsvRow(TABLE, row)).join('');

function bytesOf(...rows: Row[]): string {
  const bytes = new RowBytes();
  let whole = '';
  for (const row of rows) {
    putCsvRow(bytes, TABLE, row);
    if (!bytes.isFull) continue;
    whole += bytes.written.toString();
    bytes.clear();
  }
  return whole + bytes.written.toString();
}

const PLAIN: Row = {
  id: 7,
  timeMs: 1_583_020_800_123,
  text: 'main',
  word: 'buy',
  amount: 333n,
  decimals: 8,
  price: 8000.5,
  average: { num: 100_500n, den: 11n },
};

const anyRow: fc.Arbitrary<Row> = fc.record({
  id: fc.oneof(fc.nat(), fc.string(), fc.constant(null)),
  timeMs: fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 }),
  text: fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.constantFrom('=1', 'a,b', 'a"b', '爆仓', null)),
  word: fc.constantFrom('buy', 'sell', 'partial_liquidation'),
  amount: fc.oneof(
    fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
    fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }),
    fc.constant(null),
  ),
  decimals: fc.integer({ min: 0, max: 18 }),
  price: fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true, min: 1e-9, max: 1e12 }),
    fc.integer({ min: 0, max: 1e9 }).map((n) => n / 2),
    fc.constant(null),
  ),
  average: fc.record({ num: fc.bigInt({ min: 0n, max: 10n ** 25n }), den: fc.bigInt({ min: 1n, max: 10n ** 12n }) }),
});

describe('every kind of cell', () => {
  it('when a row is written as bytes then it is the row of text', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 8 }), (rows) => {
        expect(bytesOf(...rows)).toBe(textOf(...rows));
      }),
      { numRuns: 2000 },
    );
  });

  test.each<[string, Partial<Row>, string]>([
    ['the least unit below zero', { amount: -1n }, '-0.00000001'],
    ['nothing', { amount: 0n }, '0.00000000'],
    ['one unit below a whole', { amount: 9_007_199_199_999_999n }, '90071991.99999999'],
    ['the most that float64 holds', { amount: 9_007_199_254_740_991n }, '90071992.54740991'],
    ['one more', { amount: 9_007_199_254_740_992n }, '90071992.54740992'],
    ['whole contracts', { amount: -40_000n, decimals: 0 }, '-40000'],
    ['a price off the tick', { price: 0.1 + 0.2 }, '0.30000000000000004'],
    ['midnight', { timeMs: 1_583_020_800_000 }, '2020-03-01T00:00:00.000Z'],
  ])('when it is %s then it stands so', (_, changes, cell) => {
    const row = { ...PLAIN, ...changes };
    expect(bytesOf(row).trimEnd().split(',')).toContain(cell);
    expect(bytesOf(row)).toBe(textOf(row));
  });

  it('when rows fill more than is gathered at once, and a text more than there is room for, then nothing is lost', () => {
    const rows = Array.from({ length: 3000 }, (_, i) => ({ ...PLAIN, id: i, timeMs: PLAIN.timeMs + i * 61_001 }));
    const long = { ...PLAIN, text: 'ä'.repeat(300_000) };
    expect(bytesOf(...rows, long, ...rows)).toBe(textOf(...rows, long, ...rows));
  });
});
