/** Every kind of number and time as text: digits, signs, exponents, and what lies off the tick. */

import { describe, expect, it, test } from '@jest/globals';
import {
  formatAverage,
  formatCount,
  formatF64,
  formatLeverage,
  formatPrice,
  formatQty,
  formatRatio,
  formatShare,
  formatTime,
} from './cells.js';
import { ETHUSDT, XBTUSD } from './fixtures/records.js';

describe('prices', () => {
  test.each([
    // price, digits, text
    [8000, 1, '8000.0'],
    [8000.5, 1, '8000.5'],
    [8000.25, 1, '8000.25'],
    [0.1 + 0.2, 1, '0.30000000000000004'],
    [0.3, 1, '0.3'],
    [8000, 0, '8000'],
    [0.00000001, 8, '0.00000001'],
    [0.0000000001, 8, '0.0000000001'],
    [1e-7, 2, '0.0000001'],
    [999999999999.99, 2, '999999999999.99'],
    [123456789012345, 2, '123456789012345.00'],
    [1e21, 1, '1000000000000000000000.0'],
    [1.5e300, 1, `15${'0'.repeat(299)}.0`],
    [-0.04, 1, '-0.04'],
    [-0, 1, '0.0'],
    [0, 1, '0.0'],
  ])('when the price is %p with %p digits then it reads %s', (price, decimals, text) => {
    expect(formatF64(price, decimals)).toBe(text);
  });

  it('when the tick is 0.5 then one digit, and two for a price between ticks', () => {
    expect(formatPrice(8000, XBTUSD)).toBe('8000.0');
    expect(formatPrice(8000.25, XBTUSD)).toBe('8000.25');
  });

  it('when the symbol is unknown then a price has the digits it was given with', () => {
    expect(formatPrice(8000.125, null)).toBe('8000.125');
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'when a price or ratio is %p then nothing is printed',
    (x) => {
      expect(() => formatF64(x, 1)).toThrow('a price to print');
      expect(() => formatRatio(x)).toThrow('a ratio to print');
    },
  );
});

describe('averages, quantities, leverage', () => {
  it('when an average does not end then 8 digits, half away from zero', () => {
    expect(formatAverage({ num: 24_001n, den: 3n }, XBTUSD)).toBe('8000.33333333');
    expect(formatAverage({ num: 24_002n, den: 3n }, XBTUSD)).toBe('8000.66666667');
    expect(formatAverage({ num: 5n, den: 1_000_000_000n }, XBTUSD)).toBe('0.00000001');
    expect(formatAverage({ num: 4_999_999n, den: 10n ** 15n }, XBTUSD)).toBe('0.00000000');
  });

  it('when the tick has more than 8 digits then the average has as many', () => {
    expect(formatAverage({ num: 1n, den: 3n }, { ...XBTUSD, priceDecimals: 10 })).toBe('0.3333333333');
  });

  it('when quantities are thousandths then three digits', () => {
    expect(formatQty(1n, ETHUSDT)).toBe('0.001');
    expect(formatQty(1500n, ETHUSDT)).toBe('1.500');
    expect(formatQty(1500n, XBTUSD)).toBe('1500');
    expect(formatQty(10n ** 30n, XBTUSD)).toBe(`1${'0'.repeat(30)}`);
  });

  test.each([
    [10n, 1n, '10'],
    [100n, 1n, '100'],
    [5n, 2n, '2.5'],
    [1000n, 3n, '333.33333333'],
    [0n, 1n, '0'],
  ])('when the leverage is %p / %p then it reads %s', (num, den, text) => {
    expect(formatLeverage({ num, den })).toBe(text);
  });
});

describe('shares and ratios', () => {
  test.each([
    // part, whole, text: the whole one above zero, at zero, one below
    [1n, 1n, '1.00000000'],
    [1n, 0n, null],
    [1n, -1n, null],
    [-1n, 3n, '-0.33333333'],
    [-1n, 10n ** 9n, '0.00000000'],
    [0n, 5n, '0.00000000'],
  ])('when %p is divided by %p then %p', (part, whole, text) => {
    expect(formatShare(part, whole)).toBe(text);
  });

  test.each([
    [1e-8, '0.00000001'],
    [1e-9, '0.00000000'],
    [-1e-9, '0.00000000'],
    [-1e-8, '-0.00000001'],
    [2 / 3, '0.66666667'],
    [1e22, '10000000000000000000000.00000000'],
    [-0, '0.00000000'],
  ])('when a ratio is %p then it reads %s', (x, text) => {
    expect(formatRatio(x)).toBe(text);
  });
});

describe('times and counts', () => {
  test.each([
    [0, '1970-01-01T00:00:00.000Z'],
    [Date.UTC(2020, 1, 29, 23, 59, 59, 999), '2020-02-29T23:59:59.999Z'],
    [-1, '1969-12-31T23:59:59.999Z'],
  ])('when the time is %p then it reads %s', (ms, text) => {
    expect(formatTime(ms)).toBe(text);
  });

  test.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [1234567, '1,234,567'],
  ])('when a count is %p then people read %s', (n, text) => {
    expect(formatCount(n)).toBe(text);
  });
});
