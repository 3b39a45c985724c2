/**
 * The answer to a call that is no order, when and about what a call is made, and the amounts that calls name.
 */

import type { Fraction } from '../money/decimal.js';
import { divFloor } from '../money/rounding.js';
import { pow10 } from '../money/units.js';
import type { CallResult, DecimalInput } from '../strategy/strategy.js';
import type { AccountRuntime } from './accountRuntime.js';
import type { Moment } from './moment.js';
import { readDecimal } from './readDecimal.js';
import { refusal } from './refusal.js';
import type { SymbolBook } from './symbolBook.js';

export const DONE: CallResult = { status: 'done' };

export function rejected(
  code: number,
  reason: string,
  details: Readonly<Record<string, unknown>> = {},
): CallResult & { readonly status: 'rejected' } {
  return { status: 'rejected', ...refusal(code, reason, details) };
}

/** When a call is made, at which known prices, and about which symbol; all contracts where it names none. */
export interface CallContext {
  readonly moment: Moment;
  readonly symbol: string | undefined;
}

/** The books a call about margin is about, or why it cannot be made. Spot pairs have no margin and are passed over. */
export function booksOf(runtime: AccountRuntime, { symbol }: CallContext): readonly SymbolBook[] | CallResult {
  const { account } = runtime;
  const named = symbol === undefined ? null : runtime.bookNamed(symbol);
  if (named === null && symbol !== undefined) return rejected(400, 'unknown_symbol', { symbol });
  if (named?.contract.type === 'spot') return rejected(400, 'spot_pair', { symbol });
  const all = runtime.hasSpot ? runtime.books.filter(({ contract }) => contract.type !== 'spot') : runtime.books;
  const books = named === null ? all : [named];
  const isDead = books.some(({ contract }) => account.bankruptAtMsOf(contract.settle.code) !== null);
  return isDead ? rejected(70005, 'account_bankrupt') : books;
}

/** An amount in whole currency units as settlement units, cut; 0 for what is no positive decimal. */
export function readUnits(amount: DecimalInput, decimals: number): bigint {
  const asked: Fraction | undefined = readDecimal(amount);
  if (asked === undefined || asked.num <= 0n) return 0n;
  return divFloor(asked.num * pow10(decimals), asked.den);
}
