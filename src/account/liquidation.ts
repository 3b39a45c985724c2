/**
 * Prices at which a collateral is used up: the bankruptcy price, and the liquidation price of the BitMEX ledger, which is a
 * price of whole units and ticks instead of an inequality. Pure. The exact inequality is riskGroup.ts, the marks at which it
 * begins to hold are dueMarks.ts; booking is account.ts.
 */

import type { Contract } from '../contract/contract.js';
import { priceOfValue } from '../contract/payoff.js';
import { tierAt } from '../contract/riskTiers.js';
import { compareFractions, type Fraction } from '../money/decimal.js';
import { divCeil, divFloor } from '../money/rounding.js';
import type { VenueRules } from '../venue/rules.js';
import { computeUnrealizedPnl } from './margin.js';
import { absolute, cannotLoseAll, computeExactProfit, exposureOf, type Position, profitSign } from './position.js';

/**
 * Liquidation price of the BitMEX integer ledger: the loss allowed is collateral − ceil(m·cost), the commission cancels; the
 * value of one lot at that loss goes to a whole unit, the price to the tick, both toward the entry.
 *
 * @example 500 XBTUSD short at 6,725, 25×: 6,968.5
 */
export function computeLedgerPrice(rules: VenueRules, position: Position, collateral: bigint): Fraction | null {
  if (position.qty === 0n || cannotLoseAll(position, collateral)) return null;
  const m = tierAt(position.contract, rules.tierModel, exposureOf(position)).maintenance;
  const allowed = collateral - divCeil(position.cost * m.num, m.den);
  return computePriceAtLoss(rules, position, allowed);
}

/** Whether the mark has reached the ledger's price: at or below it for a long, at or above it for a short. */
export function isPastLedgerPrice(rules: VenueRules, position: Position, collateral: bigint, mark: Fraction): boolean {
  const price = computeLedgerPrice(rules, position, collateral);
  // Without a price the loss allowed is either out of reach, or exceeded at every price.
  if (price === null) return profitSign(position) < 0n && !cannotLoseAll(position, collateral);
  const side = compareFractions(mark, price);
  return position.qty > 0n ? side <= 0 : side >= 0;
}

/**
 * The tick price at which the position has lost `loss` units, by the ledger's rounding toward the entry; null when there is none.
 */
function computePriceAtLoss(rules: VenueRules, position: Position, loss: bigint): Fraction | null {
  const { contract, cost } = position;
  const held = absolute(position.qty);
  const value = cost - profitSign(position) * loss;
  if (value < 0n || (value === 0n && contract.type === 'inverse')) return null;
  if (rules.liquidationRule !== 'bitmex_ledger' || contract.type !== 'inverse') {
    return roundToTickTowardEntry(position, priceOfValue(contract, held, { num: value, den: 1n }));
  }
  const lot = contract.minQty;
  const isLong = position.qty > 0n;
  const lotValue = isLong ? divFloor(value * lot, held) : divCeil(value * lot, held);
  if (lotValue <= 0n) return null;
  return roundToTickTowardEntry(position, priceOfValue(contract, lot, { num: lotValue, den: 1n }));
}

/**
 * Price at which the collateral is gone, without a closing fee, rounded to the tick toward the entry; null when no price is.
 */
export function computeBankruptcyPrice(rules: VenueRules, position: Position, collateral: bigint): Fraction | null {
  if (position.qty === 0n || cannotLoseAll(position, collateral)) return null;
  return computePriceAtLoss(rules, position, collateral);
}

/**
 * Whether the mark lies beyond the point at which the collateral is gone: collateral + U < 0, unrounded and as it would be
 * booked. Where only the rounding of values parts the two, nothing is beyond: an insurance bill is never a charge.
 */
export function isBeyondBankruptcy(rules: VenueRules, position: Position, collateral: bigint, mark: Fraction): boolean {
  const profit = computeExactProfit(position, mark);
  return collateral * profit.den + profit.num < 0n && collateral + computeUnrealizedPnl(rules, position, mark) <= 0n;
}

/** Rounds a price to the tick on the safe side: up for a long, down for a short. */
export function roundToTickTowardEntry(position: Position, price: Fraction | null): Fraction | null {
  if (price === null) return null;
  return roundToTick(position.contract, price, position.qty > 0n ? 'ceil' : 'floor');
}

/** A price as a whole number of ticks, rounded in the direction named. */
export function roundToTick(contract: Contract, price: Fraction, rounding: 'ceil' | 'floor' | 'nearest'): Fraction {
  const { tick } = contract;
  const num = price.num * tick.den;
  const den = price.den * tick.num;
  const ticks =
    rounding === 'ceil'
      ? divCeil(num, den)
      : rounding === 'floor'
        ? divFloor(num, den)
        : divFloor(2n * num + den, 2n * den);
  return { num: ticks * tick.num, den: tick.den };
}
