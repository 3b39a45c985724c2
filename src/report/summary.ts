/**
 * The summary of a run: the figures of metrics.ts for each account and for all together, and their CSV
 * (`account,metric,value`) and JSON. An account of several currencies has an entry for each. Among several accounts it also has
 * its own total. The overall row is named `total`, so no account may be called that. What the terminal makes of it stands in
 * terminalTables.ts.
 */

import type { AccountOutcome, RunOutcome } from '../engine/records.js';
import { invariant } from '../errors.js';
import { formatUnits } from '../money/units.js';
import { formatF64, formatRatio, formatTime } from './cells.js';
import { formatCsvLine, neutralizeFormula } from './csv.js';
import { formatJsonArray, formatJsonObject, type JsonText } from './json.js';
import { type Figure, METRICS, type Metric, type TotalSource } from './metrics.js';

/** The overall row; the command line refuses an account of this name. */
export const TOTAL_ACCOUNT = 'total';

/** The figures of one account, or of all together. */
export interface SummaryEntry {
  readonly account: string;
  /** Null for the total. */
  readonly exchange: string | null;
  /** Of a total the report currency; null where there is none. */
  readonly currency: string | null;
  readonly bankruptAtMs: number | null;
  readonly figures: readonly { readonly metric: Metric; readonly figure: Figure }[];
}

export interface Summary {
  /** In account order, one for each ledger, and a total after those of an account that is one of several. */
  readonly accounts: readonly SummaryEntry[];
  readonly total: SummaryEntry;
}

/** The summary of a run. */
export function computeSummary(run: RunOutcome): Summary {
  const byAccount = new Map<string, AccountOutcome[]>();
  for (const ledger of run.accounts) {
    const ledgers = byAccount.get(ledger.account);
    if (ledgers === undefined) byAccount.set(ledger.account, [ledger]);
    else ledgers.push(ledger);
  }
  return {
    accounts: [...byAccount].flatMap(([name, ledgers], i) => {
      const entries = ledgers.map((ledger, place) => ledgerEntry(run, ledger, place));
      if (byAccount.size === 1 || ledgers.length === 1) return entries;
      const source = { total: run.totals.accounts[i]!, ledgers };
      return [...entries, totalEntry(run, `${name}:${TOTAL_ACCOUNT}`, ledgers[0]!.exchange, source)];
    }),
    total: totalEntry(run, TOTAL_ACCOUNT, null, { total: run.totals.overall, ledgers: run.accounts }),
  };
}

function ledgerEntry(run: RunOutcome, ledger: AccountOutcome, place: number): SummaryEntry {
  return {
    // The account's name; for its further currencies with their code: `main:USDT`.
    account: place === 0 ? ledger.account : `${ledger.account}:${ledger.currency.code}`,
    exchange: ledger.exchange,
    currency: ledger.currency.code,
    bankruptAtMs: ledger.bankruptAtMs,
    figures: METRICS.map((metric) => ({ metric, figure: metric.ofLedger(ledger, run) })),
  };
}

function totalEntry(run: RunOutcome, account: string, exchange: string | null, source: TotalSource): SummaryEntry {
  const { total } = source;
  return {
    account,
    exchange,
    currency: 'reason' in total ? null : total.currency.code,
    bankruptAtMs: null,
    figures: METRICS.map((metric) => ({ metric, figure: metric.ofTotal(source, run) })),
  };
}

/** A figure as plain text: money with its currency's digits, ratios with 8; null where there is none. */
export function formatFigure(figure: Figure): string | null {
  switch (figure.kind) {
    case 'money':
      return formatUnits(figure.value, figure.currency.decimals);
    case 'count':
      invariant(Number.isSafeInteger(figure.value), () => `a count is ${figure.value}`);
      return String(figure.value);
    case 'ratio':
      return formatRatio(figure.value);
    case 'none':
      return null;
  }
}

/** `account,metric,value`: every account in order, then the total. An empty value is a figure that means nothing. */
export function* formatSummaryCsv(run: RunOutcome): Generator<string> {
  yield formatCsvLine(['account', 'metric', 'value']);
  for (const entry of entriesOf(computeSummary(run))) {
    for (const { metric, figure } of entry.figures) {
      yield formatCsvLine([neutralizeFormula(entry.account), metric.name, formatFigure(figure) ?? '']);
    }
  }
}

/** Every account in order, then the total, as JSON objects. */
export function formatSummaryRows(run: RunOutcome): JsonText[] {
  return entriesOf(computeSummary(run)).map(formatEntry);
}

/** The text of summary.json. */
export function* formatSummaryJson(run: RunOutcome): Generator<string> {
  const summary = computeSummary(run);
  const isPartial = JSON.stringify(run.interrupted);
  yield `{\n  "first_open_time": ${timeJson(run.firstOpenTimeMs)},\n  "last_close_time": ${timeJson(run.lastCloseTimeMs)},\n`;
  yield `  "partial": ${isPartial},\n  "accounts": `;
  yield* formatJsonArray(summary.accounts.map(formatEntry), '  ');
  yield `,\n  "total": ${formatEntry(summary.total)},\n  "prices": ${formatLinkPrices(run)}\n}\n`;
}

/** Money as a string, counts and ratios as numbers, a missing figure as null with its reason under `reasons`. */
function formatEntry(entry: SummaryEntry): JsonText {
  const reasons: [string, JsonText][] = [];
  const figures = entry.figures.map(({ metric, figure }): [string, JsonText] => {
    if (figure.kind === 'none') reasons.push([metric.name, JSON.stringify(figure.reason)]);
    const text = formatFigure(figure);
    if (text === null) return [metric.name, 'null'];
    return [metric.name, figure.kind === 'money' ? JSON.stringify(text) : text];
  });
  return formatJsonObject([
    ['account', JSON.stringify(entry.account)],
    ['exchange', JSON.stringify(entry.exchange)],
    ['currency', JSON.stringify(entry.currency)],
    ['bankrupt_at', timeJson(entry.bankruptAtMs)],
    ...figures,
    ['reasons', formatJsonObject(reasons)],
  ]);
}

/** What totals were converted at, by the name of the candles; as in the data, which know no ticks. */
function formatLinkPrices({ linkPrices }: RunOutcome): JsonText {
  return formatJsonObject(
    linkPrices.map(({ name, firstOpen, lastClose }) => [
      name,
      formatJsonObject([
        ['first_open', JSON.stringify(formatF64(firstOpen, 0))],
        ['last_close', JSON.stringify(formatF64(lastClose, 0))],
      ]),
    ]),
  );
}

function entriesOf(summary: Summary): SummaryEntry[] {
  return [...summary.accounts, summary.total];
}

function timeJson(timeMs: number | null): JsonText {
  return timeMs === null ? 'null' : JSON.stringify(formatTime(timeMs));
}
