/**
 * Margin brackets as venues publish them in tables: from which exposure a maintenance rate holds, and the amount deducted so
 * that a growing position does not jump. A bracket includes its lower bound. BitMEX's risk steps, which include their upper
 * bound and raise both rates by a rule, are riskTiers.ts.
 */

import { compareFractions, type Fraction } from '../money/decimal.js';
import { atLeastZero, minus, plus, times, ZERO } from '../money/fractions.js';

export interface MarginBracket {
  /** Lowest exposure of the bracket; 0 for the first. */
  readonly floor: Fraction;
  readonly maintenance: Fraction;
  /** c: maintenance margin is rate·exposure − c. */
  readonly deduction: Fraction;
}

/** A row of a venue's table; `deduction` where the venue prints it. */
export interface BracketRow {
  readonly floor: Fraction;
  readonly maintenance: Fraction;
  readonly deduction: Fraction | null;
}

/**
 * Deduction of the next bracket: c + floor·(rate − rate before).
 *
 * @example Binance COIN-M: 0.56 + 50·(0.05 − 0.025) = 1.81
 */
export function computeDeduction(before: Fraction, floor: Fraction, rate: Fraction, rateBefore: Fraction): Fraction {
  return plus(before, times(floor, minus(rate, rateBefore)));
}

/**
 * Brackets of a table in ascending order. Marginal ones charge each slice at its own rate, which equals a flat rate less the
 * deduction, taken from the table where it prints one; the others charge the whole position at the rate it reaches.
 */
export function createBrackets(rows: readonly BracketRow[], model: 'marginal' | 'step' | 'flat'): MarginBracket[] {
  const brackets: MarginBracket[] = [];
  for (const { floor, maintenance, deduction } of [...rows].sort((a, b) => compareFractions(a.floor, b.floor))) {
    const last = brackets.at(-1);
    const computed =
      model !== 'marginal' || last === undefined
        ? ZERO
        : computeDeduction(last.deduction, floor, maintenance, last.maintenance);
    brackets.push({ floor, maintenance, deduction: deduction ?? computed });
  }
  return brackets;
}

/** The last bracket whose floor is at most the exposure; the first for an exposure below all. `brackets` is not empty. */
export function bracketOf(brackets: readonly MarginBracket[], exposure: Fraction): MarginBracket {
  return brackets.findLast(({ floor }) => compareFractions(floor, exposure) <= 0) ?? brackets[0]!;
}

/**
 * Maintenance margin of an exposure: rate·exposure − c, at least 0.
 *
 * @example Binance, 300,000 USDT in the bracket of 1 % less 1,300: 1,700
 */
export function computeBracketMaintenance(brackets: readonly MarginBracket[], exposure: Fraction): Fraction {
  const { maintenance, deduction } = bracketOf(brackets, exposure);
  return atLeastZero(minus(times(maintenance, exposure), deduction));
}
