/**
 * The joint equity of several ledgers in one currency: what came in and went out at the prices of that moment, and the largest
 * fall of the samples at closes. Money totals stay exact; the curve is a statistic, so float64.
 */

import { type Fraction, fractionToF64 } from '../money/decimal.js';
import { plus, ZERO } from '../money/fractions.js';
import { divHalfAway } from '../money/rounding.js';
import type { Currency } from '../money/units.js';
import { Drawdown } from './drawdown.js';

export class JointCurve {
  /** The report currency. */
  readonly currency: Currency;
  #drawdown: Drawdown;
  #moved: Fraction = ZERO;
  #movedF64 = 0;
  #equity = 0;

  /** @param startEquity in units of the report currency. */
  constructor(currency: Currency, startEquity: number) {
    this.currency = currency;
    this.#drawdown = new Drawdown(startEquity);
  }

  /** Goes on from what another curve came to. */
  continueFrom(drawdown: Drawdown): void {
    this.#drawdown = Drawdown.from(drawdown);
  }

  /** Takes note of money that came in (plus) or went out. @param amount in units of the report currency, unrounded. */
  move(amount: Fraction): void {
    this.#moved = plus(this.#moved, amount);
    this.#movedF64 = fractionToF64({ num: this.netDeposits, den: 1n });
  }

  /** Adds one ledger's equity to the sample being taken. */
  add(equity: number): void {
    this.#equity += equity;
  }

  /** Ends the sample of a close. */
  sample(): void {
    this.#drawdown.sample(this.#equity - this.#movedF64);
    this.#equity = 0;
  }

  /** Deposits after the start less withdrawals, rounded once. */
  get netDeposits(): bigint {
    return divHalfAway(this.#moved.num, this.#moved.den);
  }

  get maxDrawdown(): number {
    return this.#drawdown.deepest;
  }
}
