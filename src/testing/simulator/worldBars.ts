/**
 * Bars, marks and funding of random worlds: prices with gaps, wicks and jumps, a mark that parts from last, funding on and off its
 * schedule. All symbols of a world share a clock; each misses some of it.
 */

import type { Chance } from './chance.js';
import type { WorldBar, WorldCandle, WorldContract, WorldFunding } from './world.js';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
/** 2020-03-01. */
const EPOCH_MS = 1_583_020_800_000;

/** What a contract type trades like. */
export interface Market {
  readonly type: WorldContract['type'];
  readonly multiplier: string;
  readonly tick: string;
  readonly price: number;
  readonly settleDecimals: number;
}

/** Open times of a world, with gaps in which no symbol has a bar. */
export function clockOf(chance: Chance, intervalMs: number, count: number): number[] {
  const gapChance = chance.one([0, 0, 0.03, 0.1]);
  let openTimeMs = EPOCH_MS + chance.whole(0, 48) * Math.max(intervalMs, HOUR_MS / 2);
  if (intervalMs === DAY_MS && chance.happens(0.8)) openTimeMs -= openTimeMs % DAY_MS;
  return Array.from({ length: count }, () => {
    const time = openTimeMs;
    openTimeMs += intervalMs * (chance.happens(gapChance) ? chance.whole(2, 30) : 1);
    return time;
  });
}

/** The part of a clock at which one of several symbols has bars: it may begin late, end early and have holes. */
export function ownClock(chance: Chance, clock: readonly number[]): number[] {
  const start = chance.happens(0.3) ? chance.whole(1, Math.floor(clock.length / 3)) : 0;
  const end = clock.length - (chance.happens(0.2) ? chance.whole(1, Math.floor(clock.length / 3)) : 0);
  const hole = chance.one([0, 0.05, 0.2]);
  let missing = 0;
  return clock.slice(start, end).filter(() => {
    if (missing > 0) missing -= 1;
    else if (chance.happens(hole)) missing = chance.whole(1, 4);
    return missing === 0;
  });
}

/** Prices on a grid: the tick, or a tenth of it. */
function gridOf(market: Market, isOffTick: boolean): (price: number) => number {
  const decimals = (market.tick.split('.')[1]?.length ?? 0) + (isOffTick ? 1 : 0);
  const per = 10 ** decimals;
  const step = Math.round(Number(market.tick) * per) / (isOffTick ? 10 : 1);
  return (price) => (Math.max(1, Math.round((price * per) / step)) * step) / per;
}

export function barsOf(chance: Chance, market: Market, times: readonly number[]): WorldBar[] {
  const grid = gridOf(market, chance.happens(0.15));
  const spread = chance.one([0.003, 0.01, 0.03, 0.06]);
  const hasMark = chance.happens(0.5);
  const isCoarse = chance.happens(0.3);
  let price = market.price * chance.between(0.7, 1.4);
  let basis = 0;
  return times.map((openTimeMs) => {
    const last = candleFrom(chance, grid, price, spread);
    basis = 0.8 * basis + 0.2 * spread * chance.normal();
    price = last[3];
    return {
      openTimeMs,
      last,
      mark: hasMark ? markOf(chance, grid, last, basis, spread) : null,
      isMarkKnown: !isCoarse || chance.happens(0.4),
    };
  });
}

/** A candle after a close: usually continuous, sometimes a jump, a wick or no range at all. */
function candleFrom(chance: Chance, grid: (price: number) => number, before: number, spread: number): WorldCandle {
  const jump = chance.happens(0.06) ? chance.between(-8, 8) * spread : 0;
  const open = grid(chance.happens(0.5) ? before * (1 + jump) : before * (1 + jump + 0.2 * spread * chance.normal()));
  if (chance.happens(0.06)) return [open, open, open, open];
  const close = chance.happens(0.05) ? open : grid(open * Math.max(0.2, 1 + spread * chance.normal()));
  const wick = (): number => (chance.happens(0.15) ? 0 : spread * chance.between(0, chance.happens(0.1) ? 6 : 0.8));
  const high = Math.max(open, close, grid(Math.max(open, close) * (1 + wick())));
  const low = Math.min(open, close, grid(Math.min(open, close) * Math.max(0.2, 1 - wick())));
  return [open, high, low, close];
}

function markOf(
  chance: Chance,
  grid: (price: number) => number,
  last: WorldCandle,
  basis: number,
  spread: number,
): WorldCandle {
  if (chance.happens(0.05)) return [last[0], last[0], last[0], last[0]];
  const at = (price: number, share: number): number => grid(price * (1 + basis + share * spread * chance.normal()));
  const [open, close] = [at(last[0], 0.05), at(last[3], 0.05)];
  const high = Math.max(open, close, at(last[1], 0.2));
  const low = Math.min(open, close, at(last[2], 0.2));
  return [open, high, low, close];
}

/** Funding of a symbol over the whole clock: none, one rate, or rows with holes and odd times. */
export function fundingOf(chance: Chance, clock: readonly number[], intervalMs: number, market: Market): WorldFunding {
  const kind = chance.one(['missing', 'constant', 'rates', 'rates', 'rates'] as const);
  const rateOf = (): string =>
    chance.happens(0.15) ? chance.one(['0.05', '-0.08', '0.02', '0.25']) : String(chance.whole(-40, 60) / 100_000);
  if (kind === 'missing') return { kind };
  if (kind === 'constant') return { kind, rate: plain(rateOf()) };
  const first = clock[0]! - 12 * HOUR_MS;
  const end = clock[clock.length - 1]! + intervalMs + 12 * HOUR_MS;
  const spacing = chance.one([HOUR_MS, 4 * HOUR_MS, 8 * HOUR_MS, 8 * HOUR_MS, 8 * HOUR_MS]);
  const rates: { timeMs: number; rate: string; price?: string }[] = [];
  const hole = chance.one([0, 0.1, 0.3]);
  const start = Math.ceil(first / spacing) * spacing + (chance.happens(0.7) ? 0 : chance.whole(1, 7) * HOUR_MS);
  let skipped = 0;
  for (let timeMs = start; timeMs < end && rates.length < 3000; timeMs += spacing) {
    if (skipped > 0 || chance.happens(hole)) {
      skipped = skipped > 0 ? skipped - 1 : chance.whole(0, 4);
      continue;
    }
    const priced = chance.happens(0.1) ? { price: String(Math.ceil(market.price * 1000) / 1000) } : {};
    rates.push({
      timeMs: chance.happens(0.1) ? timeMs + chance.whole(1, 59) * MINUTE_MS : timeMs,
      rate: plain(rateOf()),
      ...priced,
    });
  }
  return { kind, rates };
}

/** A number's text without an exponent. */
function plain(text: string): string {
  if (!text.includes('e')) return text;
  const [digits = '0', power = '0'] = text.split('e-');
  const negative = digits.startsWith('-');
  const bare = digits.replace('-', '').replace('.', '');
  return `${negative ? '-' : ''}0.${'0'.repeat(Number(power) - 1)}${bare}`;
}
