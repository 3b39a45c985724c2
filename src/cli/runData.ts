/**
 * The data of a run, opened: bars of each series with their marks and finer candles, funding, and afterwards what was seen in the files as assumptions,
 * warnings and facts for the manifest. The rows themselves are read while the engine asks for them.
 */

import type { RunWarning } from '../engine/records.js';
import type { FundingSource } from '../engine/runInput.js';
import type { BarSeries } from '../market/bars.js';
import { withFineBars } from '../market/fineBars.js';
import { type FundingFile, loadFundingRates } from '../market/fundingRates.js';
import { withMark } from '../market/markAlign.js';
import type { OpenedSeries } from '../market/openSeries.js';
import { formatFraction } from '../money/decimal.js';
import type { ManifestData } from '../report/manifest.js';
import type { OpenedCandles, OpenedSymbol } from './candleFiles.js';
import type { DataRequest, SymbolDataRequest } from './dataOptions.js';
import type { Series } from './dataSeries.js';
import { findDataWarnings, findDetailWarnings } from './dataWarnings.js';
import { countGaps, type Gaps, gapsOfSeries } from './periodGaps.js';

/** The data of one series, opened. */
export interface SymbolData extends Series {
  readonly bars: BarSeries;
  readonly hasMark: boolean;
  /** Length of the finer candles in the chunks, milliseconds; null without. */
  readonly fineIntervalMs: number | null;
  readonly funding: FundingSource;
}

export interface RunData {
  /** In the order of the request, all of one interval. */
  readonly symbols: readonly SymbolData[];
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
 * Reads the funding files and puts everything together.
 *
 * @param fundTimesOf the funding times of the contracts of a series by its name, onto which late stamps of a funding file are moved back.
 * @throws UserError exit 3 for a funding file that is missing or not what it should be; the candles stay open.
 */
export async function openRunData(
  request: DataRequest,
  candles: OpenedCandles,
  fundTimesOf: (name: string) => readonly number[],
): Promise<RunData> {
  const parts: SymbolParts[] = [];
  for (const opened of candles.symbols) {
    const { name, symbol, funding } = opened.request;
    const fundingFile =
      funding.kind === 'file'
        ? await loadFundingRates(funding.path, {
            symbol,
            skipBadRows: request.skipsBadRows,
            scheduleMs: fundTimesOf(name),
          })
        : null;
    parts.push(composeSymbol(request, opened, fundingFile));
  }
  return {
    symbols: parts.map(({ data }) => data),
    assumptions: () =>
      shareSentences(parts.map(({ data, assumptions }) => ({ name: data.name, texts: assumptions() }))),
    warnings: () => parts.flatMap(({ warnings }) => warnings()),
    async finish() {
      const files: ManifestData[] = [];
      for (const part of parts) files.push(...(await part.finish()));
      return files;
    },
    close: () => candles.close(),
  };
}

interface SymbolParts {
  readonly data: SymbolData;
  assumptions(): readonly string[];
  warnings(): readonly RunWarning[];
  finish(): Promise<readonly ManifestData[]>;
}

function composeSymbol(request: DataRequest, opened: OpenedSymbol, fundingFile: FundingFile | null): SymbolParts {
  const { bars, marks, detail } = opened;
  const { name, symbol, venue } = opened.request;
  const joined = marks === null ? bars : withMark(bars, marks);
  // Fills that stand for candles have no gaps between them.
  const hasPeriod = bars.files.length > 0 && (request.fromMs !== null || request.toMs !== null);
  const gaps: Gaps = { count: 0, missingBars: 0, first: null };
  const counted = hasPeriod ? countedBars(joined, request, gaps) : joined;
  const finer = detail === null ? null : joinDetail(detail);
  const fine = finer === null ? null : withFineBars(counted, finer, request);
  const label = request.symbols.length === 1 ? '' : `${name}: `;
  return {
    data: {
      ...{ name, symbol, venue },
      bars: fine?.series ?? counted,
      hasMark: marks !== null,
      fineIntervalMs: finer?.intervalMs ?? null,
      funding: fundingSource(opened.request, fundingFile),
    },
    assumptions: () => [
      ...joined.assumptions,
      ...(finer === null ? [] : finer.assumptions.map((text) => `detail: ${text}`)),
      ...sourceAssumptions(opened.request, marks !== null, fundingFile),
    ],
    warnings: () => [
      ...findDataWarnings(label, bars, marks, fundingFile, hasPeriod ? gaps : gapsOfSeries(bars.stats)),
      ...(detail === null ? [] : findDetailWarnings(label, name, detail.bars, fine!.counts)),
    ],
    async finish() {
      await bars.finish();
      await marks?.finish();
      await detail?.bars.finish();
      return [
        ...describeSeries('bars', name, bars),
        ...(marks === null ? [] : describeSeries('mark', name, marks)),
        ...(detail === null ? [] : describeSeries('detail', name, detail.bars)),
        ...(fundingFile === null ? [] : [describeFunding(name, fundingFile)]),
      ];
    },
  };
}

/** Finer candles with the mark on them, as the bars have it. */
function joinDetail({ bars, marks }: NonNullable<OpenedSymbol['detail']>): BarSeries {
  return marks === null ? bars : withMark(bars, marks);
}

/** What holds for all symbols is said once, the rest with the names of the symbols. */
function shareSentences(all: readonly { readonly name: string; readonly texts: readonly string[] }[]): string[] {
  const holders = new Map<string, string[]>();
  for (const { name, texts } of all) {
    for (const text of texts) holders.set(text, [...(holders.get(text) ?? []), name]);
  }
  return [...holders].map(([text, names]) => (names.length === all.length ? text : `${names.join(', ')}: ${text}`));
}

function countedBars(series: BarSeries, request: DataRequest, gaps: Gaps): BarSeries {
  const { symbol, intervalMs, dialect, assumptions, stats } = series;
  const chunks = countGaps(series.chunks, intervalMs, request, gaps);
  return { symbol, intervalMs, dialect, assumptions, stats, chunks };
}

function fundingSource(request: SymbolDataRequest, file: FundingFile | null): FundingSource {
  if (file !== null) return { kind: 'rates', rates: file.rates };
  return request.funding.kind === 'constant' ? { kind: 'constant', rate: request.funding.rate } : { kind: 'missing' };
}

function sourceAssumptions(request: SymbolDataRequest, hasMark: boolean, file: FundingFile | null): string[] {
  if (request.funding.kind === 'not_paid') return [];
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
function describeSeries(role: 'bars' | 'mark' | 'detail', name: string, series: OpenedSeries): ManifestData[] {
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
    ...(role !== 'mark' ? { missing_marks: stats.missingMarks } : {}),
  };
  return series.files.map((file, i) => ({
    role,
    symbol: name,
    file: file.path,
    sha256: file.sha256(),
    dialect: file.dialect,
    rows: file.rows,
    counts: i === 0 ? counts : {},
  }));
}

function describeFunding(name: string, file: FundingFile): ManifestData {
  return {
    role: 'funding',
    symbol: name,
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
