/**
 * What a column of a table is: its name, the kind of its cells and how a record becomes text. Every output (CSV, JSON,
 * terminal) reads the same columns; none formats a value itself.
 */

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
}

export interface Table<R> {
  readonly name: string;
  readonly columns: readonly Column<R>[];
}

/** An id or count as text, an id of an exchange as it is; null stays null. */
export function formatInteger(value: number | string | null): string | null {
  return value === null ? null : String(value);
}
