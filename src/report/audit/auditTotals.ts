/**
 * The totals of the summary against its ledgers: counts add up, and money adds up in the report currency at the prices that the
 * summary names. What was deposited at other prices, and the joint drawdown, the folder does not tell.
 */

import type { ContractType } from '../../contract/contract.js';
import { type CurrencyLink, findRoute, linksOf, type Route } from '../../contract/currencyLinks.js';
import type { Fraction } from '../../money/decimal.js';
import { integer, ONE, over, plus, times, ZERO } from '../../money/fractions.js';
import { divHalfAway } from '../../money/rounding.js';
import { pow10 } from '../../money/units.js';
import { SUMMARY_FILE } from '../runFolder.js';
import { TOTAL_ACCOUNT } from '../summary.js';
import { parseExact } from './exactText.js';
import type { Findings } from './findings.js';
import type { JsonObject, RunTables } from './runTables.js';
import { CHECK, compareCounts, compareMoney, placeInSummary, type Recount } from './summaryFigures.js';

/** A ledger of the summary with what the tables make of it. */
export interface AuditedLedger extends Recount {
  readonly account: string;
  readonly currency: string;
  readonly entry: JsonObject;
}

/** At which of a symbol's two prices a figure is converted. */
const PRICE_OF: Readonly<Record<string, 'first_open' | 'last_close'>> = {
  start_equity: 'first_open',
  end_equity: 'last_close',
  fees: 'last_close',
  funding: 'last_close',
  insurance: 'last_close',
};

/** Whether an entry is the total of one of several accounts: `main:total`. */
export function isAccountTotal(entry: JsonObject): boolean {
  return String(entry['account']).endsWith(`:${TOTAL_ACCOUNT}`);
}

export function auditTotals(run: RunTables, ledgers: readonly AuditedLedger[], findings: Findings): void {
  const entries = Array.isArray(run.summary['accounts']) ? (run.summary['accounts'] as JsonObject[]) : [];
  const [first] = ledgers;
  if (first === undefined) return;
  const prices = new LinkPrices(run);
  const total = (run.summary['total'] ?? {}) as JsonObject;
  auditTotal(run, { path: 'total', entry: total, ledgers }, prices, findings);
  for (const [i, entry] of entries.entries()) {
    if (!isAccountTotal(entry)) continue;
    const account = String(entry['account']).slice(0, -TOTAL_ACCOUNT.length - 1);
    const own = ledgers.filter((ledger) => ledger.account === account);
    if (own.length > 0) auditTotal(run, { path: `accounts[${i}]`, entry, ledgers: own }, prices, findings);
  }
}

interface TotalEntry {
  readonly path: string;
  readonly entry: JsonObject;
  readonly ledgers: readonly AuditedLedger[];
}

function auditTotal(run: RunTables, total: TotalEntry, prices: LinkPrices, findings: Findings): void {
  const { path, entry, ledgers } = total;
  const file = run.pathOf(SUMMARY_FILE);
  const counts = new Map<string, number>();
  for (const own of ledgers) {
    for (const [name, value] of own.counts) counts.set(name, (counts.get(name) ?? 0) + value);
  }
  counts.set('bars', ledgers[0]!.counts.get('bars')!);
  compareCounts(file, path, entry, { counts }, findings);
  for (const name of ['missing_funding', 'ambiguous_bars'] as const) {
    const expected = ledgers.reduce((sum, ledger) => sum + Number(ledger.entry[name]), 0);
    const found = entry[name];
    const place = placeInSummary(file, path, name, found, String(expected), 'the ledgers add up to it');
    findings.expect(CHECK, found === expected, place);
  }
  auditMoney(file, total, prices, findings);
}

function auditMoney(file: string, { path, entry, ledgers }: TotalEntry, prices: LinkPrices, findings: Findings): void {
  const target = ledgers[0]!.currency;
  const held = ledgers.filter(({ money }) => [...money.values()].some((amount) => amount !== 0n));
  const unpriced = held.find(({ currency }) => prices.rate(currency, target, 'last_close') === null);
  const expected = unpriced === undefined ? target : null;
  const why = unpriced === undefined ? 'the first ledger is in it' : `nothing prices ${unpriced.currency} in ${target}`;
  const place = placeInSummary(file, path, 'currency', entry['currency'], String(expected), why);
  findings.expect(CHECK, entry['currency'] === expected, place);
  if (unpriced !== undefined || typeof entry['start_equity'] !== 'string') return;
  const digits = decimalsOf(entry['start_equity']);
  const sum = (name: string): bigint => {
    const parts = held.map(({ currency, money }) => {
      return times(integer(money.get(name)!), prices.rate(currency, target, PRICE_OF[name]!)!);
    });
    const { num, den } = parts.reduce(plus, ZERO);
    const step = pow10(EXACT_DECIMALS - digits);
    return divHalfAway(num, den * step) * step;
  };
  const money = new Map(Object.keys(PRICE_OF).map((name) => [name, sum(name)]));
  const moved = ledgers.some((ledger) => movedOf(ledger) !== 0n);
  if (!moved) money.set('pnl', money.get('end_equity')! - money.get('start_equity')!);
  compareMoney(file, path, entry, { money }, findings, 'the ledgers add up to it at the prices of the summary');
}

/** Deposits less withdrawals after the start: what of end − start is neither profit nor an exchange. */
function movedOf({ money }: AuditedLedger): bigint {
  return money.get('end_equity')! - money.get('start_equity')! - money.get('pnl')! - money.get('spot_flow')!;
}

/** Digits that exact amounts are held with. */
const EXACT_DECIMALS = 18;

function decimalsOf(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}

/** The prices of the summary, and the links that the contracts of the manifest make of them. */
class LinkPrices {
  readonly #prices: JsonObject;
  readonly #links: readonly CurrencyLink[];

  constructor({ summary, manifest }: RunTables) {
    this.#prices = (summary['prices'] ?? {}) as JsonObject;
    const contracts = Array.isArray(manifest['contracts']) ? (manifest['contracts'] as JsonObject[]) : [];
    const named = contracts.map((entry) => [String(entry['data'] ?? entry['symbol']), entry] as const);
    // Sorting is stable: contracts on the same candles stay in their order.
    named.sort(([a], [b]) => (a === b ? 0 : a < b ? -1 : 1));
    this.#links = named.flatMap(([name, entry]) => {
      const base = entry['base_currency'];
      return linksOf({
        symbol: name,
        type: String(entry['type']) as ContractType,
        base: typeof base === 'string' ? base : null,
        quote: String(entry['quote_currency']),
        settle: String(entry['settle_currency']),
      });
    });
  }

  /** Null where nothing prices the one in the other; 1 for two names of one coin. */
  rate(from: string, to: string, which: 'first_open' | 'last_close'): Fraction | null {
    const route: Route | null = findRoute(this.#links, from, to);
    let rate: Fraction | null = route === null ? null : ONE;
    for (const { symbol, isBack } of route ?? []) {
      const price = parseExact(String((this.#prices[symbol] as JsonObject | undefined)?.[which]));
      if (rate === null || price === undefined || price <= 0n) return null;
      const exact = { num: price, den: pow10(EXACT_DECIMALS) };
      rate = isBack ? over(rate, exact) : times(rate, exact);
    }
    return rate;
  }
}
