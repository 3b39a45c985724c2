/**
 * Money that enters an account, leaves it, or goes to another account of the run (settlement text §2.3). Amounts are in whole
 * currency units; what is below a settlement unit is dropped.
 */

import type { BillRecord } from '../../engine/records.js';
import type { Currency } from '../../money/units.js';
import type { CallResult, DecimalInput } from '../../strategy/strategy.js';
import type { RefAccount } from './account.js';
import { coinOf, type RefLedger } from './ledger.js';
import { contractOrderMargin, crossWallet, gainOf, heldMargin, markOf, sum, transferable } from './margin.js';
import { done, type MoveMoment, refused, unitsOf } from './moves.js';
import { ceil, maxNum, minNum, type Num, negate, num, ratio, ZERO } from './numbers.js';
import { lockedIn } from './spotLocks.js';
import { value } from './terms.js';

export interface CashCall {
  readonly kind: 'deposit' | 'withdraw' | 'transfer';
  readonly amount: DecimalInput;
  readonly currency: string | undefined;
  /** Receiver of a transfer. */
  readonly to?: string;
}

/** Moves money, or says why not. */
export function moveCash(
  account: RefAccount,
  accounts: readonly RefAccount[],
  call: CashCall,
  at: MoveMoment & { readonly closedFor: string | null },
): CallResult {
  if (at.closedFor !== null) return refused(400, at.closedFor);
  const currency = currencyOf(account, call);
  if (currency === undefined) return refused(400, 'unknown_currency');
  if (account.ledgerOf(currency).bankruptAtMs !== null) return refused(70005, 'account_bankrupt');
  const receiver = call.kind === 'transfer' ? accounts.find((other) => other.input.name === call.to) : undefined;
  const received = receiver === undefined ? currency : ownSpelling(receiver, currency);
  // What both can hold: the one takes out exactly what comes in at the other.
  const decimals = Math.min(currency.decimals, received.decimals);
  const amount = unitsOf(call.amount, decimals);
  if (amount.lte(ZERO)) return refused(400, 'amount_not_positive');
  const units = amount.times(num(`1e${currency.decimals - decimals}`));
  if (call.kind === 'deposit') {
    book(account, currency, 'deposit', units, at);
    return done;
  }
  if (call.kind === 'transfer') {
    if (receiver === undefined) return refused(400, 'unknown_account');
    if (receiver === account) return refused(400, 'same_account');
    if (receiver.ledgerOf(received).bankruptAtMs !== null) return refused(70005, 'account_bankrupt');
  }
  if (units.gt(withdrawable(account, account.ledgerOf(currency), at))) return refused(70004, 'insufficient_margin');
  book(account, currency, call.kind === 'withdraw' ? 'withdraw' : 'transfer_out', negate(units), at);
  const comingIn = amount.times(num(`1e${received.decimals - decimals}`));
  if (call.kind === 'transfer') book(receiver!, received, 'transfer_in', comingIn, at);
  return done;
}

/** The currency that is meant; a deposit may name any that a contract of the account settles in, or the coins of a spot pair. */
function currencyOf(account: RefAccount, { kind, currency: code }: CashCall): Currency | undefined {
  if (code === undefined) return account.ledgers[0]!.currency;
  const ledger = account.findLedger(code);
  if (ledger !== undefined || kind !== 'deposit') return ledger?.currency;
  return currenciesOf(account).find((currency) => currency.code === code);
}

/** What the account's contracts settle in, and the coins of its spot pairs. */
const currenciesOf = ({ books }: RefAccount): Currency[] =>
  books.flatMap(({ terms: { contract } }) => [contract.settle, ...(contract.base ? [contract.base] : [])]);

/** A coin as another account has it: that of a ledger, else of a contract, else the sender's. */
function ownSpelling(receiver: RefAccount, sent: Currency): Currency {
  const known = [...receiver.ledgers.map(({ currency }) => currency), ...currenciesOf(receiver)];
  return known.find(({ code }) => coinOf(code) === coinOf(sent.code)) ?? sent;
}

function book(
  account: RefAccount,
  currency: Currency,
  type: BillRecord['type'],
  amount: Num,
  { timeMs }: MoveMoment,
): void {
  const ledger = account.openLedger(currency);
  ledger.counters.netDeposits = ledger.counters.netDeposits.plus(amount);
  account.book(ledger, { timeMs, type, amount }, null);
  account.flows.push({ timeMs, code: currency.code, amount });
}

/** What the venue lets go: never unrealised profit, or Pacifica's rule on the cash that no spot order has locked. */
export function withdrawable(account: RefAccount, ledger: RefLedger, { quotes }: MoveMoment): Num {
  if (account.input.rules.withdrawRule === 'bitmex') {
    return maxNum(ZERO, minNum(ledger.wallet, transferable(account, ledger, quotes)));
  }
  const cross = account.holdings(ledger).filter(({ position }) => position.mode === 'cross');
  const cash = crossWallet(account, ledger).minus(lockedIn(account, ledger, null));
  const gains = sum(cross.map((each) => gainOf(each, quotes)));
  const initial = sum(cross.map((each) => heldMargin(each, quotes)));
  const required = initial.plus(contractOrderMargin(account, ledger, quotes));
  const worth = sum(cross.map(({ book: at, position }) => value(at.terms, position.qty, markOf(at, quotes))));
  const tenth = ceil(ratio(worth, num('10')));
  return maxNum(ZERO, minNum(cash, cash.plus(gains).minus(maxNum(required, tenth))));
}
