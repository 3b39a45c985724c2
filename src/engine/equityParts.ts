/**
 * Positions as their equity is sampled: in float64, with the rounding of each value as the account books it. Statistics only; money
 * itself is never read from here.
 */

import { type Position, profitSign } from '../account/position.js';
import type { ValueRounding } from '../contract/payoff.js';
import { roundingLot } from '../contract/payoff.js';

/** A position whose equity costs one multiplication or division. */
export interface Part {
  /** Place of the symbol in the market. */
  readonly symbol: number;
  readonly sign: number;
  readonly cost: number;
  /** Value of one rounded piece at price 1, how many there are, and of what is left over. */
  readonly pieceScale: number;
  readonly pieces: number;
  readonly restScale: number;
  readonly isInverse: boolean;
}

/** Whether a position is worth more at a higher price. */
export function rises({ sign, isInverse }: Part): boolean {
  return sign > 0 !== isInverse;
}

/** A wallet with the unrealised profit of positions, in settlement units. */
export function equityOf(wallet: number, parts: readonly Part[], markOf: (symbol: number) => number): number {
  let equity = wallet;
  for (const part of parts) {
    const mark = markOf(part.symbol);
    const piece = part.isInverse ? part.pieceScale / mark : part.pieceScale * mark;
    const rest = part.isInverse ? part.restScale / mark : part.restScale * mark;
    equity += part.sign * (part.pieces * roundHalfUp(piece) + roundHalfUp(rest) - part.cost);
  }
  return equity;
}

export function partOf(position: Position, rounding: ValueRounding, symbol: number): Part {
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
