/**
 * Parquet files as rows of candles. The file is held packed, its row groups are unpacked one after another, and only the columns that
 * candles need. Cells become text as a text file would have them, so that one set of rules reads both; the line of a row is its
 * number. The only file that knows the Parquet library, which is loaded when a first such file is opened.
 */

import type { FileMetaData } from 'hyparquet';
import { EXIT, UserError } from '../errors.js';
import { CHUNK_BARS } from './barColumns.js';
import { type RecognizedDialect, requireDialect } from './dialects/dialects.js';
import { RowBatch } from './rowBatch.js';
import { type RowFeed, SAMPLE_ROWS } from './rowFeed.js';
import type { ByteSource } from './source.js';

/** A file that is held whole, as the library reads it. */
interface HeldFile {
  readonly byteLength: number;
  slice(start: number, end?: number): ArrayBuffer;
}

function heldFile(bytes: Buffer): HeldFile {
  const { buffer, byteOffset, byteLength } = bytes;
  return {
    byteLength,
    slice: (start, end) => (buffer as ArrayBuffer).slice(byteOffset + start, byteOffset + (end ?? byteLength)),
  };
}

/** Times become ms since 1970 as text; decimals and integers as they are printed; nothing becomes an empty cell. */
const PARSERS = {
  timestampFromMilliseconds: (ms: bigint): bigint => ms,
  timestampFromMicroseconds: (us: bigint): bigint => us / 1000n,
  timestampFromNanoseconds: (ns: bigint): bigint => ns / 1_000_000n,
  dateFromDays: (days: number): number => days * 86_400_000,
};

function cellOf(value: unknown): string {
  return value === null || value === undefined ? '' : String(value);
}

function broken(file: string, cause: unknown): UserError {
  return new UserError({
    code: 'bad_parquet',
    exitCode: EXIT.data,
    message: 'the Parquet file cannot be read',
    place: { file },
    found: (cause as Error).message,
    expected: 'a complete Parquet file of plain columns',
    hint: 'write the file again, or convert it to CSV',
    cause,
  });
}

/** A Parquet file of which rows can be asked for by their numbers. */
class ParquetTable {
  readonly header: readonly string[];
  readonly rowGroups: readonly number[];
  readonly #file: HeldFile;
  readonly #metadata: FileMetaData;
  readonly #name: string;

  private constructor(file: HeldFile, metadata: FileMetaData, name: string) {
    this.#file = file;
    this.#metadata = metadata;
    this.#name = name;
    this.header = metadata.schema.slice(1).map((element) => element.name);
    this.rowGroups = metadata.row_groups.map((group) => Number(group.num_rows));
  }

  static async open(bytes: Buffer, name: string): Promise<ParquetTable> {
    const file = heldFile(bytes);
    try {
      const { parquetMetadataAsync } = await import('hyparquet');
      return new ParquetTable(file, await parquetMetadataAsync(file), name);
    } catch (cause) {
      throw broken(name, cause);
    }
  }

  /** Cells of rows `from` to before `to`; empty in columns that are not wanted. */
  async read(from: number, to: number, wanted: ReadonlySet<number>): Promise<string[][]> {
    const rows = Array.from({ length: to - from }, () => this.header.map(() => ''));
    try {
      const [{ parquetRead }, { compressors }] = await Promise.all([
        import('hyparquet'),
        import('hyparquet-compressors'),
      ]);
      await parquetRead({
        file: this.#file,
        metadata: this.#metadata,
        compressors,
        parsers: PARSERS,
        columns: this.header.filter((_, at) => wanted.has(at)),
        rowStart: from,
        rowEnd: to,
        onChunk: ({ columnName, columnData, rowStart }) => {
          const at = this.header.indexOf(columnName);
          for (let i = 0; i < columnData.length; i++) {
            const row = rows[rowStart + i - from];
            if (row) row[at] = cellOf(columnData[i]);
          }
        },
      });
    } catch (cause) {
      throw broken(this.#name, cause);
    }
    return rows;
  }
}

/** The columns that candles of this layout are made of. */
function wantedColumns({ layout }: RecognizedDialect): ReadonlySet<number> {
  const { time, clock, open, high, low, close, volume, symbol, confirm, keys } = layout;
  return new Set([time, clock, open, high, low, close, volume, symbol, confirm, ...keys].filter((at) => at >= 0));
}

async function* readBatches(table: ParquetTable, wanted: ReadonlySet<number>): AsyncGenerator<RowBatch> {
  const batch = new RowBatch();
  let from = 0;
  for (const rows of table.rowGroups) {
    const cells = await table.read(from, from + rows, wanted);
    for (let i = 0; i < rows; i += CHUNK_BARS) {
      const part = cells.slice(i, i + CHUNK_BARS);
      const first = from + i + 1;
      batch.fillOdd(
        part,
        part.map((_, k) => first + k),
      );
      yield batch;
    }
    from += rows;
  }
}

/**
 * Opens a Parquet file of candles.
 *
 * @throws UserError data: those of the source; `bad_parquet`, also while the rows are read; `unknown_header`, `no_rows`
 */
export async function openParquetFeed(source: ByteSource): Promise<RowFeed> {
  const { name } = source;
  const table = await ParquetTable.open(await source.readRaw(), name);
  const recognized = requireDialect(table.header, name);
  const wanted = wantedColumns(recognized);
  const sample = await table.read(0, Math.min(SAMPLE_ROWS, sum(table.rowGroups)), wanted);
  if (sample.length === 0) {
    throw new UserError({
      code: 'no_rows',
      exitCode: EXIT.data,
      message: 'the file has columns, but no rows',
      place: { file: name },
      expected: 'at least one row that is a bar',
    });
  }
  return {
    recognized,
    delimiter: '',
    notes: [],
    sample,
    midnightMs: Number.NaN,
    batches: () => readBatches(table, wanted),
    close: async () => {},
  };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
