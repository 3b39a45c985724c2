/** Strategy parameters from the command line: the default's type decides how a value is read. */

import { describe, expect, it, test } from '@jest/globals';
import { parseParams } from './paramOption.js';

const DEFAULTS = { fast: 20, rate: 0.02, name: 'ema', isLong: true };
const parse = (...texts: string[]): unknown =>
  parseParams(
    texts.map((text) => ({ text, label: '--param' })),
    DEFAULTS,
  );

describe('parseParams', () => {
  test.each<[string, object]>([
    ['fast=12', { fast: 12 }],
    ['fast=-1.5e2', { fast: -150 }],
    ['fast= 7 ', { fast: 7 }],
    ['rate=.5', { rate: 0.5 }],
    ['name=', { name: '' }],
    ['name=a=b', { name: 'a=b' }],
    ['name=12', { name: '12' }],
    ['isLong=false', { isLong: false }],
  ])('when %s is given then that value replaces the default', (text, changed) => {
    expect(parse(text)).toEqual({ ...DEFAULTS, ...changed });
  });

  it('when nothing is given then the defaults are a copy', () => {
    expect(parse()).toEqual(DEFAULTS);
    expect(parse()).not.toBe(DEFAULTS);
  });

  test.each(['fast', '=1', 'fast=', 'fast=x', 'fast=0x10', 'fast=Infinity', 'isLong=1', 'isLong=TRUE'])(
    'when %s is given then it is refused with exit code 2',
    (text) => {
      expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'bad_option', exitCode: 2, found: text }));
    },
  );

  it('when a parameter is given twice then it is refused', () => {
    expect(() => parse('fast=1', 'fast=2')).toThrow(/fast twice/);
  });

  it('when a parameter is unknown then the known ones are named, and the near one', () => {
    expect(() => parse('fats=1')).toThrow(
      expect.objectContaining({ exitCode: 2, expected: 'one of fast, rate, name, isLong', hint: undefined }),
    );
    expect(() => parse('isLon=1')).toThrow(expect.objectContaining({ hint: 'did you mean isLong?' }));
  });

  test.each(['toString=1', '__proto__=1', 'constructor=x'])('when %s is given then it is unknown', (text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'unknown_param' }));
  });
});
