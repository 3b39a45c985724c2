/**
 * What in the data a trader must know of before trusting a result: gaps, skipped rows, bars without a mark. Each is a warning
 * that --strict turns into exit code 3. What was merely tidied up on reading is an assumption, not a warning.
 */

import type { RunWarning } from '../engine/records.js';
import type { BadRow } from '../market/badRows.js';
import type { FineCounts } from '../market/fineBars.js';
import type { FundingFile } from '../market/fundingRates.js';
import { formatInterval } from '../market/intervals.js';
import type { OpenedSeries } from '../market/openSeries.js';
import { formatTime } from '../market/timestamps.js';
import type { Gaps } from './periodGaps.js';

/**
 * @param label what names the symbol in front of each warning where a run has several; else empty.
 * @param gaps those of the bars that count for the run.
 */
export function findDataWarnings(
  label: string,
  bars: OpenedSeries,
  marks: OpenedSeries | null,
  funding: FundingFile | null,
  gaps: Gaps,
): RunWarning[] {
  const warnings = [
    ...badRowWarnings('', bars.badRows, bars.badRowCount),
    ...(marks === null ? [] : badRowWarnings('mark: ', marks.badRows, marks.badRowCount)),
    ...(funding === null ? [] : badRowWarnings('funding: ', funding.badRows, funding.badRowCount)),
    ...gapWarnings(gaps, bars.intervalMs),
    ...missingMarkWarnings(bars),
  ];
  return label === '' ? warnings : warnings.map((warning) => ({ ...warning, message: `${label}${warning.message}` }));
}

/**
 * What of finer candles leaves the path inside bars to an assumption, or contradicts the bars.
 *
 * @param name of the series.
 */
export function findDetailWarnings(
  label: string,
  name: string,
  detail: OpenedSeries,
  { bars, uncovered, disagreeing, firstDisagreementMs }: FineCounts,
): RunWarning[] {
  const read = [
    ...badRowWarnings('detail: ', detail.badRows, detail.badRowCount),
    ...missingMarkWarnings(detail, 'finer candle'),
  ];
  const warnings = read.map((warning) => ({ ...warning, message: `${label}${warning.message}` }));
  if (uncovered > 0) {
    const message = `${uncovered} of ${formatCount(bars, 'bar')} of ${name} are not covered by --detail; the path inside them is guessed`;
    warnings.push(dataWarning('detail_missing', message));
  }
  if (disagreeing > 0) {
    const first = formatTime(firstDisagreementMs!);
    const message = `the finer candles of ${name} disagree with ${disagreeing} of its bars, first at ${first}`;
    warnings.push(dataWarning('detail_disagrees', message));
  }
  return warnings;
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

function gapWarnings(gaps: Gaps, intervalMs: number): RunWarning[] {
  if (gaps.first === null) return [];
  const { afterLine, fromMs, toMs } = gaps.first;
  const all = `${formatCount(gaps.count, 'gap')} of ${formatCount(gaps.missingBars, 'bar')} of ${formatInterval(intervalMs)} in all`;
  const where = afterLine === null ? '' : `after line ${afterLine}, `;
  const first = `the first ${where}from ${formatTime(fromMs)} to ${formatTime(toMs)}`;
  return [dataWarning('gaps', `the candles have ${all}; ${first}`)];
}

function missingMarkWarnings({ stats }: OpenedSeries, noun = 'bar'): RunWarning[] {
  if (stats.missingMarks === 0) return [];
  return [
    dataWarning(
      'missing_marks',
      `${formatCount(stats.missingMarks, noun)} without a mark candle: the last price stands in`,
    ),
  ];
}

export function formatCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function formatBadRow(row: BadRow): string {
  return `${row.file}:${row.line}, column ${row.column}: ${row.why}, found ${JSON.stringify(row.value)}`;
}
