/**
 * What a run produces: one record type a table, in exact values, and the sink that takes them in order. The columns, their
 * names and their formatting are the report's; these records only carry facts. Money is an integer of the settlement
 * unit of `currency`, quantities integers of 10^-qtyDecimals contracts of `contract`, prices float64 that stand for decimals.
 */

import type { BillType, MarginMode, OrderId, PositionMode } from '../account/bills.js';
import type { Contract } from '../contract/contract.js';
import type { PositionEffect, PositionSide, Side } from '../contract/sides.js';
import type { Fraction } from '../money/decimal.js';
import type { Currency } from '../money/units.js';
import type { OrderStatus, OrderType, TriggerSource } from '../orders/order.js';

export type {
  BillType,
  MarginMode,
  OrderStatus,
  OrderType,
  PositionEffect,
  PositionMode,
  PositionSide,
  Side,
  TriggerSource,
};

export type Liquidity = 'taker' | 'maker';
export type StopReason = 'stop_loss' | 'stop_profit' | 'trailing_stop';
export type FillReason = 'order' | StopReason | 'liquidation' | 'partial_liquidation' | 'replay';
/** The leg of the path on which something happened: at the open, or one of the three legs. */
export type PathLeg = 'open' | 'leg1' | 'leg2' | 'leg3';

/** A row of trades.csv. `id` counts from 1 within a run. */
export interface TradeRecord {
  readonly id: number;
  readonly timeMs: number;
  readonly account: string;
  readonly contract: Contract;
  /** Null for a take-over. */
  readonly orderId: OrderId | null;
  readonly side: Side;
  readonly positionEffect: PositionEffect;
  readonly price: number;
  /** Unsigned. */
  readonly qty: bigint;
  /** Value of the fill in the settlement currency. */
  readonly amount: bigint;
  /** Positive when paid. */
  readonly commission: bigint;
  /** Before fees; 0 for an opening fill. */
  readonly realizedPnl: bigint;
  readonly liquidity: Liquidity;
  readonly reason: FillReason;
}

/** A row of stop_trades.csv: a stop that filled. `id` is the fill's id in trades.csv. */
export interface StopTradeRecord {
  readonly trade: TradeRecord;
  readonly stopPrice: number;
  readonly lossProfit: 'loss' | 'profit';
  /** The guarded order. */
  readonly orderId: number | null;
  readonly trigger: TriggerSource;
  /** Order-style name, for example `stop_loss_pct`. */
  readonly rule: string;
  readonly path: PathLeg;
}

/** A row of orders.csv, complete when the order has ended. */
export interface OrderRecord {
  readonly id: number;
  /** Close of the bar on which it was given. */
  readonly timeMs: number;
  readonly account: string;
  readonly symbol: string;
  /** Null where the symbol is unknown (a rejected order). */
  readonly contract: Contract | null;
  readonly side: Side;
  readonly positionEffect: PositionEffect;
  readonly type: OrderType;
  /** Limit price, or the trigger of a stop, of a trailing one the last; null for a market order. */
  readonly price: number | null;
  /** Null while a percent order has not been sized, and for an unreadable quantity. */
  readonly qty: bigint | null;
  readonly filledQty: bigint;
  /** Average fill price; null without a fill. */
  readonly avgPrice: Fraction | null;
  readonly status: OrderStatus;
  readonly code: number | null;
  readonly reason: string | null;
  readonly parentId: number | null;
  readonly tag: string | null;
  readonly endTimeMs: number;
}

/** A row of balance.csv. `marginBalance = available + positionMargin + orderMargin` holds in each. */
export interface BalanceRecord {
  readonly timeMs: number;
  readonly account: string;
  readonly currency: Currency;
  readonly wallet: bigint;
  readonly unrealizedPnl: bigint;
  readonly marginBalance: bigint;
  readonly positionMargin: bigint;
  readonly orderMargin: bigint;
  /** Raw: may be negative. */
  readonly available: bigint;
}

/** A row of positions.csv. */
export interface PositionRecord {
  readonly timeMs: number;
  readonly account: string;
  readonly contract: Contract;
  readonly side: PositionSide;
  /** Price at which the position is valued: the mark. */
  readonly markPrice: number;
  /** Value at the mark in the settlement currency. */
  readonly amount: bigint;
  /** Contracts held, unsigned, = available + frozen. */
  readonly total: bigint;
  readonly available: bigint;
  readonly frozen: bigint;
  readonly entryPrice: Fraction;
  readonly unrealizedPnl: bigint;
  /** Margin assigned (isolated) or reserved (cross), commission reserve included, without unrealised PnL. */
  readonly margin: bigint;
  /** Null for a spot holding. */
  readonly mode: MarginMode | null;
  /** Null where no leverage is set and the tier's rate decides. */
  readonly leverage: Fraction | null;
  /** Null where no price reaches the condition. Rounded to the tick toward the entry. */
  readonly liquidationPrice: number | null;
  readonly bankruptcyPrice: number | null;
  /** Of this position, rounded up. */
  readonly maintenanceMargin: bigint;
  /** Of all that is liquidated together with it, rounded up: marginRatio = groupMaintenance / equity. */
  readonly groupMaintenance: bigint;
  /** Equity behind the position: margin and profit of an isolated one, the cross equity of a cross one. */
  readonly equity: bigint;
  readonly riskLevel: 'low' | 'normal' | 'high' | 'liquidation';
}

/** A row of bills.csv: one change of a wallet. The sum of `amount` is the wallet. */
export interface BillRecord {
  readonly id: number;
  readonly timeMs: number;
  readonly account: string;
  readonly currency: Currency;
  /** Null for deposits. */
  readonly symbol: string | null;
  readonly type: BillType;
  /** From the trader's view: plus is received. */
  readonly amount: bigint;
  /** Informational: the fee of the fill that made a PnL bill; the fee itself is a bill of its own. */
  readonly fee: bigint;
  readonly balanceAfter: bigint;
  /** Change of the margin assigned to an isolated position. */
  readonly isolatedDelta: bigint;
  readonly orderId: OrderId | null;
  readonly positionId: number | null;
  readonly info: string;
}

/** A row of closed_trades.csv: from flat to flat. */
export interface ClosedTradeRecord {
  readonly id: number;
  readonly account: string;
  readonly contract: Contract;
  readonly side: PositionSide;
  readonly entryTimeMs: number;
  readonly exitTimeMs: number;
  /** Bars from the entry's to the exit's, 0 when within one bar. */
  readonly bars: number;
  /** All contracts that were opened. */
  readonly qty: bigint;
  readonly entryPrice: Fraction;
  readonly exitPrice: Fraction;
  /** Value of the entries in the settlement currency; `return` = netPnl / entryValue. */
  readonly entryValue: bigint;
  readonly grossPnl: bigint;
  /** Positive when paid. */
  readonly fees: bigint;
  /** Positive when received. */
  readonly funding: bigint;
  readonly netPnl: bigint;
  /** Worst unrealised result while open, ≤ 0, and best, ≥ 0, at the last price; never better or worse than the result itself. */
  readonly mae: bigint;
  readonly mfe: bigint;
  readonly exitReason: FillReason;
}

/** Takes the records of a run in the order of the tables. Each method is called synchronously. */
export interface RecordSink {
  trade(record: TradeRecord): void;
  stopTrade(record: StopTradeRecord): void;
  /** Called for every order once it and all before it have ended, in id order. */
  order(record: OrderRecord): void;
  balance(record: BalanceRecord): void;
  position(record: PositionRecord): void;
  bill(record: BillRecord): void;
  closedTrade(record: ClosedTradeRecord): void;
}

/**
 * What one ledger of an account ended with; the summary's source. An account of several currencies has one for each, its own
 * currency first; counts belong to the ledger of the contract's settlement currency.
 */
export interface AccountOutcome {
  readonly account: string;
  readonly exchange: string;
  readonly currency: Currency;
  readonly startEquity: bigint;
  readonly endEquity: bigint;
  /** Wallet at the end; the sum of the account's bills. */
  readonly wallet: bigint;
  /** Deposits after the start less withdrawals: not profit. */
  readonly netDeposits: bigint;
  /** What spot trades brought into this currency less what they took out of it: not profit in this currency. */
  readonly spot: bigint;
  readonly fees: bigint;
  /** Positive when received. */
  readonly funding: bigint;
  readonly insurance: bigint;
  readonly closedTrades: number;
  /** Closed trades with net profit above zero, and those with exactly zero. */
  readonly wins: number;
  readonly breakEven: number;
  /** Largest fall of the equity sampled at bar closes, as a share of the peak before it. */
  readonly maxDrawdown: number;
  readonly liquidations: number;
  readonly bankruptAtMs: number | null;
  readonly rejectedOrders: number;
  /** Funding times without a rate at which a position was held. */
  readonly missingFunding: number;
  /** Bars whose two walks ended differently. */
  readonly ambiguousBars: number;
  readonly openPositions: number;
}

/** The money figures of several ledgers in one report currency, or why there is no such total. */
export type TotalOutcome =
  | {
      /** The report currency: the account's own; of all accounts together, that of the first. */
      readonly currency: Currency;
      readonly startEquity: bigint;
      readonly endEquity: bigint;
      /** At the prices of the closes at which the money came and went. */
      readonly netDeposits: bigint;
      readonly fees: bigint;
      readonly funding: bigint;
      readonly insurance: bigint;
      /** Of the joint equity at bar closes. */
      readonly maxDrawdown: number;
    }
  | { readonly reason: string };

/** Totals at close prices: of each account over its ledgers, in account order, and of all accounts. */
export interface RunTotals {
  readonly accounts: readonly TotalOutcome[];
  readonly overall: TotalOutcome;
}

/** What a total's conversions rest on: a symbol that prices one currency in another. */
export interface LinkPrice {
  /** Name of the candles in the run. */
  readonly name: string;
  /** As in the data: the open of its first bar, and its last known close. */
  readonly firstOpen: number;
  readonly lastClose: number;
}

/** What a run returned besides its records. */
export interface RunOutcome {
  readonly accounts: readonly AccountOutcome[];
  readonly totals: RunTotals;
  /** Of every spot pair and inverse contract with bars, by symbol. */
  readonly linkPrices: readonly LinkPrice[];
  readonly bars: number;
  /** Of these, the ones that were settled along finer bars. */
  readonly fineBars: number;
  readonly firstOpenTimeMs: number | null;
  readonly lastCloseTimeMs: number | null;
  /** True when the run was interrupted at a bar boundary. */
  readonly interrupted: boolean;
  /** Open times of the first ambiguous bars, at most 100, with the account. */
  readonly ambiguous: readonly { account: string; openTimeMs: number }[];
  readonly warnings: readonly RunWarning[];
}

export interface RunWarning {
  readonly code: string;
  readonly message: string;
  /** What `--strict` makes of it: exit 3 (data) or 1 (orders, stops, insurance); null: stays a warning. */
  readonly strict: 'data' | 'strategy' | null;
}
