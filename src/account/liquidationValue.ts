/**
 * The equation of liquidation, solved in the position's value: collateral + s·σ·(V − C) = requirement. All contract types and
 * both bases of the maintenance margin are this one equation; a caller turns the value into a price. Exact, no rounding; the
 * integer ledger and the walk through risk steps are liquidation.ts.
 */

import { bracketOf, type MarginBracket } from '../contract/marginBrackets.js';
import { compareFractions, type Fraction } from '../money/decimal.js';
import { atLeastZero, integer, minus, ONE, over, plus, sumOf, times, ZERO } from '../money/fractions.js';

/** What an equity is made of, in the settlement currency. */
export interface EquityTerms {
  /** s·σ: +1 where profit rises with the position's value. */
  readonly sign: 1n | -1n;
  /** Value at entry C. */
  readonly cost: Fraction;
  /** B: margin of the position, or cross wallet with what other positions add and require. */
  readonly collateral: Fraction;
}

/** Value at which equity meets a requirement that does not move: C − s·σ·(B − requirement). Null below 0. */
export function solveFixedRequirement(terms: EquityTerms, requirement: Fraction): Fraction | null {
  const value = minus(terms.cost, times(integer(terms.sign), minus(terms.collateral, requirement)));
  return value.num < 0n ? null : value;
}

/**
 * Value at which equity meets rate·V − deduction: (C − s·σ·(B + deduction)) / (1 − s·σ·rate). Null where no value does.
 *
 * @param deduction the cumulative maintenance amount of a bracket.
 */
export function solveProportionalRequirement(
  terms: EquityTerms,
  rate: Fraction,
  deduction: Fraction = ZERO,
): Fraction | null {
  const sign = integer(terms.sign);
  const share = minus(ONE, times(sign, rate));
  if (share.num <= 0n) return null;
  const value = over(minus(terms.cost, times(sign, plus(terms.collateral, deduction))), share);
  return value.num < 0n ? null : value;
}

/**
 * The same with brackets: from the bracket of `from` along the adverse direction, the first root that lies in its own bracket;
 * where the requirement jumps over the equity at a bound, the bound.
 *
 * @param fee closing fee rate that counts as maintenance.
 * @param from value at which the walk begins: at the mark, or at entry where no mark is known.
 */
export function solveBrackets(
  terms: EquityTerms,
  brackets: readonly MarginBracket[],
  fee: Fraction,
  from: Fraction,
): Fraction | null {
  for (let i = brackets.indexOf(bracketOf(brackets, from)); ; ) {
    const { floor, maintenance, deduction } = brackets[i]!;
    const value = solveProportionalRequirement(terms, plus(maintenance, fee), deduction);
    if (terms.sign > 0n) {
      if (i === 0 || (value !== null && compareFractions(value, floor) >= 0)) return value;
      i -= 1;
      continue;
    }
    const next = brackets[i + 1];
    if (next === undefined || value === null || compareFractions(value, next.floor) < 0) return value;
    const equity = plus(terms.collateral, minus(terms.cost, next.floor));
    const required = minus(times(plus(next.maintenance, fee), next.floor), next.deduction);
    if (compareFractions(equity, required) <= 0) return next.floor;
    i += 1;
  }
}

/** One side of a position held long and short in one symbol. */
export interface HedgeLeg {
  readonly sign: 1n | -1n;
  /** In contracts. */
  readonly qty: Fraction;
  readonly cost: Fraction;
  /** Maintenance rate with the closing fee, 0 for a side that is not charged. */
  readonly rate: Fraction;
  readonly deduction: Fraction;
}

/**
 * Value of one contract at which the equity behind all legs meets their maintenance; null where no value does, or where the
 * legs cancel so that no price matters.
 *
 * @example long 2 at 10,000 and short 1 at 9,000, B 3,000, 0.5 % each: 1600000/197
 */
export function solveHedge(legs: readonly HedgeLeg[], collateral: Fraction): Fraction | null {
  const slope = sumOf(legs.map(({ sign, qty, rate }) => times(qty, minus(integer(sign), rate))));
  if (slope.num === 0n) return null;
  const constant = sumOf(legs.map(({ sign, cost, deduction }) => minus(times(integer(sign), cost), deduction)));
  const value = over(minus(constant, collateral), slope);
  return value.num < 0n ? null : value;
}

/** Collateral behind one cross position: the wallet, what the other positions have made, less what they require. */
export function computeCrossCollateral(
  wallet: Fraction,
  others: readonly { readonly profit: Fraction; readonly requirement: Fraction }[],
): Fraction {
  return sumOf([wallet, ...others.map(({ profit, requirement }) => minus(profit, requirement))]);
}

/** Maintenance of a value at a rate: m·V − deduction, at least 0. */
export function computeRequirement(value: Fraction, rate: Fraction, deduction: Fraction = ZERO): Fraction {
  return atLeastZero(minus(times(value, rate), deduction));
}
