/**
 * The float64 estimate of where a position becomes due, judged by the exact marks: never further away, and hardly nearer.
 */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fractionToF64 } from '../money/decimal.js';
import { groups } from '../testing/laws/riskWorlds.js';
import { estimateDueLevels, isClearlySound } from './dueEstimate.js';
import { findDueMarks } from './dueMarks.js';
import { isGroupDue } from './riskGroup.js';

const RUNS = { numRuns: 3000 };

describe('against the exact marks', () => {
  it('when it gives levels then the exact ones lie at them or beyond, and the group is not due', () => {
    let [given, sides] = [0, 0];
    fc.assert(
      fc.property(groups(), ({ group, contract, mark, markOf }) => {
        const levels = estimateDueLevels(group, mark);
        if (levels === null) return;
        given += 1;
        expect(isGroupDue(group, markOf)).toBe(false);
        const { below, above } = findDueMarks(group, contract.symbol, markOf);
        if (below !== null) {
          sides += 1;
          const exact = fractionToF64(below.price);
          expect(levels.fall).toBeGreaterThanOrEqual(exact);
          expect(levels.fall <= exact * (1 + 1e-9) || levels.fall * 2.9 < fractionToF64(mark)).toBe(true);
        }
        if (above !== null) {
          sides += 1;
          const exact = fractionToF64(above.price);
          expect(levels.rise).toBeLessThanOrEqual(exact);
          expect(levels.rise >= exact * (1 - 1e-9) || levels.rise > 2.9 * fractionToF64(mark)).toBe(true);
        }
      }),
      RUNS,
    );
    // Hedges, groups over several symbols and narrow tiers have none, and the worlds are full of them.
    expect(given).toBeGreaterThan(RUNS.numRuns / 20);
    expect(sides).toBeGreaterThan(RUNS.numRuns / 40);
  });

  it('when a group is clearly sound then it is not due', () => {
    let sound = 0;
    fc.assert(
      fc.property(groups(), ({ group, mark, markOf }) => {
        if (!isClearlySound(group, mark)) return;
        sound += 1;
        expect(isGroupDue(group, markOf)).toBe(false);
      }),
      RUNS,
    );
    expect(sound).toBeGreaterThan(RUNS.numRuns / 10);
  });
});
