/**
 * A series held whole in memory: its chunks joined to one, with marks and finer candles. For what has to look at bars in another
 * order than they come; nothing is checked here.
 */

import type { BarChunk, BarSeries, MarkColumns } from '../market/bars.js';
import { copyChunk } from './keptBars.js';

/** All bars of a series in one chunk; reads it to the end. */
export async function holdWhole(series: BarSeries): Promise<BarChunk> {
  const kept: BarChunk[] = [];
  for await (const chunk of series.chunks) kept.push(copyChunk(chunk));
  return joinChunks(kept);
}

const COLUMNS = ['openTimeMs', 'open', 'high', 'low', 'close', 'volume'] as const;
const PRICES = ['open', 'high', 'low', 'close'] as const;

/** Columns as long as their chunks → one chunk; either all that are not empty have marks, or none. */
function joinChunks(all: readonly BarChunk[]): BarChunk {
  const chunks = all.filter(({ length }) => length > 0);
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const join = <T extends Float64Array | Uint8Array>(whole: T, columns: readonly T[]): T => {
    let at = 0;
    for (const column of columns) {
      whole.set(column, at);
      at += column.length;
    }
    return whole;
  };
  const entries = COLUMNS.map((name) => {
    const columns = chunks.map((chunk) => chunk[name]);
    return [name, join(new Float64Array(length), columns)];
  });
  const joined = Object.fromEntries(entries) as Omit<BarChunk, 'length'>;
  const marks = chunks.flatMap(({ mark }) => (mark === undefined ? [] : [mark]));
  const mark = (): MarkColumns => ({
    ...(Object.fromEntries(
      PRICES.map((name) => {
        const columns = marks.map((one) => one[name]);
        return [name, join(new Float64Array(length), columns)];
      }),
    ) as Pick<MarkColumns, (typeof PRICES)[number]>),
    closedAtClose: join(
      new Uint8Array(length),
      marks.map((one) => one.closedAtClose),
    ),
  });
  return { ...joined, length, ...(marks.length === 0 ? {} : { mark: mark() }), ...joinFine(chunks, length) };
}

/** The places of the finer candles are counted on from chunk to chunk. */
function joinFine(chunks: readonly BarChunk[], length: number): Pick<BarChunk, 'fine'> {
  const fines = chunks.flatMap(({ fine }) => (fine === undefined ? [] : [fine]));
  if (fines.length === 0) return {};
  const first = new Int32Array(length);
  let [at, before] = [0, 0];
  for (const fine of fines) {
    for (const place of fine.first) first[at++] = place < 0 ? -1 : before + place;
    before += fine.bars.length;
  }
  return { fine: { bars: joinChunks(fines.map(({ bars }) => bars)), first } };
}
