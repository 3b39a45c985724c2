/**
 * Exact decimals. The program's only Big constructor (strict: numbers as operands and silent precision loss throw), the
 * parsing of decimal text into exact fractions, and the passage between prices as float64 and as exact fractions.
 *
 * A price in the program is a float64 that is the nearest one to a decimal of at most 15 significant digits: such a
 * decimal survives text → float64 → text, and float order equals decimal order. Where money is computed from it, it
 * becomes the exact Fraction of that decimal.
 */

import BigJs from 'big.js';
import { invariant } from '../errors.js';
import { pow10 } from './units.js';

/** The program's decimal constructor: 40 digits in divisions, half away from zero, strict. */
export const Big = BigJs();
Big.DP = 40;
Big.RM = 1;
Big.strict = true;
export type Decimal = BigJs.Big;

/** An exact rational number; `den` is positive. Not reduced. */
export interface Fraction {
  readonly num: bigint;
  readonly den: bigint;
}

const DECIMAL_TEXT = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
/** Beyond this many digits a number is a mistake or an attack, not a price or an amount. */
const MAX_EXPONENT = 60;

/** Whether the text is a plain or scientific decimal: `12`, `-0.5`, `.5`, `1e-4`. */
export function isDecimalText(text: string): boolean {
  if (!DECIMAL_TEXT.test(text)) return false;
  const e = text.search(/[eE]/);
  return e < 0 || Math.abs(Number(text.slice(e + 1))) <= MAX_EXPONENT;
}

/** Decimal text → exact fraction with a power of ten below. Undefined when the text is not a decimal. */
export function parseFraction(text: string): Fraction | undefined {
  if (!isDecimalText(text)) return undefined;
  const big = new Big(unsigned(text));
  const digits = BigInt(big.c.join('')) * BigInt(big.s);
  const decimals = big.c.length - 1 - big.e;
  return decimals > 0 ? { num: digits, den: pow10(decimals) } : { num: digits * pow10(-decimals), den: 1n };
}

/** A leading plus is a decimal to people, but not to big.js. */
function unsigned(text: string): string {
  return text.startsWith('+') ? text.slice(1) : text;
}

/** As parseFraction, for text that was checked before. @throws InvariantError */
export function fractionOf(text: string): Fraction {
  const f = parseFraction(text);
  invariant(f !== undefined, () => `not a decimal: ${text}`);
  return f;
}

/** Digits after the point of a decimal text, trailing zeros not counted: `0.50` has 1. */
export function decimalsOf(text: string): number {
  const big = new Big(unsigned(text));
  return Math.max(0, big.c.length - 1 - big.e);
}

/** Compares two fractions exactly: −1, 0 or 1. */
export function compareFractions(a: Fraction, b: Fraction): number {
  const l = a.num * b.den;
  const r = b.num * a.den;
  return l < r ? -1 : l > r ? 1 : 0;
}

const MAX_EXACT = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * Fraction → the nearest float64, so that a fraction that stands for a decimal of the data gives that decimal's float64 back.
 * For levels, rows and reports, never for booking.
 */
export function fractionToF64(f: Fraction): number {
  if (isExactF64(f)) return Number(f.num) / Number(f.den);
  const divisor = greatestCommonDivisor(f.num, f.den);
  const reduced = { num: f.num / divisor, den: f.den / divisor };
  if (isExactF64(reduced)) return Number(reduced.num) / Number(reduced.den);
  return Number(new Big(reduced.num.toString()).div(new Big(reduced.den.toString())).toPrecision(30));
}

function isExactF64({ num, den }: Fraction): boolean {
  return den <= MAX_EXACT && num <= MAX_EXACT && num >= -MAX_EXACT;
}

/** Of two integers; `b` is positive. */
export function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** Beyond fifteen digits several integers give the same float64 back. */
const MAX_15_DIGITS = 1e15;

const P10_F64 = Array.from({ length: 23 }, (_, i) => 10 ** i);

/**
 * Exact fraction of the shortest decimal that a float64 stands for. Fast for prices with few decimals: k/10^d with k below
 * 2^53 is the nearest float64 of that decimal, so the first d that gives the number back is exact.
 *
 * @param decimalsHint where to begin; the tick's decimals for a price.
 */
export function fractionOfF64(x: number, decimalsHint = 0): Fraction {
  for (let d = decimalsHint; d < P10_F64.length; d++) {
    const k = Math.round(x * P10_F64[d]!);
    if (Math.abs(k) > MAX_15_DIGITS) break;
    if (k / P10_F64[d]! === x) return { num: BigInt(k), den: pow10(d) };
  }
  return fractionOf(String(x));
}

/** A fraction whose denominator is a power of ten, rounded half away from zero to `decimals` digits, as plain text. */
export function formatFraction(f: Fraction, decimals: number): string {
  return new Big(f.num.toString()).div(new Big(f.den.toString())).toFixed(decimals);
}
