/**
 * Which currencies the symbols of a run price in one another: a spot pair its base in its quote currency, an inverse contract its
 * settlement in its quote currency. Linear and quanto contracts price nothing that an account holds. XBT and BTC are one coin
 * here; all other codes are compared as they are written. Prices are the caller's.
 */

import type { ContractType } from './contract.js';

/** One direction of a symbol that prices one currency in another. */
export interface CurrencyLink {
  readonly symbol: string;
  readonly from: string;
  readonly to: string;
  /** Whether an amount is divided by the price instead of multiplied. */
  readonly isBack: boolean;
}

/** The links from one currency to another, in their order; none where they are the same. */
export type Route = readonly CurrencyLink[];

/** What of a contract decides its links. `base` is null for all but spot pairs. */
export interface LinkTerms {
  /** What the prices are called: the name of the candles. */
  readonly symbol: string;
  readonly type: ContractType;
  readonly base: string | null;
  readonly quote: string;
  readonly settle: string;
}

/** One code for currencies that are the same coin under two names: XBT for BTC, every other code as it is. */
export function sameCoin(code: string): string {
  return code === 'BTC' ? 'XBT' : code;
}

/** Both directions of a symbol, in the codes of `sameCoin`; none where it prices no currency in another. */
export function linksOf({ symbol, type, base, quote, settle }: LinkTerms): CurrencyLink[] {
  const priced = type === 'spot' ? base : type === 'inverse' ? settle : null;
  if (priced === null) return [];
  const [from, to] = [sameCoin(priced), sameCoin(quote)];
  if (from === to) return [];
  return [
    { symbol, from, to, isBack: false },
    { symbol, from: to, to: from, isBack: true },
  ];
}

/**
 * The route of the fewest links; of several the one whose links come first. Empty between two names of one coin; null where no
 * links lead there.
 *
 * @param links in the order of their symbols. Breadth first over them: the first arrival is the shortest, and first by symbol.
 */
export function findRoute(links: readonly CurrencyLink[], source: string, target: string): Route | null {
  const [from, to] = [sameCoin(source), sameCoin(target)];
  if (from === to) return [];
  const seen = new Set([from]);
  let ends: { readonly code: string; readonly route: Route }[] = [{ code: from, route: [] }];
  while (ends.length > 0) {
    const further: typeof ends = [];
    for (const { code, route } of ends) {
      for (const link of links) {
        if (link.from !== code || seen.has(link.to)) continue;
        if (link.to === to) return [...route, link];
        seen.add(link.to);
        further.push({ code: link.to, route: [...route, link] });
      }
    }
    ends = further;
  }
  return null;
}
