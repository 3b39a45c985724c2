/**
 * What an order call means: reading of prices, quantities and options, and the order with its bracket stops (settlement text
 * §1.3, §6). Whether it is admitted is admission.ts. A refused call leaves one rejected order and changes nothing else, also where
 * it asked for another leverage.
 */

import type { DecimalInput, OrderOptions, OrderStyle } from '../../strategy/strategy.js';
import type { Book, Quotes, RefAccount } from './account.js';
import { judge, type Refusal } from './admission.js';
import type { Size } from './fixedSize.js';
import { type Num, num, type Ratio, ratio, ZERO } from './numbers.js';
import type { RefOrder } from './orders.js';
import {
  type AskedStyle,
  bracketLevel,
  initialRateNow,
  isPercentStyle,
  isTrailing,
  positiveDecimal,
  readStyle,
  type Style,
  type StyleScene,
} from './styles.js';
import { toTick } from './terms.js';

/** A call as the facade passes it on. */
export interface OrderCall {
  /** Of the calls for contracts, or of those for spot pairs. */
  readonly kind: 'contract' | 'spot';
  /** As the strategy calls it. */
  readonly symbol: string;
  readonly side: 1 | -1;
  readonly effect: 'open' | 'close';
  readonly price: DecimalInput | null;
  /** Undefined where the last size by value over wallet is meant. */
  readonly amount: DecimalInput | undefined;
  readonly sizing: 'qty' | 'pct' | 'pob';
  readonly options: OrderOptions;
  /** A size with its leverage, already read; it stands for the amount and the option. */
  readonly size?: Size;
}

/** What is known where a call is made. */
export interface CallMoment {
  readonly timeMs: number;
  /** Why no orders are taken at all, or null. */
  readonly closedFor: string | null;
  /** Newest closes and the marks that orders are judged by, of the candles that there have been. */
  readonly quotes: Quotes;
  hasMark(series: string): boolean;
  /** Last with slippage, for a market order of this side. */
  marketPrice(book: Book, side: 1 | -1): Ratio;
  nextId(): number;
}

/** Takes a call: the order that is working now, or a rejected one; `refused` where that is known already. */
export function submit(
  account: RefAccount,
  call: OrderCall,
  moment: CallMoment,
  refused: Refusal | null = null,
): RefOrder {
  const order = draftOf(account, account.bookCalled(call.symbol), call, moment);
  const isLeverageAsked = call.options.leverage !== undefined || call.size !== undefined;
  const judged = isLeverageAsked ? account.copy() : account;
  const refusal = refused ?? judge(judged, judged.bookCalled(call.symbol), call, order, moment);
  order.id = moment.nextId();
  if (refusal !== null) {
    account.orders.push(order);
    account.end(order, moment.timeMs, 'rejected', refusal.code, refusal.reason);
    return order;
  }
  if (isLeverageAsked) account.become(judged);
  account.orders.push(order);
  const book = account.bookOf(order.series)!;
  // A size that was not named selects nothing new.
  if (call.size !== undefined) book.size = call.size;
  else if (order.pob !== null && call.amount !== undefined) book.size = { pob: order.pob, fixed: null };
  for (const style of stylesOf(call)) {
    const scene = sceneOf(book, order, moment);
    account.orders.push(childOf(book, order, readStyle(book, style, scene) as Style, moment));
  }
  return order;
}

/** Reads a price to the tick: limits never more aggressive than asked, triggers to the nearest. */
export function readPrice(
  terms: Parameters<typeof toTick>[0],
  asked: DecimalInput | null | undefined,
  kind: 'buy limit' | 'sell limit' | 'trigger',
): Num | null {
  const price = asked === null || asked === undefined ? null : positiveDecimal(asked);
  if (price === null) return null;
  return toTick(terms, ratio(price), kind === 'trigger' ? 'nearest' : kind === 'buy limit' ? 'down' : 'up');
}

export function typeOf(price: DecimalInput | null, { trigger }: OrderOptions): RefOrder['type'] {
  if (trigger === undefined) return price === null ? 'market' : 'limit';
  return price === null ? 'stop' : 'stop_limit';
}

/** The order as far as it can be read; of an unknown symbol prices are taken as they are. */
function draftOf(account: RefAccount, book: Book | undefined, call: OrderCall, moment: CallMoment): RefOrder {
  const { options, sizing } = call;
  const terms = book?.terms ?? account.books[0]!.terms;
  const limit = readPrice(terms, call.price, call.side === 1 ? 'buy limit' : 'sell limit');
  const trigger = readPrice(terms, options.trigger, 'trigger');
  const amount = call.amount === undefined ? null : positiveDecimal(call.amount);
  return {
    id: 0,
    timeMs: moment.timeMs,
    series: book?.series ?? call.symbol,
    symbol: book?.symbol ?? call.symbol,
    side: call.side,
    effect: call.effect,
    type: typeOf(call.price, options),
    limit,
    level: options.trigger === undefined ? limit : trigger,
    triggered: false,
    isImmediate: options.timeInForce === 'ioc' || options.timeInForce === 'fok',
    qty: sizing !== 'qty' || amount === null ? null : amount.times(num(`1e${terms.contract.qtyDecimals}`)),
    pct: sizing === 'pct' ? amount : null,
    pob:
      sizing === 'pob'
        ? (call.size?.pob ?? amount ?? (call.amount === undefined ? book?.size?.pob : null) ?? null)
        : null,
    filled: ZERO,
    fillPrice: null,
    opened: ZERO,
    guards: null,
    status: 'open',
    code: null,
    reason: null,
    tag: options.tag ?? null,
    endTimeMs: moment.timeMs,
    closing: call.effect === 'close' || options.reduceOnly === true,
    postOnly: options.postOnly === true,
    source: sourceOf(account, book, call, moment),
    fresh: true,
    parentId: null,
    style: null,
    armed: true,
    best: null,
  };
}

function sourceOf(
  account: RefAccount,
  book: Book | undefined,
  { options }: OrderCall,
  moment: CallMoment,
): 'last' | 'mark' {
  if (book === undefined || !moment.hasMark(book.series)) return 'last';
  return options.triggerBy ?? account.input.rules.triggerDefault;
}

export const stylesOf = (call: OrderCall): readonly AskedStyle[] => {
  const { orderStyle } = call.options;
  if (orderStyle === undefined) return [];
  return Array.isArray(orderStyle) ? (orderStyle as readonly OrderStyle[]) : [orderStyle as OrderStyle];
};

/** Side of the position that an order's stops guard: what it opens, or what a close leaves. */
export const guardedSide = (order: RefOrder): 1 | -1 =>
  order.effect === 'close' ? (-order.side as 1 | -1) : order.side;

/** Where the stops of an order that has not filled are asked for: at its limit, its trigger, or the last close. */
export function sceneOf(book: Book, order: RefOrder, { quotes }: Pick<CallMoment, 'quotes'>): StyleScene {
  const price = order.limit ?? order.level;
  const at = price === null ? quotes.get(book.series)!.last : ratio(price);
  return { guarded: guardedSide(order), at, entry: at, initialRate: initialRateNow(book, null) };
}

/** A bracket stop of an order, waiting for its fill. */
export function childOf(book: Book, parent: RefOrder, style: Style, moment: CallMoment): RefOrder {
  const guarded = guardedSide(parent);
  const isMoving = isPercentStyle(style.name) || isTrailing(style.name);
  const scene = sceneOf(book, parent, moment);
  return {
    ...parent,
    id: moment.nextId(),
    timeMs: moment.timeMs,
    endTimeMs: moment.timeMs,
    side: -guarded as 1 | -1,
    effect: 'close',
    type: isTrailing(style.name) ? 'trailing_stop' : 'stop',
    limit: null,
    level: isMoving ? null : bracketLevel(book.terms, style, guarded, scene),
    triggered: false,
    isImmediate: false,
    qty: parent.qty,
    pct: null,
    pob: null,
    filled: ZERO,
    fillPrice: null,
    opened: ZERO,
    guards: null,
    status: 'open',
    code: null,
    reason: null,
    closing: true,
    postOnly: false,
    fresh: true,
    parentId: parent.id,
    style,
    armed: false,
    best: null,
  };
}
