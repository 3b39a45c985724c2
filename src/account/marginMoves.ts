/**
 * Moves of margin between an isolated position and the wallet behind it: a change of leverage or of the margin mode, margin
 * added or taken out by hand. Each function says what the move would make of the position, or why its own rule refuses it;
 * whether the account covers the result is isCovered. Booking is account.ts. Rules: docs/settlement.md, "Moving margin".
 */

import { computeValue } from '../contract/payoff.js';
import { compareFractions, type Fraction, fractionToF64 } from '../money/decimal.js';
import { divCeil } from '../money/rounding.js';
import type { VenueRules } from '../venue/rules.js';
import type { Balances } from './balances.js';
import type { MarginMode } from './bills.js';
import {
  computeClosingFee,
  computeIsolatedInitial,
  computePositionInitial,
  computeUnrealizedPnl,
  isLeverageAboveTier,
} from './margin.js';
import { absolute, exposureOf, type Position } from './position.js';

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
  if (isLeverageAboveTier(contract, leverage, exposureOf(position))) {
    return refused(70003, 'leverage_above_tier', { leverage: fractionToF64(leverage) });
  }
  const decrease = refuseLeverageDecrease(rules, position, leverage);
  if (decrease !== null) return { refusal: decrease };
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
  return { moved: { mode, leverage, margin: computePositionInitial({ ...position, leverage }), added: 0n } };
}

/**
 * Venues that let no open position lower its leverage: refused below the present setting, where 0, the tier's own rate, is above
 * every number. Null for a flat position and wherever the venue allows it.
 */
export function refuseLeverageDecrease(rules: VenueRules, position: Position, leverage: Fraction): MoveRefusal | null {
  const { leverageChange } = rules;
  const isBound =
    leverageChange === 'no_decrease' || (leverageChange === 'no_decrease_isolated' && position.mode === 'isolated');
  if (!isBound || position.qty === 0n || leverage.num === 0n) return null;
  if (position.leverage.num !== 0n && compareFractions(leverage, position.leverage) >= 0) return null;
  const details = { leverage: fractionToF64(leverage), now: fractionToF64(position.leverage) };
  return { code: 400, reason: 'leverage_decrease', details };
}

/** Another margin mode: the isolated margin goes to the cross wallet, or V_E/L comes from it. */
export function moveMode(position: Position, mode: MarginMode): Move {
  const margin = mode === 'isolated' ? computePositionInitial(position) : 0n;
  return { moved: { mode, leverage: position.leverage, margin, added: 0n } };
}

/**
 * Why the venue does not let the margin mode of a symbol change now; null where it does.
 *
 * @param sidesHeld positions that are not flat: 0 or 1, in hedged mode up to 2.
 * @param hasOrders whether an order of the symbol is working.
 */
export function refuseModeSwitch(
  rules: VenueRules,
  to: MarginMode,
  sidesHeld: number,
  hasOrders: boolean,
): MoveRefusal | null {
  const no = (reason: string): MoveRefusal => ({ code: 70001, reason, details: {} });
  switch (rules.marginModeSwitch) {
    case 'anytime':
      return null;
    case 'deepcoin':
      return to === 'isolated' && sidesHeld > 1 ? no('both_sides_held') : null;
    case 'flat':
      return sidesHeld > 0 ? no('open_position') : null;
    case 'flat_no_orders':
      if (sidesHeld > 0) return no('open_position');
      return hasOrders ? no('open_orders') : null;
  }
}

/** Margin added by hand, above zero and at most what is usable. Leverage stays as it is. */
export function moveMarginIn(position: Position, amount: bigint, usable: bigint): Move {
  if (amount > usable) return refused(70004, 'insufficient_margin', { need: amount, usable });
  return { moved: { ...position, margin: position.margin + amount, added: position.added + amount } };
}

/**
 * Margin taken out by hand. By the rule `deepcoin` what stays covers the initial margin and the estimated closing fee; by
 * `hyperliquid` profit may leave with it: at most A, and A + U stays at least max(initial margin, a tenth of the value at the
 * mark). Initial margin is on the venue's isolated basis.
 *
 * @example A = 0.15 at 10×, V_E = 1, fee 0.075 %: 0.049175 may be taken out
 */
export function moveMarginOut(
  rules: VenueRules,
  position: Position,
  amount: bigint,
  mark: Fraction,
  takerFee: Fraction,
): Move {
  const margin = position.margin - amount;
  const init = computeIsolatedInitial(rules, position, mark);
  const moved = { ...position, margin, added: position.added - amount };
  if (rules.removeRule === 'deepcoin') {
    const least = init + computeClosingFee(position, takerFee, init);
    return margin < least ? refused(70004, 'margin_below_initial', { margin, least }) : { moved };
  }
  const value = computeValue(position.contract, rules.valueRounding, absolute(position.qty), mark);
  const tenth = divCeil(value, 10n);
  const least = init > tenth ? init : tenth;
  const equity = margin + computeUnrealizedPnl(rules, position, mark);
  if (margin < 0n || equity < least) return refused(70004, 'margin_below_initial', { margin, equity, least });
  return { moved };
}

/** Whether an account covers a move: nothing that it needs is missing afterwards that was not missing before. */
export function isCovered(before: Balances, after: Balances): boolean {
  const holds = (was: bigint, is: bigint): boolean => is >= 0n || is >= was;
  const cashOf = ({ crossWallet, locked }: Balances): bigint => crossWallet - locked;
  return holds(before.available, after.available) && holds(cashOf(before), cashOf(after));
}
