/**
 * The marked equity of one ledger, sampled at bar closes, and the largest fall of its result. Statistics, so float64: units of the
 * settlement currency fit in it to far below a unit's size in any ratio that is printed. Money itself is never read from here.
 */

import type { Position } from '../account/position.js';
import type { Contract } from '../contract/contract.js';
import type { ValueRounding } from '../contract/payoff.js';
import { Drawdown } from './drawdown.js';
import { equityOf, type Part, partOf } from './equityParts.js';
import type { Market } from './market.js';

/** A wallet, and what of it is no result: money that came in or went out after the start, and what spot trades exchanged. */
export interface WalletPart {
  readonly wallet: bigint;
  readonly notResult: bigint;
}

export class EquityCurve {
  readonly #drawdown: Drawdown;
  #wallet: number;
  #notResult = 0;
  #parts: readonly Part[] = [];

  constructor(startEquity: bigint) {
    this.#wallet = Number(startEquity);
    this.#drawdown = new Drawdown(this.#wallet);
  }

  get maxDrawdown(): number {
    return this.#drawdown.deepest;
  }

  /** Takes over wallet and positions after they changed. */
  refresh(
    { wallet, notResult }: WalletPart,
    positions: readonly Position[],
    rounding: ValueRounding,
    placeOf: (contract: Contract) => number,
  ): void {
    this.#wallet = Number(wallet);
    this.#notResult = Number(notResult);
    this.#parts = positions.map((position) => partOf(position, rounding, placeOf(position.contract)));
  }

  /** Money that has come in or gone out since the wallet was taken over. */
  move(amount: bigint): void {
    this.#wallet += Number(amount);
    this.#notResult += Number(amount);
  }

  /** Samples the equity at the closes of the step, and returns it: wallet and unrealised profit. */
  sample(market: Market): number {
    const equity = equityOf(this.#wallet, this.#parts, (symbol) => market.symbols[symbol]!.bar.mark.close);
    this.#drawdown.sample(equity - this.#notResult);
    return equity;
  }
}
