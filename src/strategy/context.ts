/**
 * The facade a strategy works with: its context, its accounts, the bars of the past. It forwards calls to a Broker, which the
 * engine is, and shows only what has closed. No rule of trading is decided here.
 */

import type { PositionEffect, Side } from '../contract/sides.js';
import { UserError } from '../errors.js';
import type { Broker, OrderRequest } from './broker.js';
import type { History } from './history.js';
import type {
  Account,
  Accounts,
  Bar,
  BarHistory,
  CallResult,
  Context,
  DecimalInput,
  Order,
  OrderOptions,
  Params,
  SymbolPosition,
} from './strategy.js';

/** What names an account. */
export interface AccountIdentity {
  readonly name: string;
  readonly exchange: string;
  readonly currency: string;
}

class AccountFacade implements Account {
  readonly name: string;
  readonly exchange: string;
  readonly currency: string;
  readonly #broker: Broker;
  readonly #index: number;

  constructor(broker: Broker, index: number, identity: AccountIdentity) {
    this.#broker = broker;
    this.#index = index;
    this.name = identity.name;
    this.exchange = identity.exchange;
    this.currency = identity.currency;
  }

  get balance(): number {
    return this.#broker.figures(this.#index).balance;
  }

  get available(): number {
    return this.#broker.figures(this.#index).available;
  }

  get marginBalance(): number {
    return this.#broker.figures(this.#index).marginBalance;
  }

  get bankrupt(): boolean {
    return this.#broker.figures(this.#index).bankrupt;
  }

  balanceOf(currency: string): number {
    return this.#broker.ledger(this.#index, currency).balance;
  }

  availableOf(currency: string): number {
    return this.#broker.ledger(this.#index, currency).available;
  }

  position(symbol: string): SymbolPosition {
    return this.#broker.position(this.#index, symbol);
  }

  orders(symbol?: string): readonly Order[] {
    return this.#broker.workingOrders(this.#index, symbol);
  }

  longOpen(symbol: string, price: DecimalInput | null, qty: DecimalInput, options: OrderOptions = {}): Order {
    return this.#submit('contract', symbol, 'buy', 'open', price, qty, false, options);
  }

  longClose(symbol: string, price: DecimalInput | null, qty: DecimalInput, options: OrderOptions = {}): Order {
    return this.#submit('contract', symbol, 'sell', 'close', price, qty, false, options);
  }

  shortOpen(symbol: string, price: DecimalInput | null, qty: DecimalInput, options: OrderOptions = {}): Order {
    return this.#submit('contract', symbol, 'sell', 'open', price, qty, false, options);
  }

  shortClose(symbol: string, price: DecimalInput | null, qty: DecimalInput, options: OrderOptions = {}): Order {
    return this.#submit('contract', symbol, 'buy', 'close', price, qty, false, options);
  }

  longOpenPct(symbol: string, price: DecimalInput | null, pct: DecimalInput, options: OrderOptions = {}): Order {
    return this.#submit('contract', symbol, 'buy', 'open', price, pct, true, options);
  }

  longClosePct(symbol: string, price: DecimalInput | null, pct: DecimalInput, options: OrderOptions = {}): Order {
    return this.#submit('contract', symbol, 'sell', 'close', price, pct, true, options);
  }

  shortOpenPct(symbol: string, price: DecimalInput | null, pct: DecimalInput, options: OrderOptions = {}): Order {
    return this.#submit('contract', symbol, 'sell', 'open', price, pct, true, options);
  }

  shortClosePct(symbol: string, price: DecimalInput | null, pct: DecimalInput, options: OrderOptions = {}): Order {
    return this.#submit('contract', symbol, 'buy', 'close', price, pct, true, options);
  }

  buy(symbol: string, price: DecimalInput | null, qty: DecimalInput, options: OrderOptions = {}): Order {
    return this.#submit('spot', symbol, 'buy', 'open', price, qty, false, options);
  }

  sell(symbol: string, price: DecimalInput | null, qty: DecimalInput, options: OrderOptions = {}): Order {
    return this.#submit('spot', symbol, 'sell', 'close', price, qty, false, options);
  }

  buyPct(symbol: string, price: DecimalInput | null, pct: DecimalInput, options: OrderOptions = {}): Order {
    return this.#submit('spot', symbol, 'buy', 'open', price, pct, true, options);
  }

  sellPct(symbol: string, price: DecimalInput | null, pct: DecimalInput, options: OrderOptions = {}): Order {
    return this.#submit('spot', symbol, 'sell', 'close', price, pct, true, options);
  }

  cancel(orderId: number): CallResult {
    return this.#broker.cancel(this.#index, orderId);
  }

  cancelAll(symbol?: string): number {
    return this.#broker.cancelAll(this.#index, symbol);
  }

  setMode(mode: 'cross' | 'isolated', symbol?: string): CallResult {
    return this.#broker.setMode(this.#index, mode, symbol);
  }

  setMaxLeverage(leverage: DecimalInput, symbol?: string): CallResult {
    return this.#broker.setMaxLeverage(this.#index, leverage, symbol);
  }

  addMargin(symbol: string, amount: DecimalInput, side?: 'long' | 'short'): CallResult {
    return this.#broker.moveMargin(this.#index, { direction: 'in', symbol, amount, side });
  }

  removeMargin(symbol: string, amount: DecimalInput, side?: 'long' | 'short'): CallResult {
    return this.#broker.moveMargin(this.#index, { direction: 'out', symbol, amount, side });
  }

  setAutoMargin(isOn: boolean, symbol?: string): CallResult {
    return this.#broker.setAutoMargin(this.#index, isOn, symbol);
  }

  setPositionMode(mode: 'one_way' | 'hedged', symbol?: string): CallResult {
    return this.#broker.setPositionMode(this.#index, mode, symbol);
  }

  deposit(amount: DecimalInput, currency?: string): CallResult {
    return this.#broker.moveCash(this.#index, { kind: 'deposit', amount, currency });
  }

  withdraw(amount: DecimalInput, currency?: string): CallResult {
    return this.#broker.moveCash(this.#index, { kind: 'withdraw', amount, currency });
  }

  transfer(to: string, amount: DecimalInput, currency?: string): CallResult {
    return this.#broker.moveCash(this.#index, { kind: 'transfer', amount, currency, to });
  }

  #submit(
    kind: OrderRequest['kind'],
    symbol: string,
    side: Side,
    effect: PositionEffect,
    price: DecimalInput | null,
    amount: DecimalInput,
    isPct: boolean,
    options: OrderOptions,
  ): Order {
    return this.#broker.submit(this.#index, { kind, symbol, side, effect, price, amount, isPct, options });
  }
}

class AccountsFacade implements Accounts {
  readonly #accounts: readonly Account[];

  constructor(accounts: readonly Account[]) {
    this.#accounts = accounts;
  }

  get names(): readonly string[] {
    return this.#accounts.map((account) => account.name);
  }

  get(name: string): Account {
    const account = this.#accounts.find((candidate) => candidate.name === name);
    if (account === undefined) {
      throw new UserError({
        code: 'unknown_account',
        exitCode: 1,
        message: `There is no account "${name}"`,
        found: name,
        expected: this.names.join(', '),
      });
    }
    return account;
  }
}

/** What the engine moves on from bar to bar. */
export interface ContextState {
  timeMs: number;
  warmingUp: boolean;
}

/** Builds the context of a run; the engine keeps `state` and the history up to date. */
export function createContext<P extends Params>(parts: {
  readonly broker: Broker;
  readonly accounts: readonly AccountIdentity[];
  readonly params: P;
  /** The symbol of the first series. */
  readonly symbol: string;
  /** Closed bars by symbol. */
  readonly histories: ReadonlyMap<string, History>;
  readonly state: ContextState;
  readonly log: (message: string) => void;
}): Context<P> {
  const { broker, params, symbol, histories, state } = parts;
  const accounts = parts.accounts.map((identity, index) => new AccountFacade(broker, index, identity));
  const accountsFacade = new AccountsFacade(accounts);
  const historyOf = (asked: string | undefined): History => {
    const history = histories.get(asked ?? symbol);
    if (history !== undefined) return history;
    throw new UserError({
      code: 'unknown_symbol',
      exitCode: 1,
      message: `There are no bars of "${asked}" in this run`,
      found: String(asked),
      expected: [...histories.keys()].join(', '),
    });
  };
  return {
    params: Object.freeze({ ...params }),
    symbol,
    get timeMs() {
      return state.timeMs;
    },
    get warmingUp() {
      return state.warmingUp;
    },
    account: accounts[0]!,
    accounts: accountsFacade,
    symbols: [...histories.keys()],
    bar(asked?: string): Bar | undefined {
      return historyOf(asked).barAt(state.timeMs);
    },
    bars(asked?: string): BarHistory {
      return historyOf(asked);
    },
    log: parts.log,
  };
}
