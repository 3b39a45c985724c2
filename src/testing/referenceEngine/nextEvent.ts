/**
 * What comes first on a leg: a time of the clock, a liquidation, or an order (settlement text §10.4). Groups in one symbol are met
 * at the exact place where they become due; groups over several symbols are tested at the places where something happens.
 */

import type { Book, RefAccount } from './account.js';
import { firstDueMark } from './firstDue.js';
import { type Leg, momentAt, placeOf, priceAt, type RefStep, type RowTime } from './legs.js';
import { compare, int, maxRatio, ONE_RATIO, type Ratio, ratio, subtract } from './numbers.js';
import { goesByMark, isReached, type RefOrder, rankOf } from './orders.js';
import { type Clock, isWaiting } from './pathWalk.js';
import { type Group, groupsAtRisk, isDue, isOneSymbol } from './requirement.js';

export type Event =
  | { readonly kind: 'due'; readonly lambda: Ratio; readonly timeMs: number }
  | { readonly kind: 'row'; readonly lambda: Ratio; readonly time: RowTime }
  | { readonly kind: 'liquidation'; readonly lambda: Ratio; readonly group: Group; readonly turn: number }
  | { readonly kind: 'order'; readonly lambda: Ratio; readonly order: RefOrder };

/** Where a walk stands. */
interface Place {
  readonly step: RefStep;
  readonly leg: Leg;
  readonly at: Ratio;
  readonly clock: Clock;
  /** True at the start of a leg and after an event, where groups over several symbols are tested. */
  readonly isTested: boolean;
}

/** The event that comes first at or after a place on a leg. */
export function nextEvent(account: RefAccount, place: Place): Event | null {
  const groups = groupsAtRisk(account);
  const rows = clockEvents(place, 'row');
  const events = [
    ...clockEvents(place, 'due'),
    ...orderEvents(account, place),
    ...groups.flatMap((group, turn) => (isOneSymbol(group) ? placeOfGroup(group, turn, place) : [])),
  ];
  const end = events.sort(inTurn)[0]?.lambda ?? ONE_RATIO;
  groups.forEach((group, turn) => {
    if (isOneSymbol(group)) return;
    const tested = place.isTested ? [place.at, end] : [end];
    const lambda = tested.find((each) => isDue(group, momentAt(place.step, place.leg, each).quotes));
    if (lambda !== undefined) events.push({ kind: 'liquidation', lambda, group, turn });
  });
  return [...events, ...rows].sort(inTurn)[0] ?? null;
}

const inTurn = (a: Event, b: Event): number =>
  compare(a.lambda, b.lambda) || precedence(a) - precedence(b) || turnOf(a) - turnOf(b);

/** At one place: funding and given fills, rows, liquidations, then orders by rank. */
const precedence = (event: Event): number =>
  event.kind === 'order' ? rankOf(event.order) : { due: -2, row: -1, liquidation: 0 }[event.kind];
const turnOf = (event: Event): number =>
  event.kind === 'order' ? event.order.id : event.kind === 'liquidation' ? event.turn : 0;

/** The next time of the clock, if it is on this leg. */
function clockEvents({ step, leg, at, clock }: Place, kind: 'due' | 'row'): Event[] {
  const row = clock.rows[0];
  const timeMs = kind === 'due' ? nextDue(clock) : row?.timeMs;
  if (timeMs === undefined) return [];
  const thirds = ratio(int(timeMs - step.openTimeMs).times('3'), int(step.closeTimeMs - step.openTimeMs));
  const own = subtract(thirds, ratio(int(leg.index)));
  // A time on a node belongs to the end of the leg before it.
  if (compare(own, ONE_RATIO) > 0) return [];
  const lambda = maxRatio(own, at);
  return kind === 'due' ? [{ kind, lambda, timeMs }] : [{ kind, lambda, time: row! }];
}

/** When funding is paid or a fill is given next. */
function nextDue({ funding, fills }: Clock): number | undefined {
  const times = [
    ...funding.slice(0, 1).map(({ time }) => time.timeMs),
    ...fills.slice(0, 1).map(({ timeMs }) => timeMs),
  ];
  return times.length === 0 ? undefined : Math.min(...times);
}

function orderEvents(account: RefAccount, { leg, at }: Place): Event[] {
  return account.orders.filter(isWaiting).flatMap((order): Event[] => {
    const way = leg.ways.get(order.series);
    if (way?.moves !== true) return [];
    const [from, to] = goesByMark(order) ? way.mark : way.last;
    // It goes along with the price: only a leg against the position, or one that stands still, can reach it.
    if (order.type === 'trailing_stop' && compare(to, from) * order.side < 0) return [];
    if (isReached(order, priceAt(at, from, to))) return [{ kind: 'order', lambda: at, order }];
    if (!isReached(order, to)) return [];
    return [{ kind: 'order', lambda: placeOf(ratio(order.level!), from, to), order }];
  });
}

function placeOfGroup(group: Group, turn: number, { step, leg, at }: Place): Event[] {
  const book: Book = group.members[0]!.book;
  const [from, to] = leg.ways.get(book.series)!.mark;
  const here = priceAt(at, from, to);
  const mark = firstDueMark(group, book.series, momentAt(step, leg, at).quotes, here, to);
  if (mark === null) return [];
  const lambda = compare(mark, here) === 0 ? at : maxRatio(at, placeOf(mark, from, to));
  return [{ kind: 'liquidation', lambda, group, turn }];
}
