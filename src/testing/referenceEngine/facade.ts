/**
 * The strategy's view of the reference engine: context, accounts and orders, as far as scripted strategies use them. Numbers here
 * are for deciding; what an order means is submit.ts.
 */

import type {
  Account,
  Accounts,
  Bar,
  BarHistory,
  CallResult,
  Column,
  Context,
  DecimalInput,
  Order,
  OrderOptions,
  Params,
  PositionView,
} from '../../strategy/strategy.js';
import type { RefAccount } from './account.js';
import { shownLiquidationPrice } from './liquidation.js';
import { figuresAt, heldMargin, reserveOf } from './margin.js';
import { done, type MoveMoment, moveByHand, moveLeverage, moveMode, refusalOfAll, refused } from './moves.js';
import { maxNum, type Num, num, type Ratio, ratio, ratioToFloat, toFloat, ZERO } from './numbers.js';
import { isLive, type RefOrder } from './orders.js';
import { type CallMoment, type OrderCall, submit } from './submit.js';
import { priceAtValue } from './terms.js';

/** Where the run stands, as the facade sees it. */
export interface Desk {
  readonly contractSymbol: string;
  timeMs: number;
  warmingUp: boolean;
  bars: Bar[];
  moment(account: RefAccount): CallMoment;
  onNotice(message: string): void;
}

/** Settlement units → whole units as a float64. */
const inWhole = (account: RefAccount, amount: Num): number =>
  toFloat(amount.times(num(`1e-${account.terms.contract.settle.decimals}`)));

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
  private readonly desk: Desk;

  constructor(account: RefAccount, desk: Desk) {
    this.account = account;
    this.desk = desk;
  }

  get name(): string {
    return this.account.input.name;
  }
  get exchange(): string {
    return this.account.input.rules.name;
  }
  get currency(): string {
    return this.account.terms.contract.settle.code;
  }
  get bankrupt(): boolean {
    return this.account.bankruptAtMs !== null;
  }
  get balance(): number {
    return inWhole(this.account, this.account.wallet);
  }
  get available(): number {
    return inWhole(this.account, maxNum(ZERO, figuresAt(this.account, this.mark()).available));
  }
  get marginBalance(): number {
    return inWhole(this.account, figuresAt(this.account, this.mark()).marginBalance);
  }

  private mark(): Ratio {
    return this.desk.moment(this.account).mark ?? ratio(num('1'));
  }

  position(symbol: string): PositionView {
    const { account } = this;
    const { position, terms } = account;
    const liquidation = shownLiquidationPrice(account);
    const entry = position === null ? null : priceAtValue(terms, position.qty, ratio(position.cost));
    return {
      symbol,
      qty: position === null ? 0 : position.side * toFloat(position.qty.times(num(`1e-${terms.contract.qtyDecimals}`))),
      entryPrice: entry === null ? Number.NaN : ratioToFloat(entry),
      unrealizedPnl: inWhole(account, figuresAt(account, this.mark()).unrealized),
      margin: inWhole(account, heldMargin(account).plus(reserveOf(account))),
      mode: account.mode,
      leverage: ratioToFloat(account.leverage),
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
    return orderView(submit(this.account, call, this.desk.moment(this.account)));
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
    return refusalOfAll(this.account, symbol) ?? moveMode(this.account, mode, this.at());
  }

  setMaxLeverage(leverage: DecimalInput, symbol?: string): CallResult {
    return refusalOfAll(this.account, symbol) ?? moveLeverage(this.account, leverage, this.at());
  }

  addMargin(symbol: string, amount: DecimalInput): CallResult {
    return refusalOfAll(this.account, symbol) ?? moveByHand(this.account, 'in', amount, this.at());
  }

  removeMargin(symbol: string, amount: DecimalInput): CallResult {
    return refusalOfAll(this.account, symbol) ?? moveByHand(this.account, 'out', amount, this.at());
  }

  private at(): MoveMoment {
    return { timeMs: this.desk.timeMs, mark: this.mark() };
  }
}

/** The context of a run. */
export function contextOf(facades: readonly RefFacade[], desk: Desk, params: Params): Context {
  const accounts: Accounts = {
    names: facades.map((facade) => facade.name),
    get(name: string): Account {
      const found = facades.find((facade) => facade.name === name);
      if (found === undefined) throw new Error(`no account ${name}`);
      return found;
    },
  };
  return {
    params,
    symbol: desk.contractSymbol,
    get timeMs() {
      return desk.timeMs;
    },
    get warmingUp() {
      return desk.warmingUp;
    },
    account: facades[0]!,
    accounts,
    bar: () => desk.bars[desk.bars.length - 1],
    bars: () => historyOf(desk.bars),
    log: (message) => desk.onNotice(message),
  };
}

function historyOf(bars: readonly Bar[]): BarHistory {
  const column = (name: Exclude<keyof Bar, 'symbol'>): Column => ({
    length: bars.length,
    at: (index) => bars.at(index)?.[name] ?? Number.NaN,
  });
  return {
    length: bars.length,
    openTimeMs: column('openTimeMs'),
    open: column('open'),
    high: column('high'),
    low: column('low'),
    close: column('close'),
    volume: column('volume'),
  };
}
