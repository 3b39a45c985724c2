/**
 * What an order call means: reading of prices, quantities and options, and the order with its bracket stops (settlement text
 * §1.3, §6). Whether it is admitted is admission.ts. A refused call leaves one rejected order and changes nothing else.
 */

import type { DecimalInput, OrderOptions, OrderStyle, OrderStyleName } from '../../strategy/strategy.js';
import type { Book, Quotes, RefAccount } from './account.js';
import { judge } from './admission.js';
import { compare, type Num, num, type Ratio, ratio, ZERO } from './numbers.js';
import { bracketLevel, isLossStyle, isPercentStyle, type RefOrder } from './orders.js';
import { toTick } from './terms.js';

/** A call as the facade passes it on. */
export interface OrderCall {
  /** Of the calls for contracts, or of those for spot pairs. */
  readonly kind: 'contract' | 'spot';
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
  /** Newest closes and the marks that orders are judged by, of the symbols that have had a bar. */
  readonly quotes: Quotes;
  hasMark(symbol: string): boolean;
  /** Last with slippage, for a market order of this side. */
  marketPrice(book: Book, side: 1 | -1): Ratio;
  nextId(): number;
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
/** Text or number → decimal above zero; null for anything else. */
export function positiveDecimal(input: DecimalInput): Num | null {
  const text = String(input).trim();
  if (!DECIMAL.test(text)) return null;
  const decimal = num(text.startsWith('+') ? text.slice(1) : text);
  return decimal.gt(ZERO) ? decimal : null;
}

/** Takes a call: the order that is working now, or a rejected one. */
export function submit(account: RefAccount, call: OrderCall, moment: CallMoment): RefOrder {
  const book = account.bookOf(call.symbol);
  const order = draftOf(account, book, call, moment);
  const refusal = judge(account, book, call, order, moment);
  order.id = moment.nextId();
  account.orders.push(order);
  if (refusal !== null) {
    account.end(order, moment.timeMs, 'rejected', refusal.code, refusal.reason);
    return order;
  }
  for (const style of stylesOf(call)) account.orders.push(childOf(book!, order, style, call, moment));
  return order;
}

/** The order as far as it can be read; of an unknown symbol prices are taken as they are. */
function draftOf(account: RefAccount, book: Book | undefined, call: OrderCall, moment: CallMoment): RefOrder {
  const { options } = call;
  const terms = book?.terms ?? account.books[0]!.terms;
  const limit = call.price === null ? null : positiveDecimal(call.price);
  const trigger = options.trigger === undefined ? null : positiveDecimal(options.trigger);
  const amount = positiveDecimal(call.amount);
  const asked = limit === null ? trigger : limit;
  const direction = limit === null ? 'nearest' : call.side === 1 ? 'down' : 'up';
  return {
    id: 0,
    timeMs: moment.timeMs,
    symbol: call.symbol,
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
    source: sourceOf(account, call, moment),
    fresh: true,
    parentId: null,
    style: null,
    armed: true,
  };
}

function sourceOf(account: RefAccount, { symbol, options }: OrderCall, moment: CallMoment): 'last' | 'mark' {
  if (!moment.hasMark(symbol)) return 'last';
  return options.triggerBy ?? account.input.rules.triggerDefault;
}

export const stylesOf = (call: OrderCall): readonly OrderStyle[] => {
  const { orderStyle } = call.options;
  if (orderStyle === undefined) return [];
  return Array.isArray(orderStyle) ? (orderStyle as readonly OrderStyle[]) : [orderStyle as OrderStyle];
};

/** Side of the position that an order's stops guard: what it opens, or what a close leaves. */
export const guardedSide = (order: RefOrder): 1 | -1 =>
  order.effect === 'close' ? (-order.side as 1 | -1) : order.side;

/** Price that the sides of bracket stops are judged against. */
export const referenceOf = (book: Book, order: RefOrder, { quotes }: CallMoment): Ratio =>
  order.level !== null ? ratio(order.level) : quotes.get(book.symbol)!.last;

const OTHER_NAME = { stop_loss: 'stop_profit', stop_profit: 'stop_loss' } as const;

/** The style that is meant: where the venue infers it, a price on the wrong side is the other kind of stop. */
export function meantStyle(
  book: Book,
  style: { readonly name: OrderStyleName; readonly value: Num },
  guarded: 1 | -1,
  at: Ratio,
): { readonly name: OrderStyleName; readonly value: Num } {
  const { name } = style;
  if (book.terms.rules.bracketSide !== 'infer' || isPercentStyle(name)) return style;
  const side = compare(ratio(bracketLevel(book.terms, style, guarded, at)!), at) * guarded;
  const isWrong = isLossStyle(name) ? side > 0 : side < 0;
  return isWrong ? { ...style, name: OTHER_NAME[name as 'stop_loss' | 'stop_profit'] } : style;
}

/** A bracket stop of an order, waiting for its fill. */
function childOf(book: Book, parent: RefOrder, style: OrderStyle, call: OrderCall, moment: CallMoment): RefOrder {
  const guarded = guardedSide(parent);
  const asked = { name: style.name as OrderStyleName, value: positiveDecimal(style.value)! };
  const bracket = meantStyle(book, asked, guarded, referenceOf(book, parent, moment));
  return {
    ...parent,
    id: moment.nextId(),
    side: -guarded as 1 | -1,
    effect: 'close',
    type: 'stop',
    level: isPercentStyle(style.name) ? null : bracketLevel(book.terms, bracket, guarded, ratio(bracket.value)),
    pct: null,
    closing: true,
    postOnly: false,
    source: sourceOf(book.account, call, moment),
    parentId: parent.id,
    style: bracket,
    armed: false,
  };
}
