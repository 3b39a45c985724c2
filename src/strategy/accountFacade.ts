/**
 * An account as a strategy works with it: each call becomes a request to the Broker, which the engine is. No rule of trading is
 * decided here.
 */

import type { PositionEffect, Side } from '../contract/sides.js';
import type { Broker, OrderRequest } from './broker.js';
import type {
  Account,
  CallResult,
  DecimalInput,
  FixedSize,
  Order,
  OrderChanges,
  OrderOptions,
  OrderStyleName,
  PctBase,
  SymbolPosition,
} from './strategy.js';

/** What names an account. */
export interface AccountIdentity {
  readonly name: string;
  readonly exchange: string;
  readonly currency: string;
}

export class AccountFacade implements Account {
  readonly name: string;
  readonly exchange: string;
  readonly currency: string;
  readonly #broker: Broker;
  readonly #index: number;

  constructor(broker: Broker, index: number, identity: AccountIdentity) {
    this.#broker = broker;
    this.#index = index;
    this.name = identity.name;
    this.exchange = identity.exchange;
    this.currency = identity.currency;
  }

  get balance(): number {
    return this.#broker.figures(this.#index).balance;
  }

  get available(): number {
    return this.#broker.figures(this.#index).available;
  }

  get marginBalance(): number {
    return this.#broker.figures(this.#index).marginBalance;
  }

  get bankrupt(): boolean {
    return this.#broker.figures(this.#index).bankrupt;
  }

  balanceOf(currency: string): number {
    return this.#broker.ledger(this.#index, currency).balance;
  }

  availableOf(currency: string): number {
    return this.#broker.ledger(this.#index, currency).available;
  }

  position(symbol: string): SymbolPosition {
    return this.#broker.position(this.#index, symbol);
  }

  orders(symbol?: string): readonly Order[] {
    return this.#broker.workingOrders(this.#index, symbol);
  }

  longOpen(symbol: string, price: DecimalInput | null, qty: DecimalInput, options: OrderOptions = {}): Order {
    return this.#submit('contract', symbol, 'buy', 'open', price, qty, 'qty', options);
  }

  longClose(symbol: string, price: DecimalInput | null, qty: DecimalInput, options: OrderOptions = {}): Order {
    return this.#submit('contract', symbol, 'sell', 'close', price, qty, 'qty', options);
  }

  shortOpen(symbol: string, price: DecimalInput | null, qty: DecimalInput, options: OrderOptions = {}): Order {
    return this.#submit('contract', symbol, 'sell', 'open', price, qty, 'qty', options);
  }

  shortClose(symbol: string, price: DecimalInput | null, qty: DecimalInput, options: OrderOptions = {}): Order {
    return this.#submit('contract', symbol, 'buy', 'close', price, qty, 'qty', options);
  }

  longOpenPct(symbol: string, price: DecimalInput | null, pct: DecimalInput, options: OrderOptions = {}): Order {
    return this.#submit('contract', symbol, 'buy', 'open', price, pct, 'pct', options);
  }

  longClosePct(symbol: string, price: DecimalInput | null, pct: DecimalInput, options: OrderOptions = {}): Order {
    return this.#submit('contract', symbol, 'sell', 'close', price, pct, 'pct', options);
  }

  shortOpenPct(symbol: string, price: DecimalInput | null, pct: DecimalInput, options: OrderOptions = {}): Order {
    return this.#submit('contract', symbol, 'sell', 'open', price, pct, 'pct', options);
  }

  shortClosePct(symbol: string, price: DecimalInput | null, pct: DecimalInput, options: OrderOptions = {}): Order {
    return this.#submit('contract', symbol, 'buy', 'close', price, pct, 'pct', options);
  }

  buy(symbol: string, price: DecimalInput | null, qty: DecimalInput, options: OrderOptions = {}): Order {
    return this.#submit('spot', symbol, 'buy', 'open', price, qty, 'qty', options);
  }

  sell(symbol: string, price: DecimalInput | null, qty: DecimalInput, options: OrderOptions = {}): Order {
    return this.#submit('spot', symbol, 'sell', 'close', price, qty, 'qty', options);
  }

  buyPct(symbol: string, price: DecimalInput | null, pct: DecimalInput, options: OrderOptions = {}): Order {
    return this.#submit('spot', symbol, 'buy', 'open', price, pct, 'pct', options);
  }

  sellPct(symbol: string, price: DecimalInput | null, pct: DecimalInput, options: OrderOptions = {}): Order {
    return this.#submit('spot', symbol, 'sell', 'close', price, pct, 'pct', options);
  }

  longOpenPob(symbol: string, pob?: DecimalInput, options: OrderOptions = {}): Order {
    return this.#submit('contract', symbol, 'buy', 'open', null, pob, 'pob', options);
  }

  shortOpenPob(symbol: string, pob?: DecimalInput, options: OrderOptions = {}): Order {
    return this.#submit('contract', symbol, 'sell', 'open', null, pob, 'pob', options);
  }

  openFixed(
    symbol: string,
    side: 'long' | 'short',
    size?: FixedSize,
    options: Omit<OrderOptions, 'leverage'> = {},
  ): Order {
    return this.#broker.submitFixed(this.#index, { symbol, side, size, options });
  }

  safeSize(symbol: string, price: DecimalInput, fraction: DecimalInput = '0.2'): number {
    return this.#broker.size(this.#index, { kind: 'safe', symbol, price, fraction });
  }

  riskSize(symbol: string, price: DecimalInput, stopPrice: DecimalInput, fraction: DecimalInput): number {
    return this.#broker.size(this.#index, { kind: 'risk', symbol, price, stopPrice, fraction });
  }

  stopLoss(orderId: number, price: DecimalInput): Order {
    return this.#attach(orderId, 'stop_loss', price);
  }

  stopProfit(orderId: number, price: DecimalInput): Order {
    return this.#attach(orderId, 'stop_profit', price);
  }

  stopLossPct(orderId: number, pct: DecimalInput, base?: PctBase): Order {
    return this.#attach(orderId, 'stop_loss_pct', pct, base);
  }

  stopProfitPct(orderId: number, pct: DecimalInput, base?: PctBase): Order {
    return this.#attach(orderId, 'stop_profit_pct', pct, base);
  }

  trailingStop(orderId: number, distance: DecimalInput): Order {
    return this.#attach(orderId, 'trailing_stop', distance);
  }

  trailingStopPct(orderId: number, pct: DecimalInput): Order {
    return this.#attach(orderId, 'trailing_stop_pct', pct);
  }

  modify(orderId: number, changes: OrderChanges): Order {
    return this.#broker.modify(this.#index, orderId, changes);
  }

  cancel(orderId: number): CallResult {
    return this.#broker.cancel(this.#index, orderId);
  }

  cancelAll(symbol?: string): number {
    return this.#broker.cancelAll(this.#index, symbol);
  }

  setMode(mode: 'cross' | 'isolated', symbol?: string): CallResult {
    return this.#broker.setMode(this.#index, mode, symbol);
  }

  setMaxLeverage(leverage: DecimalInput, symbol?: string): CallResult {
    return this.#broker.setMaxLeverage(this.#index, leverage, symbol);
  }

  addMargin(symbol: string, amount: DecimalInput, side?: 'long' | 'short'): CallResult {
    return this.#broker.moveMargin(this.#index, { direction: 'in', symbol, amount, side });
  }

  removeMargin(symbol: string, amount: DecimalInput, side?: 'long' | 'short'): CallResult {
    return this.#broker.moveMargin(this.#index, { direction: 'out', symbol, amount, side });
  }

  setAutoMargin(isOn: boolean, symbol?: string): CallResult {
    return this.#broker.setAutoMargin(this.#index, isOn, symbol);
  }

  setPositionMode(mode: 'one_way' | 'hedged', symbol?: string): CallResult {
    return this.#broker.setPositionMode(this.#index, mode, symbol);
  }

  deposit(amount: DecimalInput, currency?: string): CallResult {
    return this.#broker.moveCash(this.#index, { kind: 'deposit', amount, currency });
  }

  withdraw(amount: DecimalInput, currency?: string): CallResult {
    return this.#broker.moveCash(this.#index, { kind: 'withdraw', amount, currency });
  }

  transfer(to: string, amount: DecimalInput, currency?: string): CallResult {
    return this.#broker.moveCash(this.#index, { kind: 'transfer', amount, currency, to });
  }

  #submit(
    kind: OrderRequest['kind'],
    symbol: string,
    side: Side,
    effect: PositionEffect,
    price: DecimalInput | null,
    amount: DecimalInput | undefined,
    sizing: OrderRequest['sizing'],
    options: OrderOptions,
  ): Order {
    return this.#broker.submit(this.#index, { kind, symbol, side, effect, price, amount, sizing, options });
  }

  #attach(orderId: number, name: OrderStyleName, value: DecimalInput, base?: PctBase): Order {
    return this.#broker.attachStop(this.#index, { orderId, name, value, base });
  }
}
