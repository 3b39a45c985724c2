/**
 * The strategy's view of an account of the reference engine, as far as scripted strategies use it. Numbers here are for deciding;
 * what an order means is submit.ts, what moves margin is moves.ts.
 */

import type {
  Account,
  CallResult,
  DecimalInput,
  FixedSize,
  Order,
  OrderChanges,
  OrderOptions,
  PctBase,
  SymbolPosition,
} from '../../strategy/strategy.js';
import type { Book, Quote, RefAccount } from './account.js';
import { aboutStop, attachStop, type StopCall } from './afterTheFact.js';
import { type CashCall, moveCash } from './cashMoves.js';
import { riskSize, safeSize, submitFixed } from './fixedSize.js';
import { coinOf, type RefLedger } from './ledger.js';
import { figuresAt } from './margin.js';
import { modify } from './modify.js';
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
import { isLive, type RefOrder } from './orders.js';
import { nothingHeld, positionView } from './positionViews.js';
import { type CallMoment, type OrderCall, submit, typeOf } from './submit.js';
import { inWhole, orderView } from './tidings.js';

/** Where the run stands, as the facade sees it. */
export interface Desk {
  /** Names of the candles, in the order of the input. */
  readonly series: readonly string[];
  timeMs: number;
  warmingUp: boolean;
  /** Newest prices that calls go by. */
  readonly known: Map<string, Quote>;
  moment(): CallMoment;
  onNotice(message: string): void;
}

type Way = Pick<OrderCall, 'side' | 'effect' | 'sizing'> & { readonly kind?: 'spot' };

/** What an order call comes to before the strategy may trade: no order, and no row. */
const warmingUp = (call: Pick<Order, 'symbol' | 'side' | 'positionEffect' | 'type'>): Order => ({
  id: 0,
  ...call,
  status: 'rejected',
  code: 400,
  reason: 'warming_up',
});

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
    const { account } = this;
    return account.findLedger(code) ?? account.ledgers.find(({ currency }) => coinOf(currency.code) === coinOf(code));
  }

  position(symbol: string): SymbolPosition {
    const book = this.account.bookCalled(symbol);
    return book === undefined ? nothingHeld(this.account, symbol) : positionView(book, this.desk.known);
  }

  orders(symbol?: string): readonly Order[] {
    return this.account.orders.filter((order) => isLive(order) && this.isMeant(order, symbol)).map(orderView);
  }

  /** Whether an order is in the symbol that a name is for; all are meant where none is named. */
  private isMeant({ series }: RefOrder, name: string | undefined): boolean {
    return name === undefined || this.account.bookCalled(name)?.series === series;
  }

  /** As rows show a symbol; what the account does not know stays what it is. */
  private shown(name: string): string {
    return this.account.bookCalled(name)?.symbol ?? name;
  }

  private order(
    way: Way,
    symbol: string,
    price: DecimalInput | null,
    amount: DecimalInput | undefined,
    options: OrderOptions = {},
  ): Order {
    const call: OrderCall = { kind: 'contract', ...way, symbol, price, amount, options };
    if (!this.desk.warmingUp) return orderView(submit(this.account, call, this.desk.moment()));
    const side = way.side === 1 ? 'buy' : 'sell';
    return warmingUp({ symbol: this.shown(symbol), side, positionEffect: way.effect, type: typeOf(price, options) });
  }

  longOpen(symbol: string, price: DecimalInput | null, qty: DecimalInput, options?: OrderOptions): Order {
    return this.order({ side: 1, effect: 'open', sizing: 'qty' }, symbol, price, qty, options);
  }
  longClose(symbol: string, price: DecimalInput | null, qty: DecimalInput, options?: OrderOptions): Order {
    return this.order({ side: -1, effect: 'close', sizing: 'qty' }, symbol, price, qty, options);
  }
  shortOpen(symbol: string, price: DecimalInput | null, qty: DecimalInput, options?: OrderOptions): Order {
    return this.order({ side: -1, effect: 'open', sizing: 'qty' }, symbol, price, qty, options);
  }
  shortClose(symbol: string, price: DecimalInput | null, qty: DecimalInput, options?: OrderOptions): Order {
    return this.order({ side: 1, effect: 'close', sizing: 'qty' }, symbol, price, qty, options);
  }
  longOpenPct(symbol: string, price: DecimalInput | null, pct: DecimalInput, options?: OrderOptions): Order {
    return this.order({ side: 1, effect: 'open', sizing: 'pct' }, symbol, price, pct, options);
  }
  longClosePct(symbol: string, price: DecimalInput | null, pct: DecimalInput, options?: OrderOptions): Order {
    return this.order({ side: -1, effect: 'close', sizing: 'pct' }, symbol, price, pct, options);
  }
  shortOpenPct(symbol: string, price: DecimalInput | null, pct: DecimalInput, options?: OrderOptions): Order {
    return this.order({ side: -1, effect: 'open', sizing: 'pct' }, symbol, price, pct, options);
  }
  shortClosePct(symbol: string, price: DecimalInput | null, pct: DecimalInput, options?: OrderOptions): Order {
    return this.order({ side: 1, effect: 'close', sizing: 'pct' }, symbol, price, pct, options);
  }

  buy(symbol: string, price: DecimalInput | null, qty: DecimalInput, options?: OrderOptions): Order {
    return this.order({ kind: 'spot', side: 1, effect: 'open', sizing: 'qty' }, symbol, price, qty, options);
  }
  sell(symbol: string, price: DecimalInput | null, qty: DecimalInput, options?: OrderOptions): Order {
    return this.order({ kind: 'spot', side: -1, effect: 'close', sizing: 'qty' }, symbol, price, qty, options);
  }
  buyPct(symbol: string, price: DecimalInput | null, pct: DecimalInput, options?: OrderOptions): Order {
    return this.order({ kind: 'spot', side: 1, effect: 'open', sizing: 'pct' }, symbol, price, pct, options);
  }
  sellPct(symbol: string, price: DecimalInput | null, pct: DecimalInput, options?: OrderOptions): Order {
    return this.order({ kind: 'spot', side: -1, effect: 'close', sizing: 'pct' }, symbol, price, pct, options);
  }

  longOpenPob(symbol: string, pob?: DecimalInput, options?: OrderOptions): Order {
    return this.order({ side: 1, effect: 'open', sizing: 'pob' }, symbol, null, pob, options);
  }
  shortOpenPob(symbol: string, pob?: DecimalInput, options?: OrderOptions): Order {
    return this.order({ side: -1, effect: 'open', sizing: 'pob' }, symbol, null, pob, options);
  }
  openFixed(symbol: string, side: 'long' | 'short', size?: FixedSize, options: OrderOptions = {}): Order {
    const call = { symbol, side, size, options };
    if (!this.desk.warmingUp) return orderView(submitFixed(this.account, call, this.desk.moment()));
    const type = typeOf(null, options);
    const bought = side === 'short' ? 'sell' : 'buy';
    return warmingUp({ symbol: this.shown(symbol), side: bought, positionEffect: 'open', type });
  }
  safeSize(symbol: string, price: DecimalInput, fraction: DecimalInput = '0.2'): number {
    return safeSize(this.account, symbol, [price, fraction], this.desk.known);
  }
  riskSize(symbol: string, price: DecimalInput, stopPrice: DecimalInput, fraction: DecimalInput): number {
    return riskSize(this.account, symbol, [price, stopPrice, fraction]);
  }

  stopLoss(orderId: number, value: DecimalInput): Order {
    return this.stop({ orderId, name: 'stop_loss', value });
  }
  stopProfit(orderId: number, value: DecimalInput): Order {
    return this.stop({ orderId, name: 'stop_profit', value });
  }
  stopLossPct(orderId: number, value: DecimalInput, base?: PctBase): Order {
    return this.stop({ orderId, name: 'stop_loss_pct', value, base });
  }
  stopProfitPct(orderId: number, value: DecimalInput, base?: PctBase): Order {
    return this.stop({ orderId, name: 'stop_profit_pct', value, base });
  }
  trailingStop(orderId: number, value: DecimalInput): Order {
    return this.stop({ orderId, name: 'trailing_stop', value });
  }
  trailingStopPct(orderId: number, value: DecimalInput): Order {
    return this.stop({ orderId, name: 'trailing_stop_pct', value });
  }
  private stop(call: StopCall): Order {
    if (!this.desk.warmingUp) return orderView(attachStop(this.account, call, this.desk.moment()));
    const { symbol, side, type } = aboutStop(this.account, call);
    return warmingUp({ symbol, side: side === 1 ? 'buy' : 'sell', positionEffect: 'close', type });
  }

  modify(orderId: number, changes: OrderChanges): Order {
    return modify(this.account, orderId, changes, this.moment());
  }

  /** Where a call that leaves no row is made; it is refused while warming up too. */
  private moment(): CallMoment {
    const moment = this.desk.moment();
    return this.desk.warmingUp ? { ...moment, closedFor: 'warming_up' } : moment;
  }

  cancel(orderId: number): CallResult {
    const order = this.account.orders.find((each) => each.id === orderId);
    if (order === undefined) return refused(400, 'unknown_order');
    this.account.end(order, this.desk.timeMs, 'cancelled', null, 'cancelled_by_strategy');
    return done;
  }

  cancelAll(symbol?: string): number {
    const ids = this.account.orders.filter((order) => this.isMeant(order, symbol)).map(({ id }) => id);
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
    return moveCash(this.account, this.accounts, call, { ...this.at(), closedFor: this.moment().closedFor });
  }

  private at(): MoveMoment {
    return { timeMs: this.desk.timeMs, quotes: this.desk.known };
  }
}
