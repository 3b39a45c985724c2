/**
 * Bars as columns: the form in which candles cross from the reader to the engine. A chunk holds some thousand bars in
 * typed arrays that the producer may reuse after the consumer asks for the next chunk. No parsing here.
 */

/**
 * A stretch of bars in ascending time, `length` of them; the arrays may be longer. Prices are float64 that stand for
 * decimals of at most 15 significant digits. Times are milliseconds since 1970, UTC; `openTimeMs` is the bar's open.
 */
export interface BarChunk {
  readonly length: number;
  readonly openTimeMs: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  /** Mark prices on the same bars; absent when there is no mark series and the last price stands in. */
  readonly mark?: MarkColumns;
  /** Finer bars that cover bars of the chunk; absent without a finer series. */
  readonly fine?: FineBars;
}

/** The finer bars of a chunk, as the paths of the bars that they cover whole: one after another, without a gap. */
export interface FineBars {
  /** One covered bar's after the other's; with mark columns where the chunk has them. */
  readonly bars: BarChunk;
  /** Place of the first finer bar of each bar, -1 where they do not cover it; as many follow as fit into the bar. */
  readonly first: Int32Array;
}

/** Mark prices of the bars of a chunk. */
export interface MarkColumns {
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  /**
   * 1 where the mark of this bar is known at the bar's close, 0 where it comes from a longer mark candle that has not
   * closed yet: then only liquidation and mark triggers may use it, and what a strategy reads or an order is refused by
   * uses the last price.
   */
  readonly closedAtClose: Uint8Array;
}

/** What the reader saw on the way; complete once the chunks have been read to the end. */
export interface SeriesStats {
  /** Data rows read, before duplicates were dropped. */
  rows: number;
  bars: number;
  firstOpenTimeMs: number | null;
  lastCloseTimeMs: number | null;
  droppedDuplicates: number;
  /** Opens outside high–low that were moved to the nearest of the two. */
  repairedOpens: number;
  /** Prices of more than 15 significant digits that were rounded to 15. */
  roundedPrices: number;
  zeroVolumeBars: number;
  /** Runs of missing bars, and how many bars are missing in all. */
  gaps: number;
  missingBars: number;
  /** Where the first gap is, for the message. */
  firstGap: { afterLine: number; fromMs: number; toMs: number } | null;
  /** Bars for which a mark series had no candle, so that the last price stood in. */
  missingMarks: number;
  reversed: boolean;
}

/** A series of bars of one symbol. `chunks` can be iterated once. */
export interface BarSeries {
  readonly symbol: string;
  readonly intervalMs: number;
  /** Dialect name, for example `bitmex` or `plain`. */
  readonly dialect: string;
  /** What was assumed on reading, one sentence each, for the manifest. */
  readonly assumptions: readonly string[];
  readonly stats: SeriesStats;
  readonly chunks: AsyncIterable<BarChunk>;
}

/** One row of a funding file; `rate` is the exact decimal as written, per funding interval, positive: longs pay. */
export interface FundingRate {
  /** Milliseconds; a stamp less than 60 s after a scheduled time or a whole hour has been moved back onto it. */
  readonly timeMs: number;
  readonly rate: string;
  /** Mark price of the row, as text, when the file carries one. */
  readonly price?: string;
}
