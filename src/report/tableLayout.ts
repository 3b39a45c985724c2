/**
 * How a table fits a width: which columns stay, how wide each is, and what text looks like on a terminal. Numbers are
 * never cut short, since a cut number reads as another one: columns are left out instead. Pure; drawing is terminal.ts's.
 */

/** A table as text, ready to be laid out. Rows are asked for one at a time, so that a long table is never held as text. */
export interface TextTable {
  readonly title: string;
  readonly columns: readonly TextColumn[];
  readonly rowCount: number;
  readonly row: (index: number) => readonly string[];
  /** Whether a cell is a gain or a loss, green or red where color is on. */
  readonly isToned: (row: number, column: number) => boolean;
  /** Lines under the table, for example why a figure is missing. */
  readonly notes: readonly string[];
  /** A line in place of rows: drawn before the row of this index. */
  readonly gap: { readonly beforeRow: number; readonly text: string } | null;
  /** Where columns that do not fit can be read; ends the line that names them. */
  readonly elsewhere: string;
}

export interface TextColumn {
  readonly name: string;
  /** The name as words that may stand on lines of their own on a terminal; in a pipe the name is one word. */
  readonly heading: readonly string[];
  readonly align: 'left' | 'right';
  readonly priority: number;
  /** Free text may be cut with an ellipsis on a terminal. */
  readonly canShrink: boolean;
}

/** The columns that are drawn, by index, and their widths. */
export interface Layout {
  readonly kept: readonly number[];
  readonly widths: readonly number[];
  readonly leftOut: readonly string[];
}

/** Spaces between two columns. */
export const GAP = 2;
/** Free text is cut to this on a terminal. */
const MAX_TEXT = 32;
/** Names in a line of text. */
const MAX_NAMES = 20;

/** Chooses the columns for a terminal of `columns` characters, the most important first; null is a pipe, where all stay. */
export function computeLayout(table: TextTable, columns: number | null): Layout {
  const natural = computeWidths(table, columns !== null);
  const limit = columns ?? Number.POSITIVE_INFINITY;
  const isKept = new Set<number>();
  let used = -GAP;
  for (const index of byPriority(table.columns)) {
    const width = natural[index]! + GAP;
    if (used + width > limit && isKept.size > 0) continue;
    isKept.add(index);
    used += width;
  }
  const kept = table.columns.map((_, i) => i).filter((i) => isKept.has(i));
  return {
    kept,
    widths: kept.map((i) => Math.min(natural[i]!, limit)),
    leftOut: table.columns.filter((_, i) => !isKept.has(i)).map((column) => column.name),
  };
}

/**
 * A line of cells for a pipe: padded to the widths, whatever their length.
 *
 * @param paint adds color to the text of a column; it takes no room.
 */
export function formatPlainRow(
  cells: readonly string[],
  columns: readonly TextColumn[],
  layout: Layout,
  paint: (text: string, column: number) => string,
): string {
  const padded = layout.kept.map((i, at) => {
    const text = cells[i] ?? '';
    const padding = ' '.repeat(Math.max(0, layout.widths[at]! - displayWidth(text)));
    return columns[i]!.align === 'right' ? padding + paint(text, i) : paint(text, i) + padding;
  });
  return `${padded.join(' '.repeat(GAP)).trimEnd()}\n`;
}

/** Names for a line of text; of very many only the first. */
export function nameSome(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES).join(', ');
  return names.length > MAX_NAMES ? `${shown} and ${names.length - MAX_NAMES} more` : shown;
}

/** Text of a user or a file without anything that moves the cursor, colors, breaks the line or turns its direction. */
export function escapeControls(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** Columns of a terminal that a text takes, or a little more: never less. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += (character.codePointAt(0) ?? 0) < 0x1100 ? 1 : 2;
  return width;
}

/** A sentence as lines of at most `columns` characters, broken at spaces; a longer word is broken where it must be. */
export function wrapLine(text: string, columns: number | null): string[] {
  if (columns === null) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((w) => splitWord(w, columns))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (displayWidth(longer) <= columns || line === '') {
      line = longer;
    } else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

function splitWord(word: string, columns: number): string[] {
  if (displayWidth(word) <= columns) return [word];
  const size = Math.max(1, Math.floor(columns / 2));
  const characters = [...word];
  return Array.from({ length: Math.ceil(characters.length / size) }, (_, i) =>
    characters.slice(i * size, (i + 1) * size).join(''),
  );
}

function computeWidths(table: TextTable, isTerminal: boolean): number[] {
  const widths = table.columns.map((column) =>
    isTerminal ? Math.min(MAX_TEXT, Math.max(...column.heading.map(displayWidth))) : displayWidth(column.name),
  );
  for (let index = 0; index < table.rowCount; index++) {
    const cells = table.row(index);
    for (let i = 0; i < widths.length; i++) {
      const width = displayWidth(cells[i] ?? '');
      if (width > widths[i]!) widths[i] = width;
    }
  }
  return widths.map((width, i) => (isTerminal && table.columns[i]!.canShrink ? Math.min(width, MAX_TEXT) : width));
}

/** Most important first; among equals the leftmost. */
function byPriority(columns: readonly TextColumn[]): number[] {
  return columns.map((_, i) => i).sort((a, b) => columns[a]!.priority - columns[b]!.priority || a - b);
}
