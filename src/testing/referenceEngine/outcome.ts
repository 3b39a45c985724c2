/**
 * What each ledger of an account ended with.
 */

import type { AccountOutcome } from '../../engine/records.js';
import type { Quotes, RefAccount } from './account.js';
import { equityAt } from './margin.js';
import { toBigint } from './numbers.js';

/** One entry a ledger, the account's own first. */
export function ledgerOutcomes(account: RefAccount, quotes: Quotes): AccountOutcome[] {
  const { input } = account;
  return account.ledgers.map((ledger) => {
    const { counters, currency } = ledger;
    const start = input.balances.find((balance) => balance.currency.code === currency.code)?.amount ?? 0n;
    return {
      account: input.name,
      exchange: input.rules.name,
      currency,
      startEquity: start,
      endEquity: toBigint(equityAt(account, ledger, quotes)),
      wallet: toBigint(ledger.wallet),
      netDeposits: toBigint(counters.netDeposits),
      spot: toBigint(counters.spot),
      fees: toBigint(counters.fees),
      funding: toBigint(counters.funding),
      insurance: toBigint(counters.insurance),
      closedTrades: counters.closedTrades,
      wins: counters.wins,
      breakEven: counters.breakEven,
      maxDrawdown: maxDrawdown(Number(start), ledger.samples),
      liquidations: counters.liquidations,
      bankruptAtMs: ledger.bankruptAtMs,
      rejectedOrders: counters.rejectedOrders,
      missingFunding: counters.missingFunding,
      ambiguousBars: counters.ambiguousBars,
      openPositions: account.heldIn(ledger).length,
    };
  });
}

/** Largest fall of the samples from the peak before, as a share of that peak. */
export function maxDrawdown(start: number, samples: readonly number[]): number {
  let peak = start;
  let worst = 0;
  for (const sample of samples) {
    peak = Math.max(peak, sample);
    if (peak > 0) worst = Math.max(worst, (peak - sample) / peak);
  }
  return worst;
}
