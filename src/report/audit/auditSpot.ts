/**
 * Spot trades in an audit: what a holding is after each fill, the profit that a sell tells over its average cost, and the exchange
 * of the two currencies in the bills. A sell takes from the holding first; what it sells beyond it closes nothing.
 */

import { divHalfAway } from '../../money/rounding.js';
import { pow10 } from '../../money/units.js';
import type { Findings } from './findings.js';
import { type AuditBill, type AuditJournal, add, SPOT_TYPES, sumOf, symbolKey } from './journal.js';
import { placeOf, type Round, sideKey } from './rounds.js';
import type { AuditRow } from './runTables.js';

/** Digits that exact amounts are held with. */
const EXACT_DECIMALS = 18;

export class SpotHoldings {
  readonly #rounds: Map<string, Round[]>;
  readonly #findings: Findings;
  /** Open cost by sideKey. */
  readonly #costs = new Map<string, bigint>();

  /** @param rounds takes the rounds of holdings from nothing to nothing. */
  constructor(rounds: Map<string, Round[]>, findings: Findings) {
    this.#rounds = rounds;
    this.#findings = findings;
  }

  addFill(row: AuditRow, timeMs: number): void {
    const key = sideKey(row.text('account'), row.text('symbol'), 'long');
    const isOpening = row.text('side') === 'buy';
    const effect = isOpening ? 'open' : 'close';
    const why = 'on spot a buy opens and a sell closes';
    this.#findings.expectText('trades', row, 'position_effect', effect, why);
    const qty = row.amount('qty');
    this.#findings.expect('trades', qty > 0n, placeOf(row, 'qty', 'above 0', 'a fill has a quantity'));
    const last = this.#rounds.get(key)?.at(-1);
    const open = last === undefined || last.isClosed ? undefined : last;
    const before = open?.fills.at(-1)?.held ?? 0n;
    if (isOpening) {
      const round = open ?? { fills: [], positionIds: new Set<string>(), isClosed: false };
      if (open === undefined) add(this.#rounds, key, round);
      this.#costs.set(key, (this.#costs.get(key) ?? 0n) + row.amount('amount'));
      const commission = row.amount('commission');
      round.fills.push({ row, timeMs, isOpening, qty, held: before + qty, commission });
      this.#expectProfit(row, 0n, 'a buy has no profit');
      return;
    }
    const sold = qty < before ? qty : before;
    this.#expectProfit(row, this.#release(key, row, sold, before), 'value of what was held, less its average cost');
    if (open === undefined || sold === 0n) return;
    const commission = shareOf(row, 'commission', sold);
    open.fills.push({ row, timeMs, isOpening, qty: sold, held: before - sold, commission });
    open.isClosed = sold === before;
  }

  #expectProfit(row: AuditRow, profit: bigint, why: string): void {
    this.#findings.expectAmount('trades', row, 'realized_pnl', profit, why);
  }

  /** Takes the cost of what is sold out of the holding. @returns the profit over it. */
  #release(key: string, row: AuditRow, sold: bigint, held: bigint): bigint {
    if (sold === 0n) return 0n;
    const cost = this.#costs.get(key)!;
    const unit = unitOf(row.text('amount'));
    const released = sold === held ? cost : divHalfAway(cost * sold, held * unit) * unit;
    this.#costs.set(key, cost - released);
    return shareOf(row, 'amount', sold) - released;
  }
}

/** The part of an amount of a fill that falls on `sold` of its quantity, rounded to the digits of its text. */
function shareOf(row: AuditRow, column: string, sold: bigint): bigint {
  const unit = unitOf(row.text(column));
  const qty = row.amount('qty');
  return qty === 0n ? 0n : divHalfAway(row.amount(column) * sold, qty * unit) * unit;
}

/** One in the last digit of a text, in 10^-18. */
function unitOf(text: string): bigint {
  const point = text.indexOf('.');
  return pow10(EXACT_DECIMALS - (point < 0 ? 0 : text.length - point - 1));
}

/** The two bills of an exchange: the value in the quote currency, the coins in the base currency. */
export function auditExchange(
  check: string,
  rows: readonly AuditRow[],
  bills: readonly AuditBill[],
  journal: AuditJournal,
  findings: Findings,
): void {
  const last = rows.at(-1)!;
  const [account, symbol] = [last.text('account'), last.text('symbol')];
  const quote = journal.currencies.get(symbolKey(account, symbol)) ?? bills[0]?.currency;
  const signed = (column: string): bigint =>
    rows.reduce((sum, row) => sum + (row.text('side') === 'buy' ? 1n : -1n) * row.amount(column), 0n);
  const exchange = bills.filter(({ type }) => SPOT_TYPES.has(type));
  const inQuote = exchange.filter(({ currency }) => currency === quote);
  const inBase = exchange.filter(({ currency }) => currency !== quote);
  const wanted = last.text('side') === 'buy' ? 'spot_buy' : 'spot_sell';
  for (const { row } of exchange) findings.expectText(check, row, 'type', wanted, 'the side of the fill');
  const [paid, coins] = [-signed('amount'), signed('qty')];
  const place = (bill: AuditBill | undefined) => bill?.row ?? last;
  const valueWhy = 'the amount of the fill leaves or enters the quote currency';
  const coinsWhy = 'the quantity of the fill enters or leaves the base currency';
  expectBill(check, sumOf(inQuote, SPOT_TYPES), paid, place(inQuote[0]), valueWhy, findings);
  expectBill(check, sumOf(inBase, SPOT_TYPES), coins, place(inBase[0]), coinsWhy, findings);
}

function expectBill(
  check: string,
  found: bigint,
  expected: bigint,
  row: AuditRow,
  why: string,
  findings: Findings,
): void {
  const place = placeOf(row, 'amount', `bills of ${expected} · 10^-18`, why);
  findings.expect(check, found === expected, place);
}
