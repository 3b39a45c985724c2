/**
 * The data of a check, held whole: the market as it truly was, and the same market with another future after a cut. Reads the series
 * once, to the end. Which cuts are made, and what runs over them, is checkRuns.ts.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { SymbolInput } from '../engine/runInput.js';
import type { BarChunk, BarSeries, MarkColumns } from '../market/bars.js';
import { type FutureCopy, type Prices, writeFutureCopy } from '../strategy/lookAheadCopies.js';
import { createDraws, scrambleBars, scrambleFunding } from '../strategy/lookAheadScramble.js';
import type { SymbolDataRequest } from './dataOptions.js';
import type { RunData, SymbolData } from './runData.js';
import type { RunPlan } from './runPlan.js';

/** Bars of another future that are run: calls after the cut are not compared, so there need be few. */
const TAIL_BARS = 1000;

interface HeldSymbol {
  readonly data: SymbolData;
  readonly request: SymbolDataRequest;
  readonly contract: SymbolInput['contract'];
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
      const contract = plan.accounts.contracts.find(({ symbol }) => symbol === one.symbol)!;
      const request = plan.data.symbols.find(({ symbol }) => symbol === one.symbol)!;
      symbols.push({ data: one, request, contract, bars: await holdWhole(one.bars) });
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
      const { bars, contract, data } = held;
      const draw = createDraws(seed + i);
      // A symbol that has not begun keeps its first bar: prices are walked on from a close.
      const from = Math.max(1, findFirst(bars, cutMs));
      const to = withFiles ? bars.length : Math.min(bars.length, from + TAIL_BARS);
      const future = scrambleBars(bars, from, to, contract.tick, draw);
      const { funding } = data;
      const other = funding.kind === 'rates' ? scrambleFunding(funding.rates, cutMs, draw) : null;
      symbols.push(
        inputOf(
          held,
          [viewOf(bars, 0, from), viewOf(future, 0, Math.min(TAIL_BARS, future.length))],
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
    const places = new Map(Array.from(future.openTimeMs, (openTimeMs, i) => [openTimeMs, i]));
    const pricesIn = (columns: Pick<MarkColumns, 'open' | 'high' | 'low' | 'close'> | undefined) => {
      return (openTimeMs: number): Prices | null => {
        const i = places.get(openTimeMs);
        if (i === undefined || columns === undefined) return null;
        return [columns.open[i]!, columns.high[i]!, columns.low[i]!, columns.close[i]!];
      };
    };
    const copies: (string | null)[] = [];
    for (const [i, { path, role }] of filesOf(held.request).entries()) {
      const copy: FutureCopy = {
        path,
        kind: role === 'funding' ? 'funding' : 'candles',
        barTime: this.#plan.data.barTime,
        intervalMs: held.data.bars.intervalMs,
        cutMs,
        pricesAt: pricesIn(role === 'mark' ? future.mark : future),
      };
      copies.push(await writeFutureCopy(copy, join(folder, String(i))));
    }
    return copies;
  }
}

function filesOf(request: SymbolDataRequest): { path: string; role: 'bars' | 'mark' | 'funding' }[] {
  const { paths, markPaths, funding } = request;
  return [
    ...paths.map((path) => ({ path, role: 'bars' as const })),
    ...markPaths.map((path) => ({ path, role: 'mark' as const })),
    ...(funding.kind === 'file' ? [{ path: funding.path, role: 'funding' as const }] : []),
  ].filter(({ path }) => path !== '-');
}

function inputOf(held: HeldSymbol, chunks: readonly BarChunk[], funding: SymbolInput['funding']): SymbolInput {
  const { contract, data } = held;
  const { symbol, intervalMs, dialect, stats, assumptions } = data.bars;
  const bars = { symbol, intervalMs, dialect, stats, assumptions, chunks: streamOf(chunks) };
  return { contract, bars, hasMark: data.hasMark, funding };
}

async function* streamOf(chunks: readonly BarChunk[]): AsyncGenerator<BarChunk> {
  for (const chunk of chunks) if (chunk.length > 0) yield chunk;
}

const COLUMNS = ['openTimeMs', 'open', 'high', 'low', 'close', 'volume'] as const;
const MARK_COLUMNS = ['open', 'high', 'low', 'close', 'closedAtClose'] as const;

/** All bars of a series in one chunk. */
async function holdWhole(series: BarSeries): Promise<BarChunk> {
  const kept: BarChunk[] = [];
  for await (const chunk of series.chunks) kept.push(copyOf(viewOf(chunk, 0, chunk.length)));
  const length = kept.reduce((sum, chunk) => sum + chunk.length, 0);
  const join = <T extends Float64Array | Uint8Array>(whole: T, columnOf: (chunk: BarChunk) => T): T => {
    let at = 0;
    for (const chunk of kept) {
      whole.set(columnOf(chunk), at);
      at += chunk.length;
    }
    return whole;
  };
  const entries = COLUMNS.map((name) => [name, join(new Float64Array(length), (chunk) => chunk[name])]);
  const columns = Object.fromEntries(entries) as Omit<BarChunk, 'length'>;
  if (kept[0]?.mark === undefined) return { length, ...columns };
  const marks = MARK_COLUMNS.map((name) => {
    const empty = name === 'closedAtClose' ? new Uint8Array(length) : new Float64Array(length);
    return [name, join(empty, (chunk) => chunk.mark![name])];
  });
  return { length, ...columns, mark: Object.fromEntries(marks) as MarkColumns };
}

/** Bars `from` to `to` as views of the same columns. */
function viewOf(chunk: BarChunk, from: number, to: number): BarChunk {
  return mapColumns(chunk, to - from, (column) => column.subarray(from, to));
}

function copyOf(chunk: BarChunk): BarChunk {
  return mapColumns(chunk, chunk.length, (column) => column.slice());
}

type Column = Float64Array | Uint8Array;

function mapColumns(chunk: BarChunk, length: number, map: (column: Column) => Column): BarChunk {
  const columns = Object.fromEntries(COLUMNS.map((name) => [name, map(chunk[name])])) as unknown as BarChunk;
  const { mark } = chunk;
  if (mark === undefined) return { ...columns, length };
  const marks = Object.fromEntries(MARK_COLUMNS.map((name) => [name, map(mark[name])])) as unknown as MarkColumns;
  return { ...columns, length, mark: marks };
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
