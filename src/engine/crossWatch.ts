/**
 * Watches cross positions over several symbols: whether a step could bring an account's equity down to its maintenance margin if
 * every symbol were at its own worst price at once. That is never less than what the path does, so nothing is missed; whether it
 * happens is judged exactly afterwards.
 */

import { profitSign } from '../account/position.js';
import { computeMemberRequirement, type MarkOf, type RiskGroup, tierOf } from '../account/riskGroup.js';
import type { Contract } from '../contract/contract.js';
import { fractionToF64 } from '../money/decimal.js';
import type { Market } from './market.js';

/** A position in float64: its value at a price is scale·price, or scale/price. */
interface WatchedPosition {
  readonly symbol: number;
  readonly isInverse: boolean;
  readonly scale: number;
  readonly sign: number;
  readonly cost: number;
  /** Requirement that does not move with the mark. */
  readonly fixed: number;
  /** Highest rate of the value that may be required while it stays below `ceiling`. */
  readonly rate: number;
  readonly ceiling: number;
}

interface WatchedGroup {
  readonly collateral: number;
  readonly positions: readonly WatchedPosition[];
}

/** Far more than float64 loses in the sums, relative to what is summed. */
const MARGIN = 1e-9;

export class CrossWatch {
  readonly #groups: WatchedGroup[][];
  #count = 0;

  constructor(accounts: number) {
    this.#groups = Array.from({ length: accounts }, () => []);
  }

  clear(account: number): void {
    this.#count -= this.#groups[account]!.length;
    this.#groups[account] = [];
  }

  add(account: number, group: RiskGroup, markOf: MarkOf, placeOf: (contract: Contract) => number): void {
    this.#count += 1;
    const positions = group.members.map((member): WatchedPosition => {
      const { position, takerFee } = member;
      const { contract } = position;
      const mark = markOf(contract);
      const held = position.qty < 0n ? -position.qty : position.qty;
      const isInverse = contract.type === 'inverse';
      const scale = Number(held) * fractionToF64(contract.valueScale);
      const value = isInverse ? scale / fractionToF64(mark) : scale * fractionToF64(mark);
      const isFixed = group.rules.maintenanceBasis === 'entry';
      // The rates of twice the value hold for everything below it.
      const half = { num: mark.num, den: mark.den * 2n };
      const double = { num: mark.num * 2n, den: mark.den };
      const tier = tierOf(group, member, isInverse ? half : double);
      return {
        symbol: placeOf(contract),
        isInverse,
        scale,
        sign: Number(profitSign(position)),
        cost: Number(position.cost),
        fixed: isFixed ? fractionToF64(computeMemberRequirement(group, member, mark)) : 0,
        rate: isFixed ? 0 : fractionToF64(tier.maintenance) + Math.max(0, fractionToF64(takerFee)),
        ceiling: isFixed ? Number.POSITIVE_INFINITY : value * 1.999,
      };
    });
    this.#groups[account]!.push({ collateral: Number(group.collateral), positions });
  }

  isReached(market: Market): boolean {
    if (this.#count === 0) return false;
    return this.#groups.some((groups) => groups.some((group) => mayBeDue(group, market)));
  }

  isReachedBy(account: number, market: Market): boolean {
    return this.#groups[account]!.some((group) => mayBeDue(group, market));
  }
}

function mayBeDue({ collateral, positions }: WatchedGroup, market: Market): boolean {
  let equity = collateral;
  let required = 0;
  let size = Math.abs(collateral);
  for (const position of positions) {
    const { mark } = market.symbols[position.symbol]!.bar;
    const low = position.isInverse ? position.scale / mark.high : position.scale * mark.low;
    const high = position.isInverse ? position.scale / mark.low : position.scale * mark.high;
    if (high > position.ceiling) return true;
    equity += position.sign > 0 ? low - position.cost : position.cost - high;
    required += position.fixed + position.rate * high;
    size += high + position.cost;
  }
  return equity - required <= size * MARGIN + 4;
}
