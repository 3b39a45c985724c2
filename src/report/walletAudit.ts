/**
 * The report's own re-adding of the bills, beside the account's and the result's: every bill must continue the wallet it
 * follows, every balance row must add up, and the sum of an account's bills must be the wallet it ended with. A difference
 * of one unit is a bug of ours and stops the run.
 */

import type { BalanceRecord, BillRecord, RecordSink, RunOutcome } from '../engine/records.js';
import { invariant } from '../errors.js';
import { sinkOf } from './sinks.js';

export interface WalletAudit {
  readonly sink: RecordSink;
  /** @throws InvariantError where an account's bills do not add up to its wallet. */
  requireBalanced(run: RunOutcome): void;
}

/** Watches the bills and balance rows of a run. Its sink throws InvariantError at the first that does not add up. */
export function createWalletAudit(): WalletAudit {
  const wallets = new Map<string, bigint>();
  const keyOf = (account: string, currency: string): string => JSON.stringify([account, currency]);
  const addBill = (bill: BillRecord): void => {
    const key = keyOf(bill.account, bill.currency.code);
    const wallet = (wallets.get(key) ?? 0n) + bill.amount;
    invariant(
      wallet === bill.balanceAfter,
      () => `bill ${bill.id} of ${bill.account}: the bills add up to ${wallet}, balance_after is ${bill.balanceAfter}`,
    );
    wallets.set(key, wallet);
  };
  return {
    sink: { ...sinkOf(() => {}), bill: addBill, balance: requireAddsUp },
    requireBalanced: (run) => {
      for (const { account, currency, wallet } of run.accounts) {
        const sum = wallets.get(keyOf(account, currency.code)) ?? 0n;
        invariant(sum === wallet, () => `${account}: the bills add up to ${sum}, the wallet is ${wallet}`);
      }
    },
  };
}

function requireAddsUp(row: BalanceRecord): void {
  const parts = row.available + row.positionMargin + row.orderMargin;
  invariant(
    row.marginBalance === parts && row.marginBalance === row.wallet + row.unrealizedPnl,
    () =>
      `balance of ${row.account} at ${row.timeMs}: margin balance ${row.marginBalance}, its parts ${parts}, wallet and unrealized PnL ${row.wallet + row.unrealizedPnl}`,
  );
}
