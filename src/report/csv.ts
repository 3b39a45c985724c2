/**
 * CSV as RFC 4180 with LF: a header always, quotes only where they are needed. Cells are already text; free text that a
 * spreadsheet could take for a formula gets an apostrophe in front, numbers never do.
 */

import type { Column, Table } from './column.js';

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
  return formatCsvLine(table.columns.map((column) => csvCell(column, record)));
}

/** Free text that begins like a formula, with an apostrophe in front; any other text as it is. */
export function neutralizeFormula(text: string): string {
  return FORMULA_START.test(text) ? `'${text}` : text;
}

function csvCell<R>(column: Column<R>, record: R): string {
  const text = column.cell(record);
  if (text === null) return '';
  return column.kind === 'text' ? neutralizeFormula(text) : text;
}

function quoteCell(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
