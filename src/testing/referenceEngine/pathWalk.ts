/**
 * One step for one account: the open, then the three legs, event by event in the order of travel (settlement text §10). Every
 * order and every group is judged on every leg; nothing is skipped because it is far away. Which event is next is nextEvent.ts.
 */

import type { GivenFill } from '../../engine/givenFills.js';
import type { Slippage } from '../../engine/runInput.js';
import type { Moment, RefAccount } from './account.js';
import { followPrices, seriesOf } from './brackets.js';
import { seeLast } from './closedTrades.js';
import { execute } from './execute.js';
import { type Due, duesOf, settleFunding } from './funding.js';
import { bookFill, fillsAt, fillsOf } from './givenFills.js';
import { type Directions, type Leg, legsOf, momentAt, quotesAt, type RefStep, type RowTime } from './legs.js';
import { equityAt, lastOf } from './margin.js';
import { type Event, nextEvent } from './nextEvent.js';
import {
  add,
  compare,
  multiply,
  type Num,
  num,
  type Ratio,
  ratio,
  ratioOf,
  subtract,
  ZERO,
  ZERO_RATIO,
} from './numbers.js';
import { isLive, isReached, type RefOrder, rankOf, restsAtLimit } from './orders.js';
import { followPosition } from './restingExits.js';
import { noteRow, noteRows } from './rows.js';
import { triggerStopLimit } from './stopLimits.js';
import { endBankrupt, liquidate, settleRisk } from './takeOver.js';
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

/** What tells whether something happened in a ledger. */
type Trace = ReadonlyMap<string, { readonly written: number; readonly endings: number }>;

const traceOf = (account: RefAccount): Trace =>
  new Map(account.ledgers.map(({ currency, written, endings }) => [currency.code, { written, endings }]));

/** After something: risk, the lowest balances, and the rows of the moment where anything has happened. */
function settleAfter(account: RefAccount, moment: Moment, settings: WalkSettings, before: Trace): void {
  settleRisk(account, moment);
  noteLowest(account, moment);
  for (const ledger of account.ledgers) {
    const was = before.get(ledger.currency.code) ?? { written: 0, endings: 0 };
    const hasBooked = ledger.written > was.written;
    if (hasBooked) ledger.bookedAtMs = moment.timeMs;
    // A row of the clock inside a bar shows everything of its moment; one at a close stands for the close.
    const isInside = moment.leg !== 'open' && ledger.rows.has(moment.timeMs);
    const isStanding = ledger.bookedAtMs === moment.timeMs || isInside;
    const hasEnded = ledger.endings > was.endings && isStanding;
    if (hasBooked || hasEnded) noteRow(account, ledger, moment, settings.eventRows && hasBooked);
  }
}

function noteLowest(account: RefAccount, { quotes }: Pick<Moment, 'quotes'>): void {
  for (const ledger of account.ledgers) {
    const equity = equityAt(account, ledger, quotes);
    if (ledger.lowestBalance === null || equity.lt(ledger.lowestBalance)) ledger.lowestBalance = equity;
  }
}

function seeAll(account: RefAccount, moment: Pick<Moment, 'quotes'>): void {
  for (const book of account.books.filter((each) => each.positions.length > 0)) {
    seeLast(book, lastOf(book, moment.quotes));
  }
}

/** What one time brings by the clock. */
export interface DueThen {
  readonly funding: readonly Due[];
  readonly fills: readonly GivenFill[];
}

/** All funding of one time on the positions held, then the given fills in their order, then the liquidation test. */
export function settleDue(account: RefAccount, due: DueThen, moment: Moment, settings: WalkSettings): void {
  const before = traceOf(account);
  const paid = due.funding.filter(({ series, time }) => settleFunding(account.bookOf(series)!, time, moment));
  // A payment of nothing has no bill, but its time has a row.
  for (const ledger of new Set(paid.map(({ series }) => account.bookOf(series)!.ledger))) {
    ledger.bookedAtMs = moment.timeMs;
    noteRow(account, ledger, moment, settings.eventRows);
  }
  for (const fill of due.fills) {
    bookFill(account, fill, moment);
    endBankrupt(account, moment);
  }
  settleAfter(account, moment, settings, before);
}

/** What the jump to the open brings (§10.1, steps 1 and 2). */
export function settleOpen(account: RefAccount, step: RefStep, settings: WalkSettings): void {
  const moment: Moment = {
    timeMs: step.openTimeMs,
    barIndex: step.index,
    quotes: quotesAt(step, 'open'),
    leg: 'open',
  };
  const isHere = (order: RefOrder): boolean => step.bars.has(order.series);
  seeAll(account, moment);
  const due = {
    funding: duesOf(account, step.funding).filter(({ time }) => time.timeMs === step.openTimeMs),
    fills: fillsAt(account, step.fills, step.openTimeMs),
  };
  settleDue(account, due, moment, settings);
  for (const { id } of account.orders.filter((order) => order.type === 'market' && isHere(order))) {
    const order = account.orders.find((each) => each.id === id);
    if (order !== undefined) fillAtOpen(account, order, moment, settings);
  }
  followPrices(account, moment.quotes, (stop) => isHere(stop) && !isPassed(account, stop, moment));
  for (let passed = firstPassed(account, moment, isHere); passed !== null; ) {
    fillAtOpen(account, passed, moment, settings);
    passed = firstPassed(account, moment, isHere);
  }
  for (const book of account.books.filter(({ series }) => step.bars.has(series))) {
    for (const side of book.isSpot ? [] : book.isHedged ? ([1, -1] as const) : ([1] as const)) {
      if (book.at(side) === null && (book.isHedged || book.positions.length === 0)) {
        followPosition(book, moment, side, () => true);
      }
    }
    for (const order of book.orders) order.fresh = false;
  }
}

export const isWaiting = (order: RefOrder): boolean => isLive(order) && order.armed && order.level !== null;
const isPassed = (account: RefAccount, order: RefOrder, { quotes }: Moment): boolean =>
  isReached(order, seriesOf(account.bookOf(order.series)!, order, quotes));

/** A limit that may not wait is done with at the open, passed or not. */
const isEndedHere = (order: RefOrder): boolean => order.type === 'limit' && order.isImmediate;

/** The next order that the open has passed: stops before limits, then rank, then id. */
function firstPassed(account: RefAccount, moment: Moment, isHere: (order: RefOrder) => boolean): RefOrder | null {
  const passed = account.orders.filter(
    (order) => isHere(order) && isWaiting(order) && (isEndedHere(order) || isPassed(account, order, moment)),
  );
  const isLimit = (order: RefOrder): number => (restsAtLimit(order) ? 1 : 0);
  passed.sort((a, b) => isLimit(a) - isLimit(b) || rankOf(a) - rankOf(b) || a.id - b.id);
  return passed[0] ?? null;
}

function fillAtOpen(account: RefAccount, order: RefOrder, moment: Moment, settings: WalkSettings): void {
  const book = account.bookOf(order.series)!;
  const last = dataPrice(lastOf(book, moment.quotes));
  const worse = slipped(book.terms, order.side, last, settings.slippage);
  const before = traceOf(account);
  if (isEndedHere(order) && !isPassed(account, order, moment)) {
    account.end(order, moment.timeMs, 'cancelled', null, 'not_filled_at_once');
  } else if (order.type === 'stop_limit' && !order.triggered) {
    triggerStopLimit(book, order, { last, slipped: worse }, moment);
  } else if (!restsAtLimit(order)) {
    execute(book, order, worse, 'taker', moment);
  } else if (!order.fresh) {
    execute(book, order, order.level!, 'maker', moment);
  } else if (order.postOnly) {
    account.end(order, moment.timeMs, 'cancelled', 400, 'post_only_would_take');
  } else {
    const isBetter = order.side === 1 ? worse.lt(order.level!) : worse.gt(order.level!);
    execute(book, order, isBetter ? worse : order.level!, 'taker', moment);
  }
  settleAfter(account, moment, settings, before);
}

/** Times of the clock that are still to come. */
export interface Clock {
  funding: Due[];
  fills: GivenFill[];
  readonly rows: RowTime[];
}

/** Walks the legs of a step after its open; only the symbols that have a direction move. */
export function walkStep(account: RefAccount, step: RefStep, directions: Directions, settings: WalkSettings): void {
  for (const ledger of account.ledgers) ledger.lowestBalance = null;
  const clock: Clock = {
    funding: duesOf(account, step.funding).filter(({ time }) => time.timeMs > step.openTimeMs),
    fills: fillsOf(account, step.fills).filter(({ timeMs }) => timeMs > step.openTimeMs),
    rows: step.rowTimes.slice(),
  };
  for (const leg of legsOf(step, directions)) {
    let at = ZERO_RATIO;
    let isTested = true;
    const next = (): Event | null => nextEvent(account, { step, leg, at, clock, isTested });
    for (let event = next(); event !== null; event = next()) {
      at = event.lambda;
      isTested = event.kind !== 'row';
      meet(account, event, { step, leg, clock, settings });
    }
    const end = momentAt(step, leg, ratio(num('1')));
    seeAll(account, end);
    followPrices(account, end.quotes, () => true);
    noteLowest(account, end);
  }
}

interface Walk {
  readonly step: RefStep;
  readonly leg: Leg;
  readonly clock: Clock;
  readonly settings: WalkSettings;
}

/** Lets one event happen. */
function meet(account: RefAccount, event: Event, { step, leg, clock, settings }: Walk): void {
  const moment = momentAt(step, leg, event.lambda);
  seeAll(account, moment);
  followPrices(account, moment.quotes, () => true);
  if (event.kind === 'due') {
    const { timeMs } = event;
    const due = {
      funding: clock.funding.filter(({ time }) => time.timeMs === timeMs),
      fills: fillsAt(account, clock.fills, timeMs),
    };
    clock.funding = clock.funding.filter(({ time }) => time.timeMs !== timeMs);
    clock.fills = clock.fills.filter((fill) => fill.timeMs !== timeMs);
    settleDue(account, due, { ...moment, timeMs }, settings);
  } else if (event.kind === 'row') {
    clock.rows.shift();
    const { withBalance, withPosition, timeMs } = event.time;
    noteRows(account, { ...moment, timeMs }, withBalance, withPosition);
  } else if (event.kind === 'liquidation') {
    // At a bound of the tiers the condition holds just beyond, so it is not asked again.
    const before = traceOf(account);
    liquidate(event.group, moment);
    settleAfter(account, moment, settings, before);
  } else {
    const isNode = event.lambda.n.eq(ZERO) || event.lambda.n.eq(event.lambda.d);
    fillOnLeg(account, event.order, { moment, isNode }, settings);
  }
}

/** A limit fills at its price; a stop at its level, at a price of the data as it is, or in between on the tick against the trader. */
function fillOnLeg(
  account: RefAccount,
  order: RefOrder,
  { moment, isNode }: { readonly moment: Moment; readonly isNode: boolean },
  settings: WalkSettings,
): void {
  const before = traceOf(account);
  const book = account.bookOf(order.series)!;
  const last = lastOf(book, moment.quotes);
  if (restsAtLimit(order)) {
    execute(book, order, order.level!, 'maker', moment);
  } else {
    const isExact = compare(last, ratio(order.level!)) === 0 && order.source === 'last';
    const between = (): Num => toTick(book.terms, last, order.side === 1 ? 'up' : 'down');
    const price = isExact ? order.level! : isNode ? dataPrice(last) : between();
    const worse = slipped(book.terms, order.side, price, settings.slippage);
    if (order.type === 'stop_limit') triggerStopLimit(book, order, { last: price, slipped: worse }, moment);
    else execute(book, order, worse, 'taker', moment);
  }
  // A liquidation that follows is an event of its own: the balance between the two counts.
  noteLowest(account, moment);
  settleAfter(account, moment, settings, before);
}
