/**
 * The text of one value: times, prices, averages, quantities and ratios as every table prints them. Plain decimals only:
 * never an exponent, never a minus zero, a point as separator, no thousands separators. Which column uses which is the
 * tables' business; quoting is csv.ts's.
 */

import type { Contract } from '../contract/contract.js';
import { invariant } from '../errors.js';
import { Big, type Fraction } from '../money/decimal.js';
import { divHalfAway } from '../money/rounding.js';
import { formatSafeUnits, formatUnits, pow10 } from '../money/units.js';

/** Digits of averages, and the least of them for a contract whose tick is finer. */
const AVERAGE_DECIMALS = 8;
/** Digits of every ratio: returns, rates, drawdowns. */
export const RATIO_DECIMALS = 8;
/** Significant digits of a decimal that survives the way through a float64. */
const EXACT_F64_LIMIT = 1e15;

/**
 * Milliseconds since 1970 → `YYYY-MM-DDTHH:MM:SS.mmmZ`.
 *
 * @example formatTime(0) // '1970-01-01T00:00:00.000Z'
 */
export function formatTime(timeMs: number): string {
  // Many rows in a row are of one time.
  if (timeMs === lastTimeMs) return lastTimeText;
  const day = Math.floor(timeMs / DAY_MS);
  if (day !== lastDay) {
    lastDayText = new Date(day * DAY_MS).toISOString().slice(0, -13);
    lastDay = day;
  }
  const ms = timeMs - day * DAY_MS;
  const minute = Math.floor(ms / 60_000);
  const second = Math.floor(ms / 1000) - minute * 60;
  const hour = Math.floor(minute / 60);
  const clock = `${TWO_DIGITS[hour]}:${TWO_DIGITS[minute - hour * 60]}:${TWO_DIGITS[second]}`;
  lastTimeText = `${lastDayText}${clock}.${String(1000 + (ms % 1000)).slice(1)}Z`;
  lastTimeMs = timeMs;
  return lastTimeText;
}

const DAY_MS = 86_400_000;
const TWO_DIGITS = Array.from({ length: 60 }, (_, i) => String(i).padStart(2, '0'));
let lastTimeMs = Number.NaN;
let lastTimeText = '';
let lastDay = Number.NaN;
/** With the T. */
let lastDayText = '';

/**
 * The shortest decimal that a float64 stands for, as plain text with at least `decimals` digits after the point and more
 * where the number has more: nothing is lost.
 *
 * @throws InvariantError for NaN and infinities
 * @example formatF64(8000, 1) // '8000.0'; formatF64(8000.25, 1) // '8000.25'
 */
export function formatF64(x: number, decimals: number): string {
  invariant(Number.isFinite(x), () => `a price to print is ${x}`);
  const unit = 10 ** decimals;
  const units = Math.round(x * unit);
  if (Math.abs(units) < EXACT_F64_LIMIT && units / unit === x) return formatSafeUnits(units, decimals);
  const big = new Big(String(x));
  return big.toFixed(Math.max(decimals, big.c.length - 1 - big.e));
}

/** A price of a contract: the tick's digits, more where the price lies off the tick. */
export function formatPrice(price: number, contract: Contract | null): string {
  return formatF64(price, contract?.priceDecimals ?? 0);
}

/** An average price as units of its last digit: 8 digits, more where the tick has more; rounded half away from zero. */
export function averageUnits(average: Fraction, contract: Contract | null): { amount: bigint; decimals: number } {
  const decimals = Math.max(AVERAGE_DECIMALS, contract?.priceDecimals ?? 0);
  return { amount: divHalfAway(average.num * pow10(decimals), average.den), decimals };
}

/** The same as text. */
export function formatAverage(average: Fraction, contract: Contract | null): string {
  const { amount, decimals } = averageUnits(average, contract);
  return formatUnits(amount, decimals);
}

/** A quantity in contracts. Without a contract (an unknown symbol) it counts whole contracts. */
export function formatQty(qty: bigint, contract: Contract | null): string {
  return formatUnits(qty, contract?.qtyDecimals ?? 0);
}

/** A leverage: at most 8 digits, without trailing zeros: `10`, `2.5`. */
export function formatLeverage(leverage: Fraction): string {
  return formatFixed(leverage, RATIO_DECIMALS).replace(/\.?0+$/, '');
}

/** part / whole with 8 digits, half away from zero; null unless `whole` is positive, where a share means nothing. */
export function formatShare(part: bigint, whole: bigint): string | null {
  return whole > 0n ? formatFixed({ num: part, den: whole }, RATIO_DECIMALS) : null;
}

/** A statistic → plain decimal with 8 digits. @throws InvariantError for NaN and infinities */
export function formatRatio(x: number): string {
  invariant(Number.isFinite(x), () => `a ratio to print is ${x}`);
  const text = Math.abs(x) < 1e20 ? x.toFixed(RATIO_DECIMALS) : new Big(String(x)).toFixed(RATIO_DECIMALS);
  return /^-0\.0+$/.test(text) ? text.slice(1) : text;
}

/** A count for people: `1,234`. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** An exact fraction, half away from zero. Integers throughout, so that zero has no sign. */
function formatFixed(f: Fraction, decimals: number): string {
  return formatUnits(divHalfAway(f.num * pow10(decimals), f.den), decimals);
}
