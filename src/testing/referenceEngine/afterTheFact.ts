/**
 * Stops for an order that has been given (settlement text §6.4): they take the place of the order's live stop of their kind, wait
 * with it or are armed at once, and guard the position that it helped to open. A refused call leaves a row and changes nothing.
 */

import type { DecimalInput, OrderStyleName } from '../../strategy/strategy.js';
import type { Book, RefAccount, RefPosition } from './account.js';
import { judgePhase, type Refusal, refuse } from './admission.js';
import { arm } from './brackets.js';
import { lastOf } from './margin.js';
import { minNum, num, ZERO } from './numbers.js';
import { isLive, type RefOrder, remainingOf } from './orders.js';
import { initialRateNow, isTrailing, kindOf, readStyle, type Style, type StyleScene } from './styles.js';
import { type CallMoment, childOf, guardedSide, sceneOf } from './submit.js';

/** A stop that is asked for. */
export interface StopCall {
  readonly orderId: number;
  readonly name: OrderStyleName;
  readonly value: DecimalInput;
  readonly base?: string | undefined;
}

/** An order with the symbol it is about. */
interface Parent {
  readonly order: RefOrder;
  readonly book: Book;
}

export function attachStop(account: RefAccount, call: StopCall, moment: CallMoment): RefOrder {
  const parent = parentOf(account, call);
  const style = judge(parent, call, moment);
  if ('reason' in style) return refuseStop(account, parent?.order, call, style, moment);
  return attach(parent!, style, moment);
}

/** The order that is named; a stop is none, and neither is one for a symbol that there is not. */
function parentOf(account: RefAccount, { orderId }: StopCall): Parent | null {
  const order = [...account.orders, ...account.ended].find(({ id, style }) => id === orderId && style === null);
  const book = order === undefined ? undefined : account.bookOf(order.series);
  return order === undefined || book === undefined ? null : { order, book };
}

/** What a stop is about, as far as it is known: the order's symbol, and the side against what it guards. */
export function aboutStop(account: RefAccount, call: StopCall): Pick<RefOrder, 'series' | 'symbol' | 'side' | 'type'> {
  const parent = parentOf(account, call);
  const type = isTrailing(call.name) ? 'trailing_stop' : 'stop';
  if (parent === null) return { series: '', symbol: '', side: -1, type };
  const { series, symbol } = parent.order;
  return { series, symbol, side: -guardedSide(parent.order) as 1 | -1, type };
}

/** The stop as it is meant, or why it is refused. */
function judge(parent: Parent | null, call: StopCall, moment: CallMoment): Style | Refusal {
  if (moment.closedFor !== null) return refuse(moment.closedFor);
  if (parent === null) return refuse('unknown_order');
  const { order, book } = parent;
  if (!isLive(order) && order.filled.eq(ZERO)) return refuse('order_ended');
  if (!isLive(order) && guardedBy(parent) === null) return refuse('position_closed');
  const dead = judgePhase(book.account, book, moment);
  if (dead !== null) return dead;
  const style = readStyle(book, call, sceneFor(parent, moment));
  return typeof style === 'string' ? refuse(style) : style;
}

/** The position that a filled order opened, or left, if it has been open ever since. */
function guardedBy({ order, book }: Parent): RefPosition | null {
  const position = book.at(guardedSide(order));
  if (position === null || position.serial !== order.guards) return null;
  return order.effect === 'open' && order.opened.eq(ZERO) ? null : position;
}

/** Of a working order its own price; of a filled one its average fill, and the side by the last close. */
function sceneFor(parent: Parent, moment: CallMoment): StyleScene {
  const { order, book } = parent;
  if (isLive(order)) return sceneOf(book, order, moment);
  return {
    guarded: guardedSide(order),
    at: lastOf(book, moment.quotes),
    entry: order.fillPrice!,
    initialRate: initialRateNow(book, guardedBy(parent)),
  };
}

function refuseStop(
  account: RefAccount,
  order: RefOrder | undefined,
  call: StopCall,
  { code, reason }: Refusal,
  moment: CallMoment,
): RefOrder {
  const refused: RefOrder = {
    ...blankStop(moment),
    id: moment.nextId(),
    ...aboutStop(account, call),
    parentId: order?.id ?? null,
    style: { name: call.name, value: num('1'), base: null },
  };
  account.orders.push(refused);
  account.end(refused, moment.timeMs, 'rejected', code, reason);
  return refused;
}

const blankStop = ({ timeMs }: CallMoment): Omit<RefOrder, 'id' | 'series' | 'symbol' | 'side' | 'type'> => ({
  timeMs,
  effect: 'close',
  limit: null,
  level: null,
  triggered: false,
  isImmediate: false,
  qty: null,
  pct: null,
  pob: null,
  filled: ZERO,
  fillPrice: null,
  opened: ZERO,
  guards: null,
  status: 'open',
  code: null,
  reason: null,
  tag: null,
  endTimeMs: timeMs,
  closing: true,
  postOnly: false,
  source: 'last',
  fresh: true,
  parentId: null,
  style: null,
  armed: false,
  best: null,
});

function attach({ order, book }: Parent, style: Style, moment: CallMoment): RefOrder {
  const { account } = book;
  const legs = account.orders.filter((each) => each.parentId === order.id && isLive(each));
  const isReplaced = (leg: RefOrder): boolean => kindOf(leg.style!.name) === kindOf(style.name);
  const others = legs.filter((leg) => leg.armed && !isReplaced(leg));
  const position = isLive(order) ? null : guardedBy({ order, book });
  for (const leg of legs.filter(isReplaced)) account.end(leg, moment.timeMs, 'cancelled', null, 'replaced');
  const stop = childOf(book, order, style, moment);
  account.orders.push(stop);
  if (position === null) return stop;
  const whole = order.effect === 'close' ? position.qty : minNum(order.opened, position.qty);
  stop.qty = others.length > 0 ? remainingOf(others[0]!) : whole;
  arm(book, stop, { position, entry: order.fillPrice!, quotes: moment.quotes });
  return stop;
}
