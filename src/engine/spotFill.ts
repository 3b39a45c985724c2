/**
 * Fills a spot order at a price: coins against money, each from its ledger, and what that makes of the holding, its trade in
 * progress and its stops. Plain sells are not tied to the holding, stops of a bracket are. At which price and when is decided by
 * the walk through the bar; booking is the account's.
 */

import type { FillResult } from '../account/bookings.js';
import { computeSold } from '../account/fillBooking.js';
import { computeFee } from '../account/margin.js';
import type { Position } from '../account/position.js';
import { onSpotStep, toBaseUnits, toQtyUnits } from '../account/spotCost.js';
import { computeValue } from '../contract/payoff.js';
import { fractionToF64 } from '../money/decimal.js';
import { divHalfAway } from '../money/rounding.js';
import type { AccountRuntime } from './accountRuntime.js';
import { armBracket } from './arming.js';
import { concludeSpotFill } from './concludeEvent.js';
import type { Deal } from './executeOrder.js';
import type { Moment, StepContext } from './moment.js';
import { bookPart, reasonOf } from './recordFill.js';
import { type Refusal, refusal } from './refusal.js';
import { refuseAtFill } from './refuseAtFill.js';
import { refusalOfCover, refusalOfSize, sizeSpotOrder } from './spotAdmission.js';

/** Fills a spot order whole, a stop of a bracket as far as coins are held and free, and ends it. */
export function executeSpotOrder(runtime: AccountRuntime, deal: Deal, moment: Moment, context: StepContext): void {
  const { book, order } = deal;
  const { contract, orders } = book;
  const holding = runtime.account.position(contract);
  const sized = sizeAtFill(runtime, deal, holding, moment);
  if (typeof sized !== 'bigint') {
    refuseAtFill(runtime, deal, sized, moment, false);
    return;
  }
  const sold = order.side === 'sell' ? computeSold(holding, sized) : 0n;
  const part = { effect: order.effect, qty: sized, slot: holding.slot };
  const result = bookPart(runtime, deal, part, moment);
  const guarded = order.side === 'buy' ? sized : holding.qty;
  if (order.side === 'buy') followBuy(deal, sized, result, moment);
  else followSell(runtime, deal, { qty: sized, sold, left: holding.qty }, result, moment);
  armBracket(deal, guarded, holding, moment);
  orders.end(order, { status: 'filled', timeMs: moment.timeMs });
  concludeSpotFill(runtime, moment, contract, context);
}

/** How much of an order fills at its price, or why nothing does. An order by percent has its quantity afterwards. */
function sizeAtFill(runtime: AccountRuntime, deal: Deal, holding: Position, moment: Moment): bigint | Refusal {
  const { book, order, price } = deal;
  if (order.leg !== null) return cutToFree(runtime, deal, holding, moment);
  if (order.qty !== null) return refusalAtFill(runtime, deal, order.qty, moment) ?? order.qty;
  const qty = sizeSpotOrder(runtime, book, order, price.exact, moment);
  const small = refusalOfSize(runtime, book, qty, price.exact);
  order.qty = small === null ? qty : 0n;
  return small ?? qty;
}

/** A stop of a bracket sells no more than is held of what it guards, and than is free. */
function cutToFree(
  runtime: AccountRuntime,
  { book, order }: Deal,
  holding: Position,
  moment: Moment,
): bigint | Refusal {
  const { contract } = book;
  const available = runtime.spendable(contract.base!.code, moment);
  const free = onSpotStep(contract, toQtyUnits(contract, available));
  const qty = [order.qty!, holding.qty, free].reduce((least, n) => (n < least ? n : least));
  if (qty > 0n) return qty;
  return refusal(70004, 'insufficient_balance', { need: toBaseUnits(contract, order.qty!), available });
}

/** Whether money and coins still cover an order of a known quantity: a buy its value and its fee as booked. */
function refusalAtFill(
  runtime: AccountRuntime,
  { book, order, price, liquidity }: Deal,
  qty: bigint,
  moment: Moment,
): Refusal | null {
  const { contract } = book;
  const { account } = runtime;
  const value = computeValue(contract, account.rules.valueRounding, qty, price.exact);
  const fee = computeFee(value, liquidity === 'maker' ? account.makerFee(contract) : account.takerFee(contract));
  return refusalOfCover(runtime, book, order, qty, value + (fee > 0n ? fee : 0n), moment);
}

function followBuy({ book, price }: Deal, qty: bigint, { value, fee }: FillResult, moment: Moment): void {
  const tracker = book.tracker('net');
  const last = fractionToF64(moment.last(book.index));
  tracker.open('long', moment.timeMs, moment.bar, qty, price.exact, value, fee);
  tracker.see(last, last);
}

/** What a sell was for: the part from the holding, and what is left of it. */
interface Sell {
  readonly qty: bigint;
  readonly sold: bigint;
  readonly left: bigint;
}

/** The trade in progress bears its share of the fee; coins that came otherwise touch it not. */
function followSell(
  runtime: AccountRuntime,
  { book, order, price }: Deal,
  { qty, sold, left }: Sell,
  { fee, realizedPnl }: FillResult,
  moment: Moment,
): void {
  const { timeMs } = moment;
  book.orders.shrinkSiblings(order, qty, timeMs);
  if (sold === 0n) return;
  const tracker = book.tracker('net');
  tracker.close(sold, price.exact, realizedPnl, divHalfAway(fee * sold, qty));
  if (left > 0n) {
    const last = fractionToF64(moment.last(book.index));
    tracker.see(last, last);
    return;
  }
  const closed = tracker.finish(timeMs, moment.bar, reasonOf(order));
  if (closed !== null) runtime.journal.closedTrades.push(closed);
  book.orders.endArmedStops(timeMs, order, null);
}
