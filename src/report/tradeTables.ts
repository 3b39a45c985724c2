/**
 * The columns of the tables of orders and fills: trades, stop_trades, orders and closed_trades, in the order of their
 * files. Money has the digits of the settlement currency, prices those of the tick, averages and returns 8.
 */

import type { ClosedTradeRecord, OrderRecord, StopTradeRecord, TradeRecord } from '../engine/records.js';
import { formatUnits } from '../money/units.js';
import { formatAverage, formatPrice, formatQty, formatShare, formatTime } from './cells.js';
import { type Column, formatInteger, type Table } from './column.js';

function formatSettle(amount: bigint, record: Pick<TradeRecord, 'contract'>): string {
  return formatUnits(amount, record.contract.settle.decimals);
}

/** Every fill. */
export const TRADES: Table<TradeRecord> = {
  name: 'trades',
  columns: [
    { name: 'id', kind: 'integer', priority: 4, cell: (r) => String(r.id) },
    { name: 'time', kind: 'time', priority: 1, cell: (r) => formatTime(r.timeMs) },
    { name: 'account', kind: 'text', priority: 4, cell: (r) => r.account },
    { name: 'symbol', kind: 'text', priority: 5, cell: (r) => r.contract.symbol },
    { name: 'order_id', kind: 'integer', priority: 6, cell: (r) => formatInteger(r.orderId) },
    { name: 'side', kind: 'word', priority: 1, cell: (r) => r.side },
    { name: 'position_effect', kind: 'word', priority: 3, cell: (r) => r.positionEffect },
    { name: 'price', kind: 'decimal', priority: 1, cell: (r) => formatPrice(r.price, r.contract) },
    { name: 'qty', kind: 'decimal', priority: 1, cell: (r) => formatQty(r.qty, r.contract) },
    { name: 'amount', kind: 'decimal', priority: 4, cell: (r) => formatSettle(r.amount, r) },
    { name: 'commission', kind: 'decimal', priority: 3, cell: (r) => formatSettle(r.commission, r) },
    { name: 'realized_pnl', kind: 'decimal', priority: 2, isToned: true, cell: (r) => formatSettle(r.realizedPnl, r) },
    { name: 'liquidity', kind: 'word', priority: 6, cell: (r) => r.liquidity },
    { name: 'reason', kind: 'word', priority: 3, cell: (r) => r.reason },
  ],
};

/** Stops that filled: the classic eight columns first, then what places them. */
export const STOP_TRADES: Table<StopTradeRecord> = {
  name: 'stop_trades',
  columns: [
    { name: 'id', kind: 'integer', priority: 4, cell: (r) => String(r.trade.id) },
    { name: 'side', kind: 'word', priority: 2, cell: (r) => r.trade.side },
    { name: 'price', kind: 'decimal', priority: 1, cell: (r) => formatPrice(r.trade.price, r.trade.contract) },
    { name: 'qty', kind: 'decimal', priority: 2, cell: (r) => formatQty(r.trade.qty, r.trade.contract) },
    { name: 'amount', kind: 'decimal', priority: 4, cell: (r) => formatSettle(r.trade.amount, r.trade) },
    { name: 'commission', kind: 'decimal', priority: 4, cell: (r) => formatSettle(r.trade.commission, r.trade) },
    { name: 'stop_price', kind: 'decimal', priority: 1, cell: (r) => formatPrice(r.stopPrice, r.trade.contract) },
    { name: 'loss_profit', kind: 'word', priority: 1, isToned: true, cell: (r) => r.lossProfit },
    { name: 'time', kind: 'time', priority: 1, cell: (r) => formatTime(r.trade.timeMs) },
    { name: 'account', kind: 'text', priority: 4, cell: (r) => r.trade.account },
    { name: 'symbol', kind: 'text', priority: 5, cell: (r) => r.trade.contract.symbol },
    { name: 'order_id', kind: 'integer', priority: 5, cell: (r) => formatInteger(r.orderId) },
    { name: 'trigger', kind: 'word', priority: 6, cell: (r) => r.trigger },
    {
      name: 'realized_pnl',
      kind: 'decimal',
      priority: 3,
      isToned: true,
      cell: (r) => formatSettle(r.trade.realizedPnl, r.trade),
    },
    { name: 'rule', kind: 'word', priority: 5, cell: (r) => r.rule },
    { name: 'path', kind: 'word', priority: 6, cell: (r) => r.path },
  ],
};

/** Every order, refused ones too. */
export const ORDERS: Table<OrderRecord> = {
  name: 'orders',
  columns: [
    { name: 'id', kind: 'integer', priority: 1, cell: (r) => String(r.id) },
    { name: 'time', kind: 'time', priority: 2, cell: (r) => formatTime(r.timeMs) },
    { name: 'account', kind: 'text', priority: 5, cell: (r) => r.account },
    { name: 'symbol', kind: 'text', priority: 5, cell: (r) => r.symbol },
    { name: 'side', kind: 'word', priority: 1, cell: (r) => r.side },
    { name: 'position_effect', kind: 'word', priority: 4, cell: (r) => r.positionEffect },
    { name: 'type', kind: 'word', priority: 3, cell: (r) => r.type },
    {
      name: 'price',
      kind: 'decimal',
      priority: 3,
      cell: (r) => formatNullable(r.price, (p) => formatPrice(p, r.contract)),
    },
    { name: 'qty', kind: 'decimal', priority: 1, cell: (r) => formatNullable(r.qty, (q) => formatQty(q, r.contract)) },
    { name: 'filled_qty', kind: 'decimal', priority: 4, cell: (r) => formatQty(r.filledQty, r.contract) },
    {
      name: 'avg_price',
      kind: 'decimal',
      priority: 4,
      cell: (r) => formatNullable(r.avgPrice, (p) => formatAverage(p, r.contract)),
    },
    { name: 'status', kind: 'word', priority: 1, cell: (r) => r.status },
    { name: 'code', kind: 'integer', priority: 6, cell: (r) => formatInteger(r.code) },
    { name: 'reason', kind: 'text', priority: 2, cell: (r) => r.reason },
    { name: 'parent_id', kind: 'integer', priority: 6, cell: (r) => formatInteger(r.parentId) },
    { name: 'tag', kind: 'text', priority: 5, cell: (r) => r.tag },
    { name: 'end_time', kind: 'time', priority: 6, cell: (r) => formatTime(r.endTimeMs) },
  ],
};

/** One row from flat to flat. `return` is net_pnl / value of the entries, empty where that value is 0. */
export const CLOSED_TRADES: Table<ClosedTradeRecord> = {
  name: 'closed_trades',
  columns: [
    { name: 'id', kind: 'integer', priority: 3, cell: (r) => String(r.id) },
    { name: 'account', kind: 'text', priority: 4, cell: (r) => r.account },
    { name: 'symbol', kind: 'text', priority: 5, cell: (r) => r.contract.symbol },
    { name: 'side', kind: 'word', priority: 1, cell: (r) => r.side },
    { name: 'entry_time', kind: 'time', priority: 4, cell: (r) => formatTime(r.entryTimeMs) },
    { name: 'exit_time', kind: 'time', priority: 2, cell: (r) => formatTime(r.exitTimeMs) },
    { name: 'bars', kind: 'integer', priority: 5, cell: (r) => String(r.bars) },
    { name: 'qty', kind: 'decimal', priority: 1, cell: (r) => formatQty(r.qty, r.contract) },
    { name: 'entry_price', kind: 'decimal', priority: 3, cell: (r) => formatAverage(r.entryPrice, r.contract) },
    { name: 'exit_price', kind: 'decimal', priority: 3, cell: (r) => formatAverage(r.exitPrice, r.contract) },
    money('gross_pnl', 5, (r) => r.grossPnl),
    { name: 'fees', kind: 'decimal', priority: 4, cell: (r) => formatSettle(r.fees, r) },
    money('funding', 4, (r) => r.funding),
    money('net_pnl', 1, (r) => r.netPnl),
    {
      name: 'return',
      kind: 'decimal',
      priority: 3,
      isToned: true,
      cell: (r) => formatShare(r.netPnl, r.entryValue),
    },
    money('mae', 6, (r) => r.mae),
    money('mfe', 6, (r) => r.mfe),
    { name: 'exit_reason', kind: 'word', priority: 2, cell: (r) => r.exitReason },
  ],
};

/** A column of gains and losses in the settlement currency. */
function money(name: string, priority: number, read: (r: ClosedTradeRecord) => bigint): Column<ClosedTradeRecord> {
  return { name, kind: 'decimal', priority, isToned: true, cell: (r) => formatSettle(read(r), r) };
}

function formatNullable<T>(value: T | null, format: (value: T) => string): string | null {
  return value === null ? null : format(value);
}
