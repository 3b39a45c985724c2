/** The single-value options of the simulation: each spelling, each limit. */

import { describe, expect, it, test } from '@jest/globals';
import { parseBalanceEvery, parseIntrabar, parseSlippage } from './simulationOptions.js';

const given = (text: string): { text: string; label: string } => ({ text, label: '--option' });
const refused = expect.objectContaining({ code: 'bad_option', exitCode: 2 });

describe('--intrabar', () => {
  it('when it is not given then it is adverse', () => {
    expect(parseIntrabar(undefined)).toBe('adverse');
  });
  test.each(['adverse', 'nearest', 'favourable', 'ohlc', 'olhc'])('when it is %s then it is that', (text) => {
    expect(parseIntrabar(given(text))).toBe(text);
  });
  test.each(['bounds', 'favorable', 'Adverse', ''])('when it is "%s" then it is refused', (text) => {
    expect(() => parseIntrabar(given(text))).toThrow(refused);
  });
});

describe('--slippage', () => {
  test.each<[string, 'ticks' | 'bps', bigint, bigint]>([
    ['0', 'ticks', 0n, 1n],
    ['1', 'ticks', 1n, 1n],
    ['1tick', 'ticks', 1n, 1n],
    ['2ticks', 'ticks', 2n, 1n],
    ['2 ticks', 'ticks', 2n, 1n],
    ['1.5bps', 'bps', 15n, 10n],
    ['9999bps', 'bps', 9999n, 1n],
  ])('when it is %s then it is %s, %d/%d', (text, unit, num, den) => {
    expect(parseSlippage(given(text))).toEqual({ unit, amount: { num, den } });
  });
  it('when it is not given then it is 0', () => {
    expect(parseSlippage(undefined).amount.num).toBe(0n);
  });
  test.each(['-1', '0.5', '1.5ticks', '10000bps', 'bps', '', '1%', '1 pips'])(
    'when it is "%s" then it is refused',
    (text) => {
      expect(() => parseSlippage(given(text))).toThrow(refused);
    },
  );
});

describe('--balance-every', () => {
  test.each<[string | undefined, object]>([
    [undefined, { bar: false, event: true, everyMs: [86_400_000] }],
    ['1d,event', { bar: false, event: true, everyMs: [86_400_000] }],
    ['bar', { bar: true, event: false, everyMs: [] }],
    ['1d, 1h, 1h', { bar: false, event: false, everyMs: [3_600_000, 86_400_000] }],
  ])('when it is %s then those rows are written', (text, expected) => {
    expect(parseBalanceEvery(text === undefined ? undefined : given(text))).toEqual(expected);
  });
  test.each(['', '2h', 'bar,', 'bars'])('when it is "%s" then it is refused', (text) => {
    expect(() => parseBalanceEvery(given(text))).toThrow(refused);
  });
});
