/**
 * The journals of several accounts as one sequence in time: what of one account happened keeps its order, and at one time accounts go
 * in theirs. Fills that were given keep the order of their table. Nothing is numbered or passed on here.
 */

import type { Journal, JournalTrade } from './journal.js';

/** The journal of an account, by its place. */
export interface OwnJournal {
  readonly account: number;
  readonly journal: Journal;
}

/** An item of a journal with its time and account. */
export interface Timed<T> {
  readonly timeMs: number;
  readonly account: number;
  readonly item: T;
}

/** All items of the journals by time, then account order, then as they happened. */
export function mergeByTime<T>(
  journals: readonly OwnJournal[],
  itemsOf: (journal: Journal) => readonly T[],
  timeOf: (item: T) => number,
): Timed<T>[] {
  const all: Timed<T>[] = [];
  if (journals.length === 1 && itemsOf(journals[0]!.journal).length === 0) return all;
  for (const { account, journal } of journals) {
    for (const item of itemsOf(journal)) all.push({ timeMs: timeOf(item), account, item });
  }
  // Sorting is stable: within an account the order of events stays.
  if (journals.length > 1) all.sort((a, b) => a.timeMs - b.timeMs || a.account - b.account);
  return all;
}

/** All fills, as mergeByTime; but given fills of one time in the order of their table. */
export function mergeTrades(journals: readonly OwnJournal[]): Timed<JournalTrade>[] {
  const isGiven = ({ journal }: OwnJournal): boolean => journal.trades.some(({ place }) => place !== undefined);
  if (journals.length === 1 || !journals.some(isGiven)) {
    return mergeByTime(
      journals,
      (journal) => journal.trades,
      ({ trade }) => trade.timeMs,
    );
  }
  const merged: Timed<JournalTrade>[] = [];
  const nexts = journals.map(() => 0);
  for (;;) {
    let first: Timed<JournalTrade> | null = null;
    let from = 0;
    for (const [i, { account, journal }] of journals.entries()) {
      const item = journal.trades[nexts[i]!];
      if (item === undefined || (first !== null && !goesBefore(item, first.item))) continue;
      first = { timeMs: item.trade.timeMs, account, item };
      from = i;
    }
    if (first === null) return merged;
    merged.push(first);
    nexts[from]! += 1;
  }
}

function goesBefore(a: JournalTrade, b: JournalTrade): boolean {
  if (a.trade.timeMs !== b.trade.timeMs) return a.trade.timeMs < b.trade.timeMs;
  return a.place !== undefined && b.place !== undefined && a.place < b.place;
}
