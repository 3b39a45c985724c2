/**
 * Bytes → rows of cells, with the physical line of each. Quotes, blank lines, CRLF and a byte-order mark are dealt with
 * here; what a cell means is not. The only file that knows csv-parse. Rows come in batches, one a chunk of bytes, and
 * nothing holds more than that.
 */

import { CsvError, type Options, Parser } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { EXIT, UserError } from '../errors.js';
import { clipText } from './badRows.js';
import type { ByteSource } from './source.js';

/** Rows in file order. `lines[i]` is the physical line, from 1, on which row `i` begins. */
export interface CellBatch {
  readonly cells: readonly (readonly string[])[];
  readonly lines: readonly number[];
}

/** Bytes that are to be read as rows, and where they come from. */
export interface CellSettings {
  /** Name of the file, for messages. */
  readonly name: string;
  readonly delimiter: string;
  /** Physical line of the first byte. */
  readonly firstLine: number;
}

const NEWLINE = 10;
const OPTIONS: Options = {
  bom: true,
  record_delimiter: ['\n', '\r\n'],
  // Rows of another width and stray quotes stay rows: whoever reads the cells names the column that is wrong.
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: true,
  // A quote that is never closed would swallow the rest of the file.
  max_record_size: 1 << 20,
};

/**
 * Collects each row at the moment it is complete, when `info.bytes` is the place in the file where it ends; the stream's
 * own queue of objects would lose that place and a third of the speed. Lines are counted by their newline bytes,
 * because the parser's own count takes a CRLF inside quotes for two.
 */
class RowCollector extends Parser {
  cells: string[][] = [];
  lines: number[] = [];
  #newlineOffsets: number[] = [];
  #nextNewline = 0;
  #bytesSeen = 0;
  /** Newlines before the end of the last complete row. */
  #linesPassed: number;

  constructor(options: Options, firstLine: number) {
    super(options);
    this.#linesPassed = firstLine - 1;
  }

  /** Notes where the newlines of a chunk are; call before the chunk is written. */
  noteNewlines(chunk: Buffer): void {
    const offsets = this.#newlineOffsets.slice(this.#nextNewline);
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) {
      offsets.push(this.#bytesSeen + at);
    }
    this.#bytesSeen += chunk.length;
    this.#newlineOffsets = offsets;
    this.#nextNewline = 0;
  }

  override push(row: string[] | null): boolean {
    if (row === null) return super.push(null);
    const end = this.info.bytes;
    const before = this.#linesPassed;
    let next = this.#nextNewline;
    while (next < this.#newlineOffsets.length && this.#newlineOffsets[next]! < end) next++;
    this.#linesPassed += next - this.#nextNewline;
    // A last row without a newline ends on the line after the newlines passed.
    const endsWithNewline = next > 0 && this.#newlineOffsets[next - 1] === end - 1;
    this.#nextNewline = next;
    let line = endsWithNewline ? this.#linesPassed : this.#linesPassed + 1;
    if (line > before + 1) for (const cell of row) line -= countNewlines(cell);
    this.cells.push(row);
    this.lines.push(line);
    return true;
  }

  /** Line after the last complete row: where a row that never ends began. */
  get unfinishedLine(): number {
    return this.#linesPassed + 1;
  }

  takeBatch(): CellBatch {
    const batch = { cells: this.cells, lines: this.lines };
    this.cells = [];
    this.lines = [];
    return batch;
  }
}

function countNewlines(cell: string): number {
  let count = 0;
  for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) count++;
  return count;
}

/**
 * The rows of a source, the header among them.
 *
 * @throws UserError data: those of the source; `bad_row` for a row that never ends, nearly always by its quotes
 */
export function readRows(source: ByteSource): AsyncGenerator<CellBatch> {
  return readCells(source.read(), { name: source.name, delimiter: ',', firstLine: 1 });
}

/**
 * The rows in bytes of a file.
 *
 * @throws UserError data: those of reading the bytes; `bad_row` for a row that never ends
 */
export async function* readCells(chunks: AsyncIterable<Buffer>, settings: CellSettings): AsyncGenerator<CellBatch> {
  const parser = new RowCollector({ ...OPTIONS, delimiter: settings.delimiter }, settings.firstLine);
  parser.on('error', () => {}); // the error reaches us through the callbacks below
  parser.resume();
  try {
    for await (const chunk of chunks) {
      parser.noteNewlines(chunk);
      // The parser keeps what it has not finished, and the chunk does not last.
      const kept = Buffer.from(chunk);
      await new Promise<void>((resolve, reject) => {
        parser.write(kept, (error) => (error ? reject(error) : resolve()));
      });
      if (parser.cells.length > 0) yield parser.takeBatch();
    }
    await new Promise<void>((resolve, reject) => {
      parser.once('error', reject);
      parser.end(resolve);
    });
    if (parser.cells.length > 0) yield parser.takeBatch();
  } catch (error) {
    throw error instanceof CsvError ? endlessRow(settings.name, parser.unfinishedLine, error) : error;
  } finally {
    parser.destroy();
  }
}

/** Cells of one line; of a line whose quotes are not closed the pieces between delimiters. */
export function splitCells(line: string, delimiter: string): readonly string[] {
  if (!line.includes('"')) return line.split(delimiter);
  try {
    return (parse(line, { ...OPTIONS, delimiter, record_delimiter: '\n' }) as string[][])[0] ?? [''];
  } catch {
    return line.split(delimiter);
  }
}

function endlessRow(file: string, line: number, cause: CsvError): UserError {
  return new UserError({
    code: 'bad_row',
    exitCode: EXIT.data,
    message: cause.code === 'CSV_QUOTE_NOT_CLOSED' ? 'a quote in this row is never closed' : 'this row never ends',
    place: { file, line },
    found: clipText(cause.message),
    expected: 'rows of at most 1 MiB, their quotes closed',
    hint: 'mend the quotes of this row',
    cause,
  });
}
