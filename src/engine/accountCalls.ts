/**
 * The calls of a strategy about its settings: margin mode, leverage, position mode, automatic margin. A call that names no
 * symbol is about all contracts, and is done whole or not at all (marginTrial.ts); spot pairs have none of these.
 */

import { moveLeverage, moveMode, refuseModeSwitch } from '../account/marginMoves.js';
import { compareFractions, type Fraction, fractionToF64 } from '../money/decimal.js';
import type { CallResult, DecimalInput } from '../strategy/strategy.js';
import type { AccountRuntime } from './accountRuntime.js';
import { booksOf, type CallContext, DONE, rejected } from './callResult.js';
import { makeChanges } from './marginTrial.js';
import { readDecimal } from './readDecimal.js';

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
  const books = booksOf(runtime, call);
  if ('status' in books) return books;
  if (mode !== 'cross' && mode !== 'isolated') return rejected(70001, 'invalid_margin_mode', { mode });
  const { account } = runtime;
  return makeChanges(runtime, books, call, {
    plan: (book, positions) => {
      const [first] = positions;
      if (first!.mode === mode) return null;
      const held = positions.filter(({ qty }) => qty !== 0n).length;
      const no = refuseModeSwitch(account.rules, mode, held, !book.orders.isEmpty);
      if (no !== null) return rejected(no.code, no.reason, no.details);
      const type = mode === 'isolated' ? 'margin_add' : 'margin_remove';
      return { type, info: `${first!.mode} to ${mode}`, move: (position) => moveMode(position, mode) };
    },
    onChange: ({ mode: was }) => onChange(was),
  });
}

/**
 * Sets the leverage; 0 selects cross at the tier's own rate. With an open position margin moves, by the venue's rule.
 *
 * @param leverage as a call names it, or as it was worked out.
 * @param onChange called before the leverage changes, with the old one.
 */
export function setMaxLeverage(
  runtime: AccountRuntime,
  leverage: DecimalInput | Fraction,
  call: CallContext,
  onChange: (was: number) => void,
): CallResult {
  const books = booksOf(runtime, call);
  if ('status' in books) return books;
  const isWorkedOut = typeof leverage === 'object' && leverage !== null;
  const asked = isWorkedOut ? leverage : readDecimal(leverage);
  const shown = isWorkedOut ? fractionToF64(leverage) : leverage;
  if (asked === undefined || asked.num < 0n) return rejected(400, 'bad_leverage', { leverage: shown });
  const { rules } = runtime.account;
  return makeChanges(runtime, books, call, {
    plan: (book, positions) => {
      const { contract } = book;
      if (compareFractions(asked, contract.maxLeverage) > 0) {
        return rejected(70003, 'leverage_above_max', { leverage: shown, max: fractionToF64(contract.maxLeverage) });
      }
      const first = positions[0]!;
      const isSame = compareFractions(asked, first.leverage) === 0 && (asked.num > 0n || first.mode === 'cross');
      if (isSame) return null;
      const isCrossAsked = asked.num === 0n && first.mode === 'isolated';
      const held = positions.filter(({ qty }) => qty !== 0n).length;
      const no = isCrossAsked ? refuseModeSwitch(rules, 'cross', held, !book.orders.isEmpty) : null;
      if (no !== null) return rejected(no.code, no.reason, no.details);
      const mark = call.moment.mark(book.index);
      return {
        type: 'leverage_change',
        info: `leverage ${fractionToF64(first.leverage)} to ${fractionToF64(asked)}`,
        move: (position, usable) =>
          isCrossAsked
            ? { moved: { mode: 'cross', leverage: asked, margin: 0n, added: 0n } }
            : moveLeverage(rules, position, asked, mark, usable),
      };
    },
    onChange: ({ leverage: was }) => onChange(fractionToF64(was)),
  });
}

export function setAutoMargin(runtime: AccountRuntime, isOn: boolean, call: CallContext): CallResult {
  const books = booksOf(runtime, call);
  if ('status' in books) return books;
  if (typeof isOn !== 'boolean') return rejected(400, 'not_a_boolean', { value: isOn });
  for (const { contract } of books) runtime.account.setAutoMargin(contract, isOn);
  return DONE;
}

/** Switches between one signed position and a long beside a short; only without position and order. */
export function setPositionMode(runtime: AccountRuntime, mode: string, call: CallContext): CallResult {
  const books = booksOf(runtime, call);
  if ('status' in books) return books;
  if (mode !== 'one_way' && mode !== 'hedged') return rejected(70002, 'invalid_position_mode', { mode });
  const { account } = runtime;
  const switching = books.filter(({ contract }) => account.positionModeOf(contract) !== mode);
  for (const { contract, orders } of switching) {
    if (account.positionsOf(contract).some(({ qty }) => qty !== 0n)) return rejected(70002, 'open_position');
    if (!orders.isEmpty) return rejected(70002, 'open_orders');
  }
  for (const { contract } of switching) account.setPositionMode(contract, mode);
  return DONE;
}
