/**
 * Which symbols of an account walk through a bar together: all cross symbols of one ledger take one direction, an isolated or spot
 * symbol its own. For each group: what the rest of the bar may reach, and the direction of the nearer extreme.
 */

import { findDueMarks } from '../account/dueMarks.js';
import { roundToTick } from '../account/liquidation.js';
import { isGroupDue, isOneSymbol, type RiskGroup } from '../account/riskGroup.js';
import type { Contract } from '../contract/contract.js';
import type { Exposure } from '../contract/riskTiers.js';
import { compareFractions, type Fraction, fractionToF64 } from '../money/decimal.js';
import { isStop, levelOf, type Order, seriesOf } from '../orders/order.js';
import { computeStopPrice } from '../orders/stopPrice.js';
import type { AccountRuntime } from './accountRuntime.js';
import { marginRateOf } from './arming.js';
import type { CurrentBar } from './currentBar.js';
import type { GivenFill } from './givenFills.js';
import type { StepContext } from './moment.js';
import { type BarPrices, type Direction, nearestDirection, type Ohlc } from './path.js';
import type { SymbolBook } from './symbolBook.js';
import { isTrailInReach } from './trailing.js';

/** Symbols of one ledger that share a direction. */
export interface PathGroup {
  readonly code: string;
  readonly books: readonly SymbolBook[];
}

/** Whether a group is a spot pair, which is always one by itself. */
export function isSpot({ books }: PathGroup): boolean {
  return books[0]!.contract.type === 'spot';
}

/** The account's given fills inside the bar. @param context with the clock of that account alone. */
function fillsInside({ inside }: StepContext): readonly GivenFill[] {
  return inside.flatMap((event) => (event.kind === 'dues' ? event.fills : []));
}

/** The groups of symbols in which the account has a position or a working order, or is given a fill, and a bar moves. */
export function findPathGroups(runtime: AccountRuntime, context: StepContext): readonly PathGroup[] {
  const filled = new Set(fillsInside(context).map(({ symbol }) => runtime.bookNamed(symbol)));
  const groups: PathGroup[] = [];
  const cross = new Map<string, SymbolBook[]>();
  for (const book of runtime.books) {
    const positions = runtime.account.positionsOf(book.contract);
    const isIdle = book.orders.isEmpty && positions.every((position) => position.qty === 0n);
    if (isIdle && !filled.has(book)) continue;
    const { code } = book.contract.settle;
    if (positions[0]!.mode === 'isolated' || book.contract.type === 'spot') {
      groups.push({ code, books: [book] });
      continue;
    }
    const together = cross.get(code);
    if (together !== undefined) {
      together.push(book);
      continue;
    }
    const books = [book];
    cross.set(code, books);
    groups.push({ code, books });
  }
  return groups;
}

/** As at a call: how much a stop will guard is not known yet. */
const NOTHING: Exposure = { value: 0n, qty: 0n };

const barOf = (runtime: AccountRuntime, book: SymbolBook): CurrentBar => runtime.market.symbols[book.index]!.bar;

/**
 * What the rest of the bar may reach in a group: orders, brackets of orders that would fill, given fills, the liquidation,
 * counted; and whether one that opens a position is among them, which then may be liquidated too; a spot holding is not.
 */
export function findReachable(
  runtime: AccountRuntime,
  group: PathGroup,
  context: StepContext,
): { count: number; mayOpen: boolean } {
  let count = 0;
  let mayOpen = false;
  for (const book of group.books) {
    if (!barOf(runtime, book).isPresent) continue;
    const orders = findReachableOrders(runtime, book);
    count += orders.count;
    mayOpen ||= orders.mayOpen;
  }
  const symbols = new Set(group.books.map(({ contract }) => contract.symbol));
  const fills = fillsInside(context).filter(({ symbol }) => symbols.has(runtime.bookNamed(symbol)!.contract.symbol));
  count += fills.length;
  if (fills.length > 0 && !isSpot(group)) mayOpen = true;
  for (const risk of runtime.account.riskGroups(group.code)) {
    if (symbols.has(risk.members[0]!.position.contract.symbol)) count += countReachableMarks(runtime, risk);
  }
  return { count, mayOpen };
}

function findReachableOrders(runtime: AccountRuntime, book: SymbolBook): { count: number; mayOpen: boolean } {
  const { orders, contract } = book;
  const bar = barOf(runtime, book);
  let count = 0;
  let mayOpen = false;
  const pricesOf = (order: Order): Ohlc => (seriesOf(order) === 'mark' ? bar.mark : bar.last);
  const isInRange = (order: Order, level: number): boolean => {
    const prices = pricesOf(order);
    return order.firesOn === 'fall' ? prices.low <= level : prices.high >= level;
  };
  const reached = new Map<number, Fraction>();
  for (const order of orders.all) {
    if (order.type === 'trailing_stop') {
      if (order.best !== null && isTrailInReach(runtime, { book, order }, order.best, pricesOf(order))) count += 2;
      continue;
    }
    const level = levelOf(order);
    if (level === null || !isInRange(order, level)) continue;
    count += 1;
    if (!order.reduceOnly && order.effect === 'open' && contract.type !== 'spot') mayOpen = true;
    let price = level;
    if (order.type === 'stop_limit' && isStop(order)) {
      // Its trigger alone fills nothing.
      price = order.price!;
      if (order.side === 'buy' ? bar.last.low > price : bar.last.high < price) continue;
      count += 1;
    }
    reached.set(order.id, runtime.market.exact(book.index, price));
  }
  for (const child of orders.all) {
    const parent = child.parentId === null || child.isArmed ? undefined : reached.get(child.parentId);
    if (parent === undefined) continue;
    if (child.type === 'trailing_stop') {
      if (isTrailInReach(runtime, { book, order: child }, parent, pricesOf(child))) count += 2;
      continue;
    }
    const stop = stopPriceFrom(runtime, book, child, parent);
    if (stop !== null && isInRange(child, fractionToF64(roundToTick(contract, stop, 'nearest')))) count += 1;
  }
  return { count, mayOpen };
}

/** Where a stop that is not armed yet would stand if its order filled at a price now. */
function stopPriceFrom(runtime: AccountRuntime, book: SymbolBook, stop: Order, price: Fraction): Fraction | null {
  const target = runtime.target(book, stop.side, 'close');
  const marginRate = marginRateOf(target, NOTHING);
  return computeStopPrice(stop.leg!, stop.side, { price, isInverse: book.contract.type === 'inverse', marginRate });
}

/** How many liquidation marks of a group lie in the bar's range: one each way, or one for a group over several symbols. */
function countReachableMarks(runtime: AccountRuntime, group: RiskGroup): number {
  const at = (node: 'open' | 'low' | 'high') => (contract: Contract) => {
    const { index } = runtime.bookOf(contract);
    return runtime.market.exact(index, runtime.market.symbols[index]!.bar.mark[node]);
  };
  if (!isOneSymbol(group)) return isGroupDue(group, at('low')) || isGroupDue(group, at('high')) ? 1 : 0;
  const { contract } = group.members[0]!.position;
  const { below, above } = findDueMarks(group, contract.symbol, at('open'));
  let count = 0;
  if (below !== null && compareFractions(at('low')(contract), below.price) <= 0) count += 1;
  if (above !== null && compareFractions(at('high')(contract), above.price) >= 0) count += 1;
  return count;
}

/**
 * The direction of the nearer extreme, by the majority of the symbols that have one; tied, the extreme at which the ledger is
 * worth less comes first, low first if it is worth the same, as it is in a spot pair, whose coins are no position.
 */
export function findNearestDirection(runtime: AccountRuntime, group: PathGroup): Direction {
  let votes = 0;
  for (const book of group.books) {
    const bar: BarPrices = barOf(runtime, book);
    const nearest = nearestDirection(bar.last, book.contract.priceDecimals);
    if (nearest !== null) votes += nearest === 'low_first' ? 1 : -1;
  }
  if (votes !== 0) return votes > 0 ? 'low_first' : 'high_first';
  const worth = (node: 'low' | 'high'): bigint => {
    const inGroup = new Set(group.books.map(({ index }) => index));
    const markOf = (contract: Contract): Fraction => {
      const { index } = runtime.bookOf(contract);
      const { mark } = runtime.market.symbols[index]!.bar;
      return runtime.market.exact(index, inGroup.has(index) ? mark[node] : mark.open);
    };
    return runtime.account.balances(group.code, markOf, 0n).marginBalance;
  };
  return worth('high') < worth('low') ? 'high_first' : 'low_first';
}
