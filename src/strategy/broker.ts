/**
 * What a strategy's calls become, and what the facade of context.ts needs of the engine that takes them. Types only; calls are unread
 * here, as the author made them.
 */

import type { PositionEffect, Side } from '../contract/sides.js';
import type {
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

/** An order call as the author made it, unread. */
export interface OrderRequest {
  /** Which calls made it: those of contracts, or buy and sell of spot pairs. */
  readonly kind: 'contract' | 'spot';
  readonly symbol: string;
  readonly side: Side;
  readonly effect: PositionEffect;
  readonly price: DecimalInput | null;
  /** Undefined where a size by value over wallet is to be the one used before. */
  readonly amount: DecimalInput | undefined;
  /** What the amount is: contracts, a share for the `…Pct` calls, or value over wallet for the `…Pob` calls. */
  readonly sizing: 'qty' | 'pct' | 'pob';
  readonly options: OrderOptions;
}

/** A call of openFixed. */
export interface FixedRequest {
  readonly symbol: string;
  readonly side: string;
  readonly size: FixedSize | undefined;
  readonly options: OrderOptions;
}

/** A stop for an order that has been given. */
export interface StopRequest {
  readonly orderId: number;
  readonly name: OrderStyleName;
  readonly value: DecimalInput;
  readonly base: PctBase | undefined;
}

/** A question for a quantity of contracts. */
export type SizeQuestion =
  | { readonly kind: 'safe'; readonly symbol: string; readonly price: DecimalInput; readonly fraction: DecimalInput }
  | {
      readonly kind: 'risk';
      readonly symbol: string;
      readonly price: DecimalInput;
      readonly stopPrice: DecimalInput;
      readonly fraction: DecimalInput;
    };

/** Margin into an isolated position, or out of it. */
export interface MarginMove {
  readonly direction: 'in' | 'out';
  readonly symbol: string;
  readonly amount: DecimalInput;
  /** Which of two sides; undefined in one-way mode. */
  readonly side: string | undefined;
}

/** Money into an account, out of it, or to another. */
export interface CashMove {
  readonly kind: 'deposit' | 'withdraw' | 'transfer';
  readonly amount: DecimalInput;
  /** The account's own when undefined. */
  readonly currency: string | undefined;
  /** Name of the receiving account of a transfer. */
  readonly to?: string;
}

/** What the facade needs of the engine. Accounts are numbered in their order. */
export interface Broker {
  submit(account: number, request: OrderRequest): Order;
  submitFixed(account: number, request: FixedRequest): Order;
  attachStop(account: number, request: StopRequest): Order;
  modify(account: number, orderId: number, changes: OrderChanges): Order;
  /** @throws UserError for a question that cannot be answered with a number. */
  size(account: number, question: SizeQuestion): number;
  cancel(account: number, orderId: number): CallResult;
  cancelAll(account: number, symbol: string | undefined): number;
  workingOrders(account: number, symbol: string | undefined): readonly Order[];
  setMode(account: number, mode: string, symbol: string | undefined): CallResult;
  setMaxLeverage(account: number, leverage: DecimalInput, symbol: string | undefined): CallResult;
  /** Adds margin to an isolated position or takes it out; `amount` in whole currency units. */
  moveMargin(account: number, move: MarginMove): CallResult;
  setAutoMargin(account: number, isOn: boolean, symbol: string | undefined): CallResult;
  setPositionMode(account: number, mode: string, symbol: string | undefined): CallResult;
  moveCash(account: number, move: CashMove): CallResult;
  figures(account: number): {
    readonly balance: number;
    readonly available: number;
    readonly marginBalance: number;
    readonly bankrupt: boolean;
  };
  /** Wallet and free money in one currency; zeros where the account has no ledger of it. */
  ledger(account: number, currency: string): { readonly balance: number; readonly available: number };
  position(account: number, symbol: string): SymbolPosition;
}
