/**
 * The data of a run, opened: bars with their marks, funding, and afterwards what was seen in the files as assumptions,
 * warnings and facts for the manifest. The rows themselves are read while the engine asks for them.
 */

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RunWarning } from '../engine/records.js';
import type { FundingSource } from '../engine/runInput.js';
import { EXIT, UserError } from '../errors.js';
import type { BarSeries } from '../market/bars.js';
import { splitSymbolPrefix } from '../market/fileNames.js';
import { type FundingFile, loadFundingRates } from '../market/fundingRates.js';
import { withMark } from '../market/markAlign.js';
import { type OpenedSeries, openBarSeries } from '../market/openSeries.js';
import { formatFraction } from '../money/decimal.js';
import type { ManifestData } from '../report/manifest.js';
import type { DataRequest } from './dataOptions.js';
import { findDataWarnings } from './dataWarnings.js';
import type { GivenOptions } from './givenOptions.js';
import { countGaps, type Gaps, gapsOfSeries } from './periodGaps.js';

export interface RunData {
  readonly bars: BarSeries;
  readonly hasMark: boolean;
  readonly funding: FundingSource;
  /** One sentence each; complete once the bars have been read. */
  assumptions(): readonly string[];
  /** Complete once the bars have been read. */
  warnings(): readonly RunWarning[];
  /** Reads what the run left unread, for the hashes, and lets go of the files. */
  finish(): Promise<readonly ManifestData[]>;
  /** Lets go of the files; nothing is read any more. */
  close(): Promise<void>;
}

/**
 * @param fundTimesMs the contract's own funding times, onto which late stamps of a funding file are moved back.
 * @throws UserError exit 3 for files that are missing or not what they should be.
 */
export async function openRunData(request: DataRequest, fundTimesMs: readonly number[]): Promise<RunData> {
  const bars = await openSeries(request, request.paths);
  try {
    const marks = request.markPaths.length === 0 ? null : await openSeries(request, request.markPaths);
    try {
      const fundingFile =
        request.funding.kind === 'file'
          ? await loadFundingRates(request.funding.path, {
              symbol: request.symbol,
              skipBadRows: request.skipsBadRows,
              scheduleMs: fundTimesMs,
            })
          : null;
      return createRunData(request, bars, marks, fundingFile);
    } catch (error) {
      await marks?.close();
      throw error;
    }
  } catch (error) {
    await bars.close();
    throw error;
  }
}

function openSeries(request: DataRequest, paths: readonly string[]): Promise<OpenedSeries> {
  return openBarSeries({
    symbol: request.symbol,
    paths,
    skipBadRows: request.skipsBadRows,
    strict: request.isStrict,
    fromName: request.isSymbolFromName,
    ...(request.barTime === null ? {} : { barTime: request.barTime }),
  });
}

function createRunData(
  request: DataRequest,
  bars: OpenedSeries,
  marks: OpenedSeries | null,
  fundingFile: FundingFile | null,
): RunData {
  const joined = marks === null ? bars : withMark(bars, marks);
  const hasPeriod = request.fromMs !== null || request.toMs !== null;
  const gaps: Gaps = { count: 0, missingBars: 0, first: null };
  return {
    bars: hasPeriod ? countedBars(joined, request, gaps) : joined,
    hasMark: marks !== null,
    funding: fundingSource(request, fundingFile),
    assumptions: () => [...joined.assumptions, ...sourceAssumptions(request, marks !== null, fundingFile)],
    warnings: () => findDataWarnings(bars, marks, fundingFile, hasPeriod ? gaps : gapsOfSeries(bars.stats)),
    async finish() {
      await bars.finish();
      await marks?.finish();
      return [
        ...describeSeries('bars', bars),
        ...(marks === null ? [] : describeSeries('mark', marks)),
        ...(fundingFile === null ? [] : [describeFunding(request.symbol, fundingFile)]),
      ];
    },
    async close() {
      await bars.close();
      await marks?.close();
    },
  };
}

function countedBars(series: BarSeries, request: DataRequest, gaps: Gaps): BarSeries {
  const { symbol, intervalMs, dialect, assumptions, stats } = series;
  const chunks = countGaps(series.chunks, intervalMs, request, gaps);
  return { symbol, intervalMs, dialect, assumptions, stats, chunks };
}

function fundingSource(request: DataRequest, file: FundingFile | null): FundingSource {
  if (file !== null) return { kind: 'rates', rates: file.rates };
  return request.funding.kind === 'constant' ? { kind: 'constant', rate: request.funding.rate } : { kind: 'missing' };
}

function sourceAssumptions(request: DataRequest, hasMark: boolean, file: FundingFile | null): string[] {
  const texts: string[] = [];
  if (!hasMark) texts.push('no mark candles: the last price stands in for the mark');
  if (file !== null) texts.push(...file.assumptions.map((text) => `funding: ${text}`));
  if (request.funding.kind === 'none') {
    texts.push('no funding was given: funding times with a position are counted as missing, and nothing is paid');
  } else if (request.funding.kind === 'constant') {
    const rate = formatFraction(request.funding.rate, 18).replace(/\.?0+$/, '');
    texts.push(`funding is ${rate} at every funding time of the contract`);
  }
  return texts;
}

/** The counts of a series are those of all its files together, and stand with the first. */
function describeSeries(role: 'bars' | 'mark', series: OpenedSeries): ManifestData[] {
  const { stats } = series;
  const counts = {
    bars: stats.bars,
    dropped_duplicates: stats.droppedDuplicates,
    repaired_opens: stats.repairedOpens,
    rounded_prices: stats.roundedPrices,
    zero_volume_bars: stats.zeroVolumeBars,
    gaps: stats.gaps,
    missing_bars: stats.missingBars,
    bad_rows: series.badRowCount,
    ...(role === 'bars' ? { missing_marks: stats.missingMarks } : {}),
  };
  return series.files.map((file, i) => ({
    role,
    symbol: series.symbol,
    file: file.path,
    sha256: file.sha256(),
    dialect: file.dialect,
    rows: file.rows,
    counts: i === 0 ? counts : {},
  }));
}

function describeFunding(symbol: string, file: FundingFile): ManifestData {
  return {
    role: 'funding',
    symbol,
    file: file.path,
    sha256: file.sha256,
    dialect: null,
    rows: file.rows,
    counts: {
      dropped_duplicates: file.droppedDuplicates,
      moved_stamps: file.movedStamps,
      bad_rows: file.badRowCount,
    },
  };
}

/**
 * Says that a candle file is not there before anything is said of its symbol: a name that is wrong gives a wrong symbol too.
 *
 * @throws UserError exit 3, `file_not_found`
 */
export function requireDataFiles(given: GivenOptions, cwd: string): void {
  for (const { text } of given.list('data')) {
    const { rest } = splitSymbolPrefix(text);
    if (rest === '' || rest === '-' || existsSync(resolve(cwd, rest))) continue;
    throw new UserError({
      code: 'file_not_found',
      exitCode: EXIT.data,
      message: 'there is no such file',
      place: { file: rest },
      hint: 'give the path of a candle file with --data',
    });
  }
}
