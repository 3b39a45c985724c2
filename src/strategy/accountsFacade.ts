/**
 * The accounts of a run as a strategy works with them: one by its name, each in turn, or all at once.
 */

import { UserError } from '../errors.js';
import type { Account, Accounts, AllAccounts } from './strategy.js';

export class AccountsFacade implements Accounts {
  readonly #accounts: readonly Account[];
  readonly all: AllAccounts;

  constructor(accounts: readonly Account[]) {
    this.#accounts = accounts;
    this.all = allOf(accounts);
  }

  [Symbol.iterator](): Iterator<Account> {
    return this.#accounts[Symbol.iterator]();
  }

  get names(): readonly string[] {
    return this.#accounts.map((account) => account.name);
  }

  get(name: string): Account {
    const account = this.#accounts.find((candidate) => candidate.name === name);
    if (account === undefined) {
      throw new UserError({
        code: 'unknown_account',
        exitCode: 1,
        message: `There is no account "${name}"`,
        found: name,
        expected: this.names.join(', '),
      });
    }
    return account;
  }
}

/** The calls that `accounts.all` makes on every account. */
const CALLS_OF_ALL: Readonly<Record<keyof AllAccounts, true>> = {
  longOpen: true,
  longClose: true,
  shortOpen: true,
  shortClose: true,
  longOpenPct: true,
  longClosePct: true,
  shortOpenPct: true,
  shortClosePct: true,
  buy: true,
  sell: true,
  buyPct: true,
  sellPct: true,
  longOpenPob: true,
  shortOpenPob: true,
  openFixed: true,
  safeSize: true,
  riskSize: true,
  stopLoss: true,
  stopProfit: true,
  stopLossPct: true,
  stopProfitPct: true,
  trailingStop: true,
  trailingStopPct: true,
  modify: true,
  cancel: true,
  cancelAll: true,
  setMode: true,
  setMaxLeverage: true,
  addMargin: true,
  removeMargin: true,
  setAutoMargin: true,
  setPositionMode: true,
  deposit: true,
  withdraw: true,
};

/** Makes each call on every account in their order; the answers stand in that order too. */
export function allOf(accounts: readonly Account[]): AllAccounts {
  const calls = Object.keys(CALLS_OF_ALL).map((name) => {
    const onEach = (...args: unknown[]): unknown[] =>
      accounts.map((account) => {
        const call = account[name as keyof AllAccounts] as (...all: unknown[]) => unknown;
        return call.apply(account, args);
      });
    return [name, onEach];
  });
  return Object.freeze(Object.fromEntries(calls)) as AllAccounts;
}
