/**
 * What a strategy's calls become, and what the facade of context.ts needs of the engine that takes them. Types only; calls are unread
 * here, as the author made them.
 */

import type { PositionEffect, Side } from '../contract/sides.js';
import type { CallResult, DecimalInput, Order, OrderOptions, SymbolPosition } from './strategy.js';

/** An order call as the author made it, unread. */
export interface OrderRequest {
  /** Which calls made it: those of contracts, or buy and sell of spot pairs. */
  readonly kind: 'contract' | 'spot';
  readonly symbol: string;
  readonly side: Side;
  readonly effect: PositionEffect;
  readonly price: DecimalInput | null;
  /** Contracts, or a share for the `…Pct` calls. */
  readonly amount: DecimalInput;
  readonly isPct: boolean;
  readonly options: OrderOptions;
}

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
