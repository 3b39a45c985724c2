/**
 * Bytes of a file or of stdin. Knows by its first bytes how a file is packed, whatever its name says, and counts and hashes the raw
 * bytes as they pass, so that the manifest's hash costs no second reading. Knows nothing of rows.
 */

import { createHash } from 'node:crypto';
import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { EXIT, UserError } from '../errors.js';
import { type Packing, packingOf, unpack } from './unpack.js';
import { unzipOnly } from './zip.js';

const READ_SIZE = 1 << 19;
/** Enough to know every packing. */
const MAGIC_BYTES = 4;

/** How messages and the manifest name a path. */
export function nameOfPath(path: string): string {
  return path === '-' ? 'stdin' : path;
}

/** Bytes that can be read once. */
export class ByteSource {
  readonly path: string;
  /** For messages: the path, or `stdin`. */
  readonly name: string;
  /** Name of what is inside: that of the entry of a zip file once it has been opened, else the path. */
  contentName: string;
  /** Raw bytes read so far, packed when the file is. */
  byteCount = 0;
  readonly #stdin: Readable | undefined;
  #begun: { readonly first: Buffer; readonly raw: AsyncGenerator<Buffer> } | null = null;
  #hash = createHash('sha256');
  #isComplete = false;
  #digest: string | undefined;

  /** @param stdin what `-` reads; the process's own is not touched unless it is read */
  constructor(path: string, stdin?: Readable) {
    this.path = path;
    this.name = nameOfPath(path);
    this.contentName = path;
    this.#stdin = stdin;
  }

  /** How the file is packed. @throws UserError data: `file_not_found`, `file_unreadable` */
  async packing(): Promise<Packing> {
    const { first } = await this.#begin();
    return packingOf(first);
  }

  /**
   * The unpacked bytes, as UTF-8 where they are text. A chunk lasts until the next one is asked for.
   *
   * @throws UserError data: `file_not_found`, `file_unreadable`, `bad_gzip`, `bad_zstd`, `bad_zip`, `not_text` for Parquet
   */
  async *read(): AsyncGenerator<Buffer> {
    const { first, raw } = await this.#begin();
    try {
      const packing = packingOf(first);
      if (packing === 'zip') {
        const entry = await unzipOnly(Buffer.concat([first, ...(await collect(raw))]), this.name);
        this.contentName = entry.name;
        yield* entry.bytes;
      } else if (packing === 'none') {
        if (first.length > 0) yield first;
        yield* raw;
      } else yield* unpack(packing, copies(first, raw), this.name);
    } finally {
      await raw.return(undefined);
    }
  }

  /** All raw bytes. @throws UserError data: `file_not_found`, `file_unreadable` */
  async readRaw(): Promise<Buffer> {
    const { first, raw } = await this.#begin();
    return Buffer.concat([first, ...(await collect(raw))]);
  }

  /** Lets go of a file of which no more is read. */
  async close(): Promise<void> {
    await this.#begun?.raw.return(undefined);
  }

  /** Reads what was left of a file whose reading was cut short, so that sha256 is that of the whole file. */
  async finish(): Promise<void> {
    if (this.#isComplete || this.path === '-') return;
    this.#hash = createHash('sha256');
    this.byteCount = 0;
    for await (const _ of this.#stream());
  }

  /** SHA-256 of the raw bytes in hex, of those read when reading stopped early and `finish` was not called. */
  hash(): string {
    if (this.#digest !== undefined) return this.#digest;
    const digest = this.#hash.copy().digest('hex');
    if (this.#isComplete) this.#digest = digest;
    return digest;
  }

  /** The first bytes, and the stream that goes on after them. */
  async #begin(): Promise<{ first: Buffer; raw: AsyncGenerator<Buffer> }> {
    if (this.#begun === null) {
      const raw = this.#stream();
      this.#begun = { first: await readAtLeast(raw, MAGIC_BYTES), raw };
    }
    return this.#begun;
  }

  /** The raw bytes; each chunk lasts until the next one is asked for. */
  async *#stream(): AsyncGenerator<Buffer> {
    const chunks = this.path === '-' ? streamChunks(this.#stdin ?? process.stdin) : fileChunks(this.path);
    try {
      for await (const bytes of chunks) {
        this.#hash.update(bytes);
        this.byteCount += bytes.length;
        yield bytes;
      }
      this.#isComplete = true;
    } catch (cause) {
      throw this.#unreadable(cause);
    }
  }

  #unreadable(cause: unknown): UserError {
    const { code, message } = cause as NodeJS.ErrnoException;
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    return new UserError({
      code: isMissing ? 'file_not_found' : 'file_unreadable',
      exitCode: EXIT.data,
      message: isMissing ? 'there is no such file' : 'the file cannot be read',
      place: { file: this.name },
      ...(isMissing ? {} : { found: message }),
      cause,
    });
  }
}

async function* streamChunks(stream: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of stream) yield Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk as string);
}

/**
 * One buffer that is filled again and again. To wait for a read on another thread takes longer than the read, so it is made here and now;
 * between two reads whatever else is due (a signal, a line of progress) has its turn. What is no regular file may keep
 * its reader waiting, and is a stream.
 */
async function* fileChunks(path: string): AsyncGenerator<Buffer> {
  const file = openSync(path, 'r');
  try {
    if (fstatSync(file).isFile()) {
      const buffer = Buffer.allocUnsafe(READ_SIZE);
      for (let size = readSync(file, buffer); size > 0; size = readSync(file, buffer)) {
        yield buffer.subarray(0, size);
        await setImmediate();
      }
      return;
    }
    yield* streamChunks(createReadStream(path, { fd: file, autoClose: false, highWaterMark: READ_SIZE }));
  } finally {
    closeSync(file);
  }
}

/** The first chunks joined until there are `count` bytes, or all there are. */
async function readAtLeast(chunks: AsyncGenerator<Buffer>, count: number): Promise<Buffer> {
  let bytes: Buffer = Buffer.alloc(0);
  while (bytes.length < count) {
    const next = await chunks.next();
    if (next.done) break;
    bytes = Buffer.concat([bytes, next.value]);
  }
  return bytes;
}

async function collect(chunks: AsyncIterable<Buffer>): Promise<Buffer[]> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(Buffer.from(chunk));
  return all;
}

/** The chunks as copies, for whoever keeps them. */
async function* copies(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for await (const chunk of rest) yield Buffer.from(chunk);
}
