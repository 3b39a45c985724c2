/**
 * The candle files of a run, opened side by side: bars, marks and finer candles of each series, and what their lengths must have in
 * common. Their rows are read while the engine asks for them.
 */

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { EXIT, UserError } from '../errors.js';
import type { CandleStore } from '../market/candleStore.js';
import { openStoredSeries } from '../market/candleStoreSeries.js';
import { splitSymbolPrefix } from '../market/fileNames.js';
import { requireFiner } from '../market/fineBars.js';
import { formatInterval } from '../market/intervals.js';
import type { OpenedSeries } from '../market/openSeries.js';
import type { DataRequest, SymbolDataRequest } from './dataOptions.js';
import type { GivenOptions } from './givenOptions.js';

/** The candle files of a symbol, opened; their rows have not been read. */
export interface OpenedSymbol {
  readonly request: SymbolDataRequest;
  readonly bars: OpenedSeries;
  readonly marks: OpenedSeries | null;
  /** Finer candles with marks of their own; null without. */
  readonly detail: { readonly bars: OpenedSeries; readonly marks: OpenedSeries | null } | null;
}

/** All candle files of a run, opened. */
export interface OpenedCandles {
  readonly symbols: readonly OpenedSymbol[];
  /** Open of the run's first bar as far as files and period tell; null: unknown. */
  readonly firstOpenMs: number | null;
  close(): Promise<void>;
}

/**
 * @param store of parsed candles; null reads every file.
 * @throws UserError exit 3 for files that are missing or not what they should be, and for different intervals.
 */
export async function openCandles(request: DataRequest, store: CandleStore | null = null): Promise<OpenedCandles> {
  const all: OpenedSeries[] = [];
  const close = async (): Promise<void> => {
    for (const series of all) await series.close();
  };
  const open = async (own: SymbolDataRequest, paths: readonly string[]): Promise<OpenedSeries> => {
    const series = await openSeries(request, own, paths, store);
    all.push(series);
    return series;
  };
  try {
    const symbols: OpenedSymbol[] = [];
    for (const own of request.symbols) {
      const bars = await open(own, own.paths);
      const openMarks = async () => (own.markPaths.length === 0 ? null : await open(own, own.markPaths));
      const marks = await openMarks();
      const finer = own.detailPaths.length === 0 ? null : await open(own, own.detailPaths);
      // The same files once more: a series is read once, and the finer candles are aligned by themselves.
      symbols.push({ request: own, bars, marks, detail: finer && { bars: finer, marks: await openMarks() } });
    }
    requireOneInterval(symbols);
    requireOneDetail(symbols);
    const opens = symbols.flatMap(({ bars }) => (bars.firstOpenMs === null ? [] : [bars.firstOpenMs]));
    const firstOpenMs = request.fromMs ?? (opens.length === 0 ? null : Math.min(...opens));
    return { symbols, firstOpenMs, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function requireOneInterval(symbols: readonly OpenedSymbol[]): void {
  const all = symbols.map(({ request, bars }) => ({ name: request.name, paths: request.paths, bars }));
  requireEqualLengths(all, 'candles');
}

/** Finer candles that make up the bars, of one length for all. */
function requireOneDetail(symbols: readonly OpenedSymbol[]): void {
  const all = symbols.flatMap(({ request: { name, detailPaths: paths }, bars, detail }) => {
    if (detail === null) return [];
    requireFiner(bars, detail.bars, paths.join(', '));
    return [{ name, paths, bars: detail.bars }];
  });
  requireEqualLengths(all, 'finer candles');
}

interface FilesOfSeries {
  readonly name: string;
  readonly paths: readonly string[];
  readonly bars: OpenedSeries;
}

function requireEqualLengths(all: readonly FilesOfSeries[], what: string): void {
  const [first] = all;
  const other = all.find(({ bars }) => bars.intervalMs !== first!.bars.intervalMs);
  if (first === undefined || other === undefined) return;
  throw new UserError({
    code: 'interval_mismatch',
    exitCode: EXIT.data,
    message: `the ${what} of ${first.name} and ${other.name} are of different lengths`,
    place: { file: other.paths.join(', ') },
    found: formatInterval(other.bars.intervalMs),
    expected: `${formatInterval(first.bars.intervalMs)}, as ${first.paths.join(', ')} has`,
    hint: `all symbols of a run have ${what} of one length`,
  });
}

function openSeries(
  request: DataRequest,
  own: SymbolDataRequest,
  paths: readonly string[],
  store: CandleStore | null,
): Promise<OpenedSeries> {
  const options = {
    symbol: own.symbol,
    paths,
    skipBadRows: request.skipsBadRows,
    strict: request.isStrict,
    fromName: own.isSymbolFromName,
    ...request.reading,
  };
  return openStoredSeries(options, store);
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
