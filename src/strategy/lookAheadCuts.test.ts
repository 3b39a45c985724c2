/** Where the future is cut off: one cut a stretch, at a close with a call if there is one, by seed. */

import { describe, expect, it, test } from '@jest/globals';
import { chooseCuts } from './lookAheadCuts.js';
import { createDraws } from './lookAheadScramble.js';

const closes = (count: number): number[] => Array.from({ length: count }, (_, i) => i * 10);

describe('chooseCuts', () => {
  it('when nothing was called then each stretch has one cut, and the last close none', () => {
    for (let seed = 0; seed < 50; seed++) {
      const cuts = chooseCuts(closes(101), [], 5, createDraws(seed));
      expect(cuts.map((cut) => Math.floor(cut / 200))).toEqual([0, 1, 2, 3, 4]);
    }
  });

  it('when a stretch has calls then the cut is at one of them', () => {
    for (let seed = 0; seed < 20; seed++) {
      const cuts = chooseCuts(closes(101), [0, 210, 210, 390, 990, 1000], 5, createDraws(seed));
      expect(cuts[0]).toBe(0);
      expect([210, 390]).toContain(cuts[1]);
      expect(cuts[4]).toBe(990);
    }
  });

  it('when a call was made at no close of the run then no cut is there', () => {
    const cuts = chooseCuts(closes(11), [-10, 5, 105], 1, createDraws(1));
    expect(closes(10)).toContain(cuts[0]);
  });

  it('when the seed is the same then the cuts are, and another seed has others', () => {
    const by = (seed: number) => chooseCuts(closes(1001), [], 5, createDraws(seed));
    expect(by(3)).toEqual(by(3));
    expect(by(3)).not.toEqual(by(4));
  });

  test.each([
    [0, 0],
    [1, 0],
    [2, 1],
    [3, 2],
    [6, 5],
    [7, 5],
  ])('when there are %d closes and five cuts are asked for then there are %d', (count, expected) => {
    const cuts = chooseCuts(closes(count), [], 5, createDraws(0));
    expect(cuts).toHaveLength(expected);
    expect(new Set(cuts).size).toBe(expected);
  });
});
