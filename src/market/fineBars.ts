/**
 * Finer candles beside the bars that they make up: each bar of a series with the candles of its whole length, or told to have none.
 * Both series stream; a chunk is passed on in pieces, so that only so many finer candles are held at a time. What is settled along
 * them is not known here.
 */

import { EXIT, invariant, UserError } from '../errors.js';
import type { BarChunk, BarSeries, MarkColumns } from './bars.js';
import { formatInterval } from './intervals.js';

/** Half open, by bar open time, milliseconds; null is without an end. */
export interface FinePeriod {
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

/** What was seen of the bars within the period; complete once the chunks have been read to the end. */
export interface FineCounts {
  bars: number;
  /** Bars of which a finer candle is missing. */
  uncovered: number;
  /** Covered bars whose high or low is not that of their finer candles. */
  disagreeing: number;
  firstDisagreementMs: number | null;
}

export interface SeriesWithFineBars {
  /** The bars as they are, with `fine` in their chunks. */
  readonly series: BarSeries;
  readonly counts: FineCounts;
}

/**
 * Refuses finer candles that no whole number of makes up a bar.
 *
 * @param file of the finer candles, for the message.
 * @throws UserError exit 3 `interval_mismatch`
 */
export function requireFiner(bars: BarSeries, fine: BarSeries, file: string): void {
  if (fine.intervalMs < bars.intervalMs && bars.intervalMs % fine.intervalMs === 0) return;
  const [bar, finer] = [formatInterval(bars.intervalMs), formatInterval(fine.intervalMs)];
  throw new UserError({
    code: 'interval_mismatch',
    exitCode: EXIT.data,
    message: `the finer candles of ${bars.symbol} do not make up its bars`,
    place: { file },
    found: `candles of ${finer} inside bars of ${bar}`,
    expected: `candles shorter than ${bar}, a whole number of them in a bar`,
    hint: 'the shorter candles belong to --detail, the longer ones to --data',
  });
}

/** Finer candles in a piece, unless one bar alone has more. */
const FINE_BARS = 1 << 14;

/**
 * The bars of a series with the finer candles that cover them. The series are read once; bars outside the period are passed on
 * without. Mark columns are passed on where the finer series has them. While reading it throws the errors of both series.
 *
 * @param fine candles that `requireFiner` lets pass.
 */
export function withFineBars(bars: BarSeries, fine: BarSeries, period: FinePeriod): SeriesWithFineBars {
  const perBar = bars.intervalMs / fine.intervalMs;
  invariant(Number.isInteger(perBar) && perBar > 1, () => `${perBar} finer candles in a bar of ${bars.symbol}`);
  const counts: FineCounts = { bars: 0, uncovered: 0, disagreeing: 0, firstDisagreementMs: null };
  const { symbol, intervalMs, dialect, stats } = bars;
  const series: BarSeries = {
    ...{ symbol, intervalMs, dialect, stats },
    chunks: merge(bars, fine, period, counts),
    // Live, because reading may add to what was assumed.
    get assumptions() {
      return bars.assumptions;
    },
  };
  return { series, counts };
}

async function* merge(
  bars: BarSeries,
  fine: BarSeries,
  period: FinePeriod,
  counts: FineCounts,
): AsyncGenerator<BarChunk> {
  const beginMs = period.fromMs ?? Number.NEGATIVE_INFINITY;
  const endMs = period.toMs ?? Number.POSITIVE_INFINITY;
  const perBar = bars.intervalMs / fine.intervalMs;
  const barsPerPiece = Math.max(1, Math.floor(FINE_BARS / perBar));
  const cursor = new FineCursor(fine);
  const collected = new CollectedBars(barsPerPiece * perBar);
  try {
    for await (const chunk of bars.chunks) {
      for (let from = 0; from < chunk.length; from += barsPerPiece) {
        const to = Math.min(from + barsPerPiece, chunk.length);
        const first = new Int32Array(to - from).fill(-1);
        collected.clear();
        for (let i = from; i < to; i++) {
          const openMs = chunk.openTimeMs[i]!;
          if (openMs < beginMs || openMs >= endMs) continue;
          const place = collected.length;
          const isCovered = await collectBar(cursor, collected, openMs, perBar, fine.intervalMs);
          if (isCovered) first[i - from] = place;
          countBar(counts, chunk, i, collected, isCovered ? place : null);
        }
        yield { ...sliceOf(chunk, from, to), fine: { bars: collected.asChunk(), first } };
      }
    }
  } finally {
    await cursor.release();
  }
}

/** Adds the candles of one bar, if there are all of them. @returns whether there are. */
async function collectBar(
  cursor: FineCursor,
  collected: CollectedBars,
  openMs: number,
  perBar: number,
  fineMs: number,
): Promise<boolean> {
  const place = collected.length;
  while (cursor.timeMs < openMs) if (!cursor.advance(1)) await cursor.load();
  for (let n = 0; n < perBar; ) {
    const run = cursor.runFrom(openMs + n * fineMs, fineMs, perBar - n);
    if (run === 0) {
      // The part that is there says nothing of the rest.
      collected.length = place;
      return false;
    }
    collected.add(cursor.chunk!, cursor.index, run);
    n += run;
    if (!cursor.advance(run)) await cursor.load();
  }
  return true;
}

/** @param place of the bar's first finer candle; null where they do not cover it. */
function countBar(counts: FineCounts, chunk: BarChunk, i: number, fine: CollectedBars, place: number | null): void {
  counts.bars++;
  if (place === null) {
    counts.uncovered++;
    return;
  }
  const [low, high] = fine.rangeFrom(place);
  if (low === chunk.low[i] && high === chunk.high[i]) return;
  counts.disagreeing++;
  counts.firstDisagreementMs ??= chunk.openTimeMs[i]!;
}

/** The finer candle reached. */
class FineCursor {
  chunk: BarChunk | null = null;
  index = 0;
  /** Open time; minus infinity before the first candle, infinity past the last. */
  timeMs = Number.NEGATIVE_INFINITY;
  readonly #chunks: AsyncIterator<BarChunk>;

  constructor({ chunks }: BarSeries) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Candles of the chunk from here on that follow one another from a time on, `most` at most; 0 where the first is another. */
  runFrom(timeMs: number, lengthMs: number, most: number): number {
    if (this.timeMs !== timeMs) return 0;
    const { openTimeMs, length } = this.chunk!;
    const last = Math.min(this.index + most, length);
    let at = this.index + 1;
    while (at < last && openTimeMs[at] === timeMs + (at - this.index) * lengthMs) at++;
    return at - this.index;
  }

  /** Goes on by so many candles of the chunk; false when `load` is needed. */
  advance(count: number): boolean {
    if (this.chunk === null) return this.timeMs === Number.POSITIVE_INFINITY;
    this.index += count;
    if (this.index >= this.chunk.length) return false;
    this.timeMs = this.chunk.openTimeMs[this.index]!;
    return true;
  }

  /** Goes to the first candle of the next chunk. */
  async load(): Promise<void> {
    for (;;) {
      const next = await this.#chunks.next();
      this.chunk = next.done === true ? null : next.value;
      this.index = 0;
      if (this.chunk?.length === 0) continue;
      this.timeMs = this.chunk?.openTimeMs[0] ?? Number.POSITIVE_INFINITY;
      return;
    }
  }

  /** Lets go of the series, read to the end or not. */
  async release(): Promise<void> {
    await this.#chunks.return?.();
  }
}

const COLUMNS = ['openTimeMs', 'open', 'high', 'low', 'close', 'volume'] as const;
const MARK_COLUMNS = ['open', 'high', 'low', 'close', 'closedAtClose'] as const;

type PriceColumns = Readonly<Record<(typeof COLUMNS)[number], Float64Array>>;

/** Finer candles of one piece, in columns that are used again for the next. */
class CollectedBars {
  length = 0;
  readonly #columns: PriceColumns;
  readonly #capacity: number;
  /** There once a candle had one. */
  #mark: MarkColumns | null = null;

  constructor(capacity: number) {
    this.#capacity = capacity;
    const entries = COLUMNS.map((name) => [name, new Float64Array(capacity)]);
    this.#columns = Object.fromEntries(entries) as PriceColumns;
  }

  clear(): void {
    this.length = 0;
  }

  /** Appends so many candles of a chunk. */
  add(chunk: BarChunk, from: number, count: number): void {
    const at = this.length;
    this.length += count;
    for (const name of COLUMNS) this.#columns[name].set(chunk[name].subarray(from, from + count), at);
    const { mark } = chunk;
    if (mark === undefined) return;
    this.#mark ??= emptyMarks(this.#capacity);
    for (const name of MARK_COLUMNS) this.#mark[name].set(mark[name].subarray(from, from + count), at);
  }

  /** The lowest low and the highest high of the candles from a place to the last. */
  rangeFrom(place: number): [low: number, high: number] {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const { low: lows, high: highs } = this.#columns;
    for (let i = place; i < this.length; i++) {
      if (lows[i]! < low) low = lows[i]!;
      if (highs[i]! > high) high = highs[i]!;
    }
    return [low, high];
  }

  asChunk(): BarChunk {
    const { length } = this;
    return { ...this.#columns, length, ...(this.#mark === null ? {} : { mark: this.#mark }) };
  }
}

function emptyMarks(capacity: number): MarkColumns {
  const column = (): Float64Array => new Float64Array(capacity);
  return { open: column(), high: column(), low: column(), close: column(), closedAtClose: new Uint8Array(capacity) };
}

/** Bars `from` to `to` as views of the same columns; finer candles stay where they are, with the places of these bars. */
export function sliceOf(chunk: BarChunk, from: number, to: number): BarChunk {
  const { mark, fine } = chunk;
  return {
    length: to - from,
    openTimeMs: chunk.openTimeMs.subarray(from, to),
    open: chunk.open.subarray(from, to),
    high: chunk.high.subarray(from, to),
    low: chunk.low.subarray(from, to),
    close: chunk.close.subarray(from, to),
    volume: chunk.volume.subarray(from, to),
    ...(mark === undefined ? {} : { mark: sliceOfMark(mark, from, to) }),
    ...(fine === undefined ? {} : { fine: { bars: fine.bars, first: fine.first.subarray(from, to) } }),
  };
}

function sliceOfMark(mark: MarkColumns, from: number, to: number): MarkColumns {
  return {
    open: mark.open.subarray(from, to),
    high: mark.high.subarray(from, to),
    low: mark.low.subarray(from, to),
    close: mark.close.subarray(from, to),
    closedAtClose: mark.closedAtClose.subarray(from, to),
  };
}
