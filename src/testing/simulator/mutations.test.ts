/**
 * Which seed catches which broken rule: the same world passes with the engine as it is, and fails with the broken copy.
 */

import { describe, expect, it, test } from '@jest/globals';
import { compareEngines } from './compareEngines.js';
import { MUTATIONS } from './mutations.js';
import { worldOf } from './worldOf.js';

/** The first seed that sees each fault. */
const CAUGHT_BY: readonly (readonly [string, number])[] = [
  ['a taker fee off by one unit in a million', 1],
  ['the sign of funding turned round', 2],
  ['the bound of a risk step not in its step', 20],
  ['the floors of a table of tiers a fiftieth higher', 4],
  ['maintenance on the other basis', 1],
  ['no partial liquidation', 4],
  ['take-over always at bankruptcy', 1],
  ['a liquidation that cancels one symbol only', 9],
  ['isolated funding always from the margin', 122],
  ['both sides of a hedge charged', 70],
  ['orders netted by the larger side', 9],
  ['no automatic margin', 4],
  ['the optimistic path', 3],
  ['margin mode free to switch', 6],
  ['the least value of a spot order not asked', 36],
  ['makers of a spot pair charged as takers', 3],
  ['an inverse contract that prices nothing in totals', 3],
  ['leverage free to fall', 1],
  ['every account on the terms of the first', 1],
  ['finer bars not looked at', 10],
];

describe('broken rules', () => {
  test.each(CAUGHT_BY)(
    'when the fault is "%s" then seed %i sees it, and sees nothing without it',
    async (name, seed) => {
      const { engine } = MUTATIONS.find((mutation) => mutation.name === name)!;
      expect(await compareEngines(worldOf(seed))).toBeNull();
      expect(await compareEngines(worldOf(seed), engine)).not.toBeNull();
    },
  );

  it('when a fault is known then a seed is named for it', () => {
    expect(CAUGHT_BY.map(([name]) => name).sort()).toEqual(MUTATIONS.map(({ name }) => name).sort());
  });
});
