/** Chunks joined to one: columns, marks and the places of finer candles, although the reader uses its columns again. */

import { expect, it } from '@jest/globals';
import type { BarChunk, BarSeries } from '../market/bars.js';
import { emptyStats } from '../market/quality.js';
import { holdWhole } from './heldBars.js';

/** Bars `from` to `to`, each with two finer ones that are numbered on, but every third with none. */
async function* chunks(hasMark: boolean, hasFine: boolean): AsyncGenerator<BarChunk> {
  const column = new Float64Array(8);
  const finer = new Float64Array(16);
  const closedAtClose = new Uint8Array(16);
  for (const [from, to] of [
    [0, 3],
    [3, 3],
    [3, 8],
  ] as const) {
    const first = new Int32Array(to - from);
    let at = 0;
    for (let i = from; i < to; i++) {
      column[i - from] = i;
      first[i - from] = i % 3 === 1 ? -1 : at;
      if (i % 3 !== 1) for (let n = 0; n < 2; n++) finer[at++] = i + n / 2;
    }
    const columnsOf = (all: Float64Array, length: number): BarChunk => {
      const mark = { open: all, high: all, low: all, close: all, closedAtClose };
      const prices = { openTimeMs: all, open: all, high: all, low: all, close: all, volume: all };
      return { length, ...prices, ...(hasMark ? { mark } : {}) };
    };
    yield { ...columnsOf(column, to - from), ...(hasFine ? { fine: { bars: columnsOf(finer, at), first } } : {}) };
    column.fill(-1);
    finer.fill(-1);
  }
}

const seriesOf = (hasMark: boolean, hasFine: boolean): BarSeries => ({
  ...{ symbol: 'XBTUSD', intervalMs: 120_000, dialect: 'plain', assumptions: [], stats: emptyStats() },
  chunks: chunks(hasMark, hasFine),
});

it.each([
  [true, true],
  [false, true],
  [true, false],
  [false, false],
])('when chunks have marks: %p, and finer candles: %p, then the whole has them in their places', async (mark, fine) => {
  const whole = await holdWhole(seriesOf(mark, fine));
  expect(whole.length).toBe(8);
  expect(Array.from(whole.close)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(whole.mark === undefined ? null : Array.from(whole.mark.low)).toEqual(mark ? [0, 1, 2, 3, 4, 5, 6, 7] : null);
  expect(whole.fine !== undefined).toBe(fine);
  if (whole.fine === undefined) return;
  const { bars, first } = whole.fine;
  const inside = Array.from(first, (at) => (at < 0 ? null : [bars.open[at], bars.open[at + 1]]));
  expect(inside).toEqual([[0, 0.5], null, [2, 2.5], [3, 3.5], null, [5, 5.5], [6, 6.5], null]);
  expect(bars.mark === undefined ? null : Array.from(bars.mark.close)).toEqual(mark ? Array.from(bars.close) : null);
});
