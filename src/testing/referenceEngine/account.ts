/**
 * The state of one account: its ledgers by settlement currency, its books by symbol, working orders, and what it has written
 * since it was last drained. Copyable as a whole, so that a bar can be settled twice. The changes themselves are made elsewhere.
 */

import type { MarginMode, PathLeg, PositionMode } from '../../engine/records.js';
import type { AccountInput } from '../../engine/runInput.js';
import type { Currency } from '../../money/units.js';
import type { Size } from './fixedSize.js';
import { RefLedger } from './ledger.js';
import type { Num, Ratio } from './numbers.js';
import { num, ONE_RATIO, toBigint, ZERO } from './numbers.js';
import { isLive, type RefOrder } from './orders.js';
import type { Terms } from './terms.js';
import { orderView, type Tiding } from './tidings.js';
import type { BillDraft, Flow, Writing } from './writings.js';

/** Last and mark of one symbol's candles. */
export interface Quote {
  readonly last: Ratio;
  readonly mark: Ratio;
}

/** Prices by the name of the candles; before their first bar there are none. */
export type Quotes = ReadonlyMap<string, Quote>;

/** A point of the run at which something happens to an account. */
export interface Moment {
  readonly timeMs: number;
  readonly barIndex: number;
  readonly quotes: Quotes;
  readonly leg: PathLeg;
}

/** An open position, with what its closed trade will need. */
export interface RefPosition {
  readonly serial: number;
  readonly side: 1 | -1;
  qty: Num;
  cost: Num;
  /** Assigned margin; 0 in cross mode. */
  margin: Num;
  /** The part of the margin that was added by hand or by itself, less what was taken out. */
  added: Num;
  mode: MarginMode;
  readonly entryTimeMs: number;
  readonly entryBar: number;
  openedQty: Num;
  openedValue: Num;
  /** Σ q·φ of the entries, and of the exits: q·p, or q/p for inverse. */
  openedSum: Ratio;
  closedQty: Num;
  closedSum: Ratio;
  gross: Num;
  fees: Num;
  funding: Num;
  /** Extremes of last since the position last changed. */
  lowest: Ratio;
  highest: Ratio;
  mae: Num;
  mfe: Num;
}

/**
 * What an account has in one symbol: settings and up to two positions, long before short. Of a spot pair the only position is the
 * holding, a long one that has no margin; the settings of a pair never change.
 */
export class Book {
  readonly account: RefAccount;
  readonly terms: Terms;
  mode: MarginMode;
  leverage: Ratio;
  autoMargin: boolean;
  positionMode: PositionMode;
  positions: RefPosition[] = [];
  /** The last size by value over wallet that an accepted order had. */
  size: Size | null = null;

  constructor(account: RefAccount, terms: Terms) {
    const { input } = account;
    this.account = account;
    this.terms = terms;
    const isSpot = terms.coinUnit !== null;
    this.mode = isSpot ? 'cross' : input.mode;
    this.leverage = isSpot ? ONE_RATIO : { n: num(input.leverage.num), d: num(input.leverage.den) };
    this.autoMargin = !isSpot && input.autoMargin;
    this.positionMode = isSpot ? 'one_way' : input.positionMode;
  }

  /** Name of the candles. */
  get series(): string {
    return this.terms.series;
  }
  /** As rows show it. */
  get symbol(): string {
    return this.terms.contract.symbol;
  }
  /** Of the settlement currency; of a spot pair, of the currency it is paid in. */
  get ledger(): RefLedger {
    return this.account.ledgerOf(this.terms.contract.settle);
  }
  get isSpot(): boolean {
    return this.terms.coinUnit !== null;
  }
  /** Codes of the currencies that its orders are about: the ledger's, and of a spot pair that of the coins. */
  get currencies(): string[] {
    const { settle, base } = this.terms.contract;
    return this.isSpot ? [settle.code, base!.code] : [settle.code];
  }
  get orders(): RefOrder[] {
    return this.account.orders.filter((order) => order.series === this.series);
  }
  get isHedged(): boolean {
    return this.positionMode === 'hedged';
  }

  /** The position of a side, or null. */
  at(side: 1 | -1): RefPosition | null {
    return this.positions.find((position) => position.side === side) ?? null;
  }

  become(other: Book): void {
    this.mode = other.mode;
    this.leverage = other.leverage;
    this.autoMargin = other.autoMargin;
    this.positionMode = other.positionMode;
    this.size = other.size;
    this.positions = other.positions.map((position) => ({ ...position }));
  }
}

/** A position where it stands. */
export interface Holding {
  readonly book: Book;
  readonly position: RefPosition;
}

export class RefAccount {
  readonly input: AccountInput;
  /** Of what its exchange lists, in code-unit order of the symbols. */
  readonly books: readonly Book[];
  ledgers: RefLedger[];
  /** False where fills are only booked: nothing is liquidated or insured, and nothing ends. */
  hasRisk = true;
  serial = 0;
  orders: RefOrder[] = [];
  ended: RefOrder[] = [];
  writings: Writing[] = [];
  /** What the strategy has not been told yet. */
  tidings: Tiding[] = [];
  /** Money that came and went after the start, in ledger units; only calls at closes add to it. */
  readonly flows: Flow[] = [];
  /** Ambiguous steps by currencies that have no ledger yet. */
  private readonly ambiguousBefore = new Map<string, number>();

  constructor(input: AccountInput, terms: readonly Terms[]) {
    this.input = input;
    this.books = terms.map((each) => new Book(this, each));
    this.ledgers = input.balances.map(({ currency }) => new RefLedger(currency));
  }

  /** A copy that shares nothing that changes. */
  copy(): RefAccount {
    const twin = new RefAccount(
      this.input,
      this.books.map((book) => book.terms),
    );
    twin.become(this);
    return twin;
  }

  /** Takes over the state of a copy. */
  become(other: RefAccount): void {
    this.books.forEach((book, i) => {
      book.become(other.books[i]!);
    });
    this.ledgers = other.ledgers.map((ledger) => ledger.copy());
    this.hasRisk = other.hasRisk;
    this.serial = other.serial;
    this.orders = other.orders.map((order) => ({ ...order }));
    this.ended = [...other.ended];
    this.writings = [...other.writings];
    this.tidings = [...other.tidings];
  }

  /** By the name of the candles. */
  bookOf(series: string): Book | undefined {
    return this.books.find((book) => book.series === series);
  }

  /** By any name that an order or a call may have for it: the candles', the symbol, or the symbol at the account's exchange. */
  bookCalled(name: string): Book | undefined {
    const { rules } = this.input;
    const namesOf = ({ symbol }: Book): string[] => [symbol, `${symbol}.${rules.name}`, `${symbol}.${rules.listing}`];
    return this.bookOf(name) ?? this.books.find((book) => namesOf(book).includes(name));
  }

  findLedger(code: string): RefLedger | undefined {
    return this.ledgers.find((ledger) => ledger.currency.code === code);
  }

  /** The ledger of a currency; an empty one that is not kept where there is none. */
  ledgerOf(currency: Currency): RefLedger {
    return this.findLedger(currency.code) ?? new RefLedger(currency);
  }

  /** The ledger of a currency, opened after the others where there is none. */
  openLedger(currency: Currency): RefLedger {
    const found = this.findLedger(currency.code);
    if (found !== undefined) return found;
    const ledger = new RefLedger(currency);
    ledger.counters.ambiguousBars = this.ambiguousBefore.get(currency.code) ?? 0;
    this.ledgers = [...this.ledgers, ledger];
    return ledger;
  }

  /** A step whose two walks ended differently counts in a ledger, also in one that opens later. */
  noteAmbiguous({ code }: Currency): void {
    const ledger = this.findLedger(code);
    if (ledger !== undefined) ledger.counters.ambiguousBars += 1;
    else this.ambiguousBefore.set(code, (this.ambiguousBefore.get(code) ?? 0) + 1);
  }

  /** Positions in contracts of a ledger, by symbol, long before short. */
  holdings(ledger: RefLedger): Holding[] {
    return this.heldIn(ledger).filter(({ book }) => !book.isSpot);
  }

  /** Positions and holdings of a ledger, by symbol, long before short; a holding is the ledger's that it was paid from. */
  heldIn(ledger: RefLedger): Holding[] {
    return this.books
      .filter((book) => book.terms.contract.settle.code === ledger.currency.code)
      .flatMap((book) => book.positions.map((position) => ({ book, position })));
  }

  /** Changes a wallet by one bill; bills that change nothing are not written. */
  book(ledger: RefLedger, bill: BillDraft, at: Holding | null): void {
    const delta = bill.isolatedDelta ?? ZERO;
    if (bill.amount.eq(ZERO) && delta.eq(ZERO)) return;
    ledger.wallet = ledger.wallet.plus(bill.amount);
    ledger.written += 1;
    ledger.hasBills = true;
    const { counters } = ledger;
    if (bill.type === 'insurance') counters.insurance = counters.insurance.plus(bill.amount);
    if (bill.type === 'spot_buy' || bill.type === 'spot_sell') counters.spot = counters.spot.plus(bill.amount);
    this.writings.push({
      kind: 'bill',
      timeMs: bill.timeMs,
      serial: at?.position.serial ?? null,
      record: {
        timeMs: bill.timeMs,
        account: this.input.name,
        currency: ledger.currency,
        symbol: bill.symbol ?? at?.book.symbol ?? null,
        type: bill.type,
        amount: toBigint(bill.amount),
        fee: toBigint(bill.fee ?? ZERO),
        balanceAfter: toBigint(ledger.wallet),
        isolatedDelta: toBigint(delta),
        orderId: bill.orderId ?? null,
        info: '',
      },
    });
  }

  /** Books a bill of a position in its ledger. */
  bookOn(at: Holding, bill: BillDraft): void {
    this.book(at.book.ledger, bill, at);
  }

  /** Rows that stand change with what an order locked; returns the ledgers that it is about. */
  noteEnding({ series }: RefOrder): (RefLedger | undefined)[] {
    const concerned = (this.bookOf(series)?.currencies ?? []).map((code) => this.findLedger(code));
    for (const ledger of concerned) {
      if (ledger !== undefined) ledger.endings += 1;
    }
    return concerned;
  }

  /** Ends a working order. */
  end(order: RefOrder, timeMs: number, status: RefOrder['status'], code: number | null, reason: string | null): void {
    order.status = status;
    order.code = code;
    order.reason = reason;
    order.endTimeMs = timeMs;
    const concerned = this.noteEnding(order);
    if (status === 'rejected') {
      (concerned[0] ?? this.ledgers[0]!).counters.rejectedOrders += 1;
      this.tidings.push({ kind: 'rejected', timeMs, order: orderView(order) });
    }
    this.orders = this.orders.filter((other) => other.id !== order.id);
    this.ended.push(order);
    for (const child of this.orders.filter((other) => other.parentId === order.id && !other.armed && isLive(other))) {
      this.end(child, timeMs, 'cancelled', null, 'parent_ended');
    }
  }
}
