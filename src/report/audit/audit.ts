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
  const contractOf = findContracts(run);
  const currencyOf = findCurrencies(contractOf, journal);
  auditBalances(tables.balance, journal, findings);
  const rounds = auditTrades(tables.trades, journal, findings);
  auditStops(tables.stop_trades, tables.trades, tables.orders, findings);
  auditOrders(tables.orders, tables.trades, findings);
  const lastClose = run.summary['last_close_time'];
  const last = typeof lastClose === 'string' ? lastClose : null;
  auditPositions(tables.positions, rounds, last, run.pathOf('positions.csv'), findings);
  auditUnrealized(tables.balance, tables.positions, journal, currencyOf, findings);
  const tickOf = (account: string, symbol: string): bigint =>
    parseExact(String(contractOf(account, symbol)?.['tick_size'])) ?? 0n;
  const sources = { rounds, journal, tickOf, file: run.pathOf('closed_trades.csv') };
  auditClosedTrades(tables.closed_trades, sources, findings);
  auditSummary(run, journal, rounds, currencyOf, findings);
  auditManifest(run, findings);
}

/** The contract of an account's symbol, as the manifest has it; undefined where the folder does not tell. */
type ContractOf = (account: string, symbol: string) => JsonObject | undefined;

/** Exchanges may list one symbol each: the account's own counts, where the folder says which that is. */
function findContracts({ manifest }: RunTables): ContractOf {
  const contracts = listOf(manifest['contracts']);
  const options = (manifest['options'] ?? {}) as JsonObject;
  const listings = new Map(listOf(options['accounts']).map((account) => [account['name'], account['contracts']]));
  const bySymbol = new Map(contracts.map((one) => [String(one['symbol']), one]));
  const byVenue = new Map(contracts.map((one) => [symbolKey(String(one['venue']), String(one['symbol'])), one]));
  return (account, symbol) => {
    const listing = listings.get(account);
    return listing === undefined ? bySymbol.get(symbol) : byVenue.get(symbolKey(String(listing), symbol));
  };
}

function listOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? (value as JsonObject[]) : [];
}

/** The settlement currency of a symbol by its contract in the manifest, by its bills, or because there is only one. */
function findCurrencies(contractOf: ContractOf, journal: AuditJournal): CurrencyOf {
  const currencies = new Set(journal.bills.map((bill) => bill.currency));
  const only = currencies.size === 1 ? [...currencies][0]! : null;
  return (account, symbol) => {
    const settle = contractOf(account, symbol)?.['settle_currency'];
    return settle === undefined ? (journal.currencies.get(symbolKey(account, symbol)) ?? only) : String(settle);
  };
}
