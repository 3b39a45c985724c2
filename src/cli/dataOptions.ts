/**
 * Which data a run reads, from `--data`, `--mark`, `--funding` and the options beside them: one symbol, its files, its
 * venue. Text only; the files are opened in runData.ts.
 */

import { resolve } from 'node:path';
import { EXIT, UserError } from '../errors.js';
import type { BarTime } from '../market/dialects/layout.js';
import { parseDataOption, splitSymbolPrefix } from '../market/fileNames.js';
import { parseTimeOption } from '../market/timestamps.js';
import { compareFractions, type Fraction, parseFraction } from '../money/decimal.js';
import { badOption, type Given, type GivenOptions, requireChoice } from './givenOptions.js';

export type FundingRequest =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'constant'; readonly rate: Fraction }
  | { readonly kind: 'none' };

export interface DataRequest {
  readonly symbol: string;
  /** Of the first --data that names one; null when none does. */
  readonly venue: string | null;
  readonly isSymbolFromName: boolean;
  readonly paths: readonly string[];
  /** Empty without mark candles. */
  readonly markPaths: readonly string[];
  readonly funding: FundingRequest;
  /** Null: as the dialect says. */
  readonly barTime: BarTime | null;
  /** Half open, by bar open time. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly skipsBadRows: boolean;
  readonly isStrict: boolean;
}

/** @param cwd the folder relative paths start from. @throws UserError exit 2 */
export function parseDataRequest(given: GivenOptions, cwd: string): DataRequest {
  const data = requireData(given).map((one) => ({ given: one, ...parseDataOption(one.text, one.label) }));
  const first = data[0]!;
  for (const { given: one, symbol } of data) {
    if (symbol !== first.symbol) throw otherSymbol(one, symbol, first.symbol);
  }
  const venues = data.flatMap(({ given: one, venue }) => (venue === undefined ? [] : [{ one, venue }]));
  for (const { one, venue } of venues) {
    if (venue !== venues[0]!.venue)
      throw badOption(one, `names another venue than ${venues[0]!.one.text}`, 'one venue');
  }
  const stdinCount = data.filter(({ path }) => path === '-').length;
  if (stdinCount > 1) throw badOption(first.given, 'reads stdin twice', 'one --data SYMBOL=-');
  return {
    symbol: first.symbol,
    venue: venues[0]?.venue ?? null,
    isSymbolFromName: data.every(({ symbolFromName }) => symbolFromName),
    paths: data.map(({ path }) => pathFrom(cwd, path)),
    markPaths: parseMarkPath(given.find('mark'), first.symbol, stdinCount > 0, cwd),
    funding: parseFunding(given.find('funding'), first.symbol, cwd),
    barTime: parseBarTime(given.find('bar-time')),
    ...parsePeriod(given.find('from'), given.find('to')),
    skipsBadRows: given.isOn('skip-bad-rows'),
    isStrict: given.isOn('strict'),
  };
}

function parseBarTime(given: Given | undefined): BarTime | null {
  return given === undefined ? null : requireChoice<BarTime>(given, ['open', 'close'], 'open');
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

function otherSymbol(given: Given, symbol: string, first: string): UserError {
  return badOption(
    given,
    `is of ${symbol}, and the run of ${first}: this version runs one symbol at a time`,
    `files of ${first}`,
    `run once for each symbol; if the file is of ${first}, write --data ${first}=${given.text.replace(/^[^=]*=/, '')}`,
  );
}

/** As written where that means the same file, so that messages name what the user typed. */
function pathFrom(cwd: string, path: string): string {
  return path === '-' || resolve(cwd) === resolve('.') ? path : resolve(cwd, path);
}

function requireSymbol(given: Given, symbol: string): string {
  const prefix = splitSymbolPrefix(given.text);
  if (prefix.symbol !== undefined && prefix.symbol !== symbol) {
    throw badOption(given, `is of ${prefix.symbol}, and the run of ${symbol}`, `[${symbol}=]FILE`);
  }
  if (prefix.rest === '') throw badOption(given, 'names no file', `[${symbol}=]FILE`);
  return prefix.rest;
}

function parseMarkPath(given: Given | undefined, symbol: string, isStdinTaken: boolean, cwd: string): string[] {
  if (given === undefined) return [];
  const path = requireSymbol(given, symbol);
  if (path === '-' && isStdinTaken) throw badOption(given, 'reads stdin, and --data does so too', 'a file');
  return [pathFrom(cwd, path)];
}

const ONE: Fraction = { num: 1n, den: 1n };

function parseFunding(given: Given | undefined, symbol: string, cwd: string): FundingRequest {
  if (given === undefined) return { kind: 'none' };
  const rest = requireSymbol(given, symbol);
  if (rest === '-') throw badOption(given, 'cannot be read from stdin', 'a file or a rate');
  const rate = parseFraction(rest);
  if (rate === undefined) return { kind: 'file', path: pathFrom(cwd, rest) };
  const size = { num: rate.num < 0n ? -rate.num : rate.num, den: rate.den };
  if (compareFractions(size, ONE) >= 0) throw badOption(given, 'is not a funding rate', 'a fraction such as 0.0001');
  return { kind: 'constant', rate };
}

function parsePeriod(from: Given | undefined, to: Given | undefined): Pick<DataRequest, 'fromMs' | 'toMs'> {
  const fromMs = from === undefined ? null : parseTimeOption(from.text, from.label);
  const toMs = to === undefined ? null : parseTimeOption(to.text, to.label);
  if (fromMs !== null && toMs !== null && fromMs >= toMs) {
    throw badOption(to!, `is not after ${from!.label} ${from!.text}`, 'a later time: the end is not included');
  }
  return { fromMs, toMs };
}
