/**
 * BitMEX bucketed trades: `timestamp,symbol,open,high,low,close,trades,volume,vwap,…`, as the exchange's interface and its
 * users' archives write them. The timestamp is the bar's close, and `open` repeats the previous close. Files made from
 * the exchange's chart interface have neither symbol nor trades, are stamped by the open, and are plain.
 */

import { layoutOfNames, normalizeHeader } from './columnNames.js';
import type { BarLayout, Dialect } from './layout.js';

const MARKS = ['timestamp', 'symbol', 'trades', 'volume', 'vwap'];

function recognize(header: readonly string[]): BarLayout | undefined {
  const names = normalizeHeader(header);
  return MARKS.every((mark) => names.includes(mark)) ? layoutOfNames(header) : undefined;
}

export const bitmex: Dialect = { name: 'bitmex', barTime: 'close', recognize };
