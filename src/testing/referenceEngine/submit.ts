/**
 * What an order call means and whether it is admitted: reading of prices, quantities and options, the tests at submission, and the
 * order with its bracket stops (settlement text §1.3, §6). A refused call leaves one rejected order and changes nothing else.
 */

import type { DecimalInput, OrderOptions, OrderStyle, OrderStyleName } from '../../strategy/strategy.js';
import type { Moment, RefAccount } from './account.js';
import { openPosition } from './closedTrades.js';
import { addedMargin, feeOf, floorToStep, shareOfPosition, sizeByShare } from './execute.js';
import { isLiquidatable } from './liquidation.js';
import { openingValue, orderCost, orderMargin, usableAt } from './margin.js';
import { compare, maxNum, type Num, num, type Ratio, ratio, ZERO } from './numbers.js';
import { bracketLevel, isLossStyle, isPercentStyle, type RefOrder } from './orders.js';
import { isAboveTier, toTick, value } from './terms.js';

/** A call as the facade passes it on. */
export interface OrderCall {
  readonly symbol: string;
  readonly side: 1 | -1;
  readonly effect: 'open' | 'close';
  readonly price: DecimalInput | null;
  readonly amount: DecimalInput;
  readonly isPercent: boolean;
  readonly options: OrderOptions;
}

/** What is known where a call is made. */
export interface CallMoment {
  readonly timeMs: number;
  /** Why no orders are taken at all, or null. */
  readonly closedFor: string | null;
  /** Newest close; null before the first bar. */
  readonly last: Ratio | null;
  /** Mark that orders are judged by: last where the mark candle is not closed. */
  readonly mark: Ratio | null;
  readonly hasMark: boolean;
  /** Last with slippage, for a market order of this side. */
  marketPrice(side: 1 | -1): Ratio;
  nextId(): number;
}

interface Refusal {
  readonly code: number;
  readonly reason: string;
}

const refuse = (reason: string, code = 400): Refusal => ({ code, reason });

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
/** Text or number → decimal above zero; null for anything else. */
export function positiveDecimal(input: DecimalInput): Num | null {
  const text = String(input).trim();
  if (!DECIMAL.test(text)) return null;
  const decimal = num(text.startsWith('+') ? text.slice(1) : text);
  return decimal.gt(ZERO) ? decimal : null;
}

const STYLES: readonly string[] = ['stop_loss', 'stop_profit', 'stop_loss_pct', 'stop_profit_pct'];

/** Takes a call: the order that is working now, or a rejected one. */
export function submit(account: RefAccount, call: OrderCall, moment: CallMoment): RefOrder {
  const order = draftOf(account, call, moment);
  const refusal = judge(account, call, order, moment);
  order.id = moment.nextId();
  account.orders.push(order);
  if (refusal !== null) {
    account.end(order, moment.timeMs, 'rejected', refusal.code, refusal.reason);
    return order;
  }
  for (const style of stylesOf(call)) account.orders.push(childOf(account, order, style, call, moment));
  return order;
}

/** The order as far as it can be read. */
function draftOf(account: RefAccount, call: OrderCall, moment: CallMoment): RefOrder {
  const { terms } = account;
  const { options } = call;
  const limit = call.price === null ? null : positiveDecimal(call.price);
  const trigger = options.trigger === undefined ? null : positiveDecimal(options.trigger);
  const amount = positiveDecimal(call.amount);
  const source = options.triggerBy ?? terms.rules.triggerDefault;
  const asked = limit === null ? trigger : limit;
  const direction = limit === null ? 'nearest' : call.side === 1 ? 'down' : 'up';
  return {
    id: 0,
    timeMs: moment.timeMs,
    symbol: call.symbol,
    known: call.symbol === terms.contract.symbol,
    side: call.side,
    effect: call.effect,
    type: call.price !== null ? 'limit' : options.trigger !== undefined ? 'stop' : 'market',
    level: asked === null ? null : toTick(terms, ratio(asked), direction),
    qty: call.isPercent || amount === null ? null : amount.times(num(`1e${terms.contract.qtyDecimals}`)),
    pct: call.isPercent ? amount : null,
    filled: ZERO,
    fillPrice: null,
    status: 'open',
    code: null,
    reason: null,
    tag: options.tag ?? null,
    endTimeMs: moment.timeMs,
    closing: call.effect === 'close' || options.reduceOnly === true,
    postOnly: options.postOnly === true,
    source: moment.hasMark ? source : 'last',
    fresh: true,
    parentId: null,
    style: null,
    armed: true,
  };
}

const stylesOf = (call: OrderCall): readonly OrderStyle[] => {
  const { orderStyle } = call.options;
  if (orderStyle === undefined) return [];
  return Array.isArray(orderStyle) ? (orderStyle as readonly OrderStyle[]) : [orderStyle as OrderStyle];
};

/** Every test at submission, in turn. */
function judge(account: RefAccount, call: OrderCall, order: RefOrder, moment: CallMoment): Refusal | null {
  if (account.bankruptAtMs !== null) return refuse('account_bankrupt', 70005);
  if (moment.closedFor !== null) return refuse(moment.closedFor);
  if (!order.known) return refuse('unknown_symbol');
  return (
    judgeNumbers(call, order) ??
    judgeBrackets(account, call, order, moment) ??
    judgeExit(account, call, order) ??
    judgePostOnly(order, moment) ??
    judgeQuantity(account, order, moment) ??
    judgeMargin(account, order, moment)
  );
}

function judgeNumbers(call: OrderCall, order: RefOrder): Refusal | null {
  const { options } = call;
  if (call.price !== null && (order.level === null || order.level.lte(ZERO))) return refuse('price_not_positive');
  if (options.trigger !== undefined) {
    if (call.price !== null) return refuse('trigger_needs_market_order');
    if (order.level === null || order.level.lte(ZERO)) return refuse('trigger_not_positive');
  }
  if (options.postOnly === true && call.price === null) return refuse('post_only_needs_limit_price');
  if (order.qty === null && order.pct === null) return refuse('qty_not_positive');
  if (order.pct?.gt(num('1'))) return refuse('pct_above_one');
  return null;
}

/** Quantity held on the side that an order would close. */
function heldAgainst(account: RefAccount, order: RefOrder): Num {
  const { position } = account;
  return position !== null && position.side === -order.side ? position.qty : ZERO;
}

function judgeExit(account: RefAccount, call: OrderCall, order: RefOrder): Refusal | null {
  if (!order.closing || heldAgainst(account, order).gt(ZERO)) return null;
  return refuse(call.effect === 'close' ? 'no_position' : 'reduce_only_without_position');
}

/** Steps and least quantity; sizes the percent orders that are not sized at their fill. */
function judgeQuantity(account: RefAccount, order: RefOrder, moment: CallMoment): Refusal | null {
  const held = heldAgainst(account, order);
  if (order.pct !== null) {
    if (order.type !== 'limit') return null;
    order.qty =
      order.effect === 'close'
        ? shareOfPosition(account, order.pct, held)
        : sizeByShare(account, order.side, order.pct, ratio(order.level!), moment.mark!, null);
  } else if (!order.qty!.eq(held) || !order.closing) {
    order.qty = floorToStep(account, order.qty!);
  }
  // The least quantity binds what opens; a close may be smaller, as long as a step is left of it.
  const least = order.effect === 'close' ? num(account.terms.contract.qtyStep) : num(account.terms.contract.minQty);
  const isWhole = order.effect === 'close' && order.qty!.eq(held);
  return order.qty!.gte(least) || isWhole ? null : refuse('qty_below_min');
}

function judgePostOnly(order: RefOrder, { last }: CallMoment): Refusal | null {
  if (!order.postOnly) return null;
  const gap = compare(ratio(order.level!), last!) * order.side;
  return gap >= 0 ? refuse('post_only_would_take') : null;
}

/** Price that the sides of bracket stops are judged against. */
function reference(order: RefOrder, moment: CallMoment): Ratio {
  return order.level !== null ? ratio(order.level) : moment.last!;
}

function judgeBrackets(account: RefAccount, call: OrderCall, order: RefOrder, moment: CallMoment): Refusal | null {
  for (const style of stylesOf(call)) {
    if (!STYLES.includes(style.name)) return refuse('unknown_order_style');
    const amount = positiveDecimal(style.value);
    if (amount === null) return refuse('stop_value_not_positive');
    const guarded = guardedSide(order);
    const at = reference(order, moment);
    const level = bracketLevel(account.terms, { name: style.name, value: amount }, guarded, at);
    if (level.lte(ZERO)) return refuse('stop_price_not_positive');
    const side = compare(ratio(level), at) * guarded;
    if (isLossStyle(style.name) ? side >= 0 : side <= 0) {
      if (!isPercentStyle(style.name)) return refuse('stop_wrong_side');
    }
  }
  return null;
}

/** Side of the position that an order's stops guard: what it opens, or what a close leaves. */
const guardedSide = (order: RefOrder): 1 | -1 => (order.effect === 'close' ? (-order.side as 1 | -1) : order.side);

/** Tier and margin at submission: pure opening market orders and limits; a stop locks nothing. */
function judgeMargin(account: RefAccount, order: RefOrder, moment: CallMoment): Refusal | null {
  const { terms, leverage, position } = account;
  if (order.closing || order.type === 'stop' || order.qty === null) return null;
  const opposite = position !== null && position.side === -order.side ? position.qty : ZERO;
  const mark = moment.mark!;
  const price = order.type === 'limit' ? ratio(order.level!) : moment.marketPrice(order.side);
  const held = position?.cost ?? ZERO;
  const opens = order.qty.minus(opposite);
  const others = terms.rules.tierExposure === 'position_plus_orders' ? openingValue(account, null) : ZERO;
  const exposure = (opposite.gt(ZERO) ? ZERO : held).plus(value(terms, maxNum(ZERO, opens), price)).plus(others);
  if (opens.gt(ZERO) && isAboveTier(terms, leverage, exposure)) return refuse('leverage_above_tier', 70003);
  const usable = usableAt(account, mark);
  if (order.type === 'market') {
    if (opposite.gt(ZERO)) return null;
    const cost = orderCost(account, order.side, order.qty, price, mark, held);
    if (cost.gt(usable)) return refuse('insufficient_margin', 70004);
    return wouldLiquidate(account, order, price, mark) ? refuse('would_liquidate', 70004) : null;
  }
  const growth = orderMargin(account, [...account.orders, { ...order, id: Number.MAX_SAFE_INTEGER }], mark).minus(
    orderMargin(account, account.orders, mark),
  );
  return growth.gt(usable) ? refuse('insufficient_margin', 70004) : null;
}

/** Whether the position that an opening order would make, at this price, is liquidated at this mark at once. */
function wouldLiquidate(account: RefAccount, order: RefOrder, price: Ratio, mark: Ratio): boolean {
  const twin = account.copy();
  const worth = value(account.terms, order.qty!, price);
  const added = account.mode === 'isolated' ? addedMargin(account, worth) : ZERO;
  twin.wallet = twin.wallet.minus(feeOf(account, worth, 'taker'));
  if (twin.position === null) {
    const at: Moment = { timeMs: order.timeMs, barIndex: 0, last: price, mark, leg: 'open' };
    openPosition(twin, order.side, at);
  }
  const position = twin.position!;
  position.qty = position.qty.plus(order.qty!);
  position.cost = position.cost.plus(worth);
  position.margin = position.margin.plus(added);
  return isLiquidatable(twin, mark);
}

/** A bracket stop of an order, waiting for its fill. */
function childOf(
  account: RefAccount,
  parent: RefOrder,
  style: OrderStyle,
  call: OrderCall,
  moment: CallMoment,
): RefOrder {
  const guarded = guardedSide(parent);
  const bracket = { name: style.name as OrderStyleName, value: positiveDecimal(style.value)! };
  const source = call.options.triggerBy ?? account.terms.rules.triggerDefault;
  return {
    ...parent,
    id: moment.nextId(),
    side: -guarded as 1 | -1,
    effect: 'close',
    type: 'stop',
    level: isPercentStyle(style.name) ? null : bracketLevel(account.terms, bracket, guarded, ratio(bracket.value)),
    pct: null,
    closing: true,
    postOnly: false,
    source: moment.hasMark ? source : 'last',
    parentId: parent.id,
    style: bracket,
    armed: false,
  };
}
