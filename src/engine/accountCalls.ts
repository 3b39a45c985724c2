/**
 * The calls of a strategy that are not orders: margin mode, leverage, and what an account shows of itself as numbers.
 */

import { computeEntryPrice } from '../account/position.js';
import { compareFractions, type Fraction, fractionToF64 } from '../money/decimal.js';
import { unitsToF64 } from '../money/units.js';
import type { CallResult, DecimalInput, PositionView } from '../strategy/strategy.js';
import type { AccountRuntime } from './accountRuntime.js';
import { readDecimal } from './orderRequest.js';
import { refusal } from './refusal.js';

const DONE: CallResult = { status: 'done' };

function rejected(code: number, reason: string, details: Readonly<Record<string, unknown>> = {}): CallResult {
  return { status: 'rejected', ...refusal(code, reason, details) };
}

function blocked(runtime: AccountRuntime, symbol: string | undefined): CallResult | null {
  if (symbol !== undefined && symbol !== runtime.contract.symbol) return rejected(400, 'unknown_symbol', { symbol });
  return runtime.account.bankruptAtMs === null ? null : rejected(70005, 'account_bankrupt');
}

/** Changes the margin mode of the next position. @param onChange called before the mode changes, with the old one. */
export function setMode(
  runtime: AccountRuntime,
  mode: string,
  symbol: string | undefined,
  onChange: (was: string) => void,
): CallResult {
  const no = blocked(runtime, symbol);
  if (no !== null) return no;
  if (mode !== 'cross' && mode !== 'isolated') return rejected(70001, 'invalid_margin_mode', { mode });
  const { position } = runtime;
  if (position.mode === mode) return DONE;
  if (position.qty !== 0n) return rejected(70001, 'open_position');
  if (!runtime.orders.isEmpty && runtime.account.rules.marginModeSwitch !== 'anytime') {
    return rejected(70001, 'open_orders');
  }
  onChange(position.mode);
  position.mode = mode;
  return DONE;
}

/** Sets the leverage of the next position; 0 selects cross. @param onChange called before it changes, with the old one. */
export function setMaxLeverage(
  runtime: AccountRuntime,
  leverage: DecimalInput,
  symbol: string | undefined,
  onChange: (was: number) => void,
): CallResult {
  const no = blocked(runtime, symbol);
  if (no !== null) return no;
  const { position, contract } = runtime;
  const asked = readDecimal(leverage);
  if (asked === undefined || asked.num < 0n) return rejected(400, 'bad_leverage', { leverage });
  if (compareFractions(asked, contract.maxLeverage) > 0) {
    return rejected(70003, 'leverage_above_max', { leverage, max: fractionToF64(contract.maxLeverage) });
  }
  if (compareFractions(asked, position.leverage) === 0 && (asked.num > 0n || position.mode === 'cross')) return DONE;
  if (position.qty !== 0n) return rejected(400, 'open_position');
  if (!runtime.orders.isEmpty) return rejected(400, 'open_orders');
  onChange(fractionToF64(position.leverage));
  position.leverage = asked;
  if (asked.num === 0n) position.mode = 'cross';
  return DONE;
}

/** Balances as numbers, for deciding. */
export function accountFigures(
  runtime: AccountRuntime,
  mark: Fraction,
): { balance: number; available: number; marginBalance: number; bankrupt: boolean } {
  const { decimals } = runtime.contract.settle;
  const balances = runtime.balances(mark);
  return {
    balance: unitsToF64(balances.wallet, decimals),
    available: Math.max(0, unitsToF64(balances.available, decimals)),
    marginBalance: unitsToF64(balances.marginBalance, decimals),
    bankrupt: runtime.account.bankruptAtMs !== null,
  };
}

/** A position as numbers, for deciding; an object also when flat. */
export function positionView(runtime: AccountRuntime, symbol: string, mark: Fraction): PositionView {
  const { position, contract } = runtime;
  const shape = { symbol, mode: position.mode, leverage: fractionToF64(position.leverage) };
  const entry = symbol === contract.symbol ? computeEntryPrice(position) : null;
  const record = entry === null ? null : runtime.positionRecord(0, fractionToF64(mark));
  if (entry === null || record === null) {
    return { ...shape, qty: 0, entryPrice: Number.NaN, unrealizedPnl: 0, margin: 0, liquidationPrice: null };
  }
  return {
    ...shape,
    qty: unitsToF64(position.qty, contract.qtyDecimals),
    entryPrice: fractionToF64(entry),
    unrealizedPnl: unitsToF64(record.unrealizedPnl, contract.settle.decimals),
    margin: unitsToF64(record.margin, contract.settle.decimals),
    liquidationPrice: record.liquidationPrice,
  };
}
