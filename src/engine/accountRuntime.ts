/**
 * One account within a run: the account, what it has going on in each symbol, and the journal of the current bar, with the
 * questions that need an account and its orders together. It can be copied and take over a copy, because a bar may be settled
 * twice. Deciding what happens is the walk through the bar; rows are accountRows.ts.
 */

import type { TradingAccount } from '../account/account.js';
import type { Balances } from '../account/balances.js';
import type { Bill } from '../account/bills.js';
import { isClearlySound } from '../account/dueEstimate.js';
import type { Position } from '../account/position.js';
import { isGroupDue, type RiskGroup } from '../account/riskGroup.js';
import type { Contract } from '../contract/contract.js';
import type { PositionEffect, Side } from '../contract/sides.js';
import type { Fraction } from '../money/decimal.js';
import type { Order } from '../orders/order.js';
import { Journal } from './journal.js';
import type { Market } from './market.js';
import type { Moment } from './moment.js';
import { computeOrderMargin } from './orderMargin.js';
import { PastOrders } from './pastOrders.js';
import { computeLocked } from './spotLocks.js';
import { SymbolBook } from './symbolBook.js';
import type { TradedSymbols } from './tradedSymbols.js';

export class AccountRuntime {
  readonly name: string;
  readonly market: Market;
  account: TradingAccount;
  /** What it trades. */
  readonly symbols: TradedSymbols;
  /** One for each symbol that it trades, by symbol. */
  books: readonly SymbolBook[];
  /** The same by place of the symbol in the market. */
  #byPlace: readonly (SymbolBook | undefined)[] = [];
  journal = new Journal();
  /** The one before, which is written again: a new one for each event would be most of the garbage. */
  #spareJournal = new Journal();
  /** Ended orders; the same for all copies, which end none for good. */
  past = new PastOrders();
  #hasChanged = true;
  /** Told once until the change has been dealt with; copies tell nobody. */
  #onChange: (() => void) | null = null;
  /** The first bar that the trades in progress have not been shown, as the market counts them. */
  #seenUntil = 0;
  /** Bills on their way from the account into the journal. */
  #held: Bill[] = [];
  /** Whether the run has a spot pair; without one nothing is asked about locks. */
  readonly hasSpot: boolean;

  constructor(account: TradingAccount, symbols: TradedSymbols, market: Market) {
    this.name = account.settings.name;
    this.market = market;
    this.account = account;
    this.symbols = symbols;
    this.books = symbols.all.map(({ index, contract }) => new SymbolBook(index, contract));
    this.#place();
    this.hasSpot = this.books.some(({ contract }) => contract.type === 'spot');
  }

  #place(): void {
    const places: (SymbolBook | undefined)[] = this.market.symbols.map(() => undefined);
    for (const book of this.books) places[book.index] = book;
    this.#byPlace = places;
  }

  /** Set by whatever changes a position, an order or money; the trigger levels are then computed anew. */
  get hasChanged(): boolean {
    return this.#hasChanged;
  }

  set hasChanged(hasChanged: boolean) {
    if (hasChanged && !this.#hasChanged) this.#onChange?.();
    this.#hasChanged = hasChanged;
  }

  /** Lets somebody know of changes, of the one at hand too. */
  tellChanges(onChange: () => void): void {
    this.#onChange = onChange;
    if (this.#hasChanged) onChange();
  }

  /** The book of a contract that it trades. */
  bookOf(contract: Contract): SymbolBook {
    return this.#byPlace[this.symbols.placeOf(contract)]!;
  }

  /** The book of a place in the market; undefined where the account does not trade the symbol. */
  bookAt(place: number): SymbolBook | undefined {
    return this.#byPlace[place];
  }

  /** The book of what a call names; null for what the account does not trade. */
  bookNamed(name: string): SymbolBook | null {
    const place = this.symbols.find(name);
    return place === undefined ? null : this.#byPlace[place]!;
  }

  /** The position that an order of a side and effect opens or closes. */
  target(book: SymbolBook, side: Side, effect: PositionEffect): Position {
    const { account } = this;
    return account.position(book.contract, account.slotOf(book.contract, side, effect));
  }

  /**
   * Shows the trades in progress the bars that have passed without anything happening to the account. Called before anything does,
   * so that such bars cost nothing.
   */
  catchUp(): void {
    const from = this.#seenUntil;
    const { symbols, loaded } = this.market;
    this.#seenUntil = loaded;
    if (from === loaded) return;
    for (const book of this.books) {
      if (!book.hasOpenTrade) continue;
      const { recent } = symbols[book.index]!;
      book.see(recent.lowSince(from), recent.highSince(from));
    }
  }

  /** Shows the whole bar at hand to the trades in progress; it is not shown again. */
  see(): void {
    for (const book of this.books) {
      const { bar } = this.market.symbols[book.index]!;
      if (bar.isPresent) book.see(bar.last.low, bar.last.high);
    }
    this.noteSeen();
  }

  /** The bar at hand has been shown. */
  noteSeen(): void {
    this.#seenUntil = this.market.loaded + 1;
  }

  markOf(moment: Moment): (contract: Contract) => Fraction {
    return (contract) => moment.mark(this.symbols.placeOf(contract));
  }

  /** Order margin of a ledger's contracts. @param without an order whose own reserve is counted back. */
  #orderMargin(code: string, moment: Moment, without?: Order): bigint {
    let sum = 0n;
    for (const book of this.books) {
      const { contract, orders } = book;
      if (contract.settle.code !== code || orders.isEmpty || contract.type === 'spot') continue;
      sum += this.orderMarginOf(book, moment.mark(book.index), without);
    }
    return sum;
  }

  /** Order margin of one contract. */
  orderMarginOf(book: SymbolBook, mark: Fraction, without?: Order): bigint {
    const { all } = book.orders;
    return computeOrderMargin({
      rules: this.account.rules,
      positions: this.account.positionsOf(book.contract),
      takerFee: this.account.takerFee(book.contract),
      mark,
      orders: without === undefined ? all : all.filter((order) => order !== without),
    });
  }

  balances(code: string, moment: Moment, without?: Order): Balances {
    const locked = this.hasSpot ? computeLocked(this.account, this.books, code, without) : 0n;
    return this.account.balances(code, this.markOf(moment), this.#orderMargin(code, moment, without) + locked, locked);
  }

  /** What a new opening order of a contract may use: transferable for isolated positions, available for cross ones. */
  usable(position: Position, moment: Moment, without?: Order): bigint {
    const balances = this.balances(position.contract.settle.code, moment, without);
    if (position.mode === 'isolated') return balances.transferable;
    return balances.available > 0n ? balances.available : 0n;
  }

  /** What a spot order may spend of a ledger, in its units. @param without an order whose own lock is counted back. */
  spendable(code: string, moment: Moment, without?: Order): bigint {
    return this.balances(code, moment, without).transferable;
  }

  isDue(group: RiskGroup, moment: Moment): boolean {
    const { contract } = group.members[0]!.position;
    if (isClearlySound(group, moment.mark(this.symbols.placeOf(contract)))) return false;
    return isGroupDue(group, this.markOf(moment));
  }

  /** Whether any group of positions is due at a moment. */
  isAnyDue(moment: Moment): boolean {
    return this.account.riskGroups().some((group) => this.isDue(group, moment));
  }

  /** Keeps an order that has ended for the calls that may name it. */
  noteEnded(order: Order): void {
    this.past.note(order, this.#leftPosition);
  }

  /** Whether the position that an order left is still held. */
  readonly #leftPosition = ({ contract, side, effect, positionId }: Order): boolean => {
    if (contract === null) return false;
    const { account } = this;
    const { id, qty } = account.position(contract, account.slotOf(contract, side, effect));
    return qty !== 0n && id === positionId;
  };

  /** Ends all orders at the end of the run. */
  expireOrders(timeMs: number): void {
    for (const { orders } of this.books) {
      for (const order of [...orders.all]) orders.end(order, { status: 'expired', timeMs, reason: 'end_of_run' });
    }
  }

  /** Moves what the account and its orders have produced into the journal. */
  collect(): void {
    const { bills } = this.journal;
    if (this.#held.length > 0) {
      bills.push(...this.#held);
      this.#held = [];
    }
    for (const bill of this.account.takeBills()) bills.push(bill);
  }

  /** Hands over the journal of the bar, to be read before the next is taken, and begins a new one. */
  takeJournal(): Journal {
    const { journal } = this;
    this.journal = this.#spareJournal;
    this.journal.clear();
    this.#spareJournal = journal;
    return journal;
  }

  /** A copy that can be settled along another path, with a journal of its own. */
  fork(): AccountRuntime {
    this.collect();
    return this.copy();
  }

  /** A copy to try something on that is then thrown away; nothing moves into the journal. */
  copy(): AccountRuntime {
    // An account is copied without the bills that nobody has taken yet.
    this.#held.push(...this.account.takeBills());
    const copy = new AccountRuntime(this.account.clone(), this.symbols, this.market);
    copy.books = this.books.map((book) => book.clone());
    copy.#place();
    copy.past = this.past;
    copy.#seenUntil = this.#seenUntil;
    return copy;
  }

  /** Becomes what a copy has become. */
  adopt(copy: AccountRuntime): void {
    copy.collect();
    this.account = copy.account;
    this.books = copy.books;
    this.#byPlace = copy.#byPlace;
    this.journal.append(copy.journal);
    this.hasChanged = true;
  }
}
