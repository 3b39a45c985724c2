/**
 * The strategy's view of an account of the reference engine, as far as scripted strategies use it. Numbers here are for deciding;
 * what an order means is submit.ts, what moves margin is moves.ts.
 */

import type {
  Account,
  Bar,
  CallResult,
  DecimalInput,
  Order,
  OrderOptions,
  SymbolPosition,
} from '../../strategy/strategy.js';
import type { Book, Quote, RefAccount } from './account.js';
import { type CashCall, moveCash } from './cashMoves.js';
import type { RefLedger } from './ledger.js';
import { figuresAt } from './margin.js';
import {
  done,
  forSymbols,
  type MoveMoment,
  moveAutoMargin,
  moveByHand,
  moveLeverage,
  moveMode,
  movePositionMode,
  refused,
  wrongLeverage,
  wrongMode,
  wrongPositionMode,
} from './moves.js';
import { maxNum, ZERO } from './numbers.js';
import { isLive } from './orders.js';
import { positionView } from './positionViews.js';
import { type CallMoment, type OrderCall, submit } from './submit.js';
import { inWhole, orderView } from './tidings.js';

/** Where the run stands, as the facade sees it. */
export interface Desk {
  /** In the order of the input. */
  readonly symbols: readonly string[];
  timeMs: number;
  warmingUp: boolean;
  readonly bars: ReadonlyMap<string, Bar[]>;
  /** Bars that close now. */
  current: ReadonlyMap<string, Bar>;
  /** Newest prices that calls go by. */
  readonly known: Map<string, Quote>;
  moment(): CallMoment;
  onNotice(message: string): void;
}

export class RefFacade implements Account {
  private readonly account: RefAccount;
  private readonly accounts: readonly RefAccount[];
  private readonly desk: Desk;

  constructor(account: RefAccount, accounts: readonly RefAccount[], desk: Desk) {
    this.account = account;
    this.accounts = accounts;
    this.desk = desk;
  }

  get name(): string {
    return this.account.input.name;
  }
  get exchange(): string {
    return this.account.input.rules.name;
  }
  get currency(): string {
    return this.ledger.currency.code;
  }
  get bankrupt(): boolean {
    return this.ledger.bankruptAtMs !== null;
  }
  get balance(): number {
    return this.balanceOf(this.currency);
  }
  get available(): number {
    return this.availableOf(this.currency);
  }
  get marginBalance(): number {
    const { ledger } = this;
    return inWhole(ledger.currency.decimals, figuresAt(this.account, ledger, this.desk.known).marginBalance);
  }
  balanceOf(currency: string): number {
    const ledger = this.findLedger(currency);
    return ledger === undefined ? 0 : inWhole(ledger.currency.decimals, ledger.wallet);
  }
  availableOf(currency: string): number {
    const ledger = this.findLedger(currency);
    if (ledger === undefined) return 0;
    const { available } = figuresAt(this.account, ledger, this.desk.known);
    return inWhole(ledger.currency.decimals, maxNum(ZERO, available));
  }

  /** The account's own. */
  private get ledger(): RefLedger {
    return this.account.ledgers[0]!;
  }
  /** That of a code, or of the other way to write Bitcoin's. */
  private findLedger(code: string): RefLedger | undefined {
    const other = { BTC: 'XBT', XBT: 'BTC' }[code];
    return this.account.findLedger(code) ?? (other === undefined ? undefined : this.account.findLedger(other));
  }

  position(symbol: string): SymbolPosition {
    return positionView(this.account.bookOf(symbol)!, this.desk.known);
  }

  orders(symbol?: string): readonly Order[] {
    return this.account.orders
      .filter((order) => isLive(order) && (symbol === undefined || order.symbol === symbol))
      .map(orderView);
  }

  private order(
    way: Pick<OrderCall, 'side' | 'effect' | 'isPercent'> & { readonly kind?: 'spot' },
    symbol: string,
    price: DecimalInput | null,
    amount: DecimalInput,
    options: OrderOptions = {},
  ): Order {
    const call: OrderCall = { kind: 'contract', ...way, symbol, price, amount, options };
    if (this.desk.warmingUp) {
      const type = price !== null ? 'limit' : options.trigger !== undefined ? 'stop' : 'market';
      const side = way.side === 1 ? 'buy' : 'sell';
      return {
        id: 0,
        symbol,
        side,
        positionEffect: way.effect,
        type,
        status: 'rejected',
        code: 400,
        reason: 'warming_up',
      };
    }
    return orderView(submit(this.account, call, this.desk.moment()));
  }

  longOpen(symbol: string, price: DecimalInput | null, qty: DecimalInput, options?: OrderOptions): Order {
    return this.order({ side: 1, effect: 'open', isPercent: false }, symbol, price, qty, options);
  }
  longClose(symbol: string, price: DecimalInput | null, qty: DecimalInput, options?: OrderOptions): Order {
    return this.order({ side: -1, effect: 'close', isPercent: false }, symbol, price, qty, options);
  }
  shortOpen(symbol: string, price: DecimalInput | null, qty: DecimalInput, options?: OrderOptions): Order {
    return this.order({ side: -1, effect: 'open', isPercent: false }, symbol, price, qty, options);
  }
  shortClose(symbol: string, price: DecimalInput | null, qty: DecimalInput, options?: OrderOptions): Order {
    return this.order({ side: 1, effect: 'close', isPercent: false }, symbol, price, qty, options);
  }
  longOpenPct(symbol: string, price: DecimalInput | null, pct: DecimalInput, options?: OrderOptions): Order {
    return this.order({ side: 1, effect: 'open', isPercent: true }, symbol, price, pct, options);
  }
  longClosePct(symbol: string, price: DecimalInput | null, pct: DecimalInput, options?: OrderOptions): Order {
    return this.order({ side: -1, effect: 'close', isPercent: true }, symbol, price, pct, options);
  }
  shortOpenPct(symbol: string, price: DecimalInput | null, pct: DecimalInput, options?: OrderOptions): Order {
    return this.order({ side: -1, effect: 'open', isPercent: true }, symbol, price, pct, options);
  }
  shortClosePct(symbol: string, price: DecimalInput | null, pct: DecimalInput, options?: OrderOptions): Order {
    return this.order({ side: 1, effect: 'close', isPercent: true }, symbol, price, pct, options);
  }

  buy(symbol: string, price: DecimalInput | null, qty: DecimalInput, options?: OrderOptions): Order {
    return this.order({ kind: 'spot', side: 1, effect: 'open', isPercent: false }, symbol, price, qty, options);
  }
  sell(symbol: string, price: DecimalInput | null, qty: DecimalInput, options?: OrderOptions): Order {
    return this.order({ kind: 'spot', side: -1, effect: 'close', isPercent: false }, symbol, price, qty, options);
  }
  buyPct(symbol: string, price: DecimalInput | null, pct: DecimalInput, options?: OrderOptions): Order {
    return this.order({ kind: 'spot', side: 1, effect: 'open', isPercent: true }, symbol, price, pct, options);
  }
  sellPct(symbol: string, price: DecimalInput | null, pct: DecimalInput, options?: OrderOptions): Order {
    return this.order({ kind: 'spot', side: -1, effect: 'close', isPercent: true }, symbol, price, pct, options);
  }

  cancel(orderId: number): CallResult {
    const order = this.account.orders.find((each) => each.id === orderId);
    if (order === undefined) return refused(400, 'unknown_order');
    this.account.end(order, this.desk.timeMs, 'cancelled', null, 'cancelled_by_strategy');
    return done;
  }

  cancelAll(symbol?: string): number {
    const ids = this.account.orders.filter((o) => symbol === undefined || o.symbol === symbol).map((o) => o.id);
    for (const id of ids) this.cancel(id);
    return ids.length;
  }

  setMode(mode: 'cross' | 'isolated', symbol?: string): CallResult {
    return forSymbols(this.account, symbol, (book) => moveMode(book, mode, this.at()), wrongMode(mode));
  }

  setMaxLeverage(leverage: DecimalInput, symbol?: string): CallResult {
    const move = (book: Book): CallResult => moveLeverage(book, leverage, this.at());
    return forSymbols(this.account, symbol, move, wrongLeverage(leverage));
  }

  addMargin(symbol: string, amount: DecimalInput, side?: 'long' | 'short'): CallResult {
    return forSymbols(this.account, symbol, (book) => moveByHand(book, 'in', { amount, side }, this.at()));
  }

  removeMargin(symbol: string, amount: DecimalInput, side?: 'long' | 'short'): CallResult {
    return forSymbols(this.account, symbol, (book) => moveByHand(book, 'out', { amount, side }, this.at()));
  }

  setAutoMargin(isOn: boolean, symbol?: string): CallResult {
    return forSymbols(this.account, symbol, (book) => moveAutoMargin(book, isOn));
  }

  setPositionMode(mode: 'one_way' | 'hedged', symbol?: string): CallResult {
    return forSymbols(this.account, symbol, (book) => movePositionMode(book, mode), wrongPositionMode(mode));
  }

  deposit(amount: DecimalInput, currency?: string): CallResult {
    return this.cash({ kind: 'deposit', amount, currency });
  }

  withdraw(amount: DecimalInput, currency?: string): CallResult {
    return this.cash({ kind: 'withdraw', amount, currency });
  }

  transfer(to: string, amount: DecimalInput, currency?: string): CallResult {
    return this.cash({ kind: 'transfer', amount, currency, to });
  }

  private cash(call: CashCall): CallResult {
    const { closedFor } = this.desk.moment();
    return moveCash(this.account, this.accounts, call, { ...this.at(), closedFor });
  }

  private at(): MoveMoment {
    return { timeMs: this.desk.timeMs, quotes: this.desk.known };
  }
}
