/**
 * Fills that a run is given instead of orders: each is booked as it is, with its own price, quantity and fee. Nothing is matched, no
 * margin is asked for; what follows from a fill (profit, positions, the liquidation of what it leaves) is settled as after any
 * other. When a fill is due is decided by dueTimes.ts; reading the table is not done here.
 */

import { computeSold } from '../account/fillBooking.js';
import { absolute, type Position, type Slot } from '../account/position.js';
import type { Contract } from '../contract/contract.js';
import { type PositionEffect, type Side, sideSign } from '../contract/sides.js';
import { EXIT, UserError } from '../errors.js';
import { type Fraction, fractionToF64 } from '../money/decimal.js';
import { divHalfAway } from '../money/rounding.js';
import { formatUnits } from '../money/units.js';
import { applyFundingDues, liquidateDue } from './accountEvents.js';
import type { AccountRuntime } from './accountRuntime.js';
import { concludeEvent, concludeSpotFill } from './concludeEvent.js';
import { type DueTimes, NOTHING_DUE, type StepDues } from './dueTimes.js';
import type { DuesEvent, Moment, StepContext } from './moment.js';
import type { Liquidity, RunWarning } from './records.js';
import type { SymbolBook } from './symbolBook.js';

/** A fill as somebody booked it. */
export interface GivenFill {
  readonly timeMs: number;
  readonly account: string;
  /** As a call of the account would name it. */
  readonly symbol: string;
  readonly side: Side;
  /** Null where the position decides: what is held the other way is closed first. */
  readonly effect: PositionEffect | null;
  /** Quantity units of the contract, unsigned. */
  readonly qty: bigint;
  /** Exact; may lie off the tick. */
  readonly price: Fraction;
  readonly liquidity: Liquidity;
  /** Settlement units, plus when paid; null for the rate of its liquidity. */
  readonly fee: bigint | null;
  readonly orderId: string | null;
  /** Counts the fills from 0 in the order in which their rows are to be written. */
  readonly place: number;
  /** Where it stands, for messages. */
  readonly file: string;
  readonly line: number;
}

export interface GivenFills {
  /** Ascending in time. */
  readonly rows: readonly GivenFill[];
  /**
   * True without candles: the bars are then the milliseconds at which there are fills, at the price of the last one, and nothing
   * is liquidated or insured.
   */
  readonly areAlone: boolean;
}

/** A part that only opens or only closes. */
interface Part {
  readonly effect: PositionEffect;
  readonly qty: bigint;
  readonly slot: Slot;
}

/**
 * Settles what is due at one moment: funding of the position carried in, then the fills that are an account's own, in their order;
 * then liquidation is tested once.
 */
export function settleDues(
  runtime: AccountRuntime,
  { funding, fills }: Pick<DuesEvent, 'funding' | 'fills'>,
  moment: Moment,
  context: StepContext,
): void {
  const isFunded = applyFundingDues(runtime, funding, moment, context);
  const own = fills.length === 0 ? fills : ownFills(runtime, fills);
  for (const fill of own) settleFill(runtime, fill, moment, context);
  if (isFunded || own.length > 0) liquidateDue(runtime, moment, context);
}

function ownFills({ name }: AccountRuntime, fills: readonly GivenFill[]): readonly GivenFill[] {
  return fills.filter(({ account }) => account === name);
}

/** A run begins at its first open; a fill before it would leave every position after it wrong. @throws UserError exit 3 */
export function requireFillsFrom(given: GivenFills | undefined, firstOpenMs: number): readonly GivenFill[] {
  const fills = given?.rows ?? [];
  const [first] = fills;
  if (first === undefined || first.timeMs >= firstOpenMs) return fills;
  throw fillError(first, 'time', {
    message: 'a fill lies before the run begins',
    found: formatTime(first.timeMs),
    expected: `${formatTime(firstOpenMs)} or later`,
    hint: 'give candles, and a --from, that begin before the first fill, or replay the fills without --data',
  });
}

/** What of a step's dues is an account's own, and whether it has anything to settle by them. */
interface DuesOfAccount {
  readonly dues: StepDues;
  readonly isConcerned: boolean;
}

const NOBODY_CONCERNED: DuesOfAccount = { dues: NOTHING_DUE, isConcerned: false };

export function dueFor(runtime: AccountRuntime, all: StepDues): DuesOfAccount {
  if (all === NOTHING_DUE) return NOBODY_CONCERNED;
  const { dueAtOpen, fillsAtOpen, inside } = all;
  const own = {
    dueAtOpen,
    fillsAtOpen: ownFills(runtime, fillsAtOpen),
    inside: inside
      .map((event) => (event.kind === 'dues' ? { ...event, fills: ownFills(runtime, event.fills) } : event))
      .filter((event) => event.kind !== 'dues' || event.fills.length + event.funding.length > 0),
  };
  const hasFunding = dueAtOpen.length > 0 || inside.some((event) => event.kind === 'dues' && event.funding.length > 0);
  const isFunded = hasFunding && runtime.account.openPositions().length > 0;
  const isAsked = own.inside.some((event) => event.kind === 'sample' || event.fills.length > 0);
  const isConcerned = isFunded || own.fillsAtOpen.length > 0 || isAsked;
  return { dues: own, isConcerned };
}

/** Fills that no bar reaches are not settled, and told. */
export function findFillsLeft({ nextGivenFill: first, givenFillsLeft: count }: DueTimes): RunWarning[] {
  if (first === undefined) return [];
  const message = `fills after the end of the run were not settled: ${count}, the first in ${first.file}:${first.line}`;
  return [{ code: 'fills_after_data', message, strict: 'data' }];
}

function settleFill(runtime: AccountRuntime, fill: GivenFill, moment: Moment, context: StepContext): void {
  const book = runtime.bookNamed(fill.symbol)!;
  if (!runtime.market.symbols[book.index]!.bar.isKnown) throw noPriceYet(fill);
  const { contract } = book;
  const parts = contract.type === 'spot' ? [spotPart(fill)] : contractParts(runtime, book, fill, context);
  const settled = parts.reduce((sum, { qty }) => sum + qty, 0n);
  let feeLeft = feeOf(fill, settled, fill.qty);
  for (const [i, part] of parts.entries()) {
    const fee = i === parts.length - 1 ? feeLeft : feeOf(fill, part.qty, fill.qty);
    if (feeLeft !== null) feeLeft -= fee!;
    bookPart(runtime, book, fill, { ...part, fee }, moment, context);
  }
  if (contract.type === 'spot') concludeSpotFill(runtime, moment, contract, context);
  else if (parts.length > 0) concludeEvent(runtime, moment, contract.settle, context);
}

/** The share of a given fee that a part of the fill bears; null where the rate decides. */
function feeOf({ fee }: GivenFill, part: bigint, whole: bigint): bigint | null {
  return fee === null ? null : divHalfAway(fee * part, whole);
}

function spotPart({ side, qty }: GivenFill): Part {
  return { effect: side === 'buy' ? 'open' : 'close', qty, slot: 'net' };
}

/** What of a fill closes and what opens; a fill that says it closes never opens. */
function contractParts(
  { account, journal }: AccountRuntime,
  { contract }: SymbolBook,
  fill: GivenFill,
  context: StepContext,
): readonly Part[] {
  const { side, effect, qty } = fill;
  if (effect === null && account.positionModeOf(contract) === 'hedged') throw effectNeeded(fill);
  const slot = account.slotOf(contract, side, effect ?? 'open');
  const held = account.position(contract, slot).qty;
  const closable = held * sideSign(side) < 0n ? absolute(held) : 0n;
  const closing = qty < closable ? qty : closable;
  let opening = qty - closing;
  if (effect === 'close' && opening > 0n) {
    if (!context.liquidates) throw closesTooMuch(fill, contract, closable);
    // With candles the run may have liquidated what the fill was to close.
    journal.countsOf(contract.settle.code).cutFills += 1;
    opening = 0n;
  }
  const parts: Part[] = [];
  if (closing > 0n) parts.push({ effect: 'close', qty: closing, slot });
  if (opening > 0n) parts.push({ effect: 'open', qty: opening, slot });
  return parts;
}

function bookPart(
  runtime: AccountRuntime,
  book: SymbolBook,
  fill: GivenFill,
  { effect, qty, slot, fee }: Part & { readonly fee: bigint | null },
  moment: Moment,
  context: StepContext,
): void {
  const { account, journal } = runtime;
  const { contract } = book;
  const { side, price, liquidity, orderId, place } = fill;
  const { timeMs } = moment;
  const position = account.position(contract, slot);
  book.tracker(slot).settleExcursions(account.rules, position);
  const sold = contract.type === 'spot' ? computeSold(position, qty) : qty;
  const result = account.applyFillPart({
    ...{ timeMs, contract, slot, side, effect, qty, price, orderId },
    feeRate: liquidity === 'maker' ? account.makerFee(contract) : account.takerFee(contract),
    isUninsured: !context.liquidates,
    ...(fee === null ? {} : { fee }),
  });
  const trade = {
    ...{ timeMs, contract, orderId, side, positionEffect: effect, qty, liquidity },
    price: fractionToF64(price),
    amount: result.value,
    commission: result.fee,
    realizedPnl: result.realizedPnl,
    reason: 'replay' as const,
  };
  journal.trades.push({ trade, stop: null, place });
  if (effect === 'open') followOpening(book, fill, { qty, slot, ...result }, moment);
  else followClosing(runtime, book, fill, { qty: sold, slot, whole: qty, ...result }, position, moment);
}

function followOpening(
  book: SymbolBook,
  { side, price }: GivenFill,
  opened: { readonly qty: bigint; readonly slot: Slot; readonly value: bigint; readonly fee: bigint },
  moment: Moment,
): void {
  const tracker = book.tracker(opened.slot);
  const last = fractionToF64(moment.last(book.index));
  const positionSide = side === 'buy' ? 'long' : 'short';
  tracker.open(positionSide, moment.timeMs, moment.bar, opened.qty, price, opened.value, opened.fee);
  tracker.see(last, last);
}

/** A closing part; `qty` is what of it came from the position, which on spot may be less than what was sold. */
interface Closed {
  readonly qty: bigint;
  readonly whole: bigint;
  readonly slot: Slot;
  readonly fee: bigint;
  readonly realizedPnl: bigint;
  readonly insurance: bigint;
}

function followClosing(
  { journal }: AccountRuntime,
  book: SymbolBook,
  { price }: GivenFill,
  { qty, whole, slot, fee, realizedPnl, insurance }: Closed,
  position: Position,
  moment: Moment,
): void {
  if (qty === 0n) return;
  const tracker = book.tracker(slot);
  tracker.close(qty, price, realizedPnl + insurance, qty === whole ? fee : divHalfAway(fee * qty, whole));
  if (position.qty !== 0n) {
    const last = fractionToF64(moment.last(book.index));
    tracker.see(last, last);
    return;
  }
  const closed = tracker.finish(moment.timeMs, moment.bar, 'replay');
  if (closed !== null) journal.closedTrades.push(closed);
}

interface FillProblem {
  readonly message: string;
  readonly found: string;
  readonly expected: string;
  readonly hint: string;
}

function fillError({ file, line }: GivenFill, column: string, problem: FillProblem): UserError {
  return new UserError({ code: 'bad_fill', exitCode: EXIT.data, place: { file, line, column }, ...problem });
}

function formatTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

function noPriceYet(fill: GivenFill): UserError {
  return fillError(fill, 'time', {
    message: `a fill of ${fill.symbol} lies before its first candle`,
    found: formatTime(fill.timeMs),
    expected: `a time at or after the first candle of ${fill.symbol}`,
    hint: 'give candles that begin before the first fill, or replay the fills without --data',
  });
}

function effectNeeded(fill: GivenFill): UserError {
  return fillError(fill, 'position_effect', {
    message: `account ${fill.account} is hedged, and the fill does not say which side it is of`,
    found: 'an empty cell',
    expected: 'open or close',
    hint: 'a buy that opens and a sell that closes are of the long, a sell that opens and a buy that closes of the short',
  });
}

function closesTooMuch(fill: GivenFill, contract: Contract, closable: bigint): UserError {
  return fillError(fill, 'qty', {
    message: 'the fill closes more than the fills before it hold',
    found: formatUnits(fill.qty, contract.qtyDecimals),
    expected: `at most ${formatUnits(closable, contract.qtyDecimals)}`,
    hint: 'give the fills from the first one on, with which the position was flat',
  });
}
