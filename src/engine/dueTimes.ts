/**
 * What the clock brings: funding times and standing rows, merged in time order. The engine asks one number a bar, the next
 * time at which anything is due.
 */

import { RowSchedule, type StandingKinds } from './balanceRows.js';
import type { FundingClock, FundingDue } from './fundingClock.js';
import type { ClockEvent } from './moment.js';
import type { BarPrices } from './path.js';
import type { BalanceEvery } from './runInput.js';

/** Something due in a gap between bars. */
export type GapEvent =
  | { readonly kind: 'funding'; readonly due: FundingDue }
  | { readonly kind: 'row'; readonly timeMs: number; readonly kinds: StandingKinds };

export class DueTimes {
  readonly #funding: FundingClock;
  readonly #schedule: RowSchedule;
  #nextRowMs: number;

  constructor(funding: FundingClock, every: BalanceEvery, fromMs: number) {
    this.#funding = funding;
    this.#schedule = new RowSchedule(every);
    this.#nextRowMs = this.#schedule.nextAfter(fromMs);
  }

  /** The next time at which anything is due. */
  get nextMs(): number {
    return Math.min(this.#funding.nextTimeMs, this.#nextRowMs);
  }

  /** Takes what is due before a time, one by one; rows go before funding of the same time, which then renews them. */
  takeBefore(timeMs: number): GapEvent | null {
    if (this.nextMs >= timeMs) return null;
    if (this.#funding.nextTimeMs < this.#nextRowMs) return { kind: 'funding', due: this.#funding.take() };
    return this.#takeRow();
  }

  /** Takes a row that stands at exactly this time; null when none does. */
  takeRowAt(timeMs: number): StandingKinds | null {
    return this.#nextRowMs === timeMs ? this.#takeRow().kinds : null;
  }

  #takeRow(): GapEvent & { kind: 'row' } {
    const timeMs = this.#nextRowMs;
    this.#nextRowMs = this.#schedule.nextAfter(timeMs);
    return { kind: 'row', timeMs, kinds: this.#schedule.at(timeMs)! };
  }

  /** Takes what is due within a bar: funding at its open, and what falls strictly inside it. */
  takeWithin(bar: BarPrices): { readonly dueAtOpen: readonly FundingDue[]; readonly inside: readonly ClockEvent[] } {
    const dueAtOpen: FundingDue[] = [];
    const inside: ClockEvent[] = [];
    for (let event = this.takeBefore(bar.closeTimeMs); event !== null; event = this.takeBefore(bar.closeTimeMs)) {
      if (event.kind === 'row') inside.push({ kind: 'sample', timeMs: event.timeMs, ...event.kinds });
      else if (event.due.timeMs <= bar.openTimeMs) dueAtOpen.push(event.due);
      else inside.push({ kind: 'funding', timeMs: event.due.timeMs, due: event.due });
    }
    // Inside a bar the row is drawn after what happens at its time.
    inside.sort((a, b) => a.timeMs - b.timeMs || (a.kind === 'funding' ? -1 : 1));
    return { dueAtOpen, inside };
  }

  /** What stands at a bar's close; null for nothing. */
  rowAtClose(timeMs: number): StandingKinds | null {
    if (this.#nextRowMs <= timeMs) this.#nextRowMs = this.#schedule.nextAfter(timeMs);
    return this.#schedule.atClose(timeMs);
  }
}
