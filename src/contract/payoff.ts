/**
 * What a quantity of contracts is worth and what a move of the price makes of it, for every contract type. Values are in the
 * settlement currency. The types differ in one thing only: the value of an inverse contract falls when the price rises.
 * Rounding a value to settlement units happens here and nowhere else; margins and fees are account/margin.ts.
 */

import type { Fraction } from '../money/decimal.js';
import { divHalfAway } from '../money/rounding.js';
import { pow10 } from '../money/units.js';
import type { Contract } from './contract.js';

export type ValueRounding = 'per_fill' | 'per_contract' | 'per_lot';

/** +1 where value rises with the price (linear, quanto), −1 where it falls (inverse). */
export function valueSign(contract: Contract): 1n | -1n {
  return contract.type === 'inverse' ? -1n : 1n;
}

/**
 * Unrounded value of `qty` at `price`, in settlement units: q·M·p, or q·M/p for inverse contracts.
 *
 * @param qty unsigned, in quantity units of the contract.
 * @example 10,000 XBTUSD at 10,000 USD are 10^8 units, 1 XBT
 */
export function computeExactValue(contract: Contract, qty: bigint, price: Fraction): Fraction {
  const { num, den } = contract.valueScale;
  return contract.type === 'inverse'
    ? { num: qty * num * price.den, den: den * price.num }
    : { num: qty * num * price.num, den: den * price.den };
}

/** The quantity whose value is rounded as one piece; null where a fill is rounded whole, as it always is on spot. */
export function roundingLot(contract: Contract, rounding: ValueRounding): bigint | null {
  if (rounding === 'per_fill' || contract.type === 'spot') return null;
  return rounding === 'per_lot' ? contract.minQty : pow10(contract.qtyDecimals);
}

/**
 * Value of `qty` at `price` in whole settlement units, half away from zero. `per_contract` and `per_lot` round the value of
 * one contract or lot and multiply, as BitMEX does; what is left over below a lot is rounded by itself.
 *
 * @example 885 XBTUSD at 7,299, per contract: 885 · round(10^8 / 7,299) = 885 · 13,701
 */
export function computeValue(contract: Contract, rounding: ValueRounding, qty: bigint, price: Fraction): bigint {
  const lot = roundingLot(contract, rounding);
  if (lot === null) return roundExactValue(contract, qty, price);
  const rest = qty % lot;
  const whole = (qty / lot) * roundExactValue(contract, lot, price);
  return rest === 0n ? whole : whole + roundExactValue(contract, rest, price);
}

/** Value of one quantity unit as the rounding sees it: exact per fill, a rounded lot's share otherwise. For sizing. */
export function computeUnitValue(contract: Contract, rounding: ValueRounding, price: Fraction): Fraction {
  const lot = roundingLot(contract, rounding);
  if (lot === null) return computeExactValue(contract, 1n, price);
  return { num: roundExactValue(contract, lot, price), den: lot };
}

/** The price at which `qty` is worth `value` settlement units; null where no finite positive price is. */
export function priceOfValue(contract: Contract, qty: bigint, value: Fraction): Fraction | null {
  if (value.num < 0n || (value.num === 0n && contract.type === 'inverse')) return null;
  const { num, den } = contract.valueScale;
  return contract.type === 'inverse'
    ? { num: qty * num * value.den, den: den * value.num }
    : { num: value.num * den, den: value.den * qty * num };
}

function roundExactValue(contract: Contract, qty: bigint, price: Fraction): bigint {
  const v = computeExactValue(contract, qty, price);
  return divHalfAway(v.num, v.den);
}
