/** The equation of liquidation by published numbers: Binance's support article, Hyperliquid's, and worked examples. */

import { describe, expect, it, test } from '@jest/globals';
import { createBrackets } from '../contract/marginBrackets.js';
import { type Fraction, fractionOf } from '../money/decimal.js';
import { formatSignificant, integer, times, ZERO } from '../money/fractions.js';
import {
  computeCrossCollateral,
  computeRequirement,
  solveBrackets,
  solveFixedRequirement,
  solveHedge,
  solveProportionalRequirement,
} from './liquidationValue.js';

const f = fractionOf;
const text = (x: Fraction | null, digits = 12): string | null => (x === null ? null : formatSignificant(x, digits));
/** Linear position: value at entry and sign. */
const linear = (sign: 1n | -1n, qty: string, entry: string, collateral: Fraction) => ({
  sign,
  cost: times(f(qty), f(entry)),
  collateral,
});

describe('a requirement that does not move', () => {
  test.each<[string, 1n | -1n, string, string, string | null]>([
    ['BitMEX’s Karen, 20 at 1,000, wallet 10,000, 1 %', 1n, '20000', '200', '10200'],
    ['the same, bankruptcy', 1n, '20000', '0', '10000'],
    ['a short', -1n, '20000', '200', '29800'],
  ])('when it is %s then the value is found', (_, sign, cost, requirement, expected) => {
    const terms = { sign, cost: f(cost), collateral: f('10000') };
    expect(text(solveFixedRequirement(terms, f(requirement)))).toBe(expected);
  });

  test.each([
    ['19999', '1'],
    ['20000', '0'],
    ['20001', null],
  ])('when %s stands behind a value of 20,000 then its bankruptcy value is %s', (collateral, expected) => {
    expect(text(solveFixedRequirement({ sign: 1n, cost: f('20000'), collateral: f(collateral) }, ZERO))).toBe(expected);
  });
});

describe('a requirement in proportion to the value', () => {
  it('when Binance’s article has two cross positions then ETH is liquidated at 1,153.26', () => {
    const value = times(f('109.488'), f('31967.27'));
    const profit = times(f('109.488'), f('-514.71'));
    const requirement = computeRequirement(value, f('0.025'), f('16300'));
    const collateral = computeCrossCollateral(f('1535443.01'), [{ profit, requirement }]);
    const solved = solveProportionalRequirement(linear(1n, '3683.979', '1456.84', collateral), f('0.1'), f('135365'));
    expect(text(times(solved!, { num: 1000n, den: 3683979n }), 6)).toBe('1153.26');
  });

  test.each([
    ['0.99', '0'],
    ['1', null],
    ['1.01', null],
  ])('when the rate is %s and all is covered then the value is %s', (rate, expected) => {
    expect(text(solveProportionalRequirement({ sign: 1n, cost: f('1'), collateral: f('1') }, f(rate)))).toBe(expected);
  });
});

describe('brackets', () => {
  const table = [
    ['0', '0.004'],
    ['50000', '0.005'],
    ['250000', '0.01'],
    ['1000000', '0.025'],
  ].map(([floor, maintenance]) => ({ floor: f(floor!), maintenance: f(maintenance!), deduction: null }));
  const marginal = createBrackets(table, 'marginal');

  test.each([
    ['30 at 40,000 ends in the bracket it began in', '30', '1111487.17949'],
    ['26 at 40,000 ends one bracket lower', '26', '948181.818182'],
  ])('when a long of %s then the root is the one of its own bracket', (_, qty, expected) => {
    const terms = linear(1n, qty, '40000', f('100000'));
    expect(text(solveBrackets(terms, marginal, ZERO, terms.cost))).toBe(expected);
  });

  it('when a short grows into a higher bracket then the root is found there', () => {
    const terms = linear(-1n, '6', '40000', f('30000'));
    // (240000 + 30000 + 1300) / 1.01
    expect(text(solveBrackets(terms, marginal, ZERO, terms.cost))).toBe('268613.861386');
  });

  test.each([
    ['11000', 'the root of the lower step', '249751.243781'],
    ['22499', 'the bound', '250000'],
    ['22500', 'the bound', '250000'],
    ['22501', 'the root of the higher step', '250000.952381'],
  ])(
    'when the step of a short asks 12,500 from 250,000 on and %s stands behind it then it is %s',
    (collateral, _, expected) => {
      const step = createBrackets(
        [
          { floor: ZERO, maintenance: f('0.005'), deduction: null },
          { floor: f('250000'), maintenance: f('0.05'), deduction: null },
        ],
        'step',
      );
      const terms = { sign: -1n as const, cost: f('240000'), collateral: f(collateral) };
      expect(text(solveBrackets(terms, step, ZERO, terms.cost))).toBe(expected);
    },
  );

  it('when a closing fee counts then it is added to every rate', () => {
    const one = createBrackets([{ floor: ZERO, maintenance: f('0.01'), deduction: null }], 'step');
    const terms = linear(1n, '1', '10', { num: 10n, den: 3n });
    expect(text(solveBrackets(terms, one, f('0.0006'), terms.cost), 16)).toBe('6.738090425173506');
  });
});

describe('a hedge', () => {
  const leg = (sign: 1n | -1n, qty: bigint, entry: bigint, rate = '0.005') => ({
    sign,
    qty: integer(qty),
    cost: integer(qty * entry),
    rate: f(rate),
    deduction: ZERO,
  });

  it('when long 2 at 10,000 and short 1 at 9,000 share 3,000 then they go at 1600000/197', () => {
    expect(solveHedge([leg(1n, 2n, 10000n), leg(-1n, 1n, 9000n)], f('3000'))).toEqual({ num: 1600000n, den: 197n });
  });

  it('when the sides cancel and need no margin then no price matters', () => {
    expect(solveHedge([leg(1n, 1n, 10000n, '0'), leg(-1n, 1n, 9000n, '0')], f('3000'))).toBeNull();
  });
});
