/**
 * Numbers in cells. A price is a decimal above zero that fits 15 significant digits, because such a decimal survives the
 * way into float64 and back; a longer one is rounded. Lean on purpose: the usual cell costs one conversion and no
 * pattern.
 */

import { Big } from '../money/decimal.js';

/** Significant digits of a price that float64 keeps. */
const MAX_DIGITS = 15;
const NINE = 57;
const BLANK = 32;

/** Whether the text is of the kinds only programs write, `0x1F` or `0b1`, which the conversion would accept. */
function isRadixLiteral(text: string): boolean {
  const isUsual = text.charCodeAt(0) > BLANK && !(text.charCodeAt(1) > NINE);
  return !isUsual && /^\s*0[xob]/i.test(text);
}

/** Cell → price, or NaN when it is not a finite decimal above zero. Not rounded: see hasLongDigits. */
export function parsePrice(text: string): number {
  const x = Number(text);
  return x > 0 && x < Number.POSITIVE_INFINITY && !isRadixLiteral(text) ? x : Number.NaN;
}

/** Cell → volume, finite and not negative; NaN for anything else, an empty cell too. */
export function parseVolume(text: string): number {
  const x = Number(text);
  if (!(x >= 0 && x < Number.POSITIVE_INFINITY) || isRadixLiteral(text)) return Number.NaN;
  return text.trim() === '' ? Number.NaN : x;
}

/** Whether a price's text has more than 15 significant digits. Zeros at either end do not count. */
export function hasLongDigits(text: string): boolean {
  // Fifteen digits or fewer cannot be too many.
  if (text.length <= MAX_DIGITS) return false;
  const mantissa = text.replace(/e.*$/i, '').replace(/\D/g, '');
  return mantissa.replace(/^0+/, '').replace(/0+$/, '').length > MAX_DIGITS;
}

/** A price's text rounded to 15 significant digits, halves away from zero. */
export function roundPrice(text: string): number {
  return Number(new Big(text.trim()).prec(MAX_DIGITS, 1).toString());
}
