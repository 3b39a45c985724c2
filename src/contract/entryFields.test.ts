/**
 * Single fields of an entry as they are read, and what a refusal shows of them: the entry, what was found, and the file. Dates and
 * times of the day are taken from the first character to the last, so that a slip of the pen is no other time.
 */

import { describe, expect, it, test } from '@jest/globals';
import { EXIT, UserError } from '../errors.js';
import { d } from '../testing/laws/contracts.js';
import {
  badEntry,
  requireAmount,
  requireDecimalText,
  requireFundTimes,
  requirePositive,
  requireRate,
  requireTime,
} from './entryFields.js';

const PLACE = { source: 'my.json', where: 'mine.ABC' };
const HOUR = 3_600_000;

function refusalOf(call: () => unknown): UserError {
  try {
    call();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('what a refusal shows', () => {
  test.each<[unknown, string]>([
    ['0.5 %', '0.5 %'],
    [5, '5'],
    [null, 'null'],
    [['0.5'], '["0.5"]'],
    [undefined, 'nothing'],
  ])('when %j was found then it shows %s', (found, shown) => {
    const error = badEntry(PLACE, 'field "x" is wrong', found, 'a decimal');
    expect(error).toMatchObject({
      code: 'bad_contract_info',
      exitCode: EXIT.usage,
      message: 'mine.ABC: field "x" is wrong',
      place: { file: 'my.json' },
      found: shown,
      expected: 'a decimal',
    });
    expect(error.hint).toBeUndefined();
  });

  it('when there is a hint then it is shown too', () => {
    expect(badEntry(PLACE, 'field "x" is wrong', 'y', 'z', 'write z').hint).toBe('write z');
  });
});

describe('numbers', () => {
  test.each<[unknown]>([[['0.5']], [{ toString: () => '0.5' }], [true], [null], [undefined], ['']])(
    'when %p stands for a number then it is refused, whatever its text would be',
    (value) => {
      expect(refusalOf(() => requireDecimalText(PLACE, 'x', value)).message).toBe(
        'mine.ABC: field "x" is not a number',
      );
    },
  );

  test.each<[unknown, string]>([
    [0.5, '0.5'],
    [1e-7, '1e-7'],
    [' 0.50 ', '0.50'],
  ])('when %j stands for a number then its text is %s', (value, text) => {
    expect(requireDecimalText(PLACE, 'x', value)).toBe(text);
  });

  test.each([
    ['-0.1', false],
    ['0', false],
    ['0.1', true],
  ])('when %s must be above zero then accepted is %s', (value, accepted) => {
    if (accepted) expect(requirePositive(PLACE, 'x', value)).toEqual(d(value));
    else expect(() => requirePositive(PLACE, 'x', value)).toThrow('field "x" must be above zero');
  });

  // value, accepted as a rate, accepted where it must not be negative
  test.each([
    ['-1', false, false],
    ['-0.999', true, false],
    ['-0.001', true, false],
    ['0', true, true],
    ['0.999', true, true],
    ['1', false, false],
  ])('when a rate is %s then accepted is %s, and %s where it must not be negative', (value, asRate, asShare) => {
    for (const [notNegative, accepted] of [
      [false, asRate],
      [true, asShare],
    ] as const) {
      if (accepted) expect(requireRate(PLACE, 'x', value, notNegative)).toEqual(d(value));
      else expect(() => requireRate(PLACE, 'x', value, notNegative)).toThrow('field "x" is out of range');
    }
  });

  test.each<[string, bigint | string]>([
    ['0.009', 'field "x" is below one settlement unit'],
    ['0.01', 1n],
    ['0.011', 'field "x" is finer than the amounts it counts'],
    ['0.02', 2n],
    ['12', 1_200n],
  ])('when an amount of hundredths is %s then it is %s', (value, result) => {
    if (typeof result === 'bigint') expect(requireAmount(PLACE, 'x', value, 2)).toBe(result);
    else expect(() => requireAmount(PLACE, 'x', value, 2)).toThrow(result);
  });
});

describe('times of the day', () => {
  it('when times are given with and without seconds then they are milliseconds, ascending, each once', () => {
    const times = { last: '23:59:59', first: '00:00', second: '04:30:05', again: '04:30:05', nine: '19:00' };
    expect(requireFundTimes(PLACE, times)).toEqual([0, 4.5 * HOUR + 5_000, 19 * HOUR, 24 * HOUR - 1_000]);
  });

  test.each(['104:00', '04:000', '04:00:000', ' 04:00', '04:00 ', '24:00', '04:60', '04:00:60', '0400'])(
    'when a time is written %j then it is refused',
    (text) => {
      const error = refusalOf(() => requireFundTimes(PLACE, [text]));
      expect([error.message, error.found]).toEqual(['mine.ABC: field "fund_time" is wrong', text]);
    },
  );
});

describe('dates', () => {
  test.each([
    ['2021-06', Date.UTC(2021, 5, 1)],
    ['2021-06-30', Date.UTC(2021, 5, 30)],
    [' 2021-06-30 ', Date.UTC(2021, 5, 30)],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
    ['2021-06-30 09:05', Date.UTC(2021, 5, 30, 9, 5)],
    ['2021-06-30 19:05', Date.UTC(2021, 5, 30, 19, 5)],
    ['2021-06-30T23:59:59', Date.UTC(2021, 5, 30, 23, 59, 59)],
    ['2021-06-30T20:00:07Z', Date.UTC(2021, 5, 30, 20, 0, 7)],
    ['2021-12-31', Date.UTC(2021, 11, 31)],
  ])('when a date is written %j then it is that time in UTC', (text, ms) => {
    expect(requireTime(PLACE, 'valid_from', text)).toBe(ms);
  });

  test.each([
    '12021-06-30',
    '2021-06-301',
    '2021-06-30 12:000',
    '2021-06-30 12:00:00z',
    '2021-06-30 24:00',
    '2021-06-30 12:60',
    '2021-06-30 12:00:60',
    '2021-06-30  12:00',
    '2021-06-30 12',
    '2021-06-00',
    '2021-06-31',
    '2021-06-99',
    '2023-02-29',
    '2021-00-01',
    '2021-13-01',
    '2021-6-30',
    '21-06-30',
  ])('when a date is written %j then it is refused by its field', (text) => {
    const error = refusalOf(() => requireTime(PLACE, 'valid_from', text));
    expect([error.message, error.found]).toEqual(['mine.ABC: field "valid_from" is not a time', text]);
  });
});
