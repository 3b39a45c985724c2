/**
 * Fills: sizing, the closing part, the opening part with its margin test, the bills and rows of each, and what a fill does to
 * bracket stops (settlement text §1.2, §2.4, §6.2, §6.4). Prices are decided before; nothing here looks at a path.
 */

import type { Liquidity } from '../../engine/records.js';
import type { FillCause, Moment, RefAccount } from './account.js';
import { armBrackets, endBrackets } from './brackets.js';
import { closeTrade, openPosition, settleExtremes, weightOf } from './closedTrades.js';
import {
  assignedMargin,
  commissionReserve,
  crossWallet,
  exactOrderCost,
  initialMargin,
  isCovered,
  reserveOf,
  usableAt,
} from './margin.js';
import {
  add,
  ceil,
  floor,
  maxNum,
  minNum,
  multiply,
  type Num,
  negate,
  num,
  type Ratio,
  ratio,
  round,
  scale,
  signed,
  toBigint,
  toFloat,
  truncate,
  ZERO,
} from './numbers.js';
import { isLive, type RefOrder, remainingOf } from './orders.js';
import { followPosition } from './restingExits.js';
import { initialRate, isAboveTier, value } from './terms.js';

/** A fill about to be made. */
interface Deal {
  readonly order: RefOrder;
  readonly price: Num;
  readonly liquidity: Liquidity;
  readonly moment: Moment;
  readonly cause: FillCause;
}

export const feeOf = (account: RefAccount, worth: Num, liquidity: Liquidity): Num =>
  round(scale(liquidity === 'taker' ? account.terms.takerFee : account.terms.makerFee, worth));

/** Executes a whole order at a price, or ends it with the reason why not. */
export function execute(account: RefAccount, order: RefOrder, price: Num, liquidity: Liquidity, moment: Moment): void {
  const deal: Deal = { order, price, liquidity, moment, cause: causeOf(order, moment) };
  if (!size(account, deal)) return;
  const { position } = account;
  const opposite = position !== null && position.side === -order.side ? position.qty : ZERO;
  const closes = minNum(opposite, remainingOf(order));
  const opens = order.closing ? ZERO : remainingOf(order).minus(closes);
  if (order.closing && closes.eq(ZERO)) {
    account.end(order, moment.timeMs, 'cancelled', 400, 'no_position');
    return;
  }
  order.fillPrice = ratio(price);
  if (closes.gt(ZERO)) tradeClosingPart(account, deal, closes);
  const refusal = opens.gt(ZERO) ? refusalOf(account, deal, opens) : null;
  if (refusal !== null) {
    const isWhole = closes.eq(ZERO) && order.type === 'market';
    if (closes.eq(ZERO)) order.fillPrice = null;
    account.end(order, moment.timeMs, isWhole ? 'rejected' : 'cancelled', refusal.code, refusal.reason);
  } else {
    if (opens.gt(ZERO)) tradeOpeningPart(account, deal, opens);
    if (isLive(order)) armBrackets(account, order, opens, moment);
    if (isLive(order)) account.end(order, moment.timeMs, 'filled', null, null);
  }
  endBrackets(account, order, moment);
}

function causeOf(order: RefOrder, moment: Moment): FillCause {
  if (order.style === null) return { reason: 'order', orderId: order.id, stop: null };
  const lossProfit = order.style.name.startsWith('stop_loss') ? 'loss' : 'profit';
  return {
    reason: lossProfit === 'loss' ? 'stop_loss' : 'stop_profit',
    orderId: order.id,
    stop: {
      stopPrice: toFloat(order.level!),
      lossProfit,
      orderId: order.parentId,
      trigger: order.source,
      rule: order.style.name,
      path: moment.leg,
    },
  };
}

/** Gives a percent order its quantity; false where it ended because that is too little. */
function size(account: RefAccount, { order, price, moment }: Deal): boolean {
  if (order.qty !== null || order.pct === null) return true;
  const { position, terms } = account;
  const held = position !== null && position.side === -order.side ? position.qty : ZERO;
  if (order.closing && held.eq(ZERO)) {
    account.end(order, moment.timeMs, 'cancelled', 400, 'no_position');
    return false;
  }
  if (order.effect === 'close') {
    order.qty = shareOfPosition(account, order.pct, held);
  } else {
    order.qty = sizeByShare(account, order.side, order.pct, ratio(price), moment.mark, order.id);
  }
  const least = order.effect === 'close' ? num('1') : num(terms.contract.minQty);
  if (order.qty.gte(least)) return true;
  order.qty = ZERO;
  account.end(order, moment.timeMs, order.type === 'market' ? 'rejected' : 'cancelled', 400, 'qty_below_min');
  return false;
}

/** A share of a held quantity, on the step; the whole is the whole. */
export function shareOfPosition(account: RefAccount, share: Num, held: Num): Num {
  if (share.gte(num('1'))) return held;
  return floorToStep(account, held.times(share));
}

export function floorToStep(account: RefAccount, qty: Num): Num {
  const step = num(account.terms.contract.qtyStep);
  return floor(ratio(qty, step)).times(step);
}

/** Largest quantity on the step whose unrounded cost is at most the share of what is usable; found by halving. */
export function sizeByShare(
  account: RefAccount,
  side: 1 | -1,
  share: Num,
  price: Ratio,
  mark: Ratio,
  except: number | null,
): Num {
  const step = num(account.terms.contract.qtyStep);
  const limit = usableAt(account, mark, except).times(share);
  const fits = (steps: Num): boolean => isCovered(exactOrderCost(account, side, steps.times(step), price, mark), limit);
  let least = ZERO;
  let most = num('1');
  while (fits(most)) {
    least = most;
    most = most.times(num('2'));
  }
  while (most.minus(least).gt(num('1'))) {
    const middle = floor(ratio(least.plus(most), num('2')));
    if (fits(middle)) least = middle;
    else most = middle;
  }
  return least.times(step);
}

interface Refusal {
  readonly code: number;
  readonly reason: string;
}

/** Margin that an opening part adds to the position. */
export function addedMargin(account: RefAccount, worth: Num): Num {
  const { terms, leverage, position } = account;
  const cost = position?.cost ?? ZERO;
  const grown = cost.plus(worth);
  if (account.mode === 'cross') {
    return initialMargin(terms, leverage, grown).minus(cost.eq(ZERO) ? ZERO : initialMargin(terms, leverage, cost));
  }
  const rate = initialRate(terms, leverage, grown);
  if (terms.rules.feeReserve !== 'ledger') return ceil(scale(rate, worth));
  // The whole position moves to its step: each total at the rate of its own.
  const before = cost.eq(ZERO) ? ZERO : ceil(scale(initialRate(terms, leverage, cost), cost));
  return ceil(scale(rate, grown)).minus(before);
}

/** Why an opening part may not be traded, or null: tier, then margin + reserve + fee against what is usable. */
function refusalOf(account: RefAccount, { order, price, liquidity, moment }: Deal, qty: Num): Refusal | null {
  const { terms, leverage, position } = account;
  const worth = value(terms, qty, ratio(price));
  const grown = (position?.cost ?? ZERO).plus(worth);
  if (isAboveTier(terms, leverage, grown)) return { code: 70003, reason: 'leverage_above_tier' };
  if (order.pct !== null && order.type !== 'limit') return null;
  const added = addedMargin(account, worth);
  const margin = account.mode === 'isolated' ? assignedMargin(account).plus(added) : ZERO;
  const reserve = commissionReserve(account, order.side, grown, margin, position?.added ?? ZERO).minus(
    reserveOf(account),
  );
  const fee = maxNum(ZERO, feeOf(account, worth, liquidity));
  const usable = usableAt(account, moment.mark, order.id);
  if (added.plus(reserve).plus(fee).lte(usable)) return null;
  return { code: 70004, reason: 'insufficient_margin' };
}

function writeTrade(
  account: RefAccount,
  { order, price, liquidity, moment, cause }: Deal,
  part: {
    readonly effect: 'open' | 'close';
    readonly qty: Num;
    readonly worth: Num;
    readonly fee: Num;
    readonly pnl: Num;
  },
): void {
  account.counters.fees = account.counters.fees.plus(part.fee);
  account.writings.push({
    kind: 'trade',
    timeMs: moment.timeMs,
    stop: cause.stop,
    record: {
      timeMs: moment.timeMs,
      account: account.input.name,
      contract: account.terms.contract,
      orderId: cause.orderId,
      side: order.side === 1 ? 'buy' : 'sell',
      positionEffect: part.effect,
      price: toFloat(price),
      qty: toBigint(part.qty),
      amount: toBigint(part.worth),
      commission: toBigint(part.fee),
      realizedPnl: toBigint(part.pnl),
      liquidity,
      reason: cause.reason,
    },
  });
}

function tradeClosingPart(account: RefAccount, deal: Deal, qty: Num): void {
  const { order, price, moment } = deal;
  const { terms } = account;
  const position = account.position!;
  settleExtremes(account, moment.last);
  const worth = value(terms, qty, ratio(price));
  const isAll = qty.eq(position.qty);
  const cost = isAll ? position.cost : round(ratio(position.cost.times(qty), position.qty));
  const released = isAll ? position.margin : floor(ratio(position.margin.times(qty), position.qty));
  const pnl = signed(position.side * terms.sigma, worth.minus(cost));
  const fee = feeOf(account, worth, deal.liquidity);
  writeTrade(account, deal, { effect: 'close', qty, worth, fee, pnl });
  const at = { timeMs: moment.timeMs, orderId: order.id };
  const held = position.qty;
  position.qty = position.qty.minus(qty);
  position.cost = position.cost.minus(cost);
  position.margin = position.margin.minus(released);
  position.added = position.added.minus(isAll ? position.added : truncate(ratio(position.added.times(qty), held)));
  account.book({ ...at, type: 'realized_pnl', amount: pnl, fee, isolatedDelta: negate(released) });
  account.book({ ...at, type: 'fee', amount: negate(fee) });
  noteClosing(account, deal, { qty, pnl, fee });
  if ((position.mode === 'isolated' || isAll) && crossWallet(account).lt(ZERO)) {
    const credit = negate(crossWallet(account));
    position.gross = position.gross.plus(credit);
    account.book({ ...at, type: 'insurance', amount: credit });
  }
  order.filled = order.filled.plus(qty);
  if (isAll) closeTrade(account, moment, deal.cause.reason);
  const isArrived = (other: RefOrder): boolean => !other.fresh || other.id < order.id;
  const isConcerned = (other: RefOrder): boolean => isAll || other.side === order.side;
  followPosition(account, moment, (other) => isConcerned(other) && other.id !== order.id && isArrived(other));
}

function noteClosing(account: RefAccount, { price }: Deal, part: { qty: Num; pnl: Num; fee: Num }): void {
  const position = account.position!;
  position.closedQty = position.closedQty.plus(part.qty);
  position.closedSum = add(position.closedSum, weightOf(account.terms, part.qty, ratio(price)));
  position.gross = position.gross.plus(part.pnl);
  position.fees = position.fees.plus(part.fee);
}

function tradeOpeningPart(account: RefAccount, deal: Deal, qty: Num): void {
  const { order, price, moment } = deal;
  const worth = value(account.terms, qty, ratio(price));
  const added = account.mode === 'isolated' ? addedMargin(account, worth) : ZERO;
  const fee = feeOf(account, worth, deal.liquidity);
  writeTrade(account, deal, { effect: 'open', qty, worth, fee, pnl: ZERO });
  if (account.position === null) openPosition(account, order.side, moment);
  else settleExtremes(account, moment.last);
  const position = account.position!;
  position.qty = position.qty.plus(qty);
  position.cost = position.cost.plus(worth);
  position.margin = position.margin.plus(added);
  position.openedQty = position.openedQty.plus(qty);
  position.openedValue = position.openedValue.plus(worth);
  position.openedSum = add(position.openedSum, weightOf(account.terms, qty, ratio(price)));
  position.fees = position.fees.plus(fee);
  account.book({ timeMs: moment.timeMs, orderId: order.id, type: 'fee', amount: negate(fee), isolatedDelta: added });
  order.filled = order.filled.plus(qty);
}

/** Share of a value by a rate, for callers that book it. */
export const shareOf = (rate: Ratio, worth: Num): Num => round(multiply(rate, ratio(worth)));
