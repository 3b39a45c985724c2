/**
 * Money into an account, out of it, and from one account of the run to another. Out goes what the venue lets go; what backs
 * positions and orders stays.
 */

import { computeWithdrawable } from '../account/balances.js';
import { sameCoin } from '../contract/currencyLinks.js';
import { type Currency, pow10 } from '../money/units.js';
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
  const { kind } = move;
  const receiver = kind === 'transfer' ? runtimes.find(({ name }) => name === move.to) : null;
  const received = receiver === undefined || receiver === null ? currency : currencyAt(receiver, currency);
  // What arrives is what leaves: an amount is read in the coarser of the two units.
  const units = readUnits(move.amount, Math.min(currency.decimals, received.decimals));
  if (units <= 0n) return rejected(400, 'amount_not_positive', { amount: move.amount });
  const amount = unitsOf(units, received, currency);
  const { timeMs } = moment;
  if (kind === 'deposit') {
    runtime.account.applyCash('deposit', currency, amount, timeMs, 'deposit');
    runtime.hasChanged = true;
    return DONE;
  }
  if (receiver === undefined) return rejected(400, 'unknown_account', { account: move.to });
  if (receiver === runtime) return rejected(400, 'same_account', { account: move.to });
  if (receiver !== null && isDead(receiver, received)) return rejected(70005, 'account_bankrupt', { account: move.to });
  const withdrawable = computeWithdrawable(runtime.account.rules, runtime.balances(currency.code, moment));
  if (amount > withdrawable) return rejected(70004, 'insufficient_margin', { need: amount, withdrawable });
  runtime.hasChanged = true;
  if (receiver === null) {
    runtime.account.applyCash('withdraw', currency, amount, timeMs, 'withdrawal');
    return DONE;
  }
  const arriving = unitsOf(units, currency, received);
  runtime.account.applyCash('transfer_out', currency, amount, timeMs, `to ${receiver.name}`);
  receiver.account.applyCash('transfer_in', received, arriving, timeMs, `from ${runtime.name}`);
  receiver.hasChanged = true;
  return DONE;
}

/** An amount of the coarser of two units in those of the second currency. */
function unitsOf(units: bigint, other: Currency, { decimals }: Currency): bigint {
  return units * pow10(decimals - Math.min(decimals, other.decimals));
}

function isDead({ account }: AccountRuntime, { code }: Currency): boolean {
  return account.bankruptAtMsOf(code) !== null;
}

/** Currencies that the symbols of an account settle in or are the coin of. */
function tradedCurrencies({ symbols }: AccountRuntime): readonly Currency[] {
  return symbols.all.flatMap(({ contract: { settle, base } }) => (base === null ? [settle] : [settle, base]));
}

/** The currency a move is in: a ledger's; a deposit may also be in one of the account's symbols. */
function currencyOf(runtime: AccountRuntime, { currency, kind }: CashMove): Currency | null {
  const { account } = runtime;
  if (currency === undefined) return account.settings.currency;
  const own = account.currencies.find(({ code }) => code === currency);
  if (own !== undefined || kind !== 'deposit') return own ?? null;
  return tradedCurrencies(runtime).find(({ code }) => code === currency) ?? null;
}

/** A currency as an account that receives it counts and spells it. */
function currencyAt(receiver: AccountRuntime, currency: Currency): Currency {
  const all = [...receiver.account.currencies, ...tradedCurrencies(receiver)];
  const sameName = all.find(({ code }) => code === currency.code);
  return sameName ?? all.find(({ code }) => sameCoin(code) === sameCoin(currency.code)) ?? currency;
}
