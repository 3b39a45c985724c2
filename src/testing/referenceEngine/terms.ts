/**
 * A contract and the venue's rules as the reference engine reads them: value, profit, ticks and risk tiers, each written from
 * the settlement text. Quantities are integers of 10^-qtyDecimals contracts, values are settlement units.
 */

import type { Contract } from '../../contract/contract.js';
import type { VenueRules } from '../../venue/rules.js';
import {
  add,
  ceil,
  decimalOf,
  divide,
  floor,
  multiply,
  type Num,
  num,
  ONE,
  type Ratio,
  ratio,
  ratioOf,
  round,
  scale,
  ZERO,
} from './numbers.js';

/** What an account trades, and by which rules. */
export interface Terms {
  /** Name of the candles that its prices come from. */
  readonly series: string;
  readonly contract: Contract;
  readonly rules: VenueRules;
  readonly isInverse: boolean;
  /** +1 for linear and quanto, −1 for inverse: the value rises or falls with the price. */
  readonly sigma: 1 | -1;
  /** Settlement units per quantity unit at price 1. */
  readonly unit: Ratio;
  readonly tick: Ratio;
  readonly takerFee: Ratio;
  readonly makerFee: Ratio;
  /** Units of the base ledger that a quantity unit of a spot pair is; null for contracts. */
  readonly coinUnit: Num | null;
}

const powerOfTen = (n: number): Num => num(`1e${n}`);

/** What an account has been told to trade by the name of the candles, with fees of its own where it has some. */
export function termsOf(
  [series, contract]: readonly [string, Contract],
  rules: VenueRules,
  fees: { readonly taker: Ratio | null; readonly maker: Ratio | null },
): Terms {
  const isInverse = contract.type === 'inverse';
  return {
    series,
    contract,
    rules,
    isInverse,
    sigma: isInverse ? -1 : 1,
    unit: multiply(ratioOf(contract.multiplier), ratio(powerOfTen(contract.settle.decimals - contract.qtyDecimals))),
    tick: ratioOf(contract.tick),
    takerFee: fees.taker ?? ratioOf(contract.takerFee),
    makerFee: fees.maker ?? ratioOf(contract.makerFee),
    coinUnit: contract.type === 'spot' ? powerOfTen(contract.base!.decimals - contract.qtyDecimals) : null,
  };
}

/** A price of the data. */
export const priceOf = (price: number): Ratio => ratio(decimalOf(price));

/** Value of a quantity at a price, not rounded. */
export function exactValue(terms: Terms, qty: Num, price: Ratio): Ratio {
  const full = scale(terms.unit, qty);
  return terms.isInverse ? divide(full, price) : multiply(full, price);
}

/** Value of a quantity as the venue rounds it (settlement text §1.3); what is left below a lot is rounded by itself. */
export function value(terms: Terms, qty: Num, price: Ratio): Num {
  const lot = roundingLot(terms);
  if (lot === null) return round(exactValue(terms, qty, price));
  const rest = qty.mod(lot);
  const lots = qty.minus(rest).div(lot);
  return lots.times(round(exactValue(terms, lot, price))).plus(round(exactValue(terms, rest, price)));
}

/** Value of one quantity unit where orders are sized: the rounded lot's share, or the exact value. */
export function unitValue(terms: Terms, price: Ratio): Ratio {
  const lot = roundingLot(terms);
  if (lot === null) return exactValue(terms, ONE, price);
  return ratio(round(exactValue(terms, lot, price)), lot);
}

/** Quantity whose value is rounded as one; null where the whole is. */
function roundingLot(terms: Terms): Num | null {
  if (terms.rules.valueRounding === 'per_fill' || terms.coinUnit !== null) return null;
  if (terms.rules.valueRounding === 'per_contract') return powerOfTen(terms.contract.qtyDecimals);
  return num(terms.contract.minQty);
}

/** Price at which a quantity has a value; null where no price from zero on has. */
export function priceAtValue(terms: Terms, qty: Num, worth: Ratio): Ratio | null {
  if (worth.n.lt(ZERO) || (terms.isInverse && worth.n.eq(ZERO))) return null;
  const full = scale(terms.unit, qty);
  return terms.isInverse ? divide(full, worth) : divide(worth, full);
}

export type Rounding = 'up' | 'down' | 'nearest';

/** A price moved to the tick; halves go up. */
export function toTick(terms: Terms, price: Ratio, direction: Rounding): Num {
  const ticks = divide(price, terms.tick);
  const half = ratio(num('0.5'));
  const whole = direction === 'up' ? ceil(ticks) : direction === 'down' ? floor(ticks) : floor(add(ticks, half));
  // Ticks are decimals, so the division ends.
  return whole.times(terms.tick.n).div(terms.tick.d);
}
