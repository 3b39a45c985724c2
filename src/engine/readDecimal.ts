/**
 * Reads the numbers of a call, which may be anything an author passes: the shortest decimal text of a number, or the text itself.
 */

import { type Fraction, parseFraction } from '../money/decimal.js';

/** An exact fraction; undefined for what is no finite decimal. */
export function readDecimal(input: unknown): Fraction | undefined {
  if (Number.isSafeInteger(input)) return { num: BigInt(input as number), den: 1n };
  if (typeof input === 'number') return Number.isFinite(input) ? parseFraction(String(input)) : undefined;
  return typeof input === 'string' ? parseFraction(input.trim()) : undefined;
}

/** As readDecimal, and above zero. */
export function readPositive(input: unknown): Fraction | undefined {
  const value = readDecimal(input);
  return value !== undefined && value.num > 0n ? value : undefined;
}
