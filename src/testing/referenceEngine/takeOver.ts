/**
 * What a liquidation does: ends the orders, takes the position over at the bankruptcy price or at the mark, and books the loss,
 * the commission reserve and what the insurance fund adds (settlement text §4.6, §11). Also the end of a blown-up account.
 */

import type { Moment, RefAccount } from './account.js';
import { closeTrade, settleExtremes, weightOf } from './closedTrades.js';
import { bankruptcyPrice, collateralOf, exactEquity, isLiquidatable } from './liquidation.js';
import { reserveOf, unrealized } from './margin.js';
import {
  add,
  compare,
  decimalOf,
  maxNum,
  minNum,
  type Num,
  negate,
  type Ratio,
  ratio,
  signed,
  toBigint,
  toFloat,
  ZERO,
  ZERO_RATIO,
} from './numbers.js';
import type { RefOrder } from './orders.js';
import { toTick, value } from './terms.js';

/** Liquidates where the mark asks for it, and ends the account where nothing is left. True where something happened. */
export function settleRisk(account: RefAccount, moment: Moment): boolean {
  const isTaken = isLiquidatable(account, moment.mark);
  if (isTaken) takeOver(account, moment);
  endIfBankrupt(account, moment);
  return isTaken;
}

export function takeOver(account: RefAccount, moment: Moment): void {
  const position = account.position!;
  for (const order of stopsFirst(account).filter((each) => !each.fresh)) {
    account.end(order, moment.timeMs, 'cancelled', null, 'liquidation');
  }
  settleExtremes(account, moment.last);
  const collateral = collateralOf(account);
  const price = bankruptcyPrice(account);
  const gain = unrealized(account.terms, position, moment.mark);
  // Where only the rounding of values makes the mark look beyond, the fund would be paid for it: that is no shortfall.
  const isShort = compare(exactEquity(account, moment.mark), ZERO_RATIO) < 0 && gain.plus(collateral).lte(ZERO);
  const isBeyond = isShort || price === null;
  const loss = isBeyond ? gain : negate(collateral);
  bookTakeOver(account, moment, {
    price: isBeyond ? markPrice(account, moment.mark) : price!,
    loss,
    collateral,
    isBeyond,
  });
  account.counters.liquidations += 1;
  closeTrade(account, moment, 'liquidation');
  for (const stop of account.orders.filter((each) => each.style !== null && each.armed)) {
    account.end(stop, moment.timeMs, 'cancelled', null, 'liquidation');
  }
}

/** Working orders, newest first: stops before the orders they hang on, so that each ends for the same reason. */
export const stopsFirst = (account: RefAccount): RefOrder[] => account.orders.slice().reverse();

/** The mark itself where it is a price of the data or the tick, else the nearest tick. */
function markPrice(account: RefAccount, mark: Ratio): Num {
  const text = decimalOf(Number(mark.n.div(mark.d).toFixed()));
  return compare(ratio(text), mark) === 0 ? text : toTick(account.terms, mark, 'nearest');
}

interface Loss {
  readonly price: Num;
  /** Amount of the liquidation bill. */
  readonly loss: Num;
  readonly collateral: Num;
  readonly isBeyond: boolean;
}

function bookTakeOver(account: RefAccount, moment: Moment, { price, loss, collateral, isBeyond }: Loss): void {
  const { terms } = account;
  const position = account.position!;
  const isIsolated = position.mode === 'isolated';
  const reserve = isIsolated ? reserveOf(account) : ZERO;
  const worth = isBeyond
    ? value(terms, position.qty, moment.mark)
    : position.cost.plus(signed(position.side * terms.sigma, loss));
  const margin = position.margin;
  const fee = minNum(reserve, maxNum(ZERO, account.wallet.minus(collateral)));
  position.margin = ZERO;
  account.book({ timeMs: moment.timeMs, type: 'liquidation', amount: loss, fee, isolatedDelta: negate(margin) });
  account.book({ timeMs: moment.timeMs, type: 'fee', amount: negate(fee) });
  const insurance = isBeyond ? negate(collateral).minus(loss) : ZERO;
  account.book({ timeMs: moment.timeMs, type: 'insurance', amount: insurance });
  account.counters.fees = account.counters.fees.plus(fee);
  position.closedQty = position.closedQty.plus(position.qty);
  const exit = isBeyond ? moment.mark : ratio(price);
  position.closedSum = add(position.closedSum, weightOf(terms, position.qty, exit));
  position.gross = position.gross.plus(loss).plus(insurance);
  position.fees = position.fees.plus(fee);
  account.writings.push({
    kind: 'trade',
    timeMs: moment.timeMs,
    stop: null,
    record: {
      timeMs: moment.timeMs,
      account: account.input.name,
      contract: terms.contract,
      orderId: null,
      side: position.side === 1 ? 'sell' : 'buy',
      positionEffect: 'close',
      price: toFloat(price),
      qty: toBigint(position.qty),
      amount: toBigint(worth),
      commission: toBigint(fee),
      realizedPnl: toBigint(loss),
      liquidity: 'taker',
      reason: 'liquidation',
    },
  });
}

/** Ends an account that is flat with nothing in its wallet; what it has working ends with it. */
export function endIfBankrupt(account: RefAccount, moment: Moment): void {
  if (account.bankruptAtMs !== null || account.position !== null || account.wallet.gt(ZERO)) return;
  account.bankruptAtMs = moment.timeMs;
  for (const order of stopsFirst(account)) account.end(order, moment.timeMs, 'cancelled', 70005, 'bankrupt');
}
