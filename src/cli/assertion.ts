/**
 * `--assert EXPR`: a figure of the summary compared with a number, `max_drawdown<0.3`, or `hedge.liquidations==0` for one
 * account; without an account the overall row is meant. Money and counts are compared exactly, in whole currency units.
 */

import type { RunOutcome } from '../engine/records.js';
import { compareFractions, type Fraction, parseFraction } from '../money/decimal.js';
import { pow10 } from '../money/units.js';
import type { Figure } from '../report/metrics.js';
import { METRICS } from '../report/metrics.js';
import { computeSummary, formatFigure } from '../report/summary.js';
import { badOption, formatNames, type Given, nearest } from './givenOptions.js';

type Operator = '<' | '<=' | '>' | '>=' | '==' | '!=';

export interface Assertion {
  /** As the user wrote it. */
  readonly text: string;
  /** Null for the overall row. */
  readonly account: string | null;
  readonly metric: string;
  readonly operator: Operator;
  readonly bound: Fraction;
}

const EXPRESSION = /^\s*(\S+?)\s*(<=|>=|==|!=|<|>)\s*(\S+)\s*$/;
const HOLDS: Record<Operator, (order: number) => boolean> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
};

/** @param accounts the names of the run's accounts. @throws UserError exit 2 */
export function parseAssertion(given: Given, accounts: readonly string[]): Assertion {
  const match = EXPRESSION.exec(given.text);
  const bound = parseFraction(match?.[3] ?? '');
  if (match === null || bound === undefined) {
    throw badOption(given, 'is not a comparison', 'a metric, one of < <= > >= == != and a number: max_drawdown<0.3');
  }
  const left = match[1]!;
  const cut = left.lastIndexOf('.');
  const account = cut < 0 ? null : left.slice(0, cut);
  const metric = left.slice(cut + 1);
  const metrics = METRICS.map((known) => known.name);
  if (!metrics.includes(metric)) {
    throw badOption(given, `names no metric: ${metric}`, `one of ${metrics.join(', ')}`, nearest(metric, metrics));
  }
  // A further currency of an account has a line of its own, `main:USDT`; which there are shows at the end.
  if (account !== null && !accounts.includes(account.split(':')[0]!)) {
    throw badOption(given, `names no account: ${account}`, `one of ${formatNames(accounts)}`);
  }
  return { text: given.text.trim(), account, metric, operator: match[2] as Operator, bound };
}

/** What an assertion that does not hold found, one sentence each; empty when all hold. */
export function findFalseAssertions(assertions: readonly Assertion[], outcome: RunOutcome): string[] {
  if (assertions.length === 0) return [];
  const { accounts, total } = computeSummary(outcome);
  return assertions.flatMap((assertion) => {
    const entry = assertion.account === null ? total : accounts.find((one) => one.account === assertion.account);
    const figure = entry?.figures.find((one) => one.metric.name === assertion.metric)?.figure;
    if (figure === undefined) return [`${assertion.text} is false: there is no such figure`];
    if (figure.kind === 'none') return [`${assertion.text} is false: the figure means nothing, ${figure.reason}`];
    const isTrue = HOLDS[assertion.operator](compareFigure(figure, assertion.bound));
    return isTrue ? [] : [`${assertion.text} is false: ${assertion.metric} is ${formatFigure(figure)}`];
  });
}

/** −1, 0 or 1; NaN for a figure that is not a number, which no comparison but `!=` holds for. */
function compareFigure(figure: Exclude<Figure, { kind: 'none' }>, bound: Fraction): number {
  if (figure.kind === 'money') {
    return compareFractions({ num: figure.value, den: pow10(figure.currency.decimals) }, bound);
  }
  const difference = figure.value - Number(bound.num) / Number(bound.den);
  return Math.sign(difference);
}
