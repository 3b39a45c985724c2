/**
 * CSV as RFC 4180 with LF: a header always, quotes only where they are needed. Cells are already text; free text that a
 * spreadsheet could take for a formula gets an apostrophe in front, numbers never do.
 */

import type { CellKind, Table } from './column.js';
import type { RowBytes } from './rowBytes.js';

const NEEDS_QUOTES = /[",\r\n]/;
/** What Excel, LibreOffice and Google Sheets take for the beginning of a formula. */
const FORMULA_START = /^[=+\-@\t\r]/;

/** One line with its LF. */
export function formatCsvLine(cells: readonly string[]): string {
  return `${cells.map(quoteCell).join(',')}\n`;
}

/** The header of a table. */
export function formatCsvHeader<R>(table: Table<R>): string {
  return formatCsvLine(table.columns.map((column) => column.name));
}

/** One record as a line. */
export function formatCsvRow<R>(table: Table<R>, record: R): string {
  let line = '';
  for (const column of table.columns) {
    const text = column.cell(record);
    if (line !== '' || column !== table.columns[0]) line += ',';
    if (text !== null) line += csvCell(column.kind, text);
  }
  return `${line}\n`;
}

/** One record as a line of bytes, the same as formatCsvRow. */
export function putCsvRow<R>(row: RowBytes, table: Table<R>, record: R): void {
  const { columns } = table;
  columns[0]!.put(row, record);
  for (let i = 1; i < columns.length; i++) {
    row.comma();
    columns[i]!.put(row, record);
  }
  row.endRow();
}

/** Free text that begins like a formula, with an apostrophe in front; any other text as it is. */
export function neutralizeFormula(text: string): string {
  return FORMULA_START.test(text) ? `'${text}` : text;
}

/** Numbers, times and words of a list are never quoted; ids may be those of an exchange. */
function csvCell(kind: CellKind, text: string): string {
  if (kind === 'text') return quoteCell(neutralizeFormula(text));
  return kind === 'integer' ? quoteCell(text) : text;
}

/** A cell as it stands in a row. */
export function quoteCell(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
