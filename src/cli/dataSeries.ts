/**
 * The series of candles of a run: which files of `--data` belong together, what a series is called, and which one an option such as
 * `--mark` or `--funding` is of. A series is one symbol, or one symbol of one venue where several venues are named for it. Text only.
 */

import { parseFileName, splitSymbolPrefix } from '../market/fileNames.js';
import { findPreset } from '../venue/presets.js';
import { badOption, type Given, nearest } from './givenOptions.js';

/** The candles of one symbol, as a run calls them. */
export interface Series {
  /** The symbol; `SYMBOL.venue` where several venues are named for it. */
  readonly name: string;
  readonly symbol: string;
  /** As named, in lower case; null where no file names one: every exchange that lists the symbol trades it. */
  readonly venue: string | null;
}

/** A file of `--data` with what it is of. */
export interface DataFile {
  readonly given: Given;
  readonly symbol: string;
  readonly venue?: string;
  readonly path: string;
  readonly symbolFromName: boolean;
}

/** The listing of a venue: several venues may trade one table of contracts. */
export function listingOf(venue: string): string {
  return findPreset(venue)?.listing ?? venue;
}

/**
 * The series in the order of their first files.
 *
 * @param further symbols without files.
 * @throws UserError exit 2
 */
export function groupSeries(
  data: readonly DataFile[],
  further: readonly string[],
): readonly (Series & { readonly files: readonly DataFile[] })[] {
  const venues = new Map<string, DataFile[]>();
  for (const file of data) {
    const named = venues.get(file.symbol) ?? [];
    venues.set(file.symbol, named);
    if (file.venue === undefined || named.some(({ venue }) => venue === file.venue)) continue;
    const same = named.find(({ venue }) => listingOf(venue!) === listingOf(file.venue!));
    if (same !== undefined) throw sameContract(file, same);
    named.push(file);
  }
  const series = new Map<string, Series & { readonly files: DataFile[] }>();
  for (const file of data) {
    const { symbol } = file;
    const named = venues.get(symbol)!;
    if (named.length > 1 && file.venue === undefined) throw venueNeeded(file, named);
    const name = named.length > 1 ? `${symbol}.${file.venue}` : symbol;
    const venue = named.length > 1 ? file.venue! : (named[0]?.venue ?? null);
    const known = series.get(name);
    if (known === undefined) series.set(name, { name, symbol, venue, files: [file] });
    else known.files.push(file);
  }
  const rest = further.filter((symbol) => !venues.has(symbol));
  return [...series.values(), ...rest.map((symbol) => ({ name: symbol, symbol, venue: null, files: [] }))];
}

function sameContract({ given, symbol, venue }: DataFile, first: DataFile): Error {
  return badOption(
    given,
    `is the same contract as ${first.given.text}: ${venue} and ${first.venue} share it`,
    'one of the two venues',
    `name the files of ${symbol} alike, ${symbol}.${first.venue}=FILE: accounts of both exchanges trade them`,
  );
}

function venueNeeded({ given, symbol, path }: DataFile, named: readonly DataFile[]): Error {
  const venues = named.map(({ venue }) => venue!);
  return badOption(
    given,
    `does not tell of which venue its ${symbol} is, and there are candles of ${venues.join(', ')}`,
    `${symbol}.VENUE=FILE`,
    `write ${given.label} ${symbol}.${venues[0]}=${path}`,
  );
}

/**
 * The series that a file or a rate is of: the one before the `=`, else the one that the file name says, else the only one there is.
 *
 * @throws UserError exit 2 where that is none, or several
 */
export function requireSeries<S extends Series>(given: Given, series: readonly S[]): { series: S; rest: string } {
  const { symbol, venue, rest } = splitSymbolPrefix(given.text);
  const form = formOf(series);
  if (rest === '') throw badOption(given, 'names no file', form);
  if (symbol !== undefined) return { series: requireNamed(given, symbol, venue, series), rest };
  const [only] = series;
  if (series.length === 1 && only !== undefined) return { series: only, rest };
  const said = rest === '-' ? {} : parseFileName(rest);
  const ofSymbol = series.filter((one) => one.symbol === said.symbol);
  const found = ofSymbol.length === 1 ? ofSymbol : ofSymbol.filter((one) => one.venue === said.venue);
  if (found.length === 1) return { series: found[0]!, rest };
  throw unclear(given, series, form, rest);
}

function requireNamed<S extends Series>(
  given: Given,
  symbol: string,
  venue: string | undefined,
  series: readonly S[],
): S {
  const ofSymbol = series.filter((one) => one.symbol === symbol);
  // A venue beside candles that name none says nothing that contradicts them.
  const isOf = (one: S): boolean =>
    venue === undefined || one.venue === null || listingOf(one.venue) === listingOf(venue);
  const [found, ...others] = ofSymbol.filter(isOf);
  if (found !== undefined && others.length === 0) return found;
  if (found !== undefined) throw unclear(given, ofSymbol, formOf(ofSymbol), splitSymbolPrefix(given.text).rest);
  const names = [...new Set(series.flatMap((one) => [one.symbol, one.name]))];
  const shown = series.map((one) => (one.venue === null ? one.name : `${one.symbol}.${one.venue}`));
  const asked = venue === undefined ? symbol : `${symbol}.${venue}`;
  throw badOption(given, `is of ${asked}, and the run of ${shown.join(', ')}`, formOf(series), nearest(asked, names));
}

function unclear(given: Given, series: readonly Series[], form: string, rest: string): Error {
  return badOption(
    given,
    `does not tell which of ${series.map(({ name }) => name).join(', ')} it is of`,
    form,
    `write ${given.label} ${series[0]!.name}=${rest}`,
  );
}

function formOf(series: readonly Series[]): string {
  if (series.length === 1) return `[${series[0]!.name}=]FILE`;
  return series.some(({ name, symbol }) => name !== symbol) ? 'SYMBOL.VENUE=FILE' : 'SYMBOL=FILE';
}
