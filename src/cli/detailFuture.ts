/**
 * Finer candles inside bars of another future (strategy/lookAheadScramble.ts): those of a bar begin at its open, reach its high and
 * its low and end at its close, by a way that is drawn. A bar has them where the true one had; its prices are all they know.
 */

import type { BarChunk, FineBars, MarkColumns } from '../market/bars.js';

/** Where finer candles turn: each price of a bar is in the candle of its number. */
interface Turns {
  readonly first: number;
  readonly second: number;
  readonly highFirst: boolean;
}

type Prices = Pick<MarkColumns, 'open' | 'high' | 'low' | 'close'>;

/**
 * @param truth the true bars with their finer candles.
 * @param from place of the first bar of the future among them.
 * @param future other prices for them, in a chunk of its own.
 * @param fineMs length of the finer candles.
 * @param perBar how many make up a bar, 2 or more.
 */
export function scrambleDetail(
  truth: BarChunk & { readonly fine: FineBars },
  from: number,
  future: BarChunk,
  { fineMs, perBar }: { readonly fineMs: number; readonly perBar: number },
  draw: () => number,
): FineBars {
  const first = new Int32Array(future.length).fill(-1);
  const covered: number[] = [];
  for (let i = 0; i < future.length; i++) {
    if (truth.fine.first[from + i]! < 0) continue;
    first[i] = covered.length * perBar;
    covered.push(i);
  }
  const length = covered.length * perBar;
  const column = (): Float64Array => new Float64Array(length);
  const prices = { open: column(), high: column(), low: column(), close: column() };
  const mark = {
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    closedAtClose: new Uint8Array(length),
  };
  const [openTimeMs, volume] = [column(), column()];
  for (const i of covered) {
    const at = first[i]!;
    const turns = drawTurns(perBar, draw);
    fillPath(prices, at, perBar, future, i, turns);
    if (future.mark !== undefined) {
      fillPath(mark, at, perBar, future.mark, i, turns);
      const place = truth.fine.first[from + i]!;
      mark.closedAtClose.set(truth.fine.bars.mark!.closedAtClose.subarray(place, place + perBar), at);
    }
    for (let n = 0; n < perBar; n++) {
      openTimeMs[at + n] = future.openTimeMs[i]! + n * fineMs;
      volume[at + n] = future.volume[i]! / perBar;
    }
  }
  return { bars: { length, openTimeMs, ...prices, volume, ...(future.mark === undefined ? {} : { mark }) }, first };
}

/** Two candles, one after the other, and which extreme is in the first. */
function drawTurns(perBar: number, draw: () => number): Turns {
  const first = Math.floor(draw() * (perBar - 1));
  const second = first + 1 + Math.floor(draw() * (perBar - 1 - first));
  return { first, second, highFirst: draw() < 0.5 };
}

/** Open, the one extreme, the other, close: each price holds until the next is reached. */
function fillPath(to: Prices, at: number, perBar: number, from: Prices, i: number, turns: Turns): void {
  const { first, second, highFirst } = turns;
  const extremes = highFirst ? [from.high[i]!, from.low[i]!] : [from.low[i]!, from.high[i]!];
  let last = from.open[i]!;
  for (let n = 0; n < perBar; n++) {
    const open = last;
    const reached = n === first ? extremes[0]! : n === second ? extremes[1]! : open;
    const close = n === perBar - 1 ? from.close[i]! : reached;
    to.open[at + n] = open;
    to.high[at + n] = Math.max(open, reached, close);
    to.low[at + n] = Math.min(open, reached, close);
    to.close[at + n] = close;
    last = close;
  }
}
