/**
 * One row of cells → the numbers of one bar, by the layout of its file. Judges what a row says of itself: width, time,
 * prices, volume, low ≤ close ≤ high. The open's place, and what needs a neighboring row, are judged by the file's
 * reading. One object serves all rows, so that a row costs no allocation.
 */

import type { RowProblem } from './badRows.js';
import {
  hasLongDigits,
  isMissing,
  type NumberStyle,
  PLAIN_NUMBERS,
  parsePrice,
  parseVolume,
  roundPrice,
  toPlainNumber,
} from './cells.js';
import type { BarLayout } from './dialects/layout.js';
import { TimeColumn } from './timestamps.js';

/** The text of a row's time, its time of day included. */
export function timeTextOf(layout: BarLayout, cells: readonly string[]): string {
  const day = cells[layout.time] ?? '';
  return layout.clock < 0 ? day : `${day.trim()} ${(cells[layout.clock] ?? '').trim()}`;
}

export class BarRow {
  /** The time as stamped, in ms; which end of the bar it is depends on the file. */
  stampMs = 0;
  open = 0;
  high = 0;
  low = 0;
  close = 0;
  /** NaN where the file says nothing about the volume. */
  volume = 0;
  /** Prices of this row that were rounded to 15 digits. */
  roundedPrices = 0;
  readonly times: TimeColumn;
  readonly #layout: BarLayout;
  readonly #strict: boolean;
  readonly #numbers: NumberStyle;

  /** @param strict a price of more than 15 digits is a problem instead of being rounded */
  constructor(layout: BarLayout, strict: boolean, times = new TimeColumn(), numbers: NumberStyle = PLAIN_NUMBERS) {
    this.#layout = layout;
    this.#strict = strict;
    this.times = times;
    this.#numbers = numbers;
  }

  /** Takes the cells in; null when they are a bar, else the first thing wrong. */
  read(cells: readonly string[]): RowProblem | null {
    const l = this.#layout;
    if (cells.length !== l.header.length) return this.#widthProblem(cells);
    this.roundedPrices = 0;
    this.stampMs = this.times.parse(timeTextOf(l, cells));
    this.open = this.#price(cells[l.open]!);
    this.high = this.#price(cells[l.high]!);
    this.low = this.#price(cells[l.low]!);
    this.close = this.#price(cells[l.close]!);
    this.volume = l.volume < 0 ? Number.NaN : parseVolume(toPlainNumber(cells[l.volume]!, this.#numbers));
    const isWhole = this.low <= this.close && this.close <= this.high && this.stampMs >= 0 && this.open > 0;
    if (isWhole && this.volume >= 0 && !(this.#strict && this.roundedPrices > 0)) return null;
    return this.#findProblem(cells);
  }

  /** Whether the row has no price at all and says so: a stretch without trades where the layout allows it. */
  isEmpty(cells: readonly string[]): boolean {
    const { skipsEmpty, header, open, high, low, close } = this.#layout;
    return (
      skipsEmpty && cells.length === header.length && [open, high, low, close].every((at) => isMissing(cells[at]!))
    );
  }

  #price(cell: string): number {
    const text = toPlainNumber(cell, this.#numbers);
    const x = parsePrice(text);
    if (!hasLongDigits(text) || Number.isNaN(x)) return x;
    this.roundedPrices++;
    return roundPrice(text);
  }

  /** Null for the one thing that looks wrong and is not: a volume the file does not give. */
  #findProblem(cells: readonly string[]): RowProblem | null {
    const l = this.#layout;
    if (!(this.stampMs >= 0)) return this.problem(cells, l.time, 'this is not a time', this.times.expected);
    for (const at of [l.open, l.high, l.low, l.close]) {
      const text = toPlainNumber(cells[at]!, this.#numbers);
      if (cells[at]!.trim() === '') return this.problem(cells, at, 'a price is missing', 'a price above zero');
      if (Number.isNaN(parsePrice(text))) return this.problem(cells, at, 'this is not a price', 'a number above zero');
      if (this.#strict && hasLongDigits(text)) {
        return this.problem(cells, at, 'the price has more digits than can be kept', 'at most 15 significant digits');
      }
    }
    if (this.low > this.high) {
      return this.problem(cells, l.high, 'high is below low', `at least the low, ${cells[l.low]!}`);
    }
    if (this.close < this.low || this.close > this.high) {
      return this.problem(cells, l.close, 'close lies outside high–low', this.rangeText(cells));
    }
    if (l.volume >= 0 && Number.isNaN(this.volume) && !isMissing(cells[l.volume]!)) {
      return this.problem(cells, l.volume, 'this is not a volume', 'a number of at least zero');
    }
    return null;
  }

  rangeText(cells: readonly string[]): string {
    return `between the low, ${cells[this.#layout.low]!}, and the high, ${cells[this.#layout.high]!}`;
  }

  problem(cells: readonly string[], at: number, why: string, expected: string): RowProblem {
    return { column: this.#layout.header[at] || at + 1, found: cells[at] ?? '', why, expected };
  }

  #widthProblem(cells: readonly string[]): RowProblem {
    const { header } = this.#layout;
    const at = Math.min(cells.length, header.length);
    return {
      column: header[at] || at + 1,
      found: cells.length > header.length ? cells.slice(at).join(',') : `${cells.length} cells`,
      why: cells.length > header.length ? 'the row has more cells than the header' : 'the row is cut short',
      expected: `${header.length} cells`,
    };
  }
}
