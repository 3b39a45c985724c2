/**
 * The things that happen to an account other than its orders: a funding payment, a liquidation, a blow-up; and what follows
 * every event, the test for a blow-up and the balance row. When they happen is decided by the walk through the bar.
 */

import { roundToTick } from '../account/liquidation.js';
import { absolute } from '../account/position.js';
import type { Contract } from '../contract/contract.js';
import { compareFractions, type Fraction, fractionOfF64, fractionToF64 } from '../money/decimal.js';
import type { AccountRuntime } from './accountRuntime.js';
import type { FundingDue } from './fundingClock.js';
import type { Journal } from './journal.js';
import type { BarContext, Moment } from './moment.js';

/** Pays or receives funding on the position held; a missing rate is counted. */
export function applyFundingDue(runtime: AccountRuntime, due: FundingDue, moment: Moment, context: BarContext): void {
  const { position, account, contract, journal } = runtime;
  if (position.qty === 0n || account.bankruptAtMs !== null) return;
  if (due.rate === null) {
    journal.missingFunding += 1;
    return;
  }
  const amount = account.applyFunding(contract, due.timeMs, due.rate, due.price ?? moment.mark);
  runtime.tracker.fund(amount);
  const rate = fractionToF64(due.rate);
  journal.notices.push({ kind: 'funding', timeMs: due.timeMs, symbol: contract.symbol, rate, amount });
  concludeEvent(runtime, { ...moment, timeMs: due.timeMs }, context);
}

/** Liquidates the position if its equity has met the maintenance margin at this mark. */
export function liquidateIfDue(runtime: AccountRuntime, moment: Moment, context: BarContext): void {
  if (runtime.position.qty !== 0n && runtime.isLiquidatable(moment.mark)) liquidate(runtime, moment, context);
}

/**
 * Takes the position over: orders of the symbol are cancelled (those that reach the market only at this open are not yet
 * among them), the loss is booked, the trade ends.
 */
export function liquidate(runtime: AccountRuntime, moment: Moment, context: BarContext): void {
  const { account, contract, journal, tracker, orders } = runtime;
  for (const order of [...orders.all]) {
    const guardsIt = order.leg !== null && order.isArmed;
    if (!order.isFresh || guardsIt)
      orders.end(order, { status: 'cancelled', timeMs: moment.timeMs, reason: 'liquidation' });
  }
  tracker.settleExcursions(account.rules, runtime.position);
  const taken = account.applyTakeOver(contract, moment.timeMs, moment.mark);
  const price = fractionToF64(displayPrice(contract, taken.price));
  journal.trades.push({
    trade: {
      timeMs: moment.timeMs,
      contract,
      orderId: null,
      side: taken.side,
      positionEffect: 'close',
      price,
      qty: taken.qty,
      amount: taken.value,
      commission: taken.fee,
      realizedPnl: taken.realizedPnl,
      liquidity: 'taker',
      reason: 'liquidation',
    },
    stop: null,
  });
  tracker.close(taken.qty, taken.price, taken.realizedPnl + taken.insurance, taken.fee);
  const closed = tracker.finish(moment.timeMs, moment.bar, 'liquidation');
  if (closed !== null) journal.closedTrades.push(closed);
  journal.liquidations += 1;
  journal.notices.push({
    kind: 'liquidation',
    timeMs: moment.timeMs,
    symbol: contract.symbol,
    side: taken.positionSide,
    qty: absolute(taken.qty),
    price,
    loss: taken.fee - taken.realizedPnl - taken.insurance,
  });
  concludeEvent(runtime, moment, context);
}

/** A price that no decimal of the data gives is shown on the nearest tick. */
function displayPrice(contract: Contract, price: Fraction): Fraction {
  const f64 = fractionToF64(price);
  return compareFractions(fractionOfF64(f64, contract.priceDecimals), price) === 0
    ? price
    : roundToTick(contract, price, 'nearest');
}

/** After every event: the test for a blow-up, the balance row, and new trigger levels. */
export function concludeEvent(runtime: AccountRuntime, moment: Moment, context: BarContext): void {
  const { account, journal } = runtime;
  runtime.hasChanged = true;
  runtime.collect();
  if (account.bankruptAtMs === null && runtime.position.qty === 0n && account.wallet <= 0n) {
    account.bankruptAtMs = moment.timeMs;
    for (const order of [...runtime.orders.all]) {
      runtime.orders.end(order, { status: 'cancelled', timeMs: moment.timeMs, code: 70005, reason: 'bankrupt' });
    }
    journal.notices.push({ kind: 'bankrupt', timeMs: moment.timeMs });
  }
  const standing = context.standing?.timeMs === moment.timeMs ? context.standing : null;
  if (context.rowsAtEvents || standing?.withBalance === true) {
    journal.setBalance(runtime.balanceRecord(moment.timeMs, moment.mark));
  } else {
    renewRows(runtime, moment);
  }
  if (standing !== null) {
    journal.rowPosition = rowPositionAt(runtime, moment);
  }
}

/** Draws the rows of a moment anew, if it has any: something more has happened at it, an order has ended for example. */
export function renewRows(runtime: AccountRuntime, { timeMs, mark }: Moment): void {
  const { journal } = runtime;
  if (journal.balances.at(-1)?.timeMs === timeMs) journal.setBalance(runtime.balanceRecord(timeMs, mark));
  if (journal.rowPosition?.timeMs === timeMs) journal.rowPosition = rowPositionAt(runtime, { timeMs, mark });
  if (journal.positions.at(-1)?.timeMs === timeMs) {
    journal.positions.pop();
    const record = runtime.positionRecord(timeMs, fractionToF64(mark));
    if (record !== null) journal.positions.push(record);
  }
}

function rowPositionAt(
  runtime: AccountRuntime,
  { timeMs, mark }: Pick<Moment, 'timeMs' | 'mark'>,
): Journal['rowPosition'] {
  return { timeMs, record: runtime.positionRecord(timeMs, fractionToF64(mark)) };
}
