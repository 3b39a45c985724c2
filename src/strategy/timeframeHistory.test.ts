/** What `context.timeframe` shows and when, what it refuses, and that the bar that has not ended cannot be had by any trick. */

import { describe, expect, it, test } from '@jest/globals';
import { UserError } from '../errors.js';
import { History } from './history.js';
import type { BarHistory } from './strategy.js';
import { TimeframeHistories } from './timeframeHistory.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface Clock {
  timeMs: number;
  unseenUntilMs: number;
}

/** A run on candles of ten minutes: `pass(minute, price)` closes one. */
function runOf(clock: Clock = { timeMs: 0, unseenUntilMs: Number.NEGATIVE_INFINITY }): {
  base: History;
  clock: Clock;
  hour: () => BarHistory;
  pass: (closeMinute: number, price: number) => void;
} {
  const base = new History('A');
  const timeframes = new TimeframeHistories(10 * MINUTE, clock);
  return {
    base,
    clock,
    hour: () => timeframes.of('1h', 'A', base),
    pass: (closeMinute, price) => {
      base.push((closeMinute - 10) * MINUTE, closeMinute * MINUTE, price, price + 1, price - 1, price + 0.5, 2);
      clock.timeMs = closeMinute * MINUTE;
    },
  };
}

const closesOf = ({ length, close }: BarHistory): number[] => Array.from({ length }, (_, i) => close.at(i));

describe('what it shows', () => {
  it('when it is read at each close then a bar is there from its end on', () => {
    const { hour, pass } = runOf();
    const lengths: string[] = [];
    for (const minute of [10, 50, 60, 70, 110, 120, 130]) {
      pass(minute, minute);
      lengths.push(`${minute}: ${hour().length}`);
    }
    expect(lengths).toEqual(['10: 0', '50: 0', '60: 1', '70: 1', '110: 1', '120: 2', '130: 2']);
    const { openTimeMs, open, high, low, close, volume } = hour();
    const columns = [openTimeMs, open, high, low, close, volume];
    expect(columns.map((column) => column.at(0))).toEqual([0, 10, 61, 9, 60.5, 6]);
    expect(columns.map((column) => column.at(-1))).toEqual([HOUR, 70, 121, 69, 120.5, 6]);
    expect(columns.map((column) => column.length)).toEqual(Array(6).fill(2));
    expect(columns.map((column) => column.at(2))).toEqual(Array(6).fill(Number.NaN));
  });

  it('when it is first asked for late then it holds the whole past', () => {
    const early = runOf();
    const late = runOf();
    const kept = early.hour();
    for (let minute = 10; minute <= 600; minute += 10) {
      if (minute > 180 && minute <= 240) continue;
      early.pass(minute, minute);
      late.pass(minute, minute);
      expect(kept.close.at(-1)).toBe(early.hour().close.at(-1));
    }
    expect(late.hour().length).toBe(9);
    expect(closesOf(late.hour())).toEqual(closesOf(kept));
    expect(early.hour()).toBe(kept);
  });

  it('when candles at the end of a bar are missing then it is there at the first step that closes after its end', () => {
    const { hour, pass, clock } = runOf();
    pass(50, 1);
    expect(hour().length).toBe(0);
    // Another symbol of the run has a candle now, this one has none.
    clock.timeMs = 60 * MINUTE;
    expect(closesOf(hour())).toEqual([1.5]);
    pass(110, 2);
    pass(190, 3);
    expect(closesOf(hour())).toEqual([1.5, 2.5]);
  });

  test.each([
    ['long before', -60, ['0', '60']],
    ['at the start of the first bar', 0, ['0', '60']],
    ['inside the first bar', 10, ['60']],
    ['in the last candle before its end', 50, ['60']],
    ['at its end', 60, ['60']],
  ])(
    'when the last candle not shown closes %s then a bar that lacks its beginning is left out',
    (_, minute, starts) => {
      const { hour, pass } = runOf({ timeMs: 0, unseenUntilMs: minute * MINUTE });
      for (let close = Math.max(minute, 0) + 10; close <= 120; close += 10) pass(close, 1);
      const { length, openTimeMs } = hour();
      expect(Array.from({ length }, (_nothing, i) => String(openTimeMs.at(i) / MINUTE))).toEqual(starts);
    },
  );

  it('when the length is that of the candles then it is the candles themselves', () => {
    const base = new History('A');
    const timeframes = new TimeframeHistories(HOUR, { timeMs: 0, unseenUntilMs: 0 });
    expect(timeframes.of('1h', 'A', base)).toBe(base);
  });
});

describe('what it refuses', () => {
  test.each([
    ['15m', 10 * MINUTE, /cannot make bars of 15m from bars of 10m/],
    ['1m', 10 * MINUTE, /cannot make bars of 1m from bars of 10m/],
    ['60m', 10 * MINUTE, /a length that is none/],
    ['4H', 10 * MINUTE, /a length that is none/],
    ['', 10 * MINUTE, /a length that is none/],
  ])('when bars of "%s" are asked for from candles of %d ms then it is bad_timeframe', (token, baseMs, message) => {
    const timeframes = new TimeframeHistories(baseMs, { timeMs: 0, unseenUntilMs: 0 });
    const ask = (): unknown => timeframes.of(token, 'A', new History('A'));
    expect(ask).toThrow(UserError);
    expect(ask).toThrow(message);
    expect(ask).toThrow(expect.objectContaining({ code: 'bad_timeframe', exitCode: 1, found: token }));
  });
});

describe('the bar that has not ended', () => {
  const SECRET = 987_654;

  /** Everything that can be read off an object: own and inherited members, symbols, what methods answer. */
  function everythingOf(root: object): unknown[] {
    const found: unknown[] = [];
    const seen = new Set<unknown>();
    const visit = (value: unknown, depth: number): void => {
      found.push(value);
      if (value === null || (typeof value !== 'object' && typeof value !== 'function') || seen.has(value)) return;
      seen.add(value);
      if (depth === 0) return;
      for (let owner: object | null = value; owner !== null; owner = Object.getPrototypeOf(owner)) {
        if (owner === Object.prototype || owner === Function.prototype) break;
        for (const key of Reflect.ownKeys(owner)) {
          if (key === 'constructor' || key === 'push') continue;
          visit(Reflect.get(owner, key, value), depth - 1);
        }
      }
      if ('at' in value && typeof value.at === 'function') {
        for (const i of [-3, -2, -1, 0, 1, 2, 3, 0.5, '0', '-1', '1', Number.NaN, Number.POSITIVE_INFINITY, 2 ** 32])
          visit((value.at as (i: unknown) => unknown)(i), depth - 1);
      }
    };
    visit(root, 6);
    return found;
  }

  it('when all members of the history are read then none tells of it, and of the ended one they do', () => {
    const { hour, pass } = runOf();
    const history = hour();
    pass(10, SECRET);
    const unfinished = everythingOf(history).filter(
      (value) => typeof value === 'number' && Math.abs(value - SECRET) < 2,
    );
    expect(unfinished).toEqual([]);
    pass(60, 1);
    expect(everythingOf(history).filter((value) => value === SECRET)).not.toEqual([]);
  });

  it('when it is read as an array then there is nothing', () => {
    const { hour, pass } = runOf();
    pass(10, SECRET);
    const { close } = hour();
    expect(Array.from(close as unknown as ArrayLike<number>)).toEqual([]);
    expect(Array.prototype.at.call(close, -1)).toBeUndefined();
    expect(Array.prototype.concat.call([], close)).toEqual([close]);
    expect({ ...close }).toEqual({});
    expect(JSON.stringify(hour())).not.toContain(String(SECRET));
  });

  it('when a column is made longer then it is refused, and nothing more is shown', () => {
    const { hour, pass } = runOf();
    pass(10, SECRET);
    const { close } = hour();
    expect(Reflect.set(close, 'length', 5)).toBe(false);
    expect([close.length, close.at(0), close.at(-1)]).toEqual([0, Number.NaN, Number.NaN]);
  });

  it('when methods of the columns are replaced then what they are given has ended', () => {
    const { hour, pass } = runOf();
    const history = hour();
    const prototype = Object.getPrototypeOf(history.close) as { at: (index: number) => number };
    const { at } = prototype;
    const seen: number[] = [];
    try {
      prototype.at = function (this: { length: number }, index: number): number {
        seen.push(this.length);
        return at.call(this, index);
      };
      pass(10, SECRET);
      expect(history.close.at(-1)).toBeNaN();
    } finally {
      prototype.at = at;
    }
    expect(seen).toEqual([0]);
  });
});
