/**
 * When the strategy of the reference engine is called, on which bars, and what it is shown before the run's start. Written from the
 * text on timeframes and warm-up; the calls themselves are the engine's.
 */

import type { RunInput } from '../../engine/runInput.js';
import type { Bar } from '../../strategy/strategy.js';
import { endOfStretch, longerBars, timeframeLength } from './timeframe.js';

/** Bars of one close that are shown and not settled. */
export interface ShownStep {
  readonly closeTimeMs: number;
  readonly bars: readonly ShownBar[];
}

/** A bar with the name of its candles. */
export interface ShownBar {
  readonly series: string;
  readonly bar: Bar;
}

export class Schedule {
  private readonly baseMs: number;
  /** Null: the strategy is called on every step. */
  private readonly lengthMs: number | null;
  private readonly series: RunInput['symbols'];
  /** Candles shown so far, by name. */
  private readonly shown: ReadonlyMap<string, Bar[]>;
  private lastCloseMs = Number.NEGATIVE_INFINITY;
  /** Close of the bar that the strategy is called on. */
  private calledOnMs = Number.NEGATIVE_INFINITY;
  /** Close of the last candle that the strategy was not shown. */
  private unseenUntilMs = Number.NEGATIVE_INFINITY;

  /** How many bars the strategy keeps. */
  private readonly keep: number;
  /** By name and length: the close of the last candle that was not kept when a timeframe was first asked for. */
  private readonly firstAsked = new Map<string, number>();

  constructor({ symbols, timeframeMs, strategy }: Pick<RunInput, 'symbols' | 'timeframeMs' | 'strategy'>) {
    this.keep = strategy.history ?? Number.POSITIVE_INFINITY;
    this.baseMs = symbols[0]!.bars.intervalMs;
    this.lengthMs = timeframeMs === undefined || timeframeMs === this.baseMs ? null : timeframeMs;
    this.shown = new Map(symbols.map(({ name }) => [name, []]));
    this.series = symbols;
  }

  /** The candles that a name is for: their own, the symbol's at their venue, or the symbol's first. */
  private candlesOf(name: string): readonly Bar[] {
    return this.shown.get(this.seriesOf(name))!;
  }

  private seriesOf(name: string): string {
    const { series } = this;
    const found =
      series.find((each) => each.name === name) ??
      series.find(({ symbol, venue }) => venue !== null && `${symbol}.${venue}` === name) ??
      series.find(({ symbol }) => symbol === name);
    if (found === undefined) throw new Error(`no bars of ${name}`);
    return found.name;
  }

  /** The last bars before the run's start, as many as the strategy asked for, and the beginning of one that the start cuts. */
  warmUpOn(before: readonly ShownBar[], count: number, startMs: number): ShownStep[] {
    const closes = [...new Set(before.map(({ bar }) => bar.closeTimeMs))].sort((a, b) => a - b);
    const endOf = (closeMs: number): number => this.endOf(closeMs);
    const cutMs = this.lengthMs === null ? null : endOf(startMs + this.baseMs);
    const whole = [...new Set(closes.map(endOf))].filter((endMs) => endMs !== cutMs);
    const kept = new Set([...(count === 0 ? [] : whole.slice(-count)), cutMs]);
    this.unseenUntilMs = closes.findLast((closeMs) => !kept.has(endOf(closeMs))) ?? Number.NEGATIVE_INFINITY;
    return closes
      .filter((closeMs) => closeMs > this.unseenUntilMs)
      .map((closeTimeMs) => ({ closeTimeMs, bars: before.filter(({ bar }) => bar.closeTimeMs === closeTimeMs) }));
  }

  /** Shows the bars of a step that has closed, and says on which bars the strategy is called now: the closes of them. */
  show({ closeTimeMs, bars }: ShownStep): number[] {
    for (const { series, bar } of bars) this.shown.get(series)!.push(bar);
    const beforeMs = this.lastCloseMs;
    this.lastCloseMs = closeTimeMs;
    const ends = beforeMs === Number.NEGATIVE_INFINITY ? [] : [this.endOf(beforeMs)];
    return [...new Set([...ends, this.endOf(closeTimeMs)])].filter((endMs) => endMs > beforeMs && endMs <= closeTimeMs);
  }

  /** From now on the strategy is called on the bars of this close. */
  callOn(closeMs: number): void {
    this.calledOnMs = closeMs;
  }

  /** A number that no other bar has. */
  calledOn(): number {
    return this.calledOnMs;
  }

  /** The bars that the strategy is called on: the past up to the one at hand. */
  bars(name: string): readonly Bar[] {
    const candles = this.candlesOf(name);
    if (this.lengthMs === null) return candles.slice(-this.keep);
    return longerBars(candles, this.lengthMs, Number.NEGATIVE_INFINITY, this.calledOnMs).slice(-this.keep);
  }

  /** The bar at hand. */
  bar(name: string): Bar | undefined {
    const newest = this.bars(name).at(-1);
    return newest?.closeTimeMs === this.calledOnMs ? newest : undefined;
  }

  /** The bars of a length that have ended, but a first one whose beginning was not shown. */
  timeframe(length: string, name: string, timeMs: number): readonly Bar[] {
    const lengthMs = timeframeLength(length, this.baseMs);
    const candles = this.candlesOf(name);
    if (lengthMs === this.baseMs) return candles.slice(-this.keep);
    const key = JSON.stringify([lengthMs, this.seriesOf(name)]);
    const dropped = candles.length > this.keep ? candles.at(-this.keep - 1)!.closeTimeMs : Number.NEGATIVE_INFINITY;
    const since = this.firstAsked.get(key) ?? dropped;
    this.firstAsked.set(key, since);
    return longerBars(candles, lengthMs, Math.max(this.unseenUntilMs, since), timeMs);
  }

  private endOf(closeMs: number): number {
    return this.lengthMs === null ? closeMs : endOfStretch(closeMs, this.lengthMs);
  }
}
