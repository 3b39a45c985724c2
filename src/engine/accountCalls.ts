/**
 * The calls of a strategy that are not orders: margin mode, leverage, and what an account shows of itself as numbers.
 */

import type { MoveBill } from '../account/bookings.js';
import {
  isCovered,
  type Move,
  type Moved,
  moveLeverage,
  moveMarginIn,
  moveMarginOut,
  moveMode,
} from '../account/marginMoves.js';
import { computeEntryPrice } from '../account/position.js';
import { compareFractions, type Fraction, fractionToF64 } from '../money/decimal.js';
import { divFloor } from '../money/rounding.js';
import { pow10, unitsToF64 } from '../money/units.js';
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

/** Where and when a call is made. */
export interface CallContext {
  readonly timeMs: number;
  /** The mark that is known then. */
  readonly mark: Fraction;
  readonly symbol: string | undefined;
}

/**
 * Changes the margin mode. With an open position only where the venue lets it, and only if the account covers the result.
 *
 * @param onChange called before the mode changes, with the old one.
 */
export function setMode(
  runtime: AccountRuntime,
  mode: string,
  call: CallContext,
  onChange: (was: string) => void,
): CallResult {
  const no = blocked(runtime, call.symbol);
  if (no !== null) return no;
  if (mode !== 'cross' && mode !== 'isolated') return rejected(70001, 'invalid_margin_mode', { mode });
  const { position } = runtime;
  if (position.mode === mode) return DONE;
  if (runtime.account.rules.marginModeSwitch !== 'anytime') {
    if (position.qty !== 0n) return rejected(70001, 'open_position');
    if (!runtime.orders.isEmpty) return rejected(70001, 'open_orders');
  }
  return settleMove(runtime, call, {
    move: moveMode(position, mode),
    type: mode === 'isolated' ? 'margin_add' : 'margin_remove',
    info: `${position.mode} to ${mode}`,
    onChange: () => onChange(position.mode),
  });
}

/**
 * Sets the leverage; 0 selects cross at the tier's own rate. With an open position margin moves, by the venue's rule.
 *
 * @param onChange called before the leverage changes, with the old one.
 */
export function setMaxLeverage(
  runtime: AccountRuntime,
  leverage: DecimalInput,
  call: CallContext,
  onChange: (was: number) => void,
): CallResult {
  const no = blocked(runtime, call.symbol);
  if (no !== null) return no;
  const { position, contract, account } = runtime;
  const asked = readDecimal(leverage);
  if (asked === undefined || asked.num < 0n) return rejected(400, 'bad_leverage', { leverage });
  if (compareFractions(asked, contract.maxLeverage) > 0) {
    return rejected(70003, 'leverage_above_max', { leverage, max: fractionToF64(contract.maxLeverage) });
  }
  if (compareFractions(asked, position.leverage) === 0 && (asked.num > 0n || position.mode === 'cross')) return DONE;
  const was = fractionToF64(position.leverage);
  const { transferable } = runtime.balances(call.mark);
  const isCrossAsked = asked.num === 0n && position.mode === 'isolated';
  if (isCrossAsked && account.rules.marginModeSwitch !== 'anytime') {
    if (position.qty !== 0n) return rejected(70001, 'open_position');
    if (!runtime.orders.isEmpty) return rejected(70001, 'open_orders');
  }
  const move = isCrossAsked
    ? { moved: { mode: 'cross', leverage: asked, margin: 0n, added: 0n } as const }
    : moveLeverage(account.rules, position, asked, call.mark, transferable);
  const info = `leverage ${was} to ${fractionToF64(asked)}`;
  return settleMove(runtime, call, { move, type: 'leverage_change', info, onChange: () => onChange(was) });
}

/** Adds margin to an isolated position, or takes it out. @param amount in whole currency units, above zero. */
export function moveMargin(
  runtime: AccountRuntime,
  direction: 'in' | 'out',
  amount: DecimalInput,
  call: CallContext,
): CallResult {
  const no = blocked(runtime, call.symbol);
  if (no !== null) return no;
  const { position, contract, account } = runtime;
  const asked = readDecimal(amount);
  const units = asked === undefined ? 0n : divFloor(asked.num * pow10(contract.settle.decimals), asked.den);
  if (units <= 0n) return rejected(400, 'amount_not_positive', { amount });
  if (position.qty === 0n) return rejected(400, 'no_position');
  if (position.mode !== 'isolated') return rejected(70001, 'not_isolated');
  const { transferable } = runtime.balances(call.mark);
  return settleMove(runtime, call, {
    move:
      direction === 'in'
        ? moveMarginIn(position, units, transferable)
        : moveMarginOut(position, units, account.takerFee(contract)),
    type: direction === 'in' ? 'margin_add' : 'margin_remove',
    info: direction === 'in' ? 'margin added' : 'margin taken out',
    onChange: () => {},
  });
}

/** Books a move that its own rule allows, the account covers, and the position survives; else changes nothing. */
function settleMove(
  runtime: AccountRuntime,
  call: CallContext,
  wanted: { readonly move: Move; readonly type: MoveBill; readonly info: string; readonly onChange: () => void },
): CallResult {
  const { move } = wanted;
  if ('refusal' in move) return rejected(move.refusal.code, move.refusal.reason, move.refusal.details);
  const { position, account, contract } = runtime;
  const { mode, leverage, margin, added } = position;
  const before = runtime.balances(call.mark);
  Object.assign(position, pickMoved(move.moved));
  const after = runtime.balances(call.mark);
  const isLost = runtime.isLiquidatable(call.mark);
  Object.assign(position, { mode, leverage, margin, added });
  if (!isCovered(before, after)) {
    return rejected(70004, 'insufficient_margin', { available: before.available, afterwards: after.available });
  }
  if (isLost) return rejected(70004, 'would_liquidate', { margin: move.moved.margin });
  wanted.onChange();
  account.applyMove(contract, call.timeMs, move.moved, wanted.type, wanted.info);
  runtime.hasChanged = true;
  return DONE;
}

function pickMoved({ mode, leverage, margin, added }: Moved): Moved {
  return { mode, leverage, margin, added };
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
