/** Decimal text to exact integers and back. */

import { describe, expect, test } from '@jest/globals';
import { formatLike, parseExact } from './exactText.js';

describe('decimal text', () => {
  test.each<[string, bigint | undefined]>([
    ['1', 10n ** 18n],
    ['-0.00000001', -(10n ** 10n)],
    ['0.000000000000000001', 1n],
    ['0.0000000000000000001', undefined],
    ['1e3', undefined],
    ['', undefined],
    ['.5', undefined],
  ])('when it is %s then it is %s', (text, amount) => {
    expect(parseExact(text)).toBe(amount);
  });

  test.each<[bigint, string, string]>([
    [10n ** 18n, '2.00000000', '1.00000000'],
    [10n ** 18n, '2', '1'],
    [-(10n ** 10n), '2.00', '-0.00000001'],
    [0n, '', '0'],
  ])('when %s is written like %s then it is %s', (amount, like, text) => {
    expect(formatLike(amount, like)).toBe(text);
  });
});
