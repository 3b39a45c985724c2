/**
 * Longer bars for the reference engine, made anew from all candles each time they are asked for. Written from the text on timeframes
 * and sharing nothing with src/strategy/timeframes.ts: a bar belongs to the stretch in which it closes, stretches end at multiples
 * of their length since 1970 UTC, weeks at the midnight before Monday.
 */

import type { Bar } from '../../strategy/strategy.js';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const A_MONDAY_MS = Date.UTC(2024, 0, 1);
const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: DAY_MS, w: WEEK_MS };
const LENGTHS = '1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 1w'.split(' ');

/** Length of a timeframe that candles of `baseMs` can be put together to. @throws for any other text. */
export function timeframeLength(name: string, baseMs: number): number {
  const lengthMs = LENGTHS.includes(name) ? Number(name.slice(0, -1)) * UNIT_MS[name.slice(-1)]! : Number.NaN;
  if (lengthMs % baseMs !== 0) throw new Error(`bad_timeframe ${name}`);
  return lengthMs;
}

/** The first end of a stretch at or after a close. */
export function endOfStretch(closeTimeMs: number, lengthMs: number): number {
  const anEnd = lengthMs === WEEK_MS ? A_MONDAY_MS : 0;
  const past = (((closeTimeMs - anEnd) % lengthMs) + lengthMs) % lengthMs;
  return past === 0 ? closeTimeMs : closeTimeMs + lengthMs - past;
}

/** The longer bars of one symbol whose stretches lie in [fromMs, untilMs]. */
export function longerBars(bars: readonly Bar[], lengthMs: number, fromMs: number, untilMs: number): Bar[] {
  const stretches = new Map<number, Bar[]>();
  for (const bar of bars) {
    const endMs = endOfStretch(bar.closeTimeMs, lengthMs);
    if (endMs > untilMs || endMs - lengthMs < fromMs) continue;
    const parts = stretches.get(endMs) ?? [];
    stretches.set(endMs, parts);
    parts.push(bar);
  }
  return [...stretches].map(([endMs, parts]) => ({
    symbol: parts[0]!.symbol,
    openTimeMs: endMs - lengthMs,
    closeTimeMs: endMs,
    open: parts[0]!.open,
    high: Math.max(...parts.map(({ high }) => high)),
    low: Math.min(...parts.map(({ low }) => low)),
    close: parts.at(-1)!.close,
    volume: parts.map(({ volume }) => volume).reduce((sum, volume) => sum + volume),
  }));
}
