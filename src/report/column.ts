/**
 * What a column of a table is: its name, the kind of its cells and how a record becomes text. Every output (CSV, JSON,
 * terminal) reads the same columns; none formats a value itself. Columns are made by the functions below, so that a cell's text and
 * its bytes come of one reading of the record.
 */

import type { Contract } from '../contract/contract.js';
import type { Fraction } from '../money/decimal.js';
import { formatUnits } from '../money/units.js';
import { averageUnits, formatPrice, formatTime } from './cells.js';
import type { RowBytes } from './rowBytes.js';

/**
 * `integer`: an id, a code or a count, a JSON number but for ids of an exchange, which are JSON strings. `decimal`: exact decimal text, a JSON string. `time`: UTC text.
 * `word`: one of a fixed list of words. `text`: free text of a user or a file, which a spreadsheet could take for a formula.
 */
export type CellKind = 'integer' | 'decimal' | 'time' | 'word' | 'text';

export interface Column<R> {
  /** As in the CSV header. */
  readonly name: string;
  readonly kind: CellKind;
  /** 1 stays to the last on a narrow terminal; the highest number is left out first. */
  readonly priority: number;
  /** Green for a gain, red for a loss, where color is on. */
  readonly isToned?: true;
  /** Null is an empty cell. */
  readonly cell: (record: R) => string | null;
  /** The same as bytes of a CSV row; nothing for an empty cell. */
  readonly put: (row: RowBytes, record: R) => void;
}

export interface Table<R> {
  readonly name: string;
  readonly columns: readonly Column<R>[];
}

/** How a column is read; null is an empty cell. */
type Read<R, T> = (record: R) => T | null;
type Made<R> = Column<R>;

/** A column that green and red stand for gain and loss in. */
export function toned<R>(column: Made<R>): Made<R> {
  return { ...column, isToned: true };
}

/** An id or a count. Text is the id of an exchange. */
export function integers<R>(name: string, priority: number, read: Read<R, number | string>): Made<R> {
  return {
    name,
    kind: 'integer',
    priority,
    cell: (record) => formatInteger(read(record)),
    put(row, record) {
      const value = read(record);
      if (value !== null) row.integer(value);
    },
  };
}

/** A time in milliseconds since 1970. */
export function times<R>(name: string, priority: number, read: (record: R) => number): Made<R> {
  return {
    name,
    kind: 'time',
    priority,
    cell: (record) => formatTime(read(record)),
    put: (row, record) => row.time(read(record)),
  };
}

/** One of a fixed list of words. */
export function words<R>(name: string, priority: number, read: Read<R, string>): Made<R> {
  return {
    name,
    kind: 'word',
    priority,
    cell: read,
    put(row, record) {
      const word = read(record);
      if (word !== null) row.word(word);
    },
  };
}

/** Free text of a user or a file. */
export function texts<R>(name: string, priority: number, read: Read<R, string>): Made<R> {
  return {
    name,
    kind: 'text',
    priority,
    cell: read,
    put(row, record) {
      const text = read(record);
      if (text !== null) row.text(text);
    },
  };
}

/** An integer of a unit: money, a quantity. @param decimalsOf digits of the unit. */
export function units<R>(
  name: string,
  priority: number,
  read: Read<R, bigint>,
  decimalsOf: (record: NoInfer<R>) => number,
): Made<R> {
  return {
    name,
    kind: 'decimal',
    priority,
    cell(record) {
      const amount = read(record);
      return amount === null ? null : formatUnits(amount, decimalsOf(record));
    },
    put(row, record) {
      const amount = read(record);
      if (amount !== null) row.units(amount, decimalsOf(record));
    },
  };
}

/** A price with the digits of a contract's tick. */
export function prices<R>(
  name: string,
  priority: number,
  read: Read<R, number>,
  contractOf: (record: NoInfer<R>) => Contract | null,
): Made<R> {
  return {
    name,
    kind: 'decimal',
    priority,
    cell(record) {
      const price = read(record);
      return price === null ? null : formatPrice(price, contractOf(record));
    },
    put(row, record) {
      const price = read(record);
      if (price !== null) row.f64(price, contractOf(record)?.priceDecimals ?? 0);
    },
  };
}

/** An average price, rounded half away from zero. */
export function averages<R>(
  name: string,
  priority: number,
  read: Read<R, Fraction>,
  contractOf: (record: NoInfer<R>) => Contract | null,
): Made<R> {
  return {
    name,
    kind: 'decimal',
    priority,
    cell(record) {
      const average = read(record);
      if (average === null) return null;
      const { amount, decimals } = averageUnits(average, contractOf(record));
      return formatUnits(amount, decimals);
    },
    put(row, record) {
      const average = read(record);
      if (average === null) return;
      const { amount, decimals } = averageUnits(average, contractOf(record));
      row.units(amount, decimals);
    },
  };
}

/** A decimal that is text already. */
export function decimals<R>(name: string, priority: number, read: Read<R, string>): Made<R> {
  return { ...words(name, priority, read), kind: 'decimal' };
}

/** An id or count as text, an id of an exchange as it is; null stays null. */
function formatInteger(value: number | string | null): string | null {
  return value === null ? null : String(value);
}
