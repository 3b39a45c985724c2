/**
 * JSON of the tables: a row is an object with the names of the columns as keys. Decimals are strings, so that no reader
 * rounds them; ids, codes and counts are JSON numbers; an empty cell is null. Free text is given as it is, since JSON is not
 * opened by spreadsheets.
 */

import type { Table } from './column.js';

/** An integer that every reader of JSON reads exactly. */
const PLAIN_INTEGER = /^(?:0|-?[1-9]\d{0,14})$/;

/** Text that is already JSON. */
export type JsonText = string;

/** One record as a JSON object on one line. */
export function formatJsonRow<R>(table: Table<R>, record: R): JsonText {
  return formatJsonObject(
    table.columns.map((column) => {
      const text = column.cell(record);
      if (text === null) return [column.name, 'null'];
      return [column.name, column.kind === 'integer' && PLAIN_INTEGER.test(text) ? text : JSON.stringify(text)];
    }),
  );
}

/** An object on one line from keys and values that are JSON already; keeps the order given. */
export function formatJsonObject(entries: readonly (readonly [string, JsonText])[]): JsonText {
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}: ${value}`).join(', ')}}`;
}

/** An array with one item a line, in pieces, so that a long table is never one string. */
export function* formatJsonArray(items: Iterable<JsonText>, indent: string): Generator<string> {
  let isFirst = true;
  for (const item of items) {
    yield `${isFirst ? '[' : ','}\n${indent}  ${item}`;
    isFirst = false;
  }
  yield isFirst ? '[]' : `\n${indent}]`;
}
