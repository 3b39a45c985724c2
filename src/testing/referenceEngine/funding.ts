/**
 * Funding: which times are due, with which rate, and what a payment books (settlement text §5). A file's own times count; the
 * contract's times count where the file is silent, and are missing there.
 */

import type { Contract } from '../../contract/contract.js';
import type { FundingSource } from '../../engine/runInput.js';
import type { FundingRate } from '../../market/bars.js';
import type { Book, Holding, Moment, RefAccount } from './account.js';
import { markOf, transferable } from './margin.js';
import { minNum, type Num, negate, num, type Ratio, ratio, ratioOf, signed, ZERO } from './numbers.js';
import { value } from './terms.js';
import { fundingTiding } from './tidings.js';
import { shareOf } from './trades.js';

/** A funding time; `rate` is null where none is known. */
export interface FundingTime {
  readonly timeMs: number;
  readonly rate: Ratio | null;
  /** Price of the funding row, where it has one. */
  readonly price: Ratio | null;
}

const DAY_MS = 86_400_000;

/** The contract's own funding times in [from, to). */
function contractTimes(contract: Contract, fromMs: number, toMs: number): number[] {
  const times: number[] = [];
  for (let day = Math.floor(fromMs / DAY_MS) * DAY_MS; day < toMs; day += DAY_MS) {
    for (const ofDay of contract.fundTimesMs) {
      if (day + ofDay >= fromMs && day + ofDay < toMs) times.push(day + ofDay);
    }
  }
  return times.sort((a, b) => a - b);
}

/** The most common distance between neighboring rows; of equally common ones the longest. */
function commonSpacing(rates: readonly FundingRate[]): number | null {
  const counts = new Map<number, number>();
  rates.slice(1).forEach((row, i) => {
    const spacing = row.timeMs - rates[i]!.timeMs;
    counts.set(spacing, (counts.get(spacing) ?? 0) + 1);
  });
  const ranked = [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0]);
  return ranked[0]?.[0] ?? null;
}

/** True where no row stands at or near a time: before the first, after the last, or inside a hole. */
function isSilent(rates: readonly FundingRate[], spacing: number | null, timeMs: number): boolean {
  const [first, last] = [rates[0], rates[rates.length - 1]];
  if (first === undefined || last === undefined || timeMs < first.timeMs || timeMs > last.timeMs) return true;
  const after = rates.findIndex((row) => row.timeMs >= timeMs);
  if (rates[after]!.timeMs === timeMs) return false;
  return rates[after]!.timeMs - rates[after - 1]!.timeMs > spacing!;
}

/** All funding times in [from, to), ascending. */
export function fundingTimes(contract: Contract, source: FundingSource, fromMs: number, toMs: number): FundingTime[] {
  const own = contractTimes(contract, fromMs, toMs);
  if (source.kind === 'missing') return own.map((timeMs) => ({ timeMs, rate: null, price: null }));
  if (source.kind === 'constant') return own.map((timeMs) => ({ timeMs, rate: ratioOf(source.rate), price: null }));
  const spacing = commonSpacing(source.rates);
  const rows: FundingTime[] = source.rates
    .filter((row) => row.timeMs >= fromMs && row.timeMs < toMs)
    .map((row) => ({
      timeMs: row.timeMs,
      rate: ratio(num(row.rate)),
      price: row.price === undefined ? null : ratio(num(row.price)),
    }));
  const missing: FundingTime[] = own
    .filter((timeMs) => isSilent(source.rates, spacing, timeMs))
    .map((timeMs) => ({ timeMs, rate: null, price: null }));
  return [...rows, ...missing].sort((a, b) => a.timeMs - b.timeMs);
}

/** A funding time of a contract, with the name of its candles. */
export interface Due {
  readonly series: string;
  readonly contract: Contract;
  readonly time: FundingTime;
}

/** Those of an account's own contracts: another exchange's are nothing to it. */
export const duesOf = (account: RefAccount, dues: readonly Due[]): Due[] =>
  dues.filter(({ series, contract }) => account.bookOf(series)?.terms.contract === contract);

/** Books one funding time on the positions held in a symbol; a time without a rate is counted. True where it was paid. */
export function settleFunding(book: Book, time: FundingTime, moment: Moment): boolean {
  const { ledger } = book;
  if (book.isSpot || book.positions.length === 0) return false;
  if (time.rate === null) {
    ledger.counters.missingFunding += 1;
    return false;
  }
  for (const position of book.positions) payOne({ book, position }, time.rate, time.price, moment);
  ledger.isTouched = true;
  return true;
}

function payOne(at: Holding, rate: Ratio, price: Ratio | null, moment: Moment): void {
  const { book, position } = at;
  const { ledger } = book;
  const worth = value(book.terms, position.qty, price ?? markOf(book, moment.quotes));
  const amount = negate(signed(position.side, shareOf(rate, worth)));
  const isolatedDelta = position.mode === 'isolated' ? partOfMargin(at, amount, moment) : ZERO;
  ledger.counters.funding = ledger.counters.funding.plus(amount);
  position.funding = position.funding.plus(amount);
  position.margin = position.margin.plus(isolatedDelta);
  book.account.bookOn(at, { timeMs: moment.timeMs, type: 'funding', amount, isolatedDelta });
  book.account.tidings.push(fundingTiding(book, rate, amount, moment.timeMs));
}

/** What of a payment the isolated margin pays or receives: all of it, or only what is not transferable. */
function partOfMargin({ book }: Holding, amount: Num, { quotes }: Moment): Num {
  if (book.terms.rules.isolatedFunding === 'position_margin') return amount;
  if (amount.gte(ZERO)) return ZERO;
  const fromWallet = minNum(negate(amount), transferable(book.account, book.ledger, quotes));
  return amount.plus(fromWallet);
}
