/**
 * The law of refusals: a call that is rejected changes nothing. At an order desk every call of the strategy API is made with random
 * arguments, and everything inside and in sight is compared. Invariant 15 of the settlement rules; what tables say is
 * rejectedCallsLaws.test.ts.
 */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PRESET_NAMES } from '../../venue/presets.js';
import { CALL_NAMES, CALLS, callArguments, deskWorlds, phases, stateOf } from './deskWorlds.js';

const script = fc.array(fc.tuple(fc.constantFrom(...CALL_NAMES), callArguments, phases), {
  minLength: 8,
  maxLength: 24,
});

describe('invariant 15: a rejected call', () => {
  it('when any call is rejected then all state is the same to the byte, and an order leaves one row at most', () => {
    const [calls, accepted, reasons, venues] = [0, 1, 2, 3].map(() => new Set<string>());
    fc.assert(
      fc.property(deskWorlds, script, (world, lines) => {
        const { desk, runtimes, accounts } = world;
        let before = stateOf(world);
        for (const [name, args, phase] of lines) {
          desk.phase = phase;
          const answer = CALLS[name](accounts.get(args.account), args);
          const refused = desk.takeRefused();
          if (answer.status !== 'rejected') {
            accepted!.add(name);
            stateOf(world); // takes the bills and the ended orders it has left
            before = stateOf(world);
            continue;
          }
          expect(stateOf(world)).toBe(before);
          // A change that is refused is answered by the order that stays.
          const leavesRow = 'id' in answer && answer.id > 0 && name !== 'modify';
          expect(refused.map(({ order }) => order.status)).toEqual(leavesRow ? ['rejected'] : []);
          calls!.add(name);
          reasons!.add('type' in answer ? `${answer.reason} ${answer.type}` : `${answer.reason}`);
          venues!.add(runtimes[0]!.account.rules.name);
        }
      }),
      { numRuns: 300 },
    );
    expect([...calls!].sort()).toEqual([...CALL_NAMES].sort());
    expect(accepted!.size).toBeGreaterThan(20);
    expect([...venues!].sort()).toEqual([...PRESET_NAMES].sort());
    // Refusals that come after something has been tried, and those that come late.
    const late = ['insufficient_margin', 'would_liquidate', 'leverage_above_tier', 'open_position', 'account_bankrupt'];
    const ofOrders = ['insufficient_margin limit', 'insufficient_margin market'];
    expect([...late, ...ofOrders].filter((reason) => !reasons!.has(reason))).toEqual([]);
    expect(reasons!.size).toBeGreaterThan(90);
  });
});
