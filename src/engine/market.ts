/**
 * The market of a run: its symbols in the order of their names, so that the order of the input decides nothing, each with the
 * bar at hand. A step is one open time at which at least one symbol has a bar; the others stand still at their last prices. Where
 * finer bars cover every bar of a step it is settled in as many parts.
 */

import type { Contract } from '../contract/contract.js';
import { invariant } from '../errors.js';
import { type Fraction, fractionOfF64 } from '../money/decimal.js';
import { BarCursor } from './barCursor.js';
import { CurrentBar } from './currentBar.js';
import { RecentExtremes } from './recentExtremes.js';
import type { AccountInput, SymbolInput } from './runInput.js';

/** The candles of one symbol; `index` is their place in the market. */
export interface MarketSymbol {
  readonly index: number;
  readonly name: string;
  /** Those that accounts trade on these candles, in account order: one for each exchange. */
  readonly contracts: readonly Contract[];
  readonly input: SymbolInput;
  readonly bar: CurrentBar;
  /** Of the bars before the one at hand, as far back as anybody asks. */
  readonly recent: RecentExtremes;
  readonly cursor: BarCursor;
}

export class Market {
  readonly symbols: readonly MarketSymbol[];
  /** Place of the first symbol of the input, the strategy's own. */
  readonly first: number;
  readonly #indexOf: ReadonlyMap<string, number>;
  /** Of what is loaded: the step, or one finer bar of it. */
  openTimeMs = 0;
  closeTimeMs = 0;
  readonly intervalMs: number;
  /** Length of finer bars; null without. */
  readonly fineIntervalMs: number | null;
  /** Counts what has been loaded, steps and finer bars alike, from 0. */
  loaded = 0;
  #stepOpenMs = 0;
  #partMs = 0;

  constructor(inputs: readonly SymbolInput[], accounts: readonly Pick<AccountInput, 'contracts'>[]) {
    const [first] = inputs;
    invariant(first !== undefined, 'a run has at least one symbol');
    this.intervalMs = first.bars.intervalMs;
    this.fineIntervalMs = first.fineIntervalMs;
    const sorted = [...inputs].sort((a, b) => (a.name < b.name ? -1 : 1));
    const tables = [...new Set(accounts.map(({ contracts }) => contracts))];
    this.symbols = sorted.map((input, index) => {
      const { name, bars } = input;
      const isOne = bars.intervalMs === this.intervalMs && input.fineIntervalMs === this.fineIntervalMs;
      invariant(isOne, () => `${name} has bars of another length`);
      const bar = new CurrentBar(bars.intervalMs, input.hasMark);
      const contracts = [...new Set(tables.flatMap((table) => table.get(name) ?? []))];
      return { index, name, contracts, input, bar, recent: new RecentExtremes(), cursor: new BarCursor(bars.chunks) };
    });
    this.#indexOf = new Map(this.symbols.map(({ name, index }) => [name, index]));
    invariant(this.#indexOf.size === inputs.length, 'the symbols of a run differ');
    this.first = this.#indexOf.get(first.name)!;
  }

  /** Place of the candles of a name. */
  placeOf(name: string): number {
    return this.#indexOf.get(name)!;
  }

  /** Fetches what is missing to know the next open time; false when no more bars come. */
  async fetch(): Promise<boolean> {
    for (const { cursor } of this.symbols) if (cursor.isEmpty) await cursor.fetch();
    return this.symbols.some(({ cursor }) => !cursor.isOver);
  }

  /** Whether the next step is known without fetching. */
  get isReady(): boolean {
    return this.symbols.every(({ cursor }) => !cursor.isEmpty) && this.symbols.some(({ cursor }) => !cursor.isOver);
  }

  get nextOpenMs(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { cursor } of this.symbols) if (cursor.nextOpenMs < next) next = cursor.nextOpenMs;
    return next;
  }

  /** Moves on to the next step. @returns in how many parts it is to be settled: its finer bars, or itself. */
  advance(): number {
    const openTimeMs = this.nextOpenMs;
    let isCovered = this.fineIntervalMs !== null;
    for (const { cursor } of this.symbols) {
      if (!cursor.take(openTimeMs)) continue;
      const { fine } = cursor.chunk!;
      if (fine === undefined || fine.first[cursor.taken]! < 0) isCovered = false;
    }
    this.#stepOpenMs = openTimeMs;
    this.#partMs = isCovered ? this.fineIntervalMs! : this.intervalMs;
    return this.intervalMs / this.#partMs;
  }

  /** Loads a part of the step at hand, from 0 on. */
  load(part: number): void {
    const lengthMs = this.#partMs;
    const openTimeMs = this.#stepOpenMs + part * lengthMs;
    this.openTimeMs = openTimeMs;
    this.closeTimeMs = openTimeMs + lengthMs;
    const isFine = lengthMs !== this.intervalMs;
    for (const { cursor, bar } of this.symbols) {
      if (cursor.taken >= 0) {
        const { fine } = cursor.chunk!;
        if (isFine) bar.load(fine!.bars, fine!.first[cursor.taken]! + part, lengthMs);
        else bar.load(cursor.chunk!, cursor.taken);
      } else if (bar.isKnown) {
        bar.hold(openTimeMs, lengthMs);
      }
    }
  }

  /** What is loaded has been settled: its prices are past. */
  remember(): void {
    for (const { bar, recent } of this.symbols) {
      if (bar.isPresent) recent.push(this.loaded, bar.last.low, bar.last.high);
    }
    this.loaded += 1;
  }

  /** Forgets the extremes of the past; nobody asks for them again. */
  forget(): void {
    for (const { recent } of this.symbols) recent.clear();
  }

  /** Passes over the next step, telling each bar of it. */
  passOver(onBar: (symbol: MarketSymbol) => void): void {
    const openTimeMs = this.nextOpenMs;
    for (const symbol of this.symbols) {
      if (symbol.cursor.nextOpenMs !== openTimeMs) continue;
      onBar(symbol);
      symbol.cursor.index += 1;
    }
  }

  /** Exact fraction of a price of a symbol's data. */
  exact(symbol: number, price: number): Fraction {
    return fractionOfF64(price, this.symbols[symbol]!.contracts[0]!.priceDecimals);
  }

  async close(): Promise<void> {
    for (const { cursor } of this.symbols) await cursor.close();
  }
}
