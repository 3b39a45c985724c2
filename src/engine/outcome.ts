/**
 * Composes what a run ended with, per account, and the warnings that follow from it; checks once more that every wallet is
 * the sum of its bills.
 */

import { invariant } from '../errors.js';
import type { Currency } from '../money/units.js';
import type { AccountRuntime } from './accountRuntime.js';
import type { LedgerTotals } from './ledgerTotals.js';
import type { Moment } from './moment.js';
import type { RecordFlow } from './recordFlow.js';
import type { AccountOutcome, RunOutcome, RunWarning } from './records.js';
import type { RunCurves } from './runCurves.js';
import type { AccountInput } from './runInput.js';
import { computeRunTotals } from './runTotals.js';

export interface OutcomeParts {
  readonly runtimes: readonly AccountRuntime[];
  readonly inputs: readonly AccountInput[];
  readonly curves: RunCurves;
  readonly flow: RecordFlow;
  readonly ambiguous: RunOutcome['ambiguous'];
  readonly warnings: readonly RunWarning[];
  readonly bars: number;
  readonly fineBars: number;
  readonly firstOpenTimeMs: number | null;
  /** The last close; null without a bar. */
  readonly last: Moment | null;
  readonly isInterrupted: boolean;
}

export function composeOutcome(parts: OutcomeParts): RunOutcome {
  const ledgersOf = parts.runtimes.map((runtime, account) =>
    runtime.account.currencies.map((currency) => ledgerOutcome(parts, runtime, account, currency)),
  );
  const accounts = ledgersOf.flat();
  const unreachable = sumOf(parts, ({ unreachableStops }) => unreachableStops);
  const { curves } = parts;
  // A ledger without a bill was opened by a starting balance of nothing.
  const isUntouched = ({ currency, startEquity }: AccountOutcome, account: number): boolean =>
    startEquity === 0n && !parts.flow.hasBills(account, currency);
  return {
    accounts,
    totals: computeRunTotals({ ledgersOf, isUntouched, curves }),
    linkPrices: curves.rates.prices,
    bars: parts.bars,
    fineBars: parts.fineBars,
    firstOpenTimeMs: parts.firstOpenTimeMs,
    lastCloseTimeMs: parts.last?.timeMs ?? null,
    interrupted: parts.isInterrupted,
    ambiguous: parts.ambiguous,
    warnings: [
      ...parts.warnings,
      ...warningsOf(
        accounts,
        unreachable,
        sumOf(parts, ({ cutFills }) => cutFills),
      ),
    ],
  };
}

function ledgerOutcome(
  parts: OutcomeParts,
  runtime: AccountRuntime,
  account: number,
  currency: Currency,
): AccountOutcome {
  const { code } = currency;
  const totals = parts.flow.totalsOf(account, currency);
  const start = parts.inputs[account]!.balances.find((balance) => balance.currency.code === code)?.amount ?? 0n;
  const wallet = runtime.account.walletOf(code);
  if (parts.last !== null) {
    invariant(totals.bills === wallet, () => `account ${runtime.name}: bills ${totals.bills}, wallet ${wallet}`);
  }
  const end = parts.last === null ? start : runtime.balances(code, parts.last).marginBalance;
  return {
    account: runtime.name,
    exchange: runtime.account.rules.name,
    currency,
    startEquity: start,
    endEquity: end,
    wallet: parts.last === null ? start : wallet,
    netDeposits: totals.netDeposits,
    spot: totals.spot,
    fees: totals.fees,
    funding: totals.funding,
    insurance: totals.insurance,
    closedTrades: totals.closedTrades,
    wins: totals.wins,
    breakEven: totals.breakEven,
    maxDrawdown: parts.curves.maxDrawdown(account, code),
    liquidations: totals.liquidations,
    bankruptAtMs: runtime.account.bankruptAtMsOf(code),
    rejectedOrders: totals.rejectedOrders,
    missingFunding: totals.missingFunding,
    ambiguousBars: parts.flow.ambiguousBars[account]!.get(code) ?? 0,
    openPositions: runtime.account.openPositions(code).length,
  };
}

/** A count over all ledgers. */
function sumOf({ flow }: OutcomeParts, pick: (totals: LedgerTotals) => number): number {
  return flow.totals.flatMap((ledgers) => [...ledgers.values()]).reduce((n, totals) => n + pick(totals), 0);
}

function warningsOf(accounts: readonly AccountOutcome[], unreachable: number, cutFills: number): RunWarning[] {
  const sum = (pick: (account: AccountOutcome) => number): number => accounts.reduce((n, a) => n + pick(a), 0);
  const missing = sum((account) => account.missingFunding);
  const rejected = sum((account) => account.rejectedOrders);
  const insured = new Set(accounts.filter(({ insurance }) => insurance > 0n).map(({ account }) => account));
  const warnings: RunWarning[] = [];
  if (missing > 0) {
    const message = `no funding rate was known at ${missing} funding times with an open position; none was paid`;
    warnings.push({ code: 'missing_funding', message, strict: 'data' });
  }
  if (rejected > 0) {
    const message = `${rejected} orders were rejected; the orders table says why`;
    warnings.push({ code: 'rejected_orders', message, strict: 'strategy' });
  }
  if (cutFills > 0) {
    const message = `${cutFills} fills closed more than was held; what was too much of them was not settled`;
    warnings.push({ code: 'fills_beyond_position', message, strict: 'data' });
  }
  if (unreachable > 0) {
    const message = `${unreachable} loss stops were armed beyond the liquidation price, where they cannot be reached`;
    warnings.push({ code: 'unreachable_stops', message, strict: 'strategy' });
  }
  if (insured.size > 0) {
    const message = `losses beyond the margin were covered by insurance: ${[...insured].join(', ')}`;
    warnings.push({ code: 'insurance_received', message, strict: 'strategy' });
  }
  return warnings;
}
