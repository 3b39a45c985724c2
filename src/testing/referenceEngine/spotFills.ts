/**
 * Fills of spot orders: coins for money in two ledgers of the account. What was bought and not sold yet is the holding, the only
 * position of a pair's book; coins that came otherwise are none of it, so a sell takes from the holding first and tells a result
 * only of what it takes.
 */

import type { RefPosition } from './account.js';
import { armBrackets, endBrackets } from './brackets.js';
import { closeTrade, openPosition, settleExtremes, weightOf } from './closedTrades.js';
import type { Deal } from './execute.js';
import { lastOf } from './margin.js';
import { add, maxNum, minNum, type Num, negate, ratio, round, ZERO } from './numbers.js';
import { isLive, remainingOf } from './orders.js';
import { floorToStep } from './sizing.js';
import { freeBase, freeCoins, freeMoney, giveSpotSize, NOT_COVERED } from './spotOrders.js';
import { value } from './terms.js';
import { feeOf, noteClosing, type Trade, writeTrade } from './trades.js';

/** Executes a whole spot order at a price, or ends it with the reason why not. */
export function executeSpot(deal: Deal): void {
  const { book, order, moment } = deal;
  const { account } = book;
  const refuse = ({ code, reason }: { readonly code: number; readonly reason: string }): void =>
    account.end(order, moment.timeMs, order.type === 'market' ? 'rejected' : 'cancelled', code, reason);
  const price = ratio(deal.price);
  const isSizedHere = order.qty === null;
  if (!giveSpotSize(deal)) return;
  const qty = order.style === null ? remainingOf(order) : sellableOfLeg(deal);
  if (qty.eq(ZERO) || !(isSizedHere || isCovered(deal, qty))) {
    refuse(NOT_COVERED);
    return;
  }
  order.fillPrice = price;
  tradeSpot({ ...deal, price, side: order.side, shown: deal.price }, qty);
  order.filled = order.filled.plus(qty);
  order.opened = order.side === 1 ? qty : ZERO;
  order.guards = book.at(1)?.serial ?? null;
  armBrackets(book, order, qty, moment);
  if (isLive(order)) account.end(order, moment.timeMs, 'filled', null, null);
  endBrackets(book, order, moment);
}

/** A stop that came with an order sells at most the holding, and only coins that are free. */
function sellableOfLeg({ book, order, moment }: Deal): Num {
  const free = floorToStep(book, freeCoins(book, moment.quotes, order.id));
  return minNum(minNum(remainingOf(order), book.at(1)?.qty ?? ZERO), free);
}

function isCovered({ book, order, price, liquidity, moment }: Deal, qty: Num): boolean {
  if (order.side === -1) return qty.times(book.terms.coinUnit!).lte(freeBase(book, moment.quotes, order.id));
  const worth = value(book.terms, qty, ratio(price));
  const fee = maxNum(ZERO, feeOf(book, worth, liquidity));
  return worth.plus(fee).lte(freeMoney(book, moment.quotes, order.id));
}

/** The three bills of a fill: money, coins, fee; with the holding's id where there is one. */
function bookBills({ book, side, moment, cause }: Trade, holding: RefPosition | null, change: Change): void {
  const { account, terms } = book;
  const { settle, base } = terms.contract;
  const at = holding === null ? null : { book, position: holding };
  const [quote, coins] = [account.openLedger(settle), account.openLedger(base!)];
  const bill = { timeMs: moment.timeMs, orderId: cause.orderId, symbol: book.symbol };
  const type = side === 1 ? 'spot_buy' : 'spot_sell';
  account.book(quote, { ...bill, type, amount: change.money, fee: change.fee }, at);
  account.book(coins, { ...bill, type, amount: change.coins.times(terms.coinUnit!) }, at);
  account.book(quote, { ...bill, type: 'fee', amount: negate(change.fee) }, at);
}

/** What a fill brings, with its sign: money in quote units, coins in quantity units. */
interface Change {
  readonly money: Num;
  readonly coins: Num;
  readonly fee: Num;
}

function openLedgers({ book }: Trade): void {
  book.account.openLedger(book.terms.contract.settle);
  book.account.openLedger(book.terms.contract.base!);
}

/** Books a quantity at a price, bought or sold. */
export function tradeSpot(trade: Trade, qty: Num): void {
  if (trade.side === 1) buy(trade, qty);
  else sell(trade, qty);
}

function buy(trade: Trade, qty: Num): void {
  const { book, moment, price } = trade;
  const worth = value(book.terms, qty, price);
  const fee = trade.fee ?? feeOf(book, worth, trade.liquidity);
  openLedgers(trade);
  writeTrade(trade, { effect: 'open', qty, worth, fee, pnl: ZERO });
  const found = book.at(1);
  if (found !== null) settleExtremes({ book, position: found }, lastOf(book, moment.quotes));
  const holding = found ?? openPosition(book, 1, moment);
  holding.qty = holding.qty.plus(qty);
  holding.cost = holding.cost.plus(worth);
  holding.openedQty = holding.openedQty.plus(qty);
  holding.openedValue = holding.openedValue.plus(worth);
  holding.openedSum = add(holding.openedSum, weightOf(book.terms, qty, price));
  holding.fees = holding.fees.plus(fee);
  bookBills(trade, holding, { money: negate(worth), coins: qty, fee });
}

function sell(trade: Trade, qty: Num): void {
  const { book, moment, price, cause } = trade;
  const worth = value(book.terms, qty, price);
  const fee = trade.fee ?? feeOf(book, worth, trade.liquidity);
  const holding = book.at(1);
  if (holding !== null) settleExtremes({ book, position: holding }, lastOf(book, moment.quotes));
  const sold = minNum(qty, holding?.qty ?? ZERO);
  const released = holding === null ? ZERO : costOf(holding, sold);
  const pnl = round(ratio(worth.times(sold), qty)).minus(released);
  openLedgers(trade);
  writeTrade(trade, { effect: 'close', qty, worth, fee, pnl });
  bookBills(trade, holding, { money: worth, coins: negate(qty), fee });
  if (holding === null) return;
  holding.qty = holding.qty.minus(sold);
  holding.cost = holding.cost.minus(released);
  noteClosing({ book, position: holding }, sold, price, pnl);
  holding.fees = holding.fees.plus(round(ratio(fee.times(sold), qty)));
  if (holding.qty.eq(ZERO)) closeTrade({ book, position: holding }, moment, cause.reason);
}

const costOf = (holding: RefPosition, sold: Num): Num =>
  sold.eq(holding.qty) ? holding.cost : round(ratio(holding.cost.times(sold), holding.qty));
