/**
 * What the clock brings: funding times of all symbols, given fills and standing rows, merged in time order. The engine asks one
 * number a step, the next time at which anything is due.
 */

import { RowSchedule, type StandingKinds } from './balanceRows.js';
import { FundingClock, type FundingDue } from './fundingClock.js';
import type { GivenFill } from './givenFills.js';
import type { Market } from './market.js';
import type { ClockEvent, DuesEvent } from './moment.js';
import type { BalanceEvery } from './runInput.js';

/** Something due in a gap between bars. */
export type GapEvent = DuesEvent | { readonly kind: 'row'; readonly timeMs: number; readonly kinds: StandingKinds };

/** Order of what is due at one time inside a bar. */
const RANKS: Readonly<Record<ClockEvent['kind'], number>> = { dues: 0, sample: 1 };

/** What is due within a step. */
export interface StepDues {
  readonly dueAtOpen: readonly FundingDue[];
  readonly fillsAtOpen: readonly GivenFill[];
  readonly inside: readonly ClockEvent[];
}

export const NOTHING_DUE: StepDues = { dueAtOpen: [], fillsAtOpen: [], inside: [] };

export class DueTimes {
  /** In the order of the symbols, of one symbol in that of its contracts. */
  readonly #clocks: FundingClock[] = [];
  /** Symbols that have clocks. */
  #begun = 0;
  readonly #schedule: RowSchedule;
  #nextRowMs: number;
  #nextFundingMs = Number.POSITIVE_INFINITY;
  readonly #fills: readonly GivenFill[];
  #nextFill = 0;
  #nextFillMs: number;

  /** @param fills ascending in time. */
  constructor(every: BalanceEvery, fromMs: number, fills: readonly GivenFill[] = []) {
    this.#schedule = new RowSchedule(every);
    this.#fills = fills;
    this.#nextFillMs = fills[0]?.timeMs ?? Number.POSITIVE_INFINITY;
    this.#nextRowMs = this.#schedule.nextAfter(fromMs);
  }

  /** A symbol's funding times count from its first bar on. */
  beginSymbols({ symbols }: Market): void {
    if (this.#begun === symbols.length) return;
    for (const { index, bar, contracts, input } of symbols) {
      if (!bar.isPresent || this.#clocks.some((clock) => clock.symbol === index)) continue;
      this.#begun += 1;
      for (const contract of contracts) {
        this.#clocks.push(new FundingClock(contract, input.funding, bar.openTimeMs, index));
      }
    }
    this.#clocks.sort((a, b) => a.symbol - b.symbol);
    this.#findNextFunding();
  }

  /** The first given fill that has not been taken; undefined when all have. */
  get nextGivenFill(): GivenFill | undefined {
    return this.#fills[this.#nextFill];
  }

  get givenFillsLeft(): number {
    return this.#fills.length - this.#nextFill;
  }

  /** The next time at which anything is due. */
  get nextMs(): number {
    return Math.min(this.#nextFundingMs, this.#nextRowMs, this.#nextFillMs);
  }

  /**
   * Takes what is due before a time, one by one; rows go before funding and fills of the same time, which then renew them.
   */
  takeBefore(timeMs: number): GapEvent | null {
    if (this.nextMs >= timeMs) return null;
    const next = Math.min(this.#nextFundingMs, this.#nextFillMs);
    if (next >= this.#nextRowMs) return this.#takeRow();
    const funding = this.#nextFundingMs === next ? this.#takeFunding() : [];
    const fills = this.#nextFillMs === next ? this.#takeFills() : [];
    return { kind: 'dues', timeMs: next, funding, fills };
  }

  /** Takes a row that stands at exactly this time; null when none does. */
  takeRowAt(timeMs: number): StandingKinds | null {
    return this.#nextRowMs === timeMs ? this.#takeRow().kinds : null;
  }

  /** All that is due at the next funding time: payments of one moment are booked together. */
  #takeFunding(): readonly FundingDue[] {
    const timeMs = this.#nextFundingMs;
    const dues = this.#clocks.filter((clock) => clock.nextTimeMs === timeMs).map((clock) => clock.take());
    this.#findNextFunding();
    return dues;
  }

  /** All given fills of the next moment that has some. */
  #takeFills(): readonly GivenFill[] {
    const timeMs = this.#nextFillMs;
    const from = this.#nextFill;
    while (this.nextGivenFill?.timeMs === timeMs) this.#nextFill += 1;
    this.#nextFillMs = this.nextGivenFill?.timeMs ?? Number.POSITIVE_INFINITY;
    return this.#fills.slice(from, this.#nextFill);
  }

  /** Given fills of exactly the last close, which no bar comes after. */
  takeFillsAt(timeMs: number): readonly GivenFill[] {
    return this.#nextFillMs === timeMs ? this.#takeFills() : [];
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

  /** Takes what is due within a step: funding and fills at its open, and what falls strictly inside it; NOTHING_DUE if nothing is. */
  takeWithin(openTimeMs: number, closeTimeMs: number): StepDues {
    if (this.nextMs >= closeTimeMs) return NOTHING_DUE;
    const dueAtOpen: FundingDue[] = [];
    const fillsAtOpen: GivenFill[] = [];
    const inside: ClockEvent[] = [];
    for (let event = this.takeBefore(closeTimeMs); event !== null; event = this.takeBefore(closeTimeMs)) {
      if (event.kind === 'row') inside.push({ kind: 'sample', timeMs: event.timeMs, ...event.kinds });
      else if (event.timeMs > openTimeMs) inside.push(event);
      else {
        dueAtOpen.push(...event.funding);
        fillsAtOpen.push(...event.fills);
      }
    }
    // Inside a bar the row is drawn after what happens at its time.
    inside.sort((a, b) => a.timeMs - b.timeMs || RANKS[a.kind] - RANKS[b.kind]);
    return { dueAtOpen, fillsAtOpen, inside };
  }

  /** What stands at a close; null for nothing. @param isOfBar false for a finer bar inside the bar. */
  rowAtClose(timeMs: number, isOfBar: boolean): StandingKinds | null {
    if (this.#nextRowMs <= timeMs) this.#nextRowMs = this.#schedule.nextAfter(timeMs);
    return this.#schedule.atClose(timeMs, isOfBar);
  }
}
