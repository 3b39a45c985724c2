/**
 * One position of one account in one symbol, one-way. It holds the open cost in settlement units instead of an average
 * price, so that adds and partial closes stay exact. Margins are computed in margin.ts; wallets change in account.ts.
 */

import type { Contract } from '../contract/contract.js';
import { computeExactValue, priceOfValue, valueSign } from '../contract/payoff.js';
import type { Fraction } from '../money/decimal.js';
import { divHalfAway } from '../money/rounding.js';
import type { MarginMode } from './bills.js';

export interface Position {
  readonly contract: Contract;
  mode: MarginMode;
  /** Leverage setting; 0 stands for cross at the tier's own initial rate. */
  leverage: Fraction;
  /** Counts from 1 within the account; 0 while flat. */
  id: number;
  /** Signed quantity units; 0 when flat. */
  qty: bigint;
  /** Open cost C: the sum of the rounded values of the fills still open, unsigned. */
  cost: bigint;
  /** Isolated margin A: assigned at the fills, moved by funding; 0 for cross. May fall below 0 through funding. */
  margin: bigint;
  /** The part of A that was added by hand, less what was taken out; 0 for cross. */
  added: bigint;
}

export function createPosition(contract: Contract, mode: MarginMode, leverage: Fraction): Position {
  return { contract, mode, leverage, id: 0, qty: 0n, cost: 0n, margin: 0n, added: 0n };
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
