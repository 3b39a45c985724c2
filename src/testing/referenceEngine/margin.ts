/**
 * What an account's figures are at a mark: unrealised result, margins, order margin, available and usable balance, and the cost
 * of orders. Written from settlement text §2, §3 and §6; everything is computed anew each time it is asked for.
 */

import type { RefAccount, RefPosition } from './account.js';
import {
  add,
  ceil,
  compare,
  maxNum,
  maxRatio,
  minNum,
  multiply,
  type Num,
  ONE_RATIO,
  type Ratio,
  ratio,
  scale,
  signed,
  subtract,
  ZERO,
  ZERO_RATIO,
} from './numbers.js';
import { isLive, type RefOrder, remainingOf } from './orders.js';
import { exactValue, initialRate, type Terms, unitValue, value } from './terms.js';

/** U = s·σ·(V(P) − C), in the venue's rounding. */
export function unrealized(terms: Terms, position: RefPosition | null, mark: Ratio): Num {
  if (position === null) return ZERO;
  return signed(position.side * terms.sigma, value(terms, position.qty, mark).minus(position.cost));
}

/** U with the value at the mark not rounded. */
export function exactUnrealized(terms: Terms, position: RefPosition, mark: Ratio): Ratio {
  const gain = subtract(exactValue(terms, position.qty, mark), ratio(position.cost));
  return position.side * terms.sigma < 0 ? subtract(ZERO_RATIO, gain) : gain;
}

export const assignedMargin = (account: RefAccount): Num => account.position?.margin ?? ZERO;
export const crossWallet = (account: RefAccount): Num => account.wallet.minus(assignedMargin(account));

/** Initial margin of a position of this cost, rounded up. */
export const initialMargin = (terms: Terms, leverage: Ratio, cost: Num): Num =>
  ceil(scale(initialRate(terms, leverage, cost), cost));

/** The BitMEX commission reserve for a position of this cost and margin, `added` of it by hand; 0 elsewhere. */
export function commissionReserve(account: RefAccount, side: 1 | -1, cost: Num, margin: Num, added: Num): Num {
  const { terms, leverage } = account;
  if (terms.rules.feeReserve !== 'ledger' || !terms.takerFee.n.gt(ZERO) || cost.eq(ZERO)) return ZERO;
  const initial = initialMargin(terms, leverage, cost);
  const collateral = account.mode === 'isolated' ? margin : initial;
  if (terms.isInverse && side === -1 && collateral.gte(cost)) return ZERO;
  return ceil(scale(terms.takerFee, cost.plus(initial).plus(added)));
}

export function reserveOf(account: RefAccount): Num {
  const { position } = account;
  if (position === null) return ZERO;
  return commissionReserve(account, position.side, position.cost, position.margin, position.added);
}

/** Margin set aside for the position, without unrealised result and without the reserve. */
export function heldMargin(account: RefAccount): Num {
  const { position, terms, leverage } = account;
  if (position === null) return ZERO;
  return position.mode === 'isolated' ? position.margin : initialMargin(terms, leverage, position.cost);
}

export interface Figures {
  readonly wallet: Num;
  readonly unrealized: Num;
  readonly marginBalance: Num;
  readonly positionMargin: Num;
  readonly orderMargin: Num;
  /** May be negative. */
  readonly available: Num;
}

/** The row of figures at a mark; the order margin of `except` can be left out. */
export function figuresAt(account: RefAccount, mark: Ratio, except: number | null = null): Figures {
  const { terms, position, wallet } = account;
  const gain = unrealized(terms, position, mark);
  let positionMargin = heldMargin(account).plus(reserveOf(account));
  if (position?.mode === 'isolated') positionMargin = positionMargin.plus(gain);
  else if (terms.rules.crossProfitUse === 'losses_only') positionMargin = positionMargin.plus(maxNum(ZERO, gain));
  const orders = account.orders.filter((order) => order.id !== except);
  const held = orderMargin(account, orders, mark);
  const marginBalance = wallet.plus(gain);
  return {
    wallet,
    unrealized: gain,
    marginBalance,
    positionMargin,
    orderMargin: held,
    available: marginBalance.minus(positionMargin).minus(held),
  };
}

/** What new trades may use: transferable in isolated mode, available in cross mode. */
export function usableAt(account: RefAccount, mark: Ratio, except: number | null = null): Num {
  const { available } = figuresAt(account, mark, except);
  if (account.mode === 'cross') return maxNum(ZERO, available);
  return maxNum(ZERO, minNum(available, crossWallet(account).minus(reserveOf(account))));
}

/** Cost of one opening order, its parts rounded up (§6.1); `exposure` decides the tier. */
export function orderCost(account: RefAccount, side: 1 | -1, qty: Num, price: Ratio, mark: Ratio, exposure: Num): Num {
  const { terms, leverage } = account;
  const worth = value(terms, qty, price);
  const rate = initialRate(terms, leverage, exposure.plus(worth));
  const initial = ceil(scale(rate, worth));
  const loss = terms.rules.openLossInOrderMargin
    ? maxNum(ZERO, signed(side * terms.sigma, worth.minus(value(terms, qty, mark))))
    : ZERO;
  return initial.plus(loss).plus(feeReserve(terms, side, worth, rate, initial));
}

function feeReserve(terms: Terms, side: 1 | -1, worth: Num, rate: Ratio, initial: Num): Num {
  const fee = terms.takerFee;
  if (!fee.n.gt(ZERO)) return ZERO;
  const opening = ceil(scale(fee, worth));
  if (isSafeShort(terms, side, rate)) return opening;
  if (terms.rules.feeReserve === 'ledger') return opening.plus(ceil(scale(fee, worth.plus(initial))));
  return opening.plus(ceil(multiply(fee, scale(bankruptcyFactor(terms, side, rate), worth))));
}

/** An inverse short whose margin is at least its cost cannot be taken over: nothing is reserved for that. */
const isSafeShort = (terms: Terms, side: 1 | -1, rate: Ratio): boolean =>
  terms.isInverse && side === -1 && compare(rate, ONE_RATIO) >= 0;

/** Value at the bankruptcy price over value: linear 1 − s·rate, inverse 1 + s·rate, at least 0. */
function bankruptcyFactor(terms: Terms, side: 1 | -1, rate: Ratio): Ratio {
  const rises = side * terms.sigma === -1;
  return maxRatio(ZERO_RATIO, rises ? add(ONE_RATIO, rate) : subtract(ONE_RATIO, rate));
}

/** Cost of one order without any rounding of its parts, for sizing by percent. */
export function exactOrderCost(account: RefAccount, side: 1 | -1, qty: Num, price: Ratio, mark: Ratio): Ratio {
  const { terms, leverage, position } = account;
  const worth = scale(unitValue(terms, price), qty);
  const exposure = (position?.cost ?? ZERO).plus(value(terms, qty, price));
  const rate = initialRate(terms, leverage, exposure);
  const initial = multiply(worth, rate);
  let cost = initial;
  if (terms.rules.openLossInOrderMargin) {
    const change = subtract(scale(unitValue(terms, mark), qty), worth);
    const loss = side * terms.sigma === 1 ? subtract(ZERO_RATIO, change) : change;
    cost = add(cost, maxRatio(ZERO_RATIO, loss));
  }
  if (!terms.takerFee.n.gt(ZERO)) return cost;
  if (isSafeShort(terms, side, rate)) return add(cost, multiply(terms.takerFee, worth));
  const closing =
    terms.rules.feeReserve === 'ledger' ? add(worth, initial) : multiply(worth, bankruptcyFactor(terms, side, rate));
  return add(cost, multiply(terms.takerFee, add(worth, closing)));
}

/** Part of a resting limit order that would open, after what reduces the position is dropped. */
interface OpeningPart {
  readonly order: RefOrder;
  readonly qty: Num;
}

/** Opening remainders of one side's limits, best price first (§6.2). */
export function openingParts(account: RefAccount, orders: readonly RefOrder[], side: 1 | -1): OpeningPart[] {
  const limits = orders.filter((o) => isLive(o) && o.type === 'limit' && o.side === side && o.qty !== null);
  limits.sort((a, b) => a.level!.cmp(b.level!) * -side || a.id - b.id);
  const { position } = account;
  let reducing = position !== null && position.side === -side ? position.qty : ZERO;
  const parts: OpeningPart[] = [];
  for (const order of limits) {
    const closes = minNum(reducing, remainingOf(order));
    reducing = reducing.minus(closes);
    const opens = remainingOf(order).minus(closes);
    if (!order.closing && opens.gt(ZERO)) parts.push({ order, qty: opens });
  }
  return parts;
}

const total = (parts: readonly OpeningPart[]): Num => parts.reduce((sum, part) => sum.plus(part.qty), ZERO);

function costOf(account: RefAccount, parts: readonly OpeningPart[], mark: Ratio): Num {
  const exposure = account.position?.cost ?? ZERO;
  return parts.reduce(
    (sum, { order, qty }) => sum.plus(orderCost(account, order.side, qty, ratio(order.level!), mark, exposure)),
    ZERO,
  );
}

/** Margin locked by resting limits, netted as the venue does. */
export function orderMargin(account: RefAccount, orders: readonly RefOrder[], mark: Ratio): Num {
  const buys = openingParts(account, orders, 1);
  const sells = openingParts(account, orders, -1);
  if (account.terms.rules.orderNetting === 'max_side') {
    return maxNum(costOf(account, buys, mark), costOf(account, sells, mark));
  }
  let beyond = maxNum(ZERO, total(buys).minus(total(sells)));
  const excess: OpeningPart[] = [];
  for (const part of buys.slice().reverse()) {
    const qty = minNum(beyond, part.qty);
    beyond = beyond.minus(qty);
    if (qty.gt(ZERO)) excess.push({ order: part.order, qty });
  }
  return costOf(account, sells, mark).plus(costOf(account, excess, mark));
}

/** Value of resting limits that would open, at their prices. */
export function openingValue(account: RefAccount, except: number | null): Num {
  const parts = ([1, -1] as const).flatMap((side) => openingParts(account, account.orders, side));
  return parts
    .filter(({ order }) => order.id !== except)
    .reduce((sum, { order, qty }) => sum.plus(value(account.terms, qty, ratio(order.level!))), ZERO);
}

export const isCovered = (cost: Ratio, usable: Num): boolean => compare(cost, ratio(usable)) <= 0;
