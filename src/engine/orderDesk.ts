/**
 * Takes the strategy's calls and answers its questions: orders by orderCalls.ts, everything else by accountCalls.ts, marginByHand.ts,
 * cashCalls.ts and sizing.ts. It knows when a call is made and at which prices. What an accepted order does later is the
 * settlement's business.
 */

import type { Order } from '../orders/order.js';
import type {
  Broker,
  CashMove,
  FixedRequest,
  MarginMove,
  OrderRequest,
  SizeQuestion,
  StopRequest,
} from '../strategy/broker.js';
import type {
  CallResult,
  DecimalInput,
  OrderChanges,
  Order as OrderView,
  SymbolPosition,
} from '../strategy/strategy.js';
import { setAutoMargin, setMaxLeverage, setMode, setPositionMode } from './accountCalls.js';
import type { AccountRuntime } from './accountRuntime.js';
import { accountFigures, ledgerFigures, positionView } from './accountViews.js';
import { type CallContext, rejected } from './callResult.js';
import { moveCash } from './cashCalls.js';
import { moveMargin } from './marginByHand.js';
import type { Market } from './market.js';
import { KnownMoment, type Moment } from './moment.js';
import { OrderCalls, type Phase } from './orderCalls.js';
import { viewOf } from './orderCreation.js';
import type { Slippage } from './runInput.js';
import { answerSize } from './sizing.js';

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
  readonly #orders: OrderCalls;
  /** Prices that may be known now; made when a call needs them. */
  #moment: Moment | null = null;
  #makeMoment: () => Moment = () => new KnownMoment(this.#market, 'open', 0, 0);
  phase: Phase = 'before_first_bar';

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
    this.#orders = new OrderCalls(runtimes, market, settings.slippage, this);
  }

  /** Moves on to an open or a close of the step at hand. */
  setTime(node: 'open' | 'close', timeMs: number, bar: number): void {
    this.#moment = null;
    this.#makeMoment = () => new KnownMoment(this.#market, node, timeMs, bar);
  }

  /** When calls are made. */
  get now(): Moment {
    this.#moment ??= this.#makeMoment();
    return this.#moment;
  }

  /** Hands over the orders that were refused since the last call, with their account's number. */
  takeRefused(): { account: number; order: Order }[] {
    return this.#orders.takeRefused();
  }

  submit(account: number, request: OrderRequest): OrderView {
    return this.#orders.submit(account, request);
  }

  submitFixed(account: number, request: FixedRequest): OrderView {
    return this.#orders.submitFixed(account, request);
  }

  attachStop(account: number, request: StopRequest): OrderView {
    return this.#orders.attachStop(account, request);
  }

  modify(account: number, orderId: number, changes: OrderChanges): OrderView {
    return this.#orders.modify(account, orderId, changes);
  }

  cancel(account: number, orderId: number): CallResult {
    return this.#orders.cancel(account, orderId);
  }

  cancelAll(account: number, symbol: string | undefined): number {
    return this.#orders.cancelAll(account, symbol);
  }

  workingOrders(account: number, symbol: string | undefined): readonly OrderView[] {
    return this.#orders.working(account, symbol);
  }

  size(account: number, question: SizeQuestion): number {
    return answerSize(this.#runtimes[account]!, question, this.now);
  }

  /** An order as the strategy sees it. */
  view(order: Order): OrderView {
    return viewOf(order);
  }

  setMode(account: number, mode: string, symbol: string | undefined): CallResult {
    return setMode(this.#runtimes[account]!, mode, this.#call(symbol), (was) => {
      this.#noteOverride(account, 'mode', `mode ${was} was asked for, the strategy sets ${mode}`);
    });
  }

  setMaxLeverage(account: number, leverage: DecimalInput, symbol: string | undefined): CallResult {
    return setMaxLeverage(this.#runtimes[account]!, leverage, this.#call(symbol), (was) => {
      this.noteLeverage(account, was, leverage);
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
    if (this.phase !== 'trading') return rejected(400, this.phase === 'finished' ? 'run_finished' : this.phase);
    return moveCash(this.#runtimes, account, move, this.now);
  }

  #call(symbol: string | undefined): CallContext {
    return { moment: this.now, symbol };
  }

  /** Says once that the strategy overrides what the user asked for. */
  #noteOverride(account: number, what: 'mode' | 'leverage', message: string): void {
    if (!this.#explicit[account]!.delete(what)) return;
    this.#settings.onOverride(`account ${this.#runtimes[account]!.name}: ${message}`);
  }

  /** Told when a strategy sets a leverage, with the old one. */
  noteLeverage(account: number, was: number, set: DecimalInput): void {
    this.#noteOverride(account, 'leverage', `leverage ${was} was asked for, the strategy sets ${set}`);
  }

  figures(account: number): ReturnType<Broker['figures']> {
    return accountFigures(this.#runtimes[account]!, this.now);
  }

  ledger(account: number, currency: string): ReturnType<Broker['ledger']> {
    return ledgerFigures(this.#runtimes[account]!, currency, this.now);
  }

  position(account: number, symbol: string): SymbolPosition {
    const runtime = this.#runtimes[account]!;
    return positionView(runtime, runtime.bookNamed(symbol), symbol, this.now);
  }
}
