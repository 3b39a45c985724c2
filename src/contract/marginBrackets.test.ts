/** Brackets of published tables: Binance's BTCUSDT of March 2021, OKX's flat tiers, Bybit's progressive example. */

import { describe, expect, it, test } from '@jest/globals';
import { fractionOf } from '../money/decimal.js';
import { formatSignificant } from '../money/fractions.js';
import { bracketOf, computeBracketMaintenance, computeDeduction, createBrackets } from './marginBrackets.js';

const f = fractionOf;
const text = (x: { num: bigint; den: bigint }): string => formatSignificant(x, 30);
const rows = (table: readonly (readonly [string, string])[]) =>
  table.map(([floor, rate]) => ({ floor: f(floor), maintenance: f(rate), deduction: null }));

const BTCUSDT = rows([
  ['0', '0.004'],
  ['50000', '0.005'],
  ['250000', '0.01'],
  ['1000000', '0.025'],
  ['10000000', '0.05'],
  ['20000000', '0.1'],
  ['50000000', '0.125'],
  ['100000000', '0.15'],
  ['200000000', '0.25'],
  ['300000000', '0.5'],
]);

describe('marginal brackets', () => {
  const brackets = createBrackets(BTCUSDT, 'marginal');

  it('when the table is Binance’s of 18 March 2021 then the cumulative amounts are the published ones', () => {
    expect(brackets.map(({ deduction }) => text(deduction))).toEqual([
      '0',
      '50',
      '1300',
      '16300',
      '266300',
      '1266300',
      '2516300',
      '5016300',
      '25016300',
      '100016300',
    ]);
  });

  test.each([
    ['249999', '0.005', '1199.995'],
    ['250000', '0.01', '1200'],
    ['250001', '0.01', '1200.01'],
    ['300000', '0.01', '1700'],
  ])('when the exposure is %s then the rate is %s and the maintenance margin %s', (exposure, rate, margin) => {
    expect(text(bracketOf(brackets, f(exposure)).maintenance)).toBe(rate);
    expect(text(computeBracketMaintenance(brackets, f(exposure)))).toBe(margin);
  });

  it('when the table prints amounts then they are taken as printed', () => {
    const [first, second] = createBrackets(
      [
        { floor: f('0'), maintenance: f('0.004'), deduction: f('0') },
        { floor: f('50000'), maintenance: f('0.005'), deduction: f('49') },
      ],
      'marginal',
    );
    expect([text(first!.deduction), text(second!.deduction)]).toEqual(['0', '49']);
  });

  it('when a bracket of Binance COIN-M follows then its amount is 1.81', () => {
    expect(text(computeDeduction(f('0.56'), f('50'), f('0.05'), f('0.025')))).toBe('1.81');
  });
});

describe('step brackets', () => {
  const okx = createBrackets(
    rows([
      ['0', '0.01'],
      ['2001', '0.015'],
      ['4001', '0.02'],
    ]),
    'step',
  );

  test.each([
    ['2000', '20'],
    ['2001', '30.015'],
    ['2002', '30.03'],
    ['8000', '160'],
  ])('when OKX’s exposure is %s then the whole of it has the rate it reaches: %s', (exposure, margin) => {
    expect(text(computeBracketMaintenance(okx, f(exposure)))).toBe(margin);
  });
});
