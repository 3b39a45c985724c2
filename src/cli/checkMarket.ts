/**
 * The data of a check, held whole: the market as it truly was, and the same market with another future after a cut. Reads the series
 * once, to the end. Which cuts are made, and what runs over them, is checkRuns.ts.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { SymbolInput } from '../engine/runInput.js';
import type { BarChunk, MarkColumns } from '../market/bars.js';
import { sliceOf } from '../market/fineBars.js';
import type { Fraction } from '../money/decimal.js';
import { type FutureCopy, type Prices, writeFutureCopy } from '../strategy/lookAheadCopies.js';
import { createDraws, scrambleBars, scrambleFunding } from '../strategy/lookAheadScramble.js';
import type { SymbolDataRequest } from './dataOptions.js';
import { scrambleDetail } from './detailFuture.js';
import { holdWhole } from './heldBars.js';
import type { RunData, SymbolData } from './runData.js';
import type { RunPlan } from './runPlan.js';

/** Bars of another future that are run: calls after the cut are not compared, so there need be few. */
const TAIL_BARS = 1000;

interface HeldSymbol {
  readonly data: SymbolData;
  readonly request: SymbolDataRequest;
  /** Of the first contract that its prices are of. */
  readonly tick: Fraction;
  readonly bars: BarChunk;
}

/** A market to run over. */
export interface World {
  readonly symbols: readonly SymbolInput[];
}

/** A market whose future is another. */
export interface OtherWorld extends World {
  /** What stands in for the data files, by their place in `CheckMarket.files`; null for one that cannot be copied. */
  readonly copies: readonly (string | null)[];
  /** Removes the copies. */
  remove(): void;
}

export class CheckMarket {
  /** Every file with data of the run, absolute. */
  readonly files: readonly string[];
  /** Closes of the steps of the run, ascending. */
  readonly closesMs: readonly number[];
  readonly #symbols: readonly HeldSymbol[];
  readonly #plan: RunPlan;

  private constructor(plan: RunPlan, symbols: readonly HeldSymbol[], cwd: string) {
    this.#plan = plan;
    this.#symbols = symbols;
    this.closesMs = closesOf(plan, symbols);
    this.files = symbols.flatMap(({ request }) => filesOf(request).map(({ path }) => resolve(cwd, path)));
  }

  /** @throws UserError exit 3 for rows that are not what they should be */
  static async load(plan: RunPlan, data: RunData, cwd: string): Promise<CheckMarket> {
    const symbols: HeldSymbol[] = [];
    for (const one of data.symbols) {
      const { tick } = plan.accounts.contracts.find(({ series }) => series === one.name)!.contract;
      const request = plan.data.symbols.find(({ name }) => name === one.name)!;
      symbols.push({ data: one, request, tick, bars: await holdWhole(one.bars) });
    }
    return new CheckMarket(plan, symbols, cwd);
  }

  /** The market as it was. */
  truth(): World {
    return { symbols: this.#symbols.map((one) => inputOf(one, [one.bars], one.data.funding)) };
  }

  /**
   * The market as it was up to a close, with other prices and other funding after it.
   *
   * @param withFiles whether copies of the data files with that future are written too.
   */
  async another(cutMs: number, seed: number, withFiles: boolean): Promise<OtherWorld> {
    const folder = withFiles ? mkdtempSync(join(tmpdir(), 'backtest-future-')) : null;
    const copies: (string | null)[] = [];
    const symbols: SymbolInput[] = [];
    for (const [i, held] of this.#symbols.entries()) {
      const { bars, tick, data } = held;
      const draw = createDraws(seed + i);
      // A symbol that has not begun keeps its first bar: prices are walked on from a close.
      const from = Math.max(1, findFirst(bars, cutMs));
      const to = withFiles ? bars.length : Math.min(bars.length, from + TAIL_BARS);
      const prices = scrambleBars(bars, from, to, tick, draw);
      const { funding } = data;
      const other = funding.kind === 'rates' ? scrambleFunding(funding.rates, cutMs, draw) : null;
      const future = withDetail(held, from, prices, draw);
      symbols.push(
        inputOf(
          held,
          [sliceOf(bars, 0, from), sliceOf(future, 0, Math.min(TAIL_BARS, future.length))],
          other === null ? funding : { kind: 'rates', rates: other },
        ),
      );
      if (folder !== null) copies.push(...(await this.#copyFiles(held, future, cutMs, join(folder, String(i)))));
    }
    const remove = (): void => {
      if (folder !== null) rmSync(folder, { recursive: true, force: true });
    };
    return { symbols, copies, remove };
  }

  async #copyFiles(held: HeldSymbol, future: BarChunk, cutMs: number, folder: string): Promise<(string | null)[]> {
    const { intervalMs } = held.data.bars;
    const pricesIn = (
      { openTimeMs: opens }: BarChunk,
      columns: Pick<MarkColumns, 'open' | 'high' | 'low' | 'close'> | undefined,
    ) => {
      const places = new Map(Array.from(opens, (openTimeMs, i) => [openTimeMs, i]));
      return (openTimeMs: number): Prices | null => {
        const i = places.get(openTimeMs);
        if (i === undefined || columns === undefined) return null;
        return [columns.open[i]!, columns.high[i]!, columns.low[i]!, columns.close[i]!];
      };
    };
    const fine = future.fine?.bars ?? future;
    const sources = {
      bars: { intervalMs, pricesAt: pricesIn(future, future) },
      mark: { intervalMs, pricesAt: pricesIn(future, future.mark) },
      detail: { intervalMs: held.data.fineIntervalMs ?? intervalMs, pricesAt: pricesIn(fine, fine) },
      funding: { intervalMs, pricesAt: () => null },
    };
    const copies: (string | null)[] = [];
    for (const [i, { path, role }] of filesOf(held.request).entries()) {
      const copy: FutureCopy = {
        path,
        kind: role === 'funding' ? 'funding' : 'candles',
        ...{ barTime: null, ...this.#plan.data.reading },
        cutMs,
        ...sources[role],
      };
      copies.push(await writeFutureCopy(copy, join(folder, String(i))));
    }
    return copies;
  }
}

function filesOf(request: SymbolDataRequest): { path: string; role: 'bars' | 'mark' | 'detail' | 'funding' }[] {
  const { paths, markPaths, detailPaths, funding } = request;
  return [
    ...paths.map((path) => ({ path, role: 'bars' as const })),
    ...markPaths.map((path) => ({ path, role: 'mark' as const })),
    ...detailPaths.map((path) => ({ path, role: 'detail' as const })),
    ...(funding.kind === 'file' ? [{ path: funding.path, role: 'funding' as const }] : []),
  ].filter(({ path }) => path !== '-');
}

/** Another future with the finer candles that it would have been made of. */
function withDetail({ bars, data }: HeldSymbol, from: number, future: BarChunk, draw: () => number): BarChunk {
  const { fine } = bars;
  const { fineIntervalMs: fineMs } = data;
  if (fine === undefined || fineMs === null) return future;
  const lengths = { fineMs, perBar: data.bars.intervalMs / fineMs };
  return { ...future, fine: scrambleDetail({ ...bars, fine }, from, future, lengths, draw) };
}

function inputOf(held: HeldSymbol, chunks: readonly BarChunk[], funding: SymbolInput['funding']): SymbolInput {
  const { name, symbol, venue, hasMark, fineIntervalMs } = held.data;
  const { intervalMs, dialect, stats, assumptions } = held.data.bars;
  const bars = { symbol, intervalMs, dialect, stats, assumptions, chunks: streamOf(chunks) };
  return { name, symbol, venue, bars, hasMark, fineIntervalMs, funding };
}

async function* streamOf(chunks: readonly BarChunk[]): AsyncGenerator<BarChunk> {
  for (const chunk of chunks) if (chunk.length > 0) yield chunk;
}

/** The first bar that opens at this time or later; all bars where none does. */
function findFirst({ openTimeMs, length }: BarChunk, timeMs: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (openTimeMs[middle]! < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function closesOf(plan: RunPlan, symbols: readonly HeldSymbol[]): number[] {
  const { fromMs, toMs } = plan.data;
  const opens = new Set<number>();
  for (const { bars } of symbols) {
    const from = fromMs === null ? 0 : findFirst(bars, fromMs);
    const to = toMs === null ? bars.length : findFirst(bars, toMs);
    for (let i = from; i < to; i++) opens.add(bars.openTimeMs[i]!);
  }
  const intervalMs = symbols[0]!.data.bars.intervalMs;
  return [...opens].sort((a, b) => a - b).map((openMs) => openMs + intervalMs);
}
