/**
 * Margin that a strategy adds to an isolated position by hand, or takes out of it.
 */

import { moveMarginIn, moveMarginOut } from '../account/marginMoves.js';
import type { Position } from '../account/position.js';
import type { MarginMove } from '../strategy/broker.js';
import type { CallResult } from '../strategy/strategy.js';
import type { AccountRuntime } from './accountRuntime.js';
import { booksOf, type CallContext, DONE, readUnits, rejected } from './callResult.js';
import { pickMoved, Trial } from './marginTrial.js';
import type { SymbolBook } from './symbolBook.js';

/** Adds margin to an isolated position, or takes it out. `amount` is in whole currency units, above zero. */
export function moveMargin(runtime: AccountRuntime, move: MarginMove, call: CallContext): CallResult {
  const books = booksOf(runtime, call);
  if ('status' in books) return books;
  const [only] = books;
  const { contract, index } = only!;
  const { account } = runtime;
  const units = readUnits(move.amount, contract.settle.decimals);
  if (units <= 0n) return rejected(400, 'amount_not_positive', { amount: move.amount });
  const position = positionMeant(runtime, only!, move.side);
  if ('status' in position) return position;
  if (position.mode !== 'isolated') return rejected(70001, 'not_isolated');
  const { transferable } = runtime.balances(contract.settle.code, call.moment);
  const isIn = move.direction === 'in';
  const mark = call.moment.mark(index);
  const asked = isIn
    ? moveMarginIn(position, units, transferable)
    : moveMarginOut(account.rules, position, units, mark, account.takerFee(contract));
  if ('refusal' in asked) return rejected(asked.refusal.code, asked.refusal.reason, asked.refusal.details);
  const trial = new Trial(runtime, call.moment);
  trial.put(position, asked.moved);
  const no = trial.judge();
  trial.takeBack();
  if (no !== null) return no;
  const [type, info] = isIn
    ? (['margin_add', 'margin added'] as const)
    : (['margin_remove', 'margin taken out'] as const);
  account.applyMove(contract, call.moment.timeMs, pickMoved(asked.moved), type, info, position.slot);
  runtime.hasChanged = true;
  return DONE;
}

/** The open position that a call means; of two sides the one it names. */
function positionMeant(
  { account }: AccountRuntime,
  { contract }: SymbolBook,
  side: string | undefined,
): Position | (CallResult & { readonly status: 'rejected' }) {
  const held = account.positionsOf(contract).filter(({ qty }) => qty !== 0n);
  const wanted = held.filter(({ qty }) => side === undefined || side === (qty > 0n ? 'long' : 'short'));
  if (wanted.length === 0) return rejected(400, 'no_position');
  return wanted.length === 1 ? wanted[0]! : rejected(400, 'side_needed');
}
