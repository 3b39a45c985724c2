/** Flags, the environment and the config file: which wins, what a variable may say. */

import { describe, expect, it, test } from '@jest/globals';
import { createGivenOptions, type Given, type GivenOptions, nearest, requireChoice } from './givenOptions.js';
import { RUN_OPTIONS } from './runOptionTable.js';

const options = (flags: Record<string, string[]>, env: Record<string, string>): GivenOptions =>
  createGivenOptions(RUN_OPTIONS, new Map(Object.entries(flags)), env);

describe('createGivenOptions', () => {
  it('when flag and variable are given then the flag wins and names itself', () => {
    expect(options({ mode: ['isolated'] }, { BACKTEST_MODE: 'cross' }).find('mode')).toEqual({
      source: 'flag',
      text: 'isolated',
      label: '--mode',
    });
  });

  it('when only the variable is given then it counts and names itself', () => {
    expect(options({}, { BACKTEST_BAR_TIME: ' close ' }).find('bar-time')).toEqual({
      source: 'environment',
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

describe('a config file beneath', () => {
  const inFile = (text: string, place = { file: 'c.yaml', line: 1, column: 1 }): Given => ({
    text,
    label: 'key',
    source: 'config',
    place,
  });
  const layered = (
    flags: Record<string, string[]>,
    env: Record<string, string>,
    config: Record<string, readonly Given[] | boolean>,
  ): GivenOptions =>
    createGivenOptions(RUN_OPTIONS, new Map(Object.entries(flags)), env, new Map(Object.entries(config)));

  test.each<[string[] | null, string | null, string | null, string | undefined, string]>([
    [['f'], 'e', 'c', 'f', 'flag'],
    [null, 'e', 'c', 'e', 'environment'],
    [null, '', 'c', 'c', 'config'],
    [null, null, 'c', 'c', 'config'],
    [null, null, null, undefined, 'default'],
    [['f'], null, 'c', 'f', 'flag'],
  ])('when flag, variable and file say %j, %j, %j then it is %j of the %s', (flag, env, config, text, source) => {
    const given = layered(
      flag === null ? {} : { out: flag },
      env === null ? {} : { BACKTEST_OUT: env },
      config === null ? {} : { out: [inFile(config)] },
    );
    expect([given.find('out')?.text, given.sourceOf('out')]).toEqual([text, source]);
  });

  test.each<[Record<string, string[]>, string, boolean, boolean, string]>([
    [{}, '', true, true, 'config'],
    [{}, '', false, false, 'config'],
    [{}, '0', true, false, 'environment'],
    [{}, '1', false, true, 'environment'],
    [{ strict: [] }, '0', false, true, 'flag'],
  ])('when a switch is %j, %j, %j then it is %j by the %s', (flags, env, config, isOn, source) => {
    const given = layered(flags, { BACKTEST_STRICT: env }, { strict: config });
    expect([given.isOn('strict'), given.sourceOf('strict')]).toEqual([isOn, source]);
  });

  it('when lists come from several sources then the strongest replaces the others whole', () => {
    const given = layered({}, { BACKTEST_DATA: 'e1;e2' }, { data: [inFile('c1'), inFile('c2'), inFile('c3')] });
    expect(given.list('data').map(({ text }) => text)).toEqual(['e1', 'e2']);
  });

  it('when parameters come from several sources then they are merged by name', () => {
    const given = layered(
      { param: ['a=f', 'b=f'] },
      { BACKTEST_PARAM: 'b=e;c=e' },
      { param: ['a', 'c', 'd'].map((n) => inFile(`${n}=c`)) },
    );
    expect(given.list('param').map(({ text }) => text)).toEqual(['d=c', 'c=e', 'a=f', 'b=f']);
    expect(given.list('param').map(({ source }) => source)).toEqual(['config', 'environment', 'flag', 'flag']);
  });

  it('when one source gives a parameter twice then both stay, to be refused', () => {
    expect(layered({ param: ['a=1', 'a=2'] }, {}, { param: [inFile('a=3')] }).list('param').length).toBe(2);
  });

  it('when a value of a file is wrong then the error names its place', () => {
    expect(() => requireChoice(inFile('x'), ['cross'], 'cross')).toThrow(
      expect.objectContaining({ place: { file: 'c.yaml', line: 1, column: 1 } }),
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
