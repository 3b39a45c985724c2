/**
 * How a group's excess, equity less requirement, moves with the mark of one symbol. It is walked in the value of one contract
 * unit, in which every contract type is a straight line, from tier bound to tier bound in the direction of travel: within a
 * stretch the tiers stand still, and the excess is concave, lines with bends. So the first point at which a group is due is
 * found whatever the tiers do, also where the condition lapses again beyond it. Exact; prices are dueMarks.ts.
 */

import type { Contract } from '../contract/contract.js';
import { boundsOf, tierAt, tierOfIndex } from '../contract/riskTiers.js';
import { compareFractions, type Fraction } from '../money/decimal.js';
import { ZERO } from '../money/fractions.js';
import { absolute, exposureOf, profitSign } from './position.js';
import { computeRequirementLine, isOnMark, type RequirementLine } from './requirement.js';
import { findOtherSide, type RiskGroup, requirementInputOf } from './riskGroup.js';

/** A point on the way: a value of one contract unit, and whether the group is due there or only just beyond it. */
export interface DuePoint {
  readonly unitValue: Fraction;
  readonly isDueAt: boolean;
}

/** +1 toward higher unit values, −1 toward 0. */
export type Direction = 1 | -1;

interface Mover {
  readonly qty: bigint;
  /** Index of the other side's mover where only the larger of both counts. */
  readonly rival: number | null;
  /** Line of each tier, by its index, computed once. */
  readonly lineOf: (tier: number) => RequirementLine;
}

export class ExcessWalk {
  readonly #contract: Contract;
  readonly #isInclusive: boolean;
  readonly #hasBounds: boolean;
  readonly #group: RiskGroup;
  readonly #movers: readonly Mover[];
  /** Excess at value 0 but for the movers' requirements. */
  readonly #base: Fraction;
  /** Change of equity with the unit value. */
  readonly #slope: bigint;

  /**
   * @param group its members in one symbol: those that move.
   * @param frozen collateral with what the other members add and require.
   */
  constructor(group: RiskGroup, frozen: Fraction) {
    this.#group = group;
    this.#contract = group.members[0]!.position.contract;
    this.#isInclusive = group.rules.liquidationInclusive;
    const rises = this.#contract.tiers !== null || this.#contract.maintenanceMargin.num > 0n;
    this.#hasBounds = isOnMark(group.rules) && rises && this.#contract.tiers?.by !== 'qty';
    this.#movers = group.members.map((member, i) => {
      const input = requirementInputOf(group, member);
      const lineOf = (tier: number): RequirementLine =>
        computeRequirementLine(input, tierOfIndex(this.#contract, group.rules.tierModel, tier));
      return { qty: absolute(member.position.qty), rival: findOtherSide(group, i), lineOf };
    });
    let cost = 0n;
    let slope = 0n;
    for (const { position } of group.members) {
      cost += profitSign(position) * position.cost;
      slope += profitSign(position) * absolute(position.qty);
    }
    this.#base = { num: frozen.num - cost * frozen.den, den: frozen.den };
    this.#slope = slope;
  }

  /** Whether the group is due at a unit value. */
  isDueAt(value: Fraction): boolean {
    return this.#isDue(this.#excess(this.#linesAt(value), value));
  }

  /** The first point after `start`, at which the group is not due, where it becomes so; null where it never does. */
  findFirst(start: Fraction, direction: Direction): DuePoint | null {
    let reach = this.#contract.riskSteps === null ? 0 : 1;
    for (let from = start; ; ) {
      const tiers = this.#movers.map((_, i) => this.#tierBeyond(i, from, direction));
      const leapt = reach === 0 ? null : this.#leap(tiers, from, direction, reach);
      if (leapt !== null) {
        if (leapt.num === 0n) return null;
        from = leapt;
        reach *= 2;
        continue;
      }
      if (reach > 1) {
        reach = reach > 4 ? Math.floor(reach / 4) : 1;
        continue;
      }
      const lines = this.#movers.map(({ lineOf }, i) => lineOf(tiers[i]!));
      const to = this.#nextBound(tiers, direction);
      const found = this.#firstWithin(lines, from, to, direction);
      if (found !== null || to === null) return found;
      if (this.isDueAt(to)) return { unitValue: to, isDueAt: true };
      if (to.num === 0n) return null;
      from = to;
    }
  }

  /** The first unit value after `start`, at which the group is due, beyond which it is not any more; null where it stays due. */
  findEnd(start: Fraction, direction: Direction): Fraction | null {
    for (let from = start; ; ) {
      const tiers = this.#movers.map((_, i) => this.#tierBeyond(i, from, direction));
      const lines = this.#movers.map(({ lineOf }, i) => lineOf(tiers[i]!));
      const to = this.#nextBound(tiers, direction);
      let near = from;
      let excess = this.#excess(lines, near);
      if (excess.num > 0n) return from;
      for (const far of [...this.#bends(lines, from, to, direction), to]) {
        const end = far ?? add(near, { num: 1n, den: 1n });
        const then = this.#excess(lines, end);
        const rises = compareFractions(then, excess) > 0;
        if (rises && (then.num > 0n || far === null)) return crossing(near, excess, end, then);
        near = end;
        excess = then;
      }
      if (to === null || to.num === 0n) return null;
      // Steps go up without end and only ask for more: an excess that has begun to fall there never comes back.
      const isLosing = compareFractions(excess, this.#excess(lines, from)) <= 0;
      if (direction > 0 && this.#contract.riskSteps !== null && isLosing) return null;
      from = to;
    }
  }

  #isDue(excess: Fraction): boolean {
    return this.#isInclusive ? excess.num <= 0n : excess.num < 0n;
  }

  #linesAt(value: Fraction): RequirementLine[] {
    return this.#movers.map((mover, i) => mover.lineOf(this.#tierAt(i, value)));
  }

  #tierAt(i: number, value: Fraction): number {
    const { qty } = this.#movers[i]!;
    const exposure = isOnMark(this.#group.rules)
      ? { value: scaled(value, qty), qty }
      : exposureOf(this.#group.members[i]!.position);
    return tierAt(this.#contract, this.#group.rules.tierModel, exposure).index;
  }

  /** The tier that holds just beyond a value: of a bound, the one on the far side. */
  #tierBeyond(i: number, value: Fraction, direction: Direction): number {
    const tier = this.#tierAt(i, value);
    if (!this.#hasBounds) return tier;
    const { lower, upper, upperIncluded } = boundsOf(this.#contract, tier);
    const { num, den } = scaled(value, this.#movers[i]!.qty);
    if (direction > 0) return upperIncluded && upper !== null && num === upper * den ? tier + 1 : tier;
    return !upperIncluded && tier > 0 && num === lower * den ? tier - 1 : tier;
  }

  /**
   * The far end of a number of risk steps, where the group is due nowhere on the way to it: by the highest rates of all of them
   * the excess, which is concave, is above zero at both ends. Null where that does not hold.
   */
  #leap(tiers: readonly number[], from: Fraction, direction: Direction, steps: number): Fraction | null {
    if (!this.#hasBounds) return null;
    const furthest = tiers.map((tier) => Math.max(0, tier + direction * steps));
    const to = this.#nextBound(furthest, direction)!;
    const lines = this.#movers.map(({ lineOf }, i) => lineOf(Math.max(tiers[i]!, furthest[i]!)));
    return this.#excess(lines, from).num > 0n && this.#excess(lines, to).num > 0n ? to : null;
  }

  /** The nearest end of the movers' tiers; 0 on the way down, null on the way up, where there is none. */
  #nextBound(tiers: readonly number[], direction: Direction): Fraction | null {
    let nearest: Fraction | null = direction < 0 ? ZERO : null;
    if (!this.#hasBounds) return nearest;
    for (const [i, { qty }] of this.#movers.entries()) {
      const { lower, upper } = boundsOf(this.#contract, tiers[i]!);
      const bound = direction < 0 ? lower : upper;
      if (bound === null) continue;
      const value = { num: bound, den: qty };
      if (nearest === null || compareFractions(value, nearest) * direction < 0) nearest = value;
    }
    return nearest;
  }

  /** Equity less what counts of the requirements, at a value, with the lines of the stretch. */
  #excess(lines: readonly RequirementLine[], value: Fraction): Fraction {
    const required = this.#movers.map(({ qty }, i) => requirement(lines[i]!, qty, value));
    const equity = add(this.#base, scaled(value, this.#slope));
    return required.reduce(
      (excess, part, i) => (this.#isOutweighed(required, i) ? excess : subtract(excess, part)),
      equity,
    );
  }

  #isOutweighed(required: readonly Fraction[], i: number): boolean {
    const { rival } = this.#movers[i]!;
    if (rival === null) return false;
    const order = compareFractions(required[i]!, required[rival]!);
    return order < 0 || (order === 0 && rival < i);
  }

  /** The first due point of a stretch without its far end, and just beyond its near end. */
  #firstWithin(
    lines: readonly RequirementLine[],
    from: Fraction,
    to: Fraction | null,
    direction: Direction,
  ): DuePoint | null {
    let near = from;
    let excess = this.#excess(lines, near);
    if (excess.num < 0n) return { unitValue: from, isDueAt: false };
    // Concave: above zero at both ends is above zero between them.
    if (excess.num > 0n && to !== null && this.#excess(lines, to).num > 0n) return null;
    for (const far of [...this.#bends(lines, from, to, direction), to]) {
      // Beyond the last bend the line goes on without end; any further point shows where it leads.
      const end = far ?? add(near, { num: 1n, den: 1n });
      const then = this.#excess(lines, end);
      if (excess.num === 0n && (then.num < 0n || (then.num === 0n && this.#isInclusive))) {
        return { unitValue: near, isDueAt: false };
      }
      const falls = compareFractions(then, excess) < 0;
      if (falls && (then.num < 0n || (then.num === 0n && far !== to) || far === null)) {
        return { unitValue: crossing(near, excess, end, then), isDueAt: this.#isInclusive };
      }
      near = end;
      excess = then;
    }
    return null;
  }

  /** Where the excess bends within a stretch: a requirement reaches 0, or the other side of a hedge becomes the larger. */
  #bends(lines: readonly RequirementLine[], from: Fraction, to: Fraction | null, direction: Direction): Fraction[] {
    const values: Fraction[] = [];
    for (const [i, { qty, rival }] of this.#movers.entries()) {
      const rate = scaled(lines[i]!.rate, qty);
      const { constant } = lines[i]!;
      if (rate.num !== 0n) values.push(quotient(subtract(ZERO, constant), rate));
      if (rival === null || rival < i) continue;
      const steeper = subtract(rate, scaled(lines[rival]!.rate, this.#movers[rival]!.qty));
      if (steeper.num !== 0n) values.push(quotient(subtract(lines[rival]!.constant, constant), steeper));
    }
    const isWithin = (value: Fraction): boolean =>
      compareFractions(value, from) * direction > 0 && (to === null || compareFractions(value, to) * direction < 0);
    return values.filter(isWithin).sort((a, b) => compareFractions(a, b) * direction);
  }
}

function requirement({ rate, constant }: RequirementLine, qty: bigint, value: Fraction): Fraction {
  const amount = add(scaled(product(rate, value), qty), constant);
  return amount.num > 0n ? amount : ZERO;
}

/** Where the line through two points, of different excess, is zero. */
function crossing(near: Fraction, excess: Fraction, end: Fraction, then: Fraction): Fraction {
  return add(near, product(quotient(excess, subtract(excess, then)), subtract(end, near)));
}

// Short chains over many tiers: nothing is reduced here, greatest common divisors would be most of the work.

function add(a: Fraction, b: Fraction): Fraction {
  return a.den === b.den
    ? { num: a.num + b.num, den: a.den }
    : { num: a.num * b.den + b.num * a.den, den: a.den * b.den };
}

function subtract(a: Fraction, b: Fraction): Fraction {
  return add(a, { num: -b.num, den: b.den });
}

function product(a: Fraction, b: Fraction): Fraction {
  return { num: a.num * b.num, den: a.den * b.den };
}

function scaled(a: Fraction, n: bigint): Fraction {
  return { num: a.num * n, den: a.den };
}

/** a / b, b not 0. */
function quotient(a: Fraction, b: Fraction): Fraction {
  const sign = b.num < 0n ? -1n : 1n;
  return { num: a.num * b.den * sign, den: a.den * b.num * sign };
}
