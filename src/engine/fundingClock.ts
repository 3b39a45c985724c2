/**
 * The funding times of a run in order, with the rate of each or the fact that none is known. With a file, its own times are
 * the schedule, and the contract's times count as missing where the file has a hole or has not begun or has ended. Pure:
 * whether a position pays is the settlement's question.
 */

import type { Contract } from '../contract/contract.js';
import { type Fraction, fractionOf } from '../money/decimal.js';
import type { FundingSource } from './runInput.js';

/** One funding time of a symbol. */
export interface FundingDue {
  /** Place of the symbol in the market. */
  readonly symbol: number;
  /** Whose positions pay; of another exchange's contract on the same candles they do not. */
  readonly contract: Contract;
  readonly timeMs: number;
  /** Null where a rate was due and none is known. */
  readonly rate: Fraction | null;
  /** The price the payment is valued at, where the row carries one. */
  readonly price: Fraction | null;
}

const DAY_MS = 86_400_000;

/** Ascending funding times from a start; `peek` is the next one, `advance` moves on. */
export class FundingClock {
  readonly #rates: readonly FundingDue[];
  readonly #fundTimesMs: readonly number[];
  readonly #constant: Fraction | null;
  readonly #usualSpacingMs: number;
  #nextRow = 0;
  #nextScheduledMs: number;
  #due: FundingDue | null;

  readonly contract: Contract;
  /** Place of the symbol in the market. */
  readonly symbol: number;

  /**
   * @param fromMs first bar's open: earlier times do not exist for this run.
   * @param symbol place of the symbol in the market.
   */
  constructor(contract: Contract, source: FundingSource, fromMs: number, symbol = 0) {
    this.contract = contract;
    this.symbol = symbol;
    this.#fundTimesMs = contract.fundTimesMs;
    this.#constant = source.kind === 'constant' ? source.rate : null;
    this.#rates =
      source.kind !== 'rates'
        ? []
        : source.rates.map((row) => ({
            symbol,
            contract,
            timeMs: row.timeMs,
            rate: fractionOf(row.rate),
            price: row.price === undefined ? null : fractionOf(row.price),
          }));
    this.#usualSpacingMs = commonSpacing(this.#rates);
    while (this.#nextRow < this.#rates.length && this.#rates[this.#nextRow]!.timeMs < fromMs) this.#nextRow += 1;
    this.#nextScheduledMs = this.#scheduledFrom(fromMs);
    this.#due = this.#compute();
  }

  /** The next funding time; Infinity when there is none. */
  get nextTimeMs(): number {
    return this.#due === null ? Number.POSITIVE_INFINITY : this.#due.timeMs;
  }

  /** Takes the next funding time. */
  take(): FundingDue {
    const due = this.#due!;
    const row = this.#rates[this.#nextRow];
    if (row !== undefined && row.timeMs === due.timeMs) this.#nextRow += 1;
    if (this.#nextScheduledMs <= due.timeMs) this.#nextScheduledMs = this.#scheduledFrom(due.timeMs + 1);
    this.#due = this.#compute();
    return due;
  }

  #compute(): FundingDue | null {
    for (;;) {
      const row = this.#rates[this.#nextRow];
      const scheduled = this.#nextScheduledMs;
      if (row !== undefined && row.timeMs <= scheduled) return row;
      if (scheduled === Number.POSITIVE_INFINITY) return null;
      const isHole = this.#constant === null && this.#isHole(row);
      if (isHole || this.#constant !== null) {
        const { symbol, contract } = this;
        return { symbol, contract, timeMs: scheduled, rate: this.#constant, price: null };
      }
      this.#nextScheduledMs = this.#scheduledFrom(scheduled + 1);
    }
  }

  /** Whether the contract's time falls where the file says nothing: before it, after it, or in an unusually wide gap. */
  #isHole(next: FundingDue | undefined): boolean {
    const before = this.#rates[this.#nextRow - 1];
    if (next === undefined || before === undefined) return true;
    return next.timeMs - before.timeMs > this.#usualSpacingMs;
  }

  #scheduledFrom(timeMs: number): number {
    const { [0]: first } = this.#fundTimesMs;
    if (first === undefined) return Number.POSITIVE_INFINITY;
    const day = Math.floor(timeMs / DAY_MS) * DAY_MS;
    for (const time of this.#fundTimesMs) if (day + time >= timeMs) return day + time;
    return day + DAY_MS + first;
  }
}

/** The most common distance of neighbouring rows; of equally common ones the longest. */
function commonSpacing(rows: readonly FundingDue[]): number {
  const counts = new Map<number, number>();
  for (let i = 1; i < rows.length; i++) {
    const spacing = rows[i]!.timeMs - rows[i - 1]!.timeMs;
    counts.set(spacing, (counts.get(spacing) ?? 0) + 1);
  }
  let best = 0;
  let most = 0;
  for (const [spacing, count] of counts) {
    if (count > most || (count === most && spacing > best)) {
      best = spacing;
      most = count;
    }
  }
  return best;
}
