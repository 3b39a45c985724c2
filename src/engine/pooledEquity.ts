/**
 * The equity of many ledgers as one sum a currency: wallets, and for each symbol how much the positions are worth per price. What an
 * account adds is taken out when it changes. Float64, without the rounding of single values.
 */

import type { Currency } from '../money/units.js';
import type { Conversion, Conversions } from './conversions.js';
import type { Part } from './equityParts.js';
import type { Market } from './market.js';

/** Sums of one currency. */
interface Pool {
  readonly conversion: Conversion;
  /** Wallets, and costs by their signs. */
  constant: number;
  /** Value at price 1 of linear and of inverse positions, by place of the symbol in the market. */
  readonly linear: Map<number, number>;
  readonly inverse: Map<number, number>;
}

export class PooledEquity {
  readonly #conversions: Conversions;
  readonly #target: Currency;
  readonly #pools = new Map<string, Pool>();

  /** @param target the report currency. */
  constructor(conversions: Conversions, target: Currency) {
    this.#conversions = conversions;
    this.#target = target;
  }

  add(currency: Currency, wallet: number, parts: readonly Part[]): void {
    this.#change(currency, wallet, parts, 1);
  }

  remove(currency: Currency, wallet: number, parts: readonly Part[]): void {
    this.#change(currency, wallet, parts, -1);
  }

  #change(currency: Currency, wallet: number, parts: readonly Part[], way: 1 | -1): void {
    const pool = this.#poolOf(currency);
    pool.constant += way * wallet;
    for (const { symbol, sign, cost, pieceScale, pieces, restScale, isInverse } of parts) {
      pool.constant -= way * sign * cost;
      const side = isInverse ? pool.inverse : pool.linear;
      side.set(symbol, (side.get(symbol) ?? 0) + way * sign * (pieces * pieceScale + restScale));
    }
  }

  /** Currencies of one name may count in different units at different exchanges. */
  #poolOf(currency: Currency): Pool {
    const key = `${currency.code} ${currency.decimals}`;
    let pool = this.#pools.get(key);
    if (pool === undefined) {
      const conversion = this.#conversions.between(currency, this.#target);
      pool = { conversion, constant: 0, linear: new Map(), inverse: new Map() };
      this.#pools.set(key, pool);
    }
    return pool;
  }

  /** Equity of all at the closes of the step, in units of the report currency. */
  sum({ symbols }: Market): number {
    let sum = 0;
    for (const { conversion, constant, linear, inverse } of this.#pools.values()) {
      let equity = constant;
      for (const [symbol, scale] of linear) if (scale !== 0) equity += scale * symbols[symbol]!.bar.mark.close;
      for (const [symbol, scale] of inverse) if (scale !== 0) equity += scale / symbols[symbol]!.bar.mark.close;
      sum += this.#conversions.convert(equity, conversion);
    }
    return sum;
  }
}
