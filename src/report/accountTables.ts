/**
 * The columns of the tables of accounts: balance, positions and bills, in the order of their files. In positions,
 * `value` is the price at which a position is valued and `amount` its total value in the settlement currency, the words of
 * the classic table; `mark_price` repeats the price under its venue name.
 */

import type { BalanceRecord, BillRecord, PositionRecord } from '../engine/records.js';
import { formatUnits } from '../money/units.js';
import { formatAverage, formatLeverage, formatPrice, formatQty, formatShare, formatTime } from './cells.js';
import { type Column, formatInteger, type Table } from './column.js';

/** An account's money in one currency at one time. */
export const BALANCE: Table<BalanceRecord> = {
  name: 'balance',
  columns: [
    { name: 'time', kind: 'time', priority: 1, cell: (r) => formatTime(r.timeMs) },
    { name: 'account', kind: 'text', priority: 3, cell: (r) => r.account },
    { name: 'currency', kind: 'text', priority: 4, cell: (r) => r.currency.code },
    ofBalance('wallet_balance', 1, (r) => r.wallet),
    { ...ofBalance('unrealized_pnl', 3, (r) => r.unrealizedPnl), isToned: true },
    ofBalance('margin_balance', 1, (r) => r.marginBalance),
    ofBalance('position_margin', 5, (r) => r.positionMargin),
    ofBalance('order_margin', 6, (r) => r.orderMargin),
    ofBalance('available_balance', 2, (r) => r.available),
  ],
};

/**
 * Open positions. `margin_ratio` is maintenance_margin / equity, empty where the equity is not positive: `risk_level` says
 * `liquidation` there.
 */
export const POSITIONS: Table<PositionRecord> = {
  name: 'positions',
  columns: [
    { name: 'time', kind: 'time', priority: 1, cell: (r) => formatTime(r.timeMs) },
    { name: 'account', kind: 'text', priority: 4, cell: (r) => r.account },
    { name: 'symbol', kind: 'text', priority: 2, cell: (r) => r.contract.symbol },
    { name: 'asset_class', kind: 'word', priority: 8, cell: (r) => r.contract.type },
    { name: 'side', kind: 'word', priority: 1, cell: (r) => r.side },
    { name: 'value', kind: 'decimal', priority: 8, cell: (r) => formatPrice(r.markPrice, r.contract) },
    ofPosition('amount', 5, (r) => r.amount),
    { name: 'total', kind: 'decimal', priority: 1, cell: (r) => formatQty(r.total, r.contract) },
    { name: 'available', kind: 'decimal', priority: 7, cell: (r) => formatQty(r.available, r.contract) },
    { name: 'frozen', kind: 'decimal', priority: 7, cell: (r) => formatQty(r.frozen, r.contract) },
    { name: 'avg_cost', kind: 'decimal', priority: 2, cell: (r) => formatAverage(r.entryPrice, r.contract) },
    { name: 'mark_price', kind: 'decimal', priority: 3, cell: (r) => formatPrice(r.markPrice, r.contract) },
    { ...ofPosition('unrealized_pnl', 2, (r) => r.unrealizedPnl), isToned: true },
    ofPosition('margin', 4, (r) => r.margin),
    { name: 'mode', kind: 'word', priority: 5, cell: (r) => r.mode },
    {
      name: 'leverage',
      kind: 'decimal',
      priority: 5,
      cell: (r) => (r.leverage === null ? null : formatLeverage(r.leverage)),
    },
    ofPrice('liquidation_price', 3, (r) => r.liquidationPrice),
    ofPrice('bankruptcy_price', 6, (r) => r.bankruptcyPrice),
    ofPosition('maintenance_margin', 6, (r) => r.maintenanceMargin),
    {
      name: 'margin_ratio',
      kind: 'decimal',
      priority: 4,
      cell: (r) => formatShare(r.groupMaintenance, r.equity),
    },
    { name: 'risk_level', kind: 'word', priority: 3, cell: (r) => r.riskLevel },
  ],
};

/** The journal: every change of a wallet. */
export const BILLS: Table<BillRecord> = {
  name: 'bills',
  columns: [
    { name: 'id', kind: 'integer', priority: 2, cell: (r) => String(r.id) },
    { name: 'time', kind: 'time', priority: 1, cell: (r) => formatTime(r.timeMs) },
    { name: 'account', kind: 'text', priority: 3, cell: (r) => r.account },
    { name: 'currency', kind: 'text', priority: 4, cell: (r) => r.currency.code },
    { name: 'symbol', kind: 'text', priority: 4, cell: (r) => r.symbol },
    { name: 'type', kind: 'word', priority: 1, cell: (r) => r.type },
    { ...ofBill('amount', 1, (r) => r.amount), isToned: true },
    ofBill('fee', 5, (r) => r.fee),
    ofBill('balance_after', 2, (r) => r.balanceAfter),
    ofBill('isolated_delta', 6, (r) => r.isolatedDelta),
    { name: 'order_id', kind: 'integer', priority: 5, cell: (r) => formatInteger(r.orderId) },
    { name: 'position_id', kind: 'integer', priority: 6, cell: (r) => formatInteger(r.positionId) },
    { name: 'info', kind: 'text', priority: 5, cell: (r) => r.info },
  ],
};

function ofBalance(name: string, priority: number, read: (r: BalanceRecord) => bigint): Column<BalanceRecord> {
  return { name, kind: 'decimal', priority, cell: (r) => formatUnits(read(r), r.currency.decimals) };
}

function ofBill(name: string, priority: number, read: (r: BillRecord) => bigint): Column<BillRecord> {
  return { name, kind: 'decimal', priority, cell: (r) => formatUnits(read(r), r.currency.decimals) };
}

function ofPosition(name: string, priority: number, read: (r: PositionRecord) => bigint): Column<PositionRecord> {
  return { name, kind: 'decimal', priority, cell: (r) => formatUnits(read(r), r.contract.settle.decimals) };
}

function ofPrice(name: string, priority: number, read: (r: PositionRecord) => number | null): Column<PositionRecord> {
  return {
    name,
    kind: 'decimal',
    priority,
    cell: (r) => {
      const price = read(r);
      return price === null ? null : formatPrice(price, r.contract);
    },
  };
}
