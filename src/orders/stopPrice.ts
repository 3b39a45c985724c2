/**
 * At which price a stop of a bracket stands: as given, worked out from the price of its order, or trailing the best price. Pure, and
 * without rounding to the tick, which is the engine's.
 */

import { compareFractions, type Fraction } from '../money/decimal.js';
import { times } from '../money/fractions.js';
import type { BracketLeg, Order, StopStyle } from './order.js';

/** What a percent stop is worked out from. */
export interface StopBasis {
  /** Average fill price of the order, or the price that stands for it. */
  readonly price: Fraction;
  /** Whether the contract's value falls when the price rises. */
  readonly isInverse: boolean;
  /** Initial margin over value, 1/L: what a share of the margin is of the value. */
  readonly marginRate: Fraction;
}

export function isTrailing(style: StopStyle): boolean {
  return style === 'trailing_stop' || style === 'trailing_stop_pct';
}

/** A stop that follows a fraction: its price is known when its order has filled. */
export function isPercent(style: StopStyle): boolean {
  return style.endsWith('_pct');
}

/** Loss, profit or trailing: of each kind an order has one stop as a rule. */
export function kindOf({ style, isLoss }: BracketLeg): 'loss' | 'profit' | 'trailing' {
  return isTrailing(style) ? 'trailing' : isLoss ? 'loss' : 'profit';
}

/**
 * Stop price of a leg that does not trail: as given, or E·(1 ∓ x) from the price E, or E/(1 ± x) where x is a share of the result
 * of an inverse contract; null where no price is.
 *
 * @param side the stop trades.
 * @example stop_loss_pct 0.15 under a short at 9,980.5: 11,477.575
 */
export function computeStopPrice(
  leg: BracketLeg,
  side: Order['side'],
  { price, isInverse, marginRate }: StopBasis,
): Fraction | null {
  if (!isPercent(leg.style)) return leg.value;
  const x = leg.base === 'roe' ? times(leg.value, marginRate) : leg.value;
  // A sell guards a long: its loss lies below, its profit above.
  const isBelow = (side === 'sell') === leg.isLoss;
  if (isInverse && leg.base !== 'price') {
    const divisor = isBelow ? x.den + x.num : x.den - x.num;
    return divisor <= 0n ? null : { num: price.num * x.den, den: price.den * divisor };
  }
  const factor = isBelow ? x.den - x.num : x.den + x.num;
  return { num: price.num * factor, den: price.den * x.den };
}

/** Level of a trailing leg under (over) the best price: best − distance or best·(1 − x), mirrored for a short. */
export function computeTrailingLevel({ style, value }: BracketLeg, side: Order['side'], best: Fraction): Fraction {
  const sign = side === 'sell' ? -1n : 1n;
  if (style === 'trailing_stop_pct') {
    return { num: best.num * (value.den + sign * value.num), den: best.den * value.den };
  }
  return { num: best.num * value.den + sign * value.num * best.den, den: best.den * value.den };
}

/** Whether a price is better for the position that a stop guards: higher for a long, which a sell closes. */
export function isBetter(side: Order['side'], price: Fraction, than: Fraction): boolean {
  const order = compareFractions(price, than);
  return side === 'sell' ? order > 0 : order < 0;
}
