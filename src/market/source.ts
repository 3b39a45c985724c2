/**
 * Bytes of a file or of stdin. Unpacks gzip by its magic number, whatever the name says, and counts and hashes the raw
 * bytes as they pass, so that the manifest's hash costs no second reading. Knows nothing of rows.
 */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { EXIT, UserError } from '../errors.js';

const READ_SIZE = 1 << 18;

/** How messages and the manifest name a path. */
export function nameOfPath(path: string): string {
  return path === '-' ? 'stdin' : path;
}

/** Bytes that can be read once. */
export class ByteSource {
  readonly path: string;
  /** For messages: the path, or `stdin`. */
  readonly name: string;
  /** Raw bytes read so far, packed when the file is. */
  byteCount = 0;
  readonly #stdin: Readable | undefined;
  #hash = createHash('sha256');
  #isComplete = false;
  #digest: string | undefined;

  /** @param stdin what `-` reads; the process's own is not touched unless it is read */
  constructor(path: string, stdin?: Readable) {
    this.path = path;
    this.name = nameOfPath(path);
    this.#stdin = stdin;
  }

  /**
   * The unpacked bytes.
   *
   * @throws UserError data: `file_not_found`, `file_unreadable`, `bad_gzip`
   */
  async *read(): AsyncGenerator<Buffer> {
    const raw = this.#readRaw();
    try {
      const first = await readAtLeast(raw, 2);
      const isGzip = first.length >= 2 && first[0] === 0x1f && first[1] === 0x8b;
      if (isGzip) {
        yield* this.#unpack(first, raw);
        return;
      }
      if (first.length > 0) yield first;
      yield* raw;
    } finally {
      await raw.return(undefined);
    }
  }

  /** Reads what was left of a file whose reading was cut short, so that sha256 is that of the whole file. */
  async finish(): Promise<void> {
    if (this.#isComplete || this.path === '-') return;
    this.#hash = createHash('sha256');
    this.byteCount = 0;
    for await (const _ of this.#readRaw());
  }

  /** SHA-256 of the raw bytes in hex, of those read when reading stopped early and `finish` was not called. */
  hash(): string {
    if (this.#digest !== undefined) return this.#digest;
    const digest = this.#hash.copy().digest('hex');
    if (this.#isComplete) this.#digest = digest;
    return digest;
  }

  async *#readRaw(): AsyncGenerator<Buffer> {
    const stream =
      this.path === '-' ? (this.#stdin ?? process.stdin) : createReadStream(this.path, { highWaterMark: READ_SIZE });
    try {
      for await (const chunk of stream) {
        const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk as string);
        this.#hash.update(bytes);
        this.byteCount += bytes.length;
        yield bytes;
      }
      this.#isComplete = true;
    } catch (cause) {
      throw this.#unreadable(cause);
    }
  }

  async *#unpack(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const gunzip = createGunzip({ chunkSize: 1 << 16 });
    const packed = Readable.from(concatenate(first, rest), { objectMode: false });
    packed.on('error', (error) => gunzip.destroy(error));
    packed.pipe(gunzip);
    try {
      for await (const chunk of gunzip) yield chunk as Buffer;
    } catch (cause) {
      if (cause instanceof UserError) throw cause;
      throw new UserError({
        code: 'bad_gzip',
        exitCode: EXIT.data,
        message: 'the gzip data are broken',
        place: { file: this.name },
        found: (cause as Error).message,
        expected: 'a complete gzip file',
        hint: 'fetch the file again, or unpack it and see where it ends',
        cause,
      });
    } finally {
      packed.destroy();
      gunzip.destroy();
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

/** The first chunks joined until there are `count` bytes, or all there are. */
async function readAtLeast(chunks: AsyncGenerator<Buffer>, count: number): Promise<Buffer> {
  let bytes: Buffer = Buffer.alloc(0);
  while (bytes.length < count) {
    const next = await chunks.next();
    if (next.done) break;
    bytes = bytes.length === 0 ? next.value : Buffer.concat([bytes, next.value]);
  }
  return bytes;
}

async function* concatenate(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}
