/**
 * The choice of the way through a step: symbols whose cross positions hang together go the same way, each group of them by one
 * walk where at most one thing can happen, else by two on copies of the account, of which the mode keeps one (settlement text
 * §10.3). Counts the steps in which two walks end differently.
 */

import type { Intrabar } from '../../engine/runInput.js';
import type { Currency } from '../../money/units.js';
import type { Book, Quotes, RefAccount } from './account.js';
import { waysDue } from './firstDue.js';
import { bookOfFill, fillsOf } from './givenFills.js';
import { type Candle, quotesAt, type RefBar, type RefStep } from './legs.js';
import { equityAt } from './margin.js';
import { compare, multiply, type Num, type Ratio, ratio, round, scale, subtract } from './numbers.js';
import { goesByMark, isLive, type RefOrder, triggerDirection } from './orders.js';
import { settleOpen, type WalkSettings, walkStep } from './pathWalk.js';
import { groupsAtRisk } from './requirement.js';
import { bracketLevel, initialRateNow, isBetter, isPercentStyle, isTrailing, trailingLevel } from './styles.js';
import type { Terms } from './terms.js';

/** Symbols with a bar that take one direction; a spot pair goes its own way. */
interface PathGroup {
  readonly key: string;
  /** The pair's book; null for contracts. */
  readonly pair: Book | null;
  readonly currency: Currency;
  /** Names of their candles. */
  readonly series: readonly string[];
}

/** Settles one step; true where two walks of a group end differently. */
export function settleStep(account: RefAccount, step: RefStep, intrabar: Intrabar, settings: WalkSettings): boolean {
  settleOpen(account, step, settings);
  const groups = pathGroupsOf(account, step);
  const choices = groups.map((group) => choose(account, step, group, { intrabar, settings }));
  const first = choices.findIndex((choice) => choice.isAmbiguous);
  const kept = choices.length === 1 ? choices[0]!.kept : null;
  if (kept !== null) account.become(kept);
  else {
    const directions = groups.flatMap(({ series }, i) =>
      series.map((name): [string, boolean] => [name, choices[i]!.highFirst]),
    );
    walkStep(account, step, new Map(directions), settings);
  }
  if (first >= 0) account.noteAmbiguous(groups[first]!.currency);
  return first >= 0;
}

/** What the symbols of a path group have in common. */
const keyOf = ({ series, mode, isSpot, terms }: Book): string =>
  mode === 'cross' && !isSpot ? `cross ${terms.contract.settle.code}` : `series ${series}`;

/** Groups in the order of their first symbol: all cross symbols of a ledger, each isolated one, and each spot pair. */
function pathGroupsOf(account: RefAccount, step: RefStep): PathGroup[] {
  const groups = new Map<string, Book[]>();
  for (const book of account.books.filter(({ series }) => step.bars.has(series))) {
    const key = keyOf(book);
    groups.set(key, [...(groups.get(key) ?? []), book]);
  }
  return [...groups].map(([key, books]) => ({
    key,
    pair: books[0]!.isSpot ? books[0]! : null,
    currency: books[0]!.terms.contract.settle,
    series: books.map(({ series }) => series),
  }));
}

interface Choice {
  readonly highFirst: boolean;
  readonly isAmbiguous: boolean;
  /** The copy that has gone the chosen way, where there is one. */
  readonly kept: RefAccount | null;
}

interface Settings {
  readonly intrabar: Intrabar;
  readonly settings: WalkSettings;
}

function choose(account: RefAccount, step: RefStep, group: PathGroup, { intrabar, settings }: Settings): Choice {
  const usual = intrabar === 'ohlc' ? true : intrabar === 'olhc' ? false : isHighNearest(account, step, group);
  const { count, mayOpen } = reachable(account, step, group);
  if (count <= 1 && !mayOpen) return { highFirst: usual, isAmbiguous: false, kept: null };
  const [low, high] = [false, true].map((highFirst) => {
    const twin = account.copy();
    walkStep(twin, step, new Map(group.series.map((name) => [name, highFirst])), settings);
    const ledger = twin.ledgerOf(group.currency);
    const quotes = quotesAt(step, 'close', group.series);
    const equity = equityAt(twin, ledger, quotes);
    if (group.pair !== null) {
      const worth = equity.plus(coinsWorth(twin, group.pair.terms, quotes));
      return { account: twin, equity: worth, lowest: worth };
    }
    return { account: twin, equity, lowest: ledger.lowestBalance ?? equity };
  }) as [Walk, Walk];
  const isAmbiguous = !low.equity.eq(high.equity);
  // One entry alone is worth choosing for only where the two walks end differently.
  const isChosen = isChoice(intrabar) && (count > 1 || isAmbiguous);
  const highFirst = isChosen ? isHighKept(low, high, intrabar === 'adverse') : usual;
  return { highFirst, isAmbiguous, kept: highFirst ? high.account : low.account };
}

/** The coins of a pair's base ledger at its last price, in units of the currency they are paid in. */
function coinsWorth(account: RefAccount, terms: Terms, quotes: Quotes): Num {
  const coins = account.ledgerOf(terms.contract.base!).wallet;
  const { last } = quotes.get(terms.series)!;
  return round(scale(multiply(terms.unit, last), coins.div(terms.coinUnit!)));
}

interface Walk {
  readonly account: RefAccount;
  readonly equity: Num;
  readonly lowest: Num;
}

const isChoice = (intrabar: Intrabar): boolean => intrabar === 'adverse' || intrabar === 'favourable';

/** Lower equity at the close, then the lower minimum, then low first; the other way round for the favourable path. */
function isHighKept(low: Walk, high: Walk, isAdverse: boolean): boolean {
  const byEquity = high.equity.cmp(low.equity);
  const byLowest = high.lowest.cmp(low.lowest);
  const better = byEquity !== 0 ? byEquity : byLowest;
  return isAdverse ? better < 0 : better > 0;
}

/** The nearer extreme first, by the majority of the symbols in use; tied, the one with the lower balance, low first if equal. */
function isHighNearest(account: RefAccount, step: RefStep, group: PathGroup): boolean {
  const { series, currency, pair } = group;
  let votes = 0;
  for (const name of series) {
    const book = account.bookOf(name)!;
    const isUsed = book.positions.length > 0 || book.orders.some(isLive) || isGiven(account, step, book);
    const { last } = step.bars.get(name)!;
    if (isUsed) votes -= Math.sign(compare(subtract(last.high, last.open), subtract(last.open, last.low)));
  }
  if (votes !== 0 || pair !== null) return votes > 0;
  const ledger = account.ledgerOf(currency);
  const [low, high] = (['low', 'high'] as const).map((point) =>
    equityAt(account, ledger, quotesAt(step, point, series)),
  ) as [Num, Num];
  return high.lt(low);
}

const isSetOff = (direction: number, level: Ratio, candle: Candle): boolean =>
  direction === 1 ? compare(candle.high, level) >= 0 : compare(candle.low, level) <= 0;

const candleFor = (order: RefOrder, bar: RefBar): Candle => (goesByMark(order) ? bar.mark : bar.last);

/** For how much an order counts that waits in the range of a bar: a stop-limit's limit and a trailing stop's turn count too. */
function timesReached(book: Book, order: RefOrder, bar: RefBar): number {
  if (order.type === 'trailing_stop') return timesReachedFrom(book, order, order.best!, bar);
  if (!isSetOff(triggerDirection(order), ratio(order.level!), candleFor(order, bar))) return 0;
  const isBoth =
    order.type === 'stop_limit' && !order.triggered && isSetOff(-order.side, ratio(order.limit!), bar.last);
  return isBoth ? 2 : 1;
}

/** The same of a stop that its order's fill at a price would arm, or of a trailing one with this best price so far. */
function timesReachedFrom(book: Book, stop: RefOrder, from: Ratio, bar: RefBar): number {
  const { terms } = book;
  const [style, guarded, candle] = [stop.style!, -stop.side as 1 | -1, candleFor(stop, bar)];
  if (isTrailing(style.name)) {
    const extreme = guarded === 1 ? candle.high : candle.low;
    const level = trailingLevel(terms, style, guarded, isBetter(extreme, from, guarded) ? extreme : from);
    return isSetOff(stop.side, ratio(level), candle) ? 2 : 0;
  }
  const basis = { entry: from, initialRate: initialRateNow(book, null) };
  const level = isPercentStyle(style.name) ? bracketLevel(terms, style, guarded, basis) : stop.level;
  return level !== null && isSetOff(triggerDirection(stop), ratio(level), candle) ? 1 : 0;
}

const isGiven = (account: RefAccount, { fills, openTimeMs }: RefStep, book: Book): boolean =>
  fillsOf(account, fills).some((fill) => fill.timeMs > openTimeMs && bookOfFill(account, fill) === book);

/** How many given fills of a group lie between open and close, those of its symbols that have no bar now too. */
const fillsInside = (account: RefAccount, { fills, openTimeMs }: RefStep, { key }: PathGroup): number =>
  fillsOf(account, fills).filter((fill) => fill.timeMs > openTimeMs && keyOf(bookOfFill(account, fill)) === key).length;

/** How many given fills, orders, unarmed stops of such orders, and liquidations a bar has, and whether one may open. */
function reachable(account: RefAccount, step: RefStep, group: PathGroup): { count: number; mayOpen: boolean } {
  const { series, pair } = group;
  const [open, low, high] = [
    quotesAt(step, 'open', series),
    quotesAt(step, 'low', series),
    quotesAt(step, 'high', series),
  ];
  const groups = groupsAtRisk(account).filter(({ members }) =>
    members.some(({ book }) => series.includes(book.series)),
  );
  const given = fillsInside(account, step, group);
  let mayOpen = given > 0 && pair === null;
  let count = given;
  for (const group of groups) count += waysDue(group, open, low, high);
  for (const order of account.orders.filter((each) => series.includes(each.series))) {
    if (!isLive(order) || !order.armed || order.level === null) continue;
    const bar = step.bars.get(order.series)!;
    const reached = timesReached(account.bookOf(order.series)!, order, bar);
    count += reached;
    if (reached === 0) continue;
    mayOpen ||= !order.closing && pair === null;
    // A stop-limit fills only where its limit is within reach too.
    if (order.limit !== null && !isSetOff(-order.side, ratio(order.limit), bar.last)) continue;
    for (const child of account.orders.filter((other) => other.parentId === order.id && !other.armed)) {
      const from = ratio(order.limit ?? order.level);
      count += timesReachedFrom(account.bookOf(order.series)!, child, from, bar);
    }
  }
  return { count, mayOpen };
}
