/**
 * The symbols that an account trades: its contracts by their place in the market, and the names by which its calls may mean them.
 * Accounts of one exchange share one of these. What is charged for them and what is held of them is not known here.
 */

import type { Contract } from '../contract/contract.js';
import { invariant } from '../errors.js';
import type { VenueRules } from '../venue/rules.js';
import type { Market } from './market.js';
import type { TradedContracts } from './runInput.js';

/** A contract and the place of its candles in the market. */
export interface TradedSymbol {
  readonly index: number;
  readonly contract: Contract;
}

export class TradedSymbols {
  /** By symbol; not empty. */
  readonly all: readonly TradedSymbol[];
  /** Symbols as rows show them. */
  readonly known: readonly string[];
  readonly #places: ReadonlyMap<string, number>;

  constructor(contracts: TradedContracts, { name: exchange, listing }: VenueRules, market: Market) {
    const all = market.symbols.flatMap(({ index, name }) => {
      const contract = contracts.get(name);
      return contract === undefined ? [] : [{ index, contract }];
    });
    this.all = all.sort((a, b) => (a.contract.symbol < b.contract.symbol ? -1 : 1));
    invariant(this.all.length > 0 && this.all.length === contracts.size, 'an account trades symbols of the run');
    this.known = this.all.map(({ contract }) => contract.symbol);
    const places = this.all.flatMap(({ index, contract: { symbol } }): [string, number][] =>
      [symbol, market.symbols[index]!.name, `${symbol}.${exchange}`, `${symbol}.${listing}`].map((name) => [
        name,
        index,
      ]),
    );
    this.#places = new Map(places);
    invariant(new Set(this.known).size === this.known.length, 'an exchange lists a symbol once');
  }

  /** Place in the market of what a call names: the symbol, also with the exchange; undefined for what is not traded. */
  find(name: string): number | undefined {
    return this.#places.get(name);
  }

  /** Place in the market of a contract of these. */
  placeOf({ symbol }: Contract): number {
    return this.#places.get(symbol)!;
  }
}

/** Gives accounts of one exchange the same traded symbols. */
export class TradedSymbolsCache {
  readonly #market: Market;
  readonly #known = new Map<TradedContracts, Map<string, TradedSymbols>>();

  constructor(market: Market) {
    this.#market = market;
  }

  of(contracts: TradedContracts, rules: VenueRules): TradedSymbols {
    const byExchange = this.#known.get(contracts) ?? new Map<string, TradedSymbols>();
    this.#known.set(contracts, byExchange);
    const symbols = byExchange.get(rules.name) ?? new TradedSymbols(contracts, rules, this.#market);
    byExchange.set(rules.name, symbols);
    return symbols;
  }
}
