/**
 * What the callbacks of a strategy are told after a bar has closed: fills, refused orders, liquidations and funding, each with the
 * time at which it happened (product text §4). Amounts are in whole currency units as float64, for deciding.
 */

import type { TradeRecord } from '../../engine/records.js';
import type {
  Context,
  FillEvent,
  FundingEvent,
  LiquidationEvent,
  Order,
  Params,
  Strategy,
} from '../../strategy/strategy.js';
import type { Book, RefAccount } from './account.js';
import { type Num, num, type Ratio, ratioToFloat, toFloat } from './numbers.js';
import type { RefOrder } from './orders.js';

export type Tiding =
  | { readonly kind: 'fill'; readonly timeMs: number; readonly fill: FillEvent }
  | { readonly kind: 'rejected'; readonly timeMs: number; readonly order: Order }
  | { readonly kind: 'liquidation'; readonly timeMs: number; readonly liquidation: LiquidationEvent }
  | { readonly kind: 'funding'; readonly timeMs: number; readonly funding: FundingEvent };

/** Units of 10^-decimals → whole units as a float64. */
export const inWhole = (decimals: number, amount: Num): number => toFloat(amount.times(num(`1e-${decimals}`)));

export function orderView(order: RefOrder): Order {
  return {
    id: order.id,
    symbol: order.symbol,
    side: order.side === 1 ? 'buy' : 'sell',
    positionEffect: order.effect,
    type: order.type,
    status: order.status,
    ...(order.code === null ? {} : { code: order.code }),
    ...(order.reason === null ? {} : { reason: order.reason }),
  };
}

/** A row of trades as a callback sees it. */
export function fillTiding(trade: Omit<TradeRecord, 'id'>): Tiding {
  const { decimals } = trade.contract.settle;
  const money = (amount: bigint): number => inWhole(decimals, num(amount));
  const fill: FillEvent = {
    account: trade.account,
    symbol: trade.contract.symbol,
    orderId: trade.orderId as number | null,
    timeMs: trade.timeMs,
    side: trade.side,
    positionEffect: trade.positionEffect,
    price: trade.price,
    qty: inWhole(trade.contract.qtyDecimals, num(trade.qty)),
    amount: money(trade.amount),
    commission: money(trade.commission),
    realizedPnl: money(trade.realizedPnl),
    reason: trade.reason,
  };
  return { kind: 'fill', timeMs: trade.timeMs, fill };
}

/** A take-over of a position, whole or in part; `loss` is what it took from the wallet, fees less what the fund gave. */
export function liquidationTiding(
  book: Book,
  taken: {
    readonly timeMs: number;
    readonly side: 1 | -1;
    readonly qty: Num;
    readonly price: Num;
    readonly loss: Num;
  },
): Tiding {
  const { contract } = book.terms;
  const liquidation: LiquidationEvent = {
    account: book.account.input.name,
    symbol: book.symbol,
    timeMs: taken.timeMs,
    side: taken.side === 1 ? 'long' : 'short',
    qty: inWhole(contract.qtyDecimals, taken.qty),
    price: toFloat(taken.price),
    loss: inWhole(contract.settle.decimals, taken.loss),
  };
  return { kind: 'liquidation', timeMs: taken.timeMs, liquidation };
}

export function fundingTiding(book: Book, rate: Ratio, amount: Num, timeMs: number): Tiding {
  const funding: FundingEvent = {
    account: book.account.input.name,
    symbol: book.symbol,
    timeMs,
    rate: ratioToFloat(rate),
    amount: inWhole(book.terms.contract.settle.decimals, amount),
  };
  return { kind: 'funding', timeMs, funding };
}

/** Takes what is new from the accounts: what the calls at a close brought, in the order of the calls. */
export function takeFromCalls(accounts: readonly RefAccount[]): Tiding[] {
  const idOf = (tiding: Tiding): number => (tiding.kind === 'rejected' ? tiding.order.id : 0);
  return takeNew(accounts).sort((a, b) => idOf(a) - idOf(b));
}

/** Takes what is new from the accounts: what a bar brought, by time, then by account in their order. */
export const takeFromBar = (accounts: readonly RefAccount[]): Tiding[] =>
  takeNew(accounts).sort((a, b) => a.timeMs - b.timeMs);

function takeNew(accounts: readonly RefAccount[]): Tiding[] {
  const taken = accounts.flatMap((account) => account.tidings);
  for (const account of accounts) account.tidings = [];
  return taken;
}

export function tell(
  tidings: readonly Tiding[],
  strategy: Strategy<Params, unknown>,
  context: Context,
  state: unknown,
): void {
  for (const tiding of tidings) {
    if (tiding.kind === 'fill') strategy.onFill?.(context, tiding.fill, state);
    else if (tiding.kind === 'rejected') strategy.onOrderRejected?.(context, tiding.order, state);
    else if (tiding.kind === 'liquidation') strategy.onLiquidation?.(context, tiding.liquidation, state);
    else strategy.onFunding?.(context, tiding.funding, state);
  }
}
