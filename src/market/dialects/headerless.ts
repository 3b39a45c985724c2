/**
 * Files without a header, known by the shape of their rows: where the time stands, how many cells there are, and in which order of
 * the four prices every bar keeps low ≤ open, close ≤ high. Exchanges' exports and the arrays of their interfaces are of
 * this kind. All are stamped by the bar's open.
 */

import { parsePrice } from '../cells.js';
import { recognizeTimeForm } from '../timestamps.js';
import type { RecognizedDialect } from './dialects.js';
import type { BarLayout } from './layout.js';

/** Orders of four prices after the time, the usual one first. */
const ORDERS = [
  ['open', 'high', 'low', 'close'],
  ['low', 'high', 'open', 'close'],
  ['open', 'close', 'high', 'low'],
] as const;
const DAY_MS = 86_400_000;

/** Where time and prices stand. */
interface Shape {
  readonly time: number;
  readonly clock: number;
  /** Place of the first price. */
  readonly first: number;
}

function isClock(text: string): boolean {
  return /^\d{2}:?\d{2}(:?\d{2})?$/.test(text);
}

function isMidnightMs(text: string): boolean {
  return /^\d{1,8}$/.test(text) && Number(text) < DAY_MS;
}

function findShape(row: readonly string[], hasDay: boolean): Shape | undefined {
  const isDayText = (text: string) =>
    /^\d{4}[./-]?\d{2}[./-]?\d{2}$/.test(text) && recognizeTimeForm(text) !== undefined;
  for (const at of [0, 1]) {
    const text = row[at] ?? '';
    if (isDayText(text) && isClock(row[at + 1] ?? '')) return { time: at, clock: at + 1, first: at + 2 };
    // Day and month may change places: a text with two marks of a date will do.
    if (recognizeTimeForm(text) !== undefined || /^\d{1,2}[/-]\d{1,2}[/-]\d{4}\b/.test(text)) {
      return { time: at, clock: -1, first: at + 1 };
    }
  }
  return hasDay && isMidnightMs(row[0] ?? '') ? { time: 0, clock: -1, first: 1 } : undefined;
}

/** Whether a row looks like data of candles without a header. */
export function looksLikeBar(row: readonly string[], hasDay: boolean): boolean {
  const shape = findShape(row, hasDay);
  return shape !== undefined && pricesOf(row, shape).every((x) => x > 0);
}

function pricesOf(row: readonly string[], { first }: Shape): number[] {
  return [0, 1, 2, 3].map((i) => parsePrice((row[first + i] ?? '').trim()));
}

/** How many rows keep low ≤ open, close ≤ high when their prices stand in this order. */
function countFits(rows: readonly (readonly number[])[], order: (typeof ORDERS)[number]): number {
  const [o, h, l, c] = (['open', 'high', 'low', 'close'] as const).map((name) => order.indexOf(name as never));
  let fits = 0;
  for (const p of rows) if (p[l!]! <= Math.min(p[o!]!, p[c!]!) && p[h!]! >= Math.max(p[o!]!, p[c!]!)) fits++;
  return fits;
}

/** The order that most rows fit, the usual one before others; undefined when fewer than nine in ten fit any. */
function findOrder(rows: readonly (readonly number[])[]): (typeof ORDERS)[number] | undefined {
  let best: (typeof ORDERS)[number] | undefined;
  let most = rows.length * 0.9;
  for (const order of ORDERS) {
    const fits = countFits(rows, order);
    if (fits >= most && (best === undefined || fits > most)) {
      best = order;
      most = fits;
    }
  }
  return best;
}

/** Names of the cells after the four prices, by how many there are; the first that is a volume is taken. */
function namesAfterPrices(count: number, rest: readonly string[], time: string): { name: string; names: string[] } {
  const isSeconds = recognizeTimeForm(time) === 's';
  if (count >= 6 && isCloseTime(rest[1], time)) {
    const names = ['volume', 'close_time', 'quote_volume', 'count', 'taker_buy_volume', 'taker_buy_quote_volume'];
    return { name: 'binance', names };
  }
  if (count === 4 && (rest[3] === '0' || rest[3] === '1')) {
    return { name: 'okx', names: ['volume', 'volume_ccy', 'volume_quote', 'confirm'] };
  }
  if (count === 3 && isSeconds) return { name: 'kraken', names: ['vwap', 'volume', 'count'] };
  if (count === 2 && isSeconds) return { name: 'kraken', names: ['volume', 'count'] };
  if (count === 2 && recognizeTimeForm(time) === 'ms') return { name: 'bybit', names: ['volume', 'turnover'] };
  return { name: recognizeTimeForm(time) === 'ms' ? 'ccxt' : 'plain', names: ['volume'] };
}

function isCloseTime(cell: string | undefined, time: string): boolean {
  return cell !== undefined && /^\d{12,}$/.test(cell) && cell.length === time.length && cell > time;
}

function nameOf(shape: Shape, time: string, order: (typeof ORDERS)[number], usual: string): string {
  if (order === ORDERS[1]) return 'coinbase';
  if (order === ORDERS[2]) return 'bitfinex';
  if (shape.clock >= 0 || /^\d{4}[.-]\d\d[.-]\d\d \d\d:\d\d$/.test(time)) return 'metatrader';
  if (recognizeTimeForm(time) === undefined || /^\d{8} \d\d:\d\d$/.test(time)) return 'quantconnect';
  return usual;
}

/**
 * What a file without a header is.
 *
 * @param rows cells of the first rows, all data
 * @param hasDay whether the file's name gives a day, so that times may count from its midnight
 */
export function recognizeHeaderless(
  rows: readonly (readonly string[])[],
  hasDay: boolean,
): RecognizedDialect | undefined {
  const row = rows[0];
  const shape = row && findShape(row, hasDay);
  if (!shape) return undefined;
  const order = findOrder(rows.map((cells) => pricesOf(cells, shape)).filter((p) => p.every((x) => x > 0)));
  if (order === undefined) return undefined;
  const time = row[shape.time]!;
  const after = namesAfterPrices(row.length - shape.first - 4, row.slice(shape.first + 4), time);
  const header = row.map((_, i) => `column ${i + 1}`);
  header[shape.time] = 'time';
  if (shape.clock >= 0) header[shape.clock] = 'clock';
  for (const [i, name] of [...order, ...after.names].entries()) {
    if (shape.first + i < row.length) header[shape.first + i] = name;
  }
  return { dialect: { name: nameOf(shape, time, order, after.name), barTime: 'open' }, layout: layoutOf(header) };
}

function layoutOf(header: readonly string[]): BarLayout {
  const at = (name: string): number => header.indexOf(name);
  return {
    header,
    time: at('time'),
    clock: at('clock'),
    open: at('open'),
    high: at('high'),
    low: at('low'),
    close: at('close'),
    volume: at('volume'),
    symbol: -1,
    confirm: at('confirm'),
    keys: [],
    skipsEmpty: false,
  };
}
