/**
 * The two engines judge each other: over random worlds they must write the same rows, to the last unit. Also tests the simulator
 * itself: that a seed always makes the same world, that a difference is seen, and that shrinking keeps it.
 */

import { describe, expect, it, test } from '@jest/globals';
import { runBacktest } from '../../engine/engine.js';
import type { RunInput } from '../../engine/runInput.js';
import { compareEngines, formatDifference } from './compareEngines.js';
import { shrink } from './shrink.js';
import { formatWorld, timesOf } from './world.js';
import { worldOf } from './worldOf.js';

const SEEDS = 300;
const PER_TEST = 25;

/** The fast engine with a fault: every account begins one unit richer. */
const oneUnitRicher = (input: RunInput): ReturnType<typeof runBacktest> =>
  runBacktest({
    ...input,
    accounts: input.accounts.map((account) => ({
      ...account,
      balances: account.balances.map((balance) => ({ ...balance, amount: balance.amount + 1n })),
    })),
  });

describe('both engines', () => {
  const starts = Array.from({ length: SEEDS / PER_TEST }, (_, i) => 1 + i * PER_TEST);

  test.each(starts)('when worlds are made from seed %i on then both engines write the same rows', async (start) => {
    for (let seed = start; seed < start + PER_TEST; seed += 1) {
      const difference = await compareEngines(worldOf(seed));
      if (difference !== null) throw new Error(formatDifference(await shrink(difference, { budget: 300 })));
    }
  });
});

describe('simulator', () => {
  it('when a seed is used twice then it makes the same world', () => {
    expect(formatWorld(worldOf(17))).toBe(formatWorld(worldOf(17)));
    expect(formatWorld(worldOf(17))).not.toBe(formatWorld(worldOf(18)));
  });

  it('when an engine is wrong by one unit then the difference is seen', async () => {
    const difference = await compareEngines(worldOf(2), oneUnitRicher);
    expect(difference?.stream).toBe('bills');
    expect(difference?.row).toBe(0);
  });

  it('when a failing world is shrunk then it fails in the same table with fewer bars and calls', async () => {
    const first = (await compareEngines(worldOf(1), oneUnitRicher))!;
    const smallest = await shrink(first, { budget: 60, fast: oneUnitRicher });
    expect(smallest.stream).toBe(first.stream);
    expect(timesOf(smallest.world).length).toBeLessThan(timesOf(first.world).length);
    expect(smallest.world.calls.length).toBeLessThan(first.world.calls.length);
  });
});
