/** The small functions of every strategy against tables worked out by hand: crosses, bars since, change, z-score. */

import { describe, expect, it, test } from '@jest/globals';
import { barsSince, change, cross, zScore } from './index.js';

const NONE = Number.NaN;

describe('cross', () => {
  test.each<[string, readonly (readonly [number, number])[], readonly number[]]>([
    [
      'goes from below to above and back',
      [
        [1, 2],
        [3, 2],
        [4, 2],
        [1, 2],
        [0, 2],
      ],
      [0, 1, 0, -1, 0],
    ],
    [
      'begins above',
      [
        [3, 2],
        [4, 2],
        [1, 2],
      ],
      [0, 0, -1],
    ],
    [
      'stays equal',
      [
        [2, 2],
        [2, 2],
        [2, 2],
      ],
      [0, 0, 0],
    ],
    [
      'touches from below and goes back',
      [
        [1, 2],
        [2, 2],
        [1, 2],
      ],
      [0, 0, 0],
    ],
    [
      'touches from below and goes on',
      [
        [1, 2],
        [2, 2],
        [2, 2],
        [3, 2],
      ],
      [0, 0, 0, 1],
    ],
    [
      'touches from above and goes back',
      [
        [3, 2],
        [2, 2],
        [3, 2],
      ],
      [0, 0, 0],
    ],
    [
      'begins equal and goes up',
      [
        [2, 2],
        [3, 2],
        [1, 2],
      ],
      [0, 0, -1],
    ],
    [
      'is crossed by a moving line',
      [
        [5, 4],
        [5, 6],
        [5, 4],
      ],
      [0, -1, 1],
    ],
    [
      'is not known at first',
      [
        [NONE, 2],
        [1, NONE],
        [1, 2],
        [3, 2],
      ],
      [0, 0, 0, 1],
    ],
    [
      'is not known in between',
      [
        [1, 2],
        [NONE, 2],
        [3, 2],
        [1, NONE],
        [1, 2],
      ],
      [0, 0, 1, 0, -1],
    ],
    [
      'is infinite',
      [
        [-Infinity, 2],
        [Infinity, 2],
        [Infinity, Infinity],
        [2, Infinity],
      ],
      [0, 1, 0, -1],
    ],
    [
      'is zero of both signs',
      [
        [-0, 0],
        [1, 0],
        [-1, -0],
      ],
      [0, 0, -1],
    ],
  ])('when a series %s then the crosses are these', (_, pairs, expected) => {
    const indicator = cross();
    expect(indicator.value).toBe(0);
    for (const [i, [a, b]] of pairs.entries()) {
      expect(indicator.update(a, b)).toBe(expected[i]);
      expect(indicator.value).toBe(expected[i]);
    }
  });

  it('when two series wander then crosses up and crosses down take turns, and swapping them turns the sign', () => {
    const [ab, ba] = [cross(), cross()];
    const crosses: number[] = [];
    let state = 7;
    for (let i = 0; i < 2000; i += 1) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const [a, b] = [(state >>> 16) % 5, (state >>> 24) % 5];
      const crossing = ab.update(a, b);
      expect(ba.update(b, a) + crossing).toBe(0);
      if (crossing !== 0) crosses.push(crossing);
    }
    expect(crosses.length).toBeGreaterThan(300);
    expect(crosses.every((crossing, i) => i === 0 || crossing === -crosses[i - 1]!)).toBe(true);
  });
});

describe('barsSince', () => {
  it('when something comes true now and then then the bars since are counted', () => {
    const since = barsSince();
    expect(since.value).toBeNaN();
    const answers = [false, false, true, false, false, true, true, false].map((isTrue) => since.update(isTrue));
    expect(answers).toEqual([NONE, NONE, 0, 1, 2, 0, 0, 1]);
    expect(since.value).toBe(1);
  });
});

describe('change and zScore', () => {
  test.each([
    ['change()', change(), [5, 7, 4], [NONE, 2, -3]],
    ['change(2)', change(2), [1, 4, 9, 16, 9], [NONE, NONE, 8, 12, 0]],
    ['change(2) with a hole', change(2), [1, NONE, 4, NONE, 9], [NONE, NONE, NONE, NONE, 8]],
    ['zScore(4)', zScore(4), [1, 1, 1, 5, 5], [NONE, NONE, NONE, Math.sqrt(3), 1]],
    ['zScore(2)', zScore(2), [3, 1, 7], [NONE, -1, 1]],
    ['zScore(3) of equal values', zScore(3), [0.1, 0.1, 0.1, 0.1], [NONE, NONE, 0, 0]],
    ['zScore(3) of equal large values', zScore(3), [1e9 / 3, 1e9 / 3, 1e9 / 3], [NONE, NONE, 0]],
    ['zScore(2) with a hole', zScore(2), [3, NONE, 1], [NONE, NONE, -1]],
  ] as const)('when %s is fed by hand then it answers the worked values', (_, indicator, values, expected) => {
    expect(indicator.value).toBeNaN();
    for (const [i, value] of values.entries()) {
      const answer = indicator.update(value);
      if (Number.isNaN(expected[i])) expect(answer).toBeNaN();
      else expect(answer).toBeCloseTo(expected[i]!, 12);
      expect(indicator.value).toBe(answer);
    }
  });

  test.each([
    ['change', () => change(0)],
    ['change', () => change(1.5)],
    ['zScore', () => zScore(1)],
  ])('when %s is given a period that cannot be then it says so', (name, make) => {
    expect(make).toThrow(`the period of ${name} cannot be used`);
  });
});
