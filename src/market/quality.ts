/**
 * What is counted over the bars of a whole series: gaps, bars of zero volume, first and last time.
 */

import type { LocatedChunk } from './barColumns.js';
import type { SeriesStats } from './bars.js';

/** By how much the longest month is longer than the shortest. */
const LONGER_MONTH_MS = 3 * 86_400_000;

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
  readonly #isMonthly: boolean;
  /** Bars whose file says nothing about the volume; it is set to 0, and they are not bars of zero volume. */
  unknownVolumes = 0;
  #lastLine = 0;

  /** @param isMonthly bars are calendar months, of which `intervalMs` is the shortest */
  constructor(stats: SeriesStats, intervalMs: number, isMonthly = false) {
    this.#stats = stats;
    this.#intervalMs = intervalMs;
    this.#isMonthly = isMonthly;
  }

  count(chunk: LocatedChunk): void {
    const { openTimeMs, volume, line, length } = chunk;
    const stats = this.#stats;
    if (length === 0) return;
    stats.firstOpenTimeMs ??= openTimeMs[0]!;
    let expectedMs = stats.lastCloseTimeMs ?? openTimeMs[0]!;
    for (let i = 0; i < length; i++) {
      const timeMs = openTimeMs[i]!;
      if (timeMs > expectedMs && !(this.#isMonthly && timeMs - expectedMs <= LONGER_MONTH_MS)) {
        this.#countGap(i === 0 ? this.#lastLine : line[i - 1]!, expectedMs, timeMs);
      }
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
