/**
 * Candles for the measurements: one-minute bars of a seeded random walk on a tick of 0.5, the same on every machine, written in the ways
 * that are read. Prices are multiples of 0.5, so that sums of them are exact in float64 and fees are exact in eight decimals.
 */

import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';

export const START_MS = Date.UTC(2020, 0, 1);
const MINUTE_MS = 60_000;
const SEED = 20_200_601;

/** @typedef {readonly [ms: number, open: number, high: number, low: number, close: number, volume: number]} Bar */

/** @param {number} count @returns {Bar[]} */
export function makeBars(count) {
  let state = SEED;
  // xorshift32: fast enough, and the same on every machine.
  const chance = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
  /** In ticks. */
  let price = 20_000;
  return Array.from({ length: count }, (_, i) => {
    const open = price / 2;
    price = Math.max(2_000, price + Math.floor(chance() * 41) - 20);
    const close = price / 2;
    const high = Math.max(open, close) + Math.floor(chance() * 8) / 2;
    const low = Math.min(open, close) - Math.floor(chance() * 8) / 2;
    return [START_MS + i * MINUTE_MS, open, high, low, close, Math.floor(chance() * 1e6) / 1000];
  });
}

const HEADER = 'timestamp,open,high,low,close,volume\n';
const NAMES = ['open', 'high', 'low', 'close', 'volume'];

/** @param {number} ms */
const iso = (ms) => new Date(ms).toISOString();

/** @param {readonly Bar[]} bars @param {(bar: Bar) => string} write */
const linesOf = (bars, write) => `${bars.map(write).join('\n')}\n`;

/** @param {readonly Bar[]} bars */
export function isoText(bars) {
  return HEADER + linesOf(bars, ([ms, ...rest]) => `${iso(ms)},${rest}`);
}

/** @param {readonly Bar[]} bars */
function parquetOf(bars) {
  const columns = NAMES.map((name, i) => ({ name, data: bars.map((bar) => bar[i + 1]), type: 'DOUBLE' }));
  const time = { name: 'timestamp', data: bars.map(([ms]) => BigInt(ms)), type: 'INT64' };
  return Buffer.from(parquetWriteBuffer({ columnData: [time, ...columns] }));
}

/** Each way to write the bars by the name of its file. @type {Readonly<Record<string, (bars: readonly Bar[]) => string | Buffer>>} */
export const WRITERS = {
  'iso.csv': isoText,
  'ms.csv': (bars) => HEADER + linesOf(bars, (bar) => bar.join(',')),
  'binance.csv': (bars) =>
    linesOf(bars, ([ms, ...rest]) => `${ms},${rest},${ms + MINUTE_MS - 1},1234567.125,321,12.5,54321.75,0`),
  'metatrader.csv': (bars) =>
    linesOf(bars, ([ms, ...rest]) => `${iso(ms).slice(0, 16).replaceAll('-', '.').replace('T', ',')},${rest}`),
  'semicolons.csv': (bars) =>
    HEADER.replaceAll(',', ';') + linesOf(bars, ([ms, ...rest]) => `${iso(ms)};${rest.join(';').replaceAll('.', ',')}`),
  'long-prices.csv': (bars) =>
    HEADER + linesOf(bars, ([ms, ...rest]) => `${ms},${rest.map((x) => x + 1e-12).join(',')}`),
  'day-first.csv': (bars) =>
    HEADER +
    linesOf(bars, ([ms, ...rest]) => `${iso(ms).replace(/^(\d+)-(\d+)-(\d+)T(.{8}).*/, '$3.$2.$1 $4')},${rest}`),
  'quoted.csv': (bars) => HEADER + linesOf(bars, (bar) => bar.map((x) => `"${x}"`).join(',')),
  'iso.csv.gz': (bars) => gzipSync(isoText(bars)),
  'arrays.json': (bars) => JSON.stringify(bars),
  'bars.parquet': parquetOf,
};
