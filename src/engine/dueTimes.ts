/**
 * What the clock brings: funding times of all symbols and standing rows, merged in time order. The engine asks one number a
 * step, the next time at which anything is due.
 */

import { RowSchedule, type StandingKinds } from './balanceRows.js';
import type { FundingClock, FundingDue } from './fundingClock.js';
import type { ClockEvent } from './moment.js';
import type { BalanceEvery } from './runInput.js';

/** Something due in a gap between bars. */
export type GapEvent =
  | { readonly kind: 'funding'; readonly timeMs: number; readonly dues: readonly FundingDue[] }
  | { readonly kind: 'row'; readonly timeMs: number; readonly kinds: StandingKinds };

export class DueTimes {
  /** In the order of the symbols. */
  readonly #clocks: FundingClock[] = [];
  readonly #schedule: RowSchedule;
  #nextRowMs: number;
  #nextFundingMs = Number.POSITIVE_INFINITY;

  constructor(every: BalanceEvery, fromMs: number) {
    this.#schedule = new RowSchedule(every);
    this.#nextRowMs = this.#schedule.nextAfter(fromMs);
  }

  /** A symbol has begun: its funding times count from now on. */
  addClock(clock: FundingClock): void {
    this.#clocks.push(clock);
    this.#clocks.sort((a, b) => a.symbol - b.symbol);
    this.#findNextFunding();
  }

  hasClock(symbol: number): boolean {
    return this.#clocks.some((clock) => clock.symbol === symbol);
  }

  /** The next time at which anything is due. */
  get nextMs(): number {
    return Math.min(this.#nextFundingMs, this.#nextRowMs);
  }

  /** Takes what is due before a time, one by one; rows go before funding of the same time, which then renews them. */
  takeBefore(timeMs: number): GapEvent | null {
    if (this.nextMs >= timeMs) return null;
    if (this.#nextFundingMs < this.#nextRowMs) return this.#takeFunding();
    return this.#takeRow();
  }

  /** Takes a row that stands at exactly this time; null when none does. */
  takeRowAt(timeMs: number): StandingKinds | null {
    return this.#nextRowMs === timeMs ? this.#takeRow().kinds : null;
  }

  /** All that is due at the next funding time: payments of one moment are booked together. */
  #takeFunding(): GapEvent & { kind: 'funding' } {
    const timeMs = this.#nextFundingMs;
    const dues = this.#clocks.filter((clock) => clock.nextTimeMs === timeMs).map((clock) => clock.take());
    this.#findNextFunding();
    return { kind: 'funding', timeMs, dues };
  }

  #findNextFunding(): void {
    this.#nextFundingMs = Number.POSITIVE_INFINITY;
    for (const { nextTimeMs } of this.#clocks) this.#nextFundingMs = Math.min(this.#nextFundingMs, nextTimeMs);
  }

  #takeRow(): GapEvent & { kind: 'row' } {
    const timeMs = this.#nextRowMs;
    this.#nextRowMs = this.#schedule.nextAfter(timeMs);
    return { kind: 'row', timeMs, kinds: this.#schedule.at(timeMs)! };
  }

  /** Takes what is due within a step: funding at its open, and what falls strictly inside it. */
  takeWithin(
    openTimeMs: number,
    closeTimeMs: number,
  ): { dueAtOpen: readonly FundingDue[]; inside: readonly ClockEvent[] } {
    const dueAtOpen: FundingDue[] = [];
    const inside: ClockEvent[] = [];
    for (let event = this.takeBefore(closeTimeMs); event !== null; event = this.takeBefore(closeTimeMs)) {
      if (event.kind === 'row') inside.push({ kind: 'sample', timeMs: event.timeMs, ...event.kinds });
      else if (event.timeMs <= openTimeMs) dueAtOpen.push(...event.dues);
      else inside.push(event);
    }
    // Inside a bar the row is drawn after what happens at its time.
    inside.sort((a, b) => a.timeMs - b.timeMs || (a.kind === 'funding' ? -1 : 1));
    return { dueAtOpen, inside };
  }

  /** What stands at a close; null for nothing. */
  rowAtClose(timeMs: number): StandingKinds | null {
    if (this.#nextRowMs <= timeMs) this.#nextRowMs = this.#schedule.nextAfter(timeMs);
    return this.#schedule.atClose(timeMs);
  }
}
