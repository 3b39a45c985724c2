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
  PositionView,
  SymbolPosition,
} from '../../strategy/strategy.js';
import type { Book, Quote, RefAccount, RefPosition } from './account.js';
import { type CashCall, moveCash } from './cashMoves.js';
import type { RefLedger } from './ledger.js';
import { type Figures, figuresAt, gainOf, heldMargin, reserveOf } from './margin.js';
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
} from './moves.js';
import { maxNum, type Num, num, ratio, ratioToFloat, toFloat, ZERO } from './numbers.js';
import { isLive, type RefOrder } from './orders.js';
import { shownLiquidationPrice } from './shownPrices.js';
import { type CallMoment, type OrderCall, submit } from './submit.js';
import { priceAtValue } from './terms.js';

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

/** Settlement units → whole units as a float64. */
const inWhole = (decimals: number, amount: Num): number => toFloat(amount.times(num(`1e-${decimals}`)));

export function orderView(order: RefOrder): Order {
  return {
    id: order.id,
    symbol: order.symbol,
    side: order.side === 1 ? 'buy' : 'sell',
    positionEffect: order.effect,
    type: order.type === 'limit' || order.type === 'stop' ? order.type : 'market',
    status: order.status,
    ...(order.code === null ? {} : { code: order.code }),
    ...(order.reason === null ? {} : { reason: order.reason }),
  };
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
    return this.whole(this.ledger.wallet);
  }
  get available(): number {
    return this.whole(maxNum(ZERO, this.figures.available));
  }
  get marginBalance(): number {
    return this.whole(this.figures.marginBalance);
  }

  /** The account's own. */
  private get ledger(): RefLedger {
    return this.account.ledgers[0]!;
  }
  private get figures(): Figures {
    return figuresAt(this.account, this.ledger, this.desk.known);
  }
  private whole(amount: Num): number {
    return inWhole(this.ledger.currency.decimals, amount);
  }

  position(symbol: string): SymbolPosition {
    const book = this.account.bookOf(symbol)!;
    const [long, short] = [this.view(book, book.at(1)), this.view(book, book.at(-1))];
    const only = long.qty === 0 ? short : long;
    const isBoth = long.qty !== 0 && short.qty !== 0;
    return {
      symbol,
      positionMode: book.positionMode,
      long,
      short,
      qty: long.qty + short.qty,
      entryPrice: isBoth ? Number.NaN : only.entryPrice,
      unrealizedPnl: long.unrealizedPnl + short.unrealizedPnl,
      margin: long.margin + short.margin,
      mode: book.mode,
      leverage: only.leverage,
      liquidationPrice: isBoth ? null : only.liquidationPrice,
    };
  }

  private view(book: Book, position: RefPosition | null): PositionView {
    const { symbol, mode, terms } = book;
    const leverage = ratioToFloat(book.leverage);
    if (position === null) {
      return {
        symbol,
        qty: 0,
        entryPrice: Number.NaN,
        unrealizedPnl: 0,
        margin: 0,
        mode,
        leverage,
        liquidationPrice: null,
      };
    }
    const at = { book, position };
    const { known } = this.desk;
    const liquidation = shownLiquidationPrice(at, known);
    const { decimals } = terms.contract.settle;
    return {
      symbol,
      qty: position.side * toFloat(position.qty.times(num(`1e-${terms.contract.qtyDecimals}`))),
      entryPrice: ratioToFloat(priceAtValue(terms, position.qty, ratio(position.cost))!),
      unrealizedPnl: inWhole(decimals, gainOf(at, known)),
      margin: inWhole(decimals, heldMargin(at, known).plus(reserveOf(at))),
      mode,
      leverage,
      liquidationPrice: liquidation === null ? null : toFloat(liquidation),
    };
  }

  orders(symbol?: string): readonly Order[] {
    return this.account.orders
      .filter((order) => isLive(order) && (symbol === undefined || order.symbol === symbol))
      .map(orderView);
  }

  private order(
    way: Pick<OrderCall, 'side' | 'effect' | 'isPercent'>,
    symbol: string,
    price: DecimalInput | null,
    amount: DecimalInput,
    options: OrderOptions = {},
  ): Order {
    const call: OrderCall = { ...way, symbol, price, amount, options };
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
    return forSymbols(this.account, symbol, (book) => moveMode(book, mode, this.at()));
  }

  setMaxLeverage(leverage: DecimalInput, symbol?: string): CallResult {
    return forSymbols(this.account, symbol, (book) => moveLeverage(book, leverage, this.at()));
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
    return forSymbols(this.account, symbol, (book) => movePositionMode(book, mode));
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
