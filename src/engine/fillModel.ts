/**
 * At which price an order fills. Limits fill at their price, taker fills pay slippage against the trader. ASSUMPTION: a touch
 * fills a limit, and size does not move the price. Fees and margins are the account's.
 */

import { roundToTick } from '../account/liquidation.js';
import type { Contract } from '../contract/contract.js';
import { type Side, sideSign } from '../contract/sides.js';
import { compareFractions, type Fraction, fractionToF64 } from '../money/decimal.js';
import type { Slippage } from './runInput.js';

/** A price both ways: the float64 that rows print and the exact fraction that money is computed from. */
export interface FillPrice {
  readonly f64: number;
  readonly exact: Fraction;
}

/**
 * Price of a taker fill: moved by the slippage against the trader, to the tick, again against the trader. Without slippage a
 * price of the data stays as it is; an interpolated one goes to the tick.
 */
export function takerPrice(
  contract: Contract,
  side: Side,
  price: Fraction,
  slippage: Slippage,
  kind: 'quoted' | 'interpolated' = 'quoted',
): FillPrice {
  const sign = sideSign(side);
  const { amount, unit } = slippage;
  const base = kind === 'quoted' ? price : roundAgainst(contract, side, price);
  if (amount.num === 0n) return fillPrice(base);
  const moved =
    unit === 'ticks'
      ? {
          num: base.num * amount.den * contract.tick.den + sign * amount.num * contract.tick.num * base.den,
          den: base.den * amount.den * contract.tick.den,
        }
      : { num: base.num * (amount.den * 10_000n + sign * amount.num), den: base.den * amount.den * 10_000n };
  return fillPrice(roundAgainst(contract, side, moved));
}

/** As takerPrice, but never worse than a limit. */
export function takerPriceWithin(
  contract: Contract,
  side: Side,
  price: Fraction,
  limit: Fraction,
  slippage: Slippage,
  kind: 'quoted' | 'interpolated' = 'quoted',
): FillPrice {
  const taken = takerPrice(contract, side, price, slippage, kind);
  const worse = compareFractions(taken.exact, limit) * (side === 'buy' ? 1 : -1);
  return worse > 0 ? fillPrice(limit) : taken;
}

export function fillPrice(exact: Fraction): FillPrice {
  return { f64: fractionToF64(exact), exact };
}

/** To the tick against the trader; a sell never falls to nothing, the last tick is the least there is. */
function roundAgainst(contract: Contract, side: Side, price: Fraction): Fraction {
  const rounded = roundToTick(contract, price, side === 'buy' ? 'ceil' : 'floor');
  return rounded.num > 0n ? rounded : contract.tick;
}
