/**
 * How a file of text is laid out: its delimiter, the lines before its rows, and what its columns mean, from its first lines. Lines before
 * the header (comments, an address, a title) are passed over; a file without a header is known by the shape of its rows.
 */

import { EXIT, UserError } from '../errors.js';
import { clipText } from './badRows.js';
import { layoutOfNames } from './dialects/columnNames.js';
import { type RecognizedDialect, recognizeDialect, requireDialect } from './dialects/dialects.js';
import { looksLikeBar, recognizeHeaderless } from './dialects/headerless.js';
import { splitCells } from './reader.js';

const DELIMITERS = [',', ';', '\t', '|'] as const;
/** A header stands within so many lines that are not blank. */
const HEADER_LINES = 25;
/** Rows that tell the order of the prices in a file without a header. */
const SHAPE_ROWS = 1000;

export interface TextLayout {
  readonly recognized: RecognizedDialect;
  readonly delimiter: string;
  /** Physical lines before the first row of data, the header's included. */
  readonly linesBefore: number;
  /** Lines before the header that were passed over. */
  readonly notes: readonly string[];
}

/** What the user says of a file's layout, where it is not to be recognized. */
export interface LayoutWish {
  /** Stands between cells. */
  readonly delimiter?: string;
  /** Names of the columns in the order of the file, instead of those of a header; others after them are ignored. */
  readonly columns?: readonly string[];
}

/** A line that is not blank, with its number. */
interface Line {
  readonly text: string;
  readonly number: number;
}

function* linesOf(head: string): Generator<Line> {
  let number = 0;
  for (let from = 0; from < head.length; ) {
    const end = head.indexOf('\n', from);
    const text = head.slice(from, end < 0 ? head.length : end).replace(/\r$/, '');
    number++;
    if (text !== '') yield { text, number };
    if (end < 0) return;
    from = end + 1;
  }
}

function takeLines(head: string, count: number): Line[] {
  const lines: Line[] = [];
  for (const line of linesOf(head)) if (lines.push(line) >= count) break;
  return lines;
}

/** Lines that cannot be a header or data, whatever the delimiter. */
function isRemark(text: string): boolean {
  return /^\s*(#|\/\/|%|sep=|https?:)/i.test(text);
}

function findHeader(lines: readonly Line[], delimiters: readonly string[]): TextLayout | undefined {
  for (const [i, { text, number }] of lines.entries()) {
    for (const delimiter of delimiters) {
      // A header may itself be behind the sign of a remark.
      const cells = splitCells(isRemark(text) ? text.replace(/^\s*(#|%|\/\/)\s*/, '') : text, delimiter);
      const recognized = cells.length < 5 ? undefined : recognizeDialect(cells);
      const layout = { delimiter, linesBefore: number, notes: lines.slice(0, i).map((line) => line.text) };
      if (recognized) return { recognized, ...layout };
    }
  }
  return undefined;
}

/** A first row of data with nothing but remarks, or lines of fewer cells, before it. */
function findData(
  head: string,
  lines: readonly Line[],
  delimiters: readonly string[],
  hasDay: boolean,
): TextLayout | undefined {
  for (const delimiter of delimiters) {
    const at = lines.findIndex(({ text }) => looksLikeBar(splitCells(text, delimiter), hasDay));
    if (at < 0) continue;
    const width = splitCells(lines[at]!.text, delimiter).length;
    const before = lines.slice(0, at).map((line) => line.text);
    if (before.some((text) => !isRemark(text) && splitCells(text, delimiter).length >= width)) continue;
    const rows = takeLines(head, SHAPE_ROWS + at)
      .slice(at)
      .map(({ text }) => splitCells(text, delimiter));
    const recognized = recognizeHeaderless(rows, hasDay);
    if (recognized) return { recognized, delimiter, linesBefore: lines[at]!.number - 1, notes: before };
  }
  return undefined;
}

/** The layout that the user's names of columns make; the first line with a digit where the open stands begins the data. */
function namedLayout(lines: readonly Line[], delimiters: readonly string[], columns: readonly string[]): TextLayout {
  const layout = layoutOfNames(columns);
  if (!layout) {
    throw new UserError({
      code: 'bad_columns',
      exitCode: EXIT.usage,
      message: 'the columns do not name a time, open, high, low and close, each once',
      found: clipText(columns.join(',')),
      expected: 'for example time,open,high,low,close,volume',
    });
  }
  const width = (delimiter: string): number => Math.max(...lines.map(({ text }) => splitCells(text, delimiter).length));
  const delimiter = delimiters.reduce((a, b) => (width(b) > width(a) ? b : a));
  const isData = ({ text }: Line): boolean => /\d/.test(splitCells(text, delimiter)[layout.open] ?? '');
  const at = lines.findIndex((line) => !isRemark(line.text) && isData(line));
  const first = lines[Math.max(at, 0)]!;
  // Cells after the named ones are there and have no name.
  const cells = splitCells(first.text, delimiter);
  const header = Array.from(
    { length: Math.max(cells.length, columns.length) },
    (_, i) => columns[i] ?? `column ${i + 1}`,
  );
  return {
    recognized: { dialect: { name: 'columns', barTime: 'open' }, layout: { ...layout, header } },
    delimiter,
    linesBefore: first.number - 1,
    notes: lines.slice(0, Math.max(at, 0)).map(({ text }) => text),
  };
}

/**
 * Settles the layout of a file of candles.
 *
 * @param head the first part of the file, of whole lines, without a byte-order mark; not blank
 * @param hasDay whether the file's name gives a day, so that times may count from its midnight
 * @throws UserError data, `unknown_header`; usage, `bad_columns`
 */
export function requireTextLayout(head: string, file: string, hasDay: boolean, wish: LayoutWish = {}): TextLayout {
  const lines = takeLines(head, HEADER_LINES);
  const delimiters = wish.delimiter === undefined ? DELIMITERS : [wish.delimiter];
  if (wish.columns !== undefined) return namedLayout(lines, delimiters, wish.columns);
  const found = findHeader(lines, delimiters) ?? findData(head, lines, delimiters, hasDay);
  if (found) return found;
  const first = lines.find(({ text }) => !isRemark(text)) ?? lines[0]!;
  const cells = delimiters.map((d) => splitCells(first.text, d)).reduce((a, b) => (b.length > a.length ? b : a));
  return {
    recognized: requireDialect(cells, file, first.number),
    delimiter: ',',
    linesBefore: first.number,
    notes: [],
  };
}
