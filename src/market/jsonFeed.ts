/**
 * JSON as rows of candles: arrays of arrays as interfaces of exchanges give them, arrays of objects, one object a line, and columns as
 * arrays, also inside the envelope of an answer. Held whole. Values become text as a text file would have them; the line of a
 * row is its number.
 */

import { EXIT, UserError } from '../errors.js';
import { clipText } from './badRows.js';
import { CHUNK_BARS } from './barColumns.js';
import { type RecognizedDialect, requireDialect } from './dialects/dialects.js';
import { recognizeHeaderless } from './dialects/headerless.js';
import { RowBatch } from './rowBatch.js';
import { type RowFeed, SAMPLE_ROWS } from './rowFeed.js';

type Entries = Readonly<Record<string, unknown>>;

/** Rows of cells, and the names of the columns where there are any. */
interface JsonTable {
  readonly header: readonly string[] | null;
  readonly rows: readonly (readonly string[])[];
}

function isEntries(value: unknown): value is Entries {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function cellOf(value: unknown): string {
  return value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Rows that are arrays, or objects of which the first names the columns. */
function tableOfRows(rows: readonly unknown[]): JsonTable | undefined {
  const [first] = rows;
  if (Array.isArray(first)) {
    return { header: null, rows: rows.map((row) => (Array.isArray(row) ? row.map(cellOf) : [cellOf(row)])) };
  }
  if (!isEntries(first)) return undefined;
  const header = Object.keys(first);
  return { header, rows: rows.map((row) => header.map((name) => cellOf(isEntries(row) ? row[name] : row))) };
}

/** `{"t": […], "o": […], …}`: columns of one length. */
function tableOfColumns(value: Entries): JsonTable | undefined {
  const columns = Object.entries(value).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  const length = columns[0]?.[1].length ?? 0;
  if (columns.length < 5 || columns.some(([, cells]) => cells.length !== length)) return undefined;
  const rows = Array.from({ length }, (_, i) => columns.map(([, cells]) => cellOf(cells[i])));
  return { header: columns.map(([name]) => name), rows };
}

/** The table in a value, or in the only part of its envelope that holds one. */
function findTable(value: unknown, depth = 0): JsonTable | undefined {
  if (Array.isArray(value)) return tableOfRows(value);
  if (!isEntries(value) || depth > 3) return undefined;
  const columns = tableOfColumns(value);
  if (columns) return columns;
  for (const part of Object.values(value)) {
    const table = typeof part === 'object' ? findTable(part, depth + 1) : undefined;
    if (table) return table;
  }
  return undefined;
}

function parseLines(text: string): unknown[] | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  try {
    return lines.length > 1 ? lines.map((line) => JSON.parse(line) as unknown) : undefined;
  } catch {
    return undefined;
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const lines = parseLines(text);
    if (lines) return lines;
    throw new UserError({
      code: 'bad_json',
      exitCode: EXIT.data,
      message: 'the file begins like JSON, but is none',
      place: { file },
      found: clipText((cause as Error).message),
      expected: 'an array of candles, or one object a line',
      cause,
    });
  }
}

function requireTable(text: string, file: string): JsonTable {
  const table = findTable(parseJson(text, file));
  if (table && table.rows.length > 0) return table;
  throw new UserError({
    code: 'no_rows',
    exitCode: EXIT.data,
    message: 'the JSON holds no rows',
    place: { file },
    expected: 'an array of candles',
  });
}

function requireRecognized(table: JsonTable, file: string): RecognizedDialect {
  if (table.header !== null) return requireDialect(table.header, file);
  return recognizeHeaderless(table.rows.slice(0, SAMPLE_ROWS), false) ?? requireDialect(table.rows[0]!, file);
}

/** Whether text begins as JSON does. */
export function looksLikeJson(head: string): boolean {
  return /^\s*(\[\s*[[{]|\{\s*")/.test(head);
}

/** @throws UserError data: `bad_json`, `no_rows`, `unknown_header` */
export function openJsonFeed(text: string, file: string): RowFeed {
  const table = requireTable(text, file);
  return {
    recognized: requireRecognized(table, file),
    delimiter: '',
    notes: [],
    sample: table.rows.slice(0, SAMPLE_ROWS),
    midnightMs: Number.NaN,
    async *batches() {
      const batch = new RowBatch();
      for (let from = 0; from < table.rows.length; from += CHUNK_BARS) {
        const part = table.rows.slice(from, from + CHUNK_BARS);
        batch.fillOdd(
          part,
          part.map((_, i) => from + i + 1),
        );
        yield batch;
      }
    },
    close: async () => {},
  };
}
