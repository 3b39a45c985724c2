/**
 * Draws tables of text: aligned columns under an underlined heading, fitted to the terminal's width, or whole and plain in a
 * pipe. The only file that knows chalk and cli-table3. Whether there is a terminal, how wide it is and whether color is
 * wanted is told by the caller; nothing is looked up here.
 */

import { Chalk, type ChalkInstance } from 'chalk';
import CliTable from 'cli-table3';
import { computeLayout, formatPlainRow, GAP, type Layout, nameSome, type TextTable, wrapLine } from './tableLayout.js';

export interface TerminalStyle {
  /** Columns of the terminal; null in a pipe or a file: nothing is wrapped, cut or left out. */
  readonly columns: number | null;
  /** In a pipe too, where the user insists on it. */
  readonly color: boolean;
}

/** Narrower than this a table makes no sense. */
const MIN_COLUMNS = 20;
/** For a terminal that does not know its width and says 0. */
const USUAL_COLUMNS = 80;
/** Rows that are drawn at once: cli-table3 takes twice as long a row for a thousand. */
const CHUNK = 50;

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};

/** Draws a table in pieces that end with a line feed. */
export function* drawTable(table: TextTable, style: TerminalStyle): Generator<string> {
  const columns = style.columns === null ? null : Math.max(MIN_COLUMNS, style.columns || USUAL_COLUMNS);
  const chalk = new Chalk({ level: style.color ? 1 : 0 });
  yield lines(wrapLine(table.title, columns).map((line) => chalk.bold(line)));
  if (table.rowCount > 0) {
    const layout = computeLayout(table, columns);
    if (columns === null) yield* drawPlain(table, layout, chalk);
    else yield* drawFitted(table, layout, columns, chalk);
  }
  for (const note of table.notes) yield lines(wrapLine(note, columns));
}

/** For a pipe, where tables may have a million rows: cli-table3 takes 0.3 ms a row, this some microseconds. */
function* drawPlain(table: TextTable, layout: Layout, chalk: ChalkInstance): Generator<string> {
  const heading = table.columns.map((column) => column.name);
  yield formatPlainRow(heading, table.columns, layout, (text) => chalk.bold(text));
  yield underline(layout);
  for (let index = 0; index < table.rowCount; index++) {
    yield formatPlainRow(table.row(index), table.columns, layout, (text, column) =>
      table.isToned(index, column) ? toneText(text, chalk) : text,
    );
  }
}

function* drawFitted(table: TextTable, layout: Layout, columns: number, chalk: ChalkInstance): Generator<string> {
  yield drawHeading(table, layout, chalk);
  const gap = table.gap;
  for (let from = 0; from < table.rowCount; ) {
    if (gap?.beforeRow === from) yield lines(wrapLine(gap.text, columns));
    const end = gap !== null && from < gap.beforeRow ? gap.beforeRow : table.rowCount;
    const until = Math.min(from + CHUNK, end);
    yield drawRows(table, layout, from, until, chalk);
    from = until;
  }
  if (layout.leftOut.length > 0) {
    yield lines(wrapLine(`not shown: ${nameSome(layout.leftOut)} (${table.elsewhere})`, columns));
  }
}

function drawHeading(table: TextTable, layout: Layout, chalk: ChalkInstance): string {
  const cells = layout.kept.map((i, at) => {
    const column = table.columns[i]!;
    const words = wrapLine(column.heading.join(' '), layout.widths[at]!);
    const content = words.map((line) => chalk.bold(line)).join('\n');
    return { content, hAlign: column.align, vAlign: 'bottom' as const };
  });
  const drawn = newTable(layout);
  drawn.push(cells);
  return `${trimEnds(drawn.toString())}\n${underline(layout)}`;
}

function drawRows(table: TextTable, layout: Layout, from: number, until: number, chalk: ChalkInstance): string {
  const drawn = newTable(layout);
  for (let index = from; index < until; index++) {
    const row = table.row(index);
    const cells = layout.kept.map((i) => {
      const text = row[i] ?? '';
      const content = table.isToned(index, i) ? toneText(text, chalk) : text;
      return { content, hAlign: table.columns[i]!.align };
    });
    drawn.push(cells);
  }
  return `${trimEnds(drawn.toString())}\n`;
}

function newTable(layout: Layout): CliTable.Table {
  return new CliTable({
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': GAP },
    colWidths: layout.widths.map((width) => width + GAP),
  });
}

/** A loss red, a gain green, nothing as it is. */
function toneText(text: string, chalk: ChalkInstance): string {
  if (text === 'loss' || text.startsWith('-')) return chalk.red(text);
  if (text === 'profit' || /^\d.*[1-9]|^[1-9]/.test(text)) return chalk.green(text);
  return text;
}

function underline(layout: Layout): string {
  return `${layout.widths.map((width) => '─'.repeat(width)).join(' '.repeat(GAP))}\n`;
}

function trimEnds(text: string): string {
  return text.replace(/ +$/gm, '');
}

function lines(texts: readonly string[]): string {
  return `${texts.join('\n')}\n`;
}
