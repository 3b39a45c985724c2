/**
 * A series of candles by way of the store: as it was told when its files were read, chunk by chunk, so that nobody can tell whether
 * they were read or not. A series that is not in the store is read, and put there when it has been read to its end.
 */

import { setImmediate } from 'node:timers/promises';
import type { BadRow } from './badRows.js';
import type { BarChunk, SeriesStats } from './bars.js';
import type { CandleStore, KeptCandles, SeriesKey } from './candleStore.js';
import { CandleFile } from './candleStoreFile.js';
import type { BarTime } from './dialects/layout.js';
import { type OpenedSeries, type OpenSeriesOptions, openBarSeries, type SeriesFile } from './openSeries.js';

/** What a series has told after a chunk, or after the last one. */
interface State {
  readonly stats: SeriesStats;
  /** Rows of each file. */
  readonly rows: readonly number[];
  readonly badRowCount: number;
  readonly assumptions: readonly string[];
  readonly badRows: readonly BadRow[];
}

/** A state as what is other than in the state before it. */
type Change = Partial<State>;

/** What a file of the store tells beside the columns. */
interface Told {
  readonly key: string;
  readonly symbol: string;
  readonly intervalMs: number;
  readonly dialect: string;
  readonly firstOpenMs: number | null;
  readonly files: readonly ToldFile[];
  readonly lengths: readonly number[];
  /** Before the first chunk, after each, and at the end. */
  readonly changes: readonly Change[];
}

interface ToldFile {
  readonly path: string;
  readonly dialect: string;
  readonly barTime: BarTime;
  readonly bytes: number;
  readonly sha256: string;
}

/** What is known of a file of the store without its bars. */
export interface StoredFacts {
  readonly symbol: string;
  readonly intervalMs: number;
  readonly bars: number;
  /** As they were named. */
  readonly paths: readonly string[];
}

/** @returns null for a file that is not whole. */
export function toldOf(path: string): StoredFacts | null {
  const file = CandleFile.open(path);
  if (file === null) return null;
  file.close();
  const { symbol, intervalMs, lengths, files } = file.told as Told;
  const bars = lengths.reduce((sum, length) => sum + length, 0);
  return { symbol, intervalMs, bars, paths: files.map((one) => one.path) };
}

/**
 * Opens a series, from the store where it is there.
 *
 * @throws UserError as openBarSeries
 */
export async function openStoredSeries(options: OpenSeriesOptions, store: CandleStore | null): Promise<OpenedSeries> {
  const key = store?.keyOf(options) ?? null;
  if (store === null || key === null) return await openBarSeries(options);
  const found = findSeries(store, key);
  if (found !== null) return found;
  const series = await openBarSeries(options);
  return keeping(series, key, store, options);
}

function findSeries(store: CandleStore, key: SeriesKey): OpenedSeries | null {
  const file = store.find(key);
  if (file === null) return null;
  const told = file.told as Told;
  if (told.key === key.text && file.holds(told.lengths)) return new StoredSeries(told, file);
  file.close();
  return null;
}

class StoredSeries implements OpenedSeries {
  readonly symbol: string;
  readonly intervalMs: number;
  readonly dialect: string;
  readonly firstOpenMs: number | null;
  readonly assumptions: string[];
  readonly stats: SeriesStats;
  readonly files: readonly SeriesFile[];
  readonly chunks: AsyncIterable<BarChunk>;
  badRows: readonly BadRow[];
  badRowCount: number;
  #rows: readonly number[];
  #isOpen = true;
  readonly #file: CandleFile;

  constructor(told: Told, file: CandleFile) {
    const first = told.changes[0] as State;
    this.symbol = told.symbol;
    this.intervalMs = told.intervalMs;
    this.dialect = told.dialect;
    this.firstOpenMs = told.firstOpenMs;
    this.assumptions = [...first.assumptions];
    this.stats = { ...first.stats };
    this.badRows = first.badRows;
    this.badRowCount = first.badRowCount;
    this.#rows = first.rows;
    this.#file = file;
    const rowsOf = (i: number): number => this.#rows[i]!;
    this.files = told.files.map(({ path, dialect, barTime, bytes, sha256 }, i) => ({
      ...{ path, dialect, barTime, bytes },
      get rows() {
        return rowsOf(i);
      },
      sha256: () => sha256,
    }));
    this.chunks = this.#read(told);
  }

  async *#read({ lengths, changes }: Told): AsyncGenerator<BarChunk> {
    try {
      let place = 1;
      for (const chunk of this.#file.chunks(lengths)) {
        this.#become(changes[place++]!);
        yield chunk;
        // Whatever else is due (a signal, a line of progress) has its turn.
        await setImmediate();
      }
      this.#become(changes[place]!);
    } finally {
      await this.close();
    }
  }

  #become({ stats, rows, badRows, badRowCount, assumptions }: Change): void {
    // Marks are counted by others, in the same place.
    if (stats !== undefined) Object.assign(this.stats, { ...stats, missingMarks: this.stats.missingMarks });
    if (rows !== undefined) this.#rows = rows;
    if (badRows !== undefined) this.badRows = badRows;
    if (badRowCount !== undefined) this.badRowCount = badRowCount;
    if (assumptions !== undefined) this.assumptions.splice(0, this.assumptions.length, ...assumptions);
  }

  async finish(): Promise<void> {
    await this.close();
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#file.close();
  }
}

/** A series that is put into the store while it is read. */
function keeping(series: OpenedSeries, key: SeriesKey, store: CandleStore, options: OpenSeriesOptions): OpenedSeries {
  const { symbol, intervalMs, dialect, assumptions, stats, files, firstOpenMs } = series;
  return {
    ...{ symbol, intervalMs, dialect, assumptions, stats, files, firstOpenMs },
    get badRows() {
      return series.badRows;
    },
    get badRowCount() {
      return series.badRowCount;
    },
    chunks: keepChunks(series, key, store, options),
    finish: () => series.finish(),
    close: () => series.close(),
  };
}

async function* keepChunks(
  series: OpenedSeries,
  key: SeriesKey,
  store: CandleStore,
  options: OpenSeriesOptions,
): AsyncGenerator<BarChunk> {
  let kept = store.begin(key);
  const changes = new Changes(series);
  const lengths: number[] = [];
  const orWithout = (act: (kept: KeptCandles) => void): void => {
    if (kept === null) return;
    try {
      act(kept);
    } catch {
      kept.abandon();
      kept = null;
    }
  };
  try {
    for await (const chunk of series.chunks) {
      orWithout(({ writer }) => {
        writer.add(chunk);
        lengths.push(chunk.length);
        changes.note();
        if (writer.size > store.limit) throw new Error('too large to be kept');
      });
      yield chunk;
    }
    await series.finish();
    orWithout((one) => {
      changes.note();
      // A file that was changed while it was read is not what its key says.
      if (store.keyOf(options)?.text !== key.text) throw new Error('changed');
      one.writer.finish(tell(series, key, lengths, changes.all));
      one.publish();
      kept = null;
    });
  } finally {
    // Reading ended before its end.
    kept?.abandon();
  }
}

function tell(series: OpenedSeries, key: SeriesKey, lengths: readonly number[], changes: readonly Change[]): Told {
  const { symbol, intervalMs, dialect, firstOpenMs } = series;
  const files = series.files.map((file) => {
    const { path, barTime, bytes } = file;
    return { path, dialect: file.dialect, barTime, bytes, sha256: file.sha256() };
  });
  return { key: key.text, symbol, intervalMs, dialect, firstOpenMs, files, lengths, changes };
}

/** The states of a series, each as what changed. */
class Changes {
  readonly all: Change[] = [];
  readonly #series: OpenedSeries;
  readonly #last = new Map<string, string>();

  constructor(series: OpenedSeries) {
    this.#series = series;
    this.note();
  }

  /** Adds the state as it is now. */
  note(): void {
    const { stats, files, assumptions, badRows, badRowCount } = this.#series;
    const state: State = {
      stats: { ...stats, missingMarks: 0 },
      rows: files.map(({ rows }) => rows),
      badRowCount,
      assumptions: [...assumptions],
      badRows,
    };
    const changed = Object.entries(state).filter(([name, value]) => {
      const text = JSON.stringify(value);
      if (this.#last.get(name) === text) return false;
      this.#last.set(name, text);
      return true;
    });
    this.all.push(Object.fromEntries(changed) as Change);
  }
}
