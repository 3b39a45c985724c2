/** Flags and the environment: which wins, what a variable may say. */

import { describe, expect, it, test } from '@jest/globals';
import { createGivenOptions, type GivenOptions, nearest, requireChoice } from './givenOptions.js';
import { RUN_OPTIONS } from './runOptionTable.js';

const options = (flags: Record<string, string[]>, env: Record<string, string>): GivenOptions =>
  createGivenOptions(RUN_OPTIONS, new Map(Object.entries(flags)), env);

describe('createGivenOptions', () => {
  it('when flag and variable are given then the flag wins and names itself', () => {
    expect(options({ mode: ['isolated'] }, { BACKTEST_MODE: 'cross' }).find('mode')).toEqual({
      text: 'isolated',
      label: '--mode',
    });
  });

  it('when only the variable is given then it counts and names itself', () => {
    expect(options({}, { BACKTEST_BAR_TIME: ' close ' }).find('bar-time')).toEqual({
      text: 'close',
      label: 'BACKTEST_BAR_TIME',
    });
  });

  it('when a repeatable flag is given then none of its variable remain', () => {
    const given = options({ data: ['a.csv', 'b.csv'] }, { BACKTEST_DATA: 'c.csv' });
    expect(given.list('data').map((one) => one.text)).toEqual(['a.csv', 'b.csv']);
  });

  it('when a variable of a repeatable option has semicolons then it has several values', () => {
    expect(
      options({}, { BACKTEST_PARAM: 'fast=1; slow=2;' })
        .list('param')
        .map((one) => one.text),
    ).toEqual(['fast=1', 'slow=2']);
  });

  it('when a variable of a plain option has semicolons then they are part of the value', () => {
    expect(options({}, { BACKTEST_OUT: 'a;b' }).find('out')?.text).toBe('a;b');
  });

  it('when a variable is empty then the option was not given', () => {
    const given = options({}, { BACKTEST_OUT: '', BACKTEST_STRICT: ' ' });
    expect(given.find('out')).toBeUndefined();
    expect(given.isOn('strict')).toBe(false);
  });

  test.each([
    ['1', true],
    ['true', true],
    ['YES', true],
    ['on', true],
    ['0', false],
    ['false', false],
    ['no', false],
    ['Off', false],
  ])('when the variable of a switch is %s then it is %s', (text, expected) => {
    expect(options({}, { BACKTEST_NO_SAVE: text }).isOn('no-save')).toBe(expected);
  });

  it('when the variable of a switch is another word then it is refused', () => {
    expect(() => options({}, { BACKTEST_STRICT: 'maybe' })).toThrow(
      expect.objectContaining({ exitCode: 2, message: 'BACKTEST_STRICT is a switch' }),
    );
  });
});

describe('requireChoice', () => {
  it('when a word is nearly right then the error names it', () => {
    expect(() => requireChoice({ text: 'isolate', label: '--mode' }, ['cross', 'isolated'], 'cross')).toThrow(
      expect.objectContaining({ hint: 'did you mean isolated?', expected: 'one of cross, isolated' }),
    );
  });
});

describe('nearest', () => {
  test.each<[string, string | undefined]>([
    ['sumary', 'did you mean summary?'],
    ['SUMMARY', 'did you mean summary?'],
    ['balanc', 'did you mean balance?'],
    ['profit', undefined],
  ])('when the word is %s then the answer is %s', (text, expected) => {
    expect(nearest(text, ['summary', 'balance', 'orders'])).toBe(expected);
  });
});
