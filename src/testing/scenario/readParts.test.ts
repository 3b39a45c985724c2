/**
 * Finer bars of scenarios: which bars they cover, and what is wrong with a line.
 */

import { describe, expect, it, test } from '@jest/globals';
import { parseScenario } from './parseScenario.js';

const scenario = (...lines: readonly string[]): string => `
  contract XBTUSD generic
  account main balance 1 cross 10x
  bar 00:00 10000
  bar 01:00 10000
  ${lines.join('\n')}
  expect no trade`;

const partsIn = (...lines: readonly string[]): readonly number[] =>
  parseScenario(scenario(...lines)).series[0].bars.map(({ parts }) => parts.length);

describe('parts', () => {
  test.each([
    ['all of them', ['part 01:00 1', 'part 01:30 1'], [0, 2]],
    ['the first only', ['part 01:00 1'], [0, 0]],
    ['the last only', ['part 01:30 1'], [0, 0]],
    ['none', [], [0, 0]],
    ['those of both bars', ['part 00:00 1', 'part 00:30 1', 'part 01:00 1', 'part 01:30 1'], [2, 2]],
  ])('when %s are written then a bar that has all of its parts is covered', (_, lines, found) => {
    expect(partsIn('detail 30m', ...lines)).toEqual(found);
  });

  test.each([
    ['there is no detail line', ['part 01:00 1'], /in no bar, or there is no detail line/],
    ['it is in no bar', ['detail 30m', 'part 02:00 1'], /in no bar/],
    ['it begins between two', ['detail 30m', 'part 01:15 1'], /does not follow/],
    ['it is written twice', ['detail 30m', 'part 01:00 1', 'part 01:00 1'], /does not follow/],
    [
      'it has a mark where its bar has none',
      ['detail 30m', 'part 01:00 1 | 1'],
      /a mark on the parts where the bar has one/,
    ],
    ['the length is said twice', ['detail 30m', 'detail 20m'], /this was said before/],
    ['the length is none that there is', ['detail 7m'], /detail/],
  ])('when %s then the line is refused', (_, lines, message) => {
    expect(() => parseScenario(scenario(...lines))).toThrow(message);
  });

  it('when a part has a mark beside a bar that has one then it is taken', () => {
    const text = scenario('detail 30m', 'part 00:00 1 | 1', 'part 00:30 1 | 2');
    const marked = text
      .replace('bar 00:00 10000', 'bar 00:00 10000 | 10000')
      .replace('bar 01:00 10000', 'bar 01:00 10000 | 10000');
    expect(parseScenario(marked).series[0].bars[0]!.parts.map(({ mark }) => mark?.[0])).toEqual([1, 2]);
  });
});
