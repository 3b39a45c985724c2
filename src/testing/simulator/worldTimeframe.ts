/**
 * Longer bars for some of the worlds: the strategy is called only where one of two to four candles completes, and asks for bars of
 * one more length. Drawn from a stream of its own, so that the other worlds stay what they were.
 */

import { Chance } from './chance.js';
import type { World } from './world.js';

/** Seeds of this stream lie beyond those of the others. */
const FOURTH_STREAM = 9_000_049;

/** A world with what the seed adds to it; most stay as they are. */
export function withTimeframe(world: World): World {
  const chance = new Chance(world.seed + FOURTH_STREAM);
  if (!chance.happens(0.14)) return world;
  const bars = chance.whole(1, 4);
  return { ...world, timeframe: { bars, asked: chance.one(['15m', '1h', '4h', '4h', '12h', '1d', '1w', '7h']) } };
}
