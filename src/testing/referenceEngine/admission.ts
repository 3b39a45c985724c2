/**
 * Whether an order call is admitted: the tests at submission, one after the other (settlement text §6.4, §6.5, §8.3). Percent
 * orders that rest get their quantity here; nothing else changes.
 */

import type { Book, Moment, RefAccount } from './account.js';
import { openPosition } from './closedTrades.js';
import { closable, reducedBy } from './execute.js';
import { markOf, usableAt } from './margin.js';
import { compare, maxNum, minNum, type Num, num, type Ratio, ratio, ZERO } from './numbers.js';
import { bookOrderMargin, heldBeside, openingTotal, orderCost } from './orderCost.js';
import { bracketLevel, isLossStyle, type RefOrder } from './orders.js';
import { groupOf, isDue } from './requirement.js';
import { floorToStep, shareOfPosition, sizeByShare } from './sizing.js';
import { judgeSpot } from './spotOrders.js';
import {
  type CallMoment,
  guardedSide,
  meantStyle,
  type OrderCall,
  positiveDecimal,
  referenceOf,
  stylesOf,
} from './submit.js';
import { value } from './terms.js';
import { type Exposure, exposureOf, isAboveTier, isBeyondLimit } from './tiers.js';
import { addedMargin, feeOf } from './trades.js';

export interface Refusal {
  readonly code: number;
  readonly reason: string;
}

const refuse = (reason: string, code = 400): Refusal => ({ code, reason });

const STYLES: readonly string[] = ['stop_loss', 'stop_profit', 'stop_loss_pct', 'stop_profit_pct'];

/** Every test at submission, in turn. */
export function judge(
  account: RefAccount,
  book: Book | undefined,
  call: OrderCall,
  order: RefOrder,
  moment: CallMoment,
): Refusal | null {
  const codes = book === undefined ? [account.ledgers[0]!.currency.code] : book.currencies;
  const isDead = codes.some((code) => (account.findLedger(code)?.bankruptAtMs ?? null) !== null);
  if (isDead) return refuse('account_bankrupt', 70005);
  if (moment.closedFor !== null) return refuse(moment.closedFor);
  if (book === undefined) return refuse('unknown_symbol');
  if (!moment.quotes.has(book.symbol)) return refuse('no_price_yet');
  if (book.isSpot !== (call.kind === 'spot')) return refuse(book.isSpot ? 'spot_pair' : 'not_a_spot_pair');
  if (book.isSpot) {
    return (
      judgeNumbers(call, order) ??
      judgeBrackets(book, call, order, moment) ??
      (call.options.reduceOnly === true ? refuse('reduce_only_on_spot') : null) ??
      judgePostOnly(book, order, moment) ??
      judgeSpot(book, order, expectedPrice(book, order, moment), moment.quotes)
    );
  }
  return (
    judgeNumbers(call, order) ??
    judgeMode(book, order) ??
    judgeBrackets(book, call, order, moment) ??
    judgeExit(book, call, order) ??
    judgePostOnly(book, order, moment) ??
    judgeQuantity(book, order, moment) ??
    judgeMargin(book, order, moment)
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

/** An opening order of a hedged book has nothing that it could only reduce. */
const judgeMode = (book: Book, order: RefOrder): Refusal | null =>
  book.isHedged && order.effect === 'open' && order.closing ? refuse('side_not_in_mode', 70002) : null;

function judgeBrackets(book: Book, call: OrderCall, order: RefOrder, moment: CallMoment): Refusal | null {
  for (const style of stylesOf(call)) {
    if (!STYLES.includes(style.name)) return refuse('unknown_order_style');
    const amount = positiveDecimal(style.value);
    if (amount === null) return refuse('stop_value_not_positive');
    const guarded = guardedSide(order);
    const at = referenceOf(book, order, moment);
    const level = bracketLevel(book.terms, { name: style.name, value: amount }, guarded, at);
    if (level === null || level.lte(ZERO)) return refuse('stop_price_not_positive');
    const { name } = meantStyle(book, { name: style.name, value: amount }, guarded, at);
    const side = compare(ratio(level), at) * guarded;
    // A percent stop may come to stand on the price itself by rounding to the tick.
    if (isLossStyle(name) ? side >= 0 : side <= 0) return refuse('stop_wrong_side');
  }
  return null;
}

/** Quantity that an order could close. */
function heldAgainst(book: Book, order: RefOrder): Num {
  const position = reducedBy(book, order);
  return position === null ? ZERO : order.closing ? closable(book, order, position) : position.qty;
}

function judgeExit(book: Book, call: OrderCall, order: RefOrder): Refusal | null {
  if (!order.closing || heldAgainst(book, order).gt(ZERO)) return null;
  if (reducedBy(book, order) !== null) return refuse('position_frozen');
  return refuse(call.effect === 'close' ? 'no_position' : 'reduce_only_without_position');
}

function judgePostOnly(book: Book, order: RefOrder, { quotes }: CallMoment): Refusal | null {
  if (!order.postOnly) return null;
  const gap = compare(ratio(order.level!), quotes.get(book.symbol)!.last) * order.side;
  return gap >= 0 ? refuse('post_only_would_take') : null;
}

/** Steps, least quantity and least value; sizes the percent orders that are not sized at their fill. */
function judgeQuantity(book: Book, order: RefOrder, moment: CallMoment): Refusal | null {
  const held = heldAgainst(book, order);
  const { contract } = book.terms;
  if (order.pct !== null) {
    if (order.type !== 'limit') return null;
    const wish = { side: order.side, share: order.pct, price: ratio(order.level!), except: null };
    order.qty =
      order.effect === 'close' ? shareOfPosition(book, order.pct, held) : sizeByShare(book, wish, moment.quotes);
  } else if (!order.qty!.eq(held) || !order.closing) {
    order.qty = floorToStep(book, order.qty!);
  }
  if (book.isHedged && order.closing) order.qty = minNum(order.qty!, held);
  // The least quantity binds what opens; a close may be smaller, as long as a step is left of it.
  const least = order.effect === 'close' ? num(contract.qtyStep) : num(contract.minQty);
  const isWhole = order.effect === 'close' && order.qty!.eq(held);
  if (order.qty!.lt(least) && !isWhole) return refuse('qty_below_min');
  if (order.closing || contract.minNotional === null) return null;
  const worth = value(book.terms, order.qty!, expectedPrice(book, order, moment));
  return worth.lt(num(contract.minNotional)) ? refuse('notional_below_min') : null;
}

/** Limit, trigger, or what the market gives. */
const expectedPrice = (book: Book, order: RefOrder, moment: CallMoment): Ratio =>
  order.level !== null ? ratio(order.level) : moment.marketPrice(book, order.side);

/** Tier and margin at submission: pure opening market orders and limits; a stop locks nothing. */
function judgeMargin(book: Book, order: RefOrder, moment: CallMoment): Refusal | null {
  const { terms, leverage } = book;
  if (order.closing || order.type === 'stop' || order.qty === null) return null;
  const opposite = reducedBy(book, order)?.qty ?? ZERO;
  const mark = markOf(book, moment.quotes);
  const price = expectedPrice(book, order, moment);
  const opens = order.qty.minus(opposite);
  const exposure = exposureAfter(book, order, maxNum(ZERO, opens), price);
  if (opens.gt(ZERO) && isBeyondLimit(terms, exposure)) return refuse('risk_limit_exceeded', 70003);
  if (opens.gt(ZERO) && isAboveTier(terms, leverage, exposure)) return refuse('leverage_above_tier', 70003);
  const usable = usableAt(book, moment.quotes);
  if (order.type === 'market') {
    if (opposite.gt(ZERO)) return null;
    const opening = { side: order.side, qty: order.qty, price };
    const cost = orderCost(book, opening, mark, heldBeside(book, order.side));
    if (cost.gt(usable)) return refuse('insufficient_margin', 70004);
    return wouldLiquidate(book, order, price, moment) ? refuse('would_liquidate', 70004) : null;
  }
  const growth = bookOrderMargin(
    book,
    [...book.orders, { ...order, id: Number.MAX_SAFE_INTEGER }],
    moment.quotes,
  ).minus(bookOrderMargin(book, book.orders, moment.quotes));
  return growth.gt(usable) ? refuse('insufficient_margin', 70004) : null;
}

/** What would be held, with what rests and would open where the venue counts that too. */
function exposureAfter(book: Book, order: RefOrder, opens: Num, price: Ratio): Exposure {
  const none = { cost: ZERO, qty: ZERO };
  const held = reducedBy(book, order) === null ? (book.at(order.side) ?? none) : none;
  const countsOrders = book.terms.rules.tierExposure === 'position_plus_orders';
  const others = countsOrders ? openingTotal(book, book.isHedged ? [order.side] : [1, -1]) : none;
  return exposureOf(
    held.cost.plus(value(book.terms, opens, price)).plus(others.cost),
    held.qty.plus(opens).plus(others.qty),
  );
}

/** Whether what an opening order would make, at this price, is liquidated at these marks at once. */
function wouldLiquidate(book: Book, order: RefOrder, price: Ratio, { quotes, timeMs }: CallMoment): boolean {
  const twinBook = book.account.copy().bookOf(book.symbol)!;
  const qty = order.qty!;
  const worth = value(book.terms, qty, price);
  const added = book.mode === 'isolated' ? addedMargin(book, order.side, worth, qty, markOf(book, quotes)) : ZERO;
  const { ledger } = twinBook;
  ledger.wallet = ledger.wallet.minus(feeOf(book, worth, 'taker'));
  const at: Moment = { timeMs, barIndex: 0, quotes, leg: 'open' };
  const position = twinBook.at(order.side) ?? openPosition(twinBook, order.side, at);
  position.qty = position.qty.plus(qty);
  position.cost = position.cost.plus(worth);
  position.margin = position.margin.plus(added);
  return isDue(groupOf(twinBook.account, position), quotes);
}
