/**
 * The symbol a row names, against the one that was asked for. Exchanges write one market in several ways (`BTC-USDT`,
 * `BTC/USDT`, `BTCUSDT`), so separators and case do not count; any other difference is an error, never a skipped row.
 */

import { EXIT, UserError } from '../errors.js';
import { clipText } from './badRows.js';

/** Without separators, case, the exchange before a colon, and the word for a perpetual contract after the pair. */
function normalizeSymbol(symbol: string): string {
  const pair = symbol
    .trim()
    .toUpperCase()
    .replace(/^[A-Z]+:/, '')
    .replace(/[-_. ](SWAP|PERP|PERPETUAL)$/, '');
  return pair.replace(/[^A-Z0-9]/g, '');
}

/** Where a row is, for messages. */
interface RowPlace {
  readonly file: string;
  readonly line: number;
  readonly header: readonly string[];
}

/**
 * All rows of a file are of one series: the cells that tell series apart are those of the first row.
 *
 * @throws UserError data, `several_series`
 */
export function requireOneSeries(
  first: readonly string[],
  keys: readonly number[],
  cells: readonly string[],
  { file, line, header }: RowPlace,
): void {
  const at = keys.findIndex((key, i) => cells[key] !== first[i]);
  if (at < 0) return;
  const column = header[keys[at]!] || keys[at]! + 1;
  throw new UserError({
    code: 'several_series',
    exitCode: EXIT.data,
    message: 'the file holds several series of candles',
    place: { file, line, column },
    found: clipText(cells[keys[at]!]!),
    expected: `${clipText(first[at]!)}, as in the first row`,
    hint: 'write the rows of one series into a file of their own',
  });
}

/** Compares the symbol cells of one file with the wanted symbol. */
export class SymbolCheck {
  readonly #wanted: string;
  readonly #file: string;
  readonly #hint: string;
  /** The spelling accepted last; nearly always that of the next row. */
  #accepted: string | undefined;

  constructor(wanted: string, file: string, isFromName: boolean) {
    this.#wanted = wanted;
    this.#file = file;
    this.#hint = isFromName
      ? 'the symbol was taken from the file name; give the one that is meant as SYMBOL=FILE'
      : 'give the symbol of the rows before the file, as SYMBOL=FILE, or the file of that symbol';
  }

  /** Whether a cell names the wanted symbol. */
  isWanted(cell: string): boolean {
    return normalizeSymbol(cell) === normalizeSymbol(this.#wanted);
  }

  /** @throws UserError data, `symbol_mismatch`, naming both */
  require(cell: string, line: number, column: string | undefined): void {
    if (cell === this.#accepted) return;
    if (!this.isWanted(cell)) {
      throw new UserError({
        code: 'symbol_mismatch',
        exitCode: EXIT.data,
        message: `the rows are of ${cell === '' ? 'no symbol' : clipText(cell)}, but ${this.#wanted} was asked for`,
        place: { file: this.#file, line, ...(column === undefined ? {} : { column }) },
        found: clipText(cell),
        expected: this.#wanted,
        hint: this.#hint,
      });
    }
    this.#accepted = cell;
  }
}
