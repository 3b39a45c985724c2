/**
 * Funding times: the contract's own, a constant rate at them, a file's rows in and off the schedule, and which scheduled times
 * count as missing before, after and inside a file.
 */

import { describe, expect, it, test } from '@jest/globals';
import { compareFractions } from '../money/decimal.js';
import { contractWith, d, XBTUSD } from '../testing/laws/contracts.js';
import { FundingClock } from './fundingClock.js';
import type { FundingSource } from './runInput.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NONE = contractWith();
const UNSCHEDULED = contractWith({ fund_time: [] });

/** Hours and rates of the first times, `missing` where no rate is known. */
function first(clock: FundingClock, count: number): string[] {
  const rows = [];
  for (let i = 0; i < count && clock.nextTimeMs !== Number.POSITIVE_INFINITY; i++) {
    const announced = clock.nextTimeMs;
    const due = clock.take();
    expect(due.timeMs).toBe(announced);
    const rate = due.rate === null ? 'missing' : `${(due.rate.num * 1_000_000n) / due.rate.den}`;
    rows.push(`${due.timeMs / HOUR} ${rate}`);
  }
  return rows;
}

/** A file with the rate 0.000001·(n+1) in its n-th row. */
const file = (...hours: number[]): FundingSource => ({
  kind: 'rates',
  rates: hours.map((hour, i) => ({ timeMs: hour * HOUR, rate: `${i + 1}e-6` })),
});
const constant: FundingSource = { kind: 'constant', rate: d('0.0001') };
const missing: FundingSource = { kind: 'missing' };

describe('the contract’s times', () => {
  it('when nothing is known then every scheduled time is missing, day after day', () => {
    expect(first(new FundingClock(XBTUSD, missing, 0), 5)).toEqual([
      '4 missing',
      '12 missing',
      '20 missing',
      '28 missing',
      '36 missing',
    ]);
  });

  it('when a rate is given then it stands at every scheduled time', () => {
    expect(first(new FundingClock(XBTUSD, constant, 0), 4)).toEqual(['4 100', '12 100', '20 100', '28 100']);
  });

  test.each([
    [4 * HOUR - 1, 4 * HOUR],
    [4 * HOUR, 4 * HOUR],
    [4 * HOUR + 1, 12 * HOUR],
    [20 * HOUR + 1, DAY + 4 * HOUR],
    [DAY, DAY + 4 * HOUR],
    [18_322 * DAY + 5 * HOUR, 18_322 * DAY + 12 * HOUR],
  ])('when the run begins at %s then the first time is %s', (from, time) => {
    expect(new FundingClock(XBTUSD, constant, from).nextTimeMs).toBe(time);
  });

  it('when funding falls on midnight then each day has it once', () => {
    expect(first(new FundingClock(NONE, constant, 0), 4)).toEqual(['0 100', '8 100', '16 100', '24 100']);
  });

  test.each([missing, constant])(
    'when the contract has no times and there is no file then there is nothing (%#)',
    (source) => {
      expect(new FundingClock(UNSCHEDULED, source, 0).nextTimeMs).toBe(Number.POSITIVE_INFINITY);
    },
  );
});

describe('a file', () => {
  it('when its rows stand on the schedule then each time comes once, with its rate', () => {
    expect(first(new FundingClock(XBTUSD, file(4, 12, 20, 28), 0), 5)).toEqual([
      '4 1',
      '12 2',
      '20 3',
      '28 4',
      '36 missing',
    ]);
  });

  it('when the contract has no times then the rows are all there is', () => {
    expect(first(new FundingClock(UNSCHEDULED, file(1, 2, 9), 0), 5)).toEqual(['1 1', '2 2', '9 3']);
  });

  it('when rows come more often than the contract’s times then they are the schedule and nothing is doubled', () => {
    const hourly = file(...Array.from({ length: 14 }, (_, hour) => hour));
    expect(first(new FundingClock(XBTUSD, hourly, 0), 15)).toEqual([
      ...Array.from({ length: 14 }, (_, hour) => `${hour} ${hour + 1}`),
      '20 missing',
    ]);
  });

  it('when rows stand off the schedule then their own times count, and the contract’s between them do not', () => {
    expect(first(new FundingClock(XBTUSD, file(0, 8, 16, 24), 0), 5)).toEqual([
      '0 1',
      '8 2',
      '16 3',
      '24 4',
      '28 missing',
    ]);
  });

  it('when a row is missing inside then the scheduled time in the hole is missing', () => {
    expect(first(new FundingClock(XBTUSD, file(4, 12, 28, 36), 0), 5)).toEqual([
      '4 1',
      '12 2',
      '20 missing',
      '28 3',
      '36 4',
    ]);
  });

  it('when it begins after the run then the times before it are missing', () => {
    expect(first(new FundingClock(XBTUSD, file(20, 28), 0), 4)).toEqual(['4 missing', '12 missing', '20 1', '28 2']);
  });

  it('when it began long before the run then earlier rows do not exist, and do not make a hole', () => {
    expect(first(new FundingClock(XBTUSD, file(4, 12, 20, 28, 36), 13 * HOUR), 4)).toEqual([
      '20 3',
      '28 4',
      '36 5',
      '44 missing',
    ]);
  });

  it('when a row stands at the run’s first instant then it counts', () => {
    expect(first(new FundingClock(XBTUSD, file(4, 12, 20), 12 * HOUR), 2)).toEqual(['12 2', '20 3']);
  });

  it('when it ended before the run then every scheduled time is missing', () => {
    expect(first(new FundingClock(XBTUSD, file(4, 12), DAY), 2)).toEqual(['28 missing', '36 missing']);
  });

  it('when it is empty then it is as no file', () => {
    expect(first(new FundingClock(XBTUSD, file(), 0), 2)).toEqual(['4 missing', '12 missing']);
  });

  it('when it has one row then the times around it are missing', () => {
    expect(first(new FundingClock(XBTUSD, file(12), 0), 3)).toEqual(['4 missing', '12 1', '20 missing']);
  });

  it('when the venue changed its interval then the more common one is the measure of a hole', () => {
    const rows = file(4, 12, 20, 24, 28, 32, 36, 40);
    expect(first(new FundingClock(XBTUSD, rows, 0), 8).filter((row) => row.endsWith('missing'))).toEqual([]);
  });

  it('when a row carries a price then the payment is valued at it, exactly', () => {
    const source: FundingSource = { kind: 'rates', rates: [{ timeMs: HOUR, rate: '-0.00375', price: '8123.45' }] };
    const due = new FundingClock(UNSCHEDULED, source, 0).take();
    expect(compareFractions(due.rate!, d('-0.00375'))).toBe(0);
    expect(compareFractions(due.price!, d('8123.45'))).toBe(0);
  });
});
