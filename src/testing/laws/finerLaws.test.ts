/**
 * What finer candles must not change, and what they must be the same as: where they cover nothing nothing is different, and a run along
 * them is a run on them that calls its strategy on the longer bars.
 */

import { describe, expect, it } from '@jest/globals';
import type { World, WorldSymbol } from '../simulator/world.js';
import { timesOf } from '../simulator/world.js';
import { worldOf } from '../simulator/worldOf.js';
import { firstDifference, type RunTables, runWorld } from './runTables.js';

const WORLDS = 25;

/** The next worlds with finer bars. */
function* detailedWorlds(): Generator<World & { readonly parts: number }> {
  for (let seed = 1; ; seed += 1) {
    const { parts, ...world } = worldOf(seed);
    if (parts !== undefined) yield { ...world, parts };
  }
}

const withSymbols = (world: World, change: (symbol: WorldSymbol) => WorldSymbol): World => ({
  ...world,
  symbols: world.symbols.map(change),
});

/** Tables without what goes by the bars: how many a trade was held, samples of curves, numbers of bars, and the first one's open. */
const withoutBars = ({ closed_trades, ...tables }: RunTables): RunTables => ({
  ...tables,
  closed_trades: closed_trades.map(({ bars: _, ...row }) => row),
  calls: [],
  outcome: tables.outcome.map(({ maxDrawdown: _, totals, linkPrices, bars, fineBars, ...row }) => row),
});

/** A world that is covered throughout, with bars that stand where longer bars can; null where too little is left. */
function coveredWorld(world: World & { readonly parts: number }): (World & { readonly parts: number }) | null {
  const { timeframe: _, ...rest } = world;
  const isWhole = (openTimeMs: number): boolean =>
    openTimeMs % world.intervalMs === 0 &&
    world.symbols.every(({ bars }) => bars.every((bar) => bar.openTimeMs !== openTimeMs || bar.parts !== undefined));
  const kept = new Set(timesOf(world).filter(isWhole));
  const symbols = world.symbols.map((symbol) => ({
    ...symbol,
    bars: symbol.bars.filter(({ openTimeMs }) => kept.has(openTimeMs)),
  }));
  if (symbols.some(({ bars }) => bars.length < 5)) return null;
  return { ...rest, symbols, balanceEvery: { ...world.balanceEvery, bar: false } };
}

/** The finer bars as the bars of the run, its strategy called on the longer ones. */
function onItsParts(world: World & { readonly parts: number }): World {
  const { parts, ...rest } = world;
  const intervalMs = world.intervalMs / parts;
  const finer = withSymbols(rest, (symbol) => ({
    ...symbol,
    bars: symbol.bars.flatMap((bar) =>
      bar.parts!.map((part, i) => ({ ...part, openTimeMs: bar.openTimeMs + i * intervalMs })),
    ),
  }));
  return { ...finer, intervalMs, timeframe: { bars: parts, asked: '1d' } };
}

describe('finer candles', () => {
  it('when they cover no bar then every row is what it is without them', async () => {
    let compared = 0;
    for (const { parts, ...plain } of detailedWorlds()) {
      if (compared === WORLDS) break;
      compared += 1;
      const bare = withSymbols(plain, (symbol) => ({
        ...symbol,
        bars: symbol.bars.map(({ parts: _, ...bar }) => bar),
      }));
      const difference = firstDifference(await runWorld({ ...bare, parts }), await runWorld(bare));
      expect(difference === null ? 'the same' : `seed ${plain.seed}: ${difference}`).toBe('the same');
    }
  });

  it('when they cover every bar then it is as if they were the bars, and the strategy called on the longer ones', async () => {
    let [compared, trades] = [0, 0];
    for (const world of detailedWorlds()) {
      if (compared === WORLDS) break;
      const covered = coveredWorld(world);
      if (covered === null) continue;
      compared += 1;
      const along = withoutBars(await runWorld(covered));
      trades += along.trades.length;
      const difference = firstDifference(along, withoutBars(await runWorld(onItsParts(covered))));
      expect(difference === null ? 'the same' : `seed ${world.seed}: ${difference}`).toBe('the same');
    }
    expect(trades).toBeGreaterThan(200);
  });
});
