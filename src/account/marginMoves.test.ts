/** Moves of margin by rule: leverage bounds, margin out, changes of the mode; the numbers of the worked examples, in threes. */

import { describe, expect, it, test } from '@jest/globals';
import { BTCUSDT, contractWith, d, FLAT_INVERSE, rulesOf } from '../testing/laws/contracts.js';
import type { VenueRules } from '../venue/rules.js';
import { computeBalances } from './balances.js';
import {
  isCovered,
  type Move,
  moveLeverage,
  moveMarginIn,
  moveMarginOut,
  moveMode,
  refuseModeSwitch,
} from './marginMoves.js';
import { createPosition, type Position } from './position.js';

const XBT = 100_000_000n;
const GENERIC = rulesOf('generic');
const TAKER = d('0.00075');
const wide = { ...FLAT_INVERSE, maxLeverage: d('1000'), initialMargin: d('0.001') };

/** Inverse long of 10,000 at 10,000, 10×. */
const LONG: Position = {
  ...createPosition(wide, 'isolated', d('10')),
  id: 1,
  qty: 10_000n,
  cost: XBT,
  margin: XBT / 10n,
};

const reasonOf = (move: Move): string | null => ('refusal' in move ? move.refusal.reason : null);

describe('whether an account covers a move', () => {
  // 1,000 in the wallet, of which a position is assigned more and more margin; 600 are locked by spot orders.
  const at = (margin: bigint, locked: bigint) =>
    computeBalances(
      GENERIC,
      1_000n,
      [{ position: { ...LONG, margin }, takerFee: TAKER, mark: d('10000') }],
      locked,
      locked,
    );

  test.each([
    [399n, true],
    [400n, true],
    [401n, false],
  ])('when 600 are locked and the margin becomes %s then %s', (margin, covered) => {
    expect(isCovered(at(0n, 600n), at(margin, 600n))).toBe(covered);
  });

  it('when profit makes the money available then the locked cash is still missing', () => {
    const [before, after] = [at(0n, 600n), at(401n, 600n)];
    expect(isCovered(before, { ...after, available: 5_000n })).toBe(false);
    expect(isCovered(before, { ...after, available: 5_000n, locked: 599n })).toBe(true);
  });

  it('when something was missing before then it may be missing no more than that', () => {
    expect(isCovered(at(500n, 600n), at(500n, 600n))).toBe(true);
    expect(isCovered(at(500n, 600n), at(501n, 600n))).toBe(false);
    expect(isCovered(at(500n, 600n), at(499n, 600n))).toBe(true);
  });
});

describe('leverage by Deepcoin’s rule', () => {
  // U = −0.02 at a mark of 10,000 / 1.02, 0.4 usable
  const mark = { num: 1_000_000n, den: 102n };
  test.each([
    ['1.99', 'insufficient_margin'],
    ['2', null],
    ['2.01', null],
    ['24.9', null],
    ['25', null],
    ['25.1', 'leverage_above_loss_bound'],
  ])('when the bounds are 2 and 25 and %s is asked then %s', (leverage, reason) => {
    expect(reasonOf(moveLeverage(GENERIC, LONG, d(leverage), mark, 40_000_000n))).toBe(reason);
  });

  it('when it is granted then the margin is the initial margin, rounded up, and what was added is reset', () => {
    const added = { ...LONG, margin: 15_000_000n, added: 5_000_000n };
    expect(moveLeverage(GENERIC, added, d('3'), mark, 40_000_000n)).toEqual({
      moved: { mode: 'isolated', leverage: d('3'), margin: 33_333_334n, added: 0n },
    });
  });
});

describe('leverage that may not fall', () => {
  const rules = (leverageChange: VenueRules['leverageChange']): VenueRules => ({ ...GENERIC, leverageChange });
  const cross: Position = { ...LONG, mode: 'cross', margin: 0n };
  test.each<[VenueRules['leverageChange'], Position, string, string | null]>([
    ['no_decrease', LONG, '9.9', 'leverage_decrease'],
    ['no_decrease', LONG, '10', null],
    ['no_decrease', LONG, '10.1', null],
    ['no_decrease', cross, '9.9', 'leverage_decrease'],
    ['no_decrease', cross, '10.1', null],
    ['no_decrease', cross, '0', null],
    ['no_decrease', { ...cross, leverage: d('0') }, '999', 'leverage_decrease'],
    ['no_decrease', { ...cross, leverage: d('0') }, '1000', 'leverage_decrease'],
    ['no_decrease', { ...cross, leverage: d('0') }, '0', null],
    ['no_decrease', { ...LONG, qty: 0n, cost: 0n, margin: 0n }, '1', null],
    ['no_decrease_isolated', LONG, '9.9', 'leverage_decrease'],
    ['no_decrease_isolated', cross, '9.9', null],
    ['free', LONG, '1', null],
  ])('when the rule is %s, case %#, then', (rule, position, leverage, reason) => {
    const move = moveLeverage(rules(rule), position, d(leverage), d('10000'), XBT);
    expect(reasonOf(move)).toBe(reason);
    if ('refusal' in move) expect(move.refusal.code).toBe(400);
  });

  it('when the tier does not allow the leverage then it is refused, by contracts where the table counts them', () => {
    const tiers = {
      by: 'qty',
      limit: null,
      tiers: [
        { floor: 0n, initial: d('0.01'), maintenance: d('0.005'), deduction: d('0') },
        { floor: 10_000n, initial: d('0.05'), maintenance: d('0.02'), deduction: d('0') },
      ],
    } as const;
    const asked = (qty: bigint) =>
      reasonOf(moveLeverage(rules('free'), { ...LONG, contract: { ...wide, tiers }, qty }, d('21'), d('10000'), XBT));
    expect([asked(9_999n), asked(10_000n), asked(10_001n)]).toEqual([
      null,
      'leverage_above_tier',
      'leverage_above_tier',
    ]);
  });
});

describe('margin out', () => {
  const rich = { ...LONG, margin: 15_000_000n, added: 5_000_000n };
  test.each([
    [4_917_499n, null],
    [4_917_500n, null],
    [4_917_501n, 'margin_below_initial'],
  ])('when A is 0.15 at 10× and %s units are asked then 0.049175 may go', (amount, reason) => {
    expect(reasonOf(moveMarginOut(GENERIC, rich, amount, d('10000'), TAKER))).toBe(reason);
  });

  const hyper: VenueRules = { ...GENERIC, removeRule: 'hyperliquid', isolatedInitialBasis: 'mark' };
  /** 1 BTC at 20,000; A 4,000. */
  const linear = (leverage: string): Position => ({
    ...createPosition(contractWith({ max_leverage: 100 }), 'isolated', d(leverage)),
    id: 1,
    qty: 1_000n,
    cost: 20_000n * XBT,
    margin: 4_000n * XBT,
  });
  test.each<[string, string, bigint, string | null]>([
    // at 5×: initial margin 4,400 at the mark, equity 6,000
    ['5', '22000', 1_599n, null],
    ['5', '22000', 1_600n, null],
    ['5', '22000', 1_601n, 'margin_below_initial'],
    // at 20×: a tenth, 2,200, is more than the 1,100 of margin
    ['20', '22000', 3_799n, null],
    ['20', '22000', 3_800n, null],
    ['20', '22000', 3_801n, 'margin_below_initial'],
    // profit lets all of A out, and no more
    ['20', '30000', 4_000n, null],
    ['20', '30000', 4_001n, 'margin_below_initial'],
    ['20', '19000', 1_100n, null],
    ['20', '19000', 1_101n, 'margin_below_initial'],
  ])('when profit may leave at %s×, mark %s, and %s are asked then', (leverage, mark, amount, reason) => {
    expect(reasonOf(moveMarginOut(hyper, linear(leverage), amount * XBT, d(mark), TAKER))).toBe(reason);
  });

  it('when margin is added then only what is usable', () => {
    expect([9n, 10n, 11n].map((amount) => reasonOf(moveMarginIn(LONG, amount, 10n)))).toEqual([
      null,
      null,
      'insufficient_margin',
    ]);
  });
});

describe('a change of the margin mode', () => {
  test.each<[VenueRules['marginModeSwitch'], 'cross' | 'isolated', number, boolean, string | null]>([
    ['anytime', 'isolated', 2, true, null],
    ['flat', 'isolated', 0, true, null],
    ['flat', 'isolated', 1, false, 'open_position'],
    ['flat_no_orders', 'cross', 0, false, null],
    ['flat_no_orders', 'cross', 0, true, 'open_orders'],
    ['flat_no_orders', 'cross', 1, true, 'open_position'],
    ['deepcoin', 'cross', 2, true, null],
    ['deepcoin', 'isolated', 0, true, null],
    ['deepcoin', 'isolated', 1, true, null],
    ['deepcoin', 'isolated', 2, false, 'both_sides_held'],
  ])(
    'when the venue says %s and %s is asked with %s sides held, orders %s, then %s',
    (rule, to, sides, orders, reason) => {
      const refusal = refuseModeSwitch({ ...GENERIC, marginModeSwitch: rule }, to, sides, orders);
      expect(refusal?.reason ?? null).toBe(reason);
      if (refusal !== null) expect(refusal.code).toBe(70001);
    },
  );

  it('when a position becomes isolated then it gets V_E/L, and gives all back on the way to cross', () => {
    const cross: Position = { ...createPosition(BTCUSDT, 'cross', d('3')), id: 1, qty: 1n, cost: 10n };
    expect(moveMode(cross, 'isolated')).toEqual({
      moved: { mode: 'isolated', leverage: d('3'), margin: 4n, added: 0n },
    });
    expect(moveMode(LONG, 'cross')).toMatchObject({ moved: { mode: 'cross', margin: 0n } });
  });
});
