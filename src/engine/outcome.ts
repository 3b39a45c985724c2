/**
 * Composes what a run ended with, per account, and the warnings that follow from it; checks once more that every wallet is
 * the sum of its bills.
 */

import { invariant } from '../errors.js';
import type { AccountRuntime } from './accountRuntime.js';
import type { EquityCurve } from './equityCurve.js';
import type { AccountTotals } from './recordFlow.js';
import type { AccountOutcome, RunOutcome, RunWarning } from './records.js';

export interface OutcomeParts {
  readonly runtimes: readonly AccountRuntime[];
  readonly curves: readonly EquityCurve[];
  readonly totals: readonly AccountTotals[];
  readonly ambiguous: RunOutcome['ambiguous'];
  readonly warnings: readonly RunWarning[];
  readonly bars: number;
  readonly firstOpenTimeMs: number | null;
  readonly lastCloseTimeMs: number | null;
  /** Mark at the last close. */
  readonly mark: number;
  readonly startBalances: readonly bigint[];
  readonly isInterrupted: boolean;
}

export function composeOutcome(parts: OutcomeParts): RunOutcome {
  const accounts = parts.runtimes.map((runtime, account) => accountOutcome(parts, runtime, account));
  return {
    accounts,
    bars: parts.bars,
    firstOpenTimeMs: parts.firstOpenTimeMs,
    lastCloseTimeMs: parts.lastCloseTimeMs,
    interrupted: parts.isInterrupted,
    ambiguous: parts.ambiguous,
    warnings: [...parts.warnings, ...warningsOf(accounts, parts.totals)],
  };
}

function accountOutcome(parts: OutcomeParts, runtime: AccountRuntime, account: number): AccountOutcome {
  const totals = parts.totals[account]!;
  const start = parts.startBalances[account]!;
  const { wallet } = runtime.account;
  if (parts.bars > 0) {
    invariant(totals.bills === wallet, () => `account ${runtime.name}: bills ${totals.bills}, wallet ${wallet}`);
  }
  const end = parts.bars === 0 ? start : runtime.balances(runtime.exact(parts.mark)).marginBalance;
  return {
    account: runtime.name,
    exchange: runtime.account.rules.name,
    currency: runtime.contract.settle,
    startEquity: start,
    endEquity: end,
    wallet: parts.bars === 0 ? start : wallet,
    netDeposits: 0n,
    fees: totals.fees,
    funding: totals.funding,
    insurance: totals.insurance,
    closedTrades: totals.closedTrades,
    wins: totals.wins,
    breakEven: totals.breakEven,
    maxDrawdown: parts.curves[account]!.maxDrawdown,
    liquidations: totals.liquidations,
    bankruptAtMs: runtime.account.bankruptAtMs,
    rejectedOrders: totals.rejectedOrders,
    missingFunding: totals.missingFunding,
    ambiguousBars: totals.ambiguousBars,
    openPositions: runtime.position.qty === 0n ? 0 : 1,
  };
}

function warningsOf(accounts: readonly AccountOutcome[], totals: readonly AccountTotals[]): RunWarning[] {
  const sum = (pick: (account: AccountOutcome) => number): number => accounts.reduce((n, a) => n + pick(a), 0);
  const missing = sum((account) => account.missingFunding);
  const rejected = sum((account) => account.rejectedOrders);
  const insured = accounts.filter((account) => account.insurance > 0n).map((account) => account.account);
  const warnings: RunWarning[] = [];
  if (missing > 0) {
    const message = `no funding rate was known at ${missing} funding times with an open position; none was paid`;
    warnings.push({ code: 'missing_funding', message, strict: 'data' });
  }
  if (rejected > 0) {
    const message = `${rejected} orders were rejected; the orders table says why`;
    warnings.push({ code: 'rejected_orders', message, strict: 'strategy' });
  }
  const unreachable = totals.reduce((n, account) => n + account.unreachableStops, 0);
  if (unreachable > 0) {
    const message = `${unreachable} loss stops were armed beyond the liquidation price, where they cannot be reached`;
    warnings.push({ code: 'unreachable_stops', message, strict: 'strategy' });
  }
  if (insured.length > 0) {
    const message = `losses beyond the margin were covered by insurance: ${insured.join(', ')}`;
    warnings.push({ code: 'insurance_received', message, strict: 'strategy' });
  }
  return warnings;
}
