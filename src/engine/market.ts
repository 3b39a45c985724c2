/**
 * The market of a run: its symbols in the order of their names, so that the order of the input decides nothing, each with the
 * bar at hand. A step is one open time at which at least one symbol has a bar; the others stand still at their last prices.
 */

import type { Contract } from '../contract/contract.js';
import { invariant } from '../errors.js';
import { type Fraction, fractionOfF64 } from '../money/decimal.js';
import { BarCursor } from './barCursor.js';
import { CurrentBar } from './currentBar.js';
import type { SymbolInput } from './runInput.js';

/** One symbol of the market; `index` is its place in it. */
export interface MarketSymbol {
  readonly index: number;
  readonly contract: Contract;
  readonly input: SymbolInput;
  readonly bar: CurrentBar;
  readonly cursor: BarCursor;
}

export class Market {
  readonly symbols: readonly MarketSymbol[];
  /** Place of the first symbol of the input, the strategy's own. */
  readonly first: number;
  readonly #indexOf: ReadonlyMap<string, number>;
  openTimeMs = 0;
  closeTimeMs = 0;
  readonly intervalMs: number;

  constructor(inputs: readonly SymbolInput[]) {
    const [first] = inputs;
    invariant(first !== undefined, 'a run has at least one symbol');
    this.intervalMs = first.bars.intervalMs;
    const sorted = [...inputs].sort((a, b) => (a.contract.symbol < b.contract.symbol ? -1 : 1));
    this.symbols = sorted.map((input, index) => {
      const { contract, bars } = input;
      invariant(bars.intervalMs === this.intervalMs, () => `${contract.symbol} has bars of another length`);
      const bar = new CurrentBar(bars.intervalMs, input.hasMark);
      return { index, contract, input, bar, cursor: new BarCursor(bars.chunks) };
    });
    this.#indexOf = new Map(this.symbols.map(({ contract, index }) => [contract.symbol, index]));
    invariant(this.#indexOf.size === inputs.length, 'the symbols of a run differ');
    this.first = this.#indexOf.get(first.contract.symbol)!;
  }

  /** Place of a symbol; undefined when the run has none of that name. */
  indexOf(symbol: string): number | undefined {
    return this.#indexOf.get(symbol);
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

  /** Moves on to the next step. */
  load(): void {
    const openTimeMs = this.nextOpenMs;
    this.openTimeMs = openTimeMs;
    this.closeTimeMs = openTimeMs + this.intervalMs;
    for (const { cursor, bar } of this.symbols) {
      if (cursor.nextOpenMs === openTimeMs) {
        bar.load(cursor.chunk!, cursor.index);
        cursor.index += 1;
      } else if (bar.isKnown) {
        bar.hold(openTimeMs);
      }
    }
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
    return fractionOfF64(price, this.symbols[symbol]!.contract.priceDecimals);
  }

  async close(): Promise<void> {
    for (const { cursor } of this.symbols) await cursor.close();
  }
}
