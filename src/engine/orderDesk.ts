/**
 * Takes the strategy's calls: orders, cancellations, mode and leverage. Each call is answered at once with a value; a refusal
 * changes nothing but leaves a row among the orders. What an accepted order does later is the settlement's business.
 */

import { isLeverageAboveTier } from '../account/margin.js';
import { computeAffordableQty, computeOrderCost, type OrderCostInput } from '../account/orderCost.js';
import { absolute, computeEntryPrice } from '../account/position.js';
import { computeValue } from '../contract/payoff.js';
import { sideSign } from '../contract/sides.js';
import { compareFractions, type Fraction, fractionToF64 } from '../money/decimal.js';
import { unitsToF64 } from '../money/units.js';
import type { Order } from '../orders/order.js';
import type { Broker, OrderRequest } from '../strategy/context.js';
import type { CallResult, DecimalInput, Order as OrderView, PositionView } from '../strategy/strategy.js';
import type { AccountRuntime } from './accountRuntime.js';
import type { Refusal } from './executeOrder.js';
import { fillPrice, takerPrice } from './fillModel.js';
import { computeOpeningExposure } from './orderMargin.js';
import { type ReadRequest, readDecimal, readRequest, triggerSourceOf } from './orderRequest.js';
import type { Slippage } from './runInput.js';

export interface DeskSettings {
  readonly hasMark: boolean;
  readonly slippage: Slippage;
  /** Called once when a strategy overrides an explicit `--mode` or `--leverage`. */
  readonly onOverride: (message: string) => void;
}

/** What a strategy may know of prices now: the close, and the mark if its candle has closed. */
export interface DeskPrices {
  readonly last: Fraction;
  readonly mark: Fraction;
  readonly timeMs: number;
}

export class OrderDesk implements Broker {
  readonly #runtimes: readonly AccountRuntime[];
  readonly #settings: DeskSettings;
  /** Explicit settings that a strategy has not overridden yet, per account. */
  readonly #explicit: readonly Set<'mode' | 'leverage'>[];
  #nextOrderId = 1;
  /** Orders refused at once, for the rows; the caller takes them. */
  #refused: { account: number; order: Order }[] = [];
  prices: DeskPrices;
  phase: 'before_first_bar' | 'warming_up' | 'trading' | 'finished' = 'before_first_bar';

  constructor(
    runtimes: readonly AccountRuntime[],
    explicit: readonly Set<'mode' | 'leverage'>[],
    settings: DeskSettings,
    prices: DeskPrices,
  ) {
    this.#runtimes = runtimes;
    this.#explicit = explicit;
    this.#settings = settings;
    this.prices = prices;
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
    const refusal = this.#refusalOf(runtime, order, read);
    if (refusal !== null) return this.#refuse(account, request, refusal, order);
    this.#nextOrderId += 1;
    runtime.orders.add(order);
    for (const { leg, side, firesOn } of read.legs) {
      const id = this.#nextOrderId;
      this.#nextOrderId += 1;
      runtime.orders.add({
        ...order,
        id,
        side,
        effect: 'close',
        type: 'stop',
        price: null,
        trigger: null,
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

  /** The ladder of refusals that need the account; sizes a limit order by percent on the way. */
  #refusalOf(runtime: AccountRuntime, order: Order, read: ReadRequest): Refusal | null {
    const { contract, position } = runtime;
    const opposite = position.qty * sideSign(order.side) < 0n ? absolute(position.qty) : 0n;
    const isExit = order.effect === 'close' || order.reduceOnly;
    if (isExit && opposite === 0n) {
      return refusal(400, order.effect === 'close' ? 'no_position' : 'reduce_only_without_position');
    }
    if (order.postOnly && read.price !== null) {
      const side = compareFractions(read.price, this.prices.last);
      if (order.side === 'buy' ? side >= 0 : side <= 0) return refusal(400, 'post_only_would_take');
    }
    if (order.pct !== null && order.type === 'limit') order.qty = this.#sizeLimit(runtime, order, opposite);
    if (order.qty !== null && (isExit ? order.qty === 0n : order.qty < contract.minQty)) {
      return refusal(400, 'qty_below_min', { min_qty: contract.minQty, qty: order.qty });
    }
    if (isExit || order.qty === null || order.type === 'stop') return null;
    return order.qty > opposite ? this.#refusalOfOpening(runtime, order, order.qty - opposite, opposite > 0n) : null;
  }

  #sizeLimit(runtime: AccountRuntime, order: Order, closable: bigint): bigint {
    const pct = order.pct!;
    const { contract } = runtime;
    if (order.effect === 'close') {
      if (pct.num >= pct.den) return closable;
      const qty = (closable * pct.num) / pct.den;
      return qty - (qty % contract.qtyStep);
    }
    const usable = runtime.usable(this.prices.mark);
    return computeAffordableQty(this.#costInput(runtime, order), usable, pct);
  }

  #costInput(runtime: AccountRuntime, order: Order): OrderCostInput {
    const { contract, account, position } = runtime;
    const price =
      order.price !== null
        ? fillPrice(runtime.exact(order.price))
        : takerPrice(contract, order.side, this.prices.last, this.#settings.slippage);
    return {
      rules: account.rules,
      contract,
      leverage: position.leverage,
      side: order.side,
      price: price.exact,
      mark: this.prices.mark,
      takerFee: account.takerFee(contract),
      exposure: position.cost,
    };
  }

  /** Tier and margin of the part that would open. A flip's margin is judged at its fill, when its closing part has freed some. */
  #refusalOfOpening(runtime: AccountRuntime, order: Order, qty: bigint, isFlip: boolean): Refusal | null {
    const { contract, account, position, orders } = runtime;
    const { rules } = account;
    const { mark } = this.prices;
    const input = this.#costInput(runtime, order);
    const value = computeValue(contract, rules.valueRounding, qty, input.price);
    let exposure = (isFlip ? 0n : position.cost) + value;
    const marginInput = { rules, position, takerFee: account.takerFee(contract), mark, orders: orders.all };
    if (rules.tierExposure === 'position_plus_orders') exposure += computeOpeningExposure(marginInput);
    if (isLeverageAboveTier(contract, position.leverage, exposure)) {
      return refusal(70003, 'leverage_above_tier', { exposure, leverage: fractionToF64(position.leverage) });
    }
    if (order.type === 'market' && isFlip) return null;
    const usable = runtime.usable(mark);
    let need = computeOrderCost(input, qty);
    if (order.type === 'limit') {
      const before = runtime.orderMargin(mark);
      orders.add(order);
      need = runtime.orderMargin(mark) - before;
      orders.withdraw(order);
    }
    return need <= usable ? null : refusal(70004, 'insufficient_margin', { need, available: usable });
  }

  #refuse(account: number, request: OrderRequest, why: Refusal, draft: Order | null): OrderView {
    const runtime = this.#runtimes[account]!;
    const known = request.symbol === runtime.contract.symbol;
    const base: Order = draft ?? this.#createOrder(runtime, { ...request, options: {} }, unreadRequest(request, runtime));
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
    const runtime = this.#runtimes[account]!;
    const blocked = this.#settingBlocked(runtime, symbol);
    if (blocked !== null) return blocked;
    if (mode !== 'cross' && mode !== 'isolated') return rejectedCall(70001, 'invalid_margin_mode', { mode });
    const { position } = runtime;
    if (position.mode === mode) return { status: 'done' };
    if (position.qty !== 0n) return rejectedCall(70001, 'open_position');
    if (!runtime.orders.isEmpty && runtime.account.rules.marginModeSwitch !== 'anytime') {
      return rejectedCall(70001, 'open_orders');
    }
    this.#noteOverride(account, 'mode', `mode ${position.mode} was asked for, the strategy sets ${mode}`);
    position.mode = mode;
    return { status: 'done' };
  }

  setMaxLeverage(account: number, leverage: DecimalInput, symbol: string | undefined): CallResult {
    const runtime = this.#runtimes[account]!;
    const blocked = this.#settingBlocked(runtime, symbol);
    if (blocked !== null) return blocked;
    const { position, contract } = runtime;
    const asked = readDecimal(leverage);
    if (asked === undefined || asked.num < 0n) return rejectedCall(400, 'bad_leverage', { leverage });
    if (compareFractions(asked, contract.maxLeverage) > 0) {
      return rejectedCall(70003, 'leverage_above_max', { leverage, max: fractionToF64(contract.maxLeverage) });
    }
    if (compareFractions(asked, position.leverage) === 0 && (asked.num > 0n || position.mode === 'cross')) {
      return { status: 'done' };
    }
    if (position.qty !== 0n) return rejectedCall(400, 'open_position');
    if (!runtime.orders.isEmpty) return rejectedCall(400, 'open_orders');
    const was = fractionToF64(position.leverage);
    this.#noteOverride(account, 'leverage', `leverage ${was} was asked for, the strategy sets ${leverage}`);
    position.leverage = asked;
    if (asked.num === 0n) position.mode = 'cross';
    return { status: 'done' };
  }

  #settingBlocked(runtime: AccountRuntime, symbol: string | undefined): CallResult | null {
    if (symbol !== undefined && symbol !== runtime.contract.symbol) return rejectedCall(400, 'unknown_symbol', { symbol });
    if (runtime.account.bankruptAtMs !== null) return rejectedCall(70005, 'account_bankrupt');
    return null;
  }

  #noteOverride(account: number, what: 'mode' | 'leverage', message: string): void {
    if (this.#explicit[account]?.delete(what) !== true) return;
    this.#settings.onOverride(`account ${this.#runtimes[account]!.name}: ${message}`);
  }

  figures(account: number): { balance: number; available: number; marginBalance: number; bankrupt: boolean } {
    const runtime = this.#runtimes[account]!;
    const { decimals } = runtime.contract.settle;
    const balances = runtime.balances(this.prices.mark);
    return {
      balance: unitsToF64(balances.wallet, decimals),
      available: Math.max(0, unitsToF64(balances.available, decimals)),
      marginBalance: unitsToF64(balances.marginBalance, decimals),
      bankrupt: runtime.account.bankruptAtMs !== null,
    };
  }

  position(account: number, symbol: string): PositionView {
    const runtime = this.#runtimes[account]!;
    const { position, contract } = runtime;
    const isKnown = symbol === contract.symbol;
    const flat = !isKnown || position.qty === 0n;
    const record = flat ? null : runtime.positionRecord(this.prices.timeMs, fractionToF64(this.prices.mark));
    const entry = flat ? null : computeEntryPrice(position);
    return {
      symbol,
      qty: isKnown ? unitsToF64(position.qty, contract.qtyDecimals) : 0,
      entryPrice: entry === null ? Number.NaN : fractionToF64(entry),
      unrealizedPnl: record === null ? 0 : unitsToF64(record.unrealizedPnl, contract.settle.decimals),
      margin: record === null ? 0 : unitsToF64(record.margin, contract.settle.decimals),
      mode: position.mode,
      leverage: fractionToF64(position.leverage),
      liquidationPrice: record === null ? null : record.liquidationPrice,
    };
  }
}

function refusal(code: number, reason: string, details: Record<string, unknown> = {}): Refusal {
  return { code, reason, details: textsOf(details) };
}

function rejectedCall(code: number, reason: string, details: Record<string, unknown> = {}): CallResult {
  return { status: 'rejected', code, reason, details: textsOf(details) };
}

function textsOf(details: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(details).map(([name, value]) => [name, String(value)]));
}

/** What can be shown of a call that could not be read. */
function unreadRequest(request: OrderRequest, runtime: AccountRuntime): ReadRequest {
  const price = readDecimal(request.price);
  const isPlain = price !== undefined && price.num > 0n;
  const qty = request.isPct ? undefined : readDecimal(request.amount);
  const { qtyDecimals } = runtime.contract;
  const units = qty === undefined || qty.num <= 0n ? null : (qty.num * 10n ** BigInt(qtyDecimals)) / qty.den;
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
