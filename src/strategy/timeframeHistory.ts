/**
 * What `context.timeframe` gives: the closed bars of a longer length, made from the bars that the strategy has been shown, when
 * they are read. Nothing is made for a strategy that does not ask. A bar is there once it has ended; a first one whose beginning
 * the strategy was not shown is left out, because it would be wrong.
 */

import { EXIT, UserError } from '../errors.js';
import { formatInterval, INTERVAL_TOKENS, lengthOfToken } from '../market/intervals.js';
import { History } from './history.js';
import type { BarHistory, Column } from './strategy.js';
import { bucketStartOf, GrowingBar } from './timeframes.js';

/** How far the run has come, as the engine keeps it. */
export interface TimeframeClock {
  /** Close of the step at hand. */
  readonly timeMs: number;
  /** Close of the last bar that the data have and the strategy was not shown; −Infinity when it was shown all. */
  readonly unseenUntilMs: number;
}

class ColumnOnRead implements Column {
  readonly #column: Column;
  readonly #catchUp: () => void;

  constructor(column: Column, catchUp: () => void) {
    this.#column = column;
    this.#catchUp = catchUp;
  }

  get length(): number {
    this.#catchUp();
    return this.#column.length;
  }

  at(index: number): number {
    this.#catchUp();
    return this.#column.at(index);
  }
}

class TimeframeHistory implements BarHistory {
  readonly openTimeMs: Column;
  readonly open: Column;
  readonly high: Column;
  readonly low: Column;
  readonly close: Column;
  readonly volume: Column;
  readonly #base: History;
  readonly #baseMs: number;
  readonly #lengthMs: number;
  readonly #clock: TimeframeClock;
  readonly #closed: History;
  readonly #growing = new GrowingBar();
  /** Start of the bucket at hand; NaN when there is none. */
  #startMs = Number.NaN;
  /** Number of the next base bar to be read. */
  #read: number;
  /** Bars that begin before this lack their beginning. */
  readonly #fromMs: number;

  constructor(symbol: string, base: History, baseMs: number, lengthMs: number, clock: TimeframeClock) {
    this.#base = base;
    this.#baseMs = baseMs;
    this.#lengthMs = lengthMs;
    this.#clock = clock;
    this.#closed = new History(symbol);
    this.#read = base.first;
    const droppedMs = base.droppedOpenMs + baseMs;
    this.#fromMs = droppedMs;
    base.tellBeforeDrop(() => this.#readNew());
    const catchUp = (): void => this.#catchUp();
    this.openTimeMs = new ColumnOnRead(this.#closed.openTimeMs, catchUp);
    this.open = new ColumnOnRead(this.#closed.open, catchUp);
    this.high = new ColumnOnRead(this.#closed.high, catchUp);
    this.low = new ColumnOnRead(this.#closed.low, catchUp);
    this.close = new ColumnOnRead(this.#closed.close, catchUp);
    this.volume = new ColumnOnRead(this.#closed.volume, catchUp);
  }

  get length(): number {
    this.#catchUp();
    return this.#closed.length;
  }

  /** Reads the base bars that are new, and completes the bucket that has ended by now. */
  #catchUp(): void {
    this.#readNew();
    if (this.#startMs + this.#lengthMs <= this.#clock.timeMs) this.#complete();
  }

  #readNew(): void {
    const { first, length } = this.#base;
    for (const end = first + length; this.#read < end; this.#read += 1) this.#take(this.#read - first);
  }

  /** @param i place among the base bars that are kept. */
  #take(i: number): void {
    const base = this.#base;
    const startMs = bucketStartOf(base.openTimeMs.at(i) + this.#baseMs, this.#lengthMs);
    if (startMs < Math.max(this.#clock.unseenUntilMs, this.#fromMs)) return;
    if (startMs !== this.#startMs) {
      this.#complete();
      this.#startMs = startMs;
    }
    this.#growing.add(base.open.at(i), base.high.at(i), base.low.at(i), base.close.at(i), base.volume.at(i));
  }

  #complete(): void {
    this.#growing.complete(this.#closed, this.#startMs, this.#startMs + this.#lengthMs);
    this.#startMs = Number.NaN;
  }
}

/** The longer timeframes of a run, made when they are first asked for. */
export class TimeframeHistories {
  readonly #baseMs: number;
  readonly #clock: TimeframeClock;
  /** By base history, then by token. */
  readonly #made = new Map<History, Map<string, BarHistory>>();

  /** @param baseMs length of the bars of the run's data. */
  constructor(baseMs: number, clock: TimeframeClock) {
    this.#baseMs = baseMs;
    this.#clock = clock;
  }

  /**
   * The closed bars of a length; the base bars themselves where it is theirs.
   *
   * @param token one of INTERVAL_TOKENS, as the strategy's author wrote it.
   * @throws UserError `bad_timeframe`, exit 1, for any other text and for a length that is no multiple of the base bars'.
   */
  of(token: string, symbol: string, base: History): BarHistory {
    const made = this.#made.get(base)?.get(token);
    if (made !== undefined) return made;
    const lengthMs = requireTimeframe(token, this.#baseMs);
    const history =
      lengthMs === this.#baseMs ? base : new TimeframeHistory(symbol, base, this.#baseMs, lengthMs, this.#clock);
    this.#made.set(base, (this.#made.get(base) ?? new Map<string, BarHistory>()).set(token, history));
    return history;
  }
}

function requireTimeframe(token: string, baseMs: number): number {
  const lengthMs = lengthOfToken(token);
  if (lengthMs !== undefined && lengthMs % baseMs === 0) return lengthMs;
  throw new UserError({
    code: 'bad_timeframe',
    exitCode: EXIT.strategy,
    message:
      lengthMs === undefined
        ? 'context.timeframe was asked for a length that is none'
        : `context.timeframe cannot make bars of ${token} from bars of ${formatInterval(baseMs)}`,
    found: String(token),
    expected:
      lengthMs === undefined
        ? `one of ${INTERVAL_TOKENS.join(', ')}`
        : `a multiple of ${formatInterval(baseMs)}, the length of the candles`,
  });
}
