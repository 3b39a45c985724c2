/**
 * Takes the strategy's calls: orders, cancellations, and, by accountCalls.ts, marginByHand.ts and cashCalls.ts, everything else. Each call is
 * answered at once with a value; a refusal changes nothing but leaves a row among the orders. What an accepted order does later
 * is the settlement's business.
 */

import type { Order } from '../orders/order.js';
import type { Broker, CashMove, MarginMove, OrderRequest } from '../strategy/broker.js';
import type { CallResult, DecimalInput, Order as OrderView, SymbolPosition } from '../strategy/strategy.js';
import { setAutoMargin, setMaxLeverage, setMode, setPositionMode } from './accountCalls.js';
import type { AccountRuntime } from './accountRuntime.js';
import { accountFigures, ledgerFigures, positionView } from './accountViews.js';
import { type CallContext, rejected } from './callResult.js';
import { moveCash } from './cashCalls.js';
import { moveMargin } from './marginByHand.js';
import type { Market } from './market.js';
import { KnownMoment, type Moment } from './moment.js';
import { refusalOf } from './orderAdmission.js';
import { createOrder, createStop, unreadRequest, viewOf, viewOfRequest } from './orderCreation.js';
import { readRequest } from './orderRequest.js';
import { ledgerOfRefusal, type Refusal, refusal } from './refusal.js';
import type { Slippage } from './runInput.js';
import { refusalOfSpot } from './spotAdmission.js';
import type { SymbolBook } from './symbolBook.js';

export interface DeskSettings {
  readonly slippage: Slippage;
  /** Called once when a strategy overrides an explicit `--mode` or `--leverage`. */
  readonly onOverride: (message: string) => void;
}

export class OrderDesk implements Broker {
  readonly #runtimes: readonly AccountRuntime[];
  readonly #market: Market;
  readonly #settings: DeskSettings;
  /** Explicit settings that a strategy has not overridden yet, per account. */
  readonly #explicit: readonly Set<'mode' | 'leverage'>[];
  #nextOrderId = 1;
  /** Orders refused at once, for the rows; the caller takes them. */
  #refused: { account: number; order: Order }[] = [];
  /** Prices that may be known now; made when a call needs them. */
  #moment: Moment | null = null;
  #makeMoment: () => Moment = () => new KnownMoment(this.#market, 'open', 0, 0);
  phase: 'before_first_bar' | 'warming_up' | 'trading' | 'finished' = 'before_first_bar';

  constructor(
    runtimes: readonly AccountRuntime[],
    market: Market,
    explicit: readonly Set<'mode' | 'leverage'>[],
    settings: DeskSettings,
  ) {
    this.#runtimes = runtimes;
    this.#market = market;
    this.#explicit = explicit;
    this.#settings = settings;
  }

  /** Moves on to an open or a close of the step at hand. */
  setTime(node: 'open' | 'close', timeMs: number, bar: number): void {
    this.#moment = null;
    this.#makeMoment = () => new KnownMoment(this.#market, node, timeMs, bar);
  }

  get #now(): Moment {
    this.#moment ??= this.#makeMoment();
    return this.#moment;
  }

  get #facts(): { id: number; timeMs: number } {
    return { id: this.#nextOrderId, timeMs: this.#now.timeMs };
  }

  /** Hands over the orders that were refused since the last call, with their account's number. */
  takeRefused(): { account: number; order: Order }[] {
    const refused = this.#refused;
    this.#refused = [];
    return refused;
  }

  submit(account: number, request: OrderRequest): OrderView {
    if (this.phase === 'warming_up') {
      return { ...viewOfRequest(request), status: 'rejected', reason: 'warming_up', code: 400 };
    }
    const runtime = this.#runtimes[account]!;
    const book = this.#bookOf(runtime, request.symbol);
    const earlier = this.#refusalBeforeReading(runtime, book, request);
    if (earlier !== null || book === null) return this.#refuse(account, request, earlier!, null);
    const isHedged = runtime.account.positionModeOf(book.contract) === 'hedged';
    const rules = { brackets: runtime.account.rules, isHedged };
    const read = readRequest(request, book.contract, this.#now.last(book.index), rules);
    if ('reason' in read) return this.#refuse(account, request, read, null);
    const order = createOrder(runtime, book, request, read, this.#facts);
    const judge = request.kind === 'spot' ? refusalOfSpot : refusalOf;
    const why = judge(runtime, book, order, read.price, this.#now, this.#settings.slippage);
    if (why !== null) return this.#refuse(account, request, why, order);
    this.#nextOrderId += 1;
    book.orders.add(order);
    for (const leg of read.legs) {
      book.orders.add(createStop(order, leg, this.#nextOrderId));
      this.#nextOrderId += 1;
    }
    runtime.hasChanged = true;
    return viewOf(order);
  }

  #bookOf(runtime: AccountRuntime, symbol: string): SymbolBook | null {
    const index = this.#market.indexOf(symbol);
    return index === undefined ? null : runtime.books[index]!;
  }

  #refusalBeforeReading(runtime: AccountRuntime, book: SymbolBook | null, request: OrderRequest): Refusal | null {
    if (this.phase === 'before_first_bar') return refusal(400, 'before_first_bar');
    if (this.phase === 'finished') return refusal(400, 'run_finished');
    if (book === null) {
      if (runtime.account.bankruptAtMs !== null) return refusal(70005, 'account_bankrupt');
      const known = this.#market.symbols.map(({ contract }) => contract.symbol).join(' ');
      return refusal(400, 'unknown_symbol', { symbol: request.symbol, known });
    }
    const { contract } = book;
    const ledgers = contract.base === null ? [contract.settle] : [contract.settle, contract.base];
    const isDead = ledgers.some(({ code }) => runtime.account.bankruptAtMsOf(code) !== null);
    if (isDead) return refusal(70005, 'account_bankrupt');
    if (!this.#market.symbols[book.index]!.bar.isKnown) return refusal(400, 'no_price_yet');
    const isSpotPair = contract.type === 'spot';
    if (isSpotPair === (request.kind === 'spot')) return null;
    return refusal(400, isSpotPair ? 'spot_pair' : 'not_a_spot_pair', { symbol: request.symbol });
  }

  #refuse(account: number, request: OrderRequest, why: Refusal, draft: Order | null): OrderView {
    const runtime = this.#runtimes[account]!;
    const known = this.#bookOf(runtime, request.symbol);
    const book = known ?? runtime.books[this.#market.first]!;
    const base: Order =
      draft ?? createOrder(runtime, book, { ...request, options: {} }, unreadRequest(request, book), this.#facts);
    const order: Order = {
      ...base,
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
    this.#refused.push({ account, order });
    return { ...viewOf(order), details: why.details };
  }

  /** An order as the strategy sees it. */
  view(order: Order): OrderView {
    return viewOf(order);
  }

  cancel(account: number, orderId: number): CallResult {
    const runtime = this.#runtimes[account]!;
    for (const { orders } of runtime.books) {
      const order = orders.find(orderId);
      if (order === undefined) continue;
      orders.end(order, { status: 'cancelled', timeMs: this.#now.timeMs, reason: 'cancelled_by_strategy' });
      runtime.hasChanged = true;
      return { status: 'done' };
    }
    return { status: 'rejected', code: 400, reason: 'unknown_order' };
  }

  cancelAll(account: number, symbol: string | undefined): number {
    const runtime = this.#runtimes[account]!;
    let count = 0;
    for (const { contract, orders } of runtime.books) {
      if (symbol !== undefined && symbol !== contract.symbol) continue;
      for (const order of [...orders.all]) {
        if (order.status !== 'open') continue;
        orders.end(order, { status: 'cancelled', timeMs: this.#now.timeMs, reason: 'cancelled_by_strategy' });
        count += 1;
      }
      runtime.hasChanged = true;
    }
    return count;
  }

  workingOrders(account: number, symbol: string | undefined): readonly OrderView[] {
    const all = this.#runtimes[account]!.books.flatMap(({ orders }) => orders.all);
    const wanted = all.filter((order) => symbol === undefined || order.symbol === symbol);
    return wanted.sort((a, b) => a.id - b.id).map(viewOf);
  }

  setMode(account: number, mode: string, symbol: string | undefined): CallResult {
    return setMode(this.#runtimes[account]!, mode, this.#call(symbol), (was) => {
      this.#noteOverride(account, 'mode', `mode ${was} was asked for, the strategy sets ${mode}`);
    });
  }

  setMaxLeverage(account: number, leverage: DecimalInput, symbol: string | undefined): CallResult {
    return setMaxLeverage(this.#runtimes[account]!, leverage, this.#call(symbol), (was) => {
      this.#noteOverride(account, 'leverage', `leverage ${was} was asked for, the strategy sets ${leverage}`);
    });
  }

  setAutoMargin(account: number, isOn: boolean, symbol: string | undefined): CallResult {
    return setAutoMargin(this.#runtimes[account]!, isOn, this.#call(symbol));
  }

  setPositionMode(account: number, mode: string, symbol: string | undefined): CallResult {
    return setPositionMode(this.#runtimes[account]!, mode, this.#call(symbol));
  }

  moveMargin(account: number, move: MarginMove): CallResult {
    return moveMargin(this.#runtimes[account]!, move, this.#call(move.symbol));
  }

  moveCash(account: number, move: CashMove): CallResult {
    if (this.phase === 'before_first_bar' || this.phase === 'finished') {
      return rejected(400, this.phase === 'finished' ? 'run_finished' : 'before_first_bar');
    }
    return moveCash(this.#runtimes, account, move, this.#now);
  }

  #call(symbol: string | undefined): CallContext {
    return { moment: this.#now, symbol };
  }

  /** Says once that the strategy overrides what the user asked for. */
  #noteOverride(account: number, what: 'mode' | 'leverage', message: string): void {
    if (!this.#explicit[account]!.delete(what)) return;
    this.#settings.onOverride(`account ${this.#runtimes[account]!.name}: ${message}`);
  }

  figures(account: number): ReturnType<Broker['figures']> {
    return accountFigures(this.#runtimes[account]!, this.#now);
  }

  ledger(account: number, currency: string): ReturnType<Broker['ledger']> {
    return ledgerFigures(this.#runtimes[account]!, currency, this.#now);
  }

  position(account: number, symbol: string): SymbolPosition {
    const runtime = this.#runtimes[account]!;
    return positionView(runtime, this.#bookOf(runtime, symbol), symbol, this.#now);
  }
}
