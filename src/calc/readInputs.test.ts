/** Reading of requests: which values are taken, and what is said of those that are not. */

import { describe, expect, it, test } from '@jest/globals';
import { formatSignificant } from '../money/fractions.js';
import { decimalsOfFraction, readInputs } from './readInputs.js';
import { parseUtcTime } from './utcTime.js';

const show = (raw: unknown): string => formatSignificant(readInputs({ price: raw }).require('price'), 30);

describe('numbers', () => {
  test.each([
    ['0.1', '0.1'],
    ['1e-4', '0.0001'],
    ['+2', '2'],
    [' 5 ', '5'],
    [0.1, '0.1'],
    [1e21, '1000000000000000000000'],
    [1e-7, '0.0000001'],
  ])('when %j is given then it is the decimal %s', (raw, expected) => {
    expect(show(raw)).toBe(expected);
  });

  test.each([
    ['1,5', 'price is not a decimal: "1,5"'],
    ['', 'price is not a decimal: ""'],
    ['0x10', 'price is not a decimal: "0x10"'],
    ['NaN', 'price is not a decimal: "NaN"'],
    ['1e99', 'price is not a decimal: "1e99"'],
    ['9'.repeat(101), `price is not a decimal: "${'9'.repeat(59)}…`],
    [true, 'price is not a decimal: true'],
    [['1'], 'price is not a decimal: ["1"]'],
    ['0', 'price is not more than 0: "0"'],
    ['-1', 'price is not more than 0: "-1"'],
  ])('when %j is given then it is refused', (raw, message) => {
    expect(() => show(raw)).toThrow(message);
  });

  test.each([
    ['-0.00001', false],
    ['0', true],
    ['0.00001', true],
  ])('when a rate of maintenance is %s then it is taken: %s', (rate, isTaken) => {
    const read = () => readInputs({ maintenance_margin_rate: rate });
    if (isTaken) expect(read().has('maintenance_margin_rate')).toBe(true);
    else expect(read).toThrow('maintenance_margin_rate is less than 0');
  });

  test.each([
    ['1', 0],
    ['0.5', 1],
    ['0.250', 2],
    ['1e-8', 8],
    ['100', 0],
  ])('when a number is %s then it has %d decimals', (price, decimals) => {
    expect(decimalsOfFraction(readInputs({ price }).require('price'))).toBe(decimals);
  });
});

describe('words, flags and lists', () => {
  test.each([
    [{ side: 'up' }, 'side is not one of long, short: "up"'],
    [{ side: 1 }, 'side is not a text: 1'],
    [{ im_includes_fee: 'yes' }, 'im_includes_fee is neither true nor false: "yes"'],
    [{ fills: '[1' }, 'fills is not a JSON list: "[1"'],
    [{ fills: [['1']] }, 'fills[0] is not [qty, price] or [side, qty, price]: ["1"]'],
    [
      {
        fills: [
          ['1', '2'],
          ['hold', '1', '2'],
        ],
      },
      'fills[1] has a side other than buy or sell: "hold"',
    ],
    [{ fills: [['buy', '0', '2']] }, 'fills[0] qty is not more than 0: "0"'],
    [{ reserve: ['1', 'x'] }, 'reserve[1] is not a decimal: "x"'],
    [{ tiers: ['x'] }, 'tiers[0] is not an object: "x"'],
    [{ tiers: [{ rate: '1' }] }, 'unknown input: tiers[0].rate'],
    [{ leverge: '10' }, 'unknown input: leverge'],
    [[], 'inputs is not an object of names and values'],
  ])('when the inputs are %j then it says so', (raw, message) => {
    expect(() => readInputs(raw)).toThrow(message);
  });

  test.each([[['1', '2']], ['1,2'], ['["1", 2]']])('when a list of numbers is %j then it has two', (reserve) => {
    expect(
      readInputs({ reserve })
        .list('reserve')
        .map(({ num }) => num),
    ).toEqual([1n, 2n]);
  });

  it('when a value is null then it counts as not given', () => {
    expect(readInputs({ price: null }).has('price')).toBe(false);
  });
});

describe('times', () => {
  test.each([
    ['2021-09-01 08:00:00', Date.UTC(2021, 8, 1, 8)],
    ['2021-09-01T08:00:00Z', Date.UTC(2021, 8, 1, 8)],
    ['2021-09-01T08:00:00.25+00:00', Date.UTC(2021, 8, 1, 8) + 250],
    ['2021-09-01', Date.UTC(2021, 8, 1)],
    [1630483200000, 1630483200000],
    ['1630483200000', 1630483200000],
  ])('when it is %j then it is that moment', (raw, ms) => {
    expect(parseUtcTime('time', raw).num).toBe(BigInt(ms));
  });

  test.each([
    '2021-02-30',
    '2021-13-01',
    '2021-09-01 24:00:00',
    '2021-09-01 08:60:00',
    '8 o’clock',
    '2021-09-01T08:00+02:00',
  ])('when it is %j then it is refused', (raw) => {
    expect(() => parseUtcTime('time', raw)).toThrow('time is not a UTC time');
  });
});
