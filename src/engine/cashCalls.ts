/**
 * Money into an account, out of it, and from one account of the run to another. Out goes what the venue lets go; what backs
 * positions and orders stays.
 */

import { computeWithdrawable } from '../account/balances.js';
import type { Currency } from '../money/units.js';
import type { CashMove } from '../strategy/broker.js';
import type { CallResult } from '../strategy/strategy.js';
import type { AccountRuntime } from './accountRuntime.js';
import { DONE, readUnits, rejected } from './callResult.js';
import type { Moment } from './moment.js';

export function moveCash(
  runtimes: readonly AccountRuntime[],
  account: number,
  move: CashMove,
  moment: Moment,
): CallResult {
  const runtime = runtimes[account]!;
  const currency = currencyOf(runtime, move);
  if (currency === null) return rejected(400, 'unknown_currency', { currency: move.currency });
  if (isDead(runtime, currency)) return rejected(70005, 'account_bankrupt');
  const amount = readUnits(move.amount, currency.decimals);
  if (amount <= 0n) return rejected(400, 'amount_not_positive', { amount: move.amount });
  const { timeMs } = moment;
  if (move.kind === 'deposit') {
    runtime.account.applyCash('deposit', currency, amount, timeMs, 'deposit');
    runtime.hasChanged = true;
    return DONE;
  }
  const receiver = move.kind === 'transfer' ? runtimes.find(({ name }) => name === move.to) : null;
  if (receiver === undefined) return rejected(400, 'unknown_account', { account: move.to });
  if (receiver === runtime) return rejected(400, 'same_account', { account: move.to });
  if (receiver !== null && isDead(receiver, currency)) return rejected(70005, 'account_bankrupt', { account: move.to });
  const withdrawable = computeWithdrawable(runtime.account.rules, runtime.balances(currency.code, moment));
  if (amount > withdrawable) return rejected(70004, 'insufficient_margin', { need: amount, withdrawable });
  runtime.hasChanged = true;
  if (receiver === null) {
    runtime.account.applyCash('withdraw', currency, amount, timeMs, 'withdrawal');
    return DONE;
  }
  runtime.account.applyCash('transfer_out', currency, amount, timeMs, `to ${receiver.name}`);
  receiver.account.applyCash('transfer_in', currency, amount, timeMs, `from ${runtime.name}`);
  receiver.hasChanged = true;
  return DONE;
}

function isDead({ account }: AccountRuntime, { code }: Currency): boolean {
  return account.bankruptAtMsOf(code) !== null;
}

/** The currency a move is in: a ledger's; a deposit may also be in one that a symbol of the run settles in or is the coin of. */
function currencyOf({ account, market }: AccountRuntime, { currency, kind }: CashMove): Currency | null {
  if (currency === undefined) return account.settings.currency;
  const own = account.currencies.find(({ code }) => code === currency);
  if (own !== undefined || kind !== 'deposit') return own ?? null;
  const known = market.symbols.flatMap(({ contract: { settle, base } }) => (base === null ? [settle] : [settle, base]));
  return known.find(({ code }) => code === currency) ?? null;
}
