/**
 * The way of an order call into the book: its leverage, its stops, its order, and whether the account may give it. A refused call
 * changes nothing: an order that brings its own leverage is judged on a copy first.
 */

import { type Fraction, fractionToF64 } from '../money/decimal.js';
import type { Order } from '../orders/order.js';
import type { OrderRequest } from '../strategy/broker.js';
import type { DecimalInput } from '../strategy/strategy.js';
import { setMaxLeverage } from './accountCalls.js';
import type { AccountRuntime } from './accountRuntime.js';
import { marginRateOf } from './arming.js';
import { type BracketTerms, type ReadLeg, readLegs } from './bracketRequest.js';
import type { Moment } from './moment.js';
import { refusalOf } from './orderAdmission.js';
import { createOrder } from './orderCreation.js';
import { type ReadRequest, readRequest } from './orderRequest.js';
import { type Refusal, refusal } from './refusal.js';
import type { Slippage } from './runInput.js';
import { refusalOfSpot } from './spotAdmission.js';
import type { SymbolBook } from './symbolBook.js';

/** When an order is given, and what it is judged by. */
export interface EntryContext {
  readonly id: number;
  readonly moment: Moment;
  readonly slippage: Slippage;
  /** Told the leverage that the order's own replaces. */
  readonly onLeverage: (was: number, leverage: DecimalInput) => void;
}

/** An order that may be given, with the stops that it brings; its leverage is set. */
interface Admitted {
  readonly order: Order;
  readonly legs: readonly ReadLeg[];
}

/** Why it may not, and the order as far as it was read. */
interface Refused {
  readonly why: Refusal;
  readonly draft: Order | null;
}

/** Reads and judges an order call. @param leverage in the place of the option's, as it was worked out. */
export function admitOrder(
  runtime: AccountRuntime,
  book: SymbolBook,
  request: OrderRequest,
  context: EntryContext,
  leverage: DecimalInput | Fraction | undefined = request.options.leverage,
): Admitted | Refused {
  const read = readRequest(request, book.contract);
  if ('reason' in read) return { why: read, draft: null };
  if (leverage === undefined) return judge(runtime, book, request, read, context);
  const call = { moment: context.moment, symbol: book.contract.symbol };
  const copy = runtime.copy();
  const answer = setMaxLeverage(copy, leverage, call, () => {});
  if (answer.status === 'rejected') {
    return { why: { code: answer.code!, reason: answer.reason!, details: answer.details ?? {} }, draft: null };
  }
  const judged = judge(copy, copy.bookOf(book.contract), request, read, context);
  if ('why' in judged) return judged;
  const shown = typeof leverage === 'object' ? fractionToF64(leverage) : leverage;
  setMaxLeverage(runtime, leverage, call, (was) => context.onLeverage(was, shown));
  return judged;
}

function judge(
  runtime: AccountRuntime,
  book: SymbolBook,
  request: OrderRequest,
  read: ReadRequest,
  { id, moment, slippage }: EntryContext,
): Admitted | Refused {
  const isHedged = runtime.account.positionModeOf(book.contract) === 'hedged';
  // A reduce-only order to open would have to close the other side, which no order of a hedge does.
  if (isHedged && request.effect === 'open' && request.options.reduceOnly === true) {
    return { why: refusal(70002, 'side_not_in_mode'), draft: null };
  }
  const legs = readLegs(request, bracketTerms(runtime, book, request, read.price ?? read.trigger, moment));
  if ('reason' in legs) return { why: legs, draft: null };
  const order = createOrder(runtime, book, request, read, { id, timeMs: moment.timeMs });
  const refusalOfKind = request.kind === 'spot' ? refusalOfSpot : refusalOf;
  const why = refusalOfKind(runtime, book, order, read.price, moment, slippage);
  return why === null ? { order, legs: legs.legs } : { why, draft: order };
}

/** What the stops of an order are read by before it has filled. @param own price of the order; the last close without one. */
export function bracketTerms(
  runtime: AccountRuntime,
  book: SymbolBook,
  { side, effect }: Pick<Order, 'side' | 'effect'>,
  own: Fraction | null,
  moment: Moment,
): BracketTerms {
  const { contract } = book;
  const marginRate = marginRateOf(runtime.target(book, side, effect), { value: 0n, qty: 0n });
  const reference = own ?? moment.last(book.index);
  return { contract, rules: runtime.account.rules, reference, entry: reference, marginRate };
}
