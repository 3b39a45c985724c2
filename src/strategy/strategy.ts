/**
 * What a strategy author sees: the types of a strategy, its context and its callbacks; those of accounts are account.ts, those of
 * order calls orderCalls.ts, passed on here. Interfaces only; the facade that fulfils them is context.ts, and what an order means
 * is decided by the engine.
 */

import type { Crossing } from '../indicators/cross.js';
import type { Account, Accounts, AllAccounts, PositionView, SymbolPosition } from './account.js';
import type {
  CallResult,
  DecimalInput,
  FixedSize,
  Order,
  OrderChanges,
  OrderOptions,
  OrderStyle,
  OrderStyleName,
  PctBase,
  TimeInForce,
} from './orderCalls.js';

export type {
  Account,
  Accounts,
  AllAccounts,
  CallResult,
  DecimalInput,
  FixedSize,
  Order,
  OrderChanges,
  OrderOptions,
  OrderStyle,
  OrderStyleName,
  PctBase,
  PositionView,
  SymbolPosition,
  TimeInForce,
};

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

/** Lengths of bars by name; a text that comes from a parameter is checked when it is used. */
export type Timeframe = '1m' | '3m' | '5m' | '15m' | '30m' | '1h' | '2h' | '4h' | '6h' | '8h' | '12h' | '1d' | '1w';

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
  /**
   * The closed bars of a longer length, a multiple of the candles': those that have ended by `timeMs`, from the first bar shown on.
   * One object for the whole run. @throws for any other length.
   */
  timeframe(length: Timeframe | (string & Record<never, never>), symbol?: string): BarHistory;
  /**
   * 1 when `a` has crossed above `b` since the bar on which this was last asked, −1 when below, else 0; a touch is no cross. The name
   * tells several pairs of a strategy apart. Asked again on the same bar it answers the same. @throws for two pairs of one name on a bar.
   */
  cross(name: string, a: number, b: number): Crossing;
  cross(a: number, b: number): Crossing;
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
  /**
   * How many of the newest closed bars `bars()` keeps of each symbol, so that memory does not grow with the run; all where absent. A
   * timeframe keeps all of its own; asked for late it begins with the bars that are kept.
   */
  readonly history?: number;
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
