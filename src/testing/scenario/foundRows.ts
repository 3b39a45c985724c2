/**
 * Puts the records of the engine into the words of a scenario's tables (tables.ts), one row a record. Values stay exact; nothing
 * is compared here.
 */

import type { Contract } from '../../contract/contract.js';
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
import { type Currency, pow10 } from '../../money/units.js';
import type { Cell, FoundRow } from './tables.js';

/** What a line that is no order was answered, in the order of the calls. */
export interface CallAnswer {
  readonly id: number;
  /** First word of the line. */
  readonly kind: string;
  readonly status: string;
  readonly code?: number;
  readonly reason?: string;
}

const text = (value: string | number | null | undefined): Cell => ({ kind: 'text', text: String(value ?? 'none') });
const time = (timeMs: number | null): Cell => (timeMs === null ? text(null) : { kind: 'time', timeMs });
const number = (value: Fraction): Cell => ({ kind: 'number', value });
const price = (value: number | null): Cell => (value === null ? text(null) : number(fractionOfF64(value)));
const average = (value: Fraction | null): Cell => (value === null ? text(null) : { kind: 'average', value });
const count = (value: number | string | null): Cell =>
  value === null ? text(null) : number({ num: BigInt(value), den: 1n });

const money = (units: bigint, currency: Currency): Cell => number({ num: units, den: pow10(currency.decimals) });
const contracts = (qty: bigint | null, { qtyDecimals }: Pick<Contract, 'qtyDecimals'>): Cell =>
  qty === null ? text(null) : number({ num: qty, den: pow10(qtyDecimals) });

export function rowOfTrade(trade: TradeRecord): FoundRow {
  const { contract } = trade;
  return {
    id: count(trade.id),
    account: text(trade.account),
    symbol: text(contract.symbol),
    time: time(trade.timeMs),
    side: text(trade.side),
    effect: text(trade.positionEffect),
    qty: contracts(trade.qty, contract),
    price: price(trade.price),
    order: count(trade.orderId),
    amount: money(trade.amount, contract.settle),
    fee: money(trade.commission, contract.settle),
    pnl: money(trade.realizedPnl, contract.settle),
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

export function rowOfBill(bill: BillRecord): FoundRow {
  return {
    id: count(bill.id),
    account: text(bill.account),
    time: time(bill.timeMs),
    type: text(bill.type),
    currency: text(bill.currency.code),
    symbol: text(bill.symbol),
    info: text(bill.info.replaceAll(' ', '_')),
    amount: money(bill.amount, bill.currency),
    isolated: money(bill.isolatedDelta, bill.currency),
    fee: money(bill.fee, bill.currency),
    balance: money(bill.balanceAfter, bill.currency),
    order: count(bill.orderId),
    position: count(bill.positionId),
  };
}

/** @param scales of a symbol that the run does not have. */
export function rowOfOrder(order: OrderRecord, scales: Pick<Contract, 'qtyDecimals'>): FoundRow {
  const { qtyDecimals } = order.contract ?? scales;
  return {
    symbol: text(order.symbol),
    id: count(order.id),
    account: text(order.account),
    given: time(order.timeMs),
    ended: time(order.endTimeMs),
    side: text(order.side),
    effect: text(order.positionEffect),
    type: text(order.type),
    price: price(order.price),
    qty: contracts(order.qty, { qtyDecimals }),
    filled: contracts(order.filledQty, { qtyDecimals }),
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
    symbol: text(contract.symbol),
    side: text(closed.side),
    qty: contracts(closed.qty, contract),
    opened: time(closed.entryTimeMs),
    closed: time(closed.exitTimeMs),
    bars: count(closed.bars),
    entry: average(closed.entryPrice),
    exit: average(closed.exitPrice),
    value: money(closed.entryValue, contract.settle),
    gross: money(closed.grossPnl, contract.settle),
    fees: money(closed.fees, contract.settle),
    funding: money(closed.funding, contract.settle),
    net: money(closed.netPnl, contract.settle),
    mae: money(closed.mae, contract.settle),
    mfe: money(closed.mfe, contract.settle),
    reason: text(closed.exitReason),
  };
}

export function rowOfBalance(row: BalanceRecord): FoundRow {
  return {
    account: text(row.account),
    currency: text(row.currency.code),
    time: time(row.timeMs),
    wallet: money(row.wallet, row.currency),
    upnl: money(row.unrealizedPnl, row.currency),
    margin: money(row.marginBalance, row.currency),
    position: money(row.positionMargin, row.currency),
    order: money(row.orderMargin, row.currency),
    available: money(row.available, row.currency),
  };
}

export function rowOfPosition(row: PositionRecord): FoundRow {
  const { contract } = row;
  return {
    account: text(row.account),
    symbol: text(contract.symbol),
    time: time(row.timeMs),
    side: text(row.side),
    mode: text(row.mode),
    leverage: row.leverage === null ? text(null) : number(row.leverage),
    free: contracts(row.available, contract),
    qty: contracts(row.total, contract),
    entry: average(row.entryPrice),
    mark: price(row.markPrice),
    amount: money(row.amount, contract.settle),
    upnl: money(row.unrealizedPnl, contract.settle),
    margin: money(row.margin, contract.settle),
    frozen: contracts(row.frozen, contract),
    liquidation: price(row.liquidationPrice),
    bankruptcy: price(row.bankruptcyPrice),
    maintenance: money(row.maintenanceMargin, contract.settle),
    group: money(row.groupMaintenance, contract.settle),
    equity: money(row.equity, contract.settle),
    risk: text(row.riskLevel),
  };
}

export function rowOfAccount(outcome: AccountOutcome): FoundRow {
  return {
    account: text(outcome.account),
    currency: text(outcome.currency.code),
    spot: money(outcome.spot, outcome.currency),
    wallet: money(outcome.wallet, outcome.currency),
    equity: money(outcome.endEquity, outcome.currency),
    fees: money(outcome.fees, outcome.currency),
    funding: money(outcome.funding, outcome.currency),
    insurance: money(outcome.insurance, outcome.currency),
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
    deposits: money(outcome.netDeposits, outcome.currency),
  };
}

export function rowOfCall(call: CallAnswer): FoundRow {
  return { id: count(call.id), status: text(call.status), code: count(call.code ?? null), reason: text(call.reason) };
}
