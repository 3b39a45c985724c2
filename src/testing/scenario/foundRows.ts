/**
 * Puts the records of the engine into the words of a scenario's tables (tables.ts), one row a record. Values stay exact; nothing
 * is compared here.
 */

import type {
  AccountOutcome,
  BalanceRecord,
  BillRecord,
  ClosedTradeRecord,
  OrderRecord,
  PositionRecord,
  StopTradeRecord,
  TradeRecord,
} from '../../engine/records.js';
import type { Fraction } from '../../money/decimal.js';
import { fractionOf, fractionOfF64 } from '../../money/decimal.js';
import { pow10 } from '../../money/units.js';
import type { Cell, FoundRow } from './tables.js';

/** What a mode, leverage, margin or cancel line was answered, in the order of the calls. */
export interface CallAnswer {
  readonly id: number;
  readonly status: string;
  readonly code?: number;
  readonly reason?: string;
}

const text = (value: string | number | null | undefined): Cell => ({ kind: 'text', text: String(value ?? 'none') });
const time = (timeMs: number | null): Cell => (timeMs === null ? text(null) : { kind: 'time', timeMs });
const number = (value: Fraction): Cell => ({ kind: 'number', value });
const price = (value: number | null): Cell => (value === null ? text(null) : number(fractionOfF64(value)));
const average = (value: Fraction | null): Cell => (value === null ? text(null) : { kind: 'average', value });
const count = (value: number | null): Cell => (value === null ? text(null) : number({ num: BigInt(value), den: 1n }));

interface Scales {
  readonly settle: { readonly decimals: number };
  readonly qtyDecimals: number;
}

const money = (units: bigint, scales: Scales): Cell => number({ num: units, den: pow10(scales.settle.decimals) });
const contracts = (qty: bigint | null, scales: Scales): Cell =>
  qty === null ? text(null) : number({ num: qty, den: pow10(scales.qtyDecimals) });

export function rowOfTrade(trade: TradeRecord): FoundRow {
  const { contract } = trade;
  return {
    id: count(trade.id),
    account: text(trade.account),
    time: time(trade.timeMs),
    side: text(trade.side),
    effect: text(trade.positionEffect),
    qty: contracts(trade.qty, contract),
    price: price(trade.price),
    order: count(trade.orderId),
    amount: money(trade.amount, contract),
    fee: money(trade.commission, contract),
    pnl: money(trade.realizedPnl, contract),
    liquidity: text(trade.liquidity),
    reason: text(trade.reason),
  };
}

export function rowOfStop(stop: StopTradeRecord): FoundRow {
  return {
    ...rowOfTrade(stop.trade),
    trade: count(stop.trade.id),
    stop: price(stop.stopPrice),
    kind: text(stop.lossProfit),
    order: count(stop.orderId),
    trigger: text(stop.trigger),
    rule: text(stop.rule),
    path: text(stop.path),
  };
}

export function rowOfBill(bill: BillRecord, scales: Scales): FoundRow {
  return {
    id: count(bill.id),
    account: text(bill.account),
    time: time(bill.timeMs),
    type: text(bill.type),
    amount: money(bill.amount, scales),
    isolated: money(bill.isolatedDelta, scales),
    fee: money(bill.fee, scales),
    balance: money(bill.balanceAfter, scales),
    order: count(bill.orderId),
    position: count(bill.positionId),
  };
}

export function rowOfOrder(order: OrderRecord, scales: Scales): FoundRow {
  return {
    id: count(order.id),
    account: text(order.account),
    given: time(order.timeMs),
    ended: time(order.endTimeMs),
    side: text(order.side),
    effect: text(order.positionEffect),
    type: text(order.type),
    price: price(order.price),
    qty: contracts(order.qty, scales),
    filled: contracts(order.filledQty, scales),
    avg: average(order.avgPrice),
    status: text(order.status),
    code: count(order.code),
    reason: text(order.reason),
    parent: count(order.parentId),
    tag: text(order.tag),
  };
}

export function rowOfClosed(closed: ClosedTradeRecord): FoundRow {
  const { contract } = closed;
  return {
    account: text(closed.account),
    side: text(closed.side),
    qty: contracts(closed.qty, contract),
    opened: time(closed.entryTimeMs),
    closed: time(closed.exitTimeMs),
    bars: count(closed.bars),
    entry: average(closed.entryPrice),
    exit: average(closed.exitPrice),
    value: money(closed.entryValue, contract),
    gross: money(closed.grossPnl, contract),
    fees: money(closed.fees, contract),
    funding: money(closed.funding, contract),
    net: money(closed.netPnl, contract),
    mae: money(closed.mae, contract),
    mfe: money(closed.mfe, contract),
    reason: text(closed.exitReason),
  };
}

export function rowOfBalance(row: BalanceRecord, scales: Scales): FoundRow {
  return {
    account: text(row.account),
    time: time(row.timeMs),
    wallet: money(row.wallet, scales),
    upnl: money(row.unrealizedPnl, scales),
    margin: money(row.marginBalance, scales),
    position: money(row.positionMargin, scales),
    order: money(row.orderMargin, scales),
    available: money(row.available, scales),
  };
}

export function rowOfPosition(row: PositionRecord): FoundRow {
  const { contract } = row;
  return {
    account: text(row.account),
    time: time(row.timeMs),
    side: text(row.side),
    qty: contracts(row.total, contract),
    entry: average(row.entryPrice),
    mark: price(row.markPrice),
    amount: money(row.amount, contract),
    upnl: money(row.unrealizedPnl, contract),
    margin: money(row.margin, contract),
    frozen: contracts(row.frozen, contract),
    liquidation: price(row.liquidationPrice),
    bankruptcy: price(row.bankruptcyPrice),
    maintenance: money(row.maintenanceMargin, contract),
    equity: money(row.equity, contract),
    risk: text(row.riskLevel),
  };
}

export function rowOfAccount(outcome: AccountOutcome, scales: Scales): FoundRow {
  return {
    account: text(outcome.account),
    wallet: money(outcome.wallet, scales),
    equity: money(outcome.endEquity, scales),
    fees: money(outcome.fees, scales),
    funding: money(outcome.funding, scales),
    insurance: money(outcome.insurance, scales),
    trades: count(outcome.closedTrades),
    wins: count(outcome.wins),
    even: count(outcome.breakEven),
    liquidations: count(outcome.liquidations),
    bankrupt: time(outcome.bankruptAtMs),
    rejected: count(outcome.rejectedOrders),
    missing: count(outcome.missingFunding),
    ambiguous: count(outcome.ambiguousBars),
    open: count(outcome.openPositions),
    drawdown: average(fractionOf(String(outcome.maxDrawdown))),
  };
}

export function rowOfCall(call: CallAnswer): FoundRow {
  return { id: count(call.id), status: text(call.status), code: count(call.code ?? null), reason: text(call.reason) };
}
