/**
 * Decimals: what is one, the exact fraction of its text, and the passage of prices between float64 and fractions, over the
 * whole range of fifteen digits that prices may have.
 */

import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { InvariantError } from '../errors.js';
import {
  Big,
  compareFractions,
  decimalsOf,
  type Fraction,
  formatFraction,
  fractionOf,
  fractionOfF64,
  fractionToF64,
  isDecimalText,
  parseFraction,
} from './decimal.js';

const isSame = (a: Fraction, b: Fraction): boolean => compareFractions(a, b) === 0;

/** Decimals of at most fifteen significant digits, as text: the prices a file may hold. */
const priceText = fc
  .tuple(fc.bigInt({ min: 1n, max: 10n ** 15n - 1n }), fc.integer({ min: -3, max: 14 }))
  .map(([digits, decimals]) => new Big(`${digits}e${-decimals}`).toFixed());

describe('decimal text', () => {
  test.each(['0', '12', '-0.5', '.5', '-.5', '5.', '007', '1e-4', '1E4', '1.5e+3', '0.000', '1e60', '1e-60'])(
    'when the text is "%s" then it is a decimal',
    (text) => {
      expect(isDecimalText(text)).toBe(true);
      expect(parseFraction(text)).toBeDefined();
      expect(fractionToF64(fractionOf(text))).toBeCloseTo(Number(text), 12);
    },
  );

  test.each([
    '',
    ' ',
    ' 1',
    '1 ',
    '.',
    '-',
    '+',
    '--1',
    '1.2.3',
    '1,5',
    '1_000',
    '0x10',
    '1e',
    'e5',
    '1e1.5',
    '1e61',
    '1e-61',
    '1e999999999',
    'NaN',
    'Infinity',
    '١٢',
    '½',
    '1\n',
  ])('when the text is "%s" then it is none', (text) => {
    expect(isDecimalText(text)).toBe(false);
    expect(parseFraction(text)).toBeUndefined();
    expect(() => fractionOf(text)).toThrow(InvariantError);
  });

  it('when a decimal carries a plus then it is read like one without', () => {
    expect(isDecimalText('+0.5')).toBe(true);
    expect(parseFraction('+0.5')).toEqual(parseFraction('0.5'));
  });

  test.each([
    ['0', 0n, 1n],
    ['-0', 0n, 1n],
    ['12', 12n, 1n],
    ['1200', 1200n, 1n],
    ['0.00075', 75n, 100_000n],
    ['-0.00025', -25n, 100_000n],
    ['9980.50', 99805n, 10n],
    ['1e-4', 1n, 10_000n],
    ['2.5e3', 2500n, 1n],
  ])('when the text is %s then the fraction is %s / %s', (text, num, den) => {
    expect(parseFraction(text)).toEqual({ num, den });
  });

  test.each([
    ['0', 0],
    ['1', 0],
    ['100', 0],
    ['0.5', 1],
    ['0.50', 1],
    ['0.05', 2],
    ['1e-8', 8],
    ['2.5e3', 0],
    ['-0.125', 3],
  ])('when the text is %s then it has %s decimals', (text, decimals) => {
    expect(decimalsOf(text)).toBe(decimals);
  });
});

describe('compareFractions', () => {
  test.each([
    ['1', '2', -1],
    ['2', '2.0', 0],
    ['2', '1', 1],
    ['-1', '1', -1],
    ['-1', '-2', 1],
    ['0', '-0', 0],
    ['0.3333333333333333333333', '0.3333333333333333333334', -1],
  ])('when %s is compared with %s then %s', (a, b, side) => {
    expect(compareFractions(fractionOf(a), fractionOf(b))).toBe(side);
  });
});

describe('prices as float64', () => {
  it('when any price of fifteen digits becomes a float64 then its fraction is the decimal again', () => {
    fc.assert(
      fc.property(priceText, (text) => {
        if (!isSame(fractionOfF64(Number(text)), fractionOf(text))) throw new Error(text);
        if (!isSame(fractionOfF64(-Number(text)), fractionOf(`-${text}`))) throw new Error(`-${text}`);
      }),
      { numRuns: 30_000, seed: 20_200_301 },
    );
  });

  it('when the fraction of a price becomes a float64 then it is the price again', () => {
    fc.assert(
      fc.property(priceText, (text) => {
        if (fractionToF64(fractionOf(text)) !== Number(text)) throw new Error(text);
      }),
      { numRuns: 30_000, seed: 20_200_302 },
    );
  });

  it('when two prices of fifteen digits are compared then float64 order is decimal order', () => {
    fc.assert(
      fc.property(priceText, priceText, (a, b) => {
        expect(Math.sign(Number(a) - Number(b))).toBe(compareFractions(fractionOf(a), fractionOf(b)));
      }),
      { numRuns: 5_000, seed: 20_200_303 },
    );
  });

  it('when the tick has more decimals than the price then the fraction is still the decimal', () => {
    // Up to fifteen digits at the decimals of the tick: every price that stands on a tick has no more.
    const onTick = fc
      .tuple(
        fc.bigInt({ min: 1n, max: 10n ** 12n - 1n }),
        fc.integer({ min: 0, max: 8 }),
        fc.integer({ min: 0, max: 3 }),
      )
      .map(([digits, decimals, more]) => ({
        text: new Big(`${digits}e${-decimals}`).toFixed(),
        hint: decimals + more,
      }));
    fc.assert(
      fc.property(onTick, ({ text, hint }) => {
        if (!isSame(fractionOfF64(Number(text), hint), fractionOf(text))) throw new Error(`${text} hint ${hint}`);
      }),
      { numRuns: 20_000, seed: 20_200_304 },
    );
  });

  test.each([
    [734_124_366.577596, 7],
    [548_010_591.39497, 7],
    [90_000_000.1, 8],
  ])('when %s is read with %s decimals then no digit beyond the fifteenth is made up', (x, hint) => {
    expect(isSame(fractionOfF64(x, hint), fractionOf(String(x)))).toBe(true);
  });

  test.each([
    [0.1, '0.1'],
    [0.3, '0.3'],
    [9980.5, '9980.5'],
    [1e-8, '0.00000001'],
    [0.000000123456789, '0.000000123456789'],
    [1e15, '1000000000000000'],
    [1e22, '10000000000000000000000'],
    [0.1 + 0.2, '0.30000000000000004'],
  ])('when the number is %s then the fraction is that of %s', (x, text) => {
    expect(isSame(fractionOfF64(x), fractionOf(text))).toBe(true);
  });
});

describe('fractionToF64', () => {
  it('when numerator and denominator are beyond float64 then the quotient is still right', () => {
    expect(fractionToF64({ num: 3n * 10n ** 400n, den: 10n ** 400n })).toBe(3);
    expect(fractionToF64({ num: -(10n ** 399n), den: 10n ** 400n })).toBe(-0.1);
  });

  it('when any fraction becomes a float64 then it is off by at most two units in the last place', () => {
    const part = fc.bigInt({ min: 10n ** 30n, max: 10n ** 40n });
    fc.assert(
      fc.property(part, part, (num, den) => {
        const x = fractionToF64({ num, den });
        const exact = new Big(num.toString()).div(den.toString());
        const off = new Big(x.toString()).minus(exact).abs().div(exact);
        expect(off.lt('4.5e-16')).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('formatFraction', () => {
  test.each([
    [1n, 3n, 4, '0.3333'],
    [2n, 3n, 4, '0.6667'],
    [1n, 8n, 2, '0.13'],
    [-1n, 8n, 2, '-0.13'],
    [100_500n, 11n, 4, '9136.3636'],
    [9n, 1n, 1, '9.0'],
    [9n, 1n, 0, '9'],
  ])('when %s/%s is printed with %s digits then %s', (num, den, decimals, text) => {
    expect(formatFraction({ num, den }, decimals)).toBe(text);
  });
});
