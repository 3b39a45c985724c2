/**
 * Cells of a candle row: prices and volumes as text to numbers, and what is refused.
 */

import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { Big } from '../money/decimal.js';
import { hasLongDigits, parsePrice, parseVolume, roundPrice } from './cells.js';

describe('parsePrice', () => {
  test.each([
    ['8535.5', 8535.5],
    ['0.00000001', 1e-8],
    ['1e-8', 1e-8],
    ['.5', 0.5],
    ['+7', 7],
    [' 7 ', 7],
  ])('when the cell is "%s" then the price is %d', (text, price) => {
    expect(parsePrice(text)).toBe(price);
  });

  test.each(['', ' ', '0', '-1', '0x10', ' 0x10', '0b1', '1e999', 'Infinity', 'NaN', 'null', '1,5', '1 000', '12"3'])(
    'when the cell is "%s" then it is no price',
    (text) => {
      expect(parsePrice(text)).toBeNaN();
    },
  );
});

test('when a volume is empty, negative or no number then it is NaN, and zero is zero', () => {
  expect(['', ' ', '-1', 'x', '1e999', '0x1'].map(parseVolume)).toEqual(Array(6).fill(Number.NaN));
  expect(['0', '12.5', '1e3'].map(parseVolume)).toEqual([0, 12.5, 1000]);
});

describe('prices of many digits', () => {
  test.each([
    // text                     too long, rounded
    ['1234567890.1234', false, 1_234_567_890.1234],
    ['1234567890.12345', false, 1_234_567_890.12345],
    ['1234567890.123456', true, 1_234_567_890.12346],
    ['123456789012345', false, 123_456_789_012_345],
    ['1234567890123456', true, 1_234_567_890_123_460],
    ['1234567890.12345000', false, 1_234_567_890.12345],
    ['0.000123456789012345', false, 0.000123456789012345],
    ['0.0001234567890123456', true, 0.000123456789012346],
    ['1.000000000000005', true, 1.00000000000001],
    ['1.0000000000000049', true, 1],
    ['1.234567890123456e-7', true, 1.23456789012346e-7],
    ['44417.729411251275', true, 44_417.7294112513],
  ])('when the price is %s then too long is %s and it is kept as %d', (text, isLong, rounded) => {
    expect(hasLongDigits(text)).toBe(isLong);
    expect(roundPrice(text)).toBe(rounded);
  });

  it('when a price has at most 15 digits then its text survives float64', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 999_999_999_999_999n }),
        fc.integer({ min: 0, max: 12 }),
        (digits, shift) => {
          const text = `${digits}e-${shift}`;
          expect(hasLongDigits(text)).toBe(false);
          expect(roundPrice(text)).toBe(parsePrice(text));
        },
      ),
    );
  });

  it('when a price of any length is rounded then it is what exact decimals make of it', () => {
    const check = (digits: bigint, decimals: number): void => {
      const text = String(digits).padStart(decimals + 1, '0');
      const price = decimals === 0 ? text : `${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
      expect(roundPrice(price)).toBe(Number(new Big(price).prec(15, 1).toString()));
    };
    fc.assert(fc.property(fc.bigInt({ min: 1n, max: 10n ** 24n }), fc.nat(30), check), { numRuns: 3000 });
  });
});

describe('short volumes', () => {
  test.each([
    ['57.32K', 57_320],
    ['1.5M', 1_500_000],
    ['2 B', 2_000_000_000],
    ['0.1T', 100_000_000_000],
    ['0.07k', 70],
  ])('when the volume is %s then it is %d', (text, volume) => {
    expect(parseVolume(text)).toBe(volume);
  });
});
