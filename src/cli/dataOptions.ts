/**
 * Which data a run reads, from `--data`, `--mark`, `--detail`, `--funding` and the options beside them: the series and their files.
 * Text only; what is a series is dataSeries.ts, and the files are opened in runData.ts.
 */

import { resolve } from 'node:path';
import { EXIT, UserError } from '../errors.js';
import { parseDataOption, splitSymbolPrefix } from '../market/fileNames.js';
import { parseTimeOption } from '../market/timestamps.js';
import { compareFractions, type Fraction, parseFraction } from '../money/decimal.js';
import { groupSeries, requireSeries, type Series } from './dataSeries.js';
import { atPlaceOf, badOption, type Given, type GivenOptions } from './givenOptions.js';
import { parseReadingOptions, type ReadingOptions } from './readingOptions.js';

export type FundingRequest =
  | { readonly kind: 'file'; readonly path: string }
  /** `isShared`: given for all symbols at once. */
  | { readonly kind: 'constant'; readonly rate: Fraction; readonly isShared: boolean }
  | { readonly kind: 'none' }
  /** A spot pair has none to pay. */
  | { readonly kind: 'not_paid' };

/** The data of one series of a run. */
export interface SymbolDataRequest extends Series {
  readonly isSymbolFromName: boolean;
  readonly paths: readonly string[];
  /** Empty without mark candles. */
  readonly markPaths: readonly string[];
  /** Finer candles of the same; empty without. */
  readonly detailPaths: readonly string[];
  readonly funding: FundingRequest;
}

export interface DataRequest {
  /** In the order of --data; the first is the strategy's own. Not empty, and no two of one name. */
  readonly symbols: readonly SymbolDataRequest[];
  /** Of the first --data that names one; null when none does. */
  readonly venue: string | null;
  /** Of all candle files. */
  readonly reading: ReadingOptions;
  /** Half open, by bar open time. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly skipsBadRows: boolean;
  readonly isStrict: boolean;
}

/**
 * @param cwd the folder relative paths start from.
 * @param withoutData the symbols of a run that needs no candles, where there are none; else --data is required.
 * @throws UserError exit 2
 */
export function parseDataRequest(given: GivenOptions, cwd: string, withoutData: readonly string[] = []): DataRequest {
  const files = withoutData.length > 0 ? given.list('data') : requireData(given);
  const data = files.map((one) => ({
    given: one,
    ...atPlaceOf(one, () => parseDataOption(one.text, one.label)),
  }));
  const series = groupSeries(data, withoutData);
  const marks = given.list('mark').map((one) => parseFile(one, series));
  const details = parseDetails(given.list('detail'), series);
  const fundings = parseFundings(given.list('funding'), series, cwd);
  requireOneStdin([...data, ...marks]);
  // Marks are read a second time for the finer candles.
  if (details.length > 0) for (const mark of marks) refuseStdin(mark, 'cannot be read from stdin beside --detail');
  const pathsOf = (files: readonly FileOfSeries[], name: string): string[] =>
    files.filter((file) => file.series.name === name).map(({ path }) => pathFrom(cwd, path));
  return {
    symbols: series.map(({ name, symbol, venue, files }) => ({
      ...{ name, symbol, venue },
      isSymbolFromName: files.every(({ symbolFromName }) => symbolFromName),
      paths: files.map(({ path }) => pathFrom(cwd, path)),
      markPaths: pathsOf(marks, name),
      detailPaths: pathsOf(details, name),
      funding: fundings.get(name)!,
    })),
    venue: data.find(({ venue }) => venue !== undefined)?.venue ?? null,
    reading: parseReadingOptions(given),
    ...parsePeriod(given.find('from'), given.find('to')),
    skipsBadRows: given.isOn('skip-bad-rows'),
    isStrict: given.isOn('strict'),
  };
}

function requireOneStdin(files: readonly { readonly given: Given; readonly path: string }[]): void {
  const [first, second] = files.filter(({ path }) => path === '-');
  if (first === undefined || second === undefined) return;
  const message =
    second.given.label === first.given.label
      ? 'reads stdin twice'
      : `reads stdin, and ${first.given.label} does so too`;
  throw badOption(second.given, message, 'a file: stdin can be read once');
}

function requireData(given: GivenOptions): readonly Given[] {
  const data = given.list('data');
  if (data.length > 0) return data;
  throw new UserError({
    code: 'option_required',
    exitCode: EXIT.usage,
    message: '--data is required',
    expected: 'candles: --data [SYMBOL[.VENUE]=]FILE',
    hint: 'see backtest run --help',
  });
}

/** As written where that means the same file, so that messages name what the user typed. */
export function pathFrom(cwd: string, path: string): string {
  return path === '-' || resolve(cwd) === resolve('.') ? path : resolve(cwd, path);
}

interface FileOfSeries {
  readonly given: Given;
  readonly series: Series;
  readonly path: string;
}

function parseFile(given: Given, all: readonly Series[]): FileOfSeries {
  const { series, rest } = requireSeries(given, all);
  return { given, series, path: rest };
}

function refuseStdin({ given, path }: Pick<FileOfSeries, 'given' | 'path'>, message: string): void {
  if (path === '-') throw badOption(given, message, 'a file');
}

/** Finer candles of every series, or of none: one that lacked them would be settled otherwise than the others. */
function parseDetails(list: readonly Given[], series: readonly Series[]): readonly FileOfSeries[] {
  const details = list.map((one) => parseFile(one, series));
  for (const detail of details) refuseStdin(detail, 'cannot be read from stdin');
  const without = series.filter((one) => details.every((detail) => detail.series.name !== one.name));
  if (details.length === 0 || without.length === 0) return details;
  const names = without.map(({ name }) => name);
  throw badOption(
    list[0]!,
    `gives finer candles of ${details[0]!.series.name}, and there are none of ${names.join(', ')}`,
    'finer candles of every symbol, or of none',
    `add ${names.map((name) => `--detail ${name}=FILE`).join(' ')}`,
  );
}

const ONE: Fraction = { num: 1n, den: 1n };

/** By name. A bare rate is that of all series which have none of their own. */
function parseFundings(
  list: readonly Given[],
  all: readonly Series[],
  cwd: string,
): ReadonlyMap<string, FundingRequest> {
  const own = new Map<string, FundingRequest>();
  let shared: FundingRequest | null = null;
  for (const given of list) {
    const bare = splitSymbolPrefix(given.text).symbol === undefined ? parseRate(given, given.text) : null;
    if (bare !== null) {
      if (shared !== null) throw badOption(given, 'gives a rate for all symbols twice', 'one rate, or SYMBOL=RATE');
      shared = { kind: 'constant', rate: bare, isShared: true };
      continue;
    }
    const { series, rest } = requireSeries(given, all);
    const { name } = series;
    if (own.has(name)) throw badOption(given, `gives funding of ${name} twice`, 'one file or rate a symbol');
    if (rest === '-') throw badOption(given, 'cannot be read from stdin', 'a file or a rate');
    const rate = parseRate(given, rest);
    own.set(
      name,
      rate === null ? { kind: 'file', path: pathFrom(cwd, rest) } : { kind: 'constant', rate, isShared: false },
    );
  }
  const rest = shared;
  return new Map(all.map(({ name }) => [name, own.get(name) ?? rest ?? { kind: 'none' }]));
}

/** A funding rate; null for what is no number. @throws UserError exit 2 for a number that is no rate */
function parseRate(given: Given, text: string): Fraction | null {
  const rate = parseFraction(text);
  if (rate === undefined) return null;
  const size = { num: rate.num < 0n ? -rate.num : rate.num, den: rate.den };
  if (compareFractions(size, ONE) >= 0) throw badOption(given, 'is not a funding rate', 'a fraction such as 0.0001');
  return rate;
}

function parsePeriod(from: Given | undefined, to: Given | undefined): Pick<DataRequest, 'fromMs' | 'toMs'> {
  const parse = (one: Given): number => atPlaceOf(one, () => parseTimeOption(one.text, one.label));
  const fromMs = from === undefined ? null : parse(from);
  const toMs = to === undefined ? null : parse(to);
  if (fromMs !== null && toMs !== null && fromMs >= toMs) {
    throw badOption(to!, `is not after ${from!.label} ${from!.text}`, 'a later time: the end is not included');
  }
  return { fromMs, toMs };
}
