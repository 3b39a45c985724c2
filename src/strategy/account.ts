/**
 * An account as a strategy author sees it: what it holds, and the calls that trade, size, guard and settle. Interfaces only;
 * strategy.ts passes them on, accountFacade.ts fulfils them, and what a call does is decided by the engine.
 */

import type { CallResult, DecimalInput, FixedSize, Order, OrderChanges, OrderOptions, PctBase } from './orderCalls.js';

/** A position as numbers, for deciding. Always an object; `qty` is 0 when flat. */
export interface PositionView {
  readonly symbol: string;
  /** Signed contracts: above zero long, below zero short. */
  readonly qty: number;
  /** Average entry price; NaN when flat. */
  readonly entryPrice: number;
  readonly unrealizedPnl: number;
  readonly margin: number;
  readonly mode: 'cross' | 'isolated';
  readonly leverage: number;
  /** Null when flat or when no price liquidates it. */
  readonly liquidationPrice: number | null;
}

/** The position in a symbol: net, and in hedged mode its two sides. */
export interface SymbolPosition extends PositionView {
  readonly positionMode: 'one_way' | 'hedged';
  /** In one-way mode the position where it is of this side, else flat. */
  readonly long: PositionView;
  readonly short: PositionView;
}

export interface Account {
  readonly name: string;
  readonly exchange: string;
  readonly currency: string;
  /** Wallet balance in whole currency units. */
  readonly balance: number;
  /** Available balance, at least 0. */
  readonly available: number;
  readonly marginBalance: number;
  readonly bankrupt: boolean;
  /** Wallet in one currency, in whole units; 0 where the account has never held it. */
  balanceOf(currency: string): number;
  /** Available balance in one currency, at least 0: what resting orders and positions have not taken. */
  availableOf(currency: string): number;
  /**
   * Net in hedged mode: `qty`, `unrealizedPnl` and `margin` are sums over both sides; entry and liquidation price are those of
   * the only side held, NaN and null where both are.
   */
  position(symbol: string): SymbolPosition;
  /** Orders that are working now. */
  orders(symbol?: string): readonly Order[];

  longOpen(symbol: string, price: DecimalInput | null, qty: DecimalInput, options?: OrderOptions): Order;
  longClose(symbol: string, price: DecimalInput | null, qty: DecimalInput, options?: OrderOptions): Order;
  shortOpen(symbol: string, price: DecimalInput | null, qty: DecimalInput, options?: OrderOptions): Order;
  shortClose(symbol: string, price: DecimalInput | null, qty: DecimalInput, options?: OrderOptions): Order;
  /** `pct` is the share of the available balance to open with, or of the closable position to close. */
  longOpenPct(symbol: string, price: DecimalInput | null, pct: DecimalInput, options?: OrderOptions): Order;
  longClosePct(symbol: string, price: DecimalInput | null, pct: DecimalInput, options?: OrderOptions): Order;
  shortOpenPct(symbol: string, price: DecimalInput | null, pct: DecimalInput, options?: OrderOptions): Order;
  shortClosePct(symbol: string, price: DecimalInput | null, pct: DecimalInput, options?: OrderOptions): Order;

  /** Buys coins of a spot pair, paid and charged in its quote currency; `qty` in coins. */
  buy(symbol: string, price: DecimalInput | null, qty: DecimalInput, options?: OrderOptions): Order;
  /** Sells coins of a spot pair that the account holds and no other order has locked. */
  sell(symbol: string, price: DecimalInput | null, qty: DecimalInput, options?: OrderOptions): Order;
  /** `pct` is the share of the free quote currency to spend, fee included, or of the free coins to sell; rounded down. */
  buyPct(symbol: string, price: DecimalInput | null, pct: DecimalInput, options?: OrderOptions): Order;
  sellPct(symbol: string, price: DecimalInput | null, pct: DecimalInput, options?: OrderOptions): Order;

  /**
   * A market order of `pob` times the wallet in value, sized at its fill; with a trigger a stop. Without `pob` the last size
   * accepted for this account and symbol counts.
   */
  longOpenPob(symbol: string, pob?: DecimalInput, options?: OrderOptions): Order;
  shortOpenPob(symbol: string, pob?: DecimalInput, options?: OrderOptions): Order;
  /** As `…OpenPob` in isolated mode, with the leverage set to fit. Without `size` the last one accepted here counts. */
  openFixed(symbol: string, side: 'long' | 'short', size?: FixedSize, options?: Omit<OrderOptions, 'leverage'>): Order;
  /**
   * Contracts whose value at a price is at most `fraction` (0.2 when absent) of what is available times the leverage; 0 below
   * the least quantity.
   *
   * @throws for an unknown symbol, a spot pair, and what is no positive number.
   */
  safeSize(symbol: string, price: DecimalInput, fraction?: DecimalInput): number;
  /**
   * Contracts that lose at most `fraction` of the wallet between a price and a stop, taker fees both ways included; 0 below the
   * least quantity and where the prices are equal.
   *
   * @throws for an unknown symbol, a spot pair, and what is no positive number.
   */
  riskSize(symbol: string, price: DecimalInput, stopPrice: DecimalInput, fraction: DecimalInput): number;

  /** Gives an order, working or filled, a loss stop, in the place of the one it has; what it guards is closed at `price`. */
  stopLoss(orderId: number, price: DecimalInput): Order;
  stopProfit(orderId: number, price: DecimalInput): Order;
  /** By a fraction, from the order's average fill price. */
  stopLossPct(orderId: number, pct: DecimalInput, base?: PctBase): Order;
  stopProfitPct(orderId: number, pct: DecimalInput, base?: PctBase): Order;
  /** Trails the best price from now on, or from the order's fill on, by a distance. */
  trailingStop(orderId: number, distance: DecimalInput): Order;
  /** Trails the best price by a fraction of it, below 1. */
  trailingStopPct(orderId: number, pct: DecimalInput): Order;
  /** Changes a working order, which keeps its id and stops; whole or not at all. It acts anew from the next bar on. */
  modify(orderId: number, changes: OrderChanges): Order;
  cancel(orderId: number): CallResult;
  /** Cancels every working order, or those of one symbol; returns how many. */
  cancelAll(symbol?: string): number;
  /** With an open position only where the venue lets the mode change. */
  setMode(mode: 'cross' | 'isolated', symbol?: string): CallResult;
  /** 0 selects cross with the tier's own initial rate. With an open isolated position margin moves to fit. */
  setMaxLeverage(leverage: DecimalInput, symbol?: string): CallResult;
  /** Adds margin to an isolated position, in whole units of the settlement currency; `side` names it in hedged mode. */
  addMargin(symbol: string, amount: DecimalInput, side?: 'long' | 'short'): CallResult;
  /** Takes margin out of an isolated position; what stays covers the initial margin and the closing fee. */
  removeMargin(symbol: string, amount: DecimalInput, side?: 'long' | 'short'): CallResult;
  /** Whether isolated positions of a symbol call for margin by themselves before they are liquidated. */
  setAutoMargin(isOn: boolean, symbol?: string): CallResult;
  /** Only without position and order in the symbol. */
  setPositionMode(mode: 'one_way' | 'hedged', symbol?: string): CallResult;
  /** Money from outside, in whole currency units; the account's own currency when none is named. */
  deposit(amount: DecimalInput, currency?: string): CallResult;
  /** Money out; at most what the venue lets go. */
  withdraw(amount: DecimalInput, currency?: string): CallResult;
  /** Money to another account of the run, by its name; at most what the venue lets go. */
  transfer(to: string, amount: DecimalInput, currency?: string): CallResult;
}

/** The calls of an account made on every account, in account order; each is answered once an account. */
export type AllAccounts = {
  readonly [K in Exclude<keyof Account, AccountReading | 'transfer'>]: (
    ...args: Parameters<Account[K]>
  ) => readonly ReturnType<Account[K]>[];
};

/** What is no call. */
type AccountReading =
  | 'name'
  | 'exchange'
  | 'currency'
  | 'balance'
  | 'available'
  | 'marginBalance'
  | 'bankrupt'
  | 'balanceOf'
  | 'availableOf'
  | 'position'
  | 'orders';

/** The accounts of a run; iterable in their order. */
export interface Accounts extends Iterable<Account> {
  /** @throws when there is no account of that name. */
  get(name: string): Account;
  readonly names: readonly string[];
  readonly all: AllAccounts;
}
