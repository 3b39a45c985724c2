/**
 * The reference engine's own arithmetic: big.js decimals and exact ratios of two of them. Nothing here is shared with the
 * program's money code, and nothing is fast. Comparisons never divide; a division happens only where a rule rounds.
 */

import BigJs from 'big.js';

export const Big = BigJs();
Big.DP = 60;
Big.RM = 0;
Big.strict = true;

/** A decimal; money is an integer of the settlement unit. */
export type Num = BigJs.Big;

/** An exact rational number; `d` is above zero. */
export interface Ratio {
  readonly n: Num;
  readonly d: Num;
}

export const ZERO = new Big('0');
export const ONE = new Big('1');
export const ZERO_RATIO: Ratio = { n: ZERO, d: ONE };
export const ONE_RATIO: Ratio = { n: ONE, d: ONE };

export const num = (text: string | bigint): Num => new Big(text.toString());
export const int = (whole: number): Num => new Big(String(whole));
export const toBigint = (x: Num): bigint => BigInt(x.toFixed());

/** The decimal that a float64 stands for: its shortest text. */
export const decimalOf = (x: number): Num => new Big(String(x));
/** Decimal → the float64 that stands for it. */
export const toFloat = (x: Num): number => Number(x.toFixed());

export const minNum = (a: Num, b: Num): Num => (a.lt(b) ? a : b);
export const maxNum = (a: Num, b: Num): Num => (a.gt(b) ? a : b);
export const negate = (x: Num): Num => ZERO.minus(x);
export const signed = (sign: number, x: Num): Num => (sign < 0 ? negate(x) : x);

export function ratio(n: Num, d: Num = ONE): Ratio {
  if (d.eq(ZERO)) throw new Error('a ratio with denominator 0');
  return d.lt(ZERO) ? { n: negate(n), d: negate(d) } : { n, d };
}

/** A fraction of the program's records, read. */
export const ratioOf = (f: { readonly num: bigint; readonly den: bigint }): Ratio => ratio(num(f.num), num(f.den));

const decimalsOf = (x: Num): number => x.toFixed().split('.')[1]?.length ?? 0;

/** A ratio of decimals as the fraction of integers that the records carry. */
export function fractionOf(a: Ratio): { num: bigint; den: bigint } {
  const up = new Big(`1e${Math.max(decimalsOf(a.n), decimalsOf(a.d))}`);
  return { num: toBigint(a.n.times(up)), den: toBigint(a.d.times(up)) };
}

/** The same number with the shortest numerator and denominator: places on a leg lead to further places, and would grow. */
export function reduced(a: Ratio): Ratio {
  const { num: n, den: d } = fractionOf(a);
  let [x, y] = [n < 0n ? -n : n, d];
  while (y > 0n) [x, y] = [y, x % y];
  return { n: num(n / x), d: num(d / x) };
}

export const add = (a: Ratio, b: Ratio): Ratio => ratio(a.n.times(b.d).plus(b.n.times(a.d)), a.d.times(b.d));
export const subtract = (a: Ratio, b: Ratio): Ratio => ratio(a.n.times(b.d).minus(b.n.times(a.d)), a.d.times(b.d));
export const multiply = (a: Ratio, b: Ratio): Ratio => ratio(a.n.times(b.n), a.d.times(b.d));
export const divide = (a: Ratio, b: Ratio): Ratio => ratio(a.n.times(b.d), a.d.times(b.n));
export const scale = (a: Ratio, k: Num): Ratio => ratio(a.n.times(k), a.d);
/** −1, 0 or 1. */
export const compare = (a: Ratio, b: Ratio): number => a.n.times(b.d).cmp(b.n.times(a.d));
export const maxRatio = (a: Ratio, b: Ratio): Ratio => (compare(a, b) < 0 ? b : a);

/** Largest integer ≤ a. */
export function floor(a: Ratio): Num {
  const rest = a.n.mod(a.d);
  const whole = a.n.minus(rest).div(a.d);
  return rest.lt(ZERO) ? whole.minus(ONE) : whole;
}

/** Smallest integer ≥ a. */
export const ceil = (a: Ratio): Num => negate(floor({ n: negate(a.n), d: a.d }));

/** The integer next to a toward zero. */
export const truncate = (a: Ratio): Num => (a.n.lt(ZERO) ? ceil(a) : floor(a));

/** Nearest integer, halves away from zero. */
export function round(a: Ratio): Num {
  const half = new Big('0.5');
  return a.n.lt(ZERO) ? ceil(subtract(a, ratio(half))) : floor(add(a, ratio(half)));
}

/** A ratio as a float64, for figures that strategies read; never for booking. */
export const ratioToFloat = (a: Ratio): number => Number(a.n.div(a.d).toFixed());
