/**
 * The only place that rounds. Division of integers by direction; callers name the direction, so that a reader sees who
 * profits. No decimals and no units here: see decimal.ts and units.ts.
 */

import { invariant } from '../errors.js';

/** floor(n / d), toward minus infinity. `d` must be positive. */
export function divFloor(n: bigint, d: bigint): bigint {
  invariant(d > 0n, () => `divFloor by ${d}`);
  const q = n / d;
  return n < 0n && q * d !== n ? q - 1n : q;
}

/** ceil(n / d), toward plus infinity. `d` must be positive. */
export function divCeil(n: bigint, d: bigint): bigint {
  invariant(d > 0n, () => `divCeil by ${d}`);
  const q = n / d;
  return n > 0n && q * d !== n ? q + 1n : q;
}

/** n / d to the nearest integer, halves away from zero. `d` must be positive. */
export function divHalfAway(n: bigint, d: bigint): bigint {
  invariant(d > 0n, () => `divHalfAway by ${d}`);
  const twice = (n < 0n ? -n : n) * 2n + d;
  const q = twice / (d * 2n);
  return n < 0n ? -q : q;
}
