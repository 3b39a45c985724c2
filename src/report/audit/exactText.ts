/**
 * Decimal text as exact integers of 10^-18, and back: what an audit adds and compares. Money of every currency fits, so one
 * scale serves all columns; nothing is rounded and nothing is a float64.
 */

import { formatUnits, pow10 } from '../../money/units.js';

/** Digits after the point that every amount is held with. */
const SCALE = 18;
const DECIMAL = /^(-?)(\d+)(?:\.(\d{1,18}))?$/;

/** Plain decimal text → integer of 10^-18; undefined for any other text. */
export function parseExact(text: string): bigint | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const size = BigInt(match[2]!) * pow10(SCALE) + BigInt((match[3] ?? '').padEnd(SCALE, '0'));
  return match[1] === '-' ? -size : size;
}

/** An integer of 10^-18 as text with the digits that `like` has, and more where the amount needs them. */
export function formatLike(amount: bigint, like: string): string {
  const point = like.indexOf('.');
  const least = point < 0 ? 0 : like.length - point - 1;
  const text = formatUnits(amount, SCALE);
  const end = text.length - SCALE;
  let digits = SCALE;
  while (digits > least && text[end + digits - 1] === '0') digits--;
  return digits === 0 ? text.slice(0, end - 1) : text.slice(0, end + digits);
}
