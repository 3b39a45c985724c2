/**
 * One position of one account in one symbol: the net one, or in hedged mode one side. It holds the open cost in settlement
 * units instead of an average price, so that adds and partial closes stay exact. Margins are computed in margin.ts; wallets
 * change in account.ts. A spot holding is such a position too, for its average cost; it never carries margin.
 */

import type { Contract } from '../contract/contract.js';
import { computeExactValue, priceOfValue, valueSign } from '../contract/payoff.js';
import type { Exposure } from '../contract/riskTiers.js';
import { compareFractions, type Fraction } from '../money/decimal.js';
import { integer, minus, negate, over, plus, times, ZERO } from '../money/fractions.js';
import { divHalfAway } from '../money/rounding.js';
import type { MarginMode } from './bills.js';

/** Which position of a symbol: the net one of one-way mode, or a side of hedged mode. */
export type Slot = 'net' | 'long' | 'short';

export interface Position {
  readonly contract: Contract;
  readonly slot: Slot;
  mode: MarginMode;
  /** Leverage setting; 0 stands for cross at the tier's own initial rate. */
  leverage: Fraction;
  /** Counts from 1 within the account; 0 while flat. */
  id: number;
  /** Signed quantity units; 0 when flat, below 0 in the slot `short`. */
  qty: bigint;
  /** Open cost C: the sum of the rounded values of the fills still open, unsigned. */
  cost: bigint;
  /** Isolated margin A: assigned at the fills, moved by funding; 0 for cross. May fall below 0 through funding. */
  margin: bigint;
  /** The part of A that was added by hand or by an automatic call, less what was taken out; 0 for cross. */
  added: bigint;
}

export function createPosition(contract: Contract, mode: MarginMode, leverage: Fraction, slot: Slot = 'net'): Position {
  return { contract, slot, mode, leverage, id: 0, qty: 0n, cost: 0n, margin: 0n, added: 0n };
}

/** What decides the tier of a position by its entry: its cost and its contracts. */
export function exposureOf(position: Position): Exposure {
  return { value: position.cost, qty: absolute(position.qty) };
}

/** An inverse short with collateral of at least its cost: the price would have to rise for ever. */
export function cannotLoseAll(position: Position, collateral: bigint): boolean {
  return position.contract.type === 'inverse' && position.qty < 0n && collateral >= position.cost;
}

export function absolute(n: bigint): bigint {
  return n < 0n ? -n : n;
}

/** s·σ: +1 where profit rises with the position's value (linear long, inverse short), −1 where it falls. */
export function profitSign(position: Position): 1n | -1n {
  const sign = position.qty < 0n ? -1n : 1n;
  return (sign * valueSign(position.contract)) as 1n | -1n;
}

/** Average entry price, exact: N/C for inverse, C/N for linear. Null when flat. */
export function computeEntryPrice(position: Position): Fraction | null {
  if (position.qty === 0n) return null;
  return priceOfValue(position.contract, absolute(position.qty), { num: position.cost, den: 1n });
}

/** Cost released by closing `qty`: round(C·k/q), all of C for the whole, so that no dust stays. */
export function computeReleasedCost(position: Position, qty: bigint): bigint {
  const held = absolute(position.qty);
  return qty === held ? position.cost : divHalfAway(position.cost * qty, held);
}

/**
 * Unrealised profit at a price without any rounding, in settlement units: s·σ·(V(p) − C).
 */
export function computeExactProfit(position: Position, price: Fraction): Fraction {
  if (position.qty === 0n) return { num: 0n, den: 1n };
  const value = computeExactValue(position.contract, absolute(position.qty), price);
  return { num: profitSign(position) * (value.num - position.cost * value.den), den: value.den };
}

/** A holding in exact numbers, for sequences of fills that nothing rounds: signed contracts and their open cost. */
export interface Holding {
  readonly qty: Fraction;
  readonly cost: Fraction;
}

/** What a fill made of a holding. `closed` is the part of the fill that closed, in contracts. */
export interface HoldingChange {
  readonly after: Holding;
  readonly closed: Fraction;
  /** Profit of the closing part, without fees. */
  readonly gross: Fraction;
}

/**
 * One fill: the part against the holding closes at its average, what is left over opens. Value is in proportion to quantity.
 *
 * @param qty signed contracts, not 0.
 * @param value value of the whole fill.
 * @param sigma +1 where value rises with the price, −1 for inverse contracts.
 * @example inverse long 1,000 at 9,000, sell 1,000 at 10,000: 1/90
 */
export function applyFill(before: Holding, qty: Fraction, value: Fraction, sigma: 1n | -1n): HoldingChange {
  const sameSide = before.qty.num === 0n || before.qty.num > 0n === qty.num > 0n;
  if (sameSide) {
    return { after: { qty: plus(before.qty, qty), cost: plus(before.cost, value) }, closed: ZERO, gross: ZERO };
  }
  const size = absoluteFraction(qty);
  const held = absoluteFraction(before.qty);
  const closed = compareFractions(size, held) < 0 ? size : held;
  const closedCost = over(times(before.cost, closed), held);
  const closedValue = over(times(value, closed), size);
  const sign = integer((before.qty.num < 0n ? -1n : 1n) * sigma);
  const gross = times(sign, minus(closedValue, closedCost));
  const cost = plus(minus(before.cost, closedCost), minus(value, closedValue));
  return { after: { qty: plus(before.qty, qty), cost }, closed, gross };
}

function absoluteFraction(a: Fraction): Fraction {
  return a.num < 0n ? negate(a) : a;
}
