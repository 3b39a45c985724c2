/**
 * Zip files of one entry, as exchanges publish their months. The archive is held whole; its entry is unpacked as a stream and checked
 * against the archive's own checksum. Folders, and what macOS adds beside a file, are no entries.
 */

import { crc32 } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';
import { EXIT, UserError } from '../errors.js';

export interface ZipEntry {
  readonly name: string;
  readonly bytes: AsyncGenerator<Buffer>;
}

function badZip(file: string, found: string, cause?: unknown): UserError {
  return new UserError({
    code: 'bad_zip',
    exitCode: EXIT.data,
    message: 'the zip file cannot be read',
    place: { file },
    found,
    expected: 'a complete zip file, not encrypted',
    hint: 'fetch the file again, or unpack it',
    cause,
  });
}

function isFile({ fileName }: Entry): boolean {
  return !fileName.endsWith('/') && !fileName.startsWith('__MACOSX/') && !/(^|\/)\.DS_Store$/.test(fileName);
}

function requireOne(entries: readonly Entry[], file: string): Entry {
  const files = entries.filter(isFile);
  if (files.length === 1) return files[0]!;
  const names = files.slice(0, 3).map(({ fileName }) => fileName);
  throw new UserError({
    code: 'bad_zip',
    exitCode: EXIT.data,
    message: files.length === 0 ? 'the zip file is empty' : 'the zip file holds several files',
    place: { file },
    found: `${files.length} files${files.length === 0 ? '' : `: ${names.join(', ')}${files.length > 3 ? ', …' : ''}`}`,
    expected: 'one file',
    hint: 'unpack it and give the file that is meant',
  });
}

async function* checkedBytes(zip: ZipFile, entry: Entry, file: string): AsyncGenerator<Buffer> {
  let sum = 0;
  try {
    const stream = await zip.openReadStreamPromise(entry);
    for await (const chunk of stream) {
      sum = crc32(chunk as Buffer, sum);
      yield chunk as Buffer;
    }
  } catch (cause) {
    throw badZip(file, (cause as Error).message, cause);
  }
  if (sum !== entry.crc32) throw badZip(file, `${entry.fileName} does not have the checksum of the archive`);
}

/** The only file in a zip archive. @throws UserError data, `bad_zip`, also while the bytes are read */
export async function unzipOnly(archive: Buffer, file: string): Promise<ZipEntry> {
  const { fromBufferPromise } = await import('yauzl');
  const entries: Entry[] = [];
  let zip: ZipFile;
  try {
    zip = await fromBufferPromise(archive, { lazyEntries: true, autoClose: false });
    for await (const entry of zip.eachEntry()) entries.push(entry);
  } catch (cause) {
    throw badZip(file, (cause as Error).message, cause);
  }
  const entry = requireOne(entries, file);
  return { name: entry.fileName, bytes: checkedBytes(zip, entry, file) };
}
