/**
 * Laws of what a liquidation costs, over every preset as it is, payoffs, modes and hedges: an isolated position costs its margin, a
 * cross wallet is empty at bankruptcy and never below zero. Invariants 8 and 9 of the settlement rules.
 */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { computeCommissionReserve } from '../../account/margin.js';
import { computeGroupEquity, computeGroupRequirement, isGroupDue, type RiskGroup } from '../../account/riskGroup.js';
import { compareFractions } from '../../money/decimal.js';
import { times } from '../../money/fractions.js';
import { PRESET_NAMES } from '../../venue/presets.js';
import { type Holding, heldBy, holdings, marksOf, type Offs, offsWithin } from './holdings.js';

const RUNS = { numRuns: 1500 };
const CODE = 'XBT';

/** Lets every group that is due be liquidated, isolated ones first; what is said of each is checked around it. */
function liquidateDue(
  holding: Holding,
  [marks, lasts]: readonly [Offs, Offs],
  check: (group: RiskGroup, isAtBankruptcy: boolean, liquidate: () => void) => void,
): void {
  const { account } = holding;
  const [markOf, lastOf] = [marksOf(holding, marks), marksOf(holding, lasts)];
  for (const { members } of account.riskGroups()) {
    const [{ position }] = members as [RiskGroup['members'][number]];
    const group = account.riskGroupOf(position);
    if (!isGroupDue(group, markOf)) continue;
    const { liquidationFill } = account.rules;
    const twoThirds = times(computeGroupRequirement(group, markOf), { num: 2n, den: 3n });
    const isGone = compareFractions(computeGroupEquity(group, markOf), twoThirds) <= 0;
    const isAtBankruptcy = liquidationFill === 'bankruptcy' || (liquidationFill === 'backstop' && isGone);
    check(group, isAtBankruptcy, () => account.applyLiquidation(group, 9, { markOf, lastOf }));
    account.takeBills();
  }
}

const count = (met: Map<string, number>, name: string): void => void met.set(name, (met.get(name) ?? 0) + 1);

describe('invariant 8: an isolated position that is liquidated', () => {
  it('when it is taken over then the wallet loses its margin and the ledger’s reserve; at the market at most the margin', () => {
    const met = new Map<string, number>();
    fc.assert(
      fc.property(holdings(), offsWithin(600), offsWithin(600), (holding, marks, lasts) => {
        const { account } = holding;
        liquidateDue(holding, [marks, lasts], (group, isAtBankruptcy, liquidate) => {
          const { position } = group.members[0]!;
          if (position.mode !== 'isolated') return liquidate();
          const { margin, contract } = position;
          const [wallet, crossWallet] = [account.wallet, account.crossWallet(CODE)];
          const reserve = computeCommissionReserve(account.rules, position, account.takerFee(contract));
          liquidate();
          count(met, account.rules.name);
          const lost = wallet - account.wallet;
          if (isAtBankruptcy) {
            const paid = crossWallet <= 0n ? 0n : reserve < crossWallet ? reserve : crossWallet;
            expect(lost).toBe(margin + paid);
          } else expect(lost <= (margin > 0n ? margin : 0n)).toBe(true);
        });
      }),
      RUNS,
    );
    expect([...met.keys()].sort()).toEqual([...PRESET_NAMES].sort());
  });
});

describe('invariant 9: a cross wallet after liquidation', () => {
  it('when all cross positions of a ledger are liquidated then it is 0 exactly at bankruptcy, and else not below 0', () => {
    const met = new Map<string, number>();
    const several = { taken: 0, kept: 0 };
    fc.assert(
      fc.property(holdings(), offsWithin(600), offsWithin(600), (holding, marks, lasts) => {
        const { account } = holding;
        liquidateDue(holding, [marks, lasts], (group, isAtBankruptcy, liquidate) => {
          const isSeveral = group.members.length > 1;
          const isolated = heldBy(account).filter(({ mode }) => mode === 'isolated');
          const margins = isolated.map(({ margin }) => margin);
          liquidate();
          if (group.mode !== 'cross') return;
          count(met, account.rules.name);
          if (isSeveral) several[isAtBankruptcy ? 'taken' : 'kept'] += 1;
          const left = account.crossWallet(CODE);
          if (isAtBankruptcy) expect(left).toBe(0n);
          else expect(left >= 0n).toBe(true);
          // Every cross position is gone, no isolated one is touched.
          expect(heldBy(account)).toEqual(isolated);
          expect(isolated.map(({ margin }) => margin)).toEqual(margins);
        });
      }),
      RUNS,
    );
    expect([...met.keys()].sort()).toEqual([...PRESET_NAMES].sort());
    expect(Math.min(several.taken, several.kept)).toBeGreaterThan(20);
  });
});
