/**
 * Picks the entry of a symbol that is in force at a time, and merges a user's entry over a built-in one field by field. A
 * history is a list of entries with valid_from; where it says nothing of a time, the nearest entry stands in, and the
 * validity that comes with it tells so.
 */

import type { ContractEntry, EntryHistory } from './contractEntry.js';
import { type EntryPlace, requireTime } from './entryFields.js';

/** From when (inclusive) to when (exclusive) an entry is the venue's, in UTC milliseconds; null where nothing limits it. */
export interface Validity {
  readonly fromMs: number | null;
  readonly untilMs: number | null;
}

export interface EntryInForce {
  readonly entry: ContractEntry;
  readonly validity: Validity;
}

/**
 * The last entry whose valid_from is at or before the time; before the first, and without a time, the first.
 *
 * @throws UserError exit 2 for a valid_from or valid_until that is not a time.
 */
export function findEntryInForce(place: EntryPlace, history: EntryHistory, atMs: number | undefined): EntryInForce {
  const entries: readonly ContractEntry[] = Array.isArray(history) ? history : [history];
  const starts = entries.map(({ valid_from: from }) =>
    from === undefined ? null : requireTime(place, 'valid_from', from),
  );
  const found = atMs === undefined ? 0 : starts.findLastIndex((from) => from === null || from <= atMs);
  const index = Math.max(0, found);
  const entry = entries[index]!;
  const ownEnd = entry.valid_until === undefined ? null : requireTime(place, 'valid_until', entry.valid_until);
  const next = starts[index + 1] ?? null;
  const untilMs = ownEnd === null || next === null ? (ownEnd ?? next) : Math.min(ownEnd, next);
  return { entry, validity: { fromMs: starts[index]!, untilMs } };
}

/**
 * The user's fields over the built-in ones. Tiers and risk steps replace each other, and a table of tiers brings its own
 * rates and leverage; a null is none of them. What the user says of its time holds for the whole; where he says nothing,
 * the built-in time holds.
 */
export function mergeEntries(base: EntryInForce | undefined, own: EntryInForce | undefined): EntryInForce | undefined {
  if (own === undefined) return base;
  const entry = { ...keptFields(base?.entry ?? {}, own.entry), ...own.entry };
  if (entry.tiers === null) delete entry.tiers;
  if (entry.risk_limit === null) delete entry.risk_limit;
  const isTimed = own.validity.fromMs !== null || own.validity.untilMs !== null;
  return { entry, validity: isTimed || base === undefined ? own.validity : base.validity };
}

function keptFields(base: ContractEntry, own: ContractEntry): ContractEntry {
  const kept = { ...base };
  if (own.risk_limit !== undefined && own.risk_limit !== null) delete kept.tiers;
  if (own.tiers === undefined) return kept;
  delete kept.tiers_by;
  if (own.tiers === null) return kept;
  delete kept.risk_limit;
  delete kept.initial_margin;
  delete kept.maintenance_margin;
  delete kept.max_leverage;
  return kept;
}

/** Whether times from `fromMs` to `untilMs` (exclusive) are all within the validity. */
export function isWithin(validity: Validity, fromMs: number, untilMs: number): boolean {
  const { fromMs: start, untilMs: end } = validity;
  return (start === null || start <= fromMs) && (end === null || untilMs <= end);
}
