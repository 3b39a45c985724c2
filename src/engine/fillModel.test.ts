/** Prices of fills: slippage in ticks and basis points against the trader, rounding to the tick, and the limit that bounds it. */

import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { compareFractions, type Fraction } from '../money/decimal.js';
import { BTCUSDT, d, XBTUSD } from '../testing/laws/contracts.js';
import { fillPrice, takerPrice, takerPriceWithin } from './fillModel.js';
import type { Slippage } from './runInput.js';

const ticks = (amount: string): Slippage => ({ unit: 'ticks', amount: d(amount) });
const bps = (amount: string): Slippage => ({ unit: 'bps', amount: d(amount) });

describe('taker price on a tick of 0.5', () => {
  test.each<[string, Slippage, string, string]>([
    // price, slippage, buy, sell
    ['9000', ticks('0'), '9000', '9000'],
    ['9000.2', ticks('0'), '9000.2', '9000.2'],
    ['9000', ticks('1'), '9000.5', '8999.5'],
    ['9000', ticks('2'), '9001', '8999'],
    ['9000.2', ticks('1'), '9001', '8999.5'],
    ['9000', ticks('0.5'), '9000.5', '8999.5'],
    ['9000', bps('1'), '9001', '8999'],
    ['9000', bps('0.5'), '9000.5', '8999.5'],
    ['9000', bps('5'), '9004.5', '8995.5'],
    ['9000', bps('5.01'), '9005', '8995'],
    ['1', ticks('2'), '2', '0.5'],
    ['0.5', ticks('100'), '50.5', '0.5'],
    ['9000', bps('10000'), '18000', '0.5'],
  ])('when the price is %s and the slippage %j then a buy pays %s and a sell gets %s', (price, slippage, buy, sell) => {
    expect(compareFractions(takerPrice(XBTUSD, 'buy', d(price), slippage).exact, d(buy))).toBe(0);
    expect(compareFractions(takerPrice(XBTUSD, 'sell', d(price), slippage).exact, d(sell))).toBe(0);
  });

  test.each([
    ['9000.2', '9000.5', '9000'],
    ['9000.5', '9000.5', '9000.5'],
    ['9000.7', '9001', '9000.5'],
  ])('when an interpolated price is %s then without slippage a buy pays %s and a sell gets %s', (price, buy, sell) => {
    expect(takerPrice(XBTUSD, 'buy', d(price), ticks('0'), 'interpolated').f64).toBe(Number(buy));
    expect(takerPrice(XBTUSD, 'sell', d(price), ticks('0'), 'interpolated').f64).toBe(Number(sell));
  });

  it('when an interpolated price lies below the first tick then a sell still gets a tick', () => {
    expect(takerPrice(XBTUSD, 'sell', d('0.3'), ticks('0'), 'interpolated').f64).toBe(0.5);
  });
});

describe('taker price within a limit', () => {
  test.each<['buy' | 'sell', string, string, string]>([
    ['buy', '9000', '9002', '9001'],
    ['buy', '9000', '9001', '9001'],
    ['buy', '9000', '9000.5', '9000.5'],
    ['buy', '9000', '9000', '9000'],
    ['sell', '9000', '8998', '8999'],
    ['sell', '9000', '8999', '8999'],
    ['sell', '9000', '8999.5', '8999.5'],
  ])('when a %s takes at %s with two ticks of slippage and a limit of %s then %s', (side, price, limit, filled) => {
    const taken = takerPriceWithin(XBTUSD, side, d(price), d(limit), ticks('2'));
    expect(compareFractions(taken.exact, d(filled))).toBe(0);
    expect(taken.f64).toBe(Number(filled));
  });
});

describe('laws of fills', () => {
  const price = fc.bigInt({ min: 1n, max: 10n ** 9n }).map((num): Fraction => ({ num, den: 100n }));
  const amount = fc.bigInt({ min: 1n, max: 1000n }).map((num): Fraction => ({ num, den: 10n }));

  it('when there is slippage then the fill is on the tick, positive, and never better than the price', () => {
    const sides = fc.constantFrom('buy', 'sell');
    fc.assert(
      fc.property(
        fc.constantFrom(XBTUSD, BTCUSDT),
        sides,
        price,
        amount,
        fc.constantFrom('ticks', 'bps'),
        (contract, side, at, size, unit) => {
          const { exact, f64 } = takerPrice(contract, side, at, { unit, amount: size });
          const inTicks = { num: exact.num * contract.tick.den, den: exact.den * contract.tick.num };
          expect(inTicks.num % inTicks.den).toBe(0n);
          expect(exact.num > 0n && f64 > 0).toBe(true);
          const worse = compareFractions(exact, at) * (side === 'buy' ? 1 : -1);
          const isFirstTick = compareFractions(exact, contract.tick) === 0;
          expect(worse > 0 || isFirstTick).toBe(true);
        },
      ),
    );
  });

  it('when a price is given both ways then the float64 is that of the decimal', () => {
    expect(fillPrice(d('9980.5'))).toEqual({ f64: 9980.5, exact: d('9980.5') });
  });
});
