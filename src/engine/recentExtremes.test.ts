/**
 * The extremes since a step, judged by looking at every bar.
 */

import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RecentExtremes } from './recentExtremes.js';

it('when asked from any step then the extremes are those of all bars from it on', () => {
  const bars = fc.array(fc.tuple(fc.nat(50), fc.nat(50)), { maxLength: 200 });
  fc.assert(
    fc.property(bars, fc.nat(220), (all, from) => {
      const extremes = new RecentExtremes();
      for (const [i, [a, b]] of all.entries()) extremes.push(2 * i, Math.min(a, b), Math.max(a, b));
      const since = all.filter((_, i) => 2 * i >= from);
      expect(extremes.lowSince(from)).toBe(Math.min(...since.flat()));
      expect(extremes.highSince(from)).toBe(Math.max(...since.flat()));
    }),
  );
});

it('when it forgets then nothing is since any step, and it goes on', () => {
  const extremes = new RecentExtremes();
  extremes.push(0, 1, 2);
  extremes.clear();
  expect([extremes.lowSince(0), extremes.highSince(0)]).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  extremes.push(1, 5, 6);
  expect([extremes.lowSince(0), extremes.highSince(0)]).toEqual([5, 6]);
});
