/**
 * What an account shows of itself to a strategy: balances and positions as numbers, for deciding, never for booking.
 */

import { computeEntryPrice, type Position } from '../account/position.js';
import { sameCoin } from '../contract/currencyLinks.js';
import { fractionToF64 } from '../money/decimal.js';
import { unitsToF64 } from '../money/units.js';
import type { PositionView, SymbolPosition } from '../strategy/strategy.js';
import { positionRecord } from './accountRows.js';
import type { AccountRuntime } from './accountRuntime.js';
import type { Moment } from './moment.js';
import type { PositionRecord } from './records.js';
import type { SymbolBook } from './symbolBook.js';

/** Balances of the account's own ledger. */
export function accountFigures(
  runtime: AccountRuntime,
  moment: Moment,
): { balance: number; available: number; marginBalance: number; bankrupt: boolean } {
  const { code, decimals } = runtime.account.settings.currency;
  const balances = runtime.balances(code, moment);
  return {
    balance: unitsToF64(balances.wallet, decimals),
    available: Math.max(0, unitsToF64(balances.available, decimals)),
    marginBalance: unitsToF64(balances.marginBalance, decimals),
    bankrupt: runtime.account.bankruptAtMs !== null,
  };
}

/** Wallet and what is available of one ledger; zeros where there is none. */
export function ledgerFigures(
  runtime: AccountRuntime,
  currency: string,
  moment: Moment,
): { balance: number; available: number } {
  const { currencies } = runtime.account;
  const ledger =
    currencies.find(({ code }) => code === currency) ??
    currencies.find(({ code }) => sameCoin(code) === sameCoin(currency));
  if (ledger === undefined) return { balance: 0, available: 0 };
  const { wallet, available } = runtime.balances(ledger.code, moment);
  return {
    balance: unitsToF64(wallet, ledger.decimals),
    available: Math.max(0, unitsToF64(available, ledger.decimals)),
  };
}

/** The position in a symbol; an object also when flat, and for a symbol that the run does not have. */
export function positionView(
  runtime: AccountRuntime,
  known: SymbolBook | null,
  symbol: string,
  moment: Moment,
): SymbolPosition {
  const book = known ?? runtime.books[0]!;
  const positions = runtime.account.positionsOf(book.contract);
  const settings = positions[0]!;
  const flat: PositionView = {
    // As rows show it; what the account does not trade is called as it was asked for.
    symbol: known === null ? symbol : book.contract.symbol,
    mode: settings.mode,
    leverage: fractionToF64(settings.leverage),
    qty: 0,
    entryPrice: Number.NaN,
    unrealizedPnl: 0,
    margin: 0,
    liquidationPrice: null,
  };
  const held = known === null ? [] : positions.filter(({ qty }) => qty !== 0n);
  const records = held.map((position) => positionRecord(runtime, position, moment));
  const views = held.map((position, i) => viewOf(position, records[i]!, flat));
  const long = views.find(({ qty }) => qty > 0) ?? flat;
  const short = views.find(({ qty }) => qty < 0) ?? flat;
  const positionMode = runtime.account.positionModeOf(book.contract);
  const shape = { positionMode, long, short };
  if (views.length < 2) return { ...(views[0] ?? flat), ...shape };
  // Sums of units, not of float64: 0.1 and 0.2 are 0.3.
  const { qtyDecimals, settle } = book.contract;
  const sum = <T>(of: readonly T[], read: (one: T) => bigint): bigint =>
    of.reduce((total, one) => total + read(one), 0n);
  return {
    ...flat,
    ...shape,
    qty: unitsToF64(
      sum(held, ({ qty }) => qty),
      qtyDecimals,
    ),
    unrealizedPnl: unitsToF64(
      sum(records, ({ unrealizedPnl }) => unrealizedPnl),
      settle.decimals,
    ),
    margin: unitsToF64(
      sum(records, ({ margin }) => margin),
      settle.decimals,
    ),
  };
}

function viewOf(position: Position, record: PositionRecord, flat: PositionView): PositionView {
  const { contract } = position;
  const entry = computeEntryPrice(position);
  return {
    ...flat,
    qty: unitsToF64(position.qty, contract.qtyDecimals),
    entryPrice: entry === null ? Number.NaN : fractionToF64(entry),
    unrealizedPnl: unitsToF64(record.unrealizedPnl, contract.settle.decimals),
    margin: unitsToF64(record.margin, contract.settle.decimals),
    liquidationPrice: record.liquidationPrice,
  };
}
