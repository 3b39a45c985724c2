/**
 * Changes of a working order, whole or not at all: the new values are read as those of a new order, which is judged with what the
 * old one locked counted back, and the order waits anew. A refused call changes nothing and leaves no row.
 */

import type { Order, OrderChanges } from '../../strategy/strategy.js';
import type { Book, RefAccount } from './account.js';
import { judgeStanding, type Refusal, refuse } from './admission.js';
import { lastOf } from './margin.js';
import { num, ZERO } from './numbers.js';
import { isLive, type RefOrder, restsAtLimit } from './orders.js';
import { initialRateNow, isPercentStyle, isTrailing, positiveDecimal, type Style, wrongStyle } from './styles.js';
import { type CallMoment, readPrice, sceneOf } from './submit.js';
import { orderView } from './tidings.js';

const NOTHING: Order = {
  id: 0,
  symbol: '',
  side: 'buy',
  positionEffect: 'open',
  type: 'market',
  status: 'rejected',
};

/** What an order would become. */
type Changed = Pick<RefOrder, 'limit' | 'level' | 'qty' | 'style'>;

export function modify(account: RefAccount, orderId: number, changes: OrderChanges, moment: CallMoment): Order {
  if (moment.closedFor !== null) return { ...NOTHING, code: 400, reason: moment.closedFor };
  const order = account.orders.find((each) => each.id === orderId);
  if (order === undefined) return { ...NOTHING, code: 400, reason: 'unknown_order' };
  const changed = judge(account, order, changes, moment);
  if ('reason' in changed) return { ...orderView(order), status: 'rejected', ...changed };
  Object.assign(order, changed, { fresh: true });
  // The stops that wait with it are for as much as it is for.
  for (const leg of account.orders.filter((each) => each.parentId === order.id && !each.armed)) leg.qty = order.qty;
  return orderView(order);
}

function judge(account: RefAccount, order: RefOrder, changes: OrderChanges, moment: CallMoment): Changed | Refusal {
  const given = (['price', 'qty', 'trigger'] as const).filter((field) => changes[field] !== undefined);
  if (Object.keys(changes).some((key) => !['price', 'qty', 'trigger'].includes(key))) return refuse('unknown_option');
  if (given.length === 0) return refuse('nothing_to_modify');
  if (!given.every((field) => mayChange(order, field))) return refuse('not_modifiable');
  const twin = account.copy();
  const book = twin.bookOf(order.series)!;
  const changed = read(book, order, changes);
  if ('reason' in changed) return changed;
  if (order.style !== null) return judgeStop(book, order, changed, moment);
  twin.orders = twin.orders.filter(({ id }) => id !== order.id);
  const draft: RefOrder = { ...order, ...changed, fresh: true };
  // An order by percent that has its quantity from its limit is sized anew.
  const refusal = judgeLegs(account, book, draft, moment) ?? judgeStanding(book, draft, moment);
  return refusal ?? { limit: draft.limit, level: draft.level, qty: draft.qty, style: null };
}

/** Whether an order has a field that can be changed. */
function mayChange(order: RefOrder, field: 'price' | 'qty' | 'trigger'): boolean {
  if (order.style !== null) {
    return field === 'trigger' && !isPercentStyle(order.style.name) && !isTrailing(order.style.name);
  }
  if (field === 'qty') return order.pct === null && order.pob === null;
  if (field === 'price') return order.limit !== null;
  return order.type !== 'market' && !restsAtLimit(order);
}

function read({ terms }: Book, order: RefOrder, changes: OrderChanges): Changed | Refusal {
  const limit = changes.price === undefined ? order.limit : readPrice(terms, changes.price, sideOf(order));
  if (changes.price !== undefined && (limit === null || limit.lte(ZERO))) return refuse('price_not_positive');
  const trigger = readPrice(terms, changes.trigger, 'trigger');
  if (changes.trigger !== undefined && (trigger === null || trigger.lte(ZERO))) return refuse('trigger_not_positive');
  const asked = changes.qty === undefined ? null : positiveDecimal(changes.qty);
  if (changes.qty !== undefined && asked === null) return refuse('qty_not_positive');
  const qty = asked === null ? order.qty : asked.times(num(`1e${terms.contract.qtyDecimals}`));
  return { limit, level: trigger ?? (restsAtLimit(order) ? limit : order.level), qty, style: order.style };
}

const sideOf = ({ side }: RefOrder): 'buy limit' | 'sell limit' => (side === 1 ? 'buy limit' : 'sell limit');

/** A bracket stop at another price: by the last close where it is armed, else by its order's price. */
function judgeStop(book: Book, stop: RefOrder, changed: Changed, moment: CallMoment): Changed | Refusal {
  const parent = book.orders.find(({ id }) => id === stop.parentId);
  const style: Style = { ...stop.style!, value: changed.level! };
  const guarded = -stop.side as 1 | -1;
  const at = stop.armed || parent === undefined ? lastOf(book, moment.quotes) : sceneOf(book, parent, moment).at;
  const wrong = wrongStyle(book.terms, style, style, {
    guarded,
    at,
    entry: at,
    initialRate: initialRateNow(book, null),
  });
  return wrong === null ? { ...changed, style } : refuse(wrong);
}

/** The stops that wait with an order must stand on the right side of its new price. */
function judgeLegs(account: RefAccount, book: Book, draft: RefOrder, moment: CallMoment): Refusal | null {
  const scene = sceneOf(book, draft, moment);
  for (const leg of account.orders.filter((each) => each.parentId === draft.id && isLive(each) && !each.armed)) {
    const wrong = wrongStyle(book.terms, leg.style!, leg.style!, scene);
    if (wrong !== null) return refuse(wrong);
  }
  return null;
}
