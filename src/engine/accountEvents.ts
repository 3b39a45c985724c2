/**
 * Funding payments of an account, and the test of all its groups of positions. What a liquidation does is liquidateGroup.ts, fills
 * are executeOrder.ts; when things happen is decided by the walk through the bar.
 */

import { fractionToF64 } from '../money/decimal.js';
import type { Currency } from '../money/units.js';
import type { AccountRuntime } from './accountRuntime.js';
import { concludeEvent } from './concludeEvent.js';
import type { FundingDue } from './fundingClock.js';
import { liquidateGroup } from './liquidateGroup.js';
import type { Moment, StepContext } from './moment.js';

/**
 * Pays or receives all funding of one time on the positions held; a missing rate is counted. The test for liquidation is the caller's.
 *
 * @returns whether any was due on a position.
 */
export function applyFundingDues(
  runtime: AccountRuntime,
  dues: readonly FundingDue[],
  at: Moment,
  context: StepContext,
): boolean {
  if (dues.length === 0) return false;
  const touched = new Map<string, Currency>();
  for (const due of dues) {
    if (payFunding(runtime, due, at)) {
      const { settle } = due.contract;
      touched.set(settle.code, settle);
    }
  }
  for (const currency of touched.values()) concludeEvent(runtime, at, currency, context);
  return touched.size > 0;
}

/** @returns whether the account held a position that paid, received, or had nothing to pay. */
function payFunding(runtime: AccountRuntime, due: FundingDue, moment: Moment): boolean {
  const { account, journal } = runtime;
  const { contract } = due;
  const book = runtime.bookAt(due.symbol);
  if (book === undefined || book.contract !== contract) return false;
  const held = account.positionsOf(contract).filter((position) => position.qty !== 0n);
  if (held.length === 0 || contract.type === 'spot') return false;
  if (due.rate === null) {
    journal.countsOf(contract.settle.code).missingFunding += 1;
    return false;
  }
  for (const { slot } of held) {
    const { transferable } = runtime.balances(contract.settle.code, moment);
    const price = due.price ?? moment.mark(due.symbol);
    const amount = account.applyFunding(contract, due.timeMs, due.rate, price, { slot, transferable });
    book.tracker(slot).fund(amount);
    const rate = fractionToF64(due.rate);
    journal.notices.push({ kind: 'funding', timeMs: due.timeMs, contract, rate, amount });
  }
  return true;
}

/** Liquidates every group of positions whose equity has met its maintenance margin: isolated ones first, then cross. */
export function liquidateDue(runtime: AccountRuntime, moment: Moment, context: StepContext): void {
  if (!context.liquidates) return;
  for (const group of runtime.account.riskGroups()) {
    const { position } = group.members[0]!;
    if (position.qty === 0n) continue;
    // What was done to the groups before may have moved the wallet behind this one.
    const now = runtime.account.riskGroupOf(position);
    if (runtime.isDue(now, moment)) liquidateGroup(runtime, now, moment, context);
  }
}
