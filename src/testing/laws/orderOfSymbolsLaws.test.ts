/**
 * The law of the input's order: which symbol is named first decides what the strategy's own symbol is, and nothing else. The worlds
 * of several symbols are run in every order of them, the calls naming their symbols, and all rows compared. Invariant 16.
 */

import { describe, expect, it } from '@jest/globals';
import type { RunInput } from '../../engine/runInput.js';
import type { World } from '../simulator/world.js';
import { worldOf } from '../simulator/worldOf.js';
import { firstDifference, type RunTables, runWorld } from './runTables.js';

const WORLDS = 28;

/** The symbols of an input turned round, or their first moved to the end. */
const reversed = (input: RunInput): RunInput => ({ ...input, symbols: [...input.symbols].reverse() });
const rotated = (input: RunInput): RunInput => ({
  ...input,
  symbols: [...input.symbols.slice(1), ...input.symbols.slice(0, 1)],
});

/** Which bar is shown is the one thing that the first symbol decides: to `handleData`, and by a symbol that has candles of two venues. */
const withoutShown = (tables: RunTables, { symbols }: World): RunTables => ({
  ...tables,
  calls: tables.calls.filter(({ text }) => {
    const [, what, asked] = String(text).split(' ');
    const shared = symbols.filter(({ symbol }) => symbol !== undefined && symbol === asked);
    return what !== 'shown' || (asked?.startsWith('{') !== true && shared.length === 0);
  }),
});

describe('invariant 16: the order of the symbols in the input', () => {
  it('when it is another then every row of every table is the same to the byte', async () => {
    let [compared, rows, presets] = [0, 0, new Set<string>()];
    for (let seed = 1; compared < WORLDS; seed += 1) {
      const world = worldOf(seed);
      if (world.symbols.length < 2) continue;
      compared += 1;
      presets = new Set([...presets, ...world.accounts.map(({ preset }) => preset)]);
      const as = withoutShown(await runWorld(world), world);
      rows += as.trades.length;
      for (const change of world.symbols.length === 2 ? [reversed] : [reversed, rotated]) {
        const difference = firstDifference(as, withoutShown(await runWorld(world, change), world));
        expect(difference === null ? 'the same' : `seed ${seed}: ${difference}`).toBe('the same');
      }
    }
    expect(rows).toBeGreaterThan(400);
    expect(presets.size).toBeGreaterThan(7);
  });
});
