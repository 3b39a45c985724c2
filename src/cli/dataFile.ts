/**
 * One file of candles for the commands that look at files: `[SYMBOL=]FILE` and the options of reading, opened as a run would open it.
 */

import { parseFileName, splitSymbolPrefix } from '../market/fileNames.js';
import { type OpenedSeries, openBarSeries } from '../market/openSeries.js';
import { pathFrom } from './dataOptions.js';
import { badOption, type GivenOptions } from './givenOptions.js';
import { parseReadingOptions } from './readingOptions.js';

export interface DataFileRequest {
  /** Of the rows, where they name one; what stands before the dot of the file's name where nothing tells. */
  readonly symbol: string;
  readonly isSymbolFromName: boolean;
  /** `-` is stdin. */
  readonly path: string;
}

/** @throws UserError exit 2 for an argument without a file */
export function parseDataFile(text: string, cwd: string): DataFileRequest {
  const { symbol, rest } = splitSymbolPrefix(text);
  if (rest === '') throw badOption({ text, label: 'FILE' }, 'names no file', '[SYMBOL=]FILE');
  const name = rest.replace(/^.*[/\\]/, '');
  return {
    symbol: symbol ?? parseFileName(rest).symbol ?? name.split('.', 1)[0]!,
    isSymbolFromName: symbol === undefined,
    path: pathFrom(cwd, rest),
  };
}

/**
 * @param skipsBadRows counts and lists them instead of stopping at the first.
 * @throws UserError exit 2 for a wrong option of reading; exit 3
 */
export async function openDataFile(
  { symbol, isSymbolFromName, path }: DataFileRequest,
  given: GivenOptions,
  skipsBadRows: boolean,
): Promise<OpenedSeries> {
  return openBarSeries({
    symbol,
    paths: [path],
    fromName: isSymbolFromName,
    skipBadRows: skipsBadRows,
    strict: false,
    ...parseReadingOptions(given),
  });
}
