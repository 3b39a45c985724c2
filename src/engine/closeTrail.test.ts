/**
 * The chain of peaks with the deepest close after each, judged by the drawdown over every close.
 */

import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CloseTrail } from './closeTrail.js';
import { Drawdown } from './drawdown.js';

const closes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 120 });

/** A value that rises with the close, and one that falls with it. */
const WAYS: readonly [string, (close: number) => number][] = [
  ['rises', (close) => 5 + close],
  ['falls', (close) => 60 - close],
];

it.each(WAYS)('when a value %s with the close then the chain has the drawdown of all closes', (way, worth) => {
  fc.assert(
    fc.property(closes, fc.nat(119), fc.integer({ min: 1, max: 50 }), fc.boolean(), (all, at, start, asksBefore) => {
      const from = at % all.length;
      const [whole, chained] = [new Drawdown(start), new Drawdown(start)];
      const trail = new CloseTrail();
      for (const close of all) {
        trail.push(close);
        // Asking in between changes nothing.
        if (asksBefore) trail.eachHigh(0, () => {});
      }
      for (const close of all.slice(from)) whole.sample(worth(close));
      const take = (peak: number, trough: number): void => {
        chained.sample(worth(peak));
        if (!Number.isNaN(trough)) chained.sample(worth(trough));
      };
      if (way === 'rises') trail.eachHigh(from, take);
      else trail.eachLow(from, take);
      expect(chained.deepest).toBe(whole.deepest);
      expect(chained.peak).toBe(whole.peak);
    }),
    { numRuns: 2000 },
  );
});

it('when a trail forgets then it goes on from nothing', () => {
  const trail = new CloseTrail();
  for (const close of [5, 9, 2]) trail.push(close);
  trail.clear();
  for (const close of [3, 1, 4]) trail.push(close);
  const told: number[][] = [];
  trail.eachHigh(0, (...pair) => told.push(pair));
  expect(told).toEqual([
    [3, 1],
    [4, Number.NaN],
  ]);
});
