/**
 * BitMEX bucketed trades: `timestamp,symbol,open,high,low,close,trades,volume,vwap,…`, as the exchange's interface and its
 * users' archives write them. The timestamp is the bar's close, and `open` repeats the previous close. Files made from
 * the exchange's chart interface have neither symbol nor trades, are stamped by the open, and are plain.
 */

import { type BarLayout, type Dialect, findColumn, normalizeHeader } from './layout.js';

function recognize(header: readonly string[]): BarLayout | undefined {
  const names = normalizeHeader(header);
  const column = (name: string) => findColumn(names, [name]);
  const layout: BarLayout = {
    header,
    time: column('timestamp'),
    open: column('open'),
    high: column('high'),
    low: column('low'),
    close: column('close'),
    volume: column('volume'),
    symbol: column('symbol'),
  };
  const marks = [column('trades'), column('vwap'), layout.volume, layout.symbol, layout.time];
  const prices = [layout.open, layout.high, layout.low, layout.close];
  return [...marks, ...prices].every((at) => at >= 0) ? layout : undefined;
}

export const bitmex: Dialect = {
  name: 'bitmex',
  barTime: 'close',
  wanted: 'timestamp,symbol,open,high,low,close,trades,volume,vwap',
  recognize,
};
