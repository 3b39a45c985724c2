/**
 * Streams of packed bytes → plain ones: gzip, Zstandard, and text in UTF-16. What a file is packed with is told by its first bytes. Zip
 * files are read in zip.ts and Parquet in parquetFeed.ts, because both must be whole to be read.
 */

import { Readable, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { EXIT, UserError } from '../errors.js';

/** The last four are known only to be refused by their names. */
export type Packing =
  | 'none'
  | 'gzip'
  | 'zstd'
  | 'zip'
  | 'parquet'
  | 'utf16le'
  | 'utf16be'
  | 'bzip2'
  | 'xz'
  | '7z'
  | 'arrow';

const MAGIC: readonly (readonly [string, Packing])[] = [
  ['1f8b', 'gzip'],
  ['28b52ffd', 'zstd'],
  ['504b0304', 'zip'],
  // An archive without entries.
  ['504b0506', 'zip'],
  ['50415231', 'parquet'],
  ['fffe', 'utf16le'],
  ['feff', 'utf16be'],
  ['425a68', 'bzip2'],
  ['fd377a58', 'xz'],
  ['377abcaf', '7z'],
  ['4152524f', 'arrow'],
  ['46454131', 'arrow'],
];

/** Packing by the first four bytes. */
export function packingOf(first: Buffer): Packing {
  const hex = first.toString('hex', 0, 4);
  return MAGIC.find(([magic]) => hex.startsWith(magic))?.[1] ?? 'none';
}

/**
 * The plain bytes of a packed stream.
 *
 * @throws UserError data: `bad_gzip`, `bad_zstd`; `not_text` for what cannot be unpacked as a stream
 */
export function unpack(packing: Packing, packed: AsyncIterable<Buffer>, file: string): AsyncGenerator<Buffer> {
  switch (packing) {
    case 'gzip':
      return throughStream(zlib.createGunzip({ chunkSize: 1 << 18 }), packed, file, 'gzip');
    case 'zstd':
      return unpackZstd(packed, file);
    case 'utf16le':
    case 'utf16be':
      return decodeUtf16(packed, packing === 'utf16le' ? 'utf-16le' : 'utf-16be');
    default:
      throw notRead(packing, file);
  }
}

const NAMES: Partial<Record<Packing, string>> = { parquet: 'Parquet', arrow: 'Arrow (Feather)' };

function notRead(packing: Packing, file: string): UserError {
  return new UserError({
    code: 'not_text',
    exitCode: EXIT.data,
    message: `the file is ${NAMES[packing] ?? packing}, which is not read here`,
    place: { file },
    expected: 'text, plain or packed by gzip, Zstandard or zip; candles also as Parquet or JSON',
    hint: packing === 'arrow' ? 'write it as Parquet or CSV' : 'unpack it, or write it as CSV',
  });
}

async function* throughStream(
  decoder: Transform,
  chunks: AsyncIterable<Buffer>,
  file: string,
  kind: 'gzip' | 'zstd',
): AsyncGenerator<Buffer> {
  const packed = Readable.from(chunks, { objectMode: false });
  packed.on('error', (error) => decoder.destroy(error));
  packed.pipe(decoder);
  try {
    for await (const chunk of decoder) yield chunk as Buffer;
  } catch (cause) {
    throw cause instanceof UserError ? cause : broken(kind, file, cause);
  } finally {
    packed.destroy();
    decoder.destroy();
  }
}

/** The platform's own decoder where it has one (Node 22.15 and later), else one in JavaScript. */
async function* unpackZstd(packed: AsyncIterable<Buffer>, file: string): AsyncGenerator<Buffer> {
  const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Transform };
  if (createZstdDecompress) {
    yield* throughStream(createZstdDecompress(), packed, file, 'zstd');
    return;
  }
  const { Decompress } = await import('fzstd');
  const out: Buffer[] = [];
  let isEnded = false;
  const decoder = new Decompress((bytes, isLast) => {
    if (bytes.length > 0) out.push(Buffer.from(bytes));
    isEnded ||= isLast ?? false;
  });
  try {
    for await (const chunk of packed) {
      decoder.push(new Uint8Array(chunk));
      yield* out.splice(0);
    }
    decoder.push(new Uint8Array(0), true);
  } catch (cause) {
    throw cause instanceof UserError ? cause : broken('zstd', file, cause);
  }
  yield* out.splice(0);
  if (!isEnded) throw broken('zstd', file, new Error('unexpected end of file'));
}

async function* decodeUtf16(chunks: AsyncIterable<Buffer>, encoding: 'utf-16le' | 'utf-16be'): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}

function broken(kind: 'gzip' | 'zstd', file: string, cause: unknown): UserError {
  return new UserError({
    code: `bad_${kind}`,
    exitCode: EXIT.data,
    message: `the ${kind} data are broken`,
    place: { file },
    found: (cause as Error).message,
    expected: `a complete ${kind} file`,
    hint: 'fetch the file again, or unpack it and see where it ends',
    cause,
  });
}
