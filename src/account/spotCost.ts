/**
 * What a spot order takes: the quote currency that a buy locks, fee included, the coins of a sell in the units of their ledger,
 * and how much a sum or a number of coins is good for. Pure; which orders rest is the engine's spotLocks.ts.
 */

import type { Contract } from '../contract/contract.js';
import { computeExactValue, computeValue } from '../contract/payoff.js';
import { invariant } from '../errors.js';
import type { Fraction } from '../money/decimal.js';
import { divCeil } from '../money/rounding.js';
import { type Currency, pow10 } from '../money/units.js';

/** The currency of a pair's coins. @throws InvariantError for a contract. */
export function baseOf({ base, symbol }: Contract): Currency {
  invariant(base !== null, () => `${symbol} is no spot pair`);
  return base;
}

/** A quantity of a pair in units of its base ledger. */
export function toBaseUnits(contract: Contract, qty: bigint): bigint {
  return qty * pow10(baseOf(contract).decimals - contract.qtyDecimals);
}

/** Units of the base ledger as a quantity of the pair, rounded down. */
export function toQtyUnits(contract: Contract, units: bigint): bigint {
  return units / pow10(baseOf(contract).decimals - contract.qtyDecimals);
}

/** A quantity on the pair's step, rounded down. */
export function onSpotStep(contract: Contract, qty: bigint): bigint {
  return qty - (qty % contract.qtyStep);
}

/**
 * What a buy takes of the quote ledger at most: V(q, p) + ceil(max(f, 0)·V(q, p)), in its units.
 *
 * @example 0.5 coins at 10,000 with a fee of 0.1 %: 5,005
 */
export function computeSpotLock(contract: Contract, qty: bigint, price: Fraction, takerFee: Fraction): bigint {
  const value = computeValue(contract, 'per_fill', qty, price);
  return takerFee.num > 0n ? value + divCeil(value * takerFee.num, takerFee.den) : value;
}

/**
 * The largest quantity on the step that `budget` pays for: lock(q, p) ≤ budget.
 *
 * @param budget units of the quote ledger, at least 0.
 * @example 1,000 at 10,000 with a fee of 0.1 %, step 0.001: 0.099
 */
export function computeBuyableQty(contract: Contract, budget: bigint, price: Fraction, takerFee: Fraction): bigint {
  // V + ceil(f·V) ≤ budget for whole V means V ≤ budget / (1 + f).
  const value = takerFee.num > 0n ? (budget * takerFee.den) / (takerFee.den + takerFee.num) : budget;
  // A value rounds half away to at most V while it is below V + ½.
  const unit = computeExactValue(contract, 1n, price);
  return onSpotStep(contract, ((2n * value + 1n) * unit.den - 1n) / (2n * unit.num));
}

/**
 * The share of free coins that a sell by percent is for, on the step, rounded down.
 *
 * @param units free coins in units of the base ledger, at least 0.
 */
export function computeSellableQty(contract: Contract, units: bigint, share: Fraction): bigint {
  return onSpotStep(contract, (toQtyUnits(contract, units) * share.num) / share.den);
}
