/**
 * The columns of the tables of orders and fills: trades, stop_trades, orders and closed_trades, in the order of their
 * files. Money has the digits of the settlement currency, prices those of the tick, averages and returns 8.
 */

import type { ClosedTradeRecord, OrderRecord, StopTradeRecord, TradeRecord } from '../engine/records.js';
import { formatShare } from './cells.js';
import {
  averages,
  type Column,
  decimals,
  integers,
  prices,
  type Table,
  texts,
  times,
  toned,
  units,
  words,
} from './column.js';

const contractOf = <C>({ contract }: { readonly contract: C }): C => contract;
/** Digits of the settlement currency. */
const settleOf = ({ contract }: Pick<TradeRecord, 'contract'>): number => contract.settle.decimals;
/** Digits of a quantity; without a contract (an unknown symbol) it counts whole contracts. */
const qtyOf = ({ contract }: Pick<OrderRecord, 'contract'>): number => contract?.qtyDecimals ?? 0;

/** Every fill. */
export const TRADES: Table<TradeRecord> = {
  name: 'trades',
  columns: [
    integers('id', 4, (r) => r.id),
    times('time', 1, (r) => r.timeMs),
    texts('account', 4, (r) => r.account),
    texts('symbol', 5, (r) => r.contract.symbol),
    integers('order_id', 6, (r) => r.orderId),
    words('side', 1, (r) => r.side),
    words('position_effect', 3, (r) => r.positionEffect),
    prices('price', 1, (r) => r.price, contractOf),
    units('qty', 1, (r) => r.qty, qtyOf),
    units('amount', 4, (r) => r.amount, settleOf),
    units('commission', 3, (r) => r.commission, settleOf),
    toned(units('realized_pnl', 2, (r) => r.realizedPnl, settleOf)),
    words('liquidity', 6, (r) => r.liquidity),
    words('reason', 3, (r) => r.reason),
  ],
};

const tradeContractOf = ({ trade }: StopTradeRecord) => trade.contract;
const tradeSettleOf = ({ trade }: StopTradeRecord): number => settleOf(trade);

/** Stops that filled: the classic eight columns first, then what places them. */
export const STOP_TRADES: Table<StopTradeRecord> = {
  name: 'stop_trades',
  columns: [
    integers('id', 4, (r) => r.trade.id),
    words('side', 2, (r) => r.trade.side),
    prices('price', 1, (r) => r.trade.price, tradeContractOf),
    units(
      'qty',
      2,
      (r) => r.trade.qty,
      (r) => qtyOf(r.trade),
    ),
    units('amount', 4, (r) => r.trade.amount, tradeSettleOf),
    units('commission', 4, (r) => r.trade.commission, tradeSettleOf),
    prices('stop_price', 1, (r) => r.stopPrice, tradeContractOf),
    toned(words('loss_profit', 1, (r) => r.lossProfit)),
    times('time', 1, (r) => r.trade.timeMs),
    texts('account', 4, (r) => r.trade.account),
    texts('symbol', 5, (r) => r.trade.contract.symbol),
    integers('order_id', 5, (r) => r.orderId),
    words('trigger', 6, (r) => r.trigger),
    toned(units('realized_pnl', 3, (r) => r.trade.realizedPnl, tradeSettleOf)),
    words('rule', 5, (r) => r.rule),
    words('path', 6, (r) => r.path),
  ],
};

/** Every order, refused ones too. */
export const ORDERS: Table<OrderRecord> = {
  name: 'orders',
  columns: [
    integers('id', 1, (r) => r.id),
    times('time', 2, (r) => r.timeMs),
    texts('account', 5, (r) => r.account),
    texts('symbol', 5, (r) => r.symbol),
    words('side', 1, (r) => r.side),
    words('position_effect', 4, (r) => r.positionEffect),
    words('type', 3, (r) => r.type),
    prices('price', 3, (r) => r.price, contractOf),
    units('qty', 1, (r) => r.qty, qtyOf),
    units('filled_qty', 4, (r) => r.filledQty, qtyOf),
    averages('avg_price', 4, (r) => r.avgPrice, contractOf),
    words('status', 1, (r) => r.status),
    integers('code', 6, (r) => r.code),
    texts('reason', 2, (r) => r.reason),
    integers('parent_id', 6, (r) => r.parentId),
    texts('tag', 5, (r) => r.tag),
    times('end_time', 6, (r) => r.endTimeMs),
  ],
};

/** One row from flat to flat. `return` is net_pnl / value of the entries, empty where that value is 0. */
export const CLOSED_TRADES: Table<ClosedTradeRecord> = {
  name: 'closed_trades',
  columns: [
    integers('id', 3, (r) => r.id),
    texts('account', 4, (r) => r.account),
    texts('symbol', 5, (r) => r.contract.symbol),
    words('side', 1, (r) => r.side),
    times('entry_time', 4, (r) => r.entryTimeMs),
    times('exit_time', 2, (r) => r.exitTimeMs),
    integers('bars', 5, (r) => r.bars),
    units('qty', 1, (r) => r.qty, qtyOf),
    averages('entry_price', 3, (r) => r.entryPrice, contractOf),
    averages('exit_price', 3, (r) => r.exitPrice, contractOf),
    money('gross_pnl', 5, (r) => r.grossPnl),
    units('fees', 4, (r) => r.fees, settleOf),
    money('funding', 4, (r) => r.funding),
    money('net_pnl', 1, (r) => r.netPnl),
    toned(decimals('return', 3, (r) => formatShare(r.netPnl, r.entryValue))),
    money('mae', 6, (r) => r.mae),
    money('mfe', 6, (r) => r.mfe),
    words('exit_reason', 2, (r) => r.exitReason),
  ],
};

/** A column of gains and losses in the settlement currency. */
function money(name: string, priority: number, read: (r: ClosedTradeRecord) => bigint): Column<ClosedTradeRecord> {
  return toned(units(name, priority, read, settleOf));
}
