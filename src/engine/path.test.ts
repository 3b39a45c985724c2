/** The way through a bar: legs and their direction, crossings, prices and times on a leg, and the laws between them. */

import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { compareFractions, type Fraction } from '../money/decimal.js';
import { d } from '../testing/laws/contracts.js';
import {
  type BarPrices,
  crossingOf,
  type Direction,
  isStill,
  type Leg,
  legOf,
  nearestDirection,
  type Ohlc,
  placeOf,
  priceAlong,
  timeOn,
} from './path.js';

const bar = (open: number, high: number, low: number, close: number): Ohlc => ({ open, high, low, close });
const LAST = bar(100, 110, 95, 105);
const MARK = bar(101, 109, 96, 104);
const HOUR: BarPrices = { openTimeMs: 0, closeTimeMs: 3_600_000, last: LAST, mark: MARK };
const legsOf = (direction: Direction | null): Leg[] => [0, 1, 2].map((index) => legOf(HOUR, direction, index));

describe('legs', () => {
  it('when the low comes first then both series go open, low, high, close', () => {
    const legs = legsOf('low_first').map((leg) => [leg.index, leg.lastFrom, leg.lastTo, leg.markFrom, leg.markTo]);
    expect(legs).toEqual([
      [0, 100, 95, 101, 96],
      [1, 95, 110, 96, 109],
      [2, 110, 105, 109, 104],
    ]);
  });

  it('when the high comes first then both series go open, high, low, close', () => {
    const legs = legsOf('high_first').map((leg) => [leg.lastFrom, leg.lastTo, leg.markFrom, leg.markTo]);
    expect(legs).toEqual([
      [100, 110, 101, 109],
      [110, 95, 109, 96],
      [95, 105, 96, 104],
    ]);
  });

  it('when there is no direction then both series stand at their opens', () => {
    const legs = legsOf(null).map((leg) => [leg.lastFrom, leg.lastTo, leg.markFrom, leg.markTo]);
    expect(legs).toEqual([
      [100, 100, 101, 101],
      [100, 100, 101, 101],
      [100, 100, 101, 101],
    ]);
  });

  it('when there is no mark series then the mark walks with the last price', () => {
    const leg = legOf({ ...HOUR, mark: LAST }, 'low_first', 1);
    expect([leg.markFrom, leg.markTo]).toEqual([95, 110]);
  });

  test.each([
    [bar(5, 5, 5, 5), bar(6, 6, 6, 6), true],
    [bar(5, 5, 5, 5), bar(6, 7, 6, 6), false],
    [bar(5, 5, 4, 5), bar(6, 6, 6, 6), false],
  ])('when last is %j and mark %j then still is %s', (last, mark, still) => {
    expect(isStill({ ...HOUR, last, mark })).toBe(still);
  });
});

describe('the nearer extreme', () => {
  test.each([
    [bar(100, 104, 95, 100), 'high_first'],
    [bar(100, 105, 95, 100), null],
    [bar(100, 106, 95, 100), 'low_first'],
    [bar(100, 100, 95, 100), 'high_first'],
    [bar(100, 105, 100, 100), 'low_first'],
    // 0.3 − 0.2 against 0.2 − 0.1: float64 finds a difference, decimals do not
    [bar(0.2, 0.3, 0.1, 0.2), null],
    [bar(9900, 10_650, 9100, 9500), 'high_first'],
  ])('when the bar is %j then %s', (prices, direction) => {
    expect(nearestDirection(prices, 1)).toBe(direction);
    expect(nearestDirection(prices, 0)).toBe(direction);
  });
});

describe('crossings', () => {
  test.each([
    ['9900', '9100', '9300', '0.75'],
    ['9900', '9100', '9900', '0'],
    ['9900', '9100', '9100', '1'],
    ['9900', '9100', '9900.1', null],
    ['9900', '9100', '9099.9', null],
    ['10600', '9150', '9150', '1'],
    ['9100', '9900', '9300', '0.25'],
    ['9100', '9100', '9100', null],
    ['0.1', '0.3', '0.2', '0.5'],
  ])('when a way goes from %s to %s then it meets %s at %s', (from, to, x, lambda) => {
    const found = crossingOf(d(from), d(to), d(x));
    if (lambda === null) expect(found).toBeNull();
    else expect(compareFractions(found!, d(lambda))).toBe(0);
  });

  it('when the worked bar’s mark falls from 9,905 to 9,000 then it is liquidated 1691/1991 of the way', () => {
    const lambda = crossingOf(d('9905'), d('9000'), { num: 100_500n, den: 11n })!;
    expect(compareFractions(lambda, { num: 1_691n, den: 1_991n })).toBe(0);
  });
});

const price = fc
  .tuple(fc.bigInt({ min: 1n, max: 10n ** 9n }), fc.bigInt({ min: 1n, max: 1000n }))
  .map(([num, den]): Fraction => ({ num, den }));
const lambdas = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 6n }), fc.bigInt({ min: 1n, max: 10n ** 6n }))
  .map(([a, b]): Fraction => (a <= b ? { num: a, den: b } : { num: b, den: a }));

describe('laws of a leg', () => {
  it('when a price along a way is crossed then λ comes back, and the other way round', () => {
    fc.assert(
      fc.property(price, price, lambdas, (from, to, lambda) => {
        fc.pre(compareFractions(from, to) !== 0);
        const x = priceAlong(from, to, lambda);
        expect(compareFractions(crossingOf(from, to, x)!, lambda)).toBe(0);
      }),
    );
    fc.assert(
      fc.property(price, price, price, (from, to, x) => {
        const lambda = crossingOf(from, to, x);
        const [low, high] = compareFractions(from, to) <= 0 ? [from, to] : [to, from];
        const isInside =
          compareFractions(low, x) <= 0 && compareFractions(x, high) <= 0 && compareFractions(from, to) !== 0;
        expect(lambda !== null).toBe(isInside);
        if (lambda === null) return;
        expect(lambda.den > 0n && lambda.num >= 0n && lambda.num <= lambda.den).toBe(true);
        expect(compareFractions(priceAlong(from, to, lambda), x)).toBe(0);
      }),
    );
  });

  it('when λ grows then price and time never turn back, and both stay within the leg', () => {
    fc.assert(
      fc.property(
        price,
        price,
        lambdas,
        lambdas,
        fc.integer({ min: 0, max: 2 }),
        fc.integer({ min: 1, max: 10 ** 8 }),
        (from, to, a, b, leg, ms) => {
          const [first, second] = compareFractions(a, b) <= 0 ? [a, b] : [b, a];
          const way = compareFractions(to, from);
          const [p, q] = [priceAlong(from, to, first), priceAlong(from, to, second)];
          expect(compareFractions(q, p) * way >= 0).toBe(true);
          expect(compareFractions(p, from) * way >= 0 && compareFractions(to, q) * way >= 0).toBe(true);
          const prices = { ...HOUR, openTimeMs: 7, closeTimeMs: 7 + ms };
          const [t, u] = [timeOn(prices, leg, first), timeOn(prices, leg, second)];
          expect(t <= u).toBe(true);
          expect(t >= 7 + Math.floor((leg * ms) / 3) - 1 && u <= 7 + Math.ceil(((leg + 1) * ms) / 3)).toBe(true);
          expect(u).toBeLessThan(7 + ms);
        },
      ),
    );
  });

  it('when a time inside the bar is placed then the time on its leg is that time again', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 10 ** 9 }),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        (ms, share) => {
          const prices = { ...HOUR, openTimeMs: 1000, closeTimeMs: 1000 + ms };
          const timeMs = 1000 + Math.max(1, Math.floor(share * ms));
          const { leg, lambda } = placeOf(prices, timeMs);
          expect(leg >= 0 && leg <= 2).toBe(true);
          expect(lambda.num > 0n && lambda.num <= lambda.den).toBe(true);
          expect(timeOn(prices, leg, lambda)).toBe(timeMs);
        },
      ),
    );
  });
});

describe('times', () => {
  test.each<[number, string, number]>([
    [0, '0', 0],
    [0, '0.5', 600_000],
    [0, '1', 1_200_000],
    [1, '0', 1_200_000],
    [1, '0.75', 2_100_000],
    [2, '0.9999999', 3_599_999],
    [2, '1', 3_599_999],
  ])('when leg %s is %s done then %s ms of an hour have passed', (leg, lambda, ms) => {
    expect(timeOn(HOUR, leg, d(lambda))).toBe(ms);
  });

  test.each<[number, number, string]>([
    [1, 0, '0.000000833333333333'],
    [600_000, 0, '0.5'],
    [1_200_000, 0, '1'],
    [1_200_001, 1, '0.000000833333333333'],
    [2_400_000, 1, '1'],
    [3_000_000, 2, '0.5'],
  ])(
    'when a time is %s ms into the hour then on leg %s at %s, a node at the end of the leg before',
    (ms, leg, lambda) => {
      const place = placeOf(HOUR, ms);
      expect(place.leg).toBe(leg);
      expect((place.lambda.num * 10n ** 12n) / place.lambda.den).toBe((d(lambda).num * 10n ** 12n) / d(lambda).den);
    },
  );

  it('when a bar lasts a millisecond then everything in it happens at its open', () => {
    const short = { ...HOUR, closeTimeMs: 1 };
    expect([0, 1, 2].map((leg) => timeOn(short, leg, d('1')))).toEqual([0, 0, 0]);
  });
});
