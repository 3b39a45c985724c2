/**
 * The columns of the tables of accounts: balance, positions and bills, in the order of their files. In positions,
 * `value` is the price at which a position is valued and `amount` its total value in the settlement currency, the words of
 * the classic table; `mark_price` repeats the price under its venue name.
 */

import type { BalanceRecord, BillRecord, PositionRecord } from '../engine/records.js';
import { formatLeverage, formatShare } from './cells.js';
import { averages, decimals, integers, prices, type Table, texts, times, toned, units, words } from './column.js';

const currencyOf = ({ currency }: Pick<BalanceRecord, 'currency'>): number => currency.decimals;

/** An account's money in one currency at one time. */
export const BALANCE: Table<BalanceRecord> = {
  name: 'balance',
  columns: [
    times('time', 1, (r) => r.timeMs),
    texts('account', 3, (r) => r.account),
    texts('currency', 4, (r) => r.currency.code),
    units('wallet_balance', 1, (r) => r.wallet, currencyOf),
    toned(units('unrealized_pnl', 3, (r) => r.unrealizedPnl, currencyOf)),
    units('margin_balance', 1, (r) => r.marginBalance, currencyOf),
    units('position_margin', 5, (r) => r.positionMargin, currencyOf),
    units('order_margin', 6, (r) => r.orderMargin, currencyOf),
    units('available_balance', 2, (r) => r.available, currencyOf),
  ],
};

const contractOf = ({ contract }: PositionRecord) => contract;
const qtyOf = ({ contract }: PositionRecord): number => contract.qtyDecimals;
const settleOf = ({ contract }: PositionRecord): number => contract.settle.decimals;

/**
 * Open positions. `margin_ratio` is maintenance_margin / equity, empty where the equity is not positive: `risk_level` says
 * `liquidation` there.
 */
export const POSITIONS: Table<PositionRecord> = {
  name: 'positions',
  columns: [
    times('time', 1, (r) => r.timeMs),
    texts('account', 4, (r) => r.account),
    texts('symbol', 2, (r) => r.contract.symbol),
    words('asset_class', 8, (r) => r.contract.type),
    words('side', 1, (r) => r.side),
    prices('value', 8, (r) => r.markPrice, contractOf),
    units('amount', 5, (r) => r.amount, settleOf),
    units('total', 1, (r) => r.total, qtyOf),
    units('available', 7, (r) => r.available, qtyOf),
    units('frozen', 7, (r) => r.frozen, qtyOf),
    averages('avg_cost', 2, (r) => r.entryPrice, contractOf),
    prices('mark_price', 3, (r) => r.markPrice, contractOf),
    toned(units('unrealized_pnl', 2, (r) => r.unrealizedPnl, settleOf)),
    units('margin', 4, (r) => r.margin, settleOf),
    words('mode', 5, (r) => r.mode),
    decimals('leverage', 5, (r) => (r.leverage === null ? null : formatLeverage(r.leverage))),
    prices('liquidation_price', 3, (r) => r.liquidationPrice, contractOf),
    prices('bankruptcy_price', 6, (r) => r.bankruptcyPrice, contractOf),
    units('maintenance_margin', 6, (r) => r.maintenanceMargin, settleOf),
    decimals('margin_ratio', 4, (r) => formatShare(r.groupMaintenance, r.equity)),
    words('risk_level', 3, (r) => r.riskLevel),
  ],
};

/** The journal: every change of a wallet. */
export const BILLS: Table<BillRecord> = {
  name: 'bills',
  columns: [
    integers('id', 2, (r) => r.id),
    times('time', 1, (r) => r.timeMs),
    texts('account', 3, (r) => r.account),
    texts('currency', 4, (r) => r.currency.code),
    texts('symbol', 4, (r) => r.symbol),
    words('type', 1, (r) => r.type),
    toned(units('amount', 1, (r) => r.amount, currencyOf)),
    units('fee', 5, (r) => r.fee, currencyOf),
    units('balance_after', 2, (r) => r.balanceAfter, currencyOf),
    units('isolated_delta', 6, (r) => r.isolatedDelta, currencyOf),
    integers('order_id', 5, (r) => r.orderId),
    integers('position_id', 6, (r) => r.positionId),
    texts('info', 5, (r) => r.info),
  ],
};
