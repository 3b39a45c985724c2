/**
 * Counts missing bars inside the period of a run: a hole years before `--from` says nothing about the result. Without a period
 * the reader's own count, which knows the lines, is used instead. Bars pass through unchanged.
 */

import type { BarChunk, SeriesStats } from '../market/bars.js';

/** Half open, milliseconds; null is without an end. */
export interface Period {
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

export interface Gaps {
  /** Runs of missing bars, and how many bars are missing in all. */
  count: number;
  missingBars: number;
  /** `afterLine` is null where the line is not known. */
  first: { readonly afterLine: number | null; readonly fromMs: number; readonly toMs: number } | null;
}

/** The gaps of a whole series. */
export function gapsOfSeries(stats: SeriesStats): Gaps {
  return { count: stats.gaps, missingBars: stats.missingBars, first: stats.firstGap };
}

/** Passes the chunks on and adds to `gaps` what is missing between bars within the period. */
export async function* countGaps(
  chunks: AsyncIterable<BarChunk>,
  intervalMs: number,
  period: Period,
  gaps: Gaps,
): AsyncGenerator<BarChunk> {
  const beginMs = period.fromMs ?? Number.NEGATIVE_INFINITY;
  const endMs = period.toMs ?? Number.POSITIVE_INFINITY;
  let expectedMs = Number.POSITIVE_INFINITY;
  for await (const chunk of chunks) {
    for (let i = 0; i < chunk.length; i++) {
      const openMs = chunk.openTimeMs[i]!;
      if (openMs > expectedMs) addGap(gaps, Math.max(expectedMs, beginMs), Math.min(openMs, endMs), intervalMs);
      expectedMs = openMs + intervalMs;
    }
    yield chunk;
  }
}

function addGap(gaps: Gaps, fromMs: number, toMs: number, intervalMs: number): void {
  if (fromMs >= toMs) return;
  gaps.count++;
  gaps.missingBars += Math.ceil((toMs - fromMs) / intervalMs);
  gaps.first ??= { afterLine: null, fromMs, toMs };
}
