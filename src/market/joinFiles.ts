/**
 * Several files of one symbol → one run of bars in ascending time. Files are put in order by their first bar. Where two
 * overlap they must hold the same bars, which are then passed on once; any other overlap is an error, because one of
 * the files must be wrong and nothing says which.
 */

import { EXIT, UserError } from '../errors.js';
import { BarColumns, CHUNK_BARS, type LocatedChunk } from './barColumns.js';
import { formatTime } from './timestamps.js';

/** A file as the join sees it. */
export interface JoinableFile {
  readonly name: string;
  chunks(): AsyncGenerator<LocatedChunk>;
}

/** The place reached in one file. */
class FileCursor {
  readonly name: string;
  readonly #chunks: AsyncGenerator<LocatedChunk>;
  #chunk: LocatedChunk | null = null;
  #i = 0;

  constructor(file: JoinableFile) {
    this.name = file.name;
    this.#chunks = file.chunks();
  }

  get timeMs(): number {
    return this.#chunk!.openTimeMs[this.#i]!;
  }

  get line(): number {
    return this.#chunk!.line[this.#i]!;
  }

  /** Goes to the next bar within the chunk; false when there is none and `load` is needed. */
  step(): boolean {
    return ++this.#i < this.#chunk!.length;
  }

  /** Goes to the first bar of the next chunk; false at the end of the file. */
  async load(): Promise<boolean> {
    const next = await this.#chunks.next();
    this.#chunk = next.done ? null : next.value;
    this.#i = 0;
    return !next.done;
  }

  copyTo(out: BarColumns): void {
    out.addFrom(this.#chunk!, this.#i, this.line);
  }

  hasSameBar(other: FileCursor): boolean {
    const [a, b, i, j] = [this.#chunk!, other.#chunk!, this.#i, other.#i];
    return (
      a.open[i] === b.open[j] &&
      a.high[i] === b.high[j] &&
      a.low[i] === b.low[j] &&
      a.close[i] === b.close[j] &&
      Object.is(a.volume[i], b.volume[j])
    );
  }

  async close(): Promise<void> {
    await this.#chunks.return(undefined);
  }
}

function overlapError(a: FileCursor, b: FileCursor, found: string): UserError {
  return new UserError({
    code: 'overlapping_files',
    exitCode: EXIT.data,
    message: `${a.name} and ${b.name} overlap and do not agree`,
    place: { file: b.name, line: b.line },
    found: `${found}; ${a.name} line ${a.line} is at ${formatTime(a.timeMs)}, ${b.name} line ${b.line} at ${formatTime(b.timeMs)}`,
    expected: 'files of one symbol that follow one another, or hold the same bars where they overlap',
    hint: 'leave one of the files out, or cut the common part from it',
  });
}

/** All files that hold the time must hold the same bar. Returns how many duplicates there are. */
function requireAgreement(active: readonly FileCursor[], timeMs: number): number {
  const leader = active.find((cursor) => cursor.timeMs === timeMs)!;
  for (const cursor of active) {
    if (cursor.timeMs !== timeMs) throw overlapError(cursor, leader, 'a bar that only one of them has');
    if (!cursor.hasSameBar(leader)) throw overlapError(leader, cursor, 'two different bars for one time');
  }
  return active.length - 1;
}

async function advance(active: readonly FileCursor[]): Promise<FileCursor[]> {
  const left: FileCursor[] = [];
  for (const cursor of active) if (cursor.step() || (await cursor.load())) left.push(cursor);
  return left;
}

/**
 * The bars of all files, ascending. The chunk is used again for the next one.
 *
 * @param onDuplicates called with the number of bars left out because another file holds them too
 * @throws UserError data: those of reading; `overlapping_files`
 */
export async function* joinFiles(
  files: readonly JoinableFile[],
  intervalMs: number,
  onDuplicates: (count: number) => void,
): AsyncGenerator<LocatedChunk> {
  if (files.length === 1) {
    yield* files[0]!.chunks();
    return;
  }
  const cursors = files.map((file) => new FileCursor(file));
  const out = new BarColumns();
  try {
    for (const cursor of cursors) await cursor.load();
    const pending = [...cursors].sort((a, b) => a.timeMs - b.timeMs);
    let active: FileCursor[] = [];
    let last: { cursor: FileCursor; timeMs: number } | undefined;
    while (active.length > 0 || pending.length > 0) {
      const timeMs = Math.min(...active.map((c) => c.timeMs), pending[0]?.timeMs ?? Number.POSITIVE_INFINITY);
      while (pending[0]?.timeMs === timeMs) active.push(pending.shift()!);
      const duplicates = requireAgreement(active, timeMs);
      if (duplicates > 0) onDuplicates(duplicates);
      const cursor = active[0]!;
      if (last && timeMs - last.timeMs < intervalMs) throw straddling(last.cursor.name, last.timeMs, cursor);
      cursor.copyTo(out);
      last = { cursor, timeMs };
      if (out.length === CHUNK_BARS) {
        yield out;
        out.clear();
      }
      active = await advance(active);
    }
    if (out.length > 0) yield out;
  } finally {
    for (const cursor of cursors) await cursor.close();
  }
}

function straddling(lastName: string, lastMs: number, cursor: FileCursor): UserError {
  return new UserError({
    code: 'overlapping_files',
    exitCode: EXIT.data,
    message: `${lastName} and ${cursor.name} overlap and do not agree`,
    place: { file: cursor.name, line: cursor.line },
    found: `a bar at ${formatTime(cursor.timeMs)}, before the bar of ${formatTime(lastMs)} has ended`,
    expected: 'files of one symbol that follow one another, or hold the same bars where they overlap',
    hint: 'leave one of the files out, or cut the common part from it',
  });
}
