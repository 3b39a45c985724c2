/**
 * One account within a run: the account, its working orders, the trade in progress and the journal of the current bar, with
 * the questions that need an account and its orders together. It can be copied and take over a copy, because a bar may be
 * settled twice. Deciding what happens is settlement.ts.
 */

import type { TradingAccount } from '../account/account.js';
import {
  computeBankruptcyPrice,
  computeLiquidationPrice,
  computeStepLiquidationPrice,
  isLiquidatable,
  roundToTickTowardEntry,
} from '../account/liquidation.js';
import {
  type Balances,
  computeCommissionReserve,
  computeInitialMargin,
  computeMaintenanceMargin,
} from '../account/margin.js';
import { absolute, computeEntryPrice, type Position } from '../account/position.js';
import type { Contract } from '../contract/contract.js';
import { computeValue } from '../contract/payoff.js';
import { positionSideOf } from '../contract/sides.js';
import { type Fraction, fractionOfF64, fractionToF64 } from '../money/decimal.js';
import type { Order } from '../orders/order.js';
import { WorkingOrders } from '../orders/workingOrders.js';
import { Journal } from './journal.js';
import type { Moment } from './moment.js';
import { computeOrderMargin } from './orderMargin.js';
import type { BalanceRecord, PositionRecord } from './records.js';
import { TradeTracker } from './tradeTracker.js';

export class AccountRuntime {
  readonly name: string;
  readonly contract: Contract;
  account: TradingAccount;
  orders: WorkingOrders;
  tracker: TradeTracker;
  journal = new Journal();
  /** Set by whatever changes the position or the orders; the trigger levels are then computed anew. */
  hasChanged = true;
  #position: Position;

  constructor(account: TradingAccount, contract: Contract) {
    this.name = account.settings.name;
    this.contract = contract;
    this.account = account;
    this.#position = account.position(contract);
    this.orders = new WorkingOrders();
    this.tracker = new TradeTracker(contract);
  }

  get position(): Position {
    return this.#position;
  }

  /** Shows a bar on which nothing happened to the trade in progress. */
  see(last: { readonly low: number; readonly high: number }): void {
    if (this.#position.qty !== 0n) this.tracker.see(last.low, last.high);
  }

  /** Exact fraction of a price of the data. */
  exact(price: number): Fraction {
    return fractionOfF64(price, this.contract.priceDecimals);
  }

  /** A moment at prices of the data, off the legs: an open, or a time in a gap between bars. */
  momentOf(timeMs: number, last: number, mark: number, bar: number): Moment {
    return { timeMs, leg: null, last: this.exact(last), mark: this.exact(mark), bar };
  }

  /** @param without an order whose own reserve is counted back. */
  orderMargin(mark: Fraction, without?: Order): bigint {
    if (this.orders.isEmpty) return 0n;
    const { all } = this.orders;
    return computeOrderMargin({
      rules: this.account.rules,
      position: this.position,
      takerFee: this.account.takerFee(this.contract),
      mark,
      orders: without === undefined ? all : all.filter((order) => order !== without),
    });
  }

  balances(mark: Fraction, without?: Order): Balances {
    return this.account.balances(() => mark, this.orderMargin(mark, without));
  }

  /** What a new opening order may use: transferable for isolated positions, available for cross ones. */
  usable(mark: Fraction, without?: Order): bigint {
    const balances = this.balances(mark, without);
    if (this.position.mode === 'isolated') return balances.transferable;
    return balances.available > 0n ? balances.available : 0n;
  }

  isLiquidatable(mark: Fraction): boolean {
    const { position } = this;
    return isLiquidatable(this.account.rules, position, this.account.collateral(position), mark);
  }

  /** Mark at which the position is liquidated; null where none. */
  liquidationPrice(mark: Fraction): Fraction | null {
    const { position } = this;
    return computeLiquidationPrice(this.account.rules, position, this.account.collateral(position), mark);
  }

  /** Mark at which a move for the position liquidates it, by a risk step; null as a rule. */
  stepLiquidationPrice(mark: Fraction): Fraction | null {
    const { position } = this;
    return computeStepLiquidationPrice(this.account.rules, position, this.account.collateral(position), mark);
  }

  balanceRecord(timeMs: number, mark: Fraction): BalanceRecord {
    const b = this.balances(mark);
    return {
      timeMs,
      account: this.name,
      currency: this.contract.settle,
      wallet: b.wallet,
      unrealizedPnl: b.unrealizedPnl,
      marginBalance: b.marginBalance,
      positionMargin: b.positionMargin,
      orderMargin: b.orderMargin,
      available: b.available,
    };
  }

  /** The position as a row; null when flat. */
  positionRecord(timeMs: number, markF64: number): PositionRecord | null {
    const { position, account, contract } = this;
    if (position.qty === 0n) return null;
    const { rules } = account;
    const mark = this.exact(markF64);
    const collateral = account.collateral(position);
    const unrealizedPnl = this.balances(mark).unrealizedPnl;
    const total = absolute(position.qty);
    const frozen = this.#frozen(total);
    const init =
      position.mode === 'isolated' ? position.margin : computeInitialMargin(contract, position.leverage, position.cost);
    const maintenanceMargin = computeMaintenanceMargin(rules, position, collateral, mark);
    const equity = collateral + unrealizedPnl;
    const toF64 = (f: Fraction | null): number | null => (f === null ? null : fractionToF64(f));
    return {
      timeMs,
      account: this.name,
      contract,
      side: positionSideOf(position.qty),
      markPrice: markF64,
      amount: computeValue(contract, rules.valueRounding, total, mark),
      total,
      available: total - frozen,
      frozen,
      entryPrice: computeEntryPrice(position)!,
      unrealizedPnl,
      margin: init + computeCommissionReserve(rules, position, account.takerFee(contract)),
      mode: position.mode,
      leverage: position.leverage.num === 0n ? null : position.leverage,
      liquidationPrice: toF64(roundToTickTowardEntry(position, this.liquidationPrice(mark))),
      bankruptcyPrice: toF64(computeBankruptcyPrice(rules, position, collateral)),
      maintenanceMargin,
      equity,
      riskLevel: riskLevelOf(maintenanceMargin, equity),
    };
  }

  /** Quantity of the position that resting closing orders have spoken for. */
  #frozen(total: bigint): bigint {
    let frozen = 0n;
    const closing = this.position.qty > 0n ? 'sell' : 'buy';
    for (const order of this.orders.all) {
      const isExit = order.effect === 'close' || order.reduceOnly;
      if (order.type === 'limit' && isExit && order.side === closing && order.qty !== null) {
        frozen += order.qty - order.filledQty;
      }
    }
    return frozen < total ? frozen : total;
  }

  /** Moves what the account and its orders have produced into the journal. */
  collect(): void {
    this.journal.bills.push(...this.account.takeBills());
  }

  /** Takes what calls at a close have booked into the journal, with a row of the moment, or the renewal of the one that stands. */
  collectCalls(
    bar: { readonly closeTimeMs: number; readonly mark: { readonly close: number } },
    withRow: boolean,
  ): void {
    const { bills } = this.journal;
    this.collect();
    if (bills.length === 0) return;
    const { closeTimeMs, mark } = bar;
    if (withRow) this.journal.setBalance(this.balanceRecord(closeTimeMs, this.exact(mark.close)));
    this.journal.rowPosition = { timeMs: closeTimeMs, record: this.positionRecord(closeTimeMs, mark.close) };
  }

  /** Hands over the journal of the bar and begins a new one. */
  takeJournal(): Journal {
    const { journal } = this;
    this.journal = new Journal();
    return journal;
  }

  /** A copy that can be settled along another path, with a journal of its own. */
  fork(): AccountRuntime {
    this.collect();
    const copy = new AccountRuntime(this.account.clone(), this.contract);
    copy.orders = this.orders.clone();
    copy.tracker = this.tracker.clone();
    return copy;
  }

  /** Becomes what a copy has become. */
  adopt(copy: AccountRuntime): void {
    copy.collect();
    this.account = copy.account;
    this.#position = copy.#position;
    this.orders = copy.orders;
    this.tracker = copy.tracker;
    this.journal.append(copy.journal);
    this.hasChanged = true;
  }
}

function riskLevelOf(maintenance: bigint, equity: bigint): PositionRecord['riskLevel'] {
  if (equity <= 0n || maintenance >= equity) return 'liquidation';
  if (maintenance * 10n > equity * 8n) return 'high';
  return maintenance * 10n < equity * 3n ? 'low' : 'normal';
}
