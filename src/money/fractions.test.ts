/** Exact arithmetic, and the text of numbers that no decimal ends. */

import { describe, expect, it, test } from '@jest/globals';
import { fractionOf } from './decimal.js';
import { atLeastZero, formatSignificant, minus, over, plus, reduce, sumOf, times, ZERO } from './fractions.js';

const f = fractionOf;

describe('arithmetic', () => {
  it('when fractions are combined then the result is exact and reduced', () => {
    expect(plus({ num: 1n, den: 3n }, { num: 1n, den: 6n })).toEqual({ num: 1n, den: 2n });
    expect(minus(f('0.1'), f('0.3'))).toEqual({ num: -1n, den: 5n });
    expect(times({ num: 2n, den: 3n }, { num: 3n, den: 4n })).toEqual({ num: 1n, den: 2n });
    expect(sumOf([f('0.1'), f('0.2'), f('-0.3')])).toEqual({ num: 0n, den: 1n });
  });

  test.each([
    ['1', '4', { num: 1n, den: 4n }],
    ['-1', '4', { num: -1n, den: 4n }],
    ['1', '-4', { num: -1n, den: 4n }],
    ['-1', '-4', { num: 1n, den: 4n }],
  ])('when %s is divided by %s then the denominator is positive', (a, b, expected) => {
    expect(over(f(a), f(b))).toEqual(expected);
  });

  it('when something is divided by 0 then it is a bug of the caller', () => {
    expect(() => over(f('1'), ZERO)).toThrow('divided by 0');
  });

  test.each([
    ['-0.1', '0'],
    ['0', '0'],
    ['0.1', '0.1'],
  ])('when %s is kept at least zero then it is %s', (a, expected) => {
    expect(formatSignificant(atLeastZero(f(a)), 5)).toBe(expected);
  });

  it('when 0 is reduced then its denominator is 1', () => {
    expect(reduce({ num: 0n, den: 100n })).toEqual({ num: 0n, den: 1n });
  });
});

describe('formatSignificant', () => {
  test.each([
    [1n, 3n, 5, '0.33333'],
    [2n, 3n, 5, '0.66667'],
    [-2n, 3n, 5, '-0.66667'],
    [1n, 300n, 5, '0.0033333'],
    [100500n, 11n, 10, '9136.363636'],
    [200n, 3n, 1, '67'],
    [1n, 8n, 1, '0.125'],
    [12345n, 100n, 2, '123.45'],
    [0n, 7n, 5, '0'],
    [10n ** 30n, 1n, 5, `1${'0'.repeat(30)}`],
    [29999n, 30000n, 4, '1'],
  ])('when %d/%d is written with %d digits then it is %s', (num, den, digits, expected) => {
    expect(formatSignificant({ num, den }, digits)).toBe(expected);
  });
});
