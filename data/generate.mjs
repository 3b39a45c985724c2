#!/usr/bin/env node
/**
 * Writes the sample data of this folder: three weeks of invented XBTUSD minutes with mark prices and funding rates, calm and
 * stormy by turns, with a crash of about a third in the last week; and invented hours of three coins in USDT for runs of several
 * symbols. Nothing in them was ever traded. Only additions, multiplications, divisions and square roots of float64 are used, and
 * a generator of its own for chance, so every machine writes the same bytes.
 *
 *     node data/generate.mjs [folder]     default: the folder of this file
 */

import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SEED = 20200601;
const START_MS = Date.UTC(2020, 5, 1);
const MINUTE_MS = 60_000;
const MINUTES = 21 * 1440;
/** Prices within a minute from which its high and low are taken. */
const STEPS = 6;
const TICK = 0.5;

/** Minutes from the start: Wednesday of the third week, 10:00 UTC, and how the crash goes on from there. */
const CRASH_START = 16 * 1440 + 600;
const CRASH_MINUTES = 210;
const WICK_MINUTE = CRASH_START + CRASH_MINUTES - 4;
const RECOVERY_MINUTES = 600;

/** Spread of one minute's return in each weather, and the mean number of minutes it lasts. */
const WEATHERS = [
  { spread: 0.0003, minutes: 500 },
  { spread: 0.0006, minutes: 600 },
  { spread: 0.0012, minutes: 200 },
];

/** Marsaglia's xorshift32. */
function createRandom(/** @type {number} */ seed) {
  let state = seed | 0;
  const uniform = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  /** Sum of twelve uniforms less six: bell-shaped, spread 1, and exact on every machine. */
  const normal = () => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += uniform();
    return sum;
  };
  return { uniform, normal };
}

const roundToTick = (/** @type {number} */ price) => Math.round(price / TICK) * TICK;
const stampOf = (/** @type {number} */ minute) =>
  new Date(START_MS + minute * MINUTE_MS).toISOString().replace('.000', '');

/** The price that the market leans to at a minute: level, then down a third in the crash, then part of the way back. */
function anchorAt(/** @type {number} */ minute) {
  const before = 9200;
  const bottom = 6150;
  const after = 7000;
  if (minute < CRASH_START) return before;
  const falling = (minute - CRASH_START) / CRASH_MINUTES;
  if (falling < 1) return before + (bottom - before) * falling * falling;
  const rising = (minute - CRASH_START - CRASH_MINUTES) / RECOVERY_MINUTES;
  return rising < 1 ? bottom + (after - bottom) * rising : after;
}

/** Weather and trend, which change now and then, and the return of one step. */
function createMarket(/** @type {ReturnType<typeof createRandom>} */ random) {
  let weather = WEATHERS[1];
  let trend = 0;
  return {
    /** Begins a minute: perhaps the weather turns, perhaps the trend. */
    turn(/** @type {number} */ minute) {
      if (random.uniform() < 1 / weather.minutes) weather = WEATHERS[Math.floor(random.uniform() * WEATHERS.length)];
      if (random.uniform() < 1 / 900) trend = (random.uniform() - 0.5) * 0.00012;
      const crashing = minute >= CRASH_START && minute < CRASH_START + CRASH_MINUTES + 60;
      return crashing ? 0.0022 : weather.spread;
    },
    /** Return of one step from a price: trend, pull to the anchor, chance, and the wick. */
    step(
      /** @type {number} */ minute,
      /** @type {number} */ step,
      /** @type {number} */ price,
      /** @type {number} */ spread,
    ) {
      const falling = minute >= CRASH_START && minute < CRASH_START + CRASH_MINUTES;
      const pull = (anchorAt(minute) / price - 1) * (falling ? 0.05 : 0.0004);
      const chance = (spread / Math.sqrt(STEPS)) * random.normal();
      const wick = minute === WICK_MINUTE ? [-0.02, -0.035, -0.025, 0.03, 0.03, 0.02][step] : 0;
      return (falling ? 0 : trend) / STEPS + pull / STEPS + chance + wick;
    },
  };
}

const CANDLE_HEADER = 'timestamp,open,high,low,close,volume';

/** Rows of the candles and of the mark candles. The mark follows the last price with a lag of about two minutes. */
function generateCandles() {
  const random = createRandom(SEED);
  const market = createMarket(random);
  const candles = [CANDLE_HEADER];
  const marks = ['timestamp,open,high,low,close'];
  let price = 9200;
  let mark = price;
  let previousClose = price;
  for (let minute = 0; minute < MINUTES; minute++) {
    const spread = market.turn(minute);
    const jump = random.uniform() < 0.04 ? (random.uniform() < 0.5 ? -TICK : TICK) : 0;
    const last = [previousClose + jump];
    const marked = [roundToTick(mark)];
    for (let step = 0; step < STEPS; step++) {
      price *= 1 + market.step(minute, step, price, spread);
      mark += (price * (1 + 0.0001 * random.normal()) - mark) * 0.08;
      last.push(roundToTick(price));
      marked.push(roundToTick(mark));
    }
    const close = last[STEPS];
    const moved = (Math.max(...last) - Math.min(...last)) / close;
    const volume = Math.round((20 + 400_000 * moved * (0.5 + random.uniform())) * 100);
    const stamp = stampOf(minute);
    candles.push(`${stamp},${last[0]},${Math.max(...last)},${Math.min(...last)},${close},${volume}`);
    marks.push(`${stamp},${marked[0]},${Math.max(...marked)},${Math.min(...marked)},${marked[STEPS]}`);
    previousClose = close;
  }
  return { candles, marks };
}

/** Rows of the funding rates, at 04:00, 12:00 and 20:00 UTC: near 0.01 %, and shorts paying the limit after the crash. */
function generateFunding() {
  const random = createRandom(SEED + 1);
  const stress = [-3750, -3750, -2900, -1500, -600, -150];
  const rows = ['timestamp,fundingRate'];
  for (let minute = 240, afterCrash = 0; minute < MINUTES; minute += 480) {
    const usual = Math.max(-300, Math.min(600, Math.round(100 + 120 * random.normal())));
    const millionths = minute >= CRASH_START + CRASH_MINUTES ? (stress[afterCrash++] ?? usual) : usual;
    const digits = String(Math.abs(millionths)).padStart(6, '0');
    rows.push(`${stampOf(minute)},${millionths < 0 ? '-' : ''}0.${digits}`);
  }
  return rows;
}

/** Coins of the hourly candles: first price, how far they follow the market, and the spread of an hour of their own. */
const COINS = [
  { name: 'BTCUSDT', price: 9200, follows: 1, spread: 0.001 },
  { name: 'ETHUSDT', price: 240, follows: 1.2, spread: 0.004 },
  { name: 'SOLUSDT', price: 36, follows: 1.4, spread: 0.008 },
];
/** Below the coins' ticks, of which contracts.json has one cent for each. */
const CENTS = 100;

/**
 * Rows of the hourly candles: a market that all coins follow, with a trend that turns every few days, and what each does for itself.
 * The spot price of the first coin stands a little below its contract, by turns more and less.
 */
function generateCoins() {
  const random = createRandom(SEED + 2);
  const files = new Map([...COINS.map(({ name }) => name), 'BTCUSDT-spot'].map((name) => [name, [CANDLE_HEADER]]));
  const coins = COINS.map((coin) => ({ ...coin, last: [coin.price], trend: 0 }));
  let marketTrend = 0;
  let basis = 0.0005;
  for (let hour = 0; hour < MINUTES / 60; hour++) {
    if (hour % 72 === 0) {
      marketTrend = 0.0008 * random.normal();
      for (const coin of coins) coin.trend = coin.spread * 0.25 * random.normal();
    }
    const steps = Array.from({ length: STEPS }, () => marketTrend / STEPS + 0.0018 * random.normal());
    for (const coin of coins) {
      coin.last = [coin.last[coin.last.length - 1]];
      for (const step of steps) {
        const own = coin.trend / STEPS + (coin.spread / Math.sqrt(STEPS)) * random.normal();
        coin.last.push(coin.last[coin.last.length - 1] * (1 + coin.follows * step + own));
      }
      files.get(coin.name)?.push(hourRow(hour, coin.last, random.uniform()));
    }
    basis += (0.0005 - basis) * 0.05 + 0.0001 * random.normal();
    const spot = coins[0].last.map((price) => price * (1 - basis));
    files.get('BTCUSDT-spot')?.push(hourRow(hour, spot, random.uniform()));
  }
  return files;
}

function hourRow(/** @type {number} */ hour, /** @type {number[]} */ prices, /** @type {number} */ chance) {
  const cents = prices.map((price) => Math.round(price * CENTS) / CENTS);
  const [high, low] = [Math.max(...cents), Math.min(...cents)];
  const volume = Math.round(200 + 50_000 * (high / low - 1) * (0.5 + chance));
  return `${stampOf(hour * 60)},${cents[0]},${high},${low},${cents[STEPS]},${volume}`;
}

/** Rows of the coins' funding rates, at 00:00, 08:00 and 16:00 UTC: longs pay for two weeks, then shorts for a while. */
function generateCoinFunding() {
  const random = createRandom(SEED + 3);
  const rows = ['timestamp,fundingRate'];
  for (let minute = 0; minute < MINUTES; minute += 480) {
    const day = minute / 1440;
    const usual = day >= 14 && day < 17 ? -150 : 150;
    const millionths = usual + Math.round(60 * random.normal());
    const digits = String(Math.abs(millionths)).padStart(6, '0');
    rows.push(`${stampOf(minute)},${millionths < 0 ? '-' : ''}0.${digits}`);
  }
  return rows;
}

const folder = process.argv[2] ?? dirname(fileURLToPath(import.meta.url));
const { candles, marks } = generateCandles();
const write = (/** @type {string} */ name, /** @type {string[]} */ rows) =>
  writeFileSync(join(folder, name), `${rows.join('\n')}\n`);
write('XBTUSD.csv', candles);
write('XBTUSD-mark.csv', marks);
write('XBTUSD-funding.csv', generateFunding());
for (const [name, rows] of generateCoins()) write(`${name}.csv`, rows);
write('BTCUSDT-funding.csv', generateCoinFunding());
