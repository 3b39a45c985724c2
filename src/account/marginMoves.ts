/**
 * Moves of margin between an isolated position and the wallet behind it: a change of leverage or of the margin mode, margin
 * added or taken out by hand. Each function says what the move would make of the position, or why its own rule refuses it;
 * whether the account covers the result is isCovered. Booking is account.ts. Rules: docs/settlement.md, "Moving margin".
 */

import { type Fraction, fractionToF64 } from '../money/decimal.js';
import type { VenueRules } from '../venue/rules.js';
import type { MarginMode } from './bills.js';
import {
  type Balances,
  computeClosingFee,
  computeInitialMargin,
  computeUnrealizedPnl,
  isLeverageAboveTier,
} from './margin.js';
import type { Position } from './position.js';

/** Why a move is refused: code, machine reason and the numbers. */
export interface MoveRefusal {
  readonly code: number;
  readonly reason: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What a move changes of a position. */
export type Moved = Pick<Position, 'mode' | 'leverage' | 'margin' | 'added'>;
export type Move = { readonly moved: Moved } | { readonly refusal: MoveRefusal };

function refused(code: number, reason: string, details: Readonly<Record<string, unknown>> = {}): Move {
  return { refusal: { code, reason, details } };
}

/**
 * Another leverage. An isolated position gets exactly the initial margin of its entry value, V_E/L rounded up, so margin added
 * before is reset; a cross one only reserves differently. The deepcoin rule bounds the change of an isolated position:
 * upward to where its loss is half the new margin, downward to what its margin and all that is usable cover.
 *
 * @param usable what may become isolated margin, settlement units.
 * @example inverse, V_E = 1, A = 0.1, U = −0.02, 0.4 usable: 2 to 25
 */
export function moveLeverage(
  rules: VenueRules,
  position: Position,
  leverage: Fraction,
  mark: Fraction,
  usable: bigint,
): Move {
  const { contract, cost, mode } = position;
  if (isLeverageAboveTier(contract, leverage, cost)) {
    return refused(70003, 'leverage_above_tier', { leverage: fractionToF64(leverage) });
  }
  if (mode === 'cross') return { moved: { ...position, leverage } };
  if (rules.leverageChange === 'deepcoin') {
    const profit = computeUnrealizedPnl(rules, position, mark);
    // L > 0.5·V_E/|U|, cross-multiplied.
    if (profit < 0n && leverage.num * 2n * -profit > cost * leverage.den) {
      return refused(70004, 'leverage_above_loss_bound', { entry_value: cost, unrealized_pnl: profit });
    }
    if (leverage.num * (position.margin + usable) < cost * leverage.den) {
      return refused(70004, 'insufficient_margin', { entry_value: cost, usable: position.margin + usable });
    }
  }
  return { moved: { mode, leverage, margin: computeInitialMargin(contract, leverage, cost), added: 0n } };
}

/** Another margin mode: the isolated margin goes to the cross wallet, or V_E/L comes from it. */
export function moveMode(position: Position, mode: MarginMode): Move {
  const { contract, leverage, cost } = position;
  const margin = mode === 'isolated' ? computeInitialMargin(contract, leverage, cost) : 0n;
  return { moved: { mode, leverage, margin, added: 0n } };
}

/** Margin added by hand, above zero and at most what is usable. Leverage stays as it is. */
export function moveMarginIn(position: Position, amount: bigint, usable: bigint): Move {
  if (amount > usable) return refused(70004, 'insufficient_margin', { need: amount, usable });
  return { moved: { ...position, margin: position.margin + amount, added: position.added + amount } };
}

/**
 * Margin taken out by hand: what stays covers the initial margin and the estimated closing fee.
 *
 * @example A = 0.15 at 10×, V_E = 1, fee 0.075 %: 0.049175 may be taken out
 */
export function moveMarginOut(position: Position, amount: bigint, takerFee: Fraction): Move {
  const { contract, leverage, cost } = position;
  const margin = position.margin - amount;
  const least = computeInitialMargin(contract, leverage, cost) + computeClosingFee(position, takerFee);
  if (margin < least) return refused(70004, 'margin_below_initial', { margin, least });
  return { moved: { ...position, margin, added: position.added - amount } };
}

/** Whether an account covers a move: nothing that it needs is missing afterwards that was not missing before. */
export function isCovered(before: Balances, after: Balances): boolean {
  const holds = (was: bigint, is: bigint): boolean => is >= 0n || is >= was;
  return holds(before.available, after.available) && holds(before.crossWallet, after.crossWallet);
}
