/**
 * What follows every event of an account: the test for a blow-up, the balance row, and the request for new trigger levels. A spot
 * fill concerns two ledgers and blows up none: it only turns one good into another.
 */

import type { Contract } from '../contract/contract.js';

import type { Currency } from '../money/units.js';
import { balanceRecord, renewRows, writeRows } from './accountRows.js';
import type { AccountRuntime } from './accountRuntime.js';
import type { Moment, StepContext } from './moment.js';

/** After every event of a ledger: the test for a blow-up, the balance row, and new trigger levels. */
export function concludeEvent(runtime: AccountRuntime, moment: Moment, currency: Currency, context: StepContext): void {
  runtime.hasChanged = true;
  runtime.collect();
  if (context.liquidates) endIfBankrupt(runtime, moment, currency);
  writeRows(runtime, moment, currency, context);
}

/** After a fill of a spot pair: the rows of the quote ledger, then of the coins', and new trigger levels. */
export function concludeSpotFill(
  runtime: AccountRuntime,
  moment: Moment,
  { settle, base }: Contract,
  context: StepContext,
): void {
  runtime.hasChanged = true;
  runtime.collect();
  const { journal } = runtime;
  const hasRows = journal.balances.at(-1)?.timeMs === moment.timeMs;
  for (const currency of [settle, base!]) {
    writeRows(runtime, moment, currency, context);
    // A ledger that has just opened joins the rows that stand at this moment.
    if (hasRows && !journal.hasBalance(moment.timeMs, currency.code)) {
      journal.setBalance(balanceRecord(runtime, currency, moment));
    }
  }
}

/** Ends a ledger that is flat in contracts with nothing in its wallet; what works in its symbols and spot pairs ends with it. */
function endIfBankrupt(runtime: AccountRuntime, moment: Moment, { code }: Currency): void {
  const { account, journal } = runtime;
  const { timeMs } = moment;
  if (account.bankruptAtMsOf(code) !== null || account.walletOf(code) > 0n) return;
  if (account.openPositions(code).some(({ contract }) => contract.type !== 'spot')) return;
  account.endLedger(code, timeMs);
  const others = new Set<Currency>();
  for (const { contract, orders } of runtime.books) {
    const { settle, base } = contract;
    if (settle.code !== code && base?.code !== code) continue;
    for (const order of [...orders.all]) {
      orders.end(order, { status: 'cancelled', timeMs, code: 70005, reason: 'bankrupt' });
      if (base !== null) others.add(settle.code === code ? base : settle);
    }
  }
  // What the pairs' orders had locked on their other side is free.
  for (const currency of others) renewRows(runtime, moment, currency);
  journal.notices.push({ kind: 'bankrupt', timeMs });
}
