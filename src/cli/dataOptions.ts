/**
 * Which data a run reads, from `--data`, `--mark`, `--funding` and the options beside them: the symbols, their files, the
 * venue. Text only; the files are opened in runData.ts.
 */

import { resolve } from 'node:path';
import { EXIT, UserError } from '../errors.js';
import type { BarTime } from '../market/dialects/layout.js';
import { parseDataOption, parseFileName, splitSymbolPrefix } from '../market/fileNames.js';
import { parseTimeOption } from '../market/timestamps.js';
import { compareFractions, type Fraction, parseFraction } from '../money/decimal.js';
import { atPlaceOf, badOption, type Given, type GivenOptions, nearest, requireChoice } from './givenOptions.js';

export type FundingRequest =
  | { readonly kind: 'file'; readonly path: string }
  /** `isShared`: given for all symbols at once. */
  | { readonly kind: 'constant'; readonly rate: Fraction; readonly isShared: boolean }
  | { readonly kind: 'none' }
  /** A spot pair has none to pay. */
  | { readonly kind: 'not_paid' };

/** The data of one symbol of a run. */
export interface SymbolDataRequest {
  readonly symbol: string;
  readonly isSymbolFromName: boolean;
  readonly paths: readonly string[];
  /** Empty without mark candles. */
  readonly markPaths: readonly string[];
  readonly funding: FundingRequest;
}

export interface DataRequest {
  /** In the order of --data; the first is the strategy's own. Not empty. */
  readonly symbols: readonly SymbolDataRequest[];
  /** Of the first --data that names one; null when none does. */
  readonly venue: string | null;
  /** Null: as the dialect says. */
  readonly barTime: BarTime | null;
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
  const symbols = [...new Set([...data.map(({ symbol }) => symbol), ...withoutData])];
  const marks = given.list('mark').map((one) => parseMark(one, symbols));
  const fundings = parseFundings(given.list('funding'), symbols, cwd);
  requireOneStdin([...data.map(({ given: one, path }) => ({ given: one, path })), ...marks]);
  return {
    symbols: symbols.map((symbol) => {
      const files = data.filter((one) => one.symbol === symbol);
      return {
        symbol,
        isSymbolFromName: files.every(({ symbolFromName }) => symbolFromName),
        paths: files.map(({ path }) => pathFrom(cwd, path)),
        markPaths: marks.filter((mark) => mark.symbol === symbol).map(({ path }) => pathFrom(cwd, path)),
        funding: fundings.get(symbol) ?? { kind: 'none' },
      };
    }),
    venue: requireOneVenue(data),
    barTime: parseBarTime(given.find('bar-time')),
    ...parsePeriod(given.find('from'), given.find('to')),
    skipsBadRows: given.isOn('skip-bad-rows'),
    isStrict: given.isOn('strict'),
  };
}

function requireOneVenue(data: readonly { readonly given: Given; readonly venue?: string }[]): string | null {
  const named = data.filter(({ venue }) => venue !== undefined);
  for (const { given, venue } of named) {
    if (venue !== named[0]!.venue) {
      throw badOption(
        given,
        `names another venue than ${named[0]!.given.text}`,
        'one venue',
        'run once for each venue',
      );
    }
  }
  return named[0]?.venue ?? null;
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

/** As written where that means the same file, so that messages name what the user typed. */
export function pathFrom(cwd: string, path: string): string {
  return path === '-' || resolve(cwd) === resolve('.') ? path : resolve(cwd, path);
}

/**
 * Which symbol a mark or funding file is of: the one before the `=`, else the one its name says if it is of the run, else
 * the only one there is.
 */
function splitSymbol(given: Given, symbols: readonly string[]): { symbol: string; rest: string } {
  const { symbol: named, rest } = splitSymbolPrefix(given.text);
  const form = symbols.length === 1 ? `[${symbols[0]}=]FILE` : 'SYMBOL=FILE';
  if (rest === '') throw badOption(given, 'names no file', form);
  if (named !== undefined) {
    if (symbols.includes(named)) return { symbol: named, rest };
    throw badOption(given, `is of ${named}, and the run of ${symbols.join(', ')}`, form, nearest(named, symbols));
  }
  const [only] = symbols;
  if (symbols.length === 1 && only !== undefined) return { symbol: only, rest };
  const found = rest === '-' ? undefined : parseFileName(rest).symbol;
  if (found !== undefined && symbols.includes(found)) return { symbol: found, rest };
  throw badOption(
    given,
    `does not tell which of ${symbols.join(', ')} it is of`,
    form,
    `write ${given.label} ${symbols[0]}=${rest}`,
  );
}

function parseMark(given: Given, symbols: readonly string[]): { given: Given; symbol: string; path: string } {
  const { symbol, rest } = splitSymbol(given, symbols);
  return { given, symbol, path: rest };
}

const ONE: Fraction = { num: 1n, den: 1n };

/** By symbol. A bare rate is that of all symbols which have none of their own. */
function parseFundings(
  list: readonly Given[],
  symbols: readonly string[],
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
    const { symbol, rest } = splitSymbol(given, symbols);
    if (own.has(symbol)) throw badOption(given, `gives funding of ${symbol} twice`, 'one file or rate a symbol');
    if (rest === '-') throw badOption(given, 'cannot be read from stdin', 'a file or a rate');
    const rate = parseRate(given, rest);
    own.set(
      symbol,
      rate === null ? { kind: 'file', path: pathFrom(cwd, rest) } : { kind: 'constant', rate, isShared: false },
    );
  }
  const rest = shared;
  return new Map(symbols.map((symbol) => [symbol, own.get(symbol) ?? rest ?? { kind: 'none' }]));
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
