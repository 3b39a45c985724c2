/**
 * The equation of liquidation where it has no root, or one on a bound: collateral that covers everything, steps that begin at the
 * very value, and a hedge that ends at 0.
 */

import { describe, expect, it, test } from '@jest/globals';
import { createBrackets } from '../contract/marginBrackets.js';
import { compareFractions, type Fraction } from '../money/decimal.js';
import { ZERO } from '../money/fractions.js';
import { d } from '../testing/laws/contracts.js';
import { solveBrackets, solveHedge, solveProportionalRequirement } from './liquidationValue.js';

const step = createBrackets(
  [
    { floor: ZERO, maintenance: d('0.005'), deduction: null },
    { floor: d('250000'), maintenance: d('0.05'), deduction: null },
  ],
  'step',
);
const expectRoot = (found: Fraction | null, value: string | null): void => {
  if (value === null || found === null) expect(found).toBe(value);
  else expect(compareFractions(found, d(value))).toBe(0);
};

describe('no root', () => {
  test.each([
    ['99', '2'],
    ['100', '0'],
    ['101', null],
  ])('when %s stand behind a long that cost 100 then its value at liquidation is %s', (collateral, value) => {
    const terms = { sign: 1n as const, cost: d('100'), collateral: d(collateral) };
    expectRoot(solveProportionalRequirement(terms, d('0.5')), value);
  });

  test.each(['300000', '100000'])('when a long is covered whole then no bracket from %s down has a root', (from) => {
    const terms = { sign: 1n as const, cost: d('300000'), collateral: d('300001') };
    expectRoot(solveBrackets(terms, step, ZERO, d(from)), null);
  });

  it('when a short owes more than it could ever make then no bracket has a root', () => {
    const terms = { sign: -1n as const, cost: d('240000'), collateral: d('-400000') };
    expectRoot(solveBrackets(terms, step, ZERO, d('240000')), null);
  });
});

describe('a root on a bound', () => {
  // 300,000 − B = 0.95 · V in the upper step, 0.995 · V below
  test.each([
    ['62400', '250105.263157'],
    ['62500', '250000'],
  ])('when %s stand behind a long of 300,000 then it ends in the step that it is in, at %s', (collateral, value) => {
    const terms = { sign: 1n as const, cost: d('300000'), collateral: d(collateral) };
    const found = solveBrackets(terms, step, ZERO, d('300000'))!;
    expect(Math.abs(Number(found.num) / Number(found.den) - Number(value))).toBeLessThan(0.00001);
  });
});

describe('a hedge', () => {
  const legs = [
    { sign: 1n, qty: d('2'), cost: d('20000'), rate: d('0.005'), deduction: ZERO },
    { sign: -1n, qty: d('1'), cost: d('9000'), rate: d('0.005'), deduction: ZERO },
  ] as const;
  test.each([
    ['10999', '0.9'],
    ['11000', '0'],
    ['11001', null],
  ])('when %s stand behind it then %s', (collateral, about) => {
    const found = solveHedge([...legs], d(collateral));
    if (about === null) expect(found).toBeNull();
    else expect(Math.abs(Number(found!.num) / Number(found!.den) - Number(about))).toBeLessThan(0.2);
  });

  it('when it ends at 0 then 0 it is', () => {
    expectRoot(solveHedge([...legs], d('11000')), '0');
  });
});
