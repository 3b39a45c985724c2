/**
 * The summary against the tables: every figure that the rows decide is computed anew, for each ledger and for the total. What
 * rows cannot tell (drawdown between rows, funding that was missing, ambiguous bars) is compared only where it can be.
 */

import { formatRatio } from '../cells.js';
import { SUMMARY_FILE } from '../runFolder.js';
import { MANIFEST_FILE } from '../runFolderName.js';
import { TABLE_NAMES } from '../tables.js';
import { auditTotals, isAccountTotal } from './auditTotals.js';
import { parseExact } from './exactText.js';
import type { Findings } from './findings.js';
import { type AuditJournal, FEE_TYPES, ledgerKey, SPOT_TYPES, sumOf, TRANSFER_TYPES } from './journal.js';
import type { Rounds } from './rounds.js';
import type { AuditRow, JsonObject, RunTables } from './runTables.js';
import { CHECK, compareCounts, compareMoney, placeInSummary, type Recount } from './summaryFigures.js';

/** What changes a wallet and is no result. */
const NO_RESULT: ReadonlySet<string> = new Set([...TRANSFER_TYPES, ...SPOT_TYPES]);
const LIQUIDATIONS: ReadonlySet<string> = new Set(['liquidation', 'partial_liquidation']);

/** Names the ledger that a symbol's counts belong to; null where the folder does not tell. */
export type CurrencyOf = (account: string, symbol: string) => string | null;

/** The ledger of an entry: `main`, or `main:USDT` for a further currency. */
interface Ledger {
  readonly account: string;
  readonly currency: string;
  readonly isFirst: boolean;
  readonly entry: JsonObject;
}

export function auditSummary(
  run: RunTables,
  journal: AuditJournal,
  rounds: Rounds,
  currencyOf: CurrencyOf,
  findings: Findings,
): void {
  findings.begin(CHECK);
  const file = run.pathOf(SUMMARY_FILE);
  const entries = Array.isArray(run.summary['accounts']) ? (run.summary['accounts'] as JsonObject[]) : [];
  const ledgers = entries.filter((entry) => !isAccountTotal(entry)).map(readLedger);
  const recounts = ledgers.map((ledger) => recount(run, journal, rounds, currencyOf, ledger));
  for (const [i, ledger] of ledgers.entries()) {
    const path = `accounts[${entries.indexOf(ledger.entry)}]`;
    compareMoney(file, path, ledger.entry, recounts[i]!, findings);
    compareCounts(file, path, ledger.entry, recounts[i]!, findings);
    auditDrawdown(run, journal, ledger, path, findings);
  }
  const known = new Set(ledgers.map((ledger) => ledgerKey(ledger.account, ledger.currency)));
  for (const row of run.tables.balance) {
    const isKnown = known.has(ledgerKey(row.text('account'), row.text('currency')));
    const place = { file: row.file, line: row.line, column: 'account', found: row.text('account') };
    const expected = `an account of ${SUMMARY_FILE} with a balance in ${row.text('currency')}`;
    findings.expect(CHECK, isKnown, { ...place, expected, why: 'each row is of an account of the summary' });
  }
  const missing = [...journal.byLedger.keys()].filter(
    (key) => !ledgers.some((ledger) => ledgerKey(ledger.account, ledger.currency) === key),
  );
  const why = 'each account and currency with bills has an entry';
  const found = `${entries.length} entries`;
  const expected = `entries of ${missing.join(', ')}`;
  findings.expect(CHECK, missing.length === 0, { file, line: null, column: 'accounts', found, expected, why });
  auditTotals(
    run,
    ledgers.map((ledger, i) => ({ ...ledger, ...recounts[i]! })),
    findings,
  );
}

function readLedger(entry: JsonObject, index: number, all: readonly JsonObject[]): Ledger {
  const label = String(entry['account']);
  const currency = String(entry['currency']);
  const account = label.endsWith(`:${currency}`) ? label.slice(0, -currency.length - 1) : label;
  const isFirst = !all.slice(0, index).some((other) => String(other['account']).split(':')[0] === account);
  return { account, currency, isFirst, entry };
}

function recount(
  run: RunTables,
  journal: AuditJournal,
  rounds: Rounds,
  currencyOf: CurrencyOf,
  ledger: Ledger,
): Recount {
  const { account, currency, isFirst } = ledger;
  const isOwn = (row: AuditRow): boolean => {
    if (row.text('account') !== account) return false;
    const settle = currencyOf(account, row.text('symbol'));
    return settle === null ? isFirst : settle === currency;
  };
  const bills = journal.byLedger.get(ledgerKey(account, currency)) ?? [];
  const balances = run.tables.balance.filter((r) => r.text('account') === account && r.text('currency') === currency);
  // A run that settled no bar has no rows; what its account began with is then only in the summary.
  const untold = parseExact(String(ledger.entry['start_equity'])) ?? 0n;
  // What came in at the first open, before whatever was traded at it; a ledger that money opened later began with nothing.
  const firstMs = run.tables.balance[0]?.timeMs('time') ?? Number.NEGATIVE_INFINITY;
  const atStart = bills.filter((bill) => bill.timeMs === firstMs);
  const start = balances.length === 0 ? untold : sumOf(atStart, TRANSFER_TYPES);
  const end = balances.at(-1)?.amount('margin_balance') ?? untold;
  const moved = sumOf(
    bills.filter((bill) => bill.timeMs > firstMs),
    TRANSFER_TYPES,
  );
  const spot = sumOf(bills, SPOT_TYPES);
  const closed = run.tables.closed_trades.filter(isOwn);
  const wins = closed.filter((row) => row.amount('net_pnl') > 0n).length;
  const openRounds = [...rounds].filter(([key, list]) => {
    const [whose, symbol] = JSON.parse(key) as [string, string];
    const settle = currencyOf(whose, symbol);
    return whose === account && list.at(-1)?.isClosed === false && (settle === null ? isFirst : settle === currency);
  });
  const isMoney = (type: string): bigint => sumOf(bills, new Set([type]));
  return {
    money: new Map([
      ['start_equity', start],
      ['end_equity', end],
      ['pnl', end - start - moved - spot],
      ['fees', -sumOf(bills, FEE_TYPES)],
      ['funding', isMoney('funding')],
      ['insurance', isMoney('insurance')],
      ['spot_flow', spot],
    ]),
    counts: new Map([
      ['closed_trades', closed.length],
      ['wins', wins],
      ['break_even_trades', closed.filter((row) => row.amount('net_pnl') === 0n).length],
      ['liquidations', run.tables.trades.filter((r) => isOwn(r) && LIQUIDATIONS.has(r.text('reason'))).length],
      ['open_positions', openRounds.length],
      ['rejected_orders', run.tables.orders.filter((r) => isOwn(r) && r.text('status') === 'rejected').length],
      ['bars', Number(run.manifest['bars'])],
    ]),
  };
}

/** Only a balance table with a row at every close, and at no other time, tells the drawdown between closes. */
function auditDrawdown(
  run: RunTables,
  journal: AuditJournal,
  { account, currency, entry }: Ledger,
  path: string,
  findings: Findings,
): void {
  const options = (run.manifest['options'] ?? {}) as JsonObject;
  if (options['balance-every'] !== 'bar') return;
  const moves = (journal.byLedger.get(ledgerKey(account, currency)) ?? []).filter(({ type }) => NO_RESULT.has(type));
  const [firstRow] = run.tables.balance;
  let peak = Number.NEGATIVE_INFINITY;
  let deepest = 0;
  let moved = 0n;
  let next = 0;
  for (const row of run.tables.balance) {
    if (row.text('account') !== account || row.text('currency') !== currency) continue;
    const timeMs = row.timeMs('time');
    for (; next < moves.length && moves[next]!.timeMs <= timeMs; next++) {
      // What the account began with is the first sample.
      if (moves[next]!.timeMs > firstRow!.timeMs('time')) moved += moves[next]!.amount;
    }
    const equity = Number(row.amount('margin_balance') - moved);
    if (equity > peak) peak = equity;
    else if (peak > 0) deepest = Math.max(deepest, (peak - equity) / peak);
  }
  const expected = Number(formatRatio(deepest));
  const found = entry['max_drawdown'];
  const why = 'the largest fall of margin_balance in balance.csv';
  const place = placeInSummary(run.pathOf(SUMMARY_FILE), path, 'max_drawdown', found, String(expected), why);
  findings.expect(CHECK, found === expected, place);
}

/** The manifest's counts of rows and its period, which summary and tables repeat. */
export function auditManifest(run: RunTables, findings: Findings): void {
  const check = 'manifest';
  findings.begin(check);
  const file = run.pathOf(MANIFEST_FILE);
  const written = (run.manifest['rows_written'] ?? {}) as JsonObject;
  for (const table of TABLE_NAMES) {
    const rows = run.tables[table].length;
    const why = `${table}.csv has so many rows`;
    const place = placeInSummary(file, 'rows_written', table, written[table], String(rows), why);
    findings.expect(check, written[table] === rows, place);
  }
  for (const key of ['first_open_time', 'last_close_time', 'partial'] as const) {
    const [found, expected] = [run.summary[key], run.manifest[key]];
    const place = { file: run.pathOf(SUMMARY_FILE), line: null, column: key, found: String(found) };
    findings.expect(check, found === expected, {
      ...place,
      expected: String(expected),
      why: `${MANIFEST_FILE} has it`,
    });
  }
  const times = [
    ['first_open_time', run.tables.balance[0]],
    ['last_close_time', run.tables.balance.at(-1)],
  ] as const;
  for (const [key, row] of times) {
    if (row === undefined || run.summary[key] === null) continue;
    findings.expectText(
      check,
      row,
      'time',
      String(run.summary[key]),
      `${key} of the summary: a balance row stands there`,
    );
  }
}
