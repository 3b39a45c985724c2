/**
 * What a strategy author says in an order call and what is answered: prices, options, stops, sizes, orders, results. Types only;
 * strategy.ts passes them on. What an order means is decided by the engine.
 */

/** A price or quantity: a number is taken by its shortest decimal text, never by its binary value. */
export type DecimalInput = number | string;

/** What the fraction of a percent stop is of: the price, the profit over entry value, or the profit over initial margin. */
export type PctBase = 'price' | 'pnl' | 'roe';

/** A stop at a price, or one that trails the best price since its arming: by a distance, or by a fraction of it below 1. */
export interface PlainOrderStyle {
  readonly name: 'stop_loss' | 'stop_profit' | 'trailing_stop' | 'trailing_stop_pct';
  readonly value: DecimalInput;
  readonly base?: never;
}

/** A stop by a fraction (0.02 is 2 %), worked out from the order's average fill price. */
export interface PctOrderStyle {
  readonly name: 'stop_loss_pct' | 'stop_profit_pct';
  readonly value: DecimalInput;
  /** What the fraction is of; the venue's own choice when absent. */
  readonly base?: PctBase;
}

/** A stop attached to an order. */
export type OrderStyle = PlainOrderStyle | PctOrderStyle;
export type OrderStyleName = OrderStyle['name'];

/** How long an order waits: until cancelled; or not beyond the first moment at which it can act. Orders fill whole. */
export type TimeInForce = 'gtc' | 'ioc' | 'fok';

export interface OrderOptions {
  /** Stops armed by the order's fills. They cancel each other. */
  readonly orderStyle?: OrderStyle | readonly OrderStyle[];
  /** Never opens or grows a position. */
  readonly reduceOnly?: boolean;
  /** Rejected instead of taking liquidity. Limit orders only. */
  readonly postOnly?: boolean;
  /** `gtc` when absent. With `ioc` or `fok` a limit fills at the next open or is cancelled, a stop-limit at its trigger. */
  readonly timeInForce?: TimeInForce;
  /** Makes a market order a stop and a limit order a stop-limit: it waits until this price is reached. */
  readonly trigger?: DecimalInput;
  /** Which price sets stops off; the venue's own choice when absent. */
  readonly triggerBy?: 'last' | 'mark';
  /** As a call of `setMaxLeverage` for the symbol just before, which stays; undone if the order is refused. Opening calls only. */
  readonly leverage?: DecimalInput;
  /** Free text that is printed in orders.csv. */
  readonly tag?: string;
}

/** What `modify` changes of a working order; fields that the order has, at least one. */
export interface OrderChanges {
  /** Limit price. */
  readonly price?: DecimalInput;
  /** Of the whole order; not of one that was given by percent. */
  readonly qty?: DecimalInput;
  /** Of a stop, a stop-limit that waits, or a bracket stop at a price. */
  readonly trigger?: DecimalInput;
}

/**
 * A size by two of the three: position value over wallet (`pob`), leverage, share of the wallet used as margin (`map`).
 * pob = leverage · map gives the third; all three must agree.
 */
export interface FixedSize {
  readonly pob?: DecimalInput;
  readonly leverage?: DecimalInput;
  readonly map?: DecimalInput;
}

/** What an order call returns, and what the callbacks get: the state of an order at that moment. */
export interface Order {
  /** Counts from 1; 0 for a call that left no row. */
  readonly id: number;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly positionEffect: 'open' | 'close';
  readonly type: 'market' | 'limit' | 'stop' | 'stop_limit' | 'trailing_stop';
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
