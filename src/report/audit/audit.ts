/**
 * The audit of a run folder: bills re-added to balances, balances to positions and totals, totals to the summary, each figure
 * exact. It reads nothing but the folder, so that a run can be checked long after and elsewhere. Prices and margins, which need
 * the candles and the venue's rules, are not judged.
 */

import { auditBalances, auditUnrealized } from './auditBalances.js';
import { auditClosedTrades } from './auditClosedTrades.js';
import { auditPositions } from './auditPositions.js';
import { auditOrders, auditStops } from './auditStops.js';
import { auditManifest, auditSummary, type CurrencyOf } from './auditSummary.js';
import { auditTrades } from './auditTrades.js';
import { parseExact } from './exactText.js';
import { type CheckCount, type Difference, Findings } from './findings.js';
import { AuditJournal, symbolKey } from './journal.js';
import { type JsonObject, loadRunTables, type RunTables } from './runTables.js';

export interface AuditResult {
  /** In the order of the table. */
  readonly checks: readonly CheckCount[];
  readonly first: Difference | null;
  /** The run was interrupted. */
  readonly isPartial: boolean;
}

/**
 * Audits a run folder.
 *
 * @param dir absolute; `name` is how messages call it.
 * @throws UserError exit 3 for what is no run folder, and for cells that cannot be read
 */
export async function auditRun(dir: string, name: string): Promise<AuditResult> {
  const run = await loadRunTables(dir, name);
  const findings = new Findings();
  auditTables(run, findings);
  return { checks: findings.checks, first: findings.first, isPartial: run.manifest['partial'] === true };
}

function auditTables(run: RunTables, findings: Findings): void {
  const { tables } = run;
  const journal = new AuditJournal(tables.bills, findings);
  const currencyOf = findCurrencies(run, journal);
  auditBalances(tables.balance, journal, findings);
  const rounds = auditTrades(tables.trades, journal, findings);
  auditStops(tables.stop_trades, tables.trades, tables.orders, findings);
  auditOrders(tables.orders, tables.trades, findings);
  const lastClose = run.summary['last_close_time'];
  const last = typeof lastClose === 'string' ? lastClose : null;
  auditPositions(tables.positions, rounds, last, run.pathOf('positions.csv'), findings);
  auditUnrealized(tables.balance, tables.positions, journal, currencyOf, findings);
  const sources = { rounds, journal, ticks: findTicks(run), file: run.pathOf('closed_trades.csv') };
  auditClosedTrades(tables.closed_trades, sources, findings);
  auditSummary(run, journal, rounds, currencyOf, findings);
  auditManifest(run, findings);
}

/** The contracts of the manifest. */
function contractsOf(run: RunTables): readonly JsonObject[] {
  return Array.isArray(run.manifest['contracts']) ? (run.manifest['contracts'] as JsonObject[]) : [];
}

function findTicks(run: RunTables): ReadonlyMap<string, bigint> {
  const ticks = contractsOf(run).map((one): [string, bigint] => [
    String(one['symbol']),
    parseExact(String(one['tick_size'])) ?? 0n,
  ]);
  return new Map(ticks);
}

/** The settlement currency of a symbol by its contract in the manifest, by its bills, or because there is only one. */
function findCurrencies(run: RunTables, journal: AuditJournal): CurrencyOf {
  const settle = new Map(contractsOf(run).map((entry) => [String(entry['symbol']), String(entry['settle_currency'])]));
  const currencies = new Set(journal.bills.map((bill) => bill.currency));
  const only = currencies.size === 1 ? [...currencies][0]! : null;
  return (account, symbol) => settle.get(symbol) ?? journal.currencies.get(symbolKey(account, symbol)) ?? only;
}
