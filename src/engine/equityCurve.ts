/**
 * The marked equity of each account, sampled at bar closes, and its largest fall. Statistics, so float64: units of the
 * settlement currency fit in it to far below a unit's size in any ratio that is printed. Money itself is never read from here.
 */

import { profitSign } from '../account/position.js';
import { roundingLot } from '../contract/payoff.js';
import type { AccountRuntime } from './accountRuntime.js';

export class EquityCurve {
  #peak: number;
  #maxDrawdown = 0;
  /** Kept from the last change, so that a bar costs one multiplication or division. */
  #wallet: number;
  #cost = 0;
  /** Value of one rounded piece at price 1, how many there are, and of what is left over. */
  #pieceScale = 0;
  #pieces = 0;
  #restScale = 0;
  #sign = 0;
  #isInverse = false;

  constructor(startEquity: bigint) {
    this.#peak = Number(startEquity);
    this.#wallet = this.#peak;
  }

  get maxDrawdown(): number {
    return this.#maxDrawdown;
  }

  /** Takes over wallet and position after they changed. */
  refresh(runtime: AccountRuntime): void {
    const { position, contract, account } = runtime;
    this.#wallet = Number(account.wallet);
    this.#sign = position.qty === 0n ? 0 : Number(profitSign(position));
    this.#cost = Number(position.cost);
    const held = position.qty < 0n ? -position.qty : position.qty;
    const piece = roundingLot(contract, account.rules.valueRounding) ?? held;
    const unitScale = Number(contract.valueScale.num) / Number(contract.valueScale.den);
    this.#pieceScale = Number(piece) * unitScale;
    this.#pieces = piece === 0n ? 0 : Number(held / piece);
    this.#restScale = piece === 0n ? 0 : Number(held % piece) * unitScale;
    this.#isInverse = contract.type === 'inverse';
  }

  /** Samples the equity at a mark. */
  sample(mark: number): void {
    let equity = this.#wallet;
    if (this.#sign !== 0) {
      const inverse = this.#isInverse;
      const piece = inverse ? this.#pieceScale / mark : this.#pieceScale * mark;
      const rest = inverse ? this.#restScale / mark : this.#restScale * mark;
      const value = this.#pieces * roundHalfUp(piece) + roundHalfUp(rest);
      equity += this.#sign * (value - this.#cost);
    }
    if (equity > this.#peak) this.#peak = equity;
    else if (this.#peak > 0) {
      const drawdown = (this.#peak - equity) / this.#peak;
      if (drawdown > this.#maxDrawdown) this.#maxDrawdown = drawdown;
    }
  }
}

/** Two units in the last place: a value that is half a unit in decimal may be a hair less in float64. */
const TIE = 1 + 2 ** -51;

function roundHalfUp(x: number): number {
  return Math.floor(x * TIE + 0.5);
}
