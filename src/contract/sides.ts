/**
 * The words for directions, once: sides of orders and fills, sides of positions, and their signs.
 */

export type Side = 'buy' | 'sell';
export type PositionSide = 'long' | 'short';
/** Whether a trade opens (or grows) a position or closes it. */
export type PositionEffect = 'open' | 'close';

/** +1 for a buy, −1 for a sell. */
export function sideSign(side: Side): 1n | -1n {
  return side === 'buy' ? 1n : -1n;
}

export function oppositeSide(side: Side): Side {
  return side === 'buy' ? 'sell' : 'buy';
}

/** Side of a signed, non-zero quantity. */
export function positionSideOf(qty: bigint): PositionSide {
  return qty > 0n ? 'long' : 'short';
}
