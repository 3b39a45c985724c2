/**
 * Finer bars for some of the worlds: most bars are covered, and most finer bars tell of the prices that the bar tells of; some part
 * from it. Drawn from a stream of its own, so that the other worlds stay what they were.
 */

import { Chance } from './chance.js';
import type { World, WorldBar, WorldCandle, WorldPrices, WorldSymbol } from './world.js';

/** Seeds of this stream lie beyond those of the others. */
const SIXTH_STREAM = 17_100_026;

/** A world with what the seed adds to it; most stay as they are. */
export function withFiner(world: World): World {
  const chance = new Chance(world.seed + SIXTH_STREAM);
  if (!chance.happens(0.18)) return world;
  const parts = chance.one([2, 2, 3, 3, 4, 5]);
  const shape = { count: parts, jumps: chance.one([0, 0.3, 0.8]), parted: chance.one([0, 0.02, 0.12]) };
  const symbols = world.symbols.map((symbol): WorldSymbol => {
    const covered = chance.one([1, 1, 0.9, 0.6]);
    const grid = gridOf(symbol);
    const bars = symbol.bars.map((bar) => (chance.happens(covered) ? coveredBar(chance, bar, shape, grid) : bar));
    return { ...symbol, bars };
  });
  return { ...world, symbols, parts };
}

type Grid = (price: number) => number;

/** How many finer bars a bar has, how often one opens elsewhere than the one before closed, and how often they part from the bar. */
interface Shape {
  readonly count: number;
  readonly jumps: number;
  readonly parted: number;
}

/** Ten prices a tick. */
function gridOf({ contract }: WorldSymbol): Grid {
  const scale = 10 ** ((contract.tick.split('.')[1]?.length ?? 0) + 1);
  return (price) => Math.max(1, Math.round(price * scale)) / scale;
}

function coveredBar(chance: Chance, bar: WorldBar, shape: Shape, grid: Grid): WorldBar {
  const last = candlesIn(chance, bar.last, shape, grid);
  const mark = bar.mark === null ? null : candlesIn(chance, bar.mark, shape, grid);
  const parts = last.map(
    (candle, i): WorldPrices => ({
      last: candle,
      mark: mark?.[i] ?? null,
      isMarkKnown: bar.isMarkKnown ? chance.happens(0.97) : chance.happens(0.4),
    }),
  );
  return { ...bar, parts };
}

/** Candles that together make one: each extreme in one of them, prices that go on or jump in between; some make another one. */
function candlesIn(chance: Chance, [open, high, low, close]: WorldCandle, shape: Shape, grid: Grid): WorldCandle[] {
  const { count, jumps } = shape;
  const [highest, lowest] = [chance.whole(0, count - 1), chance.whole(0, count - 1)];
  const somewhere = (): number => grid(chance.between(low, high));
  /** A jump goes anywhere in the bar, often to one of its ends. */
  const elsewhere = (): number => (chance.happens(0.5) ? chance.one([low, high]) : within(somewhere()));
  const within = (price: number): number => Math.min(high, Math.max(low, price));
  let before = open;
  const candles = Array.from({ length: count }, (_, i): WorldCandle => {
    const first = i === 0 || !chance.happens(jumps) ? before : elsewhere();
    const end = i === count - 1 ? close : chance.happens(0.1) ? first : within(somewhere());
    const between = [first, end, ...(chance.happens(0.3) ? [] : [within(somewhere()), within(somewhere())])];
    before = end;
    return [first, i === highest ? high : Math.max(...between), i === lowest ? low : Math.min(...between), end];
  });
  return chance.happens(shape.parted) ? parted(chance, candles, grid) : candles;
}

/** One of the candles tells of other prices than the bar. */
function parted(chance: Chance, candles: readonly WorldCandle[], grid: Grid): WorldCandle[] {
  const at = chance.whole(0, candles.length - 1);
  const share = 1 + 0.01 * chance.normal();
  const moved = ([open, high, low, close]: WorldCandle): WorldCandle => [
    grid(open * share),
    grid(high * share),
    grid(low * share),
    grid(close * share),
  ];
  return candles.map((candle, i) => (i === at ? moved(candle) : candle));
}
