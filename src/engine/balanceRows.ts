/**
 * Rows of the balance and positions tables that stand at fixed times: the first open, bar closes, multiples of an hour or a
 * day, the last close. A row at a close stays open until the next bar has begun, because what happens at that very moment
 * still belongs to it: one row a moment, showing the state after everything at it.
 */

import { balanceRecords, positionRecords } from './accountRows.js';
import type { AccountRuntime } from './accountRuntime.js';
import type { Moment } from './moment.js';
import type { BalanceRecord, PositionRecord, RecordSink } from './records.js';
import type { BalanceEvery } from './runInput.js';

const DAY_MS = 86_400_000;

/** What stands at a time. */
export interface StandingKinds {
  readonly withBalance: boolean;
  readonly withPositions: boolean;
}

/** Says at which times rows stand. */
export class RowSchedule {
  readonly #every: BalanceEvery;
  /** Shortest step that every standing time is a multiple of, or the day for positions. */
  readonly #steps: readonly number[];

  constructor(every: BalanceEvery) {
    this.#every = every;
    this.#steps = [...new Set([...every.everyMs, DAY_MS])];
  }

  /** What stands at a close; null for nothing. @param isOfBar false for a finer bar inside the bar. */
  atClose(timeMs: number, isOfBar: boolean): StandingKinds | null {
    const at = this.at(timeMs);
    if (!this.#every.bar || !isOfBar) return at;
    return { withBalance: true, withPositions: at?.withPositions ?? false };
  }

  /** What stands at a time as a multiple of a step; null for nothing. */
  at(timeMs: number): StandingKinds | null {
    const withPositions = timeMs % DAY_MS === 0;
    const withBalance = this.#every.everyMs.some((step) => timeMs % step === 0);
    return withBalance || withPositions ? { withBalance, withPositions } : null;
  }

  /** The first standing multiple after a time. */
  nextAfter(timeMs: number): number {
    let next = Number.POSITIVE_INFINITY;
    for (const step of this.#steps) next = Math.min(next, (Math.floor(timeMs / step) + 1) * step);
    return next;
  }
}

interface Standing extends StandingKinds {
  readonly timeMs: number;
  /** By account. */
  readonly balances: (readonly BalanceRecord[])[];
  readonly positions: (readonly PositionRecord[])[];
}

export class BalanceRows {
  readonly #sink: RecordSink;
  readonly #runtimes: readonly AccountRuntime[];
  #standing: Standing | null = null;

  constructor(sink: RecordSink, runtimes: readonly AccountRuntime[]) {
    this.#sink = sink;
    this.#runtimes = runtimes;
  }

  get standing(): { readonly timeMs: number; readonly withBalance: boolean } | null {
    return this.#standing;
  }

  /** Stands rows for every account at a moment. Rows that already stand at it are widened. */
  stand(moment: Moment, kinds: StandingKinds): void {
    const { timeMs } = moment;
    if (this.#standing !== null && this.#standing.timeMs !== timeMs) this.release();
    const before = this.#standing;
    const withBalance = kinds.withBalance || before?.withBalance === true;
    const withPositions = kinds.withPositions || before?.withPositions === true;
    this.#standing = {
      timeMs,
      withBalance,
      withPositions,
      balances: withBalance ? this.#runtimes.map((r) => balanceRecords(r, moment)) : [],
      positions: withPositions ? this.#runtimes.map((r) => positionRecords(r, moment)) : [],
    };
  }

  /** Takes over what happened to an account at the very time of the standing rows. */
  renew(account: number): void {
    const standing = this.#standing;
    if (standing === null) return;
    const { journal } = this.#runtimes[account]!;
    if (standing.withBalance) {
      let count = 0;
      while (journal.balances[count]?.timeMs === standing.timeMs) count += 1;
      const renewed = journal.balances.splice(0, count);
      if (renewed.length > 0) standing.balances[account] = mergeRows(standing.balances[account]!, renewed);
    }
    if (standing.withPositions && journal.rowPositions !== null) {
      standing.positions[account] = mergePositions(standing.positions[account]!, journal.rowPositions.ofLedger);
    }
  }

  /** Writes the standing rows. */
  release(): void {
    const standing = this.#standing;
    if (standing === null) return;
    this.#standing = null;
    for (const record of standing.balances.flat()) this.#sink.balance(record);
    for (const record of standing.positions.flat()) this.#sink.position(record);
  }
}

/** The rows of a moment, those of some ledgers renewed; a ledger that was opened at it comes last. */
function mergeRows(rows: readonly BalanceRecord[], renewed: readonly BalanceRecord[]): readonly BalanceRecord[] {
  const merged = [...rows];
  for (const record of renewed) {
    const i = merged.findIndex(({ currency }) => currency.code === record.currency.code);
    if (i < 0) merged.push(record);
    else merged[i] = record;
  }
  return merged;
}

/** The positions of a moment, those of some ledgers as they became at it: by symbol, long before short. */
function mergePositions(
  rows: readonly PositionRecord[],
  renewed: ReadonlyMap<string, readonly PositionRecord[]>,
): readonly PositionRecord[] {
  const kept = rows.filter(({ contract }) => !renewed.has(contract.settle.code));
  const all = [...kept, ...[...renewed.values()].flat()];
  return all.sort((a, b) => {
    const [one, other] = [a.contract.symbol, b.contract.symbol];
    if (one !== other) return one < other ? -1 : 1;
    return a.side === b.side ? 0 : a.side === 'long' ? -1 : 1;
  });
}
