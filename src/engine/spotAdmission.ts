/**
 * Whether an account may give a spot order now, and how much a spot order by percent is for: money and coins decide, no margin,
 * no tier and no position. Reading the call is orderRequest.ts; a refusal changes nothing.
 */

import { computeBuyableQty, computeSellableQty, computeSpotLock, toBaseUnits } from '../account/spotCost.js';
import type { Fraction } from '../money/decimal.js';
import type { Currency } from '../money/units.js';
import { isLimit, isStop, type Order } from '../orders/order.js';
import type { AccountRuntime } from './accountRuntime.js';
import type { Moment } from './moment.js';
import { expectedPrice, refusalOfNotional, refusalOfTaking } from './orderAdmission.js';
import { type Refusal, refusal } from './refusal.js';
import type { Slippage } from './runInput.js';
import type { SymbolBook } from './symbolBook.js';

/** Refuses a spot order, or returns null. A limit order by percent has its quantity afterwards. */
export function refusalOfSpot(
  runtime: AccountRuntime,
  book: SymbolBook,
  order: Order,
  limit: Fraction | null,
  moment: Moment,
  slippage: Slippage,
): Refusal | null {
  if (order.reduceOnly) return refusal(400, 'reduce_only_on_spot');
  const taking = refusalOfTaking(order, limit, moment.last(book.index));
  if (taking !== null) return taking;
  const price = expectedPrice(runtime, book, order, moment, slippage);
  if (order.pct !== null && isLimit(order)) order.qty = sizeSpotOrder(runtime, book, order, price, moment);
  if (order.qty === null) return null;
  const small = refusalOfSize(runtime, book, order.qty, price);
  if (small !== null || isStop(order)) return small;
  return refusalOfLock(runtime, book, order, price, moment);
}

/** Whether money and coins cover what an order of a known quantity locks at a price, or is expected to pay. */
function refusalOfLock(
  runtime: AccountRuntime,
  book: SymbolBook,
  order: Order,
  price: Fraction,
  moment: Moment,
): Refusal | null {
  const { contract } = book;
  const takerFee = runtime.account.takerFee(contract);
  const cost = order.side === 'buy' ? computeSpotLock(contract, order.qty!, price, takerFee) : 0n;
  return refusalOfCover(runtime, book, order, order.qty!, cost, moment);
}

/** As a new limit order at its price, for one that is to rest. */
export function refusalOfSpotRest(
  runtime: AccountRuntime,
  book: SymbolBook,
  order: Order,
  moment: Moment,
): Refusal | null {
  return refusalOfLock(runtime, book, order, runtime.market.exact(book.index, order.price!), moment);
}

/** Whether a quantity is below the least of the pair, in coins or in value. */
export function refusalOfSize(runtime: AccountRuntime, book: SymbolBook, qty: bigint, price: Fraction): Refusal | null {
  const { minQty } = book.contract;
  if (qty < minQty) return refusal(400, 'qty_below_min', { min_qty: minQty, qty });
  return refusalOfNotional(runtime, book, qty, price);
}

/**
 * Whether the free money covers a buy, or the free coins a sell; the order's own lock is free for it.
 *
 * @param cost of a buy, in units of the quote ledger.
 */
export function refusalOfCover(
  runtime: AccountRuntime,
  { contract }: SymbolBook,
  order: Order,
  qty: bigint,
  cost: bigint,
  moment: Moment,
): Refusal | null {
  const need = order.side === 'buy' ? cost : toBaseUnits(contract, qty);
  const available = runtime.spendable(spentCurrency(order, contract.settle, contract.base!).code, moment, order);
  return need <= available ? null : refusal(70004, 'insufficient_balance', { need, available });
}

/**
 * Quantity of a spot order by percent: what the share of the free quote currency buys, fee included, or the share of the free
 * coins; on the step, rounded down.
 */
export function sizeSpotOrder(
  runtime: AccountRuntime,
  { contract }: SymbolBook,
  order: Order,
  price: Fraction,
  moment: Moment,
): bigint {
  const share = order.pct!;
  const free = runtime.spendable(spentCurrency(order, contract.settle, contract.base!).code, moment, order);
  if (order.side === 'sell') return computeSellableQty(contract, free, share);
  return computeBuyableQty(contract, (free * share.num) / share.den, price, runtime.account.takerFee(contract));
}

/** What an order pays with: buys with the quote currency, sells with the coins. */
function spentCurrency({ side }: Order, quote: Currency, base: Currency): Currency {
  return side === 'buy' ? quote : base;
}
