/**
 * The market steps through several series: which bars belong to a step, and when a step is settled along finer bars.
 */

import { describe, expect, it, test } from '@jest/globals';
import type { BarChunk } from '../market/bars.js';
import { emptyStats } from '../market/quality.js';
import { FLAT_INVERSE, XBTUSD } from '../testing/laws/contracts.js';
import { Market } from './market.js';
import type { SymbolInput } from './runInput.js';

const MINUTE = 60_000;
const CONTRACT = FLAT_INVERSE;

/** A bar at a minute of the day; its finer bars where it has them, by their closes. */
interface Bar {
  readonly at: number;
  readonly close: number;
  readonly fine?: readonly number[];
}

function columns(length: number, openTimeMs: readonly number[], closes: readonly number[]): BarChunk {
  const prices = (): Float64Array => Float64Array.from(closes);
  return {
    length,
    openTimeMs: Float64Array.from(openTimeMs),
    open: prices(),
    high: prices(),
    low: prices(),
    close: prices(),
    volume: Float64Array.from(closes, () => 1),
  };
}

function chunkOf(bars: readonly Bar[], fineMs: number): BarChunk {
  const chunk = columns(
    bars.length,
    bars.map(({ at }) => at * MINUTE),
    bars.map(({ close }) => close),
  );
  let next = 0;
  const first = bars.map(({ fine }) => {
    const from = fine === undefined ? -1 : next;
    next += fine?.length ?? 0;
    return from;
  });
  const opens = bars.flatMap(({ at, fine = [] }) => fine.map((_, i) => at * MINUTE + i * fineMs));
  const closes = bars.flatMap(({ fine = [] }) => fine);
  return { ...chunk, fine: { bars: columns(closes.length, opens, closes), first: Int32Array.from(first) } };
}

async function* stream(...chunks: BarChunk[]): AsyncGenerator<BarChunk> {
  yield* chunks;
}

function series(name: string, minutes: number, fineMinutes: number, ...chunks: Bar[][]): SymbolInput {
  const fineIntervalMs = fineMinutes * MINUTE;
  const all = chunks.map((bars) => chunkOf(bars, fineIntervalMs));
  const bars = { symbol: name, intervalMs: minutes * MINUTE, dialect: 'plain', assumptions: [], stats: emptyStats() };
  return {
    name,
    symbol: name,
    venue: null,
    bars: { ...bars, chunks: stream(...all) },
    hasMark: false,
    fineIntervalMs,
    funding: { kind: 'missing' },
  };
}

/** Steps as text: `open-close name=close …` a part, `~` before a price that stands still. */
async function walk(...inputs: SymbolInput[]): Promise<string[][]> {
  const market = new Market(inputs, [{ contracts: new Map(inputs.map(({ name }) => [name, CONTRACT])) }]);
  const steps: string[][] = [];
  while (await market.fetch()) {
    while (market.isReady) {
      const parts = market.advance();
      const shown: string[] = [];
      for (let part = 0; part < parts; part++) {
        market.load(part);
        const prices = market.symbols
          .filter(({ bar }) => bar.isKnown)
          .map(({ name, bar }) => `${name}=${bar.isPresent ? '' : '~'}${bar.last.close}`);
        shown.push(`${market.openTimeMs / MINUTE}-${market.closeTimeMs / MINUTE} ${prices.join(' ')}`);
      }
      steps.push(shown);
    }
  }
  return steps;
}

describe('steps', () => {
  it('when finer bars cover a bar then it is settled in its parts, and a bar without them whole', async () => {
    const steps = await walk(
      series('A', 3, 1, [
        { at: 0, close: 10, fine: [11, 12, 13] },
        { at: 3, close: 20 },
        { at: 6, close: 30, fine: [31, 32, 33] },
      ]),
    );
    expect(steps).toEqual([['0-1 A=11', '1-2 A=12', '2-3 A=13'], ['3-6 A=20'], ['6-7 A=31', '7-8 A=32', '8-9 A=33']]);
  });

  it('when one of two symbols of a step is not covered then both are settled whole', async () => {
    const steps = await walk(
      series('A', 2, 1, [{ at: 0, close: 10, fine: [11, 12] }], [{ at: 2, close: 20, fine: [21, 22] }]),
      series('B', 2, 1, [
        { at: 0, close: 50 },
        { at: 2, close: 60, fine: [61, 62] },
      ]),
    );
    expect(steps).toEqual([['0-2 A=10 B=50'], ['2-3 A=21 B=61', '3-4 A=22 B=62']]);
  });

  it('when a symbol has no bar at a covered step then it stands still at its last finer close', async () => {
    const steps = await walk(
      series('A', 2, 1, [
        { at: 0, close: 10, fine: [11, 12] },
        { at: 2, close: 20, fine: [21, 22] },
      ]),
      series('B', 2, 1, [{ at: 0, close: 50, fine: [51, 52] }]),
    );
    expect(steps[1]).toEqual(['2-3 A=21 B=~52', '3-4 A=22 B=~52']);
  });
});

describe('contracts', () => {
  const other = XBTUSD;

  test.each([
    ['the same one', [CONTRACT, CONTRACT], [CONTRACT]],
    ['one of each exchange', [other, CONTRACT], [other, CONTRACT]],
  ])('when accounts trade %s then the market has each once, in account order', (_, traded, expected) => {
    const accounts = traded.map((contract) => ({ contracts: new Map([['A', contract]]) }));
    expect(new Market([series('A', 2, 1)], accounts).symbols[0]!.contracts).toEqual(expected);
  });
});
