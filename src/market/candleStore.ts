/**
 * The folder of parsed candles: a file for each series that was read to its end, by what it was read from and how. A file whose key is another is
 * never found, so nothing has to be renewed. What cannot be read or written is as good as not there: nothing here fails a
 * run. Files appear whole, and the ones used least recently go when there is too much.
 */

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, unlinkSync, utimesSync } from 'node:fs';
import { endianness } from 'node:os';
import { join, resolve } from 'node:path';
import { CandleFile, CandleFileWriter } from './candleStoreFile.js';
import type { OpenSeriesOptions } from './openSeries.js';

/** Rises when the same file would be stored otherwise. */
const STORE_VERSION = 1;
/** Bytes of all files together. */
export const STORE_LIMIT = 2 * 2 ** 30;
/** What was begun so long ago is not being written any more. */
const STALE_MS = 86_400_000;
/** A file that was changed so shortly before it was read may be changed again without its time showing it. */
const SETTLED_MS = 50;
/** The same where the times of files are whole seconds. */
const SETTLED_COARSELY_MS = 2500;

const ENDING = '.candles';
const PARTIAL = '.partial';

/** Where parsed candles are kept. */
export interface CandleStoreSettings {
  readonly folder: string;
  /** The program that reads, with its version: what another one has read is not believed. */
  readonly program: string;
  /** Milliseconds of the clock that file times are of. */
  readonly nowMs: () => number;
  /** Bytes of all files together. */
  readonly limit?: number;
}

/** What a series is read from and how; equal texts mean equal bars. */
export interface SeriesKey {
  readonly text: string;
  /** Whether the files have been left alone for long enough that a change would show. */
  readonly isSettled: boolean;
}

/**
 * The key of a series; null where its files cannot be told apart from others: stdin, or what is no regular file.
 *
 * @param program that reads. @param nowMs time of the clock that file times are of.
 */
function keyOfSeries(options: OpenSeriesOptions, program: string, nowMs: number): SeriesKey | null {
  const files: string[] = [];
  let isSettled = true;
  for (const path of options.paths) {
    const stats = path === '-' ? undefined : statSync(path, { bigint: true, throwIfNoEntry: false });
    if (stats?.isFile() !== true) return null;
    const { dev, ino, size, mtimeNs, ctimeNs } = stats;
    files.push([path, resolve(path), dev, ino, size, mtimeNs, ctimeNs].join('\n'));
    const isCoarse = mtimeNs % 1_000_000_000n === 0n;
    const changedMs = Number((mtimeNs > ctimeNs ? mtimeNs : ctimeNs) / 1_000_000n);
    if (Math.abs(nowMs - changedMs) < (isCoarse ? SETTLED_COARSELY_MS : SETTLED_MS)) isSettled = false;
  }
  const { paths: _, ...how } = options;
  const named = Object.entries(how).sort(([a], [b]) => (a < b ? -1 : 1));
  return { text: JSON.stringify([STORE_VERSION, program, named, files]), isSettled };
}

/** A file that is being written. */
export interface KeptCandles {
  readonly writer: CandleFileWriter;
  /** Puts the written file in its place. */
  publish(): void;
  /** Leaves nothing. */
  abandon(): void;
}

export class CandleStore {
  readonly folder: string;
  readonly limit: number;
  readonly #settings: CandleStoreSettings;

  constructor(settings: CandleStoreSettings) {
    this.folder = settings.folder;
    this.limit = settings.limit ?? STORE_LIMIT;
    this.#settings = settings;
  }

  /** The key of a series as of now; null where its files cannot be told apart from others: stdin, or what is no regular file. */
  keyOf(options: OpenSeriesOptions): SeriesKey | null {
    return keyOfSeries(options, this.#settings.program, this.#settings.nowMs());
  }

  /** The file of a key; null when there is none that is whole. Whoever gets it closes it. */
  find(key: SeriesKey): CandleFile | null {
    if (endianness() !== 'LE') return null;
    const path = this.#placeOf(key);
    const file = CandleFile.open(path);
    const seconds = this.#settings.nowMs() / 1000;
    if (file !== null) quietly(() => utimesSync(path, seconds, seconds));
    return file;
  }

  /** Begins the file of a key; null where nothing can be kept. */
  begin(key: SeriesKey): KeptCandles | null {
    if (endianness() !== 'LE' || !key.isSettled) return null;
    const path = this.#placeOf(key);
    try {
      mkdirSync(this.folder, { recursive: true });
      const partial = `${path}.${process.pid}-${process.hrtime.bigint()}${PARTIAL}`;
      const writer = new CandleFileWriter(partial);
      return {
        writer,
        publish: () => {
          renameSync(partial, path);
          this.#removeOldest();
        },
        abandon: () => {
          quietly(() => writer.close());
          quietly(() => unlinkSync(partial));
        },
      };
    } catch {
      return null;
    }
  }

  /** Every file of the store, the one used last first. */
  list(): StoredFile[] {
    const files: StoredFile[] = [];
    for (const name of namesIn(this.folder)) {
      if (!name.endsWith(ENDING)) continue;
      const path = join(this.folder, name);
      const stats = statSync(path, { throwIfNoEntry: false });
      if (stats !== undefined) files.push({ path, bytes: stats.size, usedMs: stats.mtimeMs });
    }
    return files.sort((a, b) => b.usedMs - a.usedMs);
  }

  /** Removes every file. @returns how many. @throws Error of the system for one that cannot be removed */
  clear(): number {
    const names = namesIn(this.folder).filter((name) => name.endsWith(ENDING) || name.endsWith(PARTIAL));
    for (const name of names) rmSync(join(this.folder, name), { force: true });
    return names.filter((name) => name.endsWith(ENDING)).length;
  }

  #placeOf({ text }: SeriesKey): string {
    return join(this.folder, `${createHash('sha256').update(text).digest('hex').slice(0, 40)}${ENDING}`);
  }

  #removeOldest(): void {
    let bytes = 0;
    for (const file of this.list()) {
      bytes += file.bytes;
      if (bytes > this.limit) quietly(() => unlinkSync(file.path));
    }
    for (const name of namesIn(this.folder)) {
      if (!name.endsWith(PARTIAL)) continue;
      const path = join(this.folder, name);
      quietly(() => {
        if (this.#settings.nowMs() - statSync(path).mtimeMs > STALE_MS) unlinkSync(path);
      });
    }
  }
}

/** A file of the store. */
export interface StoredFile {
  readonly path: string;
  readonly bytes: number;
  /** When it was used last, milliseconds. */
  readonly usedMs: number;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function quietly(act: () => void): void {
  try {
    act();
  } catch {
    // The store is the worse for it, the run is not.
  }
}
