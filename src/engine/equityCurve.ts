/**
 * The marked equity of one ledger, sampled at bar closes, and the largest fall of its result. Statistics, so float64: units of the
 * settlement currency fit in it to far below a unit's size in any ratio that is printed. Money itself is never read from here.
 */

import { type Position, profitSign } from '../account/position.js';
import type { Contract } from '../contract/contract.js';
import type { ValueRounding } from '../contract/payoff.js';
import { roundingLot } from '../contract/payoff.js';
import { Drawdown } from './drawdown.js';
import type { Market } from './market.js';

/** A position as its equity is sampled: a bar costs one multiplication or division. */
interface Part {
  readonly symbol: number;
  readonly sign: number;
  readonly cost: number;
  /** Value of one rounded piece at price 1, how many there are, and of what is left over. */
  readonly pieceScale: number;
  readonly pieces: number;
  readonly restScale: number;
  readonly isInverse: boolean;
}

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
    let equity = this.#wallet;
    for (const part of this.#parts) {
      const mark = market.symbols[part.symbol]!.bar.mark.close;
      const piece = part.isInverse ? part.pieceScale / mark : part.pieceScale * mark;
      const rest = part.isInverse ? part.restScale / mark : part.restScale * mark;
      equity += part.sign * (part.pieces * roundHalfUp(piece) + roundHalfUp(rest) - part.cost);
    }
    this.#drawdown.sample(equity - this.#notResult);
    return equity;
  }
}

function partOf(position: Position, rounding: ValueRounding, symbol: number): Part {
  const { contract } = position;
  const held = position.qty < 0n ? -position.qty : position.qty;
  const piece = roundingLot(contract, rounding) ?? held;
  const unitScale = Number(contract.valueScale.num) / Number(contract.valueScale.den);
  return {
    symbol,
    sign: Number(profitSign(position)),
    cost: Number(position.cost),
    pieceScale: Number(piece) * unitScale,
    pieces: piece === 0n ? 0 : Number(held / piece),
    restScale: piece === 0n ? 0 : Number(held % piece) * unitScale,
    isInverse: contract.type === 'inverse',
  };
}

/** Two units in the last place: a value that is half a unit in decimal may be a hair less in float64. */
const TIE = 1 + 2 ** -51;

function roundHalfUp(x: number): number {
  return Math.floor(x * TIE + 0.5);
}
