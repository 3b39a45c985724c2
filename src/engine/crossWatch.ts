/**
 * Watches cross positions over several symbols: whether a step could bring an account's equity down to its maintenance margin if
 * every symbol were at its own worst price at once. That is never less than what the path does, so nothing is missed; whether it
 * happens is judged exactly afterwards. Around each account stands a box of prices within which it cannot be due, so that most
 * steps are two comparisons a symbol; only when prices leave the box the sum is made, and a new box.
 */

import { profitSign } from '../account/position.js';
import { computeMemberRequirement, type MarkOf, type RiskGroup, tierOf } from '../account/riskGroup.js';
import type { Contract } from '../contract/contract.js';
import { fractionToF64 } from '../money/decimal.js';
import { LevelTree } from './levelTree.js';
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

/** How far a box reaches at most, as a share of the price. */
const WIDEST = 0.5;
/** Halvings of the share in search of the widest box. */
const HALVINGS = 12;

export class CrossWatch {
  readonly #groups: WatchedGroup[][];
  /** Ends of the boxes, by place of the symbol in the market. */
  readonly #falls: readonly LevelTree[];
  readonly #rises: readonly LevelTree[];
  /** Accounts of which no box holds: they are asked on every step. */
  readonly #boxless = new Set<number>();
  #count = 0;
  /** How often a group has been asked whether it could be due. */
  evaluations = 0;

  constructor(market: Market, accounts: number) {
    this.#groups = Array.from({ length: accounts }, () => []);
    this.#falls = market.symbols.map(() => new LevelTree(accounts, 'fall'));
    this.#rises = market.symbols.map(() => new LevelTree(accounts, 'rise'));
  }

  clear(account: number): void {
    const groups = this.#groups[account]!;
    if (groups.length === 0) return;
    this.#count -= groups.length;
    this.#groups[account] = [];
    this.#unbox(account);
  }

  /** @param markOf the mark from which on the group is watched. */
  add(account: number, group: RiskGroup, markOf: MarkOf, placeOf: (contract: Contract) => number): void {
    this.#count += 1;
    const positions = group.members.map((member) => watchedPosition(group, member, markOf, placeOf));
    this.#groups[account]!.push({ collateral: Number(group.collateral), positions });
    this.#box(account, (symbol) => {
      const member = group.members[positions.findIndex((position) => position.symbol === symbol)]!;
      return fractionToF64(markOf(member.position.contract));
    });
  }

  isReached(market: Market): boolean {
    if (this.#count === 0 || !this.#isAnyBoxLeft(market)) return false;
    let isReached = false;
    this.eachReached(market, () => {
      isReached = true;
    });
    return isReached;
  }

  isReachedBy(account: number, market: Market): boolean {
    if (this.#groups[account]!.length === 0) return false;
    const isOut =
      this.#boxless.has(account) ||
      market.symbols.some(
        ({ index, bar: { mark } }) =>
          this.#falls[index]!.isReachedBy(account, mark.low) || this.#rises[index]!.isReachedBy(account, mark.high),
      );
    return isOut && this.#mayBeDue(account, market);
  }

  /** Tells the accounts that could be due on the step; the others that have left their box get a new one around the closes. */
  eachReached(market: Market, tell: (account: number) => void): void {
    if (this.#count === 0) return;
    const out = new Set(this.#boxless);
    const note = (account: number): void => {
      out.add(account);
    };
    for (const { index, bar } of market.symbols) {
      this.#falls[index]!.eachReached(bar.mark.low, note);
      this.#rises[index]!.eachReached(bar.mark.high, note);
    }
    for (const account of out) if (this.#mayBeDue(account, market)) tell(account);
  }

  #isAnyBoxLeft({ symbols }: Market): boolean {
    if (this.#boxless.size > 0) return true;
    for (const { index, bar } of symbols) {
      if (this.#falls[index]!.isReached(bar.mark.low) || this.#rises[index]!.isReached(bar.mark.high)) return true;
    }
    return false;
  }

  /** Whether an account could be due on the step at hand; if not it is boxed anew. */
  #mayBeDue(account: number, { symbols }: Market): boolean {
    const groups = this.#groups[account]!;
    this.evaluations += groups.length;
    const spanOf = (symbol: number): Span => symbols[symbol]!.bar.mark;
    if (groups.some((group) => mayBeDue(group, spanOf))) return true;
    this.#unbox(account);
    this.#box(account, (symbol) => symbols[symbol]!.bar.mark.close);
    return false;
  }

  /** Draws a box around prices within which no group of the account can be due. */
  #box(account: number, priceOf: (symbol: number) => number): void {
    const groups = this.#groups[account]!;
    const isSafe = (share: number): boolean => {
      const spanOf = (symbol: number): Span => {
        const price = priceOf(symbol);
        return { low: price * (1 - share), high: price * (1 + share) };
      };
      return !groups.some((group) => mayBeDue(group, spanOf));
    };
    let share = 0;
    for (let step = WIDEST, i = 0; i <= HALVINGS; i++, step /= 2) if (isSafe(share + step)) share += step;
    if (share === 0) {
      this.#boxless.add(account);
      return;
    }
    for (const symbol of new Set(groups.flatMap(({ positions }) => positions.map((position) => position.symbol)))) {
      const price = priceOf(symbol);
      this.#falls[symbol]!.add(account, price * (1 - share));
      this.#rises[symbol]!.add(account, price * (1 + share));
    }
  }

  #unbox(account: number): void {
    this.#boxless.delete(account);
    for (const tree of this.#falls) tree.clear(account);
    for (const tree of this.#rises) tree.clear(account);
  }
}

/** A position as it is watched. */
function watchedPosition(
  group: RiskGroup,
  member: RiskGroup['members'][number],
  markOf: MarkOf,
  placeOf: (contract: Contract) => number,
): WatchedPosition {
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
}

/** Between which marks a symbol moves. */
interface Span {
  readonly low: number;
  readonly high: number;
}

function mayBeDue({ collateral, positions }: WatchedGroup, spanOf: (symbol: number) => Span): boolean {
  let equity = collateral;
  let required = 0;
  let size = Math.abs(collateral);
  for (const position of positions) {
    const mark = spanOf(position.symbol);
    const low = position.isInverse ? position.scale / mark.high : position.scale * mark.low;
    const high = position.isInverse ? position.scale / mark.low : position.scale * mark.high;
    if (high > position.ceiling) return true;
    equity += position.sign > 0 ? low - position.cost : position.cost - high;
    required += position.fixed + position.rate * high;
    size += high + position.cost;
  }
  return equity - required <= size * MARGIN + 4;
}
