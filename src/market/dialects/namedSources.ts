/**
 * Exchanges, archives and programs that are known by their headers. All are stamped by the bar's open and are read by the names of their
 * columns as plain files are; to know them by name tells the user what the file was taken for, and settles which of
 * several volumes is the traded one.
 */

import { layoutOfNames, normalizeHeader } from './columnNames.js';
import type { BarLayout, Dialect } from './layout.js';

interface Source {
  readonly name: string;
  /** Names without case and signs that the header must all have. */
  readonly has?: readonly string[];
  /** Of these it must have one. */
  readonly hasOneOf?: readonly string[];
  /** The first cells as written. */
  readonly begins?: readonly string[];
  /** How many columns must be named volume of something. */
  readonly volumes?: number;
  readonly skipsEmpty?: boolean;
}

/** In order of recognition. */
const SOURCES: readonly Source[] = [
  { name: 'binance', has: ['opentime', 'closetime'], hasOneOf: ['ignore', 'count', 'numberoftrades', 'trades'] },
  { name: 'okx', has: ['confirm'], hasOneOf: ['volccy', 'volccyquote', 'volquote', 'vol'] },
  { name: 'bybit', hasOneOf: ['startat'] },
  { name: 'bybit', has: ['starttime', 'turnover'] },
  { name: 'bitget', hasOneOf: ['usdtvolume', 'usdtvol', 'basevol'] },
  { name: 'kraken', has: ['vwap', 'count'] },
  { name: 'coinbase', begins: ['time', 'low', 'high', 'open', 'close'] },
  { name: 'cryptodatadownload', has: ['unix', 'date', 'symbol'] },
  { name: 'cryptodatadownload', has: ['date', 'symbol'], volumes: 2 },
  { name: 'kaggle', has: ['timestamp', 'volumebtc', 'weightedprice'], skipsEmpty: true },
  { name: 'tradingview', begins: ['time', 'open', 'high', 'low', 'close'] },
  { name: 'metatrader', begins: ['<DATE>'] },
  { name: 'yahoo', has: ['adjclose'] },
  { name: 'coinmarketcap', has: ['marketcap', 'timestamp'] },
];

/** A TradingView export differs from a plain file only by what stands beside the prices. */
function isPlain(header: readonly string[]): boolean {
  return header.every((name) => /^[a-z_]+$/.test(name));
}

function isOf(source: Source, header: readonly string[], names: readonly string[]): boolean {
  if (source.name === 'tradingview' && isPlain(header)) return false;
  return (
    names.filter((name) => /^volume./.test(name)).length >= (source.volumes ?? 0) &&
    (source.has ?? []).every((name) => names.includes(name)) &&
    (source.hasOneOf === undefined || source.hasOneOf.some((name) => names.includes(name))) &&
    (source.begins ?? []).every((name, i) => header[i]?.trim() === name)
  );
}

function dialectOf(source: Source): Dialect {
  return {
    name: source.name,
    barTime: 'open',
    recognize(header): BarLayout | undefined {
      const layout = isOf(source, header, normalizeHeader(header)) ? layoutOfNames(header) : undefined;
      return layout && { ...layout, skipsEmpty: source.skipsEmpty ?? false };
    },
  };
}

/** Investing.com calls the close a price and has its change beside it, in the language of the reader. */
const investing: Dialect = {
  name: 'investing',
  barTime: 'open',
  recognize(header) {
    return header.length === 7 && header[6]!.includes('%') ? layoutOfNames(header) : undefined;
  },
};

export const NAMED_SOURCES: readonly Dialect[] = [...SOURCES.map(dialectOf), investing];
