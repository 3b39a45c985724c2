/** Integers of a settlement unit as text: digits, signs, and that nothing is lost on the way. */

import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { fractionOf } from './decimal.js';
import { formatUnits, pow10, unitsToF64 } from './units.js';

describe('formatUnits', () => {
  test.each([
    [0n, 8, '0.00000000'],
    [1n, 8, '0.00000001'],
    [-1n, 8, '-0.00000001'],
    [333n, 8, '0.00000333'],
    [99_999_999n, 8, '0.99999999'],
    [100_000_000n, 8, '1.00000000'],
    [100_000_001n, 8, '1.00000001'],
    [-1_208_157n, 8, '-0.01208157'],
    [-250_000_000n, 8, '-2.50000000'],
    [9n, 1, '0.9'],
    [10n, 1, '1.0'],
    [11n, 1, '1.1'],
    [0n, 0, '0'],
    [-17n, 0, '-17'],
    [2_100_000_000_000_000n, 8, '21000000.00000000'],
    [10n ** 30n + 1n, 18, '1000000000000.000000000000000001'],
  ])('when %s units have %s digits then the text is %s', (amount, decimals, text) => {
    expect(formatUnits(amount, decimals)).toBe(text);
  });

  it('when any amount is formatted then its text is the same number with exactly the currency’s digits', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }),
        fc.integer({ min: 0, max: 18 }),
        (amount, decimals) => {
          const text = formatUnits(amount, decimals);
          const { num, den } = fractionOf(text);
          expect(num * pow10(decimals)).toBe(amount * den);
          expect(text.split('.')[1]?.length ?? 0).toBe(decimals);
          expect(text).toMatch(/^-?(0|[1-9]\d*)(\.\d+)?$/);
        },
      ),
    );
  });
});

describe('unitsToF64', () => {
  test.each([
    [-1_208_157n, 8, -0.01208157],
    [0n, 8, 0],
    [2n ** 53n + 1n, 0, 2 ** 53],
    [123_456_789n, 2, 1_234_567.89],
  ])('when %s units have %s digits then the number is the nearest of %s', (amount, decimals, number) => {
    expect(unitsToF64(amount, decimals)).toBe(number);
  });
});

describe('pow10', () => {
  test.each([
    [0, 1n],
    [1, 10n],
    [8, 100_000_000n],
    [40, 10n ** 40n],
  ])('when asked for 10^%s then %s, also the second time', (n, power) => {
    expect(pow10(n)).toBe(power);
    expect(pow10(n)).toBe(power);
  });
});
