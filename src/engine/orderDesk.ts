/**
 * Takes the strategy's calls: orders, cancellations, mode and leverage. Each call is answered at once with a value; a refusal
 * changes nothing but leaves a row among the orders. What an accepted order does later is the settlement's business.
 */

import { absolute } from '../account/position.js';
import { type Fraction, fractionToF64 } from '../money/decimal.js';
import { pow10 } from '../money/units.js';
import type { Order } from '../orders/order.js';
import type { Broker, OrderRequest } from '../strategy/context.js';
import type { CallResult, DecimalInput, Order as OrderView, PositionView } from '../strategy/strategy.js';
import { accountFigures, type CallContext, moveMargin, positionView, setMaxLeverage, setMode } from './accountCalls.js';
import type { AccountRuntime } from './accountRuntime.js';
import { type KnownPrices, refusalOf } from './orderAdmission.js';
import { type ReadRequest, readDecimal, readRequest, triggerSourceOf } from './orderRequest.js';
import { type Refusal, refusal } from './refusal.js';
import type { Slippage } from './runInput.js';

export interface DeskSettings {
  readonly hasMark: boolean;
  readonly slippage: Slippage;
  /** Called once when a strategy overrides an explicit `--mode` or `--leverage`. */
  readonly onOverride: (message: string) => void;
}

export class OrderDesk implements Broker {
  readonly #runtimes: readonly AccountRuntime[];
  readonly #settings: DeskSettings;
  /** Explicit settings that a strategy has not overridden yet, per account. */
  readonly #explicit: readonly Set<'mode' | 'leverage'>[];
  #nextOrderId = 1;
  /** Orders refused at once, for the rows; the caller takes them. */
  #refused: { account: number; order: Order }[] = [];
  #last = 0;
  #mark = 0;
  #timeMs = 0;
  #prices: KnownPrices | null = null;
  phase: 'before_first_bar' | 'warming_up' | 'trading' | 'finished' = 'before_first_bar';

  constructor(
    runtimes: readonly AccountRuntime[],
    explicit: readonly Set<'mode' | 'leverage'>[],
    settings: DeskSettings,
  ) {
    this.#runtimes = runtimes;
    this.#explicit = explicit;
    this.#settings = settings;
  }

  /** Moves on to a close; the exact prices are made when a call needs them. */
  setPrices(last: number, mark: number, timeMs: number): void {
    this.#last = last;
    this.#mark = mark;
    this.#timeMs = timeMs;
    this.#prices = null;
  }

  get prices(): KnownPrices {
    const [first] = this.#runtimes;
    this.#prices ??= { last: first!.exact(this.#last), mark: first!.exact(this.#mark), timeMs: this.#timeMs };
    return this.#prices;
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
    const { contract } = runtime;
    const earlier = this.#refusalBeforeReading(runtime, request);
    if (earlier !== null) return this.#refuse(account, request, earlier, null);
    const read = readRequest(request, contract, this.prices.last);
    if ('reason' in read) return this.#refuse(account, request, read, null);
    const order = this.#createOrder(runtime, request, read);
    const why = refusalOf(runtime, order, read.price, this.prices, this.#settings.slippage);
    if (why !== null) return this.#refuse(account, request, why, order);
    this.#nextOrderId += 1;
    runtime.orders.add(order);
    for (const { leg, side, firesOn, stop } of read.legs) {
      const id = this.#nextOrderId;
      this.#nextOrderId += 1;
      runtime.orders.add({
        ...order,
        id,
        side,
        effect: 'close',
        type: 'stop',
        price: null,
        trigger: stop === null ? null : fractionToF64(stop),
        firesOn,
        pct: null,
        qty: order.qty,
        reduceOnly: true,
        postOnly: false,
        parentId: order.id,
        leg,
        isArmed: false,
        fills: [],
      });
    }
    runtime.hasChanged = true;
    return viewOf(order);
  }

  #refusalBeforeReading(runtime: AccountRuntime, request: OrderRequest): Refusal | null {
    if (this.phase === 'before_first_bar') return refusal(400, 'before_first_bar');
    if (this.phase === 'finished') return refusal(400, 'run_finished');
    if (runtime.account.bankruptAtMs !== null) return refusal(70005, 'account_bankrupt');
    if (request.symbol !== runtime.contract.symbol) {
      return refusal(400, 'unknown_symbol', { symbol: request.symbol, known: runtime.contract.symbol });
    }
    return null;
  }

  #createOrder(runtime: AccountRuntime, request: OrderRequest, read: ReadRequest): Order {
    const { contract, account, position } = runtime;
    const { options } = request;
    const toF64 = (price: Fraction | null): number | null => (price === null ? null : fractionToF64(price));
    const isLimit = read.type === 'limit';
    const isBuy = request.side === 'buy';
    let { qty } = read;
    const held = absolute(position.qty);
    // A request for the whole position closes the dust with it.
    if (request.effect === 'close' && qty !== null && read.askedQty >= held && qty < held) qty = held;
    return {
      id: this.#nextOrderId,
      timeMs: this.prices.timeMs,
      symbol: request.symbol,
      contract,
      side: request.side,
      effect: request.effect,
      type: read.type,
      price: toF64(read.price),
      trigger: toF64(read.trigger),
      triggerBy: triggerSourceOf(options.triggerBy, account.rules.triggerDefault, this.#settings.hasMark),
      firesOn: isLimit === isBuy ? 'fall' : 'rise',
      qty,
      pct: read.pct,
      reduceOnly: options.reduceOnly === true,
      postOnly: options.postOnly === true,
      tag: options.tag === undefined ? null : String(options.tag),
      parentId: null,
      leg: null,
      isArmed: true,
      isFresh: true,
      filledQty: 0n,
      fills: [],
      status: 'open',
      code: null,
      reason: null,
      endTimeMs: this.prices.timeMs,
    };
  }

  #refuse(account: number, request: OrderRequest, why: Refusal, draft: Order | null): OrderView {
    const runtime = this.#runtimes[account]!;
    const known = request.symbol === runtime.contract.symbol;
    const base: Order =
      draft ?? this.#createOrder(runtime, { ...request, options: {} }, unreadRequest(request, runtime));
    const order: Order = {
      ...base,
      contract: known ? runtime.contract : null,
      tag: request.options.tag === undefined ? null : String(request.options.tag),
      status: 'rejected',
      code: why.code,
      reason: why.reason,
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
    const order = runtime.orders.find(orderId);
    if (order === undefined) return { status: 'rejected', code: 400, reason: 'unknown_order' };
    runtime.orders.end(order, { status: 'cancelled', timeMs: this.prices.timeMs, reason: 'cancelled_by_strategy' });
    runtime.hasChanged = true;
    return { status: 'done' };
  }

  cancelAll(account: number, symbol: string | undefined): number {
    const runtime = this.#runtimes[account]!;
    if (symbol !== undefined && symbol !== runtime.contract.symbol) return 0;
    let count = 0;
    for (const order of [...runtime.orders.all]) {
      if (order.status !== 'open') continue;
      runtime.orders.end(order, { status: 'cancelled', timeMs: this.prices.timeMs, reason: 'cancelled_by_strategy' });
      count += 1;
    }
    runtime.hasChanged = true;
    return count;
  }

  workingOrders(account: number, symbol: string | undefined): readonly OrderView[] {
    const { orders } = this.#runtimes[account]!;
    return orders.all.filter((order) => symbol === undefined || order.symbol === symbol).map(viewOf);
  }

  setMode(account: number, mode: string, symbol: string | undefined): CallResult {
    return this.#call(account, symbol, (runtime, call) =>
      setMode(runtime, mode, call, (was) => {
        this.#noteOverride(account, 'mode', `mode ${was} was asked for, the strategy sets ${mode}`);
      }),
    );
  }

  setMaxLeverage(account: number, leverage: DecimalInput, symbol: string | undefined): CallResult {
    return this.#call(account, symbol, (runtime, call) =>
      setMaxLeverage(runtime, leverage, call, (was) => {
        this.#noteOverride(account, 'leverage', `leverage ${was} was asked for, the strategy sets ${leverage}`);
      }),
    );
  }

  moveMargin(account: number, direction: 'in' | 'out', symbol: string, amount: DecimalInput): CallResult {
    return this.#call(account, symbol, (runtime, call) => moveMargin(runtime, direction, amount, call));
  }

  /** Makes a call that acts at once; the row of the moment shows what it changed. */
  #call(
    account: number,
    symbol: string | undefined,
    make: (runtime: AccountRuntime, call: CallContext) => CallResult,
  ): CallResult {
    const { mark, timeMs } = this.prices;
    return make(this.#runtimes[account]!, { mark, timeMs, symbol });
  }

  #noteOverride(account: number, what: 'mode' | 'leverage', message: string): void {
    if (this.#explicit[account]?.delete(what) !== true) return;
    this.#settings.onOverride(`account ${this.#runtimes[account]!.name}: ${message}`);
  }

  figures(account: number): ReturnType<typeof accountFigures> {
    return accountFigures(this.#runtimes[account]!, this.prices.mark);
  }

  position(account: number, symbol: string): PositionView {
    return positionView(this.#runtimes[account]!, symbol, this.prices.mark);
  }
}

/** What can be shown of a call that could not be read. */
function unreadRequest(request: OrderRequest, runtime: AccountRuntime): ReadRequest {
  const price = readDecimal(request.price);
  const isPlain = price !== undefined && price.num > 0n;
  const qty = request.isPct ? undefined : readDecimal(request.amount);
  const { qtyDecimals } = runtime.contract;
  const units = qty === undefined || qty.num <= 0n ? null : (qty.num * pow10(qtyDecimals)) / qty.den;
  const hasTrigger = request.options.trigger !== undefined;
  return {
    type: hasTrigger ? 'stop' : request.price === null ? 'market' : 'limit',
    price: isPlain ? price : null,
    trigger: null,
    qty: units,
    askedQty: 0n,
    pct: null,
    legs: [],
  };
}

function viewOf(order: Order): OrderView {
  return {
    id: order.id,
    symbol: order.symbol,
    side: order.side,
    positionEffect: order.effect,
    type: order.type,
    status: order.status,
    ...(order.code === null ? {} : { code: order.code }),
    ...(order.reason === null ? {} : { reason: order.reason }),
  };
}

function viewOfRequest(request: OrderRequest): Omit<OrderView, 'status'> {
  return {
    id: 0,
    symbol: request.symbol,
    side: request.side,
    positionEffect: request.effect,
    type: request.options.trigger !== undefined ? 'stop' : request.price === null ? 'market' : 'limit',
  };
}
