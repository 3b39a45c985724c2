/**
 * Mark candles onto the bars of the last price (settlement §10.4), whatever their length: equal ones as they are, finer ones
 * aggregated, coarser ones spread over the bars of their span. Streams; only the bars of one coarse candle are held.
 * A bar without a mark candle carries the last price and is counted.
 *
 * ASSUMPTION: inside a coarser mark candle the mark is the last price held within the candle's low–high, and the bar with
 * the lowest low (highest high) of the last price reaches the candle's low (high).
 */

import { EXIT, UserError } from '../errors.js';
import { BarColumns, CHUNK_BARS } from './barColumns.js';
import type { BarChunk, BarSeries, MarkColumns, SeriesStats } from './bars.js';
import { formatInterval } from './intervals.js';
import { formatTime } from './timestamps.js';

/** Bars with mark columns, growing together. */
class MarkedBars extends BarColumns {
  mark = {
    open: new Float64Array(CHUNK_BARS),
    high: new Float64Array(CHUNK_BARS),
    low: new Float64Array(CHUNK_BARS),
    close: new Float64Array(CHUNK_BARS),
    closedAtClose: new Uint8Array(CHUNK_BARS),
  } satisfies MarkColumns;

  override add(): number {
    const i = super.add();
    const capacity = this.open.length;
    if (this.mark.open.length < capacity) {
      const { open, high, low, close, closedAtClose } = this.mark;
      this.mark = {
        open: grown(open, new Float64Array(capacity)),
        high: grown(high, new Float64Array(capacity)),
        low: grown(low, new Float64Array(capacity)),
        close: grown(close, new Float64Array(capacity)),
        closedAtClose: grown(closedAtClose, new Uint8Array(capacity)),
      };
    }
    return i;
  }

  setMark(i: number, open: number, high: number, low: number, close: number, closedAtClose: 0 | 1): void {
    const { mark } = this;
    mark.open[i] = open;
    mark.high[i] = high;
    mark.low[i] = low;
    mark.close[i] = close;
    mark.closedAtClose[i] = closedAtClose;
  }

  /** The last price stands in. */
  setMarkToLast(i: number): void {
    this.setMark(i, this.open[i]!, this.high[i]!, this.low[i]!, this.close[i]!, 1);
  }
}

function grown<T extends Float64Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** The mark candle reached; its prices are copied out, since the chunk they came in is used again. */
class MarkCursor {
  timeMs = Number.NEGATIVE_INFINITY;
  open = 0;
  high = 0;
  low = 0;
  close = 0;
  /** True past the last candle; `timeMs` is then infinite. */
  isAtEnd = false;
  readonly #chunks: AsyncIterator<BarChunk>;
  #chunk: BarChunk | null = null;
  #i = 0;

  constructor(marks: BarSeries) {
    this.#chunks = marks.chunks[Symbol.asyncIterator]();
  }

  /** Goes to the next candle of the chunk; false when `load` is needed. */
  step(): boolean {
    const chunk = this.#chunk;
    if (!chunk || ++this.#i >= chunk.length) return this.isAtEnd;
    this.#copy(chunk);
    return true;
  }

  async load(): Promise<void> {
    const next = await this.#chunks.next();
    this.#chunk = next.done ? null : next.value;
    this.#i = 0;
    if (this.#chunk) this.#copy(this.#chunk);
    else {
      this.isAtEnd = true;
      this.timeMs = Number.POSITIVE_INFINITY;
    }
  }

  /** Lets go of the series, read to the end or not. */
  async release(): Promise<void> {
    await this.#chunks.return?.();
  }

  #copy(chunk: BarChunk): void {
    const i = this.#i;
    this.timeMs = chunk.openTimeMs[i]!;
    this.open = chunk.open[i]!;
    this.high = chunk.high[i]!;
    this.low = chunk.low[i]!;
    this.close = chunk.close[i]!;
  }
}

/** What the ways of aligning have in common. */
interface Alignment {
  readonly barMs: number;
  readonly markMs: number;
  readonly cursor: MarkCursor;
  readonly stats: SeriesStats;
  /** Bars of which only some of the finer mark candles exist. */
  partlyMarked: number;
}

function misaligned(a: Alignment, barTimeMs: number): UserError {
  return new UserError({
    code: 'mark_misaligned',
    exitCode: EXIT.data,
    message: 'mark candles and bars do not begin at common times',
    found: `a mark candle at ${formatTime(a.cursor.timeMs)}, a bar at ${formatTime(barTimeMs)}`,
    expected: `times a multiple of ${formatInterval(Math.min(a.barMs, a.markMs))} apart`,
    hint: 'see whether one of the files is stamped by the close (--bar-time)',
  });
}

function requireCommonTimes(a: Alignment, barTimeMs: number): void {
  if ((barTimeMs - a.cursor.timeMs) % Math.min(a.barMs, a.markMs) !== 0) throw misaligned(a, barTimeMs);
}

/** Mark candles as long as the bars, or shorter: those that begin within the bar make up its mark. */
async function* alignFiner(bars: BarSeries, a: Alignment): AsyncGenerator<BarChunk> {
  const { cursor, barMs, markMs, stats } = a;
  const out = new MarkedBars();
  for await (const chunk of bars.chunks) {
    out.clear();
    for (let i = 0; i < chunk.length; i++) {
      out.addFrom(chunk, i, 0);
      const fromMs = chunk.openTimeMs[i]!;
      while (cursor.timeMs < fromMs) if (!cursor.step()) await cursor.load();
      if (cursor.timeMs >= fromMs + barMs) {
        out.setMarkToLast(i);
        stats.missingMarks++;
        continue;
      }
      requireCommonTimes(a, fromMs);
      const { open } = cursor;
      let { high, low, close } = cursor;
      let candles = 0;
      for (; cursor.timeMs < fromMs + barMs; candles++) {
        high = Math.max(high, cursor.high);
        low = Math.min(low, cursor.low);
        close = cursor.close;
        if (!cursor.step()) await cursor.load();
      }
      if (candles * markMs < barMs) a.partlyMarked++;
      out.setMark(i, open, high, low, close, 1);
    }
    yield out;
  }
}

function clamp(x: number, low: number, high: number): number {
  return Math.min(Math.max(x, low), high);
}

/** Spreads the candle at the cursor over bars `from` to the end of `out`, which are all the bars of its span. */
function spreadCandle(out: MarkedBars, from: number, a: Alignment): void {
  const { cursor, barMs, markMs } = a;
  const { low: floor, high: ceiling } = cursor;
  let lowest = from;
  let highest = from;
  for (let i = from + 1; i < out.length; i++) {
    if (out.low[i]! < out.low[lowest]!) lowest = i;
    if (out.high[i]! > out.high[highest]!) highest = i;
  }
  for (let i = from; i < out.length; i++) {
    const timeMs = out.openTimeMs[i]!;
    const endsSpan = timeMs + barMs === cursor.timeMs + markMs;
    const open = timeMs === cursor.timeMs ? cursor.open : clamp(out.open[i]!, floor, ceiling);
    const close = endsSpan ? cursor.close : clamp(out.close[i]!, floor, ceiling);
    const high = i === highest ? ceiling : Math.max(clamp(out.high[i]!, floor, ceiling), open, close);
    const low = i === lowest ? floor : Math.min(clamp(out.low[i]!, floor, ceiling), open, close);
    out.setMark(i, open, high, low, close, endsSpan ? 1 : 0);
  }
}

/** Mark candles longer than the bars: a span's bars are held until the last of them is known. */
async function* alignCoarser(bars: BarSeries, a: Alignment): AsyncGenerator<BarChunk> {
  const { cursor, markMs, stats } = a;
  const out = new MarkedBars();
  /** First bar of the span that is still being collected. */
  let spanStart = 0;
  for await (const chunk of bars.chunks) {
    for (let i = 0; i < chunk.length; i++) {
      const timeMs = chunk.openTimeMs[i]!;
      if (timeMs >= cursor.timeMs + markMs) {
        spreadCandle(out, spanStart, a);
        spanStart = out.length;
        while (timeMs >= cursor.timeMs + markMs) if (!cursor.step()) await cursor.load();
      }
      if (spanStart === out.length && out.length >= CHUNK_BARS) {
        yield out;
        out.clear();
        spanStart = 0;
      }
      out.addFrom(chunk, i, 0);
      if (timeMs < cursor.timeMs) {
        out.setMarkToLast(out.length - 1);
        stats.missingMarks++;
        spanStart = out.length;
      } else if (out.length - 1 === spanStart) requireCommonTimes(a, timeMs);
    }
  }
  spreadCandle(out, spanStart, a);
  if (out.length > 0) yield out;
}

function requireDividing(barMs: number, markMs: number): void {
  if (Math.max(barMs, markMs) % Math.min(barMs, markMs) === 0) return;
  throw new UserError({
    code: 'mark_interval',
    exitCode: EXIT.data,
    message: 'mark candles and bars have lengths that do not divide each other',
    found: `mark candles of ${formatInterval(markMs)} over bars of ${formatInterval(barMs)}`,
    expected: 'the one a multiple of the other',
  });
}

async function* align(bars: BarSeries, marks: BarSeries, notes: string[]): AsyncGenerator<BarChunk> {
  const cursor = new MarkCursor(marks);
  const { intervalMs: barMs, stats } = bars;
  const a: Alignment = { barMs, markMs: marks.intervalMs, cursor, stats, partlyMarked: 0 };
  try {
    await cursor.load();
    yield* a.markMs > barMs ? alignCoarser(bars, a) : alignFiner(bars, a);
  } finally {
    await cursor.release();
  }
  if (a.partlyMarked > 0) {
    notes.push(`${a.partlyMarked} bars have only some of their mark candles: their mark is made of those`);
  }
}

/**
 * Bars with mark columns. The symbol, interval, statistics and chunks are those of the bars; `stats.missingMarks` counts the
 * bars for which the last price stands in. Of a coarser mark candle the bar that begins with it opens at its open, the
 * one that ends with it closes at its close; a bar that ends before the candle does has `closedAtClose` 0.
 *
 * @throws UserError data: `mark_interval` when neither length divides the other; while reading `mark_misaligned`, and the
 *   errors of both series
 */
export function withMark(bars: BarSeries, marks: BarSeries): BarSeries {
  requireDividing(bars.intervalMs, marks.intervalMs);
  const notes: string[] = [];
  if (marks.intervalMs > bars.intervalMs) {
    const [mark, bar] = [formatInterval(marks.intervalMs), formatInterval(bars.intervalMs)];
    notes.push(
      `mark candles of ${mark} over bars of ${bar}: inside a candle the mark is the last price held within its low–high, ` +
        'and the bar with the lowest low (highest high) reaches its low (high)',
    );
  }
  return {
    symbol: bars.symbol,
    intervalMs: bars.intervalMs,
    dialect: bars.dialect,
    stats: bars.stats,
    chunks: align(bars, marks, notes),
    // Live, because reading may add to what was assumed.
    get assumptions() {
      return [...bars.assumptions, ...marks.assumptions.map((text) => `mark: ${text}`), ...notes];
    },
  };
}
