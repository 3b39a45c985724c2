/**
 * Laws of margin that a trader moves, over every preset, payoff and mode of positions: added and taken out again it leaves no
 * trace, and a higher leverage never asks for more. Invariants 10 and 11 of the settlement rules.
 */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TradingAccount } from '../../account/account.js';
import { computePositionInitial } from '../../account/margin.js';
import { moveLeverage, moveMarginIn, moveMarginOut } from '../../account/marginMoves.js';
import type { Position } from '../../account/position.js';
import { isGroupDue } from '../../account/riskGroup.js';
import { compareFractions } from '../../money/decimal.js';
import { PRESET_NAMES } from '../../venue/presets.js';
import { heldBy, holdings, marksOf, offsWithin } from './holdings.js';

const RUNS = { numRuns: 1200 };
const isolatedOf = (account: TradingAccount): readonly Position[] =>
  heldBy(account).filter(({ mode }) => mode === 'isolated');

/** Everything that an account holds, as text. */
function stateOf(account: TradingAccount): string {
  const positions = heldBy(account).map(({ contract: { symbol }, ...position }) => ({ ...position, symbol }));
  const all = { wallet: account.wallet, crossWallet: account.crossWallet(), positions };
  return JSON.stringify(all, (_, item: unknown) => (typeof item === 'bigint' ? `${item}n` : item));
}

describe('invariant 10: margin added and taken out again', () => {
  it('when both are allowed then the account is as it was, under every preset', () => {
    const met = new Set<string>();
    let refused = 0;
    fc.assert(
      fc.property(holdings(), offsWithin(60), fc.bigInt({ min: 1n, max: 10n ** 9n }), (holding, offs, amount) => {
        const { account } = holding;
        const markOf = marksOf(holding, offs);
        for (const position of isolatedOf(account)) {
          const { contract, slot } = position;
          const before = stateOf(account);
          const { transferable } = account.balances('XBT', markOf, 0n);
          const added = moveMarginIn(position, amount, transferable);
          if ('refusal' in added) continue;
          account.applyMove(contract, 5, added.moved, 'margin_add', 'in', slot);
          expect(stateOf(account)).not.toBe(before);
          const back = moveMarginOut(account.rules, position, amount, markOf(contract), account.takerFee(contract));
          if ('refusal' in back) {
            refused += 1;
            account.takeBills();
            continue;
          }
          account.applyMove(contract, 5, back.moved, 'margin_remove', 'out', slot);
          expect(stateOf(account)).toBe(before);
          expect(account.takeBills().map((bill) => [bill.amount, bill.isolatedDelta])).toEqual([
            [0n, amount],
            [0n, -amount],
          ]);
          met.add(account.rules.name);
        }
      }),
      RUNS,
    );
    expect([...met].sort()).toEqual([...PRESET_NAMES].sort());
    expect(refused).toBeGreaterThan(10);
  });
});

describe('invariant 11: a higher leverage', () => {
  it('when a position has at least its initial margin then it never has more at a higher leverage, under every preset', () => {
    const met = new Set<string>();
    const leverages = fc.integer({ min: 1, max: 4000 });
    fc.assert(
      fc.property(holdings(), offsWithin(60), leverages, (holding, offs, hundredths) => {
        const { account } = holding;
        const markOf = marksOf(holding, offs);
        const { transferable } = account.balances('XBT', markOf, 0n);
        for (const position of heldBy(account)) {
          const { contract, slot, leverage: old, margin } = position;
          const leverage = { num: old.num * 100n + BigInt(hundredths) * old.den, den: old.den * 100n };
          const isDue = isGroupDue(account.riskGroupOf(position), markOf);
          if (isDue || (position.mode === 'isolated' && margin < computePositionInitial(position))) continue;
          const move = moveLeverage(account.rules, position, leverage, markOf(contract), transferable);
          if ('refusal' in move) continue;
          expect(compareFractions(move.moved.leverage, old)).toBe(1);
          expect(move.moved.margin <= margin).toBe(true);
          const crossWallet = account.crossWallet();
          account.applyMove(contract, 5, move.moved, 'leverage_change', 'higher', slot);
          // What the margin no longer needs is free, and nothing has left the wallet.
          expect(account.crossWallet() - crossWallet).toBe(margin - position.margin);
          expect(crossWallet <= account.crossWallet()).toBe(true);
          if (margin > position.margin) met.add(account.rules.name);
        }
      }),
      RUNS,
    );
    expect([...met].sort()).toEqual([...PRESET_NAMES].sort());
  });
});
