/**
 * Whether an order call is admitted: the tests at submission, one after the other (settlement text §6.4, §6.5, §8.3). Percent
 * orders that rest get their quantity here; nothing else changes.
 */

import type { Book, Moment, RefAccount } from './account.js';
import { openPosition } from './closedTrades.js';
import { closable, reducedBy } from './execute.js';
import { markOf, usableAt } from './margin.js';
import { moveLeverage } from './moves.js';
import { compare, maxNum, minNum, type Num, num, type Ratio, ratio, ZERO } from './numbers.js';
import { heldBeside, marginGrowth, openingTotal, orderCost } from './orderCost.js';
import { type RefOrder, restsAtLimit } from './orders.js';
import { groupOf, isDue } from './requirement.js';
import { floorToStep, shareOfPosition, sizeByShare } from './sizing.js';
import { judgeSpot } from './spotOrders.js';
import { readStyle } from './styles.js';
import { type CallMoment, type OrderCall, sceneOf, stylesOf } from './submit.js';
import { value } from './terms.js';
import { type Exposure, exposureOf, isAboveTier, isBeyondLimit } from './tiers.js';
import { addedMargin, feeOf } from './trades.js';

export interface Refusal {
  readonly code: number;
  readonly reason: string;
}

export const refuse = (reason: string, code = 400): Refusal => ({ code, reason });

const OPTIONS: readonly string[] = [
  'orderStyle',
  'reduceOnly',
  'postOnly',
  'timeInForce',
  'triggerBy',
  'trigger',
  'leverage',
  'tag',
];

/** Every test at submission, in turn; another leverage that is asked for is in force from its test on. */
export function judge(
  account: RefAccount,
  book: Book | undefined,
  call: OrderCall,
  order: RefOrder,
  moment: CallMoment,
): Refusal | null {
  const refusal = judgePhase(account, book, moment) ?? judgeSymbol(book, call.kind, moment);
  if (refusal !== null || book === undefined) return refusal;
  const asked = judgeOptions(call, order) ?? judgeNumbers(call, order) ?? judgeLeverage(book, call, moment);
  if (asked !== null) return asked;
  if (book.isSpot) {
    return (
      judgeBrackets(book, call, order, moment) ??
      (call.options.reduceOnly === true ? refuse('reduce_only_on_spot') : null) ??
      judgeStanding(book, order, moment)
    );
  }
  return judgeMode(book, order) ?? judgeBrackets(book, call, order, moment) ?? judgeStanding(book, order, moment);
}

/** Whether the account takes orders now; where no symbol is known, by its own ledger. */
export function judgePhase(account: RefAccount, book: Book | undefined, moment: CallMoment): Refusal | null {
  const codes = book === undefined ? [account.ledgers[0]!.currency.code] : book.currencies;
  const isDead = codes.some((code) => (account.findLedger(code)?.bankruptAtMs ?? null) !== null);
  if (isDead) return refuse('account_bankrupt', 70005);
  return moment.closedFor === null ? null : refuse(moment.closedFor);
}

/** Whether a call of contracts, or of spot pairs, may name this symbol. */
export function judgeSymbol(book: Book | undefined, kind: OrderCall['kind'], { quotes }: CallMoment): Refusal | null {
  if (book === undefined) return refuse('unknown_symbol');
  if (!quotes.has(book.series)) return refuse('no_price_yet');
  return book.isSpot === (kind === 'spot') ? null : refuse(book.isSpot ? 'spot_pair' : 'not_a_spot_pair');
}

/** What stands against an order by what else there is, and by what it costs; the same for a new one and for a changed one. */
export function judgeStanding(book: Book, order: RefOrder, moment: CallMoment): Refusal | null {
  if (book.isSpot) {
    const price = expectedPrice(book, order, moment);
    return judgePostOnly(book, order, moment) ?? judgeSpot(book, order, price, moment.quotes);
  }
  return (
    judgeExit(book, order) ??
    judgePostOnly(book, order, moment) ??
    judgeQuantity(book, order, moment) ??
    judgeMargin(book, order, moment)
  );
}

/** Names, prices and what does not go together. */
function judgeOptions({ options, price }: OrderCall, order: RefOrder): Refusal | null {
  if (Object.keys(options).some((name) => !OPTIONS.includes(name))) return refuse('unknown_option');
  if (price !== null && (order.limit === null || order.limit.lte(ZERO))) return refuse('price_not_positive');
  const { trigger, timeInForce, triggerBy } = options;
  if (trigger !== undefined && (order.level === null || order.level.lte(ZERO))) return refuse('trigger_not_positive');
  if (timeInForce !== undefined && !['gtc', 'ioc', 'fok'].includes(timeInForce)) {
    return refuse('unknown_time_in_force');
  }
  if (order.postOnly && order.isImmediate) return refuse('post_only_needs_gtc');
  if (order.postOnly && order.type !== 'limit') return refuse('post_only_needs_limit_price');
  if (triggerBy !== undefined && !['last', 'mark'].includes(triggerBy)) return refuse('unknown_trigger_source');
  return null;
}

function judgeNumbers(call: OrderCall, order: RefOrder): Refusal | null {
  if (call.sizing === 'pob' && call.amount === undefined && call.size === undefined && order.pob === null) {
    return refuse('no_selection');
  }
  if (order.qty === null && order.pct === null && order.pob === null) return refuse('qty_not_positive');
  if (order.pct?.gt(num('1'))) return refuse('pct_above_one');
  return null;
}

/** Sets the leverage that the call asks for. */
function judgeLeverage(book: Book, { options, kind, effect, size }: OrderCall, moment: CallMoment): Refusal | null {
  const asked = size?.fixed?.leverage ?? options.leverage;
  if (asked === undefined) return null;
  if (kind === 'spot' || effect === 'close') return refuse('leverage_needs_opening_order');
  const { status, code, reason } = moveLeverage(book, asked, moment);
  return status === 'rejected' ? refuse(reason!, code) : null;
}

/** An opening order of a hedged book has nothing that it could only reduce. */
const judgeMode = (book: Book, order: RefOrder): Refusal | null =>
  book.isHedged && order.effect === 'open' && order.closing ? refuse('side_not_in_mode', 70002) : null;

function judgeBrackets(book: Book, call: OrderCall, order: RefOrder, moment: CallMoment): Refusal | null {
  const scene = sceneOf(book, order, moment);
  for (const asked of stylesOf(call)) {
    const style = readStyle(book, asked, scene);
    if (typeof style === 'string') return refuse(style);
  }
  return null;
}

/** Quantity that an order could close. */
function heldAgainst(book: Book, order: RefOrder): Num {
  const position = reducedBy(book, order);
  return position === null ? ZERO : order.closing ? closable(book, order, position) : position.qty;
}

function judgeExit(book: Book, order: RefOrder): Refusal | null {
  if (!order.closing || heldAgainst(book, order).gt(ZERO)) return null;
  if (reducedBy(book, order) !== null) return refuse('position_frozen');
  return refuse(order.effect === 'close' ? 'no_position' : 'reduce_only_without_position');
}

function judgePostOnly(book: Book, order: RefOrder, { quotes }: CallMoment): Refusal | null {
  if (!order.postOnly) return null;
  const gap = compare(ratio(order.limit!), quotes.get(book.series)!.last) * order.side;
  return gap >= 0 ? refuse('post_only_would_take') : null;
}

/** Steps, least quantity and least value; sizes the percent orders that are not sized at their fill. */
function judgeQuantity(book: Book, order: RefOrder, moment: CallMoment): Refusal | null {
  const held = heldAgainst(book, order);
  const { contract } = book.terms;
  if (order.pob !== null) return null;
  if (order.pct !== null) {
    if (!restsAtLimit(order)) return null;
    const wish = { side: order.side, share: order.pct, price: ratio(order.limit!), except: null };
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
function expectedPrice(book: Book, order: RefOrder, moment: CallMoment): Ratio {
  const price = order.limit ?? order.level;
  return price === null ? moment.marketPrice(book, order.side) : ratio(price);
}

/** Tier and margin at submission: pure opening market orders and limits; a stop locks nothing. */
function judgeMargin(book: Book, order: RefOrder, moment: CallMoment): Refusal | null {
  const { terms, leverage } = book;
  const isStop = order.type !== 'market' && !restsAtLimit(order);
  if (order.closing || isStop || order.qty === null) return null;
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
  const growth = marginGrowth(book, order, moment.quotes);
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
  const twinBook = book.account.copy().bookOf(book.series)!;
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
