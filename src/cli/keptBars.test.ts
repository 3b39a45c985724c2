/** Bars that pass once and can be read again: the same columns, although the reader used its own again. */

import { expect, it } from '@jest/globals';
import type { BarChunk, BarSeries } from '../market/bars.js';
import { emptyStats } from '../market/quality.js';
import { keepBars } from './keptBars.js';

function seriesOf(chunks: AsyncIterable<BarChunk>): BarSeries {
  return { symbol: 'XBTUSD', intervalMs: 60_000, dialect: 'plain', assumptions: [], stats: emptyStats(), chunks };
}

it('when the reader uses its columns again then what was kept is as it was', async () => {
  const column = new Float64Array(4);
  const closedAtClose = new Uint8Array(4);
  async function* chunks(): AsyncGenerator<BarChunk> {
    for (const value of [1, 2]) {
      column.fill(value);
      closedAtClose.fill(value);
      const prices = { open: column, high: column, low: column, close: column };
      yield { length: value, openTimeMs: column, ...prices, volume: column, mark: { ...prices, closedAtClose } };
    }
  }
  const kept = keepBars(seriesOf(chunks()));
  const seen: number[] = [];
  for await (const chunk of kept.first.chunks) seen.push(chunk.close[0]!);
  expect(seen).toEqual([1, 2]);
  const again: (readonly number[])[] = [];
  for await (const { length, close, mark } of kept.again().chunks) {
    again.push([length, close.length, close[0]!, mark!.low[0]!, mark!.closedAtClose[0]!]);
  }
  expect(again).toEqual([
    [1, 1, 1, 1, 1],
    [2, 2, 2, 2, 2],
  ]);
});

it('when bars have finer ones then these are kept with their places', async () => {
  const column = new Float64Array(4);
  const first = new Int32Array(2);
  async function* chunks(): AsyncGenerator<BarChunk> {
    for (const value of [1, 2]) {
      column.fill(value);
      first.fill(value - 2);
      const prices = { openTimeMs: column, open: column, high: column, low: column, close: column, volume: column };
      yield { length: 2, ...prices, fine: { bars: { length: 3, ...prices }, first } };
    }
  }
  const kept = keepBars(seriesOf(chunks()));
  for await (const { fine } of kept.first.chunks) expect(fine!.bars.length).toBe(3);
  const again: (readonly number[])[] = [];
  for await (const { fine } of kept.again().chunks)
    again.push([...fine!.first, fine!.bars.length, ...fine!.bars.close]);
  expect(again).toEqual([
    [-1, -1, 3, 1, 1, 1],
    [0, 0, 3, 2, 2, 2],
  ]);
});
