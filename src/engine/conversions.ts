/**
 * Amounts of ledgers in a report currency, for the joint curves: exact at the start and for money that comes and goes, float64 for
 * samples. Where no symbol prices a currency in the other an amount has no value there, unless it is nothing.
 */

import type { Route } from '../contract/currencyLinks.js';
import type { Fraction } from '../money/decimal.js';
import { plus, ZERO } from '../money/fractions.js';
import { divHalfAway } from '../money/rounding.js';
import type { Currency } from '../money/units.js';
import { type CurrencyRates, convertUnits } from './currencyRates.js';
import { JointCurve } from './jointCurve.js';
import type { StartingBalance } from './runInput.js';

/** How a currency's units become those of a report currency; a null route has no rate. */
export interface Conversion {
  readonly route: Route | null;
  /** Power of ten between the units. */
  readonly scale: number;
}

export class Conversions {
  readonly rates: CurrencyRates;

  constructor(rates: CurrencyRates) {
    this.rates = rates;
  }

  between(from: Currency, target: Currency): Conversion {
    return {
      route: this.rates.route(from.code, target.code),
      scale: 10 ** (target.decimals - from.decimals),
    };
  }

  /** Nothing is nothing in any currency; what has no rate is NaN, and so is every sample it is in. */
  convert(amount: number, { route, scale }: Conversion): number {
    if (amount === 0) return 0;
    if (route === null) return Number.NaN;
    return amount * this.rates.float(route) * scale;
  }

  /** An amount at the closes, unrounded; null where there is no rate. */
  atClose(amount: bigint, from: Currency, target: Currency): Fraction | null {
    const route = this.rates.route(from.code, target.code);
    const rate = route === null ? null : this.rates.exact(route, 'close');
    return rate === null ? null : convertUnits(amount, from, target, rate);
  }

  /** Begins a joint curve at the start equity in whole units of the target; nothing that has no rate is comparable to it. */
  startJoint(target: Currency, balances: readonly StartingBalance[]): JointCurve {
    let start: Fraction | null = ZERO;
    for (const { currency, amount } of balances) {
      const route = this.rates.route(currency.code, target.code);
      const rate = route === null ? null : this.rates.exact(route, 'start');
      if (amount === 0n || start === null) continue;
      start = rate === null ? null : plus(start, convertUnits(amount, currency, target, rate));
    }
    return new JointCurve(target, start === null ? Number.NaN : Number(divHalfAway(start.num, start.den)));
  }
}
