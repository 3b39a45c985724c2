/**
 * What a run asks of its equity curves, whichever way they are sampled: every ledger at every close (ledgerCurves.ts), or, for many
 * accounts, a ledger only when it changes (manyCurves.ts).
 */

import type { Bill } from '../account/bills.js';
import type { Currency } from '../money/units.js';
import type { AccountRuntime } from './accountRuntime.js';
import type { CurrencyRates } from './currencyRates.js';
import type { LedgerTotals } from './ledgerTotals.js';
import type { Market } from './market.js';

/** What a joint curve came to. */
export interface JointResult {
  /** In units of the report currency, rounded once. */
  readonly netDeposits: bigint;
  readonly maxDrawdown: number;
}

export interface RunCurves {
  readonly rates: CurrencyRates;
  /** Starts the joint curves at the prices of the first opens. Called once, when the first bars have been loaded. */
  begin(): void;
  /** @param totalsOf what came in, went out or was exchanged on spot after the start is no result. */
  refresh(account: number, runtime: AccountRuntime, totalsOf: (currency: Currency) => LedgerTotals): void;
  /** Notes the money that calls at the close at hand have brought in or taken out. */
  noteMoves(account: number, bills: readonly Bill[]): void;
  /** Samples the closes of the step. */
  sample(market: Market): void;
  maxDrawdown(account: number, code: string): number;
  /** The joint curve of an account, or of all; null where one ledger is all there is. */
  jointOf(whose: number | 'overall'): JointResult | null;
}
