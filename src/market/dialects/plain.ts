/**
 * Plain candles: `timestamp,open,high,low,close,volume` in any order, other columns allowed and ignored, stamped by the
 * bar's open. The time may be called time, datetime or date. A file without any volume is read; one whose volume has
 * another name is not, since its volume would be lost in silence.
 */

import { type BarLayout, type Dialect, findColumn, normalizeHeader } from './layout.js';

/** By preference, for files that carry several. */
const TIME_NAMES = ['timestamp', 'time', 'datetime', 'date'];

function recognize(header: readonly string[]): BarLayout | undefined {
  const names = normalizeHeader(header);
  const layout: BarLayout = {
    header,
    time: findColumn(names, TIME_NAMES),
    open: findColumn(names, ['open']),
    high: findColumn(names, ['high']),
    low: findColumn(names, ['low']),
    close: findColumn(names, ['close']),
    volume: findColumn(names, ['volume']),
    symbol: findColumn(names, ['symbol']),
  };
  const required = [layout.time, layout.open, layout.high, layout.low, layout.close];
  if (required.some((at) => at < 0)) return undefined;
  if (layout.volume < 0 && names.some((name) => name.includes('vol'))) return undefined;
  return layout;
}

export const plain: Dialect = {
  name: 'plain',
  barTime: 'open',
  wanted: 'timestamp,open,high,low,close,volume',
  recognize,
};
