/**
 * Arithmetic of exact fractions, reduced so that long chains stay small, and their text. Parsing and the passage to float64
 * are decimal.ts; rounding to whole units is rounding.ts. Nothing here loses a digit but `formatSignificant`, which says so.
 */

import { invariant } from '../errors.js';
import { type Fraction, greatestCommonDivisor } from './decimal.js';
import { divHalfAway } from './rounding.js';
import { formatUnits, pow10 } from './units.js';

export const ZERO: Fraction = { num: 0n, den: 1n };
export const ONE: Fraction = { num: 1n, den: 1n };

/** The same number with the smallest positive denominator. */
export function reduce({ num, den }: Fraction): Fraction {
  const divisor = greatestCommonDivisor(num, den);
  return divisor === 1n ? { num, den } : { num: num / divisor, den: den / divisor };
}

export function integer(n: bigint): Fraction {
  return { num: n, den: 1n };
}

export function plus(a: Fraction, b: Fraction): Fraction {
  return reduce({ num: a.num * b.den + b.num * a.den, den: a.den * b.den });
}

export function negate(a: Fraction): Fraction {
  return { num: -a.num, den: a.den };
}

export function minus(a: Fraction, b: Fraction): Fraction {
  return plus(a, negate(b));
}

export function times(a: Fraction, b: Fraction): Fraction {
  return reduce({ num: a.num * b.num, den: a.den * b.den });
}

/** a / b. @throws InvariantError when b is 0: callers rule that out, or have said what it means. */
export function over(a: Fraction, b: Fraction): Fraction {
  invariant(b.num !== 0n, () => `${a.num}/${a.den} divided by 0`);
  const sign = b.num < 0n ? -1n : 1n;
  return reduce({ num: a.num * b.den * sign, den: a.den * b.num * sign });
}

export function sumOf(parts: readonly Fraction[]): Fraction {
  return parts.reduce(plus, ZERO);
}

/** The larger of the number and 0. */
export function atLeastZero(a: Fraction): Fraction {
  return a.num > 0n ? a : ZERO;
}

/** Digits after the point of a fraction that is a finite decimal; null for the others. */
function finiteDecimals(den: bigint): number | null {
  let [rest, twos, fives] = [den, 0, 0];
  while (rest % 2n === 0n) {
    rest /= 2n;
    twos += 1;
  }
  while (rest % 5n === 0n) {
    rest /= 5n;
    fives += 1;
  }
  return rest === 1n ? Math.max(twos, fives) : null;
}

/** Longer finite decimals are rounded too: nobody reads them. */
const MAX_EXACT_DECIMALS = 120;

/**
 * A fraction as plain decimal text: exact where it is a finite decimal, else rounded half away from zero to `significant`
 * digits. No exponent, no trailing zeros.
 *
 * @example formatSignificant({ num: 100500n, den: 11n }, 10) // '9136.363636'
 */
export function formatSignificant(f: Fraction, significant: number): string {
  const { num, den } = reduce(f);
  const decimals = finiteDecimals(den);
  if (decimals !== null && decimals <= MAX_EXACT_DECIMALS) {
    return formatUnits((num * pow10(decimals)) / den, decimals);
  }
  const whole = (num < 0n ? -num : num) / den;
  let places = significant - (whole === 0n ? 0 : whole.toString().length);
  if (whole === 0n) {
    // Zeros after the point are not significant.
    const size = num < 0n ? -num : num;
    for (let scaled = size * 10n; scaled < den; scaled *= 10n) places += 1;
  }
  places = Math.max(places, 0);
  const text = formatUnits(divHalfAway(num * pow10(places), den), places);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
