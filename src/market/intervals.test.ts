/**
 * Lengths of bars as file names and options write them.
 */

import { expect, it, test } from '@jest/globals';
import { formatInterval, INTERVAL_TOKENS, lengthOfToken, parseIntervalToken } from './intervals.js';

const MINUTE = 60_000;

test('when an interval is one of the known tokens then it is read and written alike', () => {
  expect(INTERVAL_TOKENS.join(' ')).toBe('1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 1w');
  for (const token of INTERVAL_TOKENS) {
    expect(formatInterval(parseIntervalToken(token)!)).toBe(token);
    expect(lengthOfToken(token)).toBe(parseIntervalToken(token));
  }
  expect(parseIntervalToken('240m')).toBe(240 * MINUTE);
  expect(['2m', '01m', '1H', '1', '10h', '2d'].map(parseIntervalToken)).toEqual(Array(6).fill(undefined));
  expect([2 * MINUTE, 10_000, 250, 7_200_000 * 5, 172_800_000].map(formatInterval)).toEqual([
    '2m',
    '10s',
    '250ms',
    '10h',
    '2d',
  ]);
});

it('when an option names a length then it is one of the tokens and nothing else', () => {
  expect(lengthOfToken('1w')).toBe(7 * 24 * 60 * MINUTE);
  expect(['60m', '1H', '1', '', '2d', 'constructor'].map(lengthOfToken)).toEqual(Array(6).fill(undefined));
});
