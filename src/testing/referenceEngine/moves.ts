/**
 * Margin that moves while a position is open, and settings of a symbol: another mode, another leverage, margin added or taken out
 * by hand, automatic margin, one-way or hedged (settlement text §7, §8). A call says what a symbol would become; the move is tried
 * on a copy of the account, and kept only where everything that is needed is still there. A refused call changes nothing.
 */

import type { BillRecord, MarginMode, PositionMode } from '../../engine/records.js';
import type { CallResult, DecimalInput } from '../../strategy/strategy.js';
import type { Book, Quotes, RefAccount, RefPosition } from './account.js';
import { figuresAt, initialMargin, pocketOf, transferable, unrealized } from './margin.js';
import {
  ceil,
  compare,
  floor,
  maxNum,
  type Num,
  num,
  type Ratio,
  ratio,
  ratioOf,
  scale,
  signed,
  ZERO,
} from './numbers.js';
import { groupsOf, isDue } from './requirement.js';
import { positiveDecimal } from './styles.js';
import { value } from './terms.js';
import { exposureOf, isAboveTier } from './tiers.js';

/** When a call is made, and the prices that are known then. */
export interface MoveMoment {
  readonly timeMs: number;
  readonly quotes: Quotes;
}

/** What a move makes of a symbol's settings and of the margin of its positions, in their order. */
interface Target {
  readonly mode: MarginMode;
  readonly leverage: Ratio;
  readonly margins: readonly { readonly margin: Num; readonly added: Num }[];
}

export const done: CallResult = { status: 'done' };
export const refused = (code: number, reason: string): CallResult => ({ status: 'rejected', code, reason });

/**
 * Makes a call for one contract, or for all of them or none: the first refusal stands for the whole call. Spot pairs have no
 * settings and are passed over; where there is nothing else, only a value that is wrong for every contract is refused.
 */
export function forSymbols(
  account: RefAccount,
  symbol: string | undefined,
  call: (book: Book) => CallResult,
  wrong: CallResult | null = null,
): CallResult {
  const twin = account.copy();
  const named = symbol === undefined ? undefined : twin.bookCalled(symbol);
  if (symbol !== undefined && named === undefined) return refused(400, 'unknown_symbol');
  if (named?.isSpot === true) return refused(400, 'spot_pair');
  const books = named === undefined ? twin.books.filter((book) => !book.isSpot) : [named];
  if (books.length === 0) return wrong ?? done;
  for (const book of books) {
    if (book.ledger.bankruptAtMs !== null) return refused(70005, 'account_bankrupt');
  }
  for (const book of books) {
    const result = call(book);
    if (result.status === 'rejected') return result;
  }
  account.become(twin);
  return done;
}

export const wrongMode = (mode: string): CallResult | null =>
  mode === 'cross' || mode === 'isolated' ? null : refused(70001, 'invalid_margin_mode');

/** Another margin mode. */
export function moveMode(book: Book, mode: MarginMode, at: MoveMoment): CallResult {
  const wrong = wrongMode(mode);
  if (wrong !== null) return wrong;
  if (mode === book.mode) return done;
  const refusal = refusalOfModes(book, mode);
  if (refusal !== null) return refusal;
  const { terms, leverage } = book;
  const marginOf = ({ cost, qty }: RefPosition): Num =>
    mode === 'isolated' ? initialMargin(terms, leverage, cost, qty) : ZERO;
  const margins = book.positions.map((position) => ({ margin: marginOf(position), added: ZERO }));
  return settle(book, at, { mode, leverage, margins }, mode === 'isolated' ? 'margin_add' : 'margin_remove');
}

/** Where a venue asks for a flat symbol, or one without orders, before the mode changes. */
function refusalOfModes(book: Book, mode: MarginMode): CallResult | null {
  const rule = book.terms.rules.marginModeSwitch;
  if (rule === 'anytime') return null;
  if (rule === 'deepcoin') {
    return mode === 'isolated' && book.positions.length > 1 ? refused(70001, 'both_sides_held') : null;
  }
  if (book.positions.length > 0) return refused(70001, 'open_position');
  return rule === 'flat_no_orders' && book.orders.length > 0 ? refused(70001, 'open_orders') : null;
}

/** A leverage as a number, 0 included; null for anything else. */
function readLeverage(asked: DecimalInput): Ratio | null {
  const isZero = /^[+-]?0*\.?0*$/.test(String(asked)) && /0/.test(String(asked));
  const read = isZero ? ZERO : positiveDecimal(asked);
  return read === null ? null : ratio(read);
}

export const wrongLeverage = (asked: DecimalInput): CallResult | null =>
  readLeverage(asked) === null ? refused(400, 'bad_leverage') : null;

/** Another leverage; 0 is cross at the tier's own rate, so for an isolated symbol a change of the mode as well. */
export function moveLeverage(book: Book, asked: DecimalInput | Ratio, at: MoveMoment): CallResult {
  const { terms, positions } = book;
  const leverage = typeof asked === 'object' ? asked : readLeverage(asked);
  if (leverage === null) return refused(400, 'bad_leverage');
  if (compare(leverage, ratioOf(terms.contract.maxLeverage)) > 0) return refused(70003, 'leverage_above_max');
  const isNewMode = leverage.n.eq(ZERO) && book.mode === 'isolated';
  if (!isNewMode && compare(leverage, book.leverage) === 0) return done;
  const unassigned = positions.map(() => ({ margin: ZERO, added: ZERO }));
  if (isNewMode) {
    const refusal = refusalOfModes(book, 'cross');
    return refusal ?? settle(book, at, { mode: 'cross', leverage, margins: unassigned }, 'leverage_change');
  }
  if (positions.length === 0 && isAboveTier(terms, leverage, exposureOf(ZERO, ZERO))) {
    return refused(70003, 'leverage_above_tier');
  }
  for (const { cost, qty } of positions) {
    if (isAboveTier(terms, leverage, exposureOf(cost, qty))) return refused(70003, 'leverage_above_tier');
  }
  if (isRefusedDecrease(book, leverage)) return refused(400, 'leverage_decrease');
  if (positions.length === 0 || book.mode === 'cross') {
    return settle(book, at, { mode: book.mode, leverage, margins: unassigned }, 'leverage_change');
  }
  const bound = terms.rules.leverageChange === 'deepcoin' ? refusalOfBounds(book, leverage, at) : null;
  if (bound !== null) return bound;
  const margins = positions.map(({ cost, qty }) => ({
    margin: initialMargin(terms, leverage, cost, qty),
    added: ZERO,
  }));
  return settle(book, at, { mode: 'isolated', leverage, margins }, 'leverage_change');
}

/** Where a venue lets no open position have less leverage than before; 0 is above every number. */
function isRefusedDecrease(book: Book, leverage: Ratio): boolean {
  const rule = book.terms.rules.leverageChange;
  if (book.positions.length === 0 || leverage.n.eq(ZERO)) return false;
  if (rule !== 'no_decrease' && !(rule === 'no_decrease_isolated' && book.mode === 'isolated')) return false;
  return book.leverage.n.eq(ZERO) || compare(leverage, book.leverage) < 0;
}

/** Up to where the loss is half of V_E/L, down to where V_E/L is the margin and all that is usable. */
function refusalOfBounds(book: Book, leverage: Ratio, at: MoveMoment): CallResult | null {
  const mark = at.quotes.get(book.series)!.mark;
  let [initials, margins] = [ratio(ZERO), ZERO];
  for (const position of book.positions) {
    const loss = maxNum(ZERO, ZERO.minus(unrealized(book.terms, position, mark)));
    const initial = ratio(position.cost.times(leverage.d), leverage.n);
    if (compare(initial, ratio(loss.times('2'))) < 0) return refused(70004, 'leverage_above_loss_bound');
    initials = ratio(initials.n.times(initial.d).plus(initial.n.times(initials.d)), initials.d.times(initial.d));
    margins = margins.plus(position.margin);
  }
  const most = margins.plus(transferable(book.account, book.ledger, at.quotes));
  return compare(initials, ratio(most)) > 0 ? refused(70004, 'insufficient_margin') : null;
}

/** Margin put into an isolated position, or taken out of it; an amount in whole units, what is below a settlement unit is dropped. */
export function moveByHand(
  book: Book,
  way: 'in' | 'out',
  asked: { readonly amount: DecimalInput; readonly side: string | undefined },
  at: MoveMoment,
): CallResult {
  const { terms, leverage, positions } = book;
  const units = unitsOf(asked.amount, terms.contract.settle.decimals);
  if (units.lte(ZERO)) return refused(400, 'amount_not_positive');
  if (positions.length === 0) return refused(400, 'no_position');
  if (positions.length > 1 && asked.side === undefined) return refused(400, 'side_needed');
  const isAsked = ({ side }: RefPosition): boolean =>
    asked.side === undefined || asked.side === (side === 1 ? 'long' : 'short');
  const position = positions.find(isAsked);
  if (position === undefined) return refused(400, 'no_position');
  if (position.mode !== 'isolated') return refused(70001, 'not_isolated');
  if (way === 'in' && units.gt(transferable(book.account, book.ledger, at.quotes))) {
    return refused(70004, 'insufficient_margin');
  }
  const change = way === 'in' ? units : ZERO.minus(units);
  const margin = position.margin.plus(change);
  if (way === 'out' && !mayStay(book, position, margin, at)) return refused(70004, 'margin_below_initial');
  const margins = positions.map((each) =>
    each === position ? { margin, added: each.added.plus(change) } : { margin: each.margin, added: each.added },
  );
  return settle(book, at, { mode: 'isolated', leverage, margins }, way === 'in' ? 'margin_add' : 'margin_remove');
}

/** A decimal in whole units as settlement units, cut; 0 for what is no positive number. */
export const unitsOf = (amount: DecimalInput, decimals: number): Num =>
  floor(ratio((positiveDecimal(amount) ?? ZERO).times(num(`1e${decimals}`))));

/** Whether a margin is enough to stay in a position, by the venue's rule for taking out. */
function mayStay(book: Book, position: RefPosition, margin: Num, { quotes }: MoveMoment): boolean {
  const { terms, leverage } = book;
  const { rules } = terms;
  const { mark } = quotes.get(book.series)!;
  const worth = value(terms, position.qty, mark);
  const basis = rules.isolatedInitialBasis === 'mark' ? worth : position.cost;
  const initial = initialMargin(terms, leverage, basis, position.qty);
  if (rules.removeRule === 'hyperliquid') {
    const equity = margin.plus(unrealized(terms, position, mark));
    return margin.gte(ZERO) && equity.gte(initial) && equity.times('10').gte(worth);
  }
  const lost = maxNum(ZERO, position.cost.minus(signed(position.side * terms.sigma, initial)));
  return margin.gte(initial.plus(maxNum(ZERO, ceil(scale(terms.takerFee, lost)))));
}

/** Tries a move on a copy; books it where it is covered and nothing is liquidated by it. */
function settle(book: Book, at: MoveMoment, target: Target, type: BillRecord['type']): CallResult {
  const { account, ledger } = book;
  const twin = account.copy();
  const twinBook = twin.bookOf(book.series)!;
  apply(twinBook, target);
  const isShort = (was: Num, is: Num): boolean => is.lt(ZERO) && is.lt(was);
  const [was, is] = [figuresAt(account, ledger, at.quotes), figuresAt(twin, twinBook.ledger, at.quotes)];
  if (isShort(was.available, is.available) || isShort(pocketOf(account, ledger), pocketOf(twin, twinBook.ledger))) {
    return refused(70004, 'insufficient_margin');
  }
  if (isLiquidated(twinBook, at.quotes)) return refused(70004, 'would_liquidate');
  const before = book.positions.map(({ margin }) => margin);
  apply(book, target);
  book.positions.forEach((position, i) => {
    const isolatedDelta = position.margin.minus(before[i]!);
    account.bookOn({ book, position }, { timeMs: at.timeMs, type, amount: ZERO, isolatedDelta });
  });
  return done;
}

/** Whether a move of a symbol's margin makes its own positions due, or what is cross in its ledger. */
function isLiquidated(book: Book, quotes: Quotes): boolean {
  if (book.positions.length === 0) return false;
  const { ledger } = book;
  const concerned = groupsOf(book.account).filter((group) =>
    group.kind === 'cross' ? group.ledger === ledger : group.members[0]!.book === book,
  );
  return concerned.some((group) => isDue(group, quotes));
}

function apply(book: Book, { mode, leverage, margins }: Target): void {
  book.mode = mode;
  book.leverage = leverage;
  book.positions.forEach((position, i) => {
    Object.assign(position, { mode, ...margins[i]! });
  });
}

export const wrongPositionMode = (mode: string): CallResult | null =>
  mode === 'one_way' || mode === 'hedged' ? null : refused(70002, 'invalid_position_mode');

/** One signed position, or a long and a short beside each other. */
export function movePositionMode(book: Book, mode: PositionMode): CallResult {
  const wrong = wrongPositionMode(mode);
  if (wrong !== null) return wrong;
  if (mode === book.positionMode) return done;
  if (book.positions.length > 0) return refused(70002, 'open_position');
  if (book.orders.length > 0) return refused(70002, 'open_orders');
  book.positionMode = mode;
  return done;
}

export function moveAutoMargin(book: Book, isOn: boolean): CallResult {
  book.autoMargin = isOn;
  return done;
}
