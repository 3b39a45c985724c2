/**
 * Arms the stops of an order: at which price each stands, for which quantity, and whether the liquidation would always come before
 * it. When an order fills, and which stops it has, is decided by the callers.
 */

import { computeDisplayPrice } from '../account/dueMarks.js';
import { roundToTick } from '../account/liquidation.js';
import { computeInitialRate } from '../account/margin.js';
import { exposureOf, type Position } from '../account/position.js';
import type { Exposure } from '../contract/riskTiers.js';
import { compareFractions, type Fraction, fractionToF64 } from '../money/decimal.js';
import { computeAveragePrice, type Order } from '../orders/order.js';
import { computeStopPrice } from '../orders/stopPrice.js';
import type { AccountRuntime } from './accountRuntime.js';
import type { Moment } from './moment.js';
import type { SymbolBook } from './symbolBook.js';
import { seriesPrice, trail } from './trailing.js';

/** An order with the book it stands in. */
export interface Booked {
  readonly book: SymbolBook;
  readonly order: Order;
}

/** What a share of the initial margin is of the value: 1/L, or the tier's own rate where L is 0. Spot, paid in full, has L = 1. */
export function marginRateOf({ contract, leverage }: Position, exposure: Exposure): Fraction {
  return leverage.num === 0n
    ? computeInitialRate(contract, leverage, exposure)
    : { num: leverage.den, den: leverage.num };
}

/**
 * Arms the stops of an order that has filled; what is armed already guards more.
 *
 * @param qty what the stops guard now, unsigned.
 * @param target the position that they guard.
 */
export function armBracket({ book, order }: Booked, qty: bigint, target: Position, moment: Moment): void {
  if (qty === 0n) return;
  const average = computeAveragePrice(order)!;
  for (const stop of book.orders.childrenOf(order.id)) {
    const guarded = stop.isArmed && stop.qty !== null ? stop.qty + qty : qty;
    armStop({ book, order: stop }, { qty: guarded, average, target }, moment);
  }
}

/** What a stop is armed for. */
export interface Guarded {
  readonly qty: bigint;
  /** Average fill price of the order that it guards. */
  readonly average: Fraction;
  readonly target: Position;
}

/** Arms one stop, or ends it where no price is above zero. */
export function armStop({ book, order: stop }: Booked, { qty, average, target }: Guarded, moment: Moment): void {
  const { contract } = book;
  stop.qty = qty;
  if (stop.type === 'trailing_stop') {
    trail(contract, stop, seriesPrice(stop, book, moment));
  } else {
    const marginRate = marginRateOf(target, exposureOf(target));
    const basis = { price: average, isInverse: contract.type === 'inverse', marginRate };
    const price = computeStopPrice(stop.leg!, stop.side, basis);
    const rounded = price === null ? null : roundToTick(contract, price, 'nearest');
    if (rounded === null || rounded.num <= 0n) {
      const ending = { status: 'cancelled', code: 400, reason: 'stop_price_not_positive' } as const;
      book.orders.end(stop, { ...ending, timeMs: moment.timeMs });
      return;
    }
    stop.trigger = fractionToF64(rounded);
  }
  stop.isArmed = true;
}

/** Counts a loss stop that the liquidation of the position would always come before. */
export function countIfUnreachable(
  runtime: AccountRuntime,
  { book, order: stop }: Booked,
  target: Position,
  moment: Moment,
): void {
  if (!stop.isArmed || stop.leg?.isLoss !== true || stop.trigger === null || target.qty === 0n) return;
  if (book.contract.type === 'spot') return;
  const group = runtime.account.riskGroupOf(target);
  const price = computeDisplayPrice(group, target, runtime.markOf(moment));
  if (price === null) return;
  const side = compareFractions(runtime.market.exact(book.index, stop.trigger), price);
  if (stop.side === 'sell' ? side > 0 : side < 0) return;
  runtime.journal.countsOf(book.contract.settle.code).unreachableStops += 1;
}
