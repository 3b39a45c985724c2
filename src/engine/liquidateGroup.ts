/**
 * What happens to a group of positions that is due, in the order of the venues: automatic margin, the orders are cancelled, the
 * position is reduced tier by tier where the venue does that, the rest is taken over. Which group is due, and when, is found by
 * the walk through the bar; money is booked by the account.
 */

import { planAutoMargin } from '../account/autoMargin.js';
import type { LiquidatedPosition } from '../account/bookings.js';
import { roundToTick } from '../account/liquidation.js';
import { planPartialLiquidation, worsePrice } from '../account/liquidationPlan.js';
import { absolute, type Position } from '../account/position.js';
import type { RiskGroup } from '../account/riskGroup.js';
import type { Contract } from '../contract/contract.js';
import { oppositeSide, positionSideOf } from '../contract/sides.js';
import { compareFractions, type Fraction, fractionOfF64, fractionToF64 } from '../money/decimal.js';
import type { Order } from '../orders/order.js';
import { renewRowsOf } from './accountRows.js';
import type { AccountRuntime } from './accountRuntime.js';
import { concludeEvent } from './concludeEvent.js';
import type { Moment, StepContext } from './moment.js';
import type { FillReason } from './records.js';

/** Lets the liquidation of a group that is due take its course. */
export function liquidateGroup(runtime: AccountRuntime, due: RiskGroup, moment: Moment, context: StepContext): void {
  const { position } = due.members[0]!;
  if (callMargin(runtime, due, moment, context)) return;
  cancelOrders(runtime, due, moment);
  let group = runtime.account.riskGroupOf(position);
  for (;;) {
    const plan = planPartialLiquidation(group, runtime.markOf(moment));
    if (plan === null) break;
    reducePosition(runtime, plan.position, plan.qty, moment);
    concludeEvent(runtime, moment, group.currency, context);
    group = runtime.account.riskGroupOf(position);
    if (!runtime.isDue(group, moment)) return;
  }
  for (const { position: member } of group.members) {
    runtime.bookOf(member.contract).tracker(member.slot).settleExcursions(runtime.account.rules, member);
  }
  const prices = {
    markOf: runtime.markOf(moment),
    lastOf: (contract: Contract): Fraction => moment.last(runtime.symbols.placeOf(contract)),
  };
  const taken = runtime.account.applyLiquidation(group, moment.timeMs, prices);
  for (const one of taken) recordTaken(runtime, one, moment);
  concludeEvent(runtime, moment, group.currency, context);
}

/** Automatic margin of an isolated position. @returns whether that has saved it. */
function callMargin(runtime: AccountRuntime, group: RiskGroup, moment: Moment, context: StepContext): boolean {
  const { account } = runtime;
  const { position } = group.members[0]!;
  if (group.mode !== 'isolated' || !account.autoMarginOf(position.contract)) return false;
  const { transferable } = runtime.balances(group.currency.code, moment);
  const rounds = planAutoMargin(group, runtime.markOf(moment), transferable);
  if (rounds.length === 0) return false;
  for (const amount of rounds) account.applyAutoMargin(position, moment.timeMs, amount);
  concludeEvent(runtime, moment, group.currency, context);
  return !runtime.isDue(account.riskGroupOf(position), moment);
}

/** Orders that have reached the market; those that reach it only at this open are not yet among them. */
function cancelOrders(runtime: AccountRuntime, group: RiskGroup, moment: Moment): void {
  const { account } = runtime;
  const isWide = group.mode === 'cross' && group.rules.cancelScope === 'account';
  const symbols = new Set(group.members.map(({ position }) => position.contract.symbol));
  const { slot } = group.members[0]!.position;
  for (const { contract, orders } of runtime.books) {
    if (!isWide && !symbols.has(contract.symbol)) continue;
    for (const order of [...orders.all]) {
      if (group.mode === 'isolated' && account.slotOf(contract, order.side, order.effect) !== slot) continue;
      if (order.isFresh && !isGuarding(order, group)) continue;
      orders.end(order, { status: 'cancelled', timeMs: moment.timeMs, reason: 'liquidation' });
    }
    // What spot orders had locked is free, in other ledgers too.
    if (contract.type === 'spot') renewRowsOf(runtime, moment, contract);
  }
}

/** Whether an order is an armed stop of a position of the group; it dies with it, also before it has reached the market. */
function isGuarding({ leg, isArmed, symbol, side }: Order, group: RiskGroup): boolean {
  if (leg === null || !isArmed) return false;
  return group.members.some(
    ({ position: { contract, qty } }) => contract.symbol === symbol && (side === 'sell' ? qty > 0n : qty < 0n),
  );
}

/** Closes a part of a position at the worse of mark and last, as an ordinary closing fill. */
function reducePosition(runtime: AccountRuntime, position: Position, qty: bigint, moment: Moment): void {
  const { account, journal } = runtime;
  const { contract, slot } = position;
  const book = runtime.bookOf(contract);
  const tracker = book.tracker(slot);
  tracker.settleExcursions(account.rules, position);
  const price = worsePrice(position, moment.mark(book.index), moment.last(book.index));
  const positionSide = positionSideOf(position.qty);
  const side = oppositeSide(positionSide === 'long' ? 'buy' : 'sell');
  const { timeMs } = moment;
  const feeRate = account.takerFee(contract);
  const part = { timeMs, contract, slot, side, effect: 'close', qty, price, feeRate, orderId: null } as const;
  const result = account.applyFillPart(part);
  recordTrade(runtime, moment, {
    contract,
    side,
    price: displayPrice(contract, price),
    qty,
    amount: result.value,
    commission: result.fee,
    realizedPnl: result.realizedPnl,
    reason: 'partial_liquidation',
  });
  tracker.close(qty, price, result.realizedPnl + result.insurance, result.fee);
  journal.countsOf(contract.settle.code).liquidations += 1;
  journal.notices.push({
    kind: 'liquidation',
    timeMs,
    contract,
    side: positionSide,
    qty,
    price: displayPrice(contract, price),
    loss: result.fee - result.realizedPnl - result.insurance,
  });
  const left = absolute(account.position(contract, slot).qty);
  book.orders.fitExits(left, side, timeMs, (order) => !order.isFresh);
}

function recordTaken(runtime: AccountRuntime, taken: LiquidatedPosition, moment: Moment): void {
  const { journal } = runtime;
  const { contract, slot, side, positionSide, qty, realizedPnl, commission, insurance } = taken;
  const { timeMs } = moment;
  const { index } = runtime.bookOf(contract);
  const isQuoted = [moment.mark(index), moment.last(index)].some((quote) => compareFractions(quote, taken.price) === 0);
  // A price that a sharing of the residue gives may be any fraction.
  const price = displayPrice(contract, isQuoted ? taken.price : roundToTick(contract, taken.price, 'nearest'));
  recordTrade(runtime, moment, {
    contract,
    side,
    price,
    qty,
    amount: taken.value,
    commission,
    realizedPnl,
    reason: 'liquidation',
  });
  const tracker = runtime.bookOf(contract).tracker(slot);
  tracker.close(qty, taken.price, realizedPnl + insurance, commission);
  const closed = tracker.finish(timeMs, moment.bar, 'liquidation');
  if (closed !== null) journal.closedTrades.push(closed);
  journal.countsOf(contract.settle.code).liquidations += 1;
  const loss = commission - realizedPnl - insurance;
  journal.notices.push({ kind: 'liquidation', timeMs, contract, side: positionSide, qty, price, loss });
}

/** What a trade row of a liquidation shows. */
interface LiquidationTrade {
  readonly contract: Contract;
  readonly side: 'buy' | 'sell';
  readonly price: number;
  readonly qty: bigint;
  readonly amount: bigint;
  readonly commission: bigint;
  readonly realizedPnl: bigint;
  readonly reason: FillReason;
}

function recordTrade(runtime: AccountRuntime, moment: Moment, shown: LiquidationTrade): void {
  const fixed = { timeMs: moment.timeMs, orderId: null, positionEffect: 'close', liquidity: 'taker' } as const;
  const trade = { ...shown, ...fixed };
  runtime.journal.trades.push({ trade, stop: null });
  runtime.journal.notices.push({ kind: 'fill', trade });
}

/** A price that no decimal of the data gives is shown on the nearest tick. */
function displayPrice(contract: Contract, price: Fraction): number {
  const f64 = fractionToF64(price);
  const isDecimal = compareFractions(fractionOfF64(f64, contract.priceDecimals), price) === 0;
  return isDecimal ? f64 : fractionToF64(roundToTick(contract, price, 'nearest'));
}
