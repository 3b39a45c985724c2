/**
 * A refusal: code, machine reason, and the numbers behind it as text; and the ledger in which a refused order counts.
 */

import type { TradingAccount } from '../account/account.js';
import type { Contract } from '../contract/contract.js';
import type { Currency } from '../money/units.js';

export interface Refusal {
  /** 70001 to 70005, or 400 where none of them fits. */
  readonly code: number;
  readonly reason: string;
  readonly details: Readonly<Record<string, string>>;
}

export function refusal(code: number, reason: string, details: Readonly<Record<string, unknown>> = {}): Refusal {
  const texts = Object.entries(details).map(([name, value]) => [name, String(value)]);
  return { code, reason, details: Object.fromEntries(texts) };
}

/** Whether a ledger that a contract's orders go through has ended: the one it settles in, on spot the coins' too. */
export function isAnyLedgerDead(account: TradingAccount, { settle, base }: Contract): boolean {
  const ledgers = base === null ? [settle] : [settle, base];
  return ledgers.some(({ code }) => account.bankruptAtMsOf(code) !== null);
}

/** The ledger in which an order refused now counts: the one its contract settles in where there is one, else the account's own. */
export function ledgerOfRefusal(account: TradingAccount, contract: Contract | null): Currency {
  return contract !== null && account.hasLedger(contract.settle.code) ? contract.settle : account.settings.currency;
}
