/**
 * What follows every event of an account: the test for a blow-up, the balance row, and the request for new trigger levels.
 */

import type { Currency } from '../money/units.js';
import { writeRows } from './accountRows.js';
import type { AccountRuntime } from './accountRuntime.js';
import type { Moment, StepContext } from './moment.js';

/** After every event of a ledger: the test for a blow-up, the balance row, and new trigger levels. */
export function concludeEvent(runtime: AccountRuntime, moment: Moment, currency: Currency, context: StepContext): void {
  runtime.hasChanged = true;
  runtime.collect();
  endIfBankrupt(runtime, moment, currency);
  writeRows(runtime, moment, currency, context);
}

/** Ends a ledger that is flat with nothing in its wallet; what works in its symbols ends with it. */
function endIfBankrupt(runtime: AccountRuntime, { timeMs }: Moment, { code }: Currency): void {
  const { account, journal } = runtime;
  if (account.bankruptAtMsOf(code) !== null || account.walletOf(code) > 0n) return;
  if (account.openPositions(code).some(({ contract }) => contract.type !== 'spot')) return;
  account.endLedger(code, timeMs);
  for (const { contract, orders } of runtime.books) {
    if (contract.settle.code !== code) continue;
    for (const order of [...orders.all]) {
      orders.end(order, { status: 'cancelled', timeMs, code: 70005, reason: 'bankrupt' });
    }
  }
  journal.notices.push({ kind: 'bankrupt', timeMs });
}
