/**
 * Symbols, venues and intervals as file names and options give them.
 */

import { describe, expect, it, test } from '@jest/globals';
import { parseDataOption, parseFileName, splitSymbolPrefix } from './fileNames.js';

const MINUTE = 60_000;

describe('parseFileName', () => {
  test.each([
    // path                                        symbol            venue       minutes
    ['XBTUSD.csv', 'XBTUSD', undefined, undefined],
    ['XBTUSD-1m.csv', 'XBTUSD', undefined, 1],
    ['data/bitmex_XBTUSD_1m_2020-03.csv.gz', 'XBTUSD', 'bitmex', 1],
    ['/a.b/c=d/XBTUSD_1440.csv', 'XBTUSD', undefined, 1440],
    ['XBTUSD-60m.csv', 'XBTUSD', undefined, 60],
    ['XBTUSD_1w.csv', 'XBTUSD', undefined, 10_080],
    ['binance_1000PEPEUSDT_15m_2023_2024.csv.gz', '1000PEPEUSDT', 'binance', 15],
    ['okx_BTCUSDT_mark_1h_2026-01.csv', 'BTCUSDT', 'okx', 60],
    ['Bitstamp_BTCUSD_1h.csv', 'BTCUSD', 'bitstamp', 60],
    ['deribit_BTC-PERPETUAL_5m.csv', 'BTC-PERPETUAL', 'deribit', 5],
    ['btcusdt-1m.csv', 'BTCUSDT', undefined, 1],
    ['XBTUSD_2020-5-15.csv', 'XBTUSD', undefined, undefined],
    ['XBTUSD_2020_03.csv', 'XBTUSD', undefined, undefined],
    ['XBTUSD_1M.csv', 'XBTUSD', undefined, undefined],
    ['XBTUSD_7m.csv', 'XBTUSD', undefined, undefined],
    ['XBTUSD_H1.csv', 'XBTUSD', undefined, undefined],
    ['BITSTAMP_BTCUSD, 60.csv', 'BTCUSD', 'bitstamp', 60],
    ['XBTH20_1h.csv', 'XBTH20', undefined, 60],
    ['CANDLES_ETHUSD.csv', 'ETHUSD', 'candles', undefined],
    ['candles.csv', undefined, undefined, undefined],
    ['2020-03.csv', undefined, undefined, undefined],
  ])('when the name is %s then symbol, venue and minutes are %s, %s, %s', (path, symbol, venue, minutes) => {
    const intervalMs = minutes === undefined ? undefined : minutes * MINUTE;
    const parts = parseFileName(path);
    expect([parts.symbol, parts.venue, parts.intervalMs]).toEqual([symbol, venue, intervalMs]);
  });
});

describe('parseDataOption', () => {
  test.each([
    // option                        symbol     venue       path
    ['XBTUSD=a.csv', 'XBTUSD', undefined, 'a.csv'],
    ['XBTUSD.bitmex=a.csv', 'XBTUSD', 'bitmex', 'a.csv'],
    ['XBTUSD.BitMEX=a.csv', 'XBTUSD', 'bitmex', 'a.csv'],
    ['XBTUSD.bitmex_2020=dir/x=1/ETHUSD.csv', 'XBTUSD', 'bitmex_2020', 'dir/x=1/ETHUSD.csv'],
    ['BTC/USDT=spot.csv', 'BTC/USDT', undefined, 'spot.csv'],
    ['BTC/USDT.binance=spot.csv', 'BTC/USDT', 'binance', 'spot.csv'],
    ['BTC-PERPETUAL=x.csv', 'BTC-PERPETUAL', undefined, 'x.csv'],
    ['XBTUSD=-', 'XBTUSD', undefined, '-'],
  ])('when the option is %s then symbol, venue and path are %s, %s, %s', (text, symbol, venue, path) => {
    const option = parseDataOption(text);
    expect([option.symbol, option.venue, option.path]).toEqual([symbol, venue, path]);
    expect(option.symbolFromName).toBe(false);
  });

  test.each([
    ['data/XBTUSD.csv', 'XBTUSD'],
    ['data/run=3/XBTUSD.v2.csv', 'XBTUSD'],
    ['./a=b/XBTUSD-1m.csv', 'XBTUSD'],
    ['/tmp/x.y=z/bitmex_XBTUSD_1m.csv.gz', 'XBTUSD'],
    ['../ETHUSD_v=1.csv', 'ETHUSD'],
  ])('when the option is the path %s then the name gives %s', (text, symbol) => {
    expect(parseDataOption(text)).toEqual({ symbol, path: text, symbolFromName: true });
  });

  test.each([
    ['-', 'symbol_needed'],
    ['candles.csv', 'symbol_needed'],
    ['XBTUSD=', 'file_missing'],
    ['', 'file_missing'],
  ])('when the option is "%s" then it is the usage error %s', (text, code) => {
    expect(() => parseDataOption(text)).toThrow(expect.objectContaining({ code, exitCode: 2 }));
  });

  it('when a rate follows the symbol then it is the rest', () => {
    expect(splitSymbolPrefix('XBTUSD=-0.0001')).toEqual({ symbol: 'XBTUSD', rest: '-0.0001' });
    expect(splitSymbolPrefix('0.0001')).toEqual({ rest: '0.0001' });
  });
});
