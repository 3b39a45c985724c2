/**
 * Clock and chance inside a strategy's callbacks: the bar's time, the seed's draws, and the real ones afterwards.
 */

import { describe, expect, it } from '@jest/globals';
import { SimulatedGlobals } from './simulatedGlobals.js';

const AT = Date.UTC(2020, 2, 1, 12, 30);

describe('the clock of a run', () => {
  it('when a callback asks for the time then every way of asking gives the bar’s', () => {
    const seen = new SimulatedGlobals(0).during(AT, () => {
      const made = new Date();
      return [Date.now(), made.getTime(), Date.parse(Date())];
    });
    expect(seen).toEqual([AT, AT, AT]);
  });

  it('when a callback makes a date of its own then it is that date, and a date as ever', () => {
    const date = new SimulatedGlobals(0).during(AT, () => new Date('2021-05-06T07:08:09Z'));
    expect(date instanceof Date).toBe(true);
    expect(date.toISOString()).toBe('2021-05-06T07:08:09.000Z');
    expect(new SimulatedGlobals(0).during(AT, () => Date.UTC(2020, 0, 1))).toBe(Date.UTC(2020, 0, 1));
  });
});

describe('the chance of a run', () => {
  const draws = (seed: number, count: number): number[] => {
    const globals = new SimulatedGlobals(seed);
    return Array.from({ length: count }, (_, i) => globals.during(AT + i, () => Math.random()));
  };

  it('when the seed is the same then the draws are, and another seed draws otherwise', () => {
    expect(draws(7, 20)).toEqual(draws(7, 20));
    expect(draws(8, 20)).not.toEqual(draws(7, 20));
  });

  it('when many are drawn then they lie in [0, 1) and fill it', () => {
    const many = draws(0, 2_000);
    expect(many.every((x) => x >= 0 && x < 1)).toBe(true);
    const mean = many.reduce((sum, x) => sum + x, 0) / many.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
  });
});

describe('outside the callbacks', () => {
  it('when a callback has returned or thrown then clock and chance are the real ones', () => {
    const real = [Date, Math.random];
    const globals = new SimulatedGlobals(0);
    globals.during(AT, () => 1);
    expect([Date, Math.random]).toEqual(real);
    expect(() =>
      globals.during(AT, () => {
        throw new Error('on purpose');
      }),
    ).toThrow('on purpose');
    expect([Date, Math.random]).toEqual(real);
    expect(Date.now()).toBeGreaterThan(Date.UTC(2025, 0, 1));
  });
});
