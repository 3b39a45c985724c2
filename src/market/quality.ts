/**
 * What the first rows of a file tell about all of it (its order, its interval, whether its opens are carried over), and
 * what is counted over the bars of a whole series: gaps, bars of zero volume, first and last time. Rules of single rows
 * are in barRow.ts, those between neighbors in barFile.ts.
 */

import type { LocatedChunk } from './barColumns.js';
import type { BarRow } from './barRow.js';
import type { SeriesStats } from './bars.js';
import { formatInterval } from './intervals.js';

/** Rows that are looked at before the first bar is passed on. */
export const PEEKED_ROWS = 1000;
const MINUTE_MS = 60_000;

/** What was settled about a file before its first bar. */
export interface FileTraits {
  /** Newest first: the bars are turned round. */
  readonly descending: boolean;
  readonly intervalMs: number;
  /** True when neither the rows nor the name tell the interval. */
  readonly intervalIsAssumed: boolean;
  /** Opens repeat the previous close, so one outside high–low is a carried-over one and not an error. */
  readonly carriedOpens: boolean;
  /** Time of the first row that can be used, in the file's own order; null without one. */
  readonly firstStampMs: number | null;
  readonly assumptions: readonly string[];
}

/** The usable ones of the first rows as columns; of rows with one time only the first. */
interface FirstRows {
  readonly stamps: number[];
  readonly opens: number[];
  readonly closes: number[];
}

function readFirstRows(rows: Iterable<readonly string[]>, row: BarRow): FirstRows {
  const first: FirstRows = { stamps: [], opens: [], closes: [] };
  for (const cells of rows) {
    if (row.read(cells) !== null || row.stampMs === first.stamps.at(-1)) continue;
    first.stamps.push(row.stampMs);
    first.opens.push(row.open);
    first.closes.push(row.close);
  }
  return first;
}

/** Whether more of the steps from row to row go back in time than forward. */
function isNewestFirst(stamps: readonly number[]): boolean {
  let balance = 0;
  for (let i = 1; i < stamps.length; i++) balance += Math.sign(stamps[i]! - stamps[i - 1]!);
  return balance < 0;
}

/** Whether opens equal the close before them in at least 99 % of the rows that have a row before them. */
function hasCarriedOpens(rows: FirstRows, descending: boolean): boolean {
  const pairs = rows.stamps.length - 1;
  let equal = 0;
  for (let i = 0; i < pairs; i++) {
    const [earlier, later] = descending ? [i + 1, i] : [i, i + 1];
    if (rows.opens[later] === rows.closes[earlier]) equal++;
  }
  return pairs > 0 && equal * 100 >= pairs * 99;
}

/** The most common step, the shorter of equally common ones; undefined without a step. */
function mostCommon(steps: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const step of steps) counts.set(step, (counts.get(step) ?? 0) + 1);
  let best: number | undefined;
  for (const [step, count] of counts) {
    const most = best === undefined ? 0 : counts.get(best)!;
    if (count > most || (count === most && step < best!)) best = step;
  }
  return best;
}

interface Interval {
  readonly ms: number;
  readonly isAssumed: boolean;
  readonly assumption?: string;
}

/** The name's interval when the rows agree with it: all steps are multiples of it, and some are just it. */
function findInterval(steps: readonly number[], nameMs: number | undefined): Interval {
  const common = mostCommon(steps);
  if (common === undefined) {
    if (nameMs !== undefined) return { ms: nameMs, isAssumed: false };
    return { ms: MINUTE_MS, isAssumed: true, assumption: 'one row tells no interval: bars are taken to be 1m long' };
  }
  if (nameMs === undefined || nameMs === common) return { ms: common, isAssumed: false };
  if (steps.includes(nameMs) && steps.every((step) => step % nameMs === 0)) return { ms: nameMs, isAssumed: false };
  const [named, found] = [formatInterval(nameMs), formatInterval(common)];
  return {
    ms: common,
    isAssumed: false,
    assumption: `the file name says ${named}, but rows are ${found} apart: bars are taken to be ${found} long`,
  };
}

/**
 * Settles what the first rows tell.
 *
 * @param rows cells of at most the first thousand rows; those that cannot be used are passed over
 * @param row an own reader of rows, whose time column is then that of the file
 * @param nameMs interval in the file name, if there is one
 */
export function inspectFirstRows(rows: Iterable<readonly string[]>, row: BarRow, nameMs?: number): FileTraits {
  const first = readFirstRows(rows, row);
  const descending = isNewestFirst(first.stamps);
  const steps: number[] = [];
  for (let i = 1; i < first.stamps.length; i++) {
    const step = (first.stamps[i]! - first.stamps[i - 1]!) * (descending ? -1 : 1);
    if (step > 0) steps.push(step);
  }
  const interval = findInterval(steps, nameMs);
  const assumptions: string[] = [];
  if (interval.assumption !== undefined) assumptions.push(interval.assumption);
  if (descending) assumptions.push('the file is newest first: its rows were turned round');
  if (row.times.zoneless) assumptions.push('times without a zone are read as UTC');
  return {
    descending,
    intervalMs: interval.ms,
    intervalIsAssumed: interval.isAssumed,
    carriedOpens: hasCarriedOpens(first, descending),
    firstStampMs: first.stamps[0] ?? null,
    assumptions,
  };
}

export function emptyStats(): SeriesStats {
  return {
    rows: 0,
    bars: 0,
    firstOpenTimeMs: null,
    lastCloseTimeMs: null,
    droppedDuplicates: 0,
    repairedOpens: 0,
    roundedPrices: 0,
    zeroVolumeBars: 0,
    gaps: 0,
    missingBars: 0,
    firstGap: null,
    missingMarks: 0,
    reversed: false,
  };
}

/** Counts over the bars of a series in ascending order, across its files. */
export class SeriesCounter {
  readonly #stats: SeriesStats;
  readonly #intervalMs: number;
  /** Bars whose file says nothing about the volume; it is set to 0, and they are not bars of zero volume. */
  unknownVolumes = 0;
  #lastLine = 0;

  constructor(stats: SeriesStats, intervalMs: number) {
    this.#stats = stats;
    this.#intervalMs = intervalMs;
  }

  count(chunk: LocatedChunk): void {
    const { openTimeMs, volume, line, length } = chunk;
    const stats = this.#stats;
    if (length === 0) return;
    stats.firstOpenTimeMs ??= openTimeMs[0]!;
    let expectedMs = stats.lastCloseTimeMs ?? openTimeMs[0]!;
    for (let i = 0; i < length; i++) {
      const timeMs = openTimeMs[i]!;
      if (timeMs > expectedMs) this.#countGap(i === 0 ? this.#lastLine : line[i - 1]!, expectedMs, timeMs);
      expectedMs = timeMs + this.#intervalMs;
      if (volume[i] === 0) stats.zeroVolumeBars++;
      else if (Number.isNaN(volume[i])) {
        volume[i] = 0;
        this.unknownVolumes++;
      }
    }
    stats.bars += length;
    stats.lastCloseTimeMs = expectedMs;
    this.#lastLine = line[length - 1]!;
  }

  #countGap(afterLine: number, fromMs: number, toMs: number): void {
    const stats = this.#stats;
    stats.gaps++;
    stats.missingBars += Math.ceil((toMs - fromMs) / this.#intervalMs);
    stats.firstGap ??= { afterLine, fromMs, toMs };
  }
}
