/**
 * The symbol a row names, against the one that was asked for. Exchanges write one market in several ways (`BTC-USDT`,
 * `BTC/USDT`, `BTCUSDT`), so separators and case do not count; any other difference is an error, never a skipped row.
 */

import { EXIT, UserError } from '../errors.js';
import { clipText } from './badRows.js';

function normalizeSymbol(symbol: string): string {
  return symbol.replace(/[^A-Za-z0-9]/g, '').toUpperCase();
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

  /** @throws UserError data, `symbol_mismatch`, naming both */
  require(cell: string, line: number, column: string | undefined): void {
    if (cell === this.#accepted) return;
    if (normalizeSymbol(cell) !== normalizeSymbol(this.#wanted)) {
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
