/**
 * Runs the reference engine alone over a world and keeps its records, for the tests of what it covers and of what must hold in
 * every run: wallets are the sums of their bills, rows add up, no wallet is below zero while flat.
 */

import type {
  BalanceRecord,
  BillRecord,
  ClosedTradeRecord,
  OrderRecord,
  PositionRecord,
  RunOutcome,
  StopTradeRecord,
  TradeRecord,
} from '../../engine/records.js';
import { runReference } from '../referenceEngine/referenceEngine.js';
import type { World } from './world.js';
import { inputOf } from './worldInput.js';

export interface ReferenceRun {
  readonly trades: readonly TradeRecord[];
  readonly stops: readonly StopTradeRecord[];
  readonly orders: readonly OrderRecord[];
  readonly balances: readonly BalanceRecord[];
  readonly positions: readonly PositionRecord[];
  readonly bills: readonly BillRecord[];
  readonly closed: readonly ClosedTradeRecord[];
  readonly calls: readonly string[];
  readonly outcome: RunOutcome;
}

export async function referenceRunOf(world: World): Promise<ReferenceRun> {
  const trades: TradeRecord[] = [];
  const stops: StopTradeRecord[] = [];
  const orders: OrderRecord[] = [];
  const balances: BalanceRecord[] = [];
  const positions: PositionRecord[] = [];
  const bills: BillRecord[] = [];
  const closed: ClosedTradeRecord[] = [];
  const calls: string[] = [];
  const sink = {
    trade: (row: TradeRecord): void => void trades.push(row),
    stopTrade: (row: StopTradeRecord): void => void stops.push(row),
    order: (row: OrderRecord): void => void orders.push(row),
    balance: (row: BalanceRecord): void => void balances.push(row),
    position: (row: PositionRecord): void => void positions.push(row),
    bill: (row: BillRecord): void => void bills.push(row),
    closedTrade: (row: ClosedTradeRecord): void => void closed.push(row),
  };
  const outcome = await runReference(inputOf(world, sink, (text) => calls.push(text)));
  return { trades, stops, orders, balances, positions, bills, closed, calls, outcome };
}

/** What must hold in every run and does not; empty where all is well. */
export function brokenLaws(run: ReferenceRun): string[] {
  const broken: string[] = [];
  const wallets = new Map<string, bigint>();
  // Given fills ask for nothing to be there.
  const isGiven = run.trades.some(({ reason }) => reason === 'replay');
  for (const bill of run.bills) {
    const key = `${bill.account} ${bill.currency.code}`;
    const wallet = (wallets.get(key) ?? 0n) + bill.amount;
    wallets.set(key, wallet);
    const isSpot = bill.type === 'spot_buy' || bill.type === 'spot_sell';
    if (!isGiven && isSpot && bill.amount < 0n && wallet < 0n) broken.push(`bill ${bill.id}: ${wallet} is left`);
    if (wallet !== bill.balanceAfter) broken.push(`bill ${bill.id}: balance ${bill.balanceAfter} is not ${wallet}`);
  }
  for (const row of run.balances) {
    const parts = row.available + row.positionMargin + row.orderMargin;
    if (parts !== row.marginBalance) broken.push(`row of ${row.timeMs}: ${row.marginBalance} is not ${parts}`);
    if (row.wallet + row.unrealizedPnl !== row.marginBalance) broken.push(`row of ${row.timeMs}: wallet and result`);
  }
  for (const ledger of run.outcome.accounts) {
    const wallet = wallets.get(`${ledger.account} ${ledger.currency.code}`) ?? 0n;
    if (wallet !== ledger.wallet) broken.push(`${ledger.account}: wallet ${ledger.wallet} is not ${wallet}`);
    if (!isGiven && ledger.openPositions === 0 && ledger.wallet < 0n)
      broken.push(`${ledger.account}: ${ledger.wallet} while flat`);
  }
  broken.push(...brokenQuantities(run), ...brokenOrders(run));
  return broken;
}

/** What is taken over is exactly what is held: never twice, never more. */
function brokenQuantities(run: ReferenceRun): string[] {
  const broken: string[] = [];
  const held = new Map<string, bigint>();
  const keyOf = (trade: TradeRecord, side: string): string => `${trade.account} ${trade.contract.symbol} ${side}`;
  // Coins may be sold that were never bought: what bounds those sells is the wallet.
  for (const trade of run.trades.filter(({ contract }) => contract.type !== 'spot')) {
    const opens = trade.positionEffect === 'open';
    const isLong = opens === (trade.side === 'buy');
    const key = keyOf(trade, isLong ? 'long' : 'short');
    const qty = (held.get(key) ?? 0n) + (opens ? trade.qty : -trade.qty);
    held.set(key, qty);
    if (qty < 0n) broken.push(`trade ${trade.id} closes ${-qty} more than is held`);
    if (trade.reason === 'liquidation' && qty !== 0n) broken.push(`trade ${trade.id} leaves ${qty}`);
    if (trade.reason === 'partial_liquidation' && qty === 0n) broken.push(`trade ${trade.id} is no partial one`);
  }
  return broken;
}

/** Orders fill at most their quantity, and every order ends. */
function brokenOrders(run: ReferenceRun): string[] {
  return run.orders.flatMap((order) => {
    if (order.status === 'open') return [`order ${order.id} has not ended`];
    const isOver = order.qty !== null && order.filledQty > order.qty;
    return isOver ? [`order ${order.id} filled ${order.filledQty} of ${order.qty}`] : [];
  });
}
