/**
 * What a strategy author sees: the types of a strategy, its context, account and orders. Interfaces only; the facade that
 * fulfils them is context.ts, and what an order means is decided by the engine.
 */

/** A price or quantity: a number is taken by its shortest decimal text, never by its binary value. */
export type DecimalInput = number | string;

/** The closed bar; valid during the call only. Prices are numbers, times milliseconds UTC. */
export interface Bar {
  readonly symbol: string;
  readonly openTimeMs: number;
  readonly closeTimeMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

export type OrderStyleName = 'stop_loss' | 'stop_profit' | 'stop_loss_pct' | 'stop_profit_pct';

/** A stop attached to an order: a price, or for `_pct` a fraction (0.02 is 2 %) of the order's average fill price. */
export interface OrderStyle {
  readonly name: OrderStyleName;
  readonly value: DecimalInput;
}

export interface OrderOptions {
  /** Stops armed by the order's fills. A loss and a profit stop cancel each other. */
  readonly orderStyle?: OrderStyle | readonly OrderStyle[];
  /** Never opens or grows a position. */
  readonly reduceOnly?: boolean;
  /** Rejected instead of taking liquidity. Limit orders only. */
  readonly postOnly?: boolean;
  /** Makes a market order a stop: it waits until this price is reached. */
  readonly trigger?: DecimalInput;
  /** Which price sets stops off; the venue's own choice when absent. */
  readonly triggerBy?: 'last' | 'mark';
  /** Free text that is printed in orders.csv. */
  readonly tag?: string;
}

/** What an order call returns, and what the callbacks get: the state of an order at that moment. */
export interface Order {
  /** Counts from 1; 0 for a call that left no row. */
  readonly id: number;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly positionEffect: 'open' | 'close';
  readonly type: 'market' | 'limit' | 'stop';
  readonly status: 'open' | 'partially_filled' | 'filled' | 'cancelled' | 'rejected' | 'expired';
  /** Error code of a refusal: 70001 to 70005, or 400. */
  readonly code?: number;
  /** Machine reason of a refusal or cancellation, for example `insufficient_margin`. */
  readonly reason?: string;
  /** The numbers behind a refusal, as text. */
  readonly details?: Readonly<Record<string, string>>;
}

/** The result of a call that is not an order. */
export interface CallResult {
  readonly status: 'done' | 'rejected';
  readonly code?: number;
  readonly reason?: string;
  readonly details?: Readonly<Record<string, string>>;
}

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

export interface Accounts {
  /** @throws when there is no account of that name. */
  get(name: string): Account;
  readonly names: readonly string[];
}

/** A column of the past: index 0 is the oldest bar, −1 the newest closed one. */
export interface Column {
  readonly length: number;
  /** NaN outside what has been seen. */
  at(index: number): number;
}

export interface BarHistory {
  readonly length: number;
  readonly openTimeMs: Column;
  readonly open: Column;
  readonly high: Column;
  readonly low: Column;
  readonly close: Column;
  readonly volume: Column;
}

export type Params = Record<string, number | string | boolean>;

export interface Context<P extends Params = Params> {
  readonly params: Readonly<P>;
  /** The symbol of the first `--data`. */
  readonly symbol: string;
  /** All symbols of the run, in the order of `--data`. */
  readonly symbols: readonly string[];
  /** Close of the current bar, milliseconds UTC. */
  readonly timeMs: number;
  readonly warmingUp: boolean;
  readonly account: Account;
  readonly accounts: Accounts;
  /** The bar of a symbol that closes now; undefined when it has none at this time. */
  bar(symbol?: string): Bar | undefined;
  bars(symbol?: string): BarHistory;
  /** One line on stderr, with the bar's time. */
  log(message: string): void;
}

/** A fill as the callbacks see it; amounts in whole currency units. */
export interface FillEvent {
  readonly account: string;
  readonly symbol: string;
  readonly orderId: number | null;
  readonly timeMs: number;
  readonly side: 'buy' | 'sell';
  readonly positionEffect: 'open' | 'close';
  readonly price: number;
  readonly qty: number;
  readonly amount: number;
  readonly commission: number;
  readonly realizedPnl: number;
  readonly reason: string;
}

export interface LiquidationEvent {
  readonly account: string;
  readonly symbol: string;
  readonly timeMs: number;
  readonly side: 'long' | 'short';
  readonly qty: number;
  readonly price: number;
  /** What the wallet lost, as a positive number. */
  readonly loss: number;
}

export interface FundingEvent {
  readonly account: string;
  readonly symbol: string;
  readonly timeMs: number;
  readonly rate: number;
  /** Plus is received. */
  readonly amount: number;
}

/**
 * A strategy. `initialize` runs once before the first bar and returns the state; `handleData` runs after each closed bar and
 * its orders are first eligible on the next one; the other callbacks run after the bar has closed, before `handleData`.
 */
export interface Strategy<P extends Params = Params, S = unknown> {
  readonly name?: string;
  readonly params?: P;
  /** Bars before the strategy may trade. */
  readonly warmup?: number;
  initialize?(context: Context<P>): S;
  /** `bar` is the closed bar of `context.symbol`; it may only be missing in runs of several symbols. */
  handleData(context: Context<P>, bar: Bar, state: S): void;
  onFill?(context: Context<P>, fill: FillEvent, state: S): void;
  onOrderRejected?(context: Context<P>, order: Order, state: S): void;
  onLiquidation?(context: Context<P>, liquidation: LiquidationEvent, state: S): void;
  onFunding?(context: Context<P>, funding: FundingEvent, state: S): void;
  finish?(context: Context<P>, state: S): void;
}

/** Gives the compiler the types of a strategy and returns it unchanged. */
export function defineStrategy<P extends Params, S>(strategy: Strategy<P, S>): Strategy<P, S> {
  return strategy;
}
