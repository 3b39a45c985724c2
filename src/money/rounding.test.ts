/** Directions of rounding: each boundary in threes, below and above zero, and the laws that tie the directions together. */

import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { InvariantError } from '../errors.js';
import { divCeil, divFloor, divHalfAway } from './rounding.js';

describe('rounded division', () => {
  // n / d: floor, ceil, half away from zero
  test.each([
    [5n, 3n, 1n, 2n, 2n],
    [6n, 3n, 2n, 2n, 2n],
    [7n, 3n, 2n, 3n, 2n],
    [-5n, 3n, -2n, -1n, -2n],
    [-6n, 3n, -2n, -2n, -2n],
    [-7n, 3n, -3n, -2n, -2n],
    [4n, 10n, 0n, 1n, 0n],
    [5n, 10n, 0n, 1n, 1n],
    [6n, 10n, 0n, 1n, 1n],
    [-4n, 10n, -1n, 0n, 0n],
    [-5n, 10n, -1n, 0n, -1n],
    [-6n, 10n, -1n, 0n, -1n],
    [24n, 10n, 2n, 3n, 2n],
    [25n, 10n, 2n, 3n, 3n],
    [26n, 10n, 2n, 3n, 3n],
    [0n, 7n, 0n, 0n, 0n],
    [1n, 1n, 1n, 1n, 1n],
    [-1n, 1n, -1n, -1n, -1n],
  ])('when %s is divided by %s then floor %s, ceil %s, half away %s', (n, den, floor, ceil, half) => {
    expect([divFloor(n, den), divCeil(n, den), divHalfAway(n, den)]).toEqual([floor, ceil, half]);
  });

  test.each([0n, -1n, -3n])('when the divisor is %s then it crashes', (den) => {
    for (const divide of [divFloor, divCeil, divHalfAway]) expect(() => divide(1n, den)).toThrow(InvariantError);
  });

  it('when any integers are divided then each direction keeps its side, and the mirror of floor is ceil', () => {
    const numerator = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
    fc.assert(
      fc.property(numerator, fc.bigInt({ min: 1n, max: 10n ** 12n }), (n, den) => {
        const [floor, ceil, half] = [divFloor(n, den), divCeil(n, den), divHalfAway(n, den)];
        expect(floor * den <= n && n < (floor + 1n) * den).toBe(true);
        expect(ceil).toBe(-divFloor(-n, den));
        expect(half).toBe(-divHalfAway(-n, den));
        const off = 2n * (half * den - n);
        expect(off <= den && -off <= den).toBe(true);
        if (off === den || -off === den) expect((half < 0n ? -half : half) * den > (n < 0n ? -n : n)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
