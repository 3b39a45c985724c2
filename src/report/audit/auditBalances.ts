/**
 * The balance table against the bills: the wallet of every row is the sum of the bills up to its time, and its parts add up
 * to the margin balance. Unrealized profit is compared with the positions that stand at the same time.
 */

import type { Findings } from './findings.js';
import { type AuditJournal, expectOrder, ledgerKey, symbolKey } from './journal.js';
import type { AuditRow } from './runTables.js';

const CHECK = 'balance';

export function auditBalances(rows: readonly AuditRow[], journal: AuditJournal, findings: Findings): void {
  findings.begin(CHECK);
  const next = new Map<string, number>();
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    const timeMs = row.timeMs('time');
    expectOrder(findings, CHECK, row, timeMs, lastMs);
    lastMs = Math.max(lastMs, timeMs);
    const key = ledgerKey(row.text('account'), row.text('currency'));
    const bills = journal.byLedger.get(key) ?? [];
    let at = next.get(key) ?? 0;
    while (at < bills.length && bills[at]!.timeMs <= timeMs) at++;
    next.set(key, at);
    const wallet = at === 0 ? 0n : bills[at - 1]!.wallet;
    findings.expectAmount(CHECK, row, 'wallet_balance', wallet, 'the bills up to this time add up to it');
    auditParts(row, findings);
  }
}

function auditParts(row: AuditRow, findings: Findings): void {
  const marked = row.amount('wallet_balance') + row.amount('unrealized_pnl');
  findings.expectAmount(CHECK, row, 'margin_balance', marked, 'wallet_balance + unrealized_pnl');
  const rest = row.amount('margin_balance') - row.amount('position_margin') - row.amount('order_margin');
  findings.expectAmount(CHECK, row, 'available_balance', rest, 'margin_balance − position_margin − order_margin');
}

/** Σ unrealized of the positions at a time is that of the balance row at that time. */
export function auditUnrealized(
  balances: readonly AuditRow[],
  positions: readonly AuditRow[],
  journal: AuditJournal,
  currencyOf: (account: string, symbol: string) => string | null,
  findings: Findings,
): void {
  const check = 'balance and positions';
  findings.begin(check);
  const sums = new Map<string, bigint>();
  const unclear = new Set<string>();
  const keyOf = (row: AuditRow, currency: string): string =>
    symbolKey(row.text('time'), ledgerKey(row.text('account'), currency));
  for (const row of positions) {
    const symbol = row.text('symbol');
    const currency = currencyOf(row.text('account'), symbol);
    // A spot holding is no part of a balance: its coins are in a ledger.
    if (journal.isSpot(row)) continue;
    if (currency === null) {
      unclear.add(symbolKey(row.text('time'), row.text('account')));
      continue;
    }
    const key = keyOf(row, currency);
    sums.set(key, (sums.get(key) ?? 0n) + row.amount('unrealized_pnl'));
  }
  for (const row of balances) {
    const sum = sums.get(keyOf(row, row.text('currency')));
    if (sum === undefined || unclear.has(symbolKey(row.text('time'), row.text('account')))) continue;
    findings.expectAmount(check, row, 'unrealized_pnl', sum, 'the positions at this time add up to it');
  }
}
