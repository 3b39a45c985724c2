/**
 * A file of text as rows of candles: its first part settles the layout and gives a sample of rows; then the byte scanner reads it, and
 * csv-parse takes over from the first line with a quote, or with no end in sight. Both count the same lines.
 */

import { isUtf8 } from 'node:buffer';
import { EXIT, UserError } from '../errors.js';
import { CHUNK_BARS } from './barColumns.js';
import { ByteScanner, type ScanSettings } from './byteScanner.js';
import { looksLikeJson, openJsonFeed } from './jsonFeed.js';
import { readCells } from './reader.js';
import { RowBatch } from './rowBatch.js';
import { type RowFeed, type RowSettings, SAMPLE_ROWS } from './rowFeed.js';
import type { ByteSource } from './source.js';
import { type LayoutWish, requireTextLayout, type TextLayout } from './textLayout.js';
import { dayOfFileName } from './timestamps.js';

const LF = 10;
const CR = 13;
const QUOTE = 34;
/** The head ends when it has so many bytes, or all lines of the sample. */
const HEAD_BYTES = 1 << 20;
const HEAD_LINES = SAMPLE_ROWS + 50;
const MAX_LINE_BYTES = 1 << 20;

/** The first bytes of a file, and what follows them. */
interface Head {
  /** Without a byte-order mark. */
  readonly bytes: Buffer;
  readonly isWhole: boolean;
  readonly rest: AsyncGenerator<Buffer>;
}

async function readHead(chunks: AsyncGenerator<Buffer>): Promise<Head> {
  const parts: Buffer[] = [];
  let size = 0;
  let lines = 0;
  let isWhole = false;
  while (size < HEAD_BYTES && lines < HEAD_LINES) {
    const next = await chunks.next();
    if (next.done) {
      isWhole = true;
      break;
    }
    parts.push(Buffer.from(next.value));
    size += next.value.length;
    for (let at = next.value.indexOf(LF); at >= 0 && lines < HEAD_LINES; at = next.value.indexOf(LF, at + 1)) lines++;
  }
  const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return { bytes: hasMark ? bytes.subarray(3) : bytes, isWhole, rest: chunks };
}

/** Offset of the first byte after so many lines; the length when there are no more lines. */
function offsetAfter(bytes: Buffer, lines: number): number {
  let at = 0;
  for (let i = 0; i < lines; i++) {
    const end = bytes.indexOf(LF, at);
    if (end < 0) return bytes.length;
    at = end + 1;
  }
  return at;
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

async function* chain(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

async function collect(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(Buffer.from(chunk));
  return Buffer.concat(all);
}

/** The rows of the head; a last one that is not complete is left out. */
async function sampleRows(bytes: Buffer, isWhole: boolean, name: string, layout: TextLayout): Promise<string[][]> {
  const end = isWhole ? bytes.length : bytes.lastIndexOf(LF) + 1;
  const rows: string[][] = [];
  if (!bytes.includes(QUOTE)) {
    for (let from = 0; from < end && rows.length < SAMPLE_ROWS; ) {
      const next = bytes.indexOf(LF, from);
      const stop = next < 0 ? end : next;
      const text = bytes.toString('utf8', from, bytes[stop - 1] === CR ? stop - 1 : stop);
      if (text !== '') rows.push(text.split(layout.delimiter));
      from = stop + 1;
    }
    return rows;
  }
  const settings = { name, delimiter: layout.delimiter, firstLine: layout.linesBefore + 1 };
  try {
    for await (const batch of readCells(once(bytes.subarray(0, end)), settings))
      rows.push(...(batch.cells as string[][]));
  } catch (error) {
    // A quoted cell may go on after the head; if it never ends, reading will say so.
    if (rows.length === 0) throw error;
  }
  return rows.slice(0, SAMPLE_ROWS);
}

/**
 * Opens a file of text and settles its layout.
 *
 * @throws UserError data: those of the source; `empty_file`, `unknown_header`, `no_rows`
 */
export async function openTextFeed(source: ByteSource, wish: LayoutWish = {}): Promise<RowFeed> {
  const { name } = source;
  const head = await readHead(source.read());
  const end = head.isWhole ? head.bytes.length : head.bytes.lastIndexOf(LF) + 1;
  const lines = head.bytes.subarray(0, end === 0 ? head.bytes.length : end);
  // Names of columns from an older Windows program.
  const text = lines.toString(isUtf8(lines) ? 'utf8' : 'latin1');
  if (text.trim() === '') throw emptyFile(name);
  if (looksLikeJson(text)) return openJsonFeed((await collect(chain(head.bytes, head.rest))).toString('utf8'), name);
  const midnightMs = dayOfFileName(source.contentName);
  const layout = requireTextLayout(text, name, !Number.isNaN(midnightMs), wish);
  const data = head.bytes.subarray(offsetAfter(head.bytes, layout.linesBefore));
  const sample = await sampleRows(data, head.isWhole, name, layout);
  if (sample.length === 0 && head.isWhole) throw noRows(name);
  return {
    recognized: layout.recognized,
    delimiter: layout.delimiter,
    notes: layout.notes,
    sample,
    midnightMs,
    batches: (settings) => readBatches(data, head.rest, layout, settings, name),
    close: async () => {
      await head.rest.return(undefined);
    },
  };
}

async function* readBatches(
  data: Buffer,
  rest: AsyncGenerator<Buffer>,
  layout: TextLayout,
  settings: RowSettings,
  name: string,
): AsyncGenerator<RowBatch> {
  const { delimiter } = layout;
  const scanner = new ByteScanner({ ...settings, delimiter } satisfies ScanSettings, layout.linesBefore + 1);
  const batch = new RowBatch();
  const chunks = chain(data, rest);
  const joint = new Joint();
  for await (const chunk of chunks) {
    const bytes = joint.join(chunk);
    const quote = bytes.indexOf(QUOTE, joint.length);
    const end = (quote < 0 ? bytes.lastIndexOf(LF) : bytes.lastIndexOf(LF, quote)) + 1;
    if (end > 0) yield* scanAll(scanner, bytes.subarray(0, end), batch);
    joint.keep(bytes.subarray(end));
    if (quote >= 0 || joint.length > MAX_LINE_BYTES) {
      yield* readOdd(chain(joint.left(), chunks), { name, delimiter, firstLine: scanner.line }, batch);
      return;
    }
  }
  const left = joint.left();
  // A last line without a newline; with a lone CR it is no line of the usual kind.
  if (left.at(-1) === CR) yield* readOdd(once(left), { name, delimiter, firstLine: scanner.line }, batch);
  else if (left.length > 0) yield* scanAll(scanner, Buffer.concat([left, Buffer.from('\n')]), batch);
}

/** What is left of a chunk after its last line, put before the next chunk in a buffer that is used again. */
class Joint {
  /** Bytes that are kept. */
  length = 0;
  #buffer: Buffer = Buffer.allocUnsafe(1 << 16);

  /** The kept bytes and the chunk; valid until the next join. */
  join(chunk: Buffer): Buffer {
    if (this.length === 0) return chunk;
    this.#reserve(this.length + chunk.length);
    chunk.copy(this.#buffer, this.length);
    return this.#buffer.subarray(0, this.length + chunk.length);
  }

  /** Keeps these bytes, which may be part of those joined last. */
  keep(bytes: Buffer): void {
    this.length = 0;
    this.#reserve(bytes.length);
    bytes.copy(this.#buffer, 0);
    this.length = bytes.length;
  }

  left(): Buffer {
    return Buffer.from(this.#buffer.subarray(0, this.length));
  }

  #reserve(size: number): void {
    if (size <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(size * 2);
    this.#buffer.copy(larger, 0, 0, this.length);
    this.#buffer = larger;
  }
}

function* scanAll(scanner: ByteScanner, bytes: Buffer, batch: RowBatch): Generator<RowBatch> {
  scanner.load(bytes);
  for (scanner.scan(batch); batch.length > 0; scanner.scan(batch)) yield batch;
}

/** Rows by csv-parse: all of them are odd. */
async function* readOdd(
  chunks: AsyncIterable<Buffer>,
  settings: Parameters<typeof readCells>[1],
  batch: RowBatch,
): AsyncGenerator<RowBatch> {
  for await (const { cells, lines } of readCells(chunks, settings)) {
    for (let from = 0; from < cells.length; from += CHUNK_BARS) {
      batch.fillOdd(cells.slice(from, from + CHUNK_BARS), lines.slice(from, from + CHUNK_BARS));
      yield batch;
    }
  }
}

function emptyFile(file: string): UserError {
  return new UserError({
    code: 'empty_file',
    exitCode: EXIT.data,
    message: 'the file is empty',
    place: { file },
    expected: 'a header and rows',
  });
}

function noRows(file: string): UserError {
  return new UserError({
    code: 'no_rows',
    exitCode: EXIT.data,
    message: 'the file has a header, but no rows',
    place: { file },
    expected: 'at least one row that is a bar',
  });
}
