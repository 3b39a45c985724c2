/**
 * Reads a table that is replayed: CSV with a header of known columns, packed or not, whole into memory. Here are the columns, the
 * lines and the kinds of cells; what a row means is orderTable.ts and fillTable.ts. A row is never skipped: an order or a fill that
 * is left out makes everything after it another story.
 */

import { EXIT, UserError } from '../errors.js';
import { clipText } from '../market/badRows.js';
import { readRows } from '../market/reader.js';
import { ByteSource } from '../market/source.js';
import { TimeColumn } from '../market/timestamps.js';
import { type Fraction, parseFraction } from '../money/decimal.js';

/** The columns that a table must have and those that it may have. */
export interface TableColumns {
  /** What the table holds, for messages: `orders`, `fills`. */
  readonly what: string;
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

export interface ReplayTable {
  readonly path: string;
  /** For messages: the path, or `stdin`. */
  readonly name: string;
  /** In the order of the file; not empty. */
  readonly rows: readonly ReplayRow[];
  /** Of the raw bytes, hexadecimal. */
  readonly sha256: string;
  /** Whether times had no zone and were read as UTC. */
  readonly hasZonelessTimes: boolean;
}

/** One row with its cells by column. Each reading method throws one UserError with file, line and column. */
export class ReplayRow {
  readonly file: string;
  readonly line: number;
  readonly timeMs: number;
  readonly #cells: ReadonlyMap<string, string>;

  constructor(file: string, line: number, cells: ReadonlyMap<string, string>, times: TimeColumn) {
    this.file = file;
    this.line = line;
    this.#cells = cells;
    const text = this.text('time');
    const timeMs = times.parse(text);
    if (text === '') throw this.wrong('time', 'the row has no time', times.expected);
    if (Number.isNaN(timeMs)) throw this.wrong('time', 'this is not a time', times.expected);
    this.timeMs = timeMs;
  }

  /** A cell without blanks around it; empty where the table has no such column. */
  text(column: string): string {
    return this.#cells.get(column)?.trim() ?? '';
  }

  /** A cell that has to say something. */
  requireText(column: string, expected: string): string {
    const text = this.text(column);
    if (text === '') throw this.wrong(column, `the row has no ${column}`, expected);
    return text;
  }

  /** One of a list of words; null for an empty cell. */
  word<T extends string>(column: string, words: readonly T[]): T | null {
    const text = this.text(column).toLowerCase();
    if (text === '') return null;
    const word = words.find((one) => one === text);
    if (word === undefined) throw this.wrong(column, `this is not a ${column}`, words.join(' or '));
    return word;
  }

  requireWord<T extends string>(column: string, words: readonly T[]): T {
    this.requireText(column, words.join(' or '));
    return this.word(column, words)!;
  }

  /** A decimal, exact; null for an empty cell. */
  decimal(column: string, expected = 'a decimal such as 12.5'): Fraction | null {
    const text = this.text(column);
    if (text === '') return null;
    const value = parseFraction(text);
    if (value === undefined) throw this.wrong(column, `this is not a ${column}`, expected);
    return value;
  }

  /** A decimal above zero; null for an empty cell. */
  positive(column: string): Fraction | null {
    const expected = 'a decimal above zero';
    const value = this.decimal(column, expected);
    if (value !== null && value.num <= 0n) throw this.wrong(column, `this is not a ${column}`, expected);
    return value;
  }

  requirePositive(column: string): Fraction {
    this.requireText(column, 'a decimal above zero');
    return this.positive(column)!;
  }

  /** The error of a cell. */
  wrong(column: string, why: string, expected: string, hint?: string): UserError {
    const found = clipText(this.text(column));
    return new UserError({
      code: 'bad_row',
      exitCode: EXIT.data,
      message: why,
      place: { file: this.file, line: this.line, column },
      found: found === '' ? 'an empty cell' : found,
      expected,
      hint: hint ?? 'mend the row: rows of a replay are never skipped',
    });
  }
}

/**
 * Reads a table, from stdin for `-`.
 *
 * @throws UserError data: `file_not_found`, `file_unreadable`, `bad_gzip`, `empty_file`, `no_rows`, `unknown_header`, `bad_row`
 */
export async function loadReplayTable(path: string, columns: TableColumns): Promise<ReplayTable> {
  const source = new ByteSource(path);
  const times = new TimeColumn();
  const rows: ReplayRow[] = [];
  let header: readonly string[] | null = null;
  for await (const batch of readRows(source)) {
    for (const [i, cells] of batch.cells.entries()) {
      const line = batch.lines[i]!;
      if (header === null) header = requireHeader(cells, columns, source.name, line);
      else rows.push(new ReplayRow(source.name, line, nameCells(header, cells, source.name, line), times));
    }
  }
  if (rows.length === 0) throw emptyTable(source.name, header !== null, columns.what);
  return { path, name: source.name, rows, sha256: source.hash(), hasZonelessTimes: times.zoneless };
}

function emptyTable(file: string, hasHeader: boolean, what: string): UserError {
  return new UserError({
    code: hasHeader ? 'no_rows' : 'empty_file',
    exitCode: EXIT.data,
    message: hasHeader ? `the file has a header, but no ${what}` : 'the file is empty',
    place: { file },
    expected: `at least one row of ${what}`,
  });
}

function requireHeader(
  cells: readonly string[],
  { what, required, optional }: TableColumns,
  file: string,
  line: number,
): readonly string[] {
  const names = cells.map((cell) => cell.trim().toLowerCase());
  const known = [...required, ...optional];
  const expected = `${required.join(', ')}; and if you like ${optional.join(', ')}`;
  const wrong = (message: string, found: string, column?: string | number): UserError =>
    new UserError({
      code: 'unknown_header',
      exitCode: EXIT.data,
      message,
      place: { file, line, ...(column === undefined ? {} : { column }) },
      found: clipText(found),
      expected,
      hint: `the first line names the columns of the ${what}; rename or remove the others`,
    });
  const strange = names.findIndex((name) => !known.includes(name));
  const missing = required.filter((name) => !names.includes(name));
  if (missing.length > 0) throw wrong(`the header lacks ${missing.join(', ')}`, `the columns ${names.join(', ')}`);
  if (strange >= 0)
    throw wrong('the header has an unknown column', names[strange] || 'an empty name', names[strange] || strange + 1);
  const twice = names.findIndex((name, i) => names.indexOf(name) < i);
  if (twice >= 0) throw wrong('the header names a column twice', names[twice]!, names[twice]!);
  return names;
}

function nameCells(
  header: readonly string[],
  cells: readonly string[],
  file: string,
  line: number,
): ReadonlyMap<string, string> {
  if (cells.length === header.length) return new Map(header.map((name, i) => [name, cells[i]!]));
  const at = Math.min(cells.length, header.length);
  throw new UserError({
    code: 'bad_row',
    exitCode: EXIT.data,
    message: cells.length > header.length ? 'the row has more cells than the header' : 'the row is cut short',
    place: { file, line, column: header[at] ?? at + 1 },
    found: `${cells.length} cells`,
    expected: `${header.length} cells`,
    hint: 'mend the row: rows of a replay are never skipped',
  });
}
