/**
 * Where a group that is due would not be any more if its value moved for it: at a root, at a bound below which less is
 * required, or nowhere. Longs move up, shorts down. The sums are those of excessWalk.test.ts.
 */

import { describe, it, test } from '@jest/globals';
import type { Contract } from '../contract/contract.js';
import { d } from '../testing/laws/contracts.js';
import { DOWN, expectEnd, FLAT, STEPPED, STRICT, TIERED, UP } from '../testing/laws/walkWorlds.js';
import type { Direction } from './excessWalk.js';

describe('where a group that is due would not be any more', () => {
  test.each<[string, Contract, bigint, string, string, Direction, string | null]>([
    ['a long rises to its root', FLAT, 10n, '-810', '50', UP, '90'],
    ['a long stands on its root', FLAT, 10n, '-810', '90', UP, '90'],
    ['a short falls to its root', FLAT, -10n, '1100', '150', DOWN, '100'],
    ['a short has nothing even at 0', FLAT, -10n, '-10', '150', DOWN, null],
    ['a short has exactly nothing at 0', FLAT, -10n, '0', '150', DOWN, null],
    ['a long rises to the root before a floor', TIERED, 10n, '-850', '50', UP, '850/9'],
    ['a long rises past a floor', TIERED, 10n, '-950', '50', UP, '475/4'],
    ['a long comes to 0 at a floor that takes it back', TIERED, 10n, '-900', '50', UP, '225/2'],
    ['a long rises past two floors', TIERED, 10n, '-2500', '50', UP, '500'],
    ['a short falls below a floor, where less is required', TIERED, -10n, '3700', '350', DOWN, '300'],
    ['a short stands on that floor', TIERED, -10n, '3700', '300', DOWN, '300'],
    ['a short comes to 0 below a floor and rises', TIERED, -10n, '3600', '350', DOWN, '300'],
    ['a short falls past two floors', TIERED, -10n, '1000', '350', DOWN, '1000/11'],
    ['a short has nothing even in the first tier', TIERED, -10n, '-1', '350', DOWN, null],
    ['a long rises through risk steps', STEPPED, 10n, '-1700', '50', UP, '1700/7'],
    ['a long is due in every risk step', STEPPED, 10n, '-2600', '50', UP, null],
    ['a long comes to 0 at the end of a step alone', STEPPED, 10n, '-2500', '50', UP, null],
    ['a long in steps of high rates falls to lower ones', STEPPED, 10n, '-2000', '800', DOWN, '700'],
    ['a short falls through risk steps', STEPPED, -10n, '2450', '350', DOWN, '200'],
    ['a short falls into the middle of one', STEPPED, -10n, '1500', '350', DOWN, '125'],
  ])('when %s then it ends there, or nowhere', (_, contract, qty, base, start, direction, value) => {
    expectEnd({ contract, held: [qty], d: base }, start, direction, value);
  });

  it('when the rate is 100 % or more then a rise helps nothing, not even from 0', () => {
    const at = (rate: string): Contract => ({ ...FLAT, maintenanceMargin: d(rate) });
    expectEnd({ contract: at('1'), held: [10n], d: '-1' }, '50', UP, null);
    expectEnd({ contract: at('1.5'), held: [10n], d: '-1' }, '50', UP, null);
    expectEnd({ contract: at('1.5'), held: [10n], d: '50' }, '10', UP, null);
  });

  it('when equality is excluded then the end is the same point', () => {
    expectEnd({ rules: STRICT, held: [10n], d: '-810' }, '50', UP, '90');
    expectEnd({ contract: TIERED, rules: STRICT, held: [-10n], d: '3700' }, '350', DOWN, '300');
  });
});
