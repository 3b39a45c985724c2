/**
 * Times in every accepted form, read as UTC whatever the machine's zone.
 */

import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { UserError } from '../errors.js';
import { formatTime, isZoneless, parseIsoTime, parseTimeOption, recognizeTimeForm, TimeColumn } from './timestamps.js';

const MARCH_1 = 1_583_020_800_000;

describe('parseIsoTime', () => {
  test.each([
    ['2020-03-01', MARCH_1],
    ['2020-03-01T00:00Z', MARCH_1],
    ['2020-03-01 00:00', MARCH_1],
    ['2020-03-01 00:00:00', MARCH_1],
    ['2020-03-01T00:00:00.000Z', MARCH_1],
    ['2020-03-01 00:00:00+00:00', MARCH_1],
    ['2020-03-01T01:30:00+01:30', MARCH_1],
    ['2020-03-01T01:00:00+0100', MARCH_1],
    ['2020-02-29T19:00:00-05', MARCH_1],
    ['2020-03-01T00:00:00.1Z', MARCH_1 + 100],
    ['2020-03-01T00:00:00.123999', MARCH_1 + 123],
    ['2020-03-01D00:00:00.001999999', MARCH_1 + 1],
    ['2020-02-29', MARCH_1 - 86_400_000],
    ['1970-01-01', 0],
  ])('when the text is %s then it is %d ms', (text, ms) => {
    expect(parseIsoTime(text)).toBe(ms);
  });

  test.each([
    '',
    '2020-3-1',
    '2020-02-30',
    '2019-02-29',
    '2020-13-01',
    '2020-00-01',
    '2020-01-00',
    '1969-12-31',
    '2020/03/01',
    '2020-03-01T24:00',
    '2020-03-01T23:60',
    '2020-03-01T23:59:60',
    '2020-03-01T23:59:5',
    '2020-03-01T23',
    '2020-03-01T23:59:59.Z',
    '2020-03-01T23:59:59+1',
    '2020-03-01T23:59:59+15:00',
    '2020-03-01T23:59:59 UTC',
    '2020-03-01x23:59:59',
    '03/01/2020',
    'yesterday',
  ])('when the text is "%s" then it is no time', (text) => {
    expect(parseIsoTime(text)).toBeNaN();
  });

  it('when any time is formatted and parsed again then it is the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (ms) => {
        expect(parseIsoTime(formatTime(ms))).toBe(ms);
        expect(parseIsoTime(formatTime(ms).slice(0, 19))).toBe(ms - (ms % 1000));
      }),
    );
  });

  test.each([
    ['2020-03-01', true],
    ['2020-03-01 00:00:00', true],
    ['2020-03-01T00:00:00Z', false],
    ['2020-03-01 00:00:00+00:00', false],
    ['2020-03-01T00:00-05', false],
  ])('when %s is asked for its zone then zoneless is %s', (text, zoneless) => {
    expect(isZoneless(text)).toBe(zoneless);
  });
});

describe('TimeColumn', () => {
  test.each([
    ['1583020800', 's', MARCH_1],
    ['1583020800.25', 's', MARCH_1 + 250],
    ['1583020800.1239', 's', MARCH_1 + 123],
    ['999999999', 's', 999_999_999_000],
    ['1583020800123', 'ms', MARCH_1 + 123],
    ['1583020800123999', 'us', MARCH_1 + 123],
    ['1583020800123999999', 'ns', MARCH_1 + 123],
    ['2020-03-01 00:00:00', 'iso', MARCH_1],
  ])('when the first cell is %s then the file counts in %s', (text, form, ms) => {
    const column = new TimeColumn();
    expect(column.parse(text)).toBe(ms);
    expect(column.form).toBe(form);
  });

  test.each([
    '20201301',
    '05/04/2023',
    '15830208001',
    '15830208001234',
    '12345678901234567890',
    '-1583020800',
    '1.5e12',
    '',
    'NaN',
  ])('when the cell is "%s" then it is of no form', (text) => {
    expect(recognizeTimeForm(text)).toBeUndefined();
    expect(new TimeColumn().parse(text)).toBeNaN();
  });

  it('when a later cell has another unit then it is no time', () => {
    const column = new TimeColumn();
    expect(column.parse('1583020800000')).toBe(MARCH_1);
    expect(column.parse('1583020860')).toBeNaN();
    expect(column.parse('1583020860000000')).toBeNaN();
    expect(column.parse('2020-03-01')).toBeNaN();
    expect(column.expected).toContain('milliseconds');
    expect(column.parse('1583020860000')).toBe(MARCH_1 + 60_000);
  });

  it('when the first cell is no time then the next one decides', () => {
    const column = new TimeColumn();
    expect(column.parse('')).toBeNaN();
    expect(column.parse('2020-03-01T00:00:00Z')).toBe(MARCH_1);
    expect(column.zoneless).toBe(false);
  });

  it('when days change between cells then each is read with its own day', () => {
    const column = new TimeColumn();
    expect(column.parse('2020-03-01T23:59:00Z')).toBe(MARCH_1 + 86_340_000);
    expect(column.parse('2020-03-02T00:00:00Z')).toBe(MARCH_1 + 86_400_000);
    expect(column.parse('2020-02-30T00:00:00Z')).toBeNaN();
    expect(column.parse('2020-03-01T00:00:00Z')).toBe(MARCH_1);
  });
});

describe('parseTimeOption', () => {
  it('when the option is a date then it is that midnight in UTC', () => {
    expect(parseTimeOption('2020-03-01', '--from')).toBe(MARCH_1);
  });

  it('when the option is no time then it is a usage error that shows it', () => {
    const attempt = () => parseTimeOption('March', '--from');
    expect(attempt).toThrow(UserError);
    expect(attempt).toThrow(expect.objectContaining({ code: 'bad_time', exitCode: 2, found: 'March' }));
  });
});

test('when a time has a part of a millisecond then formatting cuts it', () => {
  expect(formatTime(MARCH_1 + 0.9)).toBe('2020-03-01T00:00:00.000Z');
});
