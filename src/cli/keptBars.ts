/**
 * Keeps the bars of a run while they pass, so that they can be settled a second time: files are read once, and stdin cannot be
 * read again. The columns are copied, because the reader uses its own again.
 */

import type { BarChunk, BarSeries, MarkColumns } from '../market/bars.js';

export interface KeptBars {
  /** The series to be read first; what it hands out is kept. */
  readonly first: BarSeries;
  /** What has been kept, as a series that can be read after the first. */
  again(): BarSeries;
}

export function keepBars(series: BarSeries): KeptBars {
  const kept: BarChunk[] = [];
  const { symbol, intervalMs, dialect, stats, assumptions } = series;
  const facts = { symbol, intervalMs, dialect, stats, assumptions };
  return {
    first: { ...facts, chunks: keeping(series.chunks, kept) },
    again: () => ({ ...facts, chunks: replay(kept) }),
  };
}

async function* keeping(chunks: AsyncIterable<BarChunk>, kept: BarChunk[]): AsyncGenerator<BarChunk> {
  for await (const chunk of chunks) {
    kept.push(copyChunk(chunk));
    yield chunk;
  }
}

async function* replay(kept: readonly BarChunk[]): AsyncGenerator<BarChunk> {
  for (const chunk of kept) yield chunk;
}

/** Columns of its own, as long as the chunk. */
export function copyChunk(chunk: BarChunk): BarChunk {
  const { length, mark, fine } = chunk;
  const copy = (column: Float64Array): Float64Array => column.slice(0, length);
  return {
    length,
    openTimeMs: copy(chunk.openTimeMs),
    open: copy(chunk.open),
    high: copy(chunk.high),
    low: copy(chunk.low),
    close: copy(chunk.close),
    volume: copy(chunk.volume),
    ...(mark === undefined ? {} : { mark: copyMark(mark, length) }),
    ...(fine === undefined ? {} : { fine: { bars: copyChunk(fine.bars), first: fine.first.slice(0, length) } }),
  };
}

function copyMark(mark: MarkColumns, length: number): MarkColumns {
  return {
    open: mark.open.slice(0, length),
    high: mark.high.slice(0, length),
    low: mark.low.slice(0, length),
    close: mark.close.slice(0, length),
    closedAtClose: mark.closedAtClose.slice(0, length),
  };
}
