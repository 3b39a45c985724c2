/** At which price a stop stands: as given, by a share of price, profit or margin, and trailing the best price. */

import { describe, expect, it, test } from '@jest/globals';
import { compareFractions, fractionToF64 } from '../money/decimal.js';
import { ONE } from '../money/fractions.js';
import { d } from '../testing/laws/contracts.js';
import type { BracketLeg, PctBase, StopStyle } from './order.js';
import { computeStopPrice, computeTrailingLevel, isBetter, isPercent, isTrailing, kindOf } from './stopPrice.js';

const legOf = (style: StopStyle, value: string, base: PctBase = 'price'): BracketLeg => ({
  style,
  isLoss: !style.startsWith('stop_profit'),
  value: d(value),
  base,
});

describe('stop prices', () => {
  // side that the stop trades, style, value, average entry, price
  test.each<['buy' | 'sell', StopStyle, string, string, string]>([
    ['sell', 'stop_loss', '9600', '9980.5', '9600'],
    ['buy', 'stop_profit', '9600', '1', '9600'],
    ['buy', 'stop_loss_pct', '0.15', '9980.5', '11477.575'],
    ['sell', 'stop_loss_pct', '0.15', '9980.5', '8483.425'],
    ['sell', 'stop_profit_pct', '0.15', '9980.5', '11477.575'],
    ['buy', 'stop_profit_pct', '0.15', '9980.5', '8483.425'],
    ['buy', 'stop_profit_pct', '1', '9980.5', '0'],
  ])('when a %s stands at %s %s from %s then its price is %s', (side, style, value, average, price) => {
    const found = computeStopPrice(legOf(style, value), side, { price: d(average), isInverse: true, marginRate: ONE });
    expect(compareFractions(found!, d(price))).toBe(0);
  });

  // From 9,980.5 by 15 %; the share of the margin is at 10x.
  test.each<[string, PctBase, 'buy' | 'sell', StopStyle, number | null]>([
    ['linear', 'price', 'buy', 'stop_loss_pct', 11_477.575],
    ['linear', 'pnl', 'buy', 'stop_loss_pct', 11_477.575],
    ['linear', 'roe', 'buy', 'stop_loss_pct', 10_130.2075],
    ['linear', 'roe', 'sell', 'stop_loss_pct', 9_830.7925],
    ['linear', 'roe', 'sell', 'stop_profit_pct', 10_130.2075],
    ['linear', 'roe', 'buy', 'stop_profit_pct', 9_830.7925],
    ['inverse', 'price', 'buy', 'stop_loss_pct', 11_477.575],
    ['inverse', 'pnl', 'buy', 'stop_loss_pct', 11_741.7647],
    ['inverse', 'pnl', 'sell', 'stop_loss_pct', 8_678.6957],
    ['inverse', 'pnl', 'sell', 'stop_profit_pct', 11_741.7647],
    ['inverse', 'pnl', 'buy', 'stop_profit_pct', 8_678.6957],
    ['inverse', 'roe', 'buy', 'stop_loss_pct', 10_132.4873],
    ['inverse', 'roe', 'sell', 'stop_loss_pct', 9_833.0049],
  ])(
    'when a share of the result of an %s contract is of %s then a %s %s stands at %s',
    (type, base, side, style, at) => {
      const basis = { price: d('9980.5'), isInverse: type === 'inverse', marginRate: d('0.1') };
      const found = computeStopPrice(legOf(style, '0.15', base), side, basis);
      expect(fractionToF64(found!)).toBeCloseTo(at!, 4);
    },
  );

  test.each([
    ['0.999', false],
    ['1', true],
    ['1.001', true],
  ])('when an inverse short may lose %s of its entry value then no price: %s', (value, isNone) => {
    const basis = { price: d('10000'), isInverse: true, marginRate: ONE };
    expect(computeStopPrice(legOf('stop_loss_pct', value, 'pnl'), 'buy', basis) === null).toBe(isNone);
  });
});

describe('trailing levels', () => {
  test.each<['buy' | 'sell', StopStyle, string, string]>([
    ['sell', 'trailing_stop', '250', '9750'],
    ['buy', 'trailing_stop', '250', '10250'],
    ['sell', 'trailing_stop_pct', '0.03', '9700'],
    ['buy', 'trailing_stop_pct', '0.03', '10300'],
    ['sell', 'trailing_stop', '10000.5', '-0.5'],
  ])('when a %s trails by %s %s from 10,000 then it stands at %s', (side, style, value, level) => {
    expect(compareFractions(computeTrailingLevel(legOf(style, value), side, d('10000')), d(level))).toBe(0);
  });

  test.each<['buy' | 'sell', string, boolean]>([
    ['sell', '9999.5', false],
    ['sell', '10000', false],
    ['sell', '10000.5', true],
    ['buy', '9999.5', true],
    ['buy', '10000', false],
    ['buy', '10000.5', false],
  ])('when a %s has seen 10,000 then %s is better: %s', (side, price, isIt) => {
    expect(isBetter(side, d(price), d('10000'))).toBe(isIt);
  });
});

describe('kinds', () => {
  it('when a style is named then its kind, and whether it trails or is by percent, are known', () => {
    const styles = [
      'stop_loss',
      'stop_loss_pct',
      'stop_profit',
      'stop_profit_pct',
      'trailing_stop',
      'trailing_stop_pct',
    ];
    const told = styles
      .map((name) => name as StopStyle)
      .map((name) => [kindOf(legOf(name, '1')), isTrailing(name), isPercent(name)]);
    expect(told).toEqual([
      ['loss', false, false],
      ['loss', false, true],
      ['profit', false, false],
      ['profit', false, true],
      ['trailing', true, false],
      ['trailing', true, true],
    ]);
  });
});
