/**
 * One bar for one account: the open step, then the three legs, event by event in the order of travel (settlement text §10). Every
 * order and the liquidation are judged on every leg; nothing is skipped because it is far away.
 */

import type { Slippage } from '../../engine/runInput.js';
import type { Moment, RefAccount } from './account.js';
import { seeLast } from './closedTrades.js';
import { execute } from './execute.js';
import { type FundingTime, settleFunding } from './funding.js';
import { type Leg, legsOf, momentAt, placeOf, priceAt, type RefBar, type RowTime } from './legs.js';
import { firstLiquidationMark } from './liquidation.js';
import {
  add,
  compare,
  int,
  maxRatio,
  multiply,
  type Num,
  num,
  ONE_RATIO,
  type Ratio,
  ratio,
  ratioOf,
  subtract,
  ZERO,
  ZERO_RATIO,
} from './numbers.js';
import { isLive, isReached, type RefOrder, rankOf } from './orders.js';
import { followPosition } from './restingExits.js';
import { equityAt, noteRow } from './rows.js';
import { settleRisk, takeOver } from './takeOver.js';
import { type Terms, toTick } from './terms.js';

/** Settings of the run that a walk needs. */
export interface WalkSettings {
  readonly slippage: Slippage;
  readonly eventRows: boolean;
}

/** Price of a taker fill after slippage, on the tick against the trader; without slippage the price as it is. */
export function slipped(terms: Terms, side: 1 | -1, price: Num, slippage: Slippage): Num {
  const amount = ratioOf(slippage.amount);
  if (amount.n.eq(ZERO)) return price;
  const step = slippage.unit === 'ticks' ? terms.tick : ratio(price, num('10000'));
  const moved = multiply(amount, step);
  const worse = side === 1 ? add(ratio(price), moved) : subtract(ratio(price), moved);
  return toTick(terms, worse, side === 1 ? 'up' : 'down');
}

/** A price of the data as a decimal. */
const dataPrice = (price: Ratio): Num => price.n.div(price.d);

/** What tells whether something happened to an account. */
interface Trace {
  readonly writings: number;
  readonly ended: number;
}

const traceOf = (account: RefAccount): Trace => ({ writings: account.writings.length, ended: account.ended.length });

/** After something: risk, the lowest balance, and the row of the moment if anything has happened. */
function settleAfter(account: RefAccount, moment: Moment, settings: WalkSettings, before: Trace): void {
  settleRisk(account, moment);
  noteLowest(account, moment.mark);
  const hasBooked = account.writings.length > before.writings;
  if (hasBooked) account.bookedAtMs = moment.timeMs;
  const hasEnded = account.ended.length > before.ended && account.bookedAtMs === moment.timeMs;
  if (hasBooked || hasEnded) noteRow(account, moment, settings.eventRows && hasBooked);
}

function noteLowest(account: RefAccount, mark: Ratio): void {
  const equity = equityAt(account, mark);
  if (account.lowestBalance === null || equity.lt(account.lowestBalance)) account.lowestBalance = equity;
}

/** Funding on the position held, then the liquidation test. */
export function payFunding(account: RefAccount, time: FundingTime, moment: Moment, settings: WalkSettings): void {
  const before = traceOf(account);
  const isPaid = account.position !== null && time.rate !== null;
  settleFunding(account, time, moment);
  // A payment of nothing has no bill, but its time has a row.
  if (isPaid) {
    account.bookedAtMs = moment.timeMs;
    noteRow(account, moment, settings.eventRows);
  }
  settleAfter(account, moment, settings, before);
}

/** What the jump to the open brings (§10.1, steps 1 and 2). */
export function settleOpen(account: RefAccount, bar: RefBar, settings: WalkSettings): void {
  const moment: Moment = {
    timeMs: bar.openTimeMs,
    barIndex: bar.index,
    last: bar.last.open,
    mark: bar.mark.open,
    leg: 'open',
  };
  seeLast(account, moment.last);
  for (const time of bar.funding) {
    if (time.timeMs === bar.openTimeMs) payFunding(account, time, moment, settings);
  }
  settleAfter(account, moment, settings, traceOf(account));
  for (const { id } of account.orders.filter((order) => order.type === 'market')) {
    const order = account.orders.find((each) => each.id === id);
    if (order !== undefined) fillAtOpen(account, order, moment, settings);
  }
  for (let passed = firstPassed(account, moment); passed !== null; passed = firstPassed(account, moment)) {
    fillAtOpen(account, passed, moment, settings);
  }
  if (account.position === null) followPosition(account, moment, () => true);
  for (const order of account.orders) order.fresh = false;
}

const isWaiting = (order: RefOrder): boolean => isLive(order) && order.armed && order.level !== null;
const seriesOf = (order: RefOrder, moment: Pick<Moment, 'last' | 'mark'>): Ratio =>
  order.type === 'stop' && order.source === 'mark' ? moment.mark : moment.last;

/** The next order that the open has passed: stops before limits, then rank, then id. */
function firstPassed(account: RefAccount, moment: Moment): RefOrder | null {
  const passed = account.orders.filter((order) => isWaiting(order) && isReached(order, seriesOf(order, moment)));
  const isLimit = (order: RefOrder): number => (order.type === 'limit' ? 1 : 0);
  passed.sort((a, b) => isLimit(a) - isLimit(b) || rankOf(a) - rankOf(b) || a.id - b.id);
  return passed[0] ?? null;
}

function fillAtOpen(account: RefAccount, order: RefOrder, moment: Moment, settings: WalkSettings): void {
  const worse = slipped(account.terms, order.side, dataPrice(moment.last), settings.slippage);
  const before = traceOf(account);
  if (order.type !== 'limit') {
    execute(account, order, worse, 'taker', moment);
  } else if (!order.fresh) {
    execute(account, order, order.level!, 'maker', moment);
  } else if (order.postOnly) {
    account.end(order, moment.timeMs, 'cancelled', 400, 'post_only_would_take');
  } else {
    const isBetter = order.side === 1 ? worse.lt(order.level!) : worse.gt(order.level!);
    execute(account, order, isBetter ? worse : order.level!, 'taker', moment);
  }
  settleAfter(account, moment, settings, before);
}

type Event =
  | { readonly kind: 'funding'; readonly lambda: Ratio; readonly time: FundingTime }
  | { readonly kind: 'row'; readonly lambda: Ratio; readonly time: RowTime }
  | { readonly kind: 'liquidation'; readonly lambda: Ratio }
  | { readonly kind: 'order'; readonly lambda: Ratio; readonly order: RefOrder };

/** Walks the legs of a bar after its open step. */
export function walkBar(account: RefAccount, bar: RefBar, highFirst: boolean, settings: WalkSettings): void {
  account.lowestBalance = null;
  const due: Due = {
    funding: bar.funding.filter((time) => time.timeMs > bar.openTimeMs),
    rows: bar.rowTimes.slice(),
  };
  for (const leg of legsOf(bar, highFirst)) {
    let at = ZERO_RATIO;
    for (
      let event = nextEvent(account, bar, leg, at, due);
      event !== null;
      event = nextEvent(account, bar, leg, at, due)
    ) {
      at = event.lambda;
      const moment = momentAt(bar, leg, at);
      seeLast(account, moment.last);
      if (event.kind === 'funding') {
        due.funding.shift();
        payFunding(account, event.time, { ...moment, timeMs: event.time.timeMs }, settings);
      } else if (event.kind === 'row') {
        due.rows.shift();
        const { withBalance, withPosition, timeMs } = event.time;
        noteRow(account, { ...moment, timeMs }, withBalance, withPosition);
      } else if (event.kind === 'liquidation') {
        // At a bound of the risk steps the condition holds just beyond, so it is not asked again.
        const before = traceOf(account);
        takeOver(account, moment);
        settleAfter(account, moment, settings, before);
      } else {
        const isNode = at.n.eq(ZERO) || at.n.eq(at.d);
        fillOnLeg(account, event.order, { moment, isNode }, settings);
      }
    }
    seeLast(account, leg.last[1]);
    noteLowest(account, leg.mark[1]);
  }
}

/** Times of the clock that are still to come. */
interface Due {
  readonly funding: FundingTime[];
  readonly rows: RowTime[];
}

/** The event that comes first at or after a place on a leg. */
function nextEvent(account: RefAccount, bar: RefBar, leg: Leg, at: Ratio, due: Due): Event | null {
  const events: Event[] = [];
  for (const kind of ['funding', 'row'] as const) {
    const time = kind === 'funding' ? due.funding[0] : due.rows[0];
    if (time === undefined) continue;
    const clock = ratio(int(time.timeMs - bar.openTimeMs).times('3'), int(bar.closeTimeMs - bar.openTimeMs));
    const lambda = subtract(clock, ratio(int(leg.index)));
    // A time on a node belongs to the end of the leg before it.
    if (compare(lambda, ONE_RATIO) <= 0) events.push({ kind, lambda: maxRatio(lambda, at), time } as Event);
  }
  const liquidation = liquidationPlace(account, leg, at);
  if (liquidation !== null) events.push({ kind: 'liquidation', lambda: liquidation });
  for (const order of account.orders.filter(isWaiting)) {
    const lambda = placeOfOrder(order, leg, at);
    if (lambda !== null) events.push({ kind: 'order', lambda, order });
  }
  events.sort((a, b) => compare(a.lambda, b.lambda) || precedence(a) - precedence(b) || idOf(a) - idOf(b));
  return events[0] ?? null;
}

const idOf = (event: Event): number => (event.kind === 'order' ? event.order.id : 0);
const precedence = (event: Event): number =>
  event.kind === 'order' ? rankOf(event.order) : { funding: -1, liquidation: 0, row: 9 }[event.kind];

function liquidationPlace(account: RefAccount, leg: Leg, at: Ratio): Ratio | null {
  const [from, to] = leg.mark;
  const here = priceAt(at, from, to);
  const mark = firstLiquidationMark(account, here, to);
  if (mark === null) return null;
  return compare(mark, here) === 0 ? at : maxRatio(at, placeOf(mark, from, to));
}

function placeOfOrder(order: RefOrder, leg: Leg, at: Ratio): Ratio | null {
  const [from, to] = order.type === 'stop' && order.source === 'mark' ? leg.mark : leg.last;
  if (isReached(order, priceAt(at, from, to))) return at;
  return isReached(order, to) ? placeOf(ratio(order.level!), from, to) : null;
}

/** A limit fills at its price; a stop at its level, at a price of the data as it is, or in between on the tick against the trader. */
function fillOnLeg(
  account: RefAccount,
  order: RefOrder,
  { moment, isNode }: { readonly moment: Moment; readonly isNode: boolean },
  settings: WalkSettings,
): void {
  const before = traceOf(account);
  if (order.type === 'limit') {
    execute(account, order, order.level!, 'maker', moment);
  } else {
    const isExact = compare(moment.last, ratio(order.level!)) === 0 && order.source === 'last';
    const between = (): Num => toTick(account.terms, moment.last, order.side === 1 ? 'up' : 'down');
    const price = isExact ? order.level! : isNode ? dataPrice(moment.last) : between();
    execute(account, order, slipped(account.terms, order.side, price, settings.slippage), 'taker', moment);
  }
  // A liquidation that follows is an event of its own: the balance between the two counts.
  noteLowest(account, moment.mark);
  settleAfter(account, moment, settings, before);
}
