/**
 * The strategy's order calls: orders, stops for them, changes, cancellations. Each is answered at once with a value; a refusal
 * changes nothing but, as a rule, leaves a row among the orders. Every order of the run has its id from here.
 */

import type { Fraction } from '../money/decimal.js';
import type { Order } from '../orders/order.js';
import type { FixedRequest, OrderRequest, StopRequest } from '../strategy/broker.js';
import type { CallResult, DecimalInput, OrderChanges, Order as OrderView } from '../strategy/strategy.js';
import type { AccountRuntime } from './accountRuntime.js';
import { attachStop, refusedStop } from './afterTheFact.js';
import { readFixed, type Selection, SizeMemory } from './fixedSize.js';
import type { Market } from './market.js';
import { modifyOrder, refusedView } from './modifyOrder.js';
import type { Moment } from './moment.js';
import { createOrder, createStop, rejectedView, unreadRequest, viewOf } from './orderCreation.js';
import { admitOrder } from './orderEntry.js';
import { isAnyLedgerDead, ledgerOfRefusal, type Refusal, refusal } from './refusal.js';
import type { Slippage } from './runInput.js';
import type { SymbolBook } from './symbolBook.js';

export type Phase = 'before_first_bar' | 'warming_up' | 'trading' | 'finished';

/** What the calls need of the desk at which they are made. */
export interface Desk {
  readonly phase: Phase;
  readonly now: Moment;
  /** Told when an order sets a leverage, with the old one. */
  noteLeverage(account: number, was: number, set: DecimalInput): void;
}

export class OrderCalls {
  readonly #runtimes: readonly AccountRuntime[];
  readonly #market: Market;
  readonly #slippage: Slippage;
  readonly #desk: Desk;
  readonly #memory = new SizeMemory();
  #nextOrderId = 1;
  /** Orders refused at once, for the rows; the caller takes them. */
  #refused: { account: number; order: Order }[] = [];

  constructor(runtimes: readonly AccountRuntime[], market: Market, slippage: Slippage, desk: Desk) {
    this.#runtimes = runtimes;
    this.#market = market;
    this.#slippage = slippage;
    this.#desk = desk;
  }

  /** Hands over the orders that were refused since the last call, with their account's number. */
  takeRefused(): { account: number; order: Order }[] {
    const refused = this.#refused;
    if (refused.length > 0) this.#refused = [];
    return refused;
  }

  submit(account: number, request: OrderRequest): OrderView {
    if (this.#desk.phase === 'warming_up') return this.#warmingUp(account, request);
    const book = this.#bookToTrade(account, request);
    if ('reason' in book) return this.#refuse(account, request, book, null);
    const before = request.sizing === 'pob' && request.amount === undefined;
    if (!before) return this.#enter(account, book, request);
    const selection = this.#memory.find(account, book.contract.symbol);
    return this.#enter(account, book, { ...request, amount: selection?.pob }, selection);
  }

  submitFixed(account: number, { symbol, side, size, options }: FixedRequest): OrderView {
    const direction = side === 'short' ? 'sell' : 'buy';
    const call = { kind: 'contract', symbol, side: direction, effect: 'open', price: null } as const;
    const request: OrderRequest = { ...call, amount: undefined, sizing: 'pob', options };
    if (this.#desk.phase === 'warming_up') return this.#warmingUp(account, request);
    const book = this.#bookToTrade(account, request);
    if ('reason' in book) return this.#refuse(account, request, book, null);
    const before = this.#memory.find(account, book.contract.symbol);
    const read = readFixed(this.#runtimes[account]!, book, { side, size, options }, before, this.#desk.now);
    if ('reason' in read) return this.#refuse(account, request, read, null);
    return this.#enter(account, book, { ...request, amount: read.pob }, read, read.leverage ?? undefined);
  }

  /** @param selection that the size of the order comes from. @param leverage that goes with it, in the place of the option's. */
  #enter(
    account: number,
    book: SymbolBook,
    request: OrderRequest,
    selection?: Selection,
    leverage: DecimalInput | Fraction | undefined = request.options.leverage,
  ): OrderView {
    const runtime = this.#runtimes[account]!;
    const onLeverage = (was: number, set: DecimalInput): void => this.#desk.noteLeverage(account, was, set);
    const context = { id: this.#nextOrderId, moment: this.#desk.now, slippage: this.#slippage, onLeverage };
    const admitted = admitOrder(runtime, book, request, context, leverage);
    if ('why' in admitted) return this.#refuse(account, request, admitted.why, admitted.draft);
    const { order, legs } = admitted;
    this.#nextOrderId += 1;
    book.orders.add(order);
    for (const leg of legs) {
      book.orders.add(createStop(order, leg, this.#nextOrderId));
      this.#nextOrderId += 1;
    }
    if (request.sizing === 'pob') {
      this.#memory.keep(account, book.contract.symbol, selection ?? { pob: request.amount!, leverage: null });
    }
    runtime.hasChanged = true;
    return viewOf(order);
  }

  attachStop(account: number, request: StopRequest): OrderView {
    const runtime = this.#runtimes[account]!;
    const facts = { id: this.#nextOrderId, timeMs: this.#desk.now.timeMs };
    const answer = this.#refusalOfPhase() ?? attachStop(runtime, request, facts.id, this.#desk.now);
    if ('id' in answer) {
      this.#nextOrderId += 1;
      return viewOf(answer);
    }
    const order = refusedStop(runtime, request, answer, facts);
    if (this.#desk.phase === 'warming_up') return { ...viewOf(order), id: 0 };
    this.#nextOrderId += 1;
    this.#refused.push({ account, order });
    return { ...viewOf(order), details: answer.details };
  }

  modify(account: number, orderId: number, changes: OrderChanges): OrderView {
    const why = this.#refusalOfPhase();
    if (why !== null) return refusedView(why);
    return modifyOrder(this.#runtimes[account]!, orderId, changes, {
      moment: this.#desk.now,
      slippage: this.#slippage,
    });
  }

  /** An order that warming up refuses; it leaves no row. */
  #warmingUp(account: number, request: OrderRequest): OrderView {
    const symbol = this.#bookOf(this.#runtimes[account]!, request.symbol)?.contract.symbol ?? request.symbol;
    return rejectedView({ ...request, symbol }, 'warming_up');
  }

  #bookOf(runtime: AccountRuntime, symbol: string): SymbolBook | null {
    return runtime.bookNamed(symbol);
  }

  /** Why no order is taken now. */
  #refusalOfPhase(): Refusal | null {
    if (this.#desk.phase === 'trading') return null;
    return refusal(400, this.#desk.phase === 'finished' ? 'run_finished' : this.#desk.phase);
  }

  /** The book that an order is for, where it may be traded at all. */
  #bookToTrade(account: number, request: OrderRequest): SymbolBook | Refusal {
    const runtime = this.#runtimes[account]!;
    const book = this.#bookOf(runtime, request.symbol);
    const phase = this.#refusalOfPhase();
    if (phase !== null) return phase;
    if (book === null) {
      if (runtime.account.bankruptAtMs !== null) return refusal(70005, 'account_bankrupt');
      const known = runtime.symbols.known.join(' ');
      return refusal(400, 'unknown_symbol', { symbol: request.symbol, known });
    }
    const { contract } = book;
    if (isAnyLedgerDead(runtime.account, contract)) return refusal(70005, 'account_bankrupt');
    if (!this.#market.symbols[book.index]!.bar.isKnown) return refusal(400, 'no_price_yet');
    const isSpotPair = contract.type === 'spot';
    if (isSpotPair === (request.kind === 'spot')) return book;
    return refusal(400, isSpotPair ? 'spot_pair' : 'not_a_spot_pair', { symbol: request.symbol });
  }

  #refuse(account: number, request: OrderRequest, why: Refusal, draft: Order | null): OrderView {
    const runtime = this.#runtimes[account]!;
    const known = this.#bookOf(runtime, request.symbol);
    const book = known ?? runtime.books[0]!;
    const base: Order =
      draft ??
      createOrder(runtime, book, { ...request, options: {} }, unreadRequest(request, book), {
        id: this.#nextOrderId,
        timeMs: this.#desk.now.timeMs,
      });
    const order: Order = {
      ...base,
      symbol: known === null ? request.symbol : book.contract.symbol,
      contract: known === null ? null : book.contract,
      // What a quantity of an unknown symbol counts nobody knows.
      qty: known === null ? null : base.qty,
      tag: request.options.tag === undefined ? null : String(request.options.tag),
      status: 'rejected',
      code: why.code,
      reason: why.reason,
      refusedIn: ledgerOfRefusal(runtime.account, known === null ? null : known.contract),
    };
    this.#nextOrderId += 1;
    runtime.noteEnded(order);
    this.#refused.push({ account, order });
    return { ...viewOf(order), details: why.details };
  }

  cancel(account: number, orderId: number): CallResult {
    const runtime = this.#runtimes[account]!;
    for (const { orders } of runtime.books) {
      const order = orders.find(orderId);
      if (order === undefined) continue;
      orders.end(order, { status: 'cancelled', timeMs: this.#desk.now.timeMs, reason: 'cancelled_by_strategy' });
      runtime.hasChanged = true;
      return { status: 'done' };
    }
    return { status: 'rejected', code: 400, reason: 'unknown_order' };
  }

  cancelAll(account: number, symbol: string | undefined): number {
    const runtime = this.#runtimes[account]!;
    let count = 0;
    for (const { orders } of booksMeant(runtime, symbol)) {
      for (const order of [...orders.all]) {
        if (order.status !== 'open') continue;
        orders.end(order, { status: 'cancelled', timeMs: this.#desk.now.timeMs, reason: 'cancelled_by_strategy' });
        count += 1;
      }
      runtime.hasChanged = true;
    }
    return count;
  }

  working(account: number, symbol: string | undefined): readonly OrderView[] {
    const all = booksMeant(this.#runtimes[account]!, symbol).flatMap(({ orders }) => orders.all);
    return all.sort((a, b) => a.id - b.id).map(viewOf);
  }
}

/** The books of a symbol, none where it is not traded; all without one. */
function booksMeant(runtime: AccountRuntime, symbol: string | undefined): readonly SymbolBook[] {
  if (symbol === undefined) return runtime.books;
  const book = runtime.bookNamed(symbol);
  return book === null ? [] : [book];
}
