/**
 * What the first rows of a file tell about all of it: how its times and numbers are written, its order, its interval, which end of the bar
 * is named, whether its opens are carried over. Rules of single rows are in barRow.ts, those between neighbors in barFile.ts.
 */

import { EXIT, UserError } from '../errors.js';
import { clipText } from './badRows.js';
import { BarRow, timeTextOf } from './barRow.js';
import { type NumberStyle, recognizeNumberStyle } from './cells.js';
import { explainVolume, pairOfVolumes } from './dialects/columnNames.js';
import type { BarLayout, BarTime } from './dialects/layout.js';
import { formatInterval } from './intervals.js';
import type { RowFeed } from './rowFeed.js';
import { recognizeCommonForm, recognizeTimeForm, TimeColumn, type TimeForm } from './timestamps.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const NUMBERS = ['open', 'high', 'low', 'close', 'volume'] as const;

/** What was settled about a file before its first bar. */
export interface FileTraits {
  readonly layout: BarLayout;
  readonly numbers: NumberStyle;
  readonly timeForm: TimeForm | undefined;
  readonly barTime: BarTime;
  /** Added to each time: 1 where the file names the last millisecond of a bar. */
  readonly shiftMs: number;
  /** Newest first: the bars are turned round. */
  readonly descending: boolean;
  readonly intervalMs: number;
  /** True when neither the rows nor the name tell the interval. */
  readonly intervalIsAssumed: boolean;
  /** Bars are calendar months: `intervalMs` is the shortest, and what is left of a longer one is no gap. */
  readonly isMonthly: boolean;
  /** Opens repeat the previous close, so one outside high–low is a carried-over one and not an error. */
  readonly carriedOpens: boolean;
  /** Time of the first row that can be used, shifted, in the file's own order; null without one. */
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
  readonly isMonthly: boolean;
  readonly assumption?: string;
}

/** Whether all rows are stamped on one day of the month at midnight, and months are apart. */
function isMonthly(stamps: readonly number[], steps: readonly number[]): boolean {
  const common = mostCommon(steps);
  return (
    common !== undefined &&
    common >= 28 * DAY_MS &&
    common <= 31 * DAY_MS &&
    stamps.every((ms) => ms % DAY_MS === 0 && new Date(ms).getUTCDate() === 1)
  );
}

/** The name's interval when the rows agree with it: all steps are multiples of it, and some are just it. */
function findInterval(stamps: readonly number[], steps: readonly number[], nameMs: number | undefined): Interval {
  const common = mostCommon(steps);
  const known = { isAssumed: false, isMonthly: false };
  if (common === undefined) {
    if (nameMs !== undefined) return { ...known, ms: nameMs };
    const assumption = 'one row tells no interval: bars are taken to be 1m long';
    return { ms: MINUTE_MS, isAssumed: true, isMonthly: false, assumption };
  }
  if (isMonthly(stamps, steps)) {
    const assumption = 'bars are calendar months: each is taken to last 28 days, and the days to the next are no gap';
    return { ms: 28 * DAY_MS, isAssumed: false, isMonthly: true, assumption };
  }
  if (nameMs === undefined || nameMs === common) return { ...known, ms: common };
  if (steps.includes(nameMs) && steps.every((step) => step % nameMs === 0)) return { ...known, ms: nameMs };
  const [named, found] = [formatInterval(nameMs), formatInterval(common)];
  const assumption = `the file name says ${named}, but rows are ${found} apart: bars are taken to be ${found} long`;
  return { ...known, ms: common, assumption };
}

/** MetaTrader has a column of real volume that is zero where the broker knows of none, and one that counts ticks. */
function settleVolume({ recognized, sample }: RowFeed): BarLayout {
  const { dialect, layout } = recognized;
  const ticks = layout.header.findIndex((name) => /tick_?vol/i.test(name));
  const isZero = ticks >= 0 && sample.every((cells) => Number(cells[layout.volume]) === 0);
  return dialect.name === 'metatrader' && isZero ? { ...layout, volume: ticks } : layout;
}

/** @throws UserError data, `ambiguous_time`, where day and month may change places and nothing tells which is which */
function requireTimeForm(feed: RowFeed, layout: BarLayout, file: string): TimeForm | undefined {
  const texts = feed.sample.map((cells) => timeTextOf(layout, cells));
  const form = recognizeCommonForm(texts);
  if (form !== undefined) return form;
  const first = texts.find((text) => /^\s*\d{1,2}[/-]\d{1,2}[/-]/.test(text));
  if (first !== undefined && recognizeTimeForm(first) === undefined) {
    throw new UserError({
      code: 'ambiguous_time',
      exitCode: EXIT.data,
      message: 'the times may have the day or the month first, and nothing tells which',
      place: { file, column: layout.header[layout.time] || layout.time + 1 },
      found: clipText(first),
      expected: 'times with the year first, such as 2020-03-01 00:00',
      hint: 'say which: --time-format dmy or --time-format mdy',
    });
  }
  return Number.isNaN(feed.midnightMs) ? undefined : 'midnight';
}

/** What is known of a file beside its rows. */
export interface KnownTraits {
  /** Interval in the file name. */
  readonly nameMs?: number | undefined;
  /** What the user says: the end of the bar that is named, and how times are written. */
  readonly barTime?: BarTime | undefined;
  readonly timeForm?: TimeForm | undefined;
}

/**
 * Settles what the first rows tell.
 *
 * @throws UserError data, `ambiguous_time`
 */
export function settleTraits(feed: RowFeed, file: string, known: KnownTraits = {}): FileTraits {
  const { nameMs, barTime } = known;
  const layout = settleVolume(feed);
  const numbers = recognizeNumberStyle(
    feed.sample.flatMap((cells) => NUMBERS.map((name) => cells[layout[name]] ?? '')),
    feed.delimiter,
  );
  const timeForm = known.timeForm ?? requireTimeForm(feed, layout, file);
  const row = new BarRow(layout, false, new TimeColumn(timeForm, feed.midnightMs), numbers);
  const first = readFirstRows(feed.sample, row);
  const descending = isNewestFirst(first.stamps);
  const steps: number[] = [];
  for (let i = 1; i < first.stamps.length; i++) {
    const step = (first.stamps[i]! - first.stamps[i - 1]!) * (descending ? -1 : 1);
    if (step > 0) steps.push(step);
  }
  const endsBar = first.stamps.length > 0 && first.stamps.every((ms) => (ms + 1) % MINUTE_MS === 0);
  const shiftMs = endsBar && barTime !== 'open' ? 1 : 0;
  const interval = findInterval(first.stamps, steps, nameMs);
  const named = barTime ?? (endsBar ? 'close' : feed.recognized.dialect.barTime);
  const assumptions = [`times name the bar's ${named} (${feed.recognized.dialect.name})`];
  if (interval.assumption !== undefined) assumptions.push(interval.assumption);
  if (descending) assumptions.push('the file is newest first: its rows were turned round');
  if (row.times.zoneless) assumptions.push('times without a zone are read as UTC');
  assumptions.push(...explainForm(layout, numbers, timeForm));
  const swapped = countSwappedVolumes(layout, feed.sample);
  if (swapped > 0) {
    assumptions.push(
      `in ${swapped} of the first ${feed.sample.length} rows the volumes in coins and in money have changed places`,
    );
  }
  return {
    layout,
    numbers,
    timeForm,
    barTime: named,
    shiftMs,
    descending,
    intervalMs: interval.ms,
    intervalIsAssumed: interval.isAssumed,
    isMonthly: interval.isMonthly,
    carriedOpens: hasCarriedOpens(first, descending),
    firstStampMs: first.stamps.length === 0 ? null : first.stamps[0]! + shiftMs,
    assumptions,
  };
}

/** Rows in which a volume in coins is worth about as much as the one in money says the other way round. */
function countSwappedVolumes(layout: BarLayout, sample: RowFeed['sample']): number {
  const [coins, money] = pairOfVolumes(layout);
  if (coins < 0) return 0;
  const isNear = (a: number, b: number): boolean => a > b / 2 && a < b * 2;
  return sample.filter((cells) => {
    const [a, b, price] = [Number(cells[coins]), Number(cells[money]), Number(cells[layout.close])];
    return a > 0 && b > 0 && isNear(a, b * price) && !isNear(b, a * price);
  }).length;
}

function explainForm(layout: BarLayout, numbers: NumberStyle, timeForm: TimeForm | undefined): string[] {
  const texts: string[] = [];
  const volume = explainVolume(layout);
  if (volume !== null) texts.push(volume);
  if (numbers.point === ',') texts.push('numbers have a decimal comma');
  if (timeForm === 'dmy') texts.push('dates have the day first');
  if (timeForm === 'mdy') texts.push('dates have the month first');
  if (timeForm === 'midnight') texts.push('times count from the midnight of the day in the file name');
  return texts;
}
