/**
 * A file of the store of parsed candles: the columns of each chunk as raw little-endian float64, one after another, then what is told of them
 * as JSON, then lengths and checksums. It is written chunk by chunk and read in large pieces; a file that is cut short or damaged is
 * no file. What the JSON means is candleStoreSeries.ts's.
 */

import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import type { BarChunk } from './bars.js';

const COLUMNS = ['openTimeMs', 'open', 'high', 'low', 'close', 'volume'] as const;
const BYTES_A_BAR = COLUMNS.length * 8;
/** Four bytes of name, then lengths and checksums of both parts. */
const TRAILER_BYTES = 24;
const NAME = 0x31_43_54_42;
/** Bytes that are read at once to be checked. */
const CHECKED_AT_ONCE = 1 << 20;

/** Goes on from `sum` over whole words of four bytes; any changed, missing or moved word gives another sum. */
function checksum(words: Int32Array, sum: number): number {
  let result = sum;
  for (let i = 0; i < words.length; i++) result = (Math.imul(result, 31) + words[i]!) | 0;
  return result;
}

/** Text is padded to whole words. */
function wordsOf(bytes: Buffer): Int32Array {
  const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  padded.set(bytes);
  return new Int32Array(padded.buffer);
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}

/** Reads exactly so many bytes. @throws Error where there are fewer */
function readAll(file: number, bytes: Uint8Array, position: number): void {
  for (let filled = 0; filled < bytes.length; ) {
    const size = readSync(file, bytes, filled, bytes.length - filled, position + filled);
    if (size === 0) throw new Error('the file has become shorter');
    filled += size;
  }
}

/** Columns of one chunk in a row, used again for the next. */
class Block {
  #numbers = new Float64Array(0);

  /** Room for so many bars. */
  numbers(length: number): Float64Array {
    const needed = length * COLUMNS.length;
    if (this.#numbers.length < needed) this.#numbers = new Float64Array(needed);
    return this.#numbers.subarray(0, needed);
  }
}

function bytesOf(numbers: Float64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

/** Writes a file. Every call may throw an error of the system. */
export class CandleFileWriter {
  /** Bytes written so far. */
  size = 0;
  readonly #file: number;
  readonly #block = new Block();
  #sum = 0;

  /** @throws Error of the system; also when there is such a file. */
  constructor(path: string) {
    this.#file = openSync(path, 'wx');
  }

  add(chunk: BarChunk): void {
    const { length } = chunk;
    const numbers = this.#block.numbers(length);
    COLUMNS.forEach((name, i) => {
      numbers.set(chunk[name].subarray(0, length), i * length);
    });
    const bytes = bytesOf(numbers);
    this.#sum = checksum(new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4), this.#sum);
    writeAll(this.#file, bytes);
    this.size += bytes.length;
  }

  /** Completes the file. @param told as JSON. */
  finish(told: unknown): void {
    const text = Buffer.from(JSON.stringify(told));
    const trailer = Buffer.alloc(TRAILER_BYTES);
    trailer.writeUInt32LE(NAME, 0);
    trailer.writeInt32LE(this.#sum, 4);
    trailer.writeInt32LE(checksum(wordsOf(text), text.length), 8);
    trailer.writeUInt32LE(text.length, 12);
    trailer.writeDoubleLE(this.size, 16);
    writeAll(this.#file, Buffer.concat([text, trailer]));
    this.close();
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** A file whose every byte has been checked. */
export class CandleFile {
  readonly told: unknown;
  readonly #file: number;
  readonly #bytes: number;

  private constructor(file: number, told: unknown, bytes: number) {
    this.#file = file;
    this.told = told;
    this.#bytes = bytes;
  }

  /** @returns null for a file that is not there, or not whole. */
  static open(path: string): CandleFile | null {
    let file: number;
    try {
      file = openSync(path, 'r');
    } catch {
      return null;
    }
    try {
      const { told, bytes } = readChecked(file, fstatSync(file).size);
      return new CandleFile(file, told, bytes);
    } catch {
      closeSync(file);
      return null;
    }
  }

  /** The chunks as they were added. @param lengths of each. A chunk lasts until the next one is asked for. */
  *chunks(lengths: readonly number[]): Generator<BarChunk> {
    const block = new Block();
    let position = 0;
    for (const length of lengths) {
      const numbers = block.numbers(length);
      readAll(this.#file, bytesOf(numbers), position);
      position += numbers.byteLength;
      const column = (i: number): Float64Array => numbers.subarray(i * length, (i + 1) * length);
      const [openTimeMs, open, high, low, close, volume] = [0, 1, 2, 3, 4, 5].map(column) as Columns;
      yield { length, openTimeMs, open, high, low, close, volume };
    }
  }

  /** Whether chunks of these lengths are what the file holds. */
  holds(lengths: readonly number[]): boolean {
    return lengths.reduce((sum, length) => sum + length, 0) * BYTES_A_BAR === this.#bytes;
  }

  close(): void {
    closeSync(this.#file);
  }
}

type Columns = [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];

/** @throws Error for a file that is not whole */
function readChecked(file: number, size: number): { told: unknown; bytes: number } {
  const trailer = Buffer.alloc(TRAILER_BYTES);
  readAll(file, trailer, Math.max(0, size - TRAILER_BYTES));
  const textBytes = trailer.readUInt32LE(12);
  const bytes = trailer.readDoubleLE(16);
  const isWhole = trailer.readUInt32LE(0) === NAME && bytes + textBytes + TRAILER_BYTES === size;
  if (!isWhole) throw new Error('not a whole file');
  const text = Buffer.alloc(textBytes);
  readAll(file, text, bytes);
  if (checksum(wordsOf(text), textBytes) !== trailer.readInt32LE(8)) throw new Error('damaged text');
  const words = new Int32Array(Math.min(CHECKED_AT_ONCE, bytes) / 4);
  let sum = 0;
  for (let position = 0; position < bytes; position += CHECKED_AT_ONCE) {
    const part = words.subarray(0, Math.min(CHECKED_AT_ONCE, bytes - position) / 4);
    readAll(file, new Uint8Array(part.buffer, 0, part.byteLength), position);
    sum = checksum(part, sum);
  }
  if (sum !== trailer.readInt32LE(4)) throw new Error('damaged columns');
  return { told: JSON.parse(text.toString()), bytes };
}
