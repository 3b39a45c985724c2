/**
 * What in the data a trader must know of before trusting a result: gaps, skipped rows, bars without a mark. Each is a warning
 * that --strict turns into exit code 3. What was merely tidied up on reading is an assumption, not a warning.
 */

import type { RunWarning } from '../engine/records.js';
import type { BadRow } from '../market/badRows.js';
import { formatInterval } from '../market/fileNames.js';
import type { FundingFile } from '../market/fundingRates.js';
import type { OpenedSeries } from '../market/openSeries.js';
import { formatTime } from '../market/timestamps.js';

export function findDataWarnings(
  bars: OpenedSeries,
  marks: OpenedSeries | null,
  funding: FundingFile | null,
): RunWarning[] {
  return [
    ...badRowWarnings('', bars.badRows, bars.badRowCount),
    ...(marks === null ? [] : badRowWarnings('mark: ', marks.badRows, marks.badRowCount)),
    ...(funding === null ? [] : badRowWarnings('funding: ', funding.badRows, funding.badRowCount)),
    ...gapWarnings(bars),
    ...missingMarkWarnings(bars),
  ];
}

function dataWarning(code: string, message: string): RunWarning {
  return { code, message, strict: 'data' };
}

function badRowWarnings(prefix: string, rows: readonly BadRow[], count: number): RunWarning[] {
  if (count === 0) return [];
  const listed = rows.map((row) => dataWarning('bad_row', `${prefix}${formatBadRow(row)}`));
  const rest = count > rows.length ? `, the first ${rows.length} of them listed` : '';
  return [...listed, dataWarning('bad_rows', `${prefix}${formatCount(count, 'bad row')} skipped${rest}`)];
}

function gapWarnings({ stats, intervalMs }: OpenedSeries): RunWarning[] {
  if (stats.gaps === 0 || stats.firstGap === null) return [];
  const { afterLine, fromMs, toMs } = stats.firstGap;
  const gaps = `${formatCount(stats.gaps, 'gap')} of ${formatCount(stats.missingBars, 'bar')} of ${formatInterval(intervalMs)} in all`;
  const first = `the first after line ${afterLine}, from ${formatTime(fromMs)} to ${formatTime(toMs)}`;
  return [dataWarning('gaps', `the candles have ${gaps}; ${first}`)];
}

function missingMarkWarnings({ stats }: OpenedSeries): RunWarning[] {
  if (stats.missingMarks === 0) return [];
  return [
    dataWarning(
      'missing_marks',
      `${formatCount(stats.missingMarks, 'bar')} without a mark candle: the last price stands in`,
    ),
  ];
}

export function formatCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function formatBadRow(row: BadRow): string {
  return `${row.file}:${row.line}, column ${row.column}: ${row.why}, found ${JSON.stringify(row.value)}`;
}
