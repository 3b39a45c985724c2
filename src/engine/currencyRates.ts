/**
 * Rates between currencies by the prices of the run itself (contract/currencyLinks.ts says which symbols give them). For totals in
 * one currency after the fact; no strategy and no rule of settlement sees a converted figure.
 */

import { type CurrencyLink, findRoute, linksOf, type Route } from '../contract/currencyLinks.js';
import type { Fraction } from '../money/decimal.js';
import { ONE, over, times } from '../money/fractions.js';
import type { Currency } from '../money/units.js';
import type { Market } from './market.js';
import type { LinkPrice } from './records.js';

/** When a price is taken: at the first open of each symbol, or at the close at hand. */
export type PriceNode = 'start' | 'close';

export class CurrencyRates {
  readonly #market: Market;
  readonly #links: readonly CurrencyLink[];
  readonly #routes = new Map<string, Route | null>();
  /** First open by place in the market; null for a symbol without bars, and for all before the run begins. */
  #firstOpens: readonly (number | null)[];

  constructor(market: Market) {
    this.#market = market;
    this.#links = market.symbols.flatMap(({ name, contracts }) =>
      contracts.flatMap(({ type, base, quoteCurrency: quote, settle }) =>
        linksOf({ symbol: name, type, base: base?.code ?? null, quote, settle: settle.code }),
      ),
    );
    this.#firstOpens = market.symbols.map(() => null);
  }

  /** Notes where each symbol begins; called once, when the first step's bars have been loaded. */
  begin(): void {
    this.#firstOpens = this.#market.symbols.map(({ cursor: { chunk, isOver, index, taken } }) => {
      if (chunk === null || (isOver && taken < 0)) return null;
      return chunk.open[taken < 0 ? index : taken]!;
    });
  }

  /** The route between two currencies; null where no symbols link them. */
  route(from: string, to: string): Route | null {
    const key = JSON.stringify([from, to]);
    const known = this.#routes.get(key);
    if (known !== undefined) return known;
    const found = findRoute(this.#links, from, to);
    this.#routes.set(key, found);
    return found;
  }

  /** Whole units of the target for one whole unit of the source, exact; null where a symbol of the route has no bar. */
  exact(route: Route, node: PriceNode): Fraction | null {
    let rate = ONE;
    for (const { symbol, isBack } of route) {
      const place = this.#market.placeOf(symbol);
      const price = this.#price(place, node);
      if (price === null) return null;
      const exact = this.#market.exact(place, price);
      rate = isBack ? over(rate, exact) : times(rate, exact);
    }
    return rate;
  }

  /** The same at the closes as float64, for statistics; NaN where a symbol of the route has no bar. */
  float(route: Route): number {
    let rate = 1;
    for (const { symbol, isBack } of route) {
      const price = this.#price(this.#market.placeOf(symbol), 'close') ?? Number.NaN;
      rate = isBack ? rate / price : rate * price;
    }
    return rate;
  }

  /** The prices that conversions rest on, by symbol; of a symbol without bars there are none. */
  get prices(): readonly LinkPrice[] {
    return this.#market.symbols.flatMap(({ index, name }) => {
      const firstOpen = this.#firstOpens[index]!;
      const isLink = this.#links.some(({ symbol }) => symbol === name);
      return isLink && firstOpen !== null ? [{ name, firstOpen, lastClose: this.#price(index, 'close')! }] : [];
    });
  }

  #price(place: number, node: PriceNode): number | null {
    const { bar } = this.#market.symbols[place]!;
    return node === 'close' && bar.isKnown ? bar.last.close : this.#firstOpens[place]!;
  }
}

/** An amount of one currency's units in units of another, unrounded. */
export function convertUnits(amount: bigint, from: Currency, to: Currency, rate: Fraction): Fraction {
  const digits = to.decimals - from.decimals;
  const scale = 10n ** BigInt(Math.abs(digits));
  return digits >= 0
    ? { num: amount * rate.num * scale, den: rate.den }
    : { num: amount * rate.num, den: rate.den * scale };
}
